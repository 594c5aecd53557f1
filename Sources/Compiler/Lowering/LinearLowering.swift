import NIR

/// These functions lower nodes that only weight, add up, pool or delay. What does not become one map gets neurons in between that
/// forget, v = x: a population of sums.
extension GraphLowering {
    /// Lowers a node that maps what it reads.
    mutating func map(_ name: String, by map: LinearMap, plus bias: [Double]? = nil, _ shape: [Int])
        throws(CompileError)
    {
        if let whole = try gathered(name).mapped(by: map, plus: bias, shape) {
            signals[name] = whole
            return
        }
        signals[name] = try mappedApart(name, by: map, plus: bias, shape)
    }

    /// What a node gives, each of the nodes that it reads mapped for itself.
    private mutating func mappedApart(
        _ name: String, by map: LinearMap, plus bias: [Double]? = nil, _ shape: [Int]
    ) throws(CompileError) -> Signal {
        var sum = Signal(terms: [], constant: bias ?? Array(repeating: 0, count: shape.reduce(1, *)), shape: shape)
        for from in try sources(of: name) {
            if let mapped = signals[from]!.mapped(by: map, shape) {
                sum.add(mapped)
            } else {
                makePopulation(of: from)
                sum.add(signals[from]!.mapped(by: map, shape)!)  // any map follows neurons as they stand
            }
        }
        return sum
    }

    /// Makes a population of the sums that a node gives; what comes behind reads that.
    private mutating func makePopulation(of name: String) {
        let signal = signals[name]!
        unfolded[name] = signal
        signals[name] = addSums(name, signal, isNode: true)
    }

    private mutating func addSums(_ name: String, _ signal: Signal, isNode: Bool) -> Signal {
        let number = lowered.populations.count
        lowered.populations.append(
            Lowered.Population(
                name: name, neuron: NeuronModel(.neurons, count: signal.constant.count), shape: signal.shape,
                terms: signal.terms, bias: signal.constant, isNode: isNode))
        return Signal(.population(number), signal.shape)
    }

    /// The source of what a node reads as it stands, by a population of its sum if need be.
    private mutating func standing(before name: String) throws(CompileError) -> Signal {
        let signal = try gathered(name)
        if signal.plain != nil { return signal }
        let from = try sources(of: name)
        guard from.count == 1 else { return addSums("\(name).sum", signal, isNode: false) }
        makePopulation(of: from[0])
        return signals[from[0]]!
    }

    /// What enters a node, once the nodes whose signals do not fit it have become populations.
    mutating func gathered(_ name: String, fitting fits: (Signal) -> Bool) throws(CompileError) -> Signal {
        for from in try sources(of: name) where !fits(signals[from]!) { makePopulation(of: from) }
        return try gathered(name)
    }
}

extension GraphLowering {
    /// Maxima read what stands, or one convolution; sums and averages are linear.
    mutating func addPool(_ name: String, _ pool: PoolNode, _ shape: [Int]) throws(CompileError) {
        let (signal, from) = (try gathered(name), threeDimensional(try gathered(name).shape))
        if pool.function == .maximum {
            if signal.plain == nil, let maxima = signal.maxima(pool, shape) {
                signals[name] = maxima
            } else {
                signals[name] = pooled(try standing(before: name).plain!, pool, from, shape)
            }
            return
        }
        let parts = try sources(of: name).map { signals[$0]! }
        if parts.allSatisfy({ canPool($0) }) {
            var sum = pooled(parts[0].plain!, pool, from, shape)
            for part in parts.dropFirst() { sum.add(pooled(part.plain!, pool, from, shape)) }
            signals[name] = sum
        } else {
            let map = ConvolutionMap(pool, from: from, to: threeDimensional(shape))
            try self.map(name, by: .convolution(map), shape)
        }
    }

    /// A pool op sums spikes, activations and the input; membranes are convolved, which shifts them as they are read.
    private func canPool(_ signal: Signal) -> Bool {
        guard let source = signal.plain else { return false }
        return !lowered.isMembrane(source)
    }

    private mutating func pooled(_ source: Lowered.Source, _ pool: PoolNode, _ from: [Int], _ shape: [Int]) -> Signal {
        lowered.pools.append(Lowered.Pool(source: source, node: pool, from: from, to: threeDimensional(shape)))
        return Signal(.pool(lowered.pools.count - 1), shape)
    }
}

extension GraphLowering {
    mutating func addDelay(_ name: String, _ times: Tensor, _ shape: [Int]) throws(CompileError) {
        let signal = try gathered(name)
        let isLate = signal.alone?.isLate ?? false
        guard let ticks = times.ticks(of: dt), !isLate || ticks.max()! < Lowered.greatestDelay else {
            throw CompileError("\(name): delays by \(times.values.max()!) s, expected 0 to 4095 ticks of \(dt) s")
        }
        let count = shape.reduce(1, *)
        let perElement = count == ticks.count ? ticks : Array(repeating: ticks[0], count: count)
        if let (source, isLate) = signal.alone {
            // A delay reads this tick's value, so that one of last tick's counts one more.
            signals[name] = delayed(source, perElement.map { isLate ? $0 + 1 : $0 }, shape)
        } else if let delayed = delayedSources(signal, perElement, shape) {
            signals[name] = delayed
        } else if let delayed = signal.delayed(by: perElement) {
            signals[name] = delayed
        } else {
            signals[name] = delayed(try standing(before: name).plain!, perElement, shape)
        }
    }

    /// A delay that all elements share may as well come before any map, one of each element before its factor; but not before a
    /// bias, since nothing comes in the first ticks.
    private mutating func delayedSources(_ signal: Signal, _ ticks: [Int], _ shape: [Int]) -> Signal? {
        let isShared = ticks.allSatisfy { $0 == ticks[0] }
        let canMove = signal.terms.allSatisfy { term in
            if term.isLate || !term.delays.isEmpty { return false }
            if case .diagonal = term.map { return true }
            return isShared
        }
        guard canMove, signal.constant.allSatisfy({ $0 == 0 }) else { return nil }
        var moved = signal
        for (i, term) in signal.terms.enumerated() {
            let own = isShared ? Array(repeating: ticks[0], count: lowered.count(term.source)) : ticks
            let source = delayed(term.source, own, shape).terms[0].source
            moved.terms[i] = Lowered.Term(source: source, map: term.map, isLate: false)
        }
        return moved
    }

    private mutating func delayed(_ source: Lowered.Source, _ ticks: [Int], _ shape: [Int]) -> Signal {
        lowered.delays.append(Lowered.Delay(source: source, ticks: ticks))
        return Signal(.delay(lowered.delays.count - 1), shape)
    }

    /// Lowers a matrix whose weights have delays of their own, in ticks.
    mutating func addDelayedMatrix(_ name: String, _ node: DelayedMatrixNode, _ shape: [Int]) throws(CompileError) {
        let map = LinearMap.dense(
            rows: node.weight.shape[0], columns: node.weight.shape[1], values: node.weight.values)
        // A bias before it comes late, so that it needs neurons that hold it.
        let signal = try gathered(name) { signal in
            signal.constant.allSatisfy { $0 == 0 }
                && signal.terms.allSatisfy { term in
                    if case .diagonal = term.map { term.delays.isEmpty } else { false }
                }
        }
        var delayed = signal.mapped(by: map, shape)!  // diagonals are taken into the columns
        for i in delayed.terms.indices { delayed.terms[i].delays = node.delays }
        signals[name] = delayed
    }
}
