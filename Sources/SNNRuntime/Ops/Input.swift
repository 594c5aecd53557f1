/// input: raw samples to analog values (docs/format.md, "input").
///
///     y[c] = clamp( rnd( (x[c] − offset[c])·multiplier[c], shift ), limit of the slot )
package struct Input: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 8
        package static let shift: UInt32 = 0
        package static let reserved: UInt32 = 1
        /// One (offset i16, multiplier i16) per channel.
        package static let table: UInt32 = 4
    }

    static let fields: InlineArray<2, Field> = [
        .number(Block.shift, .u8, 0, 31), .reserved(Block.reserved, .u24),
    ]

    /// File offset.
    private let table: UInt32
    package let shift: UInt8

    init(_ record: OpRecord) {
        let (file, block) = (record.file, record.block)
        shift = file.u8(block &+ Block.shift)
        table = file.section(.data).offset &+ file.u32(block &+ Block.table)
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Input(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(.samples)
        try record.requireTarget(.narrowAnalog, count: record.source.count)
        try record.tensor(Block.table, 4 &* record.source.count, alignment: 4)
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Input(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .input
        declaration.synapses = widen(record.source.count)
        (declaration.weightBits, declaration.sourceBits, declaration.operationsPerEvent) = (16, 16, 1)
        declaration.parameterBits = 32 &* declaration.synapses
    }

    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let raw = workspace.int16s(header.source.offset)
        let out = workspace.int16s(header.target.offset)
        let row = (workspace.file + index(table)).assumingMemoryBound(to: Int16.self)
        let limit = header.target.limit
        var events: UInt32 = 0
        for channel in 0..<index(header.source.count) {
            let x = Int32(truncatingIfNeeded: raw[channel])
            let multiplier = Int32(truncatingIfNeeded: row[2 &* channel &+ 1])
            // At most (2^16 − 1)·2^15 < 2^31 in magnitude.
            let scaled = (x &- Int32(truncatingIfNeeded: row[2 &* channel])) &* multiplier
            let y = clamp(roundShift(scaled, Int32(truncatingIfNeeded: shift)), limit)
            out[channel] = Int16(truncatingIfNeeded: y)
            events &+= x != 0 ? 1 : 0
        }
        counters.add(events: events)
    }

    func count(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let raw = workspace.int16s(header.pointee.source.offset)
        let row = (workspace.file + index(table)).assumingMemoryBound(to: Int16.self)
        var tally = EffectiveTally()
        for channel in 0..<index(header.pointee.source.count) where raw[channel] != 0 {
            tally.add(value: Int32(truncatingIfNeeded: raw[channel]), operations: row[2 &* channel &+ 1] != 0 ? 1 : 0)
        }
        counters.add(tally)
    }
}

#if !hasFeature(Embedded)
    extension Input {
        /// The parameters in a few words, for people.
        package func details(_ header: OpHeader, _: FileView) -> String {
            "raw sample to \(header.target.bits) bits, shift \(shift)"
        }
    }
#endif
