/// sparse: projections with explicit targets, and a delay per synapse (docs/format.md, "sparse"). Run j·D + d holds the
/// synapses from source element j with a delay of d ticks:
///
///     acc[target(s)] += w(s)·x[j] of d ticks ago;   current += join(acc)
package struct Sparse: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 24
        // 0 … 3: Synapses.Block.
        package static let delayCount: UInt32 = 4
        package static let reserved: UInt32 = 6
        package static let runs: UInt32 = 8
        package static let targets: UInt32 = 12
        package static let weights: UInt32 = 16
        package static let multipliers: UInt32 = 20
    }

    static let fields: InlineArray<2, Field> = [
        .number(Block.delayCount, .u16, 1, 4096), .reserved(Block.reserved, .u16),
    ]

    package let synapses: Synapses
    /// File offset of the parameter block.
    private let block: UInt32
    /// D.
    package let delayCount: UInt16

    init(_ record: OpRecord) {
        synapses = Synapses(record, multipliers: Block.multipliers)
        block = record.block
        delayCount = UInt16(truncatingIfNeeded: record.file.u16(block &+ Block.delayCount))
    }

    private var delays: UInt32 { UInt32(truncatingIfNeeded: delayCount) }
    /// k·D.
    private func runCount(_ source: Slot) -> UInt32 { source.count &* delays }
    private func hasWideTargets(_ target: Slot) -> Bool { target.count > 65536 }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try checkFields(record)
        try Sparse(record).check(record)
    }

    /// In a frame of its own, which the tables fill.
    @inline(never)
    private static func checkFields(_ record: OpRecord) throws(Refusal) {
        try record.check(Synapses.fields.span, byteCount: Block.byteCount)
        try record.file.check(fields.span, at: record.block)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(SlotTypes.signals.contains(record.source.type))
        try record.requireTarget(record.target.kind == .current)
        try synapses.check(record)
        try synapses.checkUnusedMultipliers(record, Block.multipliers)
        // ≤ 2^24 · 2^12 values: 2^38 bytes.
        let (values, overflow) = (record.source.count &* 4).multipliedReportingOverflow(by: delays)
        let (byteCount, carry) = values.addingReportingOverflow(4)
        if overflow || carry { throw Refusal(.malformed, at: block &+ Block.runs) }
        let runs = try record.tensor(Block.runs, byteCount, alignment: 4)
        let count = record.file.u32(runs &+ values)
        let width: UInt32 = hasWideTargets(record.target) ? 4 : 2
        if count > 0xffff_ffff &>> 2 { throw Refusal(.malformed, at: block &+ Block.targets) }
        try record.tensor(Block.targets, count &* width, alignment: width)
        let weights = weights(record.file, count)
        try record.file.checkExtent(weights, block &+ Block.weights)
        try synapses.checkMultipliers(record, Block.multipliers, count: record.target.count)
        try checkElements(record, runs)
        try record.file.checkRuns(weights)
    }

    /// Refuses a run table or targets that are not in order.
    private func checkElements(_ record: OpRecord, _ runs: UInt32) throws(Refusal) {
        let (file, count) = (record.file, runCount(record.source))
        if file.u32(runs) != 0 { throw Refusal(.badValue, at: runs) }
        for run in 0..<count {
            let (at, next) = (runs &+ 4 &* run, runs &+ 4 &* (run &+ 1))
            if file.u32(next) < file.u32(at) { throw Refusal(.badValue, at: next) }
        }
        let targets = table(file, Block.targets)
        let isWide = hasWideTargets(record.target)
        for run in 0..<count {
            let (first, end) = (entry(file, runs, run), entry(file, runs, run &+ 1))
            var least: UInt32 = 0
            for synapse in first..<end {
                let at = targets &+ synapse &* (isWide ? 4 : 2)
                let target = isWide ? file.u32(at) : file.u16(at)
                if target < least || target >= record.target.count { throw Refusal(.badValue, at: at) }
                least = target &+ 1
            }
        }
    }

    // MARK: Tables

    /// File offset of the tensor that a field of the block refers to.
    private func table(_ file: FileView, _ field: UInt32) -> UInt32 {
        file.section(.data).offset &+ file.u32(block &+ field)
    }
    /// Value `run` of the run table at `runs`: its first synapse.
    private func entry(_ file: FileView, _ runs: UInt32, _ run: UInt32) -> UInt32 { file.u32(runs &+ 4 &* run) }
    private func synapseCount(_ file: FileView, _ source: Slot) -> UInt32 {
        file.u32(table(file, Block.runs) &+ 4 &* runCount(source))
    }
    private func weights(_ file: FileView, _ count: UInt32) -> WeightTensor {
        WeightTensor(offset: table(file, Block.weights), encoding: synapses.encoding, runCount: 1, runLength: count)
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Sparse(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .sparse
        (declaration.rowCount, declaration.projection) = (record.target.count, synapses)
        let count = synapseCount(record.file, record.source)
        declaration.runsPerRow = runCount(record.source)
        declaration.passes = delays &+ 1
        if delays > 1 { declaration.ring = FrameRing(slot: record.source, depth: delays) }
        declaration.scratchByteCount = synapses.scratchByteCount(record.target)
        declaration.weights[0] = weights(record.file, count)
        declaration.synapses = widen(count)
        declaration.work = widen(runCount(record.source)) &* widen(record.target.count)
        (declaration.weightBits, declaration.sourceBits) = (synapses.encoding.bits, synapses.sourceBits(record.source))
        declaration.operationsPerEvent = 1
        declaration.parameterBits =
            synapses.parameterBits(record.target.count) &+ 32 &* (widen(runCount(record.source)) &+ 1)
            &+ (hasWideTargets(record.target) ? 32 : 16) &* widen(count)
    }

    // MARK: Running

    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let sums = synapses.beginSums(header.target, workspace)
        let ring = FrameRing(slot: header.source, depth: delays)
        if delays > 1 { ring.take(workspace, header.state) }
        var events: UInt32 = 0
        for delay in 0..<delays {
            events &+= Kernels.addSynapses(operands(header, workspace, delay), to: sums)
        }
        if delays > 1 { ring.advance(workspace, header.state) }
        if events > 0 { synapses.endSums(header.target, workspace, period: header.target.count) }
        counters.add(events: events)
    }

    /// The synapses of a delay. Those of none read the slot, which is the same before the frame is taken.
    private func operands(_ header: OpHeader, _ workspace: Workspace, _ delay: UInt32) -> SparseOperands {
        let ring = FrameRing(slot: header.source, depth: delays)
        let frame = delay == 0 ? header.source.elements : ring.frame(ago: delay, workspace, header.state)
        return SparseOperands(
            source: synapses.elements(of: header.source, at: frame, workspace), encoding: synapses.encoding,
            weights: workspace.tensor(block &+ Block.weights), targets: workspace.tensor(block &+ Block.targets),
            hasWideTargets: hasWideTargets(header.target),
            runs: workspace.tensor(block &+ Block.runs).assumingMemoryBound(to: UInt32.self) + index(delay),
            stride: delays)
    }

    /// Nonzero weights met, split by whether all source values were −1, 0 or 1.
    func count(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        var tally = EffectiveTally()
        for delay in 0..<delays {
            let s = operands(header.pointee, workspace, delay)
            s.source.forEachEventCalled { element, value in
                let (first, end) = (s.runs[element &* index(delays)], s.runs[element &* index(delays) &+ 1])
                var nonzero: UInt32 = 0
                for synapse in first..<end {
                    nonzero &+= s.encoding.weightCalled(s.weights, index(synapse)) != 0 ? 1 : 0
                }
                if first != end { tally.add(value: value, operations: nonzero) }
            }
        }
        counters.add(tally)
    }

    // MARK: Proof

    /// Σ|w| into `count` destinations from `row` on.
    @inline(never)
    static func addMagnitudes(_ record: OpRecord, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums) {
        Sparse(record).addMagnitudes(record.source, record.target, record.file, row, count, to: &sums)
    }

    private func addMagnitudes(
        _ source: Slot, _ slot: Slot, _ file: FileView, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums
    ) {
        let weights = file.base + index(table(file, Block.weights))
        let (runs, targets, isWide) = (
            table(file, Block.runs), table(file, Block.targets), hasWideTargets(slot)
        )
        func target(_ synapse: UInt32) -> UInt32 {
            isWide ? file.u32(targets &+ 4 &* synapse) : file.u16(targets &+ 2 &* synapse)
        }
        for number in 0..<runCount(source) {
            let end = entry(file, runs, number &+ 1)
            // The first synapse of the run whose target is `row` or beyond: targets ascend.
            var (low, high) = (entry(file, runs, number), end)
            while low < high {
                let middle = low &+ (high &- low) &>> 1
                if target(middle) < row { low = middle &+ 1 } else { high = middle }
            }
            while low < end {
                let at = target(low) &- row
                if at >= count { break }
                let magnitude = synapses.encoding.weightCalled(weights, index(low)).magnitude  // ≤ 2^15
                sums.sums[index(at)] = min(sums.sums[index(at)] &+ magnitude, largestSum &+ 1)
                low = low &+ 1
            }
        }
    }
}

#if !hasFeature(Embedded)
    extension Sparse {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            let words = delayCount > 1 ? ", delays of 0 to \(delayCount - 1) ticks" : ""
            return "\(synapses.encoding) with explicit targets\(words)\(synapses.joinDetails)"
        }
    }
#endif
