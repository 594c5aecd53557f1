#if DSP
    import CKernels
#endif

/// sparse: projections with explicit targets, and a delay per synapse (format.md section 9.7). Run j·D + d holds the
/// synapses from source element j with a delay of d ticks:
///
///     acc[target(s)] += w(s)·x[j] of d ticks ago;   current += join(acc)
package struct Sparse {
    package internal(set) var synapses: Synapses
    /// Arena offset of the source's latest D frames, where D > 1.
    var state: UInt32 = 0
    /// File offsets of the parameter block and of the data section.
    private let block: UInt32
    private let data: UInt32
    /// D.
    package let delayCount: UInt16

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        var synapses = try Synapses(model, wires, block)
        (self.block, data) = (block, model.section(.data).offset)
        let delays = try model.require(model.u16(block &+ 4), in: 1...4096, at: block &+ 4)
        delayCount = UInt16(truncatingIfNeeded: delays)
        try model.requireZero(block &+ 6, 2)
        // ≤ 2^24 · 2^12 values: 2^38 bytes.
        let (values, overflow) = (synapses.source.count &* 4).multipliedReportingOverflow(by: delays)
        let (byteCount, carry) = values.addingReportingOverflow(4)
        if overflow || carry { throw Refusal(.malformed, at: block &+ 8) }
        let runs = try model.tensor(block &+ 8, byteCount, alignment: 4)
        let count = model.u32(runs &+ values)
        let width: UInt32 = synapses.target.count > 65536 ? 4 : 2
        if count > 0xffff_ffff &>> 2 { throw Refusal(.malformed, at: block &+ 12) }
        _ = try model.tensor(block &+ 12, count &* width, alignment: width)
        _ = try model.runs(block &+ 16, synapses.encoding, count: 1, length: count)
        try synapses.locateMultipliers(model, block &+ 20, count: synapses.target.count)
        self.synapses = synapses
    }

    /// Refuses a run table, targets or weights that format.md section 9.7 does not allow.
    func checkTensors(_ model: Model) throws(Refusal) {
        let runs = table(model.base, 8)
        if model.u32(runs) != 0 { throw Refusal(.badValue, at: runs) }
        for run in 0..<runCount {
            let at = runs &+ 4 &* run &+ 4
            if model.u32(at) < model.u32(at &- 4) { throw Refusal(.badValue, at: at) }
        }
        let targets = table(model.base, 12)
        for run in 0..<runCount {
            let (first, end) = (model.u32(runs &+ 4 &* run), model.u32(runs &+ 4 &* run &+ 4))
            var least: UInt32 = 0
            for synapse in first..<end {
                let target = self.target(model.base, synapse)
                if target < least || target >= synapses.target.count {
                    throw Refusal(.badValue, at: targets &+ synapse &* targetByteCount)
                }
                least = target &+ 1
            }
        }
        try model.checkRuns(table(model.base, 16), synapses.encoding, count: 1, length: synapseCount(model.base))
    }

    // MARK: Tables

    /// k·D.
    var runCount: UInt32 { synapses.source.count &* UInt32(truncatingIfNeeded: delayCount) }
    package func synapseCount(_ file: UnsafeRawPointer) -> UInt32 { word(file, table(file, 8) &+ 4 &* runCount) }
    func weights(_ file: UnsafeRawPointer) -> UInt32 { table(file, 16) }
    private var targetByteCount: UInt32 { synapses.target.count > 65536 ? 4 : 2 }
    package var targetBits: UInt32 { 8 &* targetByteCount }

    /// File offset of the tensor that the field at `field` of the block refers to.
    private func table(_ file: UnsafeRawPointer, _ field: UInt32) -> UInt32 { data &+ word(file, block &+ field) }
    private func word(_ file: UnsafeRawPointer, _ at: UInt32) -> UInt32 { (file + index(at)).load(as: UInt32.self) }

    private func target(_ file: UnsafeRawPointer, _ synapse: UInt32) -> UInt32 {
        let targets = file + index(table(file, 12))
        return synapses.target.count > 65536
            ? targets.load(fromByteOffset: index(4 &* synapse), as: UInt32.self)
            : UInt32(truncatingIfNeeded: targets.load(fromByteOffset: index(2 &* synapse), as: UInt16.self))
    }

    // MARK: Running

    var ring: FrameRing? {
        delayCount == 1
            ? nil : FrameRing(slot: synapses.source, depth: UInt32(truncatingIfNeeded: delayCount), state: state)
    }
    var stateByteCount: UInt32 { ring?.byteCount ?? 0 }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let sums = synapses.beginSums(workspace)
        var events: UInt32 = 0
        var tally = EffectiveTally()
        ring?.take(workspace)
        for delay in 0..<UInt32(truncatingIfNeeded: delayCount) {
            let frame = frame(ago: delay, workspace)
            events &+= add(frame, delay, workspace, sums)
            if counters.isFull { countEffective(frame, delay, workspace, &tally) }
        }
        ring?.advance(workspace)
        if events > 0 { synapses.endSums(workspace, sums, count: synapses.target.count, period: synapses.target.count) }
        counters.add(events: events)
        if counters.isFull { counters.add(tally) }
    }

    /// Adds the synapses from a frame's elements that are not zero to the sums, which do not wrap: proved at opening. Returns how many there were.
    @inline(__always)
    private func add(
        _ frame: Frame, _ delay: UInt32, _ workspace: Workspace, _ sums: UnsafeMutablePointer<Int32>
    ) -> UInt32 {
        let (source, file) = (synapses.source, workspace.file)
        let runs = runs(file, delay)
        let (targets, weights) = (file + index(table(file, 12)), file + index(table(file, 16)))
        #if DSP
            var all = snnrt_synapses(
                bits: synapses.encoding.bits, target_bits: targetBits,
                delay_count: UInt32(truncatingIfNeeded: delayCount),
                weights: weights, targets: targets, runs: runs, sums: sums)
            if source.isBitmap {
                return snnrt_add_synapses_of_spikes(&all, workspace.words(frame.place), spikeWordCount(source.count))
            }
            let narrow = source.bits == 32 ? nil : workspace.int16s(frame.place)
            let wide = source.bits == 32 ? workspace.int32s(frame.place) : nil
            let shift = UInt32(truncatingIfNeeded: synapses.sourceShift)
            return snnrt_add_synapses_of_values(&all, narrow, wide, shift, source.count)
        #else
            let (encoding, stride, isWide) = (synapses.encoding, runStride, targetBits == 32)
            var events: UInt32 = 0
            _ = frame.forEachEvent(workspace, synapses) { element, value in
                let (first, end) = (runs[element &* stride], runs[element &* stride &+ 1])
                events &+= end &- first
                if isWide {
                    encoding.addSynapses(
                        index(first), index(end), weights, targets.assumingMemoryBound(to: UInt32.self), value, sums)
                } else {
                    encoding.addSynapses(
                        index(first), index(end), weights, targets.assumingMemoryBound(to: UInt16.self), value, sums)
                }
            }
            return events
        #endif
    }

    /// Full accounting: nonzero weights met, split by whether all source values were −1, 0 or 1.
    private func countEffective(_ frame: Frame, _ delay: UInt32, _ workspace: Workspace, _ tally: inout EffectiveTally)
    {
        let (runs, weights) = (runs(workspace.file, delay), workspace.file + index(table(workspace.file, 16)))
        _ = frame.forEachEvent(workspace, synapses) { element, value in
            let (first, end) = (runs[element &* runStride], runs[element &* runStride &+ 1])
            var nonzero: UInt32 = 0
            for synapse in first..<end { nonzero &+= synapses.encoding.weight(weights, index(synapse)) != 0 ? 1 : 0 }
            if first != end { tally.add(value: value, operations: nonzero) }
        }
    }

    private func frame(ago delay: UInt32, _ workspace: Workspace) -> Frame {
        let source = synapses.source
        let place = ring?.frame(ago: delay, workspace) ?? source.elements
        return Frame(slot: source, place: place)
    }

    /// The run table from a delay on: the synapses of element j are those from value j·D up to, not including, the next.
    private func runs(_ file: UnsafeRawPointer, _ delay: UInt32) -> UnsafePointer<UInt32> {
        (file + index(table(file, 8))).assumingMemoryBound(to: UInt32.self) + index(delay)
    }
    /// D.
    private var runStride: Int { index(UInt32(truncatingIfNeeded: delayCount)) }

    /// Σ|w| into `count` ≤ 64 destinations from `row` on, values above 2^31 clipped to it.
    func sumOfMagnitudes(_ model: Model, _ row: UInt32, _ count: UInt32) -> InlineArray<64, UInt32> {
        var sums = InlineArray<64, UInt32>(repeating: 0)
        let weights = model.base + index(table(model.base, 16))
        let runs = table(model.base, 8)
        for number in 0..<runCount {
            let end = model.u32(runs &+ 4 &* number &+ 4)
            // The first synapse of the run whose target is `row` or beyond: targets ascend.
            var (low, high) = (model.u32(runs &+ 4 &* number), end)
            while low < high {
                let middle = low &+ (high &- low) &>> 1
                if target(model.base, middle) < row { low = middle &+ 1 } else { high = middle }
            }
            while low < end {
                let at = target(model.base, low) &- row
                if at >= count { break }
                let magnitude = synapses.encoding.weight(weights, index(low)).magnitude  // ≤ 2^15
                sums[index(at)] = min(sums[index(at)] &+ magnitude, largestSum &+ 1)
                low = low &+ 1
            }
        }
        return sums
    }
}
