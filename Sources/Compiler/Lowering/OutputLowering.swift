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
                "\(populations[output].name): shows no spikes to count; --readout last, sum, mean or max read its values")
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
                return Term(source: term.source, map: map, isLate: term.isLate)
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
