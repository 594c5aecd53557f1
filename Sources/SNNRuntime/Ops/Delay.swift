/// delay: a slot some ticks ago (format.md section 9.8), 0 before the first tick:
///
///     y[i] = x[i] of d[i] ticks ago
package struct Delay {
    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// Arena offset of the source's latest D frames.
    var state: UInt32 = 0
    /// D.
    package let depth: UInt16
    package let isPerElement: Bool
    /// File offset of one u16 per element, or of the field.
    private let delays: UInt32

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireSource(source.kind == .spikes || source.kind == .analog)
        try wires.requireTarget(
            target.kind == source.kind && target.bits == source.bits && target.count == source.count)
        let depth = try model.require(model.u16(block), in: 1...4096, at: block)
        self.depth = UInt16(truncatingIfNeeded: depth)
        let flag = model.u8(block &+ 2)
        if flag > 1 { throw Refusal(.badValue, at: block &+ 2) }
        isPerElement = flag == 1
        try model.requireZero(block &+ 3, 1)
        let parameter = NeuronParameter(
            field: block &+ 4, isArray: isPerElement, count: source.count, width: 2,
            range: 0...Int32(truncatingIfNeeded: depth &- 1))
        delays = try parameter.locate(model)
        try parameter.checkElements(model, at: delays)
    }

    var ring: FrameRing { FrameRing(slot: source, depth: UInt32(truncatingIfNeeded: depth), state: state) }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        ring.take(workspace)
        var events: UInt32 = 0
        for i in 0..<source.count { events &+= workspace.value(source, i) != 0 ? 1 : 0 }
        let row = Row<UInt16>(workspace, delays, isArray: isPerElement)
        let byteCount = ring.frameByteCount
        let newest = ring.frame(ago: 0, workspace)
        let place = workspace.words(state)[0]
        func frame(_ i: Int) -> UInt32 {
            let delay = UInt32(truncatingIfNeeded: row[i])
            // A delay above the place wraps around.
            return newest &- delay &* byteCount &+ (delay > place ? ring.depth &* byteCount : 0)
        }
        if source.isBitmap {
            var outputs = SpikeWriter(workspace, target)
            for i in 0..<index(source.count) {
                let word = workspace.words(frame(i))[i &>> 5]
                outputs.put(Int32(bitPattern: (word &>> UInt32(truncatingIfNeeded: i & 31)) & 1), i)
            }
            _ = outputs.finish()
        } else if source.bits == 32 {
            for i in 0..<index(source.count) { workspace.int32s(target.place)[i] = workspace.int32s(frame(i))[i] }
        } else {
            for i in 0..<index(source.count) { workspace.int16s(target.place)[i] = workspace.int16s(frame(i))[i] }
        }
        ring.advance(workspace)
        counters.add(events: events)
    }
}
