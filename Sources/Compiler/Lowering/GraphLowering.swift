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
        for name in schedule.order { try lowering.lower(name) }
        try lowering.addLateTerms()
        try lowering.showOutputs(concatenated: concatenatesOutputs)
        self = lowering.lowered
        for i in populations.indices {
            for j in populations[i].terms.indices { populations[i].terms[j].map = populations[i].terms[j].map.compact }
        }
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
    /// Numbers of the populations, by node.
    var numbers: [String: Int] = [:]

    init(graph: Graph, schedule: Schedule, dialect: Dialect, dt: Double) {
        (self.graph, self.schedule, self.dialect, self.dt) = (graph, schedule, dialect, dt)
    }

    /// What enters a node over edges of this tick.
    func gathered(_ name: String) throws(CompileError) -> Signal {
        let from = graph.inputs(of: name).filter {
            schedule.shapes[$0] != nil && !schedule.recurrent.contains(Graph.Edge(from: $0, to: name))
        }
        guard let first = from.first else { throw CompileError("\(name): reads nothing but recurrent edges") }
        var signal = signals[first]!
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
            signals[name] = try gathered(name).mapped(by: map, plus: bias?.values, shape, name)
        case .scale(let scale):
            signals[name] = try gathered(name).mapped(
                by: .diagonal(scale.values(for: count)), plus: nil, shape, name)
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
            signals[name] = try signal.mapped(by: .convolution(map), plus: bias, shape, name)
        case .block(let weight, let bias, let groupCount):
            let map = BlockMap(
                groupCount: groupCount, rows: weight.shape[0], columns: weight.shape[1], values: weight.values)
            let biases = bias.map { bias in (0..<count).map { bias.values[$0 % map.rows] } }
            signals[name] = try gathered(name).mapped(by: .block(map), plus: biases, shape, name)
        case .memory(let memory):
            let signal = try gathered(name)
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

    private mutating func addDelay(_ name: String, _ times: Tensor, _ shape: [Int]) throws(CompileError) {
        guard let (source, isLate) = try gathered(name).alone else {
            throw CompileError(
                "\(name): delays a sum or a weighted signal; put the Delay right behind neurons or the Input")
        }
        guard let ticks = times.ticks(of: dt), !isLate || ticks.max()! < 4095 else {
            throw CompileError("\(name): delays by \(times.values.max()!) s, expected 0 to 4095 ticks of \(dt) s")
        }
        let count = shape.reduce(1, *)
        let perElement = count == ticks.count ? ticks : Array(repeating: ticks[0], count: count)
        signals[name] = Signal(.delay(lowered.delays.count), shape)
        // A delay reads this tick's value, so that one of last tick's counts one more.
        lowered.delays.append(Lowered.Delay(source: source, ticks: perElement.map { isLate ? $0 + 1 : $0 }))
    }

    private mutating func addPool(_ name: String, _ pool: PoolNode, _ shape: [Int]) throws(CompileError) {
        let signal = try gathered(name)
        if pool.function == .maximum, signal.plain == nil {
            signals[name] = try signal.maxima(pool, shape, name)
            return
        }
        guard let source = signal.plain else {
            throw CompileError("\(name): pools a sum, a weighted or a late signal; put neurons between the two")
        }
        signals[name] = Signal(.pool(lowered.pools.count), shape)
        lowered.pools.append(
            Lowered.Pool(source: source, node: pool, from: threeDimensional(signal.shape), to: threeDimensional(shape)))
    }

    /// Adds what neurons read over edges of last tick.
    mutating func addLateTerms() throws(CompileError) {
        for edge in schedule.recurrent.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            guard let number = numbers[edge.to] else {
                throw CompileError("\(edge.to): recurrence that does not end in neurons")
            }
            let population = lowered.populations[number]
            var signal = Signal(terms: population.terms, constant: population.bias, shape: [])
            var late = signals[edge.from]!
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
