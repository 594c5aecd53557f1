#if arch(x86_64) || DSP
    import CKernels
#endif

// The ticks of lif (format.md section 9.3). L is 32767 or 2^30 − 1, by the state width; x ▷ y is x > y, or x ≥ y. All:
//
//     I = clamp( c·2^f + b, L );   Y = clamp( tz( Y[t−1]·α, 15 ) + I, L ) in CuBa models, else Y = I

extension LIF {
    /// Inlined, as a projection's, where the loops of CKernels do it all.
    @inline(__always)
    func tick(_ workspace: Workspace, _ counters: Counters) {
        #if arch(x86_64)
            if model.fires && source.count & 7 == 0 && haveVectors(workspace) {
                let (_, events, changes) = tickWithVectors(
                    workspace, variable(workspace, 0) as UnsafeMutablePointer<UInt8>)
                workspace.words(target.place)[0] = events
                counters.add(events: events)
                if counters.isFull { counters.add(membraneUpdates: changes) }
                return
            }
        #endif
        tickWithLoops(workspace, counters)
    }

    private func tickWithLoops(_ workspace: Workspace, _ counters: Counters) {
        if isWide { tick(workspace, counters, as: Int32.self) } else { tick(workspace, counters, as: Int16.self) }
    }

    @inline(__always)
    private func tick<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        switch reset {
        case .none: integrate(workspace, counters, as: State.self)
        case .subtractNextTick, .zeroNextTick: resetLater(workspace, counters, as: State.self)
        case .subtractSameTick, .zeroSameTick: fireAndReset(workspace, counters, as: State.self)
        }
    }

    /// The op's variables, one after the other.
    @inline(__always)
    private func variable<State>(_ workspace: Workspace, _ number: UInt32) -> UnsafeMutablePointer<State> {
        (workspace.arena + index(state &+ number &* variableByteCount)).assumingMemoryBound(to: State.self)
    }

    @inline(__always)
    private func row<Element>(_ workspace: Workspace, _ parameter: Parameter) -> Row<Element> {
        Row(workspace, offset(of: parameter, workspace.file), isArray: isPerNeuron(parameter))
    }

    @inline(__always)
    private func resetLater<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        #if DSP
            let words = workspace.words(target.place)
            var population = population(workspace, variable(workspace, 0), variable(workspace, 1))
            let counts = snnrt_reset_later(&population, isWide ? 1 : 0, counters.isFull ? 1 : 0)
            words[0] = UInt32(truncatingIfNeeded: counts)
            counters.add(events: words[0])
            if counters.isFull { counters.add(membraneUpdates: UInt32(truncatingIfNeeded: counts &>> 32)) }
        #else
            // Types instead of values, so that each model has its own straight loop.
            if model.isCuBa {
                fireAndResetLater(workspace, counters, as: State.self, isCuBa: Yes.self)
            } else {
                fireAndResetLater(workspace, counters, as: State.self, isCuBa: No.self)
            }
        #endif
    }

    /// Resets 1 and 2:
    ///
    ///     R = U[t−1] ▷ θ;   D = tz( U[t−1]·β, 15 ), or 0 where R resets to zero;   P = θ where R subtracts, else 0
    ///     U = clamp( D − P + Y, L );   S = U ▷ θ
    private func fireAndResetLater<State: StateWidth, IsCuBa: Choice>(
        _ workspace: Workspace, _ counters: Counters, as: State.Type, isCuBa: IsCuBa.Type
    ) {
        let membranes: UnsafeMutablePointer<State> = variable(workspace, 0)
        let currents: UnsafeMutablePointer<State> = variable(workspace, 1)
        let input = workspace.int32s(source.place)
        let betas: Row<UInt16> = row(workspace, .beta)
        let alphas: Row<UInt16> = row(workspace, .alpha)
        let thetas: Row<State> = row(workspace, .theta)
        let biases: Row<Int32> = row(workspace, .bias)
        let shift = Int32(truncatingIfNeeded: fractionBits)
        let isSubtracting = reset == .subtractNextTick
        // U ≥ θ is U > θ − 1.
        let slack: Int32 = firesAtThreshold ? 1 : 0
        let words = workspace.words(target.place)
        let count = index(source.count)
        var (next, spikeCount, changedCount) = tickWithVectors(workspace, membranes)

        var first = next & ~31
        var word = next == first ? 0 : words[(first &>> 5) &+ 1]
        // Neurons start ..< runEnd have the parameters' elements 0 ..< period.
        var (start, runEnd) = (0, index(period))
        while next < count {
            let wordEnd = min(first &+ 32, count)
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
                    let kept = hasFired && !isSubtracting ? 0 : State.decay(membrane, betas[i &- start])
                    let penalty = hasFired && isSubtracting ? threshold : 0
                    // Where it fired 0 ≤ kept ≤ L and 0 ≤ θ ≤ L, so |kept − θ| ≤ L and the sum is within 2L < 2^31.
                    let updated = clamp(kept &- penalty &+ drive, State.limit)
                    membranes[i] = State(narrowing: updated)
                    if counters.isFull { changedCount &+= updated != membrane ? 1 : 0 }
                    let spikes: UInt32 = updated > highest ? 1 : 0
                    word |= spikes &<< UInt32(truncatingIfNeeded: i &- first)
                    spikeCount &+= spikes
                }
                next = end
                if end == runEnd { (start, runEnd) = (runEnd, runEnd &+ index(period)) }
            }
            words[(first &>> 5) &+ 1] = word
            first &+= 32
            word = 0
        }
        words[0] = spikeCount
        counters.add(events: spikeCount)
        if counters.isFull { counters.add(membraneUpdates: changedCount) }
    }

    /// Neurons 0 ..< done, by the loops of CKernels, where those have the model. Returns how many those are, how many of them
    /// fired (LI: are not 0) and how many of their membranes changed.
    @inline(__always)
    private func tickWithVectors(
        _ workspace: Workspace, _ membranes: UnsafeMutableRawPointer
    ) -> (done: Int, events: UInt32, changes: UInt32) {
        #if arch(x86_64)
            if !haveVectors(workspace) { return (0, 0, 0) }
            let kind =
                reset.isNextTick ? SNNRT_RESETS_NEXT_TICK : model.fires ? SNNRT_RESETS_SAME_TICK : SNNRT_INTEGRATES
            let currents: UnsafeMutablePointer<UInt8> = variable(workspace, model.fires ? 1 : 0)
            var population = population(workspace, membranes, currents)
            let counts = snnrt_tick_neurons(&population, UInt32(truncatingIfNeeded: kind), isWide ? 1 : 0)
            return (
                index(source.count & ~7), UInt32(truncatingIfNeeded: counts), UInt32(truncatingIfNeeded: counts &>> 32)
            )
        #else
            return (0, 0, 0)
        #endif
    }

    #if arch(x86_64)
        @inline(__always)
        private func haveVectors(_ workspace: Workspace) -> Bool {
            workspace.hasVectors && source.count >= 8 && period == source.count && !model.isAdaptive
                && refractoryTicks == 0
                && (target.kind != .spikes || target.bits == 1)
        }
    #endif

    #if arch(x86_64) || DSP
        /// The population for the loops of CKernels.
        @inline(__always)
        private func population(
            _ workspace: Workspace, _ membranes: UnsafeMutableRawPointer, _ currents: UnsafeMutableRawPointer
        ) -> snnrt_population {
            func array<Element>(_ parameter: Parameter) -> UnsafePointer<Element> {
                (workspace.file + index(offset(of: parameter, workspace.file))).assumingMemoryBound(to: Element.self)
            }
            var population = snnrt_population()
            population.membranes = membranes
            population.currents = model.isCuBa ? currents : nil
            population.input = UnsafePointer(workspace.int32s(source.place))
            (population.betas, population.alphas) = (array(.beta), array(.alpha))
            population.thetas = UnsafeRawPointer(array(.theta) as UnsafePointer<UInt8>)
            population.biases = array(.bias)
            population.words = workspace.words(target.place) + 1
            population.arrays = UInt32(truncatingIfNeeded: perNeuron)
            population.period = period
            population.fraction_bits = UInt32(truncatingIfNeeded: fractionBits)
            population.count = source.count
            population.fires_at_threshold = firesAtThreshold ? 1 : 0
            population.subtracts = reset == .subtractNextTick || reset == .subtractSameTick ? 1 : 0
            return population
        }
    #endif

    /// Resets 3 and 4, with A = 0 unless adaptive and C = 0 without refractory ticks; smax by the output slot:
    ///
    ///     A = tz( A[t−1]·ρ, 15 );   where C[t−1] > 0: C falls by 1, U stays, S = 0;   elsewhere
    ///     V = clamp( tz( U[t−1]·β, 15 ) + Y, L );   S = how many k of 1 … smax have V ▷ k·(θ + A)
    ///     U = V − S·θ, or 0 where S > 0 resets to zero;   where S > 0: A = min( A + κ, L ), C = r
    @inline(__always)
    private func fireAndReset<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        let hasSynapses = model.isCuBa
        let isAdaptive = model.isAdaptive
        let isRefractory = refractoryTicks > 0
        let membranes: UnsafeMutablePointer<State> = variable(workspace, 0)
        let currents: UnsafeMutablePointer<State> = variable(workspace, 1)
        let adaptations: UnsafeMutablePointer<State> = variable(workspace, hasSynapses ? 2 : 1)
        let countdowns: UnsafeMutablePointer<State> = variable(workspace, variableCount &- 1)
        let input = workspace.int32s(source.place)
        let betas: Row<UInt16> = row(workspace, .beta)
        let alphas: Row<UInt16> = row(workspace, .alpha)
        let thetas: Row<State> = row(workspace, .theta)
        let biases: Row<Int32> = row(workspace, .bias)
        let parameterCount = index(period)
        // Fields that only adaptive models have.
        let rhos: Row<UInt16> = isAdaptive ? row(workspace, .rho) : betas
        let kappas: Row<State> = isAdaptive ? row(workspace, .kappa) : thetas
        let shift = Int32(truncatingIfNeeded: fractionBits)
        let isSubtracting = reset == .subtractSameTick
        let (done, spikesBefore, changesBefore) = tickWithVectors(workspace, membranes)
        var outputs = SpikeWriter(workspace, target, from: done, spikesBefore)
        var changedCount = changesBefore

        var next = done  // a period shorter than the population has done = 0
        for i in done..<index(source.count) {
            let k = next
            next = k &+ 1 == parameterCount ? 0 : k &+ 1
            // |c·2^f + b| < 2^31: proved at opening. Sums of two values within L stay within 2L < 2^31.
            var drive = clamp((input[i] &<< shift) &+ biases[k], State.limit)
            if hasSynapses {
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
                firesAtThreshold ? updated : updated &- 1, theta &+ adaptation, bits: target.bits)
            if spikes > 0 {
                // S·θ ≤ S·(θ + A) ≤ V ≤ L.
                updated = isSubtracting ? updated &- spikes &* theta : 0
                if isAdaptive { adaptations[i] = State(narrowing: min(adaptation &+ kappas[k].value, State.limit)) }
                if isRefractory { countdowns[i] = State(narrowing: Int32(truncatingIfNeeded: refractoryTicks)) }
            }
            membranes[i] = State(narrowing: updated)
            changedCount &+= updated != membrane ? 1 : 0
            outputs.put(spikes, i)
        }
        counters.add(events: outputs.finish())
        if counters.isFull { counters.add(membraneUpdates: changedCount) }
    }

    /// LI and CuBa-LI, whose output slot is U:
    ///
    ///     U = clamp( tz( U[t−1]·β, 15 ) + Y, L )
    @inline(__always)
    private func integrate<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        let isCuBa = model.isCuBa
        let membranes = (workspace.arena + index(target.place)).assumingMemoryBound(to: State.self)
        let currents: UnsafeMutablePointer<State> = variable(workspace, 0)
        let input = workspace.int32s(source.place)
        let betas: Row<UInt16> = row(workspace, .beta)
        let alphas: Row<UInt16> = row(workspace, .alpha)
        let biases: Row<Int32> = row(workspace, .bias)
        let parameterCount = index(period)
        let shift = Int32(truncatingIfNeeded: fractionBits)
        var (k, events, changedCount) = tickWithVectors(workspace, membranes)
        for i in k..<index(source.count) {
            let membrane = membranes[i].value
            var drive = clamp((input[i] &<< shift) &+ biases[k], State.limit)
            if isCuBa {
                drive = clamp(State.decay(currents[i].value, alphas[k]) &+ drive, State.limit)
                currents[i] = State(narrowing: drive)
            }
            let updated = clamp(State.decay(membrane, betas[k]) &+ drive, State.limit)  // |sum| ≤ 2L < 2^31
            membranes[i] = State(narrowing: updated)
            events &+= updated != 0 ? 1 : 0
            changedCount &+= updated != membrane ? 1 : 0
            k = k &+ 1 == parameterCount ? 0 : k &+ 1
        }
        counters.add(events: events)
        if counters.isFull { counters.add(membraneUpdates: changedCount) }
    }
}
