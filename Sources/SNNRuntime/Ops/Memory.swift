/// memory: M independent linear units of order q that share stored matrices (docs/format.md, "memory"). The
/// state m is the output slot; L is 32767 or 2^30 − 1, by its width:
///
///     u = clamp( c·2^f + b, L )
///     m[t][i] = clamp( rnd( Σ_j A[i][j]·m[t−1][j], sA ) + rnd( B[i]·u, sB ), L )
package struct Memory: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 20
        package static let encoding: UInt32 = 0
        package static let aShift: UInt32 = 1
        package static let bShift: UInt32 = 2
        package static let fractionBits: UInt32 = 3
        package static let order: UInt32 = 4
        package static let arrayFlags: UInt32 = 6
        package static let reserved: UInt32 = 7
        /// A, q × q, row-major.
        package static let stateMatrix: UInt32 = 8
        /// B, q.
        package static let inputMatrix: UInt32 = 12
        package static let bias: UInt32 = 16
    }

    static let fields: InlineArray<8, Field> = [
        .code(Block.encoding, .u8, 4, 5), .number(Block.aShift, .u8, 0, 30), .number(Block.bShift, .u8, 0, 30),
        .number(Block.fractionBits, .u8, 0, 15), .number(Block.order, .u16, 1, 4096), .flags(Block.arrayFlags, 1),
        .reserved(Block.reserved, .u8), .parameter(Block.bias, 0, .i32, Int32.min, Int32.max),
    ]

    /// File offset of the parameter block, and of A and B.
    private let block: UInt32
    private let stateMatrix: UInt32
    private let inputMatrix: UInt32
    private let orderField: UInt16
    package let encoding: Encoding
    package let aShift: UInt8
    package let bShift: UInt8
    package let fractionBits: UInt8
    private let hasBiasPerUnit: Bool

    package var order: UInt32 { UInt32(truncatingIfNeeded: orderField) }

    init(_ record: OpRecord) {
        let (file, block) = (record.file, record.block)
        self.block = block
        encoding = Encoding(rawValue: file.u8(block &+ Block.encoding)) ?? .int8
        aShift = file.u8(block &+ Block.aShift)
        bShift = file.u8(block &+ Block.bShift)
        fractionBits = file.u8(block &+ Block.fractionBits)
        orderField = UInt16(truncatingIfNeeded: file.u16(block &+ Block.order))
        hasBiasPerUnit = file.u8(block &+ Block.arrayFlags) != 0
        stateMatrix = file.section(.data).offset &+ file.u32(block &+ Block.stateMatrix)
        inputMatrix = file.section(.data).offset &+ file.u32(block &+ Block.inputMatrix)
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Memory(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireMemories(ofOrder: order)
        let width = encoding.bits &>> 3
        try record.tensor(Block.stateMatrix, width &* order &* order, alignment: width)  // ≤ 2^25
        try record.tensor(Block.inputMatrix, width &* order, alignment: width)
        try record.requireArrays(Memory.fields.span, hasBiasPerUnit ? 1 : 0, count: record.source.count)
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Memory(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = encoding == .int16 && !record.target.isWide ? .memory16 : .memory
        let units = record.source.count
        declaration.scratchByteCount = 4 &* order
        declaration.readsTarget = true
        declaration.weights[0] = WeightTensor(
            offset: stateMatrix, encoding: encoding, runCount: order, runLength: order)
        declaration.weights[1] = WeightTensor(offset: inputMatrix, encoding: encoding, runCount: 1, runLength: order)
        declaration.weightCopies = units
        declaration.synapses = widen(units) &* widen(order &* order &+ order)  // ≤ 2^24·(2^24 + 2^12)
        (declaration.weightBits, declaration.sourceBits) = (
            encoding.bits, UInt32(truncatingIfNeeded: record.target.bits)
        )
        declaration.operationsPerEvent = order
        declaration.passes = order &+ 1
        declaration.parameterBits = record.file.parameterBits(Memory.fields.span, hasBiasPerUnit ? 1 : 0, count: units)
        declaration.reading = SumReading(
            fractionBits: fractionBits, biases: record.file.parameter(block &+ Block.bias, isArray: hasBiasPerUnit),
            count: hasBiasPerUnit ? units : 1)
    }

    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        counters.add(events: Kernels.advance(operands(header.pointee, workspace), workspace.level))
    }

    /// A tick by the loop of 16 bits throughout, or by the others, alone.
    @inline(__always)
    static func tick(
        _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer,
        _ loop: (MemoryOperands, ProcessorLevel) -> UInt32
    ) {
        let workspace = workspace.assumingMemoryBound(to: Workspace.self).pointee
        let body = (step + MemoryLayout<OpHeader>.stride).assumingMemoryBound(to: Memory.self)
        let operands = body.pointee.operands(step.assumingMemoryBound(to: OpHeader.self).pointee, workspace)
        Counters(first: counters.assumingMemoryBound(to: UInt64.self), isFull: false)
            .add(events: loop(operands, workspace.level))
    }

    @inline(never)
    private func operands(_ header: OpHeader, _ workspace: Workspace) -> MemoryOperands {
        MemoryOperands(
            encoding: encoding, stateMatrix: workspace.file + index(stateMatrix),
            inputMatrix: workspace.file + index(inputMatrix), input: workspace.int32s(header.source.offset),
            biases: workspace.parameter(block &+ Block.bias, isArray: hasBiasPerUnit),
            states: workspace.arena + index(header.target.offset), before: workspace.int32s(workspace.scratch),
            unitCount: header.source.count, order: order, aShift: aShift, bShift: bShift, fractionBits: fractionBits,
            hasBiasPerUnit: hasBiasPerUnit, isWide: header.target.isWide)
    }

    /// Nonzero weights met by what is not 0 of m[t−1] and u.
    func count(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let (slot, m) = (header.pointee.target, operands(header.pointee, workspace))
        var tally = EffectiveTally()
        let biases = Row(m.biases, isArray: hasBiasPerUnit)
        let (count, limit) = (index(order), slot.isWide ? Int32.wideLimit : Int32.narrowLimit)
        let rowByteCount = count &* index(encoding.bits &>> 3)
        for unit in 0..<index(m.unitCount) {
            let drive = m.drive(unit, biases, limit)
            if drive != 0 { tally.add(value: drive, operations: encoding.nonzeroCount(m.inputMatrix, count: count)) }
            for j in 0..<count {
                let value = workspace.value(slot, UInt32(truncatingIfNeeded: unit &* count &+ j))
                if value == 0 { continue }
                var nonzero: UInt32 = 0
                for i in 0..<count {
                    nonzero &+= encoding.weightCalled(m.stateMatrix + i &* rowByteCount, j) != 0 ? 1 : 0
                }
                tally.add(value: value, operations: nonzero)
            }
        }
        counters.add(tally)
    }
}

#if !hasFeature(Embedded)
    extension Memory {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            "order \(order), \(encoding), A >> \(aShift), B >> \(bShift)"
        }
    }
#endif
