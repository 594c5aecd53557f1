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
        let neuron = populations[output].neuron
        switch rule {
        case .spikes where !isOutputSummed:
            throw CompileError(
                "\(populations[output].name): shows no spikes to count; --readout last, sum, mean or max read its values"
            )
        case .membrane where populations[output].membranes != nil:
            var network = self
            (network.output, network.isOutputSummed) = (populations[output].membranes!, false)
            return network
        case .membrane where neuron.fires: return try showingMembranes()
        default: return self
        }
    }

    /// The membranes of the output's neurons are shown by neurons without spikes that take the same input and, for each spike,
    /// what it takes from the membrane: U = keep·U + x − θ·S, S of this tick or of the last.
    private func showingMembranes() throws(CompileError) -> Lowered {
        let fired = populations[output]
        guard fired.neuron.reset == .subtract, fired.neuron.refractoryTicks == 0 else {
            throw CompileError(
                "\(fired.name): its membranes cannot be read out: a spike sets them to a value, which no sum of inputs does; --readout spikes counts its spikes, --reset subtract is another network"
            )
        }
        var network = self
        var (terms, bias) = (fired.terms, fired.bias)
        var model = NeuronModel(.neurons, count: fired.count)
        (model.keep, model.drive) = (fired.neuron.keep, fired.neuron.drive)
        if fired.neuron.currentKeep.isEmpty {
            // What a spike takes is not multiplied by the gain of the input.
            terms = try terms.map { (term) throws(CompileError) in
                guard let map = term.map.scaled(rows: fired.neuron.gain) else {
                    throw CompileError("\(fired.name): R differs between positions of a channel")
                }
                var scaled = term
                scaled.map = map
                return scaled
            }
            bias = zip(bias, fired.neuron.gain).map { $0 * $1 }
        } else {
            let currents = network.addCurrents(of: fired, name: "\(fired.name).membrane.current")
            (terms, bias) = ([Term(source: .population(currents), count: fired.count)], bias.map { _ in 0 })
        }
        terms.append(
            Term(
                source: .population(output), map: .diagonal(fired.neuron.threshold.map { -$0 }),
                isLate: fired.neuron.resetDelay == .next))
        network.output = network.populations.count
        network.isOutputSummed = false
        network.populations.append(
            Population(
                name: "\(fired.name).membrane", neuron: model, shape: fired.shape, terms: terms, bias: bias,
                isNode: false))
        if fired.neuron.origin.contains(where: { $0 != 0 }) {
            // Membranes of different zeros compare only with these added.
            network.populations.append(
                Population(
                    name: "\(fired.name).voltage", neuron: NeuronModel(.neurons, count: fired.count),
                    shape: fired.shape, terms: [Term(source: .population(network.output), count: fired.count)],
                    bias: fired.neuron.origin, isNode: false))
            network.output += 1
        }
        return network
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
        var shown: [Signal] = []
        for name in names { shown.append(try gathered(name) { !$0.hasConvolution }) }
        // The output's elements are in NIR's order, which neurons that forget bring them into where channels lie last.
        if names.count == 1, case .population(let number)? = shown[0].plain,
            try Placement.channels(lowered)[.population(number)] == nil
        {
            lowered.output = number
            lowered.isOutputSummed = lowered.populations[number].neuron.fires
            return
        }
        let showSpikes = shown.map { $0.alone.map { lowered.showsSpikes($0.source) } ?? false }
        if let odd = showSpikes.firstIndex(of: !showSpikes[0]) {
            throw CompileError(
                "the Outputs \(names[0]) and \(names[odd]) show spikes and other values, which one readout does not read; take out one of the two"
            )
        }
        var signal = shown[0]
        if names.count > 1 {
            signal = try GraphLowering.concatenated(shown, names)
            lowered.classNames = zip(names, shown).flatMap { name, signal in
                signal.constant.indices.map { "\(name).\($0)" }
            }
        }
        (lowered.output, lowered.isOutputSummed) = (lowered.populations.count, showSpikes[0])
        lowered.populations.append(
            Lowered.Population(
                name: names.joined(separator: "+"), neuron: NeuronModel(.neurons, count: signal.constant.count),
                shape: signal.shape, terms: signal.terms, bias: signal.constant, isNode: names.count == 1))
    }

    /// Signals one behind the other.
    private static func concatenated(_ signals: [Signal], _ names: [String]) throws(CompileError) -> Signal {
        let count = signals.reduce(0) { $0 + $1.constant.count }
        var whole = Signal(terms: [], constant: [], shape: [count])
        for (signal, name) in zip(signals, names) {
            for term in signal.terms {
                if !term.delays.isEmpty {
                    throw CompileError(
                        "\(name): shows weights with delays beside another Output; put neurons between the two")
                }
                let columns = term.map.columns
                let before = Array(repeating: 0.0, count: whole.constant.count * columns)
                let behind = (count - whole.constant.count - signal.constant.count) * columns
                let values = before + term.map.full + Array(repeating: 0.0, count: behind)
                whole.terms.append(
                    Lowered.Term(
                        source: term.source, map: .dense(rows: count, columns: columns, values: values),
                        isLate: term.isLate))
            }
            whole.constant += signal.constant
        }
        return whole
    }
}
