/// pool over channel-last slots (docs/format.md, "pool"), each channel for itself, over the elements of a window that lie
/// inside the source:
///
///     sum:      y = rnd( m·Σ x, s ), clamped to an analog slot's limit
///     maximum:  y = the greatest x
package struct Pool: OpBody {
    package enum Function: UInt8 { case sum = 1, maximum }

    package enum Block {
        package static let byteCount: UInt32 = 20
        package static let function: UInt32 = 0
        package static let shift: UInt32 = 1
        package static let height: UInt32 = 2
        package static let width: UInt32 = 4
        package static let channels: UInt32 = 6
        package static let kernelHeight: UInt32 = 8
        package static let kernelWidth: UInt32 = 9
        package static let strideY: UInt32 = 10
        package static let strideX: UInt32 = 11
        /// Above, below, left, right.
        package static let padding: UInt32 = 12
        package static let multiplier: UInt32 = 16
        package static let reserved: UInt32 = 18
    }

    static let fields: InlineArray<10, Field> = [
        .code(Block.function, .u8, 1, 2), .number(Block.shift, .u8, 0, 47), .number(Block.height, .u16, 1, 65535),
        .number(Block.width, .u16, 1, 65535), .number(Block.channels, .u16, 1, 65535),
        .number(Block.kernelHeight, .u8, 1, 255), .number(Block.kernelWidth, .u8, 1, 255),
        .number(Block.strideY, .u8, 1, 255), .number(Block.strideX, .u8, 1, 255), .reserved(Block.reserved, .u16),
    ]

    /// File offset of the parameter block, where the shape stays.
    private let block: UInt32
    package let multiplier: Int16
    package let function: Function
    package let shift: UInt8
    /// Source and target are the same slot.
    private let isLoop: Bool

    init(_ record: OpRecord) {
        let file = record.file
        block = record.block
        isLoop = record.isLoop
        function = Function(rawValue: file.u8(block &+ Block.function)) ?? .sum
        shift = file.u8(block &+ Block.shift)
        multiplier = Int16(truncatingIfNeeded: file.i16(block &+ Block.multiplier))
    }

    package func shape(_ file: UnsafeRawPointer) -> Spatial {
        Spatial(file, block &+ Block.height, block &+ Block.kernelHeight)
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Pool(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        let (source, target) = (record.source, record.target)
        try record.requireSource(source.kind != .samples && source.kind != .synaptic)
        let fits =
            function == .sum
            ? target.kind == .current || target.type == .narrowAnalog
            : target.kind == source.kind && target.bits == source.bits
        try record.requireTarget(fits)
        let shape = shape(record.file.base)
        try shape.checkCounts(record, outputChannels: shape.channels)
        try record.require(function == .sum || shift == 0, Block.shift)
        for side in 0..<4 as Range<UInt32> {
            // Above and below against the kernel's height, left and right against its width.
            let padding = record.file.u8(block &+ Block.padding &+ side)
            try record.require(
                padding < record.file.u8(block &+ Block.kernelHeight &+ side &>> 1), Block.padding &+ side)
        }
        try record.require(function == .sum || multiplier == 0, Block.multiplier)
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Pool(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .pool
        declaration.scratchByteCount = isLoop ? record.source.byteCount : 0
        let shape = shape(record.file.base)
        declaration.work = widen(record.target.count) &* widen(shape.kernelHeight &* shape.kernelWidth)
        declaration.passes = 2
        declaration.targetPasses = 1 &+ shape.kernelHeight &* shape.kernelWidth  // ≤ 2^16
        if record.source.kind == .current { declaration.reading = SumReading() }
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        var source = header.source
        if isLoop {
            // Last tick's values, while this one's take their place.
            let (from, to) = (workspace.words(source.offset), workspace.words(workspace.scratch))
            for i in 0..<index(source.byteCount &>> 2) { to[i] = from[i] }
            source.offset = workspace.scratch
        }
        counters.add(events: workspace.eventCount(source))

        let shape = shape(workspace.file)
        let target = header.target
        var spikes = SpikeWriter(workspace.arena + index(target.offset), isGraded: target.bits > 1)
        if target.isBitmap { spikes.begin(from: 0, of: target.count, 0) }
        var element = 0
        for row in 0..<shape.outputHeight {
            let ys = Pool.inside(row &* shape.strideY, shape.above, shape.kernelHeight, shape.height)
            for column in 0..<shape.outputWidth {
                let xs = Pool.inside(column &* shape.strideX, shape.left, shape.kernelWidth, shape.width)
                for channel in 0..<shape.channels {
                    let y = pooled(workspace, source, shape, ys, xs, channel, target)
                    if target.kind == .spikes {
                        spikes.put(y, element)
                    } else if target.kind == .current {
                        workspace.int32s(target.offset)[element] &+= y
                    } else if target.isWide {
                        workspace.int32s(target.offset)[element] = y
                    } else {
                        workspace.int16s(target.offset)[element] = Int16(truncatingIfNeeded: y)
                    }
                    element &+= 1
                }
            }
        }
        if target.kind == .spikes { _ = spikes.finish() }
    }

    /// Source coordinates of a window that lie inside.
    private static func inside(_ start: UInt32, _ padding: UInt32, _ kernel: UInt32, _ size: UInt32) -> Range<UInt32> {
        let first = start > padding ? start &- padding : 0
        return first..<min(start &+ kernel &- padding, size)
    }

    @inline(never)
    private func pooled(
        _ workspace: Workspace, _ source: Slot, _ shape: Spatial, _ ys: Range<UInt32>, _ xs: Range<UInt32>,
        _ channel: UInt32, _ target: Slot
    ) -> Int32 {
        var (sum, greatest) = (Int64(0), Int32.min)
        for y in ys {
            for x in xs {
                let value = workspace.value(source, (y &* shape.width &+ x) &* shape.channels &+ channel)
                sum &+= widen(value)
                greatest = max(greatest, value)
            }
        }
        if function == .maximum { return greatest }
        // |m·Σ x| < 2^15 · 2^16 · 2^31; into a current, rnd of it fits by the proof.
        let scaled = roundShift(timesMultiplier(sum), Int32(truncatingIfNeeded: shift))
        return target.kind == .current ? Int32(truncatingIfNeeded: scaled) : clamp(scaled, target.limit)
    }

    /// sum·m by halves, |sum| < 2^47: a 64-bit product would be a library call on small targets.
    private func timesMultiplier(_ sum: Int64) -> Int64 {
        let m = multiplier.value
        let (low, high) = (
            Int32(truncatingIfNeeded: sum & 0xffff), Int32(truncatingIfNeeded: shiftRight(sum, 16))
        )
        return product(high, m) &<< 16 &+ product(low, m)
    }

    /// joined_p of the document's proof, given the largest bound of the source's elements.
    static func joinedBound(_ record: OpRecord, _ largest: UInt32) -> UInt32 {
        Pool(record).joinedBound(record.file, largest)
    }

    private func joinedBound(_ file: FileView, _ largest: UInt32) -> UInt32 {
        if function == .maximum { return largest }
        let shape = shape(file.base)
        // kh·kw < 2^16, largest < 2^31, |m| ≤ 2^15: below 2^62.
        let bound = widen(shape.kernelHeight &* shape.kernelWidth) &* widen(largest)
        return scaledBound(bound, by: multiplier.value, shift: shift)
    }
}

#if !hasFeature(Embedded)
    extension Pool {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _ file: FileView) -> String {
            let words = function == .sum ? "sum, times \(multiplier) >> \(shift)" : "maximum"
            return "\(shape(file.base).details), \(words)"
        }
    }
#endif
