/// Windows that slide over a slot laid out channel last (docs/format.md, "convolution", "pool"): element (y·W + x)·C + c.
package struct Spatial {
    package let height: UInt32, width: UInt32, channels: UInt32
    package let kernelHeight: UInt32, kernelWidth: UInt32
    package let strideY: UInt32, strideX: UInt32
    package let above: UInt32, below: UInt32, left: UInt32, right: UInt32
    package internal(set) var dilationY: UInt32 = 1, dilationX: UInt32 = 1

    /// Reads H, W, C at `shape` and kernel, strides and padding at `window`.
    init(_ file: UnsafeRawPointer, _ shape: UInt32, _ window: UInt32) {
        func half(_ at: UInt32) -> UInt32 {
            UInt32(truncatingIfNeeded: (file + index(shape &+ at)).load(as: UInt16.self))
        }
        func byte(_ at: UInt32) -> UInt32 {
            UInt32(truncatingIfNeeded: (file + index(window &+ at)).load(as: UInt8.self))
        }
        (height, width, channels) = (half(0), half(2), half(4))
        (kernelHeight, kernelWidth, strideY, strideX) = (byte(0), byte(1), byte(2), byte(3))
        (above, below, left, right) = (byte(4), byte(5), byte(6), byte(7))
    }

    /// H′ and W′; 0 where the window reaches beyond the padded source.
    package var outputHeight: UInt32 { Spatial.count(height &+ above &+ below, kernelHeight, strideY, dilationY) }
    package var outputWidth: UInt32 { Spatial.count(width &+ left &+ right, kernelWidth, strideX, dilationX) }

    /// Elements of the source and of the destination, the latter with `outputChannels`. Inlined: as a getter it loses r10 on a
    /// Cortex-M4 (Tests/check-archive.sh).
    @inline(__always)
    var sourceCount: UInt64 { widen(height &* width) &* widen(channels) }  // height·width < 2^32
    func targetCount(_ outputChannels: UInt32) -> UInt64 {
        widen(outputHeight &* outputWidth) &* widen(outputChannels)
    }

    /// Refuses slots of other counts, the input first.
    func checkCounts(_ record: OpRecord, outputChannels: UInt32) throws(Refusal) {
        try record.requireSource(widen(record.source.count) == sourceCount)
        try record.requireTarget(widen(record.target.count) == targetCount(outputChannels))
    }

    /// floor( (size − dilation·(kernel − 1) − 1) / stride ) + 1. size < 2^17, kernel, stride, dilation < 2^8.
    private static func count(_ size: UInt32, _ kernel: UInt32, _ stride: UInt32, _ dilation: UInt32) -> UInt32 {
        let reach = dilation &* (kernel &- 1) &+ 1
        return size < reach ? 0 : quotient(size &- reach, stride).quotient &+ 1
    }

    /// Ty·Tx, the taps of a channel: below 2^25 · 2^25.
    package var tapCount: UInt64 {
        widen(Spatial.taps(height, outputHeight, kernelHeight, strideY, dilationY, above))
            &* widen(Spatial.taps(width, outputWidth, kernelWidth, strideX, dilationX, left))
    }

    /// Pairs of an output o and a kernel position k with stride·o + dilation·k − padding in 0 … size − 1.
    @inline(never)
    package static func taps(
        _ size: UInt32, _ outputs: UInt32, _ kernel: UInt32, _ stride: UInt32, _ dilation: UInt32, _ padding: UInt32
    ) -> UInt32 {
        var all: UInt32 = 0
        for k in 0..<kernel {
            let shift = dilation &* k
            // stride·o ≥ padding − shift, and stride·o ≤ size − 1 + padding − shift.
            let first = shift >= padding ? 0 : quotient(padding &- shift &+ stride &- 1, stride).quotient
            if size &+ padding <= shift { continue }
            let last = quotient(size &+ padding &- shift &- 1, stride).quotient
            let end = min(last &+ 1, outputs)
            if end > first { all = all &+ end &- first }
        }
        return all
    }

    /// The destination coordinate that source coordinate `at` meets through kernel position k; nil if there is none.
    @inline(__always)
    static func output(
        _ at: UInt32, _ k: UInt32, _ stride: UInt32, _ dilation: UInt32, _ padding: UInt32, _ outputs: UInt32
    ) -> UInt32? {
        let (offset, isBefore) = (at &+ padding).subtractingReportingOverflow(dilation &* k)
        if isBefore { return nil }
        if stride == 1 { return offset < outputs ? offset : nil }
        let (output, rest) = quotient(offset, stride)
        return rest == 0 && output < outputs ? output : nil
    }
}

#if !hasFeature(Embedded)
    extension Spatial {
        /// "34x34x2 by 5x5, stride 2x2, padding 1 1 1 1"
        var details: String {
            let strides = strideY * strideX > 1 ? ", stride \(strideY)x\(strideX)" : ""
            let padding = above + below + left + right > 0 ? ", padding \(above) \(below) \(left) \(right)" : ""
            let dilation = dilationY * dilationX > 1 ? ", dilation \(dilationY)x\(dilationX)" : ""
            return "\(height)x\(width)x\(channels) by \(kernelHeight)x\(kernelWidth)\(strides)\(padding)\(dilation)"
        }
    }
#endif
