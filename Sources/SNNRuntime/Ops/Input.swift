/// input: raw samples to analog values (format.md section 9.1).
///
///     y[c] = clamp( rnd( (x[c] − offset[c])·multiplier[c], shift ), limit of the slot )
package struct Input {
    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// File offset of one (offset i16, multiplier i16) per channel.
    let table: UInt32
    package let shift: UInt8

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireSource(source.kind == .samples)
        try wires.requireTarget(target.kind == .analog && target.bits <= 16 && target.count == source.count)
        shift = UInt8(
            truncatingIfNeeded: try model.require(UInt32(truncatingIfNeeded: model.u8(block)), in: 0...31, at: block))
        try model.requireZero(block &+ 1, 3)
        table = try model.tensor(block &+ 4, 4 &* source.count, alignment: 4)
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let raw = workspace.int16s(source.place)
        let out = workspace.int16s(target.place)
        let row = (workspace.file + index(table)).assumingMemoryBound(to: Int16.self)
        let limit = target.limit
        var events: UInt32 = 0
        for channel in 0..<index(source.count) {
            let x = Int32(truncatingIfNeeded: raw[channel])
            let multiplier = Int32(truncatingIfNeeded: row[2 &* channel &+ 1])
            // At most (2^16 − 1)·2^15 < 2^31 in magnitude.
            let scaled = (x &- Int32(truncatingIfNeeded: row[2 &* channel])) &* multiplier
            let y = clamp(roundShift(scaled, Int32(truncatingIfNeeded: shift)), limit)
            out[channel] = Int16(truncatingIfNeeded: y)
            events &+= x != 0 ? 1 : 0
        }
        counters.add(events: events)
        if counters.isFull { countEffective(raw, row, counters) }
    }

    private func countEffective(_ raw: UnsafePointer<Int16>, _ row: UnsafePointer<Int16>, _ counters: Counters) {
        var tally = EffectiveTally()
        for channel in 0..<index(source.count) where raw[channel] != 0 {
            tally.add(value: Int32(truncatingIfNeeded: raw[channel]), operations: row[2 &* channel &+ 1] != 0 ? 1 : 0)
        }
        counters.add(tally)
    }
}
