import NIR

extension Lowered {
    /// Lowers the nodes of a graph in the order of its schedule.
    ///
    /// - Parameters:
    ///   - dialect: how neurons take a step and reset.
    ///   - dt: seconds per tick.
    /// - Throws: what the format, or integers, do not have, named by its node.
    init(_ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double) throws(CompileError) {
        var lowering = GraphLowering(graph: graph, schedule: schedule, dialect: dialect, dt: dt)
        for name in schedule.order {
            do { try lowering.lower(name) } catch { throw error.at(name) }
        }
        try lowering.addLateTerms()
        try lowering.showOutput()
        self = lowering.lowered
        for i in populations.indices {
            for j in populations[i].terms.indices { populations[i].terms[j].map = populations[i].terms[j].map.compact }
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
        note { () throws(CompileError) in try lowering.showOutput() }
        if found.isEmpty { note { () throws(CompileError) in _ = try Placement(lowering.lowered) } }
        return found
    }
}

/// A graph lowering holds what each node gives while a graph becomes populations and maps.
private struct GraphLowering {
    let graph: Graph
    let schedule: Schedule
    let dialect: Dialect
    let dt: Double
    var lowered = Lowered()
    private var signals: [String: Signal] = [:]
    /// Numbers of the populations, by node.
    private var numbers: [String: Int] = [:]
    private var outputs: [String] = []

    init(graph: Graph, schedule: Schedule, dialect: Dialect, dt: Double) {
        (self.graph, self.schedule, self.dialect, self.dt) = (graph, schedule, dialect, dt)
    }

    /// What enters a node over edges of this tick.
    private func gathered(_ name: String) throws(CompileError) -> Signal {
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
        case .input:
            if !lowered.inputShape.isEmpty {
                throw CompileError("\(name): a second Input, where the format has one stream")
            }
            lowered.inputShape = shape
            signals[name] = Signal(.input, shape)
            if dialect.inputDelay == 1 { signals[name]!.terms[0].isLate = true }
        case .output: outputs.append(name)
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
        case .neuron(let neuron):
            addPopulation(name, try NeuronModel(neuron, count, name, dialect, dt), shape, try gathered(name))
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

    private mutating func addPopulation(_ name: String, _ model: NeuronModel, _ shape: [Int], _ signal: Signal) {
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

    /// Shows the population that the output node reads; a weighted sum by neurons that forget: v = x.
    mutating func showOutput() throws(CompileError) {
        guard outputs.count == 1 else {
            throw CompileError("the graph has \(outputs.count) Output nodes, where the format has one")
        }
        let shown = try gathered(outputs[0])
        if case .population(let number)? = shown.plain {
            lowered.output = number
            lowered.isOutputSummed = lowered.populations[number].neuron.fires
            return
        }
        lowered.output = lowered.populations.count
        let model = NeuronModel(.neurons, count: shown.shape.reduce(1, *))
        lowered.populations.append(
            Lowered.Population(
                name: outputs[0], neuron: model, shape: shown.shape, terms: shown.terms, bias: shown.constant))
    }
}
