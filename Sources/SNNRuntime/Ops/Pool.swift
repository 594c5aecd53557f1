/// pool over channel-last slots (format.md section 9.10), each channel for itself, over the elements of a window that lie
/// inside the source:
///
///     sum:      y = rnd( m·Σ x, s ), clamped to an analog slot's limit
///     maximum:  y = the greatest x
package struct Pool {
    package enum Function: UInt8 { case sum = 1, maximum }

    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// Arena offset of a copy of the source, where that is the target too.
    var scratch: UInt32 = 0
    /// File offset of the parameter block, where the shape stays.
    private let block: UInt32
    package let multiplier: Int16
    package let function: Function
    package let shift: UInt8
    private let isLoop: Bool

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        self.block = block
        isLoop = wires.isLoop
        try wires.requireSource(source.kind != .samples && source.kind != .synaptic)
        let found = Function(rawValue: model.u8(block))
        if found == .sum {
            try wires.requireTarget(target.kind == .current || (target.kind == .analog && target.bits <= 16))
        }
        if found == .maximum { try wires.requireTarget(target.kind == source.kind && target.bits == source.bits) }
        guard let function = found else { throw Refusal(.unsupported, at: block) }
        self.function = function
        shift = model.u8(block &+ 1)
        if shift > (function == .sum ? 47 : 0) { throw Refusal(.badValue, at: block &+ 1) }
        try model.requireShape(block &+ 2)
        try model.requirePositive(block &+ 8, 4)
        let shape = Spatial(model.base, block &+ 2, block &+ 8)
        let paddings: InlineArray<4, (UInt32, UInt32)> = [
            (shape.above, shape.kernelHeight), (shape.below, shape.kernelHeight), (shape.left, shape.kernelWidth),
            (shape.right, shape.kernelWidth),
        ]
        for i in 0..<4 where paddings[i].0 >= paddings[i].1 {
            throw Refusal(.badValue, at: block &+ 12 &+ UInt32(truncatingIfNeeded: i))
        }
        try model.requireWindow(shape, at: block &+ 8)
        multiplier = Int16(truncatingIfNeeded: model.i16(block &+ 16))
        if function == .maximum && multiplier != 0 { throw Refusal(.badValue, at: block &+ 16) }
        try model.requireZero(block &+ 18, 2)
        try wires.requireSource(widen(source.count) == shape.sourceCount)
        try wires.requireTarget(widen(target.count) == shape.targetCount(shape.channels))
    }

    package func shape(_ file: UnsafeRawPointer) -> Spatial { Spatial(file, block &+ 2, block &+ 8) }

    var scratchByteCount: UInt32 { isLoop ? source.byteCount : 0 }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        var source = source
        if isLoop {
            // Last tick's values, while this one's take their place.
            let (from, to) = (workspace.words(source.place), workspace.words(scratch))
            for i in 0..<index(source.byteCount &>> 2) { to[i] = from[i] }
            source.place = scratch
        }
        var events: UInt32 = 0
        for element in 0..<source.count { events &+= workspace.value(source, element) != 0 ? 1 : 0 }
        counters.add(events: events)

        let shape = shape(workspace.file)
        let limit = target.limit
        var spikes = SpikeWriter(workspace, target)
        var element = 0
        for row in 0..<shape.outputHeight {
            let ys = Pool.inside(row &* shape.strideY, shape.above, shape.kernelHeight, shape.height)
            for column in 0..<shape.outputWidth {
                let xs = Pool.inside(column &* shape.strideX, shape.left, shape.kernelWidth, shape.width)
                for channel in 0..<shape.channels {
                    let y: Int32
                    switch function {
                    case .sum:
                        var sum: Int64 = 0
                        forEach(workspace, source, shape, ys, xs, channel) { sum &+= widen($0) }
                        // |m·Σ x| < 2^15 · 2^16 · 2^31; into a current, rnd of it fits by the proof.
                        let scaled = roundShift(timesMultiplier(sum), Int32(truncatingIfNeeded: shift))
                        y = target.kind == .current ? Int32(truncatingIfNeeded: scaled) : clamp(scaled, limit)
                    case .maximum:
                        var greatest = Int32.min
                        forEach(workspace, source, shape, ys, xs, channel) { greatest = max(greatest, $0) }
                        y = greatest
                    }
                    put(workspace, y, element, &spikes)
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

    @inline(__always)
    private func forEach(
        _ workspace: Workspace, _ source: Slot, _ shape: Spatial, _ ys: Range<UInt32>, _ xs: Range<UInt32>,
        _ channel: UInt32,
        _ body: (Int32) -> Void
    ) {
        for y in ys {
            for x in xs { body(workspace.value(source, (y &* shape.width &+ x) &* shape.channels &+ channel)) }
        }
    }

    /// sum·m by halves, |sum| < 2^47: a 64-bit product would be a library call on small targets.
    private func timesMultiplier(_ sum: Int64) -> Int64 {
        let m = Int32(truncatingIfNeeded: multiplier)
        let (low, high) = (Int32(truncatingIfNeeded: sum & 0xffff), Int32(truncatingIfNeeded: shiftRight(sum, 16)))
        return product(high, m) &<< 16 &+ product(low, m)
    }

    @inline(__always)
    private func put(_ workspace: Workspace, _ y: Int32, _ element: Int, _ spikes: inout SpikeWriter) {
        switch target.kind {
        case .spikes: spikes.put(y, element)
        case .current: workspace.int32s(target.place)[element] &+= y
        case .samples, .analog, .synaptic:
            if target.bits == 32 {
                workspace.int32s(target.place)[element] = y
            } else {
                workspace.int16s(target.place)[element] = Int16(truncatingIfNeeded: y)
            }
        }
    }

    /// joined_p of format.md section 9.12, given the largest bound of the source's elements.
    func joinedBound(_ model: Model, _ largest: UInt32) -> UInt32 {
        if function == .maximum { return largest }
        let shape = shape(model.base)
        // kh·kw < 2^16, largest < 2^31, |m| ≤ 2^15: below 2^62.
        let bound = widen(shape.kernelHeight &* shape.kernelWidth) &* widen(largest)
        return scaledBound(bound, by: Int32(truncatingIfNeeded: multiplier), shift: shift)
    }
}
