// Neurons of xylo: the portable loop (docs/format.md, "xylo").

extension KernelSet {
    @inline(__always)
    static func fireXylo(_ p: XyloPopulation, _ level: ProcessorLevel) -> NeuronCounts {
        fireXylo(p, from: 0, NeuronCounts())
    }

    /// Neurons `first` on, d(x, k) = x >> k, but 1 where that is 0 and x > 0:
    ///
    ///     y −= d( y, synaptic dash );   V = sat16( V[t−1] + sat16( sat16( −d( V[t−1], membrane dash ) + Σ y ) + b ) )
    ///     while V ≥ θ and S < smax:  V −= θ,  S += 1
    @inline(never)
    static func fireXylo(_ p: XyloPopulation, from first: Int, _ before: NeuronCounts) -> NeuronCounts {
        var spikes = p.spikes
        spikes.begin(from: first, of: p.count, before.events)
        var changes = before.changes
        for i in first..<index(p.count) {
            let fired = fireXylo(p, i, given: 0, &changes)
            spikes.put(fired, i)
        }
        return NeuronCounts(events: spikes.finish(), changes: changes)
    }

    /// Neuron i, which has been given `before` of its smax spikes. Returns those and its own.
    @inline(never)
    static func fireXylo(_ p: XyloPopulation, _ i: Int, given before: Int32, _ changes: inout UInt32) -> Int32 {
        let count = index(p.count)
        let membraneDashes = Row(p.membraneDashes, isArray: p.arrays & 1 != 0)
        let synapticDashes = Row(p.synapticDashes, isArray: p.arrays & 2 != 0)
        let thresholds = Row(p.thresholds, isArray: p.arrays & 4 != 0)
        let biases = Row(p.biases, isArray: p.arrays & 8 != 0)
        let membrane = p.membranes[i].value
        // −(−32768), of a dash of 0, is −32768 in the chip's 16 bits.
        var change = Int16(truncatingIfNeeded: 0 &- decay(membrane, membraneDashes[i])).value
        for current in 0..<Int(truncatingIfNeeded: p.currentCount) {
            let at = current &* count &+ i
            let decayed = p.currents[at].value &- decay(p.currents[at].value, synapticDashes[at])
            p.currents[at] = Int16(truncatingIfNeeded: decayed)
            change = change &+ decayed  // of at most two
        }
        change = saturated(saturated(change) &+ biases[i])
        var reached = saturated(membrane &+ change)
        let threshold = thresholds[i].value
        let more = min(thresholdsReached(reached, threshold, bits: p.spikeBits), p.limit &- before)
        reached = reached &- more &* threshold
        p.membranes[i] = Int16(truncatingIfNeeded: reached)
        changes &+= reached != membrane ? 1 : 0
        return before &+ more
    }
}

/// d( x, dash ).
@inline(__always)
private func decay(_ x: Int32, _ dash: UInt16) -> Int32 {
    let part = x &>> Int32(truncatingIfNeeded: dash)
    return part == 0 && x > 0 ? 1 : part
}
