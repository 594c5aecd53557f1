/// dense and block: weights from a slot to a current (FORMAT.md section 9.2). One matrix of k runs of r
/// weights serves G groups:
///
///     acc[g·r + i] = Σ_j w[i][j]·x[g·k + j];   current += join(acc)
///
/// Only source elements that are not zero (events) do any work. All sums are proved to fit at opening.
package struct Projection {
    package enum Join: UInt8 { case add = 0, leftShift, rightShift, multiplier }

    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// File offset of run 0.
    let weights: UInt32
    /// File offset of r multipliers i32; 0 without.
    let multipliers: UInt32
    package let groupCount: UInt32
    /// k: source elements, and runs, per group.
    package let groupInputCount: UInt32
    /// r: destinations per group.
    package let groupOutputCount: UInt32
    /// Arena offset of G·r accumulators i32, for joins other than add.
    var scratch: UInt32 = 0
    package let encoding: Encoding
    package let join: Join
    package let joinShift: UInt8
    package let sourceShift: UInt8

    init(_ model: Model, _ wires: Wires, _ block: UInt32, isBlock: Bool) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireSource(source.kind == .spikes || source.kind == .analog)
        try wires.requireTarget(target.kind == .current)

        guard let encoding = Encoding(rawValue: model.u8(block)) else { throw Refusal(.unsupported, at: block) }
        guard let join = Join(rawValue: model.u8(block &+ 1)) else { throw Refusal(.badValue, at: block &+ 1) }
        (self.encoding, self.join) = (encoding, join)
        joinShift = model.u8(block &+ 2)
        let largestShift: UInt8 = join == .add ? 0 : (join == .multiplier ? 47 : 30)
        if joinShift > largestShift { throw Refusal(.badValue, at: block &+ 2) }
        sourceShift = model.u8(block &+ 3)
        if sourceShift > (source.bits == 32 ? 31 : 0) { throw Refusal(.badValue, at: block &+ 3) }

        groupCount = model.u32(block &+ 4)
        if groupCount == 0 || (!isBlock && groupCount != 1) { throw Refusal(.badValue, at: block &+ 4) }
        let (inputs, spareInputs) = quotient(source.count, groupCount)
        let (outputs, spareOutputs) = quotient(target.count, groupCount)
        if spareInputs != 0 || spareOutputs != 0 { throw Refusal(.badValue, at: block &+ 4) }
        (groupInputCount, groupOutputCount) = (inputs, outputs)

        let runByteCount = encoding.runByteCount(outputs)
        let (byteCount, overflow) = runByteCount.multipliedReportingOverflow(by: inputs)
        if overflow { throw Refusal(.malformed, at: block &+ 8) }
        weights = try model.tensor(block &+ 8, byteCount, alignment: 4)
        if join == .multiplier {
            multipliers = try model.tensor(block &+ 12, 4 &* outputs, alignment: 4)
        } else {
            multipliers = 0
        }
    }

    /// Whether a block with this join byte has the field that refers to multipliers.
    static func hasMultipliers(_ join: UInt8) -> Bool { join == Join.multiplier.rawValue }

    /// Refuses packed weights that FORMAT.md section 8 does not allow.
    func checkWeights(_ model: Model) throws(Refusal) {
        if encoding.bits >= 8 { return }
        for run in 0..<groupInputCount {
            try encoding.checkRun(model, weights &+ run &* runByteCount, count: groupOutputCount)
        }
    }

    var scratchByteCount: UInt32 { join == .add ? 0 : 4 &* target.count }
    package var runByteCount: UInt32 { encoding.runByteCount(groupOutputCount) }

    /// Declared width of a source value, b_s.
    var sourceBits: UInt32 { source.bits == 32 ? 16 : UInt32(truncatingIfNeeded: source.bits) }

    /// Largest magnitude of a source value.
    var sourceLimit: Int32 {
        source.bits == 32
            ? min(32767, roundShift(source.limit, Int32(truncatingIfNeeded: sourceShift))) : source.limit
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let sums = workspace.int32s(join == .add ? target.place : scratch)
        if join != .add {
            for i in 0..<index(target.count) { sums[i] = 0 }
        }
        let runs = workspace.file + index(weights)
        let stride = index(runByteCount)
        let count = index(groupOutputCount)
        let events = forEachEvent(workspace) { run, group, value in
            encoding.addRun(runs + run &* stride, times: value, to: sums + group &* count, count: count)
        }
        if events > 0 && join != .add { joinSums(workspace, sums) }
        counters.add(events: events)
        if counters.isFull { countEffective(workspace, counters) }
    }

    /// Calls `body(run, group, value)` for every source element that is not zero, in ascending order.
    /// Returns how many there were.
    @inline(__always)
    private func forEachEvent(_ workspace: Workspace, _ body: (Int, Int, Int32) -> Void) -> UInt32 {
        let inputs = index(groupInputCount)
        var events: UInt32 = 0
        if source.isBitmap {
            let words = workspace.words(source.place)
            events = words[0]
            if events == 0 { return 0 }
            var (group, firstOfGroup) = (0, 0)
            for number in 0..<index(spikeWordCount(source.count)) {
                var word = words[number &+ 1]
                while word != 0 {
                    let element = number &* 32 &+ word.trailingZeroBitCount
                    word &= word &- 1
                    while element &- firstOfGroup >= inputs {
                        group &+= 1
                        firstOfGroup &+= inputs
                    }
                    body(element &- firstOfGroup, group, 1)
                }
            }
        } else {
            var (group, run) = (0, 0)
            for element in 0..<index(source.count) {
                let value = sourceValue(workspace, element)
                if value != 0 {
                    events &+= 1
                    body(run, group, value)
                }
                run &+= 1
                if run == inputs { (group, run) = (group &+ 1, 0) }
            }
        }
        return events
    }

    @inline(__always)
    private func sourceValue(_ workspace: Workspace, _ element: Int) -> Int32 {
        if source.bits == 32 {
            let value = workspace.int32s(source.place)[element]
            return clamp(roundShift(value, Int32(truncatingIfNeeded: sourceShift)), 32767)
        }
        return Int32(truncatingIfNeeded: workspace.int16s(source.place)[element])
    }

    /// Brings the sums onto the population's grid and adds them to the current.
    private func joinSums(_ workspace: Workspace, _ sums: UnsafeMutablePointer<Int32>) {
        let current = workspace.int32s(target.place)
        let shift = Int32(truncatingIfNeeded: joinShift)
        switch join {
        case .add: break
        case .leftShift: for i in 0..<index(target.count) { current[i] &+= sums[i] &<< shift }
        case .rightShift: for i in 0..<index(target.count) { current[i] &+= roundShift(sums[i], shift) }
        case .multiplier:
            let multiplier = (workspace.file + index(multipliers)).assumingMemoryBound(to: Int32.self)
            let outputs = index(groupOutputCount)
            var row = 0
            for i in 0..<index(target.count) {
                let scaled = roundShift(product(sums[i], multiplier[row]), shift)
                current[i] &+= Int32(truncatingIfNeeded: scaled)
                row = row &+ 1 == outputs ? 0 : row &+ 1
            }
        }
    }

    /// Full accounting: nonzero weights met, split by whether all source values were −1, 0 or 1.
    private func countEffective(_ workspace: Workspace, _ counters: Counters) {
        var tally = EffectiveTally()
        let runs = workspace.file + index(weights)
        let stride = index(runByteCount)
        _ = forEachEvent(workspace) { run, _, value in
            let nonzero = encoding.nonzeroCount(runs + run &* stride, count: index(groupOutputCount))
            tally.add(value: value, operations: nonzero)
        }
        counters.add(tally)
    }
}
