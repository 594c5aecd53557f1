/// recurrence: M independent Legendre memories of order q in O(q) products, which share factors (docs/format.md, "recurrence").
/// The state m is the output slot. Per substep, with the Padé poles of e^A and A's tridiagonal inverse:
///
///     a = m − u·e0, u = clamp( c·2^f + b, L )
///     (ζ·D − T)·w = a for each pole, upward and downward in K segments that know of their neighbours afterwards
///     m = clamp( m + Σ Re( d·w ), L )
///
/// All but the clamp is modulo 2^32 by definition; a writer that keeps to the document's bound never sees it wrap.
package struct Recurrence: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 20
        /// K.
        package static let segmentCount: UInt32 = 0
        /// P.
        package static let poleCount: UInt32 = 1
        /// S.
        package static let substeps: UInt32 = 2
        package static let fractionBits: UInt32 = 3
        package static let order: UInt32 = 4
        /// Bit 0 a bias for each unit, bit 1 complex factors.
        package static let flags: UInt32 = 6
        package static let outputShift: UInt32 = 7
        package static let factors: UInt32 = 8
        package static let limit: UInt32 = 12
        package static let bias: UInt32 = 16
    }

    static let fields: InlineArray<9, Field> = [
        .number(Block.segmentCount, .u8, 1, 16), .number(Block.poleCount, .u8, 1, 8),
        .number(Block.substeps, .u8, 1, 16),
        .number(Block.fractionBits, .u8, 0, 15), .number(Block.order, .u16, 1, 4096), .flags(Block.flags, 3),
        .number(Block.outputShift, .u8, 0, 30), .number(Block.limit, .i32, 1, (1 << 30) - 1),
        .parameter(Block.bias, 0, .i32, Int32.min, Int32.max),
    ]

    /// File offsets of P times a pole's rows, and of the parameter block.
    private let block: UInt32
    package let limit: Int32
    private let orderField: UInt16
    /// n, of a segment.
    package let placeCount: UInt16
    package let segmentCount: UInt8
    package let poleCount: UInt8
    package let substeps: UInt8
    package let fractionBits: UInt8
    package let outputShift: UInt8
    private let flags: UInt8

    package var order: UInt32 { UInt32(truncatingIfNeeded: orderField) }
    private var hasBiasPerUnit: Bool { flags & 1 != 0 }
    package var isComplex: Bool { flags & 2 != 0 }
    var shape: Pole.Shape {
        Pole.Shape(segmentCount: segmentCount, placeCount: placeCount, isComplex: isComplex)
    }

    init(_ record: OpRecord) {
        let (file, block) = (record.file, record.block)
        self.block = block
        segmentCount = file.u8(block &+ Block.segmentCount)
        poleCount = file.u8(block &+ Block.poleCount)
        substeps = file.u8(block &+ Block.substeps)
        fractionBits = file.u8(block &+ Block.fractionBits)
        let (order, segments) = (file.u16(block &+ Block.order), UInt32(truncatingIfNeeded: segmentCount))
        orderField = UInt16(truncatingIfNeeded: order)
        placeCount = UInt16(truncatingIfNeeded: quotient(order &+ segments &- 1, segments).quotient)
        flags = file.u8(block &+ Block.flags)
        outputShift = file.u8(block &+ Block.outputShift)
        limit = file.i32(block &+ Block.limit)
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Recurrence(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireMemories(ofOrder: order)
        try record.require(record.target.isWide || limit <= Int32.narrowLimit, Block.limit)
        try record.tensor(Block.factors, 4 &* factorCount, alignment: 4)
        try record.requireArrays(Recurrence.fields.span, flags & 1, count: record.source.count)
    }

    /// Values of all poles' rows, < 2^19.
    private var factorCount: UInt32 { UInt32(truncatingIfNeeded: poleCount) &* shape.factorCount }
    /// e of the document's accounting: products per unit and tick, < 2^23.
    private var operationsPerUnit: UInt32 {
        UInt32(truncatingIfNeeded: substeps) &* UInt32(truncatingIfNeeded: poleCount) &* shape.productCount
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Recurrence(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .recurrence
        let (units, shape) = (record.source.count, shape)
        // m, a, v, below and above.
        declaration.scratchByteCount = 4 &* (order &+ (1 &+ shape.parts) &* shape.count &+ 2 &* shape.rowCount)
        declaration.readsTarget = true
        declaration.passes = 2 &* order &* (1 &+ UInt32(truncatingIfNeeded: substeps)) &+ 1  // < 2^18
        declaration.factorBits = 32 &* widen(factorCount)
        (declaration.weightBits, declaration.sourceBits) = (32, 32)
        declaration.operationsPerEvent = operationsPerUnit
        declaration.synapses = widen(units) &* widen(operationsPerUnit)
        declaration.parameterBits = record.file.parameterBits(Recurrence.fields.span, flags & 1, count: units)
        declaration.reading = SumReading(
            fractionBits: fractionBits, biases: record.file.parameter(block &+ Block.bias, isArray: hasBiasPerUnit),
            count: hasBiasPerUnit ? units : 1)
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let input = workspace.int32s(header.source.offset)
        let biases = Row<Int32>(
            workspace.parameter(block &+ Block.bias, isArray: hasBiasPerUnit), isArray: hasBiasPerUnit)
        let room = workspace.int32s(workspace.scratch)
        let operands = RecurrenceOperands(
            factors: workspace.tensor(block &+ Block.factors).assumingMemoryBound(to: Int32.self),
            room: room + index(order),
            shape: shape, order: order, limit: limit, poleCount: poleCount, substeps: substeps, outputShift: outputShift
        )
        var events: UInt32 = 0
        for unit in 0..<index(header.source.count) {
            // |c·2^f + b| < 2^31: proved at opening.
            let drive = clamp((input[unit] &<< Int32(truncatingIfNeeded: fractionBits)) &+ biases[unit], limit)
            if tick(header.target, unit &* index(order), drive, operands, room, workspace) { events &+= 1 }
        }
        counters.add(events: events)
        if counters.isFull {
            counters.add(
                EffectiveTally(operations: widen(events) &* widen(operationsPerUnit), areBinary: false))
        }
    }

    /// The unit whose state begins at element `first`; false if it was at rest.
    private func tick(
        _ slot: Slot, _ first: Int, _ drive: Int32, _ operands: RecurrenceOperands, _ room: UnsafeMutablePointer<Int32>,
        _ workspace: Workspace
    ) -> Bool {
        let count = index(order)
        let narrow = workspace.int16s(slot.offset) + first
        let state = slot.isWide ? workspace.int32s(slot.offset) + first : room
        if !slot.isWide {
            for i in 0..<count { state[i] = Int32(truncatingIfNeeded: narrow[i]) }
        }
        var zeros = 0
        if drive == 0 {
            while zeros < count && state[zeros] == 0 { zeros &+= 1 }
        }
        if zeros == count { return false }
        Kernels.advance(operands, state, drive: drive, workspace.level)
        if !slot.isWide {
            for i in 0..<count { narrow[i] = Int16(truncatingIfNeeded: state[i]) }
        }
        return true
    }
}

#if !hasFeature(Embedded)
    extension Recurrence {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            let poles = "\(poleCount) \(isComplex ? "complex" : "real") pole\(poleCount > 1 ? "s" : "")"
            let steps = substeps > 1 ? ", \(substeps) substeps" : ""
            return "order \(order), \(poles)\(steps), \(segmentCount) segment\(segmentCount > 1 ? "s" : "")"
        }
    }
#endif
