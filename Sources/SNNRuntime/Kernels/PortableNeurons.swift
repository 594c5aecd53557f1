// Populations of lif and of activation: the portable loops (docs/format.md, "lif", "activation"). L is 32767 or 2^30 − 1, by the
// state width; x ▷ y is x > y, or x ≥ y. All of lif:
//
//     I = clamp( c·2^f + b, L );   Y = clamp( tz( Y[t−1]·α, 15 ) + I, L ) in CuBa models, else Y = I

extension KernelSet {
    @inline(__always)
    static func fireAndResetLater(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts {
        fireAndResetLater(p, from: 0, NeuronCounts())
    }
    @inline(__always)
    static func fireAndResetLater(_ p: Population, _ level: ProcessorLevel, isWide: Bool) -> NeuronCounts {
        fireAndResetLater(p, level)
    }
    @inline(__always)
    static func fireAndReset(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts {
        fireAndReset(p, from: 0, NeuronCounts())
    }
    @inline(__always)
    static func integrate(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts {
        integrate(p, from: 0, NeuronCounts())
    }

    // Neurons `first` on; `before` counts those that are done.

    @inline(never)
    static func fireAndResetLater(_ p: Population, from first: Int, _ before: NeuronCounts) -> NeuronCounts {
        // Types instead of values, so that each model has its own straight loop.
        if p.isWide {
            return p.isCuBa
                ? resetLater(p, first, before, as: Int32.self, True.self)
                : resetLater(p, first, before, as: Int32.self, False.self)
        }
        return p.isCuBa
            ? resetLater(p, first, before, as: Int16.self, True.self)
            : resetLater(p, first, before, as: Int16.self, False.self)
    }

    @inline(never)
    static func fireAndReset(_ p: Population, from first: Int, _ before: NeuronCounts) -> NeuronCounts {
        p.isWide ? reset(p, first, before, as: Int32.self) : reset(p, first, before, as: Int16.self)
    }

    @inline(never)
    static func integrate(_ p: Population, from first: Int, _ before: NeuronCounts) -> NeuronCounts {
        p.isWide ? integrate(p, first, before, as: Int32.self) : integrate(p, first, before, as: Int16.self)
    }

    /// Resets 1 and 2:
    ///
    ///     R = U[t−1] ▷ θ;   D = tz( U[t−1]·β, 15 ), or 0 where R resets to zero;   P = θ where R subtracts, else 0
    ///     U = clamp( D − P + Y, L );   S = U ▷ θ
    @inline(never)
    private static func resetLater<State: StateWidth, IsCuBa: StaticBool>(
        _ p: Population, _ first: Int, _ before: NeuronCounts, as: State.Type, _: IsCuBa.Type
    ) -> NeuronCounts {
        let membranes = p.membranes.assumingMemoryBound(to: State.self)
        let currents = p.synapticCurrents.assumingMemoryBound(to: State.self)
        let input = p.input
        let betas = Row(p.betas, isArray: p.arrays & 1 != 0)
        let alphas = Row(p.alphas, isArray: p.arrays & 2 != 0)
        let thetas = Row<State>(raw: p.thetas, isArray: p.arrays & 4 != 0)
        let biases = Row(p.biases, isArray: p.arrays & 8 != 0)
        let shift = Int32(truncatingIfNeeded: p.fractionBits)
        let (subtracts, countsChanges): (Int32, Bool) = (p.subtracts ? -1 : 0, p.countsChanges)
        // U ≥ θ is U > θ − 1.
        let slack: Int32 = p.firesAtThreshold ? 1 : 0
        let words = p.spikes.words
        let (count, period) = (index(p.count), index(p.period))
        var counts = before

        var next = first
        var firstOfWord = next & ~31
        var word = next == firstOfWord ? 0 : words[firstOfWord &>> 5]
        // Neurons start ..< runEnd have the parameters' elements 0 ..< period.
        var (start, runEnd) = (0, period)
        while next < count {
            let wordEnd = min(firstOfWord &+ 32, count)
            while next < wordEnd {
                let end = min(wordEnd, runEnd)
                for i in next..<end {
                    let membrane = membranes[i].value
                    let threshold = thetas[i &- start].value
                    let highest = threshold &- slack
                    let hasFired = membrane > highest
                    // |c·2^f + b| < 2^31: proved at opening.
                    var drive = clamp((input[i] &<< shift) &+ biases[i &- start], State.limit)
                    if IsCuBa.isTrue {
                        drive = clamp(State.decay(currents[i].value, alphas[i &- start]) &+ drive, State.limit)
                        currents[i] = State(narrowing: drive)
                    }
                    let fired: Int32 = hasFired ? -1 : 0
                    let kept = State.decay(membrane, betas[i &- start]) & (subtracts | ~fired)
                    // Where it fired 0 ≤ kept ≤ L and 0 ≤ θ ≤ L, so |kept − θ| ≤ L and the sum is within 2L < 2^31.
                    let updated = clamp(kept &- (threshold & fired & subtracts) &+ drive, State.limit)
                    membranes[i] = State(narrowing: updated)
                    if countsChanges { counts.changes &+= updated != membrane ? 1 : 0 }
                    let spikes: UInt32 = updated > highest ? 1 : 0
                    word |= spikes &<< UInt32(truncatingIfNeeded: i &- firstOfWord)
                    counts.events &+= spikes
                }
                next = end
                if end == runEnd { (start, runEnd) = (runEnd, runEnd &+ period) }
            }
            words[firstOfWord &>> 5] = word
            firstOfWord &+= 32
            word = 0
        }
        p.spikes.finish(counts.events)
        return counts
    }

    /// Resets 3 and 4, with A = 0 unless adaptive and C = 0 without refractory ticks; smax by the output slot:
    ///
    ///     A = tz( A[t−1]·ρ, 15 );   where C[t−1] > 0: C falls by 1, U stays, S = 0;   elsewhere
    ///     V = clamp( tz( U[t−1]·β, 15 ) + Y, L );   S = how many k of 1 … smax have V ▷ k·(θ + A)
    ///     U = V − S·θ, or 0 where S > 0 resets to zero;   where S > 0: A = min( A + κ, L ), C = r
    @inline(__always)
    private static func reset<State: StateWidth>(
        _ p: Population, _ first: Int, _ before: NeuronCounts, as: State.Type
    ) -> NeuronCounts {
        let refractoryTicks = Int32(truncatingIfNeeded: p.refractoryTicks)
        let isRefractory = refractoryTicks > 0
        let (isCuBa, isAdaptive, isSubtracting) = (p.isCuBa, p.isAdaptive, p.subtracts)
        let (input, spikeBits, slack) = (p.input, p.spikeBits, p.firesAtThreshold ? Int32(0) : 1)
        let membranes = p.membranes.assumingMemoryBound(to: State.self)
        let currents = p.synapticCurrents.assumingMemoryBound(to: State.self)
        let adaptations = p.adaptations.assumingMemoryBound(to: State.self)
        let countdowns = p.countdowns.assumingMemoryBound(to: State.self)
        let betas = Row(p.betas, isArray: p.arrays & 1 != 0)
        let alphas = Row(p.alphas, isArray: p.arrays & 2 != 0)
        let thetas = Row<State>(raw: p.thetas, isArray: p.arrays & 4 != 0)
        let biases = Row(p.biases, isArray: p.arrays & 8 != 0)
        let rhos = Row(p.rhos, isArray: p.arrays & 16 != 0)
        let kappas = Row<State>(raw: p.kappas, isArray: p.arrays & 32 != 0)
        let shift = Int32(truncatingIfNeeded: p.fractionBits)
        let (count, parameterCount) = (index(p.count), index(p.period))
        var outputs = p.spikes
        outputs.begin(from: first, of: p.count, before.events)
        var changedCount = before.changes

        var next = first  // a period shorter than the population has first = 0
        for i in first..<count {
            let k = next
            next = k &+ 1 == parameterCount ? 0 : k &+ 1
            // |c·2^f + b| < 2^31: proved at opening. Sums of two values within L stay within 2L < 2^31.
            var drive = clamp((input[i] &<< shift) &+ biases[k], State.limit)
            if isCuBa {
                drive = clamp(State.decay(currents[i].value, alphas[k]) &+ drive, State.limit)
                currents[i] = State(narrowing: drive)
            }
            let adaptation = isAdaptive ? State.decay(adaptations[i].value, rhos[k]) : 0
            if isAdaptive { adaptations[i] = State(narrowing: adaptation) }
            if isRefractory && countdowns[i].value > 0 {
                countdowns[i] = State(narrowing: countdowns[i].value &- 1)
                outputs.put(0, i)
                continue
            }
            let membrane = membranes[i].value
            let theta = thetas[k].value
            var updated = clamp(State.decay(membrane, betas[k]) &+ drive, State.limit)
            // V > k·θ is V − 1 ≥ k·θ.
            let spikes = thresholdsReached(
                updated &- slack, theta &+ adaptation, bits: spikeBits)
            if spikes > 0 {
                // S·θ ≤ S·(θ + A) ≤ V ≤ L.
                updated = isSubtracting ? updated &- spikes &* theta : 0
                if isAdaptive { adaptations[i] = State(narrowing: min(adaptation &+ kappas[k].value, State.limit)) }
                if isRefractory { countdowns[i] = State(narrowing: refractoryTicks) }
            }
            membranes[i] = State(narrowing: updated)
            changedCount &+= updated != membrane ? 1 : 0
            outputs.put(spikes, i)
        }
        return NeuronCounts(events: outputs.finish(), changes: changedCount)
    }

    /// LI and CuBa-LI, whose output slot is U:
    ///
    ///     U = clamp( tz( U[t−1]·β, 15 ) + Y, L )
    @inline(__always)
    private static func integrate<State: StateWidth>(
        _ p: Population, _ first: Int, _ before: NeuronCounts, as: State.Type
    ) -> NeuronCounts {
        let membranes = p.membranes.assumingMemoryBound(to: State.self)
        let currents = p.synapticCurrents.assumingMemoryBound(to: State.self)
        let betas = Row(p.betas, isArray: p.arrays & 1 != 0)
        let alphas = Row(p.alphas, isArray: p.arrays & 2 != 0)
        let biases = Row(p.biases, isArray: p.arrays & 8 != 0)
        let shift = Int32(truncatingIfNeeded: p.fractionBits)
        let (input, isCuBa, period) = (p.input, p.isCuBa, index(p.period))
        var (k, counts) = (first, before)
        for i in first..<index(p.count) {
            let membrane = membranes[i].value
            var drive = clamp((input[i] &<< shift) &+ biases[k], State.limit)
            if isCuBa {
                drive = clamp(State.decay(currents[i].value, alphas[k]) &+ drive, State.limit)
                currents[i] = State(narrowing: drive)
            }
            let updated = clamp(State.decay(membrane, betas[k]) &+ drive, State.limit)  // |sum| ≤ 2L < 2^31
            membranes[i] = State(narrowing: updated)
            counts.events &+= updated != 0 ? 1 : 0
            counts.changes &+= updated != membrane ? 1 : 0
            k = k &+ 1 == period ? 0 : k &+ 1
        }
        return counts
    }

    /// z = rnd( (c + b)·m, s ), v = clamp( z, 32767 ):
    ///
    ///     clip:     y = z limited to lo … hi
    ///     tanh:     y = clamp( rnd( sign(v)·T( |v|, 7 ), 16 − bits ), limit )
    ///     sigmoid:  y = clamp( rnd( rnd( 32768 + sign(v)·T( |v|, 8 ), 1 ), 16 − bits ), limit )
    @inline(__always)
    static func activate(_ a: ActivationOperands, _ level: ProcessorLevel) -> UInt32 { activate(a, from: 0, 0) }

    @inline(never)
    static func activate(_ a: ActivationOperands, from first: Int, _ before: UInt32) -> UInt32 {
        let multipliers = Row(a.multipliers, isArray: a.arrays & 1 != 0)
        let biases = Row(a.biases, isArray: a.arrays & 2 != 0)
        let (shift, narrowing) = (Int32(truncatingIfNeeded: a.shift), 16 &- Int32(truncatingIfNeeded: a.bits))
        let (input, outputs, period) = (a.input, a.outputs, index(a.period))
        let (function, limit, low, high) = (a.function, a.limit, a.lowerBound, a.upperBound)
        var (k, events) = (first, before)
        for i in first..<index(a.count) {
            // |c + b| < 2^31: proved at opening. The product is within 2^62.
            let z = clamp(roundShift(product(input[i] &+ biases[k], multipliers[k]), shift), Int32.max)
            var y = min(max(z, low), high)
            if function != .clip {
                let v = clamp(z, 32767)
                let magnitude = tanhQ15(v < 0 ? 0 &- v : v, function == .tanh ? 7 : 8)
                let signed = v < 0 ? 0 &- magnitude : magnitude
                let q15 = function == .tanh ? signed : roundShift(32768 &+ signed, 1)
                y = clamp(roundShift(q15, narrowing), limit)
            }
            outputs[i] = Int16(truncatingIfNeeded: y)
            events &+= y != 0 ? 1 : 0
            k = k &+ 1 == period ? 0 : k &+ 1
        }
        return events
    }
}

/// How many k of 1 … 2^bits − 1 have v ≥ k·threshold, by restoring division. threshold ≥ 0.
@inline(__always)
func thresholdsReached(_ v: Int32, _ threshold: Int32, bits: UInt8) -> Int32 {
    var rest = v
    if rest < threshold || rest < 0 { return 0 }
    var count: Int32 = 0
    var bit = Int32(truncatingIfNeeded: bits)
    while bit > 0 {
        bit &-= 1
        if rest &>> bit >= threshold {
            rest &-= threshold &<< bit  // ≤ rest
            count |= 1 &<< bit
        }
    }
    return count
}
