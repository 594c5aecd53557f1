// Rows of weights added, and what becomes of their sums: the portable loops (docs/format.md, "dense", "block", "sparse").

extension KernelSet {
    static var linksRows: Bool { false }

    /// current[g·r + i] += join( Σ_j w[i][j]·x[g·k + j] )
    @inline(__always)
    static func project(_ p: ProjectionOperands, _ level: ProcessorLevel) -> UInt32 { accumulate(p, level) }

    @inline(__always)
    static func accumulate(_ p: ProjectionOperands, _ level: ProcessorLevel) -> UInt32 {
        if p.source.isBitmap && p.source.spikeCount == 0 { return 0 }
        if p.join.join == .add { return addRows(p, to: p.current, level) }
        clear(UnsafeMutableRawPointer(p.sums).assumingMemoryBound(to: UInt32.self), index(p.targetCount))
        let events = addRows(p, to: p.sums, level)
        if events == 0 { return 0 }
        if p.hasOneGroup {
            join(p.sums, into: p.current, p.join, count: p.runLength, period: p.runLength, level)
        } else {
            joinGroups(p.sums, p.current, p.join, runLength: p.runLength, count: p.targetCount, level)
        }
        return events
    }

    /// Only of the groups that have sums: what joins of sums that are 0 adds nothing.
    @inline(never)
    private static func joinGroups(
        _ sums: UnsafeMutablePointer<Int32>, _ current: UnsafeMutablePointer<Int32>, _ operands: JoinOperands,
        runLength: UInt32, count: UInt32, _ level: ProcessorLevel
    ) {
        var first = 0
        while first < index(count) {
            var bits: Int32 = 0
            for i in first..<first &+ index(runLength) { bits |= sums[i] }
            if bits != 0 {
                join(sums + first, into: current + first, operands, count: runLength, period: runLength, level)
            }
            first &+= index(runLength)
        }
    }

    /// A call: inlined it would have too few registers.
    @inline(never)
    static func addRows(_ p: ProjectionOperands, to sums: UnsafeMutablePointer<Int32>, _ level: ProcessorLevel)
        -> UInt32
    {
        let (stride, count) = (index(p.stride), index(p.runLength))
        return p.forEachEvent { run, group, value in
            addRun(p.encoding, p.runs + run &* stride, times: value, to: sums + group &* count, count: count, level)
        }
    }

    /// sums[i] += weight[i]·value, i < count.
    @inline(never)
    static func addRun(
        _ encoding: Encoding, _ run: UnsafeRawPointer, times value: Int32, to sums: UnsafeMutablePointer<Int32>,
        count: Int,
        _: ProcessorLevel
    ) {
        switch encoding {
        case .int8:
            let weights = run.assumingMemoryBound(to: Int8.self)
            if value == 1 {
                for i in 0..<count { sums[i] &+= Int32(truncatingIfNeeded: weights[i]) }
            } else {
                for i in 0..<count { sums[i] &+= Int32(truncatingIfNeeded: weights[i]) &* value }
            }
        case .int16:
            let weights = run.assumingMemoryBound(to: Int16.self)
            for i in 0..<count { sums[i] &+= Int32(truncatingIfNeeded: weights[i]) &* value }
        case .int4:
            for i in 0..<count { sums[i] &+= Encoding.int4.weight(run, i) &* value }
        case .ternary:
            for i in 0..<count { sums[i] &+= Encoding.ternary.weight(run, i) &* value }
        case .binary:
            for i in 0..<count { sums[i] &+= Encoding.binary.weight(run, i) &* value }
        }
    }

    /// currents[i] = sat16( currents[i] + weight[i]·value ), event after event. |weight·value| ≤ 2^30.
    @inline(never)
    static func addSaturating(
        _ p: ProjectionOperands, to currents: UnsafeMutablePointer<Int16>, limit: Int32, _: ProcessorLevel
    ) -> UInt32 {
        let (stride, count) = (index(p.stride), index(p.runLength))
        let shift = Int32(truncatingIfNeeded: p.join.shift)
        return p.forEachEvent { j, _, value in
            let (run, factor) = (p.runs + j &* stride, value &<< shift)
            if p.encoding == .int8 {
                let weights = run.assumingMemoryBound(to: Int8.self)
                for i in 0..<count {
                    let sum = currents[i].value &+ Int32(truncatingIfNeeded: weights[i]) &* factor
                    currents[i] = Int16(truncatingIfNeeded: saturated(sum))
                }
            } else {
                for i in 0..<count {
                    let sum = currents[i].value &+ p.encoding.weightCalled(run, i) &* factor
                    currents[i] = Int16(truncatingIfNeeded: saturated(sum))
                }
            }
        }
    }

    /// sums[targets[s]] += weight[s]·x[j], for every synapse s of run j.
    @inline(__always)
    static func addSynapses(_ s: SparseOperands, to sums: UnsafeMutablePointer<Int32>) -> UInt32 {
        s.hasWideTargets
            ? addSynapses(s, s.targets.assumingMemoryBound(to: UInt32.self), sums)
            : addSynapses(s, s.targets.assumingMemoryBound(to: UInt16.self), sums)
    }

    private static func addSynapses<Target: FixedWidthInteger>(
        _ s: SparseOperands, _ targets: UnsafePointer<Target>, _ sums: UnsafeMutablePointer<Int32>
    ) -> UInt32 {
        let (encoding, weights, runs, stride) = (s.encoding, s.weights, s.runs, index(s.stride))
        var events: UInt32 = 0
        _ = s.source.forEachEvent { element, value in
            let (first, end) = (runs[element &* stride], runs[element &* stride &+ 1])
            events &+= end &- first
            var synapse = index(first)
            while synapse < index(end) {
                sums[Int(truncatingIfNeeded: targets[synapse])] &+= encoding.weight(weights, synapse) &* value
                synapse &+= 1
            }
        }
        return events
    }

    /// current[i] += join( sums[i] ), `period` destinations after the other.
    @inline(never)
    static func join(
        _ sums: UnsafePointer<Int32>, into current: UnsafeMutablePointer<Int32>, _ join: JoinOperands, count: UInt32,
        period: UInt32, _: ProcessorLevel
    ) {
        let stretch = join.join == .multiplier ? period : count
        var at: UInt32 = 0
        while at != count {
            joinStretch(sums + index(at), current + index(at), join, from: 0, count: index(stretch))
            at &+= stretch
        }
    }

    /// Destinations `first` ..< `count`, each with its own multiplier.
    @inline(__always)
    static func joinStretch(
        _ sums: UnsafePointer<Int32>, _ current: UnsafeMutablePointer<Int32>, _ join: JoinOperands, from first: Int,
        count: Int
    ) {
        let (shift, multipliers) = (Int32(truncatingIfNeeded: join.shift), join.multipliers)
        switch join.join {
        case .add: break
        case .leftShift: for i in first..<count { current[i] &+= sums[i] &<< shift }
        case .rightShift: for i in first..<count { current[i] &+= roundShift(sums[i], shift) }
        case .multiplier:
            for i in first..<count {
                current[i] &+= Int32(truncatingIfNeeded: roundShift(product(sums[i], multipliers[i]), shift))
            }
        }
    }

    @inline(__always)
    static func clear(_ words: UnsafeMutablePointer<UInt32>, _ count: Int) {
        for i in 0..<count { words[i] = 0 }
    }
}
