#if arch(x86_64) || DSP
    import CKernels
#endif

/// dense and block: weights from a slot to a current (format.md section 9.2). One matrix of k runs of r
/// weights serves G groups:
///
///     acc[g·r + i] = Σ_j w[i][j]·x[g·k + j];   current += join(acc)
///
/// Only source elements that are not zero (events) do any work. All sums are proved to fit at opening, but those into a
/// synaptic slot y, to which every event adds for itself, in ascending order of j: y[i] = sat16( y[i] + x[j]·w[i][j]·2^s ).
package struct Projection {
    package internal(set) var synapses: Synapses
    /// File offset of run 0.
    let weights: UInt32
    package let groupCount: UInt32
    /// k: source elements, and runs, per group.
    package let groupInputCount: UInt32
    /// r: destinations per group.
    package let groupOutputCount: UInt32

    init(_ model: Model, _ wires: Wires, _ block: UInt32, isBlock: Bool) throws(Refusal) {
        var synapses = try Synapses(model, wires, block, maySaturate: !isBlock)
        groupCount = model.u32(block &+ 4)
        if groupCount == 0 || (!isBlock && groupCount != 1) { throw Refusal(.badValue, at: block &+ 4) }
        let (inputs, spareInputs) = quotient(synapses.source.count, groupCount)
        let (outputs, spareOutputs) = quotient(synapses.target.count, groupCount)
        if spareInputs != 0 || spareOutputs != 0 { throw Refusal(.badValue, at: block &+ 4) }
        (groupInputCount, groupOutputCount) = (inputs, outputs)

        weights = try model.runs(block &+ 8, synapses.encoding, count: inputs, length: outputs)
        try synapses.locateMultipliers(model, block &+ 12, count: outputs)
        self.synapses = synapses
    }

    package var encoding: Encoding { synapses.encoding }
    package var runByteCount: UInt32 { encoding.runByteCount(groupOutputCount) }

    /// Refuses packed weights that format.md section 8 does not allow.
    func checkWeights(_ model: Model) throws(Refusal) {
        try model.checkRuns(weights, encoding, count: groupInputCount, length: groupOutputCount)
    }

    /// Inlined: a call would write the op's fields one by one, and read them again before they have arrived.
    @inline(__always)
    func tick(_ workspace: Workspace, _ counters: Counters) {
        counters.add(events: synapses.isSaturating ? saturate(workspace) : accumulate(workspace))
        if counters.isFull { countEffective(workspace, counters) }
    }

    /// Returns the number of events.
    @inline(__always)
    private func accumulate(_ workspace: Workspace) -> UInt32 {
        if synapses.source.isBitmap && workspace.words(synapses.source.place)[0] == 0 { return 0 }
        let shiftsRows = shiftsRows(workspace)
        let sums = shiftsRows ? workspace.int32s(synapses.target.place) : synapses.beginSums(workspace)
        let events = addWithVectors(workspace, sums, shifted: shiftsRows) ?? add(workspace, sums)
        if shiftsRows { return events }
        if events > 0 && groupCount == 1 {
            synapses.endSums(workspace, sums, count: groupOutputCount, period: groupOutputCount)
        } else if events > 0 && synapses.join != .add {
            endSumsOfGroups(workspace, sums)
        }
        return events
    }

    /// Whether the loops of CKernels add rows of spikes to the current shifted to the left already.
    @inline(__always)
    private func shiftsRows(_ workspace: Workspace) -> Bool {
        #if arch(x86_64)
            return synapses.join == .leftShift && synapses.source.isBitmap && encoding.bits < 8 && groupCount == 1
                && workspace.hasVectors
        #else
            return false
        #endif
    }

    /// Only of the groups that had events.
    @inline(never)
    private func endSumsOfGroups(_ workspace: Workspace, _ sums: UnsafeMutablePointer<Int32>) {
        var latest = -1
        _ = forEachEvent(workspace) { _, group, _ in
            if group == latest { return }
            latest = group
            let first = UInt32(truncatingIfNeeded: group) &* groupOutputCount
            synapses.endSums(workspace, sums, from: first, count: groupOutputCount, period: groupOutputCount)
        }
    }

    /// The same into a synaptic slot.
    private func saturate(_ workspace: Workspace) -> UInt32 {
        let currents = workspace.int16s(synapses.target.place)
        let runs = workspace.file + index(weights)
        #if arch(x86_64)
            if workspace.hasVectors {
                let source = synapses.source
                return snnrt_add_saturating(
                    encoding.bits, runs, runByteCount, source.isBitmap ? workspace.words(source.place) + 1 : nil,
                    workspace.int16s(source.place), UInt32(truncatingIfNeeded: synapses.joinShift), source.count,
                    source.limit,
                    currents, groupOutputCount)
            }
        #endif
        let stride = index(runByteCount)
        let shift = Int32(truncatingIfNeeded: synapses.joinShift)
        return forEachEvent(workspace) { run, _, value in
            encoding.addRun(
                runs + run &* stride, times: value &<< shift, saturating: currents, count: index(groupOutputCount))
        }
    }

    /// Adds the runs of all events to the sums. Returns how many there were.
    private func add(_ workspace: Workspace, _ sums: UnsafeMutablePointer<Int32>) -> UInt32 {
        let runs = workspace.file + index(weights)
        let stride = index(runByteCount)
        let count = index(groupOutputCount)
        return forEachEvent(workspace) { run, group, value in
            encoding.addRun(
                runs + run &* stride, times: value, to: sums + group &* count, count: count,
                hasVectors: workspace.hasVectors)
        }
    }

    /// The same by the loops of CKernels, where those do it.
    @inline(__always)
    private func addWithVectors(_ workspace: Workspace, _ sums: UnsafeMutablePointer<Int32>, shifted: Bool) -> UInt32? {
        #if arch(x86_64) || DSP
            let runs = workspace.file + index(weights)
            let source = synapses.source
            let words = workspace.words(source.place)
            let narrow = source.bits == 32 ? nil : workspace.int16s(source.place)
            let wide = source.bits == 32 ? workspace.int32s(source.place) : nil
            let shift = UInt32(truncatingIfNeeded: synapses.sourceShift)
        #endif
        #if arch(x86_64)
            if !workspace.hasVectors || groupCount != 1 { return nil }
            let bits = encoding.bits
            if !source.isBitmap {
                if workspace.vectors == .avx512 && bits <= 8 {
                    return snnrt_add_values512(
                        bits, runs, runByteCount, narrow, wide, shift, source.count, sums, groupOutputCount)
                }
                return snnrt_add_values(
                    bits, runs, runByteCount, narrow, wide, shift, source.count, sums, groupOutputCount)
            }
            let wordCount = spikeWordCount(source.count)
            if shifted {
                let shift = UInt32(truncatingIfNeeded: synapses.joinShift)
                if workspace.vectors == .avx512 {
                    snnrt_add_shifted_spikes512(
                        bits, runs, runByteCount, words + 1, wordCount, sums, groupOutputCount, shift)
                } else {
                    snnrt_add_shifted_spikes(
                        bits, runs, runByteCount, words + 1, wordCount, words[0], sums, groupOutputCount, shift)
                }
            } else if workspace.vectors == .avx512 {
                snnrt_add_spikes512(bits, runs, runByteCount, words + 1, wordCount, sums, groupOutputCount)
            } else {
                snnrt_add_spikes(bits, runs, runByteCount, words + 1, wordCount, words[0], sums, groupOutputCount)
            }
            return words[0]
        #elseif DSP
            if !source.isBitmap {
                return snnrt_add_values(
                    encoding.bits, runs, runByteCount, narrow, wide, shift, source.count, groupInputCount, sums,
                    groupOutputCount)
            }
            snnrt_add_spikes(
                encoding.bits, runs, runByteCount, words + 1, spikeWordCount(source.count), groupInputCount, sums,
                groupOutputCount)
            return words[0]
        #else
            return nil
        #endif
    }

    /// Calls `body(run, group, value)` for every source element that is not zero, in ascending order.
    /// Returns how many there were.
    @inline(__always)
    private func forEachEvent(_ workspace: Workspace, _ body: (Int, Int, Int32) -> Void) -> UInt32 {
        let inputs = index(groupInputCount)
        let source = synapses.source
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
                let value =
                    source.bits == 32
                    ? synapses.narrowed(workspace.int32s(source.place)[element])
                    : Int32(truncatingIfNeeded: workspace.int16s(source.place)[element])
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
