import NIR

extension Lowered {
    /// Lowers the nodes of a graph in the order of its schedule.
    ///
    /// - Parameters:
    ///   - dialect: how neurons take a step and reset.
    ///   - dt: seconds per tick.
    ///   - concatenatesOutputs: several Outputs are shown one behind the other.
    /// - Throws: what the format, or integers, do not have, named by its node.
    init(_ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, concatenatesOutputs: Bool = false)
        throws(CompileError)
    {
        var lowering = GraphLowering(graph: graph, schedule: schedule, dialect: dialect, dt: dt)
        for name in schedule.order {
            do { try lowering.lower(name) } catch { throw error.at(name) }
        }
        try lowering.addLateTerms()
        try lowering.showOutputs(concatenated: concatenatesOutputs)
        self = lowering.lowered
        for i in populations.indices {
            for j in populations[i].terms.indices where populations[i].terms[j].delays.isEmpty {
                populations[i].terms[j].map = populations[i].terms[j].map.compact
            }
        }
    }
}

extension Lowered {
    /// All that keeps a graph from being lowered, as far as one reason does not follow from another: a node at fault stands as
    /// neurons of its shape for what reads it.
    static func obstacles(_ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double) -> [CompileError] {
        var lowering = GraphLowering(graph: graph, schedule: schedule, dialect: dialect, dt: dt)
        var found: [CompileError] = []
        func note(_ body: () throws(CompileError) -> Void) {
            do throws(CompileError) { try body() } catch { found.append(error) }
        }
        for name in schedule.order {
            do throws(CompileError) { try lowering.lower(name) } catch {
                found.append(error.at(name))
                lowering.standIn(for: name)
            }
        }
        note { () throws(CompileError) in try lowering.addLateTerms() }
        note { () throws(CompileError) in try lowering.showOutputs(concatenated: true) }
        if found.isEmpty { note { () throws(CompileError) in _ = try Placement(lowering.lowered) } }
        return found
    }
}

/// A graph lowering holds what each node gives while a graph becomes populations and maps.
struct GraphLowering {
    let graph: Graph
    let schedule: Schedule
    let dialect: Dialect
    let dt: Double
    var lowered = Lowered()
    var signals: [String: Signal] = [:]
    /// Signals of nodes that have become populations since, as they were.
    var unfolded: [String: Signal] = [:]
    /// Numbers of the populations, by node.
    var numbers: [String: Int] = [:]

    init(graph: Graph, schedule: Schedule, dialect: Dialect, dt: Double) {
        (self.graph, self.schedule, self.dialect, self.dt) = (graph, schedule, dialect, dt)
    }

    /// The nodes that a node reads in the same tick.
    func sources(of name: String) throws(CompileError) -> [String] {
        let from = graph.inputs(of: name).filter {
            schedule.shapes[$0] != nil && !schedule.recurrent.contains(Graph.Edge(from: $0, to: name))
        }
        if from.isEmpty { throw CompileError("\(name): reads nothing but recurrent edges") }
        return from
    }

    /// What enters a node over edges of this tick.
    func gathered(_ name: String) throws(CompileError) -> Signal {
        let from = try sources(of: name)
        var signal = signals[from[0]]!
        for other in from.dropFirst() { signal.add(signals[other]!) }
        return signal
    }

    mutating func lower(_ name: String) throws(CompileError) {
        let shape = schedule.shapes[name]!
        let count = shape.reduce(1, *)
        switch graph.nodes[name]! {
        case .input: addInput(name, shape)
        case .output: break
        case .affine(let weight, let bias):
            let map = LinearMap.dense(rows: weight.shape[0], columns: weight.shape[1], values: weight.values)
            try self.map(name, by: map, plus: bias?.values, shape)
        case .delayedMatrix(let matrix): try addDelayedMatrix(name, matrix, shape)
        case .scale(let scale): try map(name, by: .diagonal(scale.values(for: count)), shape)
        case .flatten:
            var signal = try gathered(name)
            signal.shape = shape
            signals[name] = signal
        case .delay(let times): try addDelay(name, times, shape)
        case .threshold(let threshold):
            var model = NeuronModel(.neurons, count: count)
            model.threshold = threshold.values(for: count)
            addPopulation(name, model, shape, try gathered(name))
        case .neuron(let neuron): try addNeurons(name, neuron, shape)
        case .convolution(let convolution):
            let signal = try gathered(name)
            let map = ConvolutionMap(
                node: convolution, from: threeDimensional(signal.shape), to: threeDimensional(shape),
                factors: Array(repeating: 1, count: shape[0]))
            let positionCount = count / shape[0]
            let bias = (0..<count).map { convolution.bias.values[$0 / positionCount] }
            try self.map(name, by: .convolution(map), plus: bias, shape)
        case .block(let weight, let bias, let groupCount):
            let map = BlockMap(
                groupCount: groupCount, rows: weight.shape[0], columns: weight.shape[1], values: weight.values)
            let biases = bias.map { bias in (0..<count).map { bias.values[$0 % map.rows] } }
            try self.map(name, by: .block(map), plus: biases, shape)
        case .memory(let memory):
            let signal = try gathered(name) { !$0.hasConvolution }
            addPopulation(name, NeuronModel(.memory(memory), count: signal.constant.count), shape, signal)
        case .activation(let activation):
            addPopulation(name, NeuronModel(.activation(activation), count: count), shape, try gathered(name))
        case .pool(let pool): try addPool(name, pool, shape)
        case .unknown(let type): throw CompileError("\(name): \"\(type)\" is no primitive of NIR 1.0")
        }
    }

    mutating func addPopulation(_ name: String, _ model: NeuronModel, _ shape: [Int], _ signal: Signal) {
        numbers[name] = lowered.populations.count
        signals[name] = Signal(.population(lowered.populations.count), shape)
        lowered.populations.append(
            Lowered.Population(name: name, neuron: model, shape: shape, terms: signal.terms, bias: signal.constant))
    }

    /// Neurons that read nothing, in place of a node.
    mutating func standIn(for name: String) {
        let shape = schedule.shapes[name]!
        let count = shape.reduce(1, *)
        let silence = Signal(terms: [], constant: Array(repeating: 0, count: count), shape: shape)
        addPopulation(name, NeuronModel(.neurons, count: count), shape, silence)
    }

    /// Adds what neurons read over edges of last tick.
    mutating func addLateTerms() throws(CompileError) {
        for edge in schedule.recurrent.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            guard let number = numbers[edge.to] else {
                throw CompileError("\(edge.to): recurrence that does not end in neurons")
            }
            let population = lowered.populations[number]
            var signal = Signal(terms: population.terms, constant: population.bias, shape: [])
            var late = unfolded[edge.from] ?? signals[edge.from]!
            for i in late.terms.indices {
                if late.terms[i].isLate {
                    throw CompileError(
                        "\(edge.from) to \(edge.to): recurrence of more than one tick; put a Delay there")
                }
                late.terms[i].isLate = true
            }
            signal.add(late)
            (lowered.populations[number].terms, lowered.populations[number].bias) = (signal.terms, signal.constant)
        }
    }
}
