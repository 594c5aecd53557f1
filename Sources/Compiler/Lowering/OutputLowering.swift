import NIR

extension Lowered {
    /// True where a source's elements are numbers of spikes.
    func showsSpikes(_ source: Source) -> Bool {
        switch source {
        case .input: false
        case .population(let number): populations[number].neuron.fires
        case .delay(let number): showsSpikes(delays[number].source)
        case .pool(let number): pools[number].node.function == .maximum && showsSpikes(pools[number].source)
        }
    }

    /// The network that shows what a readout rule reads: for `membrane` the membranes of the neurons that are its output.
    ///
    /// - Throws: a rule that the output's neurons do not have.
    func showing(_ rule: ReadoutRule?) throws(CompileError) -> Lowered {
        let name = populations[shown ?? output].name
        switch rule {
        case .spikes where !isOutputSummed:
            throw CompileError("\(name): shows no spikes to count; --readout last, sum, mean or max read its values")
        case .membrane:
            guard let shown else {
                throw CompileError(
                    "\(name): shows a sum and no neurons with membranes; --readout last reads its last tick")
            }
            if !populations[shown].neuron.fires { return self }
            guard let membranes = populations[shown].membranes else { return try showingMembranes(of: shown) }
            var network = self
            try network.showMembranes(membranes)
            return network
        default: return self
        }
    }

    /// The network whose output leaks behind the readout's point: counts of spikes, of which leaks would leave whole numbers, come
    /// through neurons that forget.
    func leaking() -> Lowered {
        let fired = populations[output]
        if !fired.neuron.fires { return self }
        var network = self
        network.output = populations.count
        network.populations.append(
            Population(
                name: "\(fired.name).leaking", neuron: NeuronModel(.neurons, count: fired.count), shape: fired.shape,
                terms: [Term(source: .population(output), count: fired.count)],
                bias: Array(repeating: 0, count: fired.count), isNode: false))
        return network
    }

    /// Membranes of neurons that fire are shown by neurons without spikes that take the same input and, for each spike, what it takes
    /// from the membrane: U = keep·U + x − θ·S, S of this tick or of the last.
    private func showingMembranes(of number: Int) throws(CompileError) -> Lowered {
        let fired = populations[number]
        let (neuron, name) = (fired.neuron, "\(fired.name).membrane")
        guard neuron.reset == .subtract, neuron.refractoryTicks == 0, neuron.thresholdStep.isEmpty else {
            throw CompileError(
                "\(fired.name): its membranes cannot be read out: a spike does not take a constant from them, so that no sum of inputs follows them; --readout spikes counts its spikes"
            )
        }
        var network = self
        var (terms, bias) = (fired.terms, fired.bias)
        var model = NeuronModel(.neurons, count: fired.count)
        (model.keep, model.drive) = (neuron.keep, neuron.drive)
        if neuron.currentKeep.isEmpty {
            // What a spike takes is not multiplied by the gain of the input.
            terms = terms.map {
                Term(source: $0.source, map: $0.map.scaled(rows: neuron.gain)!, isLate: $0.isLate, delays: $0.delays)
            }
            bias = zip(bias, neuron.gain).map { $0 * $1 }
        } else {
            let currents = network.addCurrents(of: fired, name: "\(name).current")
            (terms, bias) = ([Term(source: .population(currents), count: fired.count)], bias.map { _ in 0 })
        }
        terms.append(
            Term(
                source: .population(number), map: .diagonal(neuron.threshold.map { -$0 }),
                isLate: neuron.resetDelay == .next))
        network.populations.append(
            Population(
                name: name, neuron: model, shape: fired.shape, terms: terms, bias: bias, isNode: false))
        network.populations[network.populations.count - 1].neuron.origin = neuron.origin
        try network.showMembranes(network.populations.count - 1)
        return network
    }

    /// Shows a population's membranes as the voltages that they stand for.
    private mutating func showMembranes(_ number: Int) throws(CompileError) {
        let membranes = populations[number]
        isOutputSummed = false
        try show(
            Signal(.population(number), membranes.shape).plus(membranes.neuron.origin), name: "\(membranes.name).shown")
    }

    /// Shows a signal: by the population that it is, or by neurons that forget, v = x, which bring elements that lie channels last into
    /// NIR's order.
    mutating func show(_ signal: Signal, name: String, isNode: Bool = false) throws(CompileError) {
        if case .population(let number)? = signal.plain, try Placement.channels(self)[.population(number)] == nil {
            output = number
            return
        }
        output = populations.count
        populations.append(
            Population(
                name: name, neuron: NeuronModel(.neurons, count: signal.constant.count), shape: signal.shape,
                terms: signal.terms, bias: signal.constant, isNode: isNode))
    }

    /// Adds the synaptic currents of neurons as a population of its own, I = currentKeep·I + gain·x.
    ///
    /// - Returns: its number.
    mutating func addCurrents(of population: Population, name: String) -> Int {
        var model = NeuronModel(.neurons, count: population.bias.count)
        (model.keep, model.gain) = (population.neuron.currentKeep, population.neuron.gain)
        populations.append(
            Population(
                name: name, neuron: model, shape: population.shape, terms: population.terms, bias: population.bias,
                isNode: false))
        return populations.count - 1
    }
}

extension Lowered.Term {
    /// A source of `count` elements as it stands, of this tick.
    init(source: Lowered.Source, count: Int) {
        self.init(source: source, map: .diagonal(Array(repeating: 1, count: count)), isLate: false)
    }
}

extension GraphLowering {
    /// Shows the population that the Output reads; a weighted sum, or several Outputs, by neurons that forget: v = x.
    ///
    /// - Throws: several Outputs that nobody wants in one, or that do not go together.
    mutating func showOutputs(concatenated: Bool) throws(CompileError) {
        let names = schedule.outputNames
        if names.count > 1 && !concatenated {
            throw CompileError(
                "the graph has the Outputs \(names.joined(separator: ", ")), where a file has one result; --outputs concatenate shows their values one behind the other, or take out those that are not wanted"
            )
        }
        let shown = try names.map { (name) throws(CompileError) in try gathered(name) { !$0.hasConvolution } }
        let showSpikes = shown.map { $0.alone.map { lowered.showsSpikes($0.source) } ?? false }
        if let odd = showSpikes.firstIndex(of: !showSpikes[0]) {
            throw CompileError(
                "the Outputs \(names[0]) and \(names[odd]) show spikes and other values, which one readout does not read; take out one of the two"
            )
        }
        lowered.isOutputSummed = showSpikes[0]
        if names.count == 1 {
            if case .population(let number)? = shown[0].plain { lowered.shown = number }
            return try lowered.show(shown[0], name: names[0], isNode: true)
        }
        lowered.classNames = zip(names, shown).flatMap { name, signal in
            signal.constant.indices.map { "\(name).\($0)" }
        }
        try lowered.show(GraphLowering.concatenated(shown), name: names.joined(separator: "+"))
    }

    /// Signals one behind the other.
    private static func concatenated(_ signals: [Signal]) -> Signal {
        let count = signals.reduce(0) { $0 + $1.constant.count }
        var whole = Signal(terms: [], constant: [], shape: [count])
        for signal in signals {
            for term in signal.terms {
                let (before, behind) = (whole.constant.count, count - whole.constant.count - signal.constant.count)
                func padded<Value>(_ values: [Value], _ zero: Value) -> [Value] {
                    if values.isEmpty { return values }
                    return Array(repeating: zero, count: before * term.map.columns) + values
                        + Array(repeating: zero, count: behind * term.map.columns)
                }
                whole.terms.append(
                    Lowered.Term(
                        source: term.source,
                        map: .dense(rows: count, columns: term.map.columns, values: padded(term.map.full, 0)),
                        isLate: term.isLate, delays: padded(term.delays, 0)))
            }
            whole.constant += signal.constant
        }
        return whole
    }
}

extension Signal {
    /// This signal and a constant, which may be none.
    func plus(_ constant: [Double]) -> Signal {
        if constant.isEmpty { return self }
        return Signal(terms: terms, constant: zip(self.constant, constant).map { $0 + $1 }, shape: shape)
    }
}
