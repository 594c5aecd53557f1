/// dense and block: weights from a slot to a current (docs/format.md, "dense", "block"). One matrix of k runs of r
/// weights serves G groups:
///
///     acc[g·r + i] = Σ_j w[i][j]·x[g·k + j];   current += join(acc)
///
/// Only source elements that are not zero (events) do any work. All sums are proved to fit at opening, but those into a
/// synaptic slot y, to which every event adds for itself, in ascending order of j: y[i] = sat16( y[i] + x[j]·w[i][j]·2^s ).
package struct Projection: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 16
        // 0 … 3: Synapses.Block.
        package static let groupCount: UInt32 = 4
        package static let weights: UInt32 = 8
        package static let multipliers: UInt32 = 12
    }

    static let fields: InlineArray<1, Field> = [.number(Block.groupCount, .u32, 1, 1 << 24)]

    package let synapses: Synapses
    /// File offset of run 0.
    private let weights: UInt32
    /// k: source elements, and runs, per group.
    package let groupInputCount: UInt32
    /// r: destinations per group.
    package let groupOutputCount: UInt32

    init(_ record: OpRecord) {
        let (file, block) = (record.file, record.block)
        synapses = Synapses(record, multipliers: Block.multipliers)
        weights = file.section(.data).offset &+ file.u32(block &+ Block.weights)
        let groups = file.u32(block &+ Block.groupCount)
        if groups == 1 {
            (groupInputCount, groupOutputCount) = (record.source.count, record.target.count)
        } else {
            groupInputCount = quotient(record.source.count, groups).quotient
            groupOutputCount = quotient(record.target.count, groups).quotient
        }
    }

    package var encoding: Encoding { synapses.encoding }
    /// G.
    package func groupCount(_ source: Slot) -> UInt32 { quotient(source.count, groupInputCount).quotient }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(Synapses.fields.span, byteCount: Block.byteCount)
        try record.file.check(fields.span, at: record.block)
        try Projection(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(SlotTypes.signals.contains(record.source.type))
        let isDense = record.file.u8(record.offset) == OpKind.dense.rawValue
        let mayBeSynaptic = isDense && !record.source.isWide && record.target.kind == .synaptic
        try record.requireTarget(record.target.kind == .current || mayBeSynaptic)
        try synapses.check(record)
        let groups = record.file.u32(record.block &+ Block.groupCount)
        let isBlock = record.file.u8(record.offset) == OpKind.block.rawValue
        try record.require(
            (isBlock || groups == 1) && quotient(record.source.count, groups).remainder == 0
                && quotient(record.target.count, groups).remainder == 0, Block.groupCount)
        try synapses.checkUnusedMultipliers(record, Block.multipliers)
        try record.file.checkExtent(tensor, record.block &+ Block.weights)
        try synapses.checkMultipliers(record, Block.multipliers, count: groupOutputCount)
        try record.file.checkRuns(tensor)
    }

    private var tensor: WeightTensor {
        WeightTensor(offset: weights, encoding: encoding, runCount: groupInputCount, runLength: groupOutputCount)
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Projection(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = record.target.kind == .synaptic ? .saturate : .projection
        // Rows that saturate are added by a loop of their own.
        if declaration.loop == .projection { declaration.rows = synapses.rows(record.source) }
        (declaration.rowCount, declaration.projection) = (groupOutputCount, synapses)
        declaration.runsPerRow = groupInputCount
        // Of groups, their places are looked for, and once more to join them.
        if groupInputCount != record.source.count { declaration.passes = 3 }
        declaration.scratchByteCount = synapses.scratchByteCount(record.target)
        declaration.weights[0] = tensor
        declaration.weightCopies = groupCount(record.source)
        declaration.synapses = tensor.weightCount &* widen(declaration.weightCopies)
        (declaration.weightBits, declaration.sourceBits) = (encoding.bits, synapses.sourceBits(record.source))
        declaration.operationsPerEvent = groupOutputCount
        declaration.parameterBits = synapses.parameterBits(groupOutputCount)
    }

    /// Inlined: a call would write the op's fields one by one, and read them again before they have arrived.
    @inline(__always)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let operands = operands(header, workspace)
        if header.target.kind == .synaptic {
            counters.add(events: addSaturating(operands, header, workspace))
        } else {
            counters.add(events: Kernels.project(operands, workspace.level))
        }
    }

    /// A tick into a current, or into a synaptic slot, alone.
    @inline(__always)
    static func tick(
        _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, saturates: Bool
    ) {
        let header = step.assumingMemoryBound(to: OpHeader.self).pointee
        let workspace = workspace.assumingMemoryBound(to: Workspace.self).pointee
        let body = (step + MemoryLayout<OpHeader>.stride).assumingMemoryBound(to: Projection.self)
        let operands = body.pointee.operands(header, workspace)
        let events =
            saturates
            ? body.pointee.addSaturating(operands, header, workspace) : Kernels.project(operands, workspace.level)
        Counters(first: counters.assumingMemoryBound(to: UInt64.self), isFull: false).add(events: events)
    }

    @inline(__always)
    private func addSaturating(_ operands: ProjectionOperands, _ header: OpHeader, _ workspace: Workspace) -> UInt32 {
        Kernels.addSaturating(
            operands, to: workspace.int16s(header.target.offset), limit: header.source.limit, workspace.level)
    }

    @inline(__always)
    private func operands(_ header: OpHeader, _ workspace: Workspace) -> ProjectionOperands {
        ProjectionOperands(
            source: synapses.elements(of: header.source, at: header.source.elements, workspace), encoding: encoding,
            runs: workspace.file + index(weights), inputCount: groupInputCount, runLength: groupOutputCount,
            join: synapses.joinOperands(workspace), current: workspace.int32s(header.target.offset),
            sums: workspace.int32s(workspace.scratch), targetCount: header.target.count)
    }

    /// Nonzero weights met, split by whether all source values were −1, 0 or 1.
    func count(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let operands = operands(header.pointee, workspace)
        var tally = EffectiveTally()
        let (stride, inputs) = (operands.stride, groupInputCount)
        operands.source.forEachEventCalled { element, value in
            let run = quotient(UInt32(truncatingIfNeeded: element), inputs).remainder
            let nonzero = encoding.nonzeroCount(operands.runs + index(run &* stride), count: index(operands.runLength))
            tally.add(value: value, operations: nonzero)
        }
        counters.add(tally)
    }

    /// Σ_j |w[i][j]| of `count` destinations from `row` on.
    @inline(never)
    static func addMagnitudes(_ record: OpRecord, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums) {
        Projection(record).addMagnitudes(record.file, row, count, to: &sums)
    }

    private func addMagnitudes(_ file: FileView, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums) {
        sums.add(tensor, file, from: row, count: count)
    }
}

#if !hasFeature(Embedded)
    extension Projection {
        /// The parameters in a few words, for people.
        package func details(_ header: OpHeader, _: FileView) -> String {
            let count = groupCount(header.source)
            let groups = count > 1 ? " for \(count) groups" : ""
            return "\(groupOutputCount)x\(groupInputCount) \(encoding)\(groups)\(synapses.joinDetails)"
        }
    }
#endif
