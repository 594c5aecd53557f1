import Glibc

/// A float network runs a NIR graph tick by tick in floating point: it is the reference that integers are compared with.
/// `Scalar` is the precision; frameworks' own traces are in `Float`.
///
/// A batch is several windows that run side by side, each from rest: every array holds them one behind the other, and sums are
/// matrix products that come to the same bits on every processor. One window alone is added up column by column, as
/// frameworks do.
public struct FloatNetwork<Scalar: BinaryFloatingPoint> {
    public let graph: Graph
    public let schedule: Schedule
    public let dialect: Dialect
    /// Seconds per tick.
    public let dt: Double
    /// Windows of a batch; nil for one alone.
    public let batch: Int?

    /// Output of each node as the latest tick left it, the last index fastest.
    public private(set) var values: [String: [Scalar]] = [:]
    /// Membranes of the neurons, after the reset.
    public private(set) var membranes: [String: [Scalar]] = [:]
    private var cells: [String: NeuronCell<Scalar>] = [:]
    /// What all ticks so far computed; zeros unless asked for.
    public private(set) var operations = OperationCounts()
    private var fans: [String: LayerFan]?
    private var weights: [String: [Scalar]] = [:]
    /// Of a batch, the matrices of each node; several where a convolution has groups.
    private var products: [String: [ExactMatrix]] = [:]
    private var sources: [String: [String]] = [:]
    /// Late edges whose source runs before their target in a tick; other late edges read last tick's value by themselves.
    private var lateEdges: Set<Graph.Edge> = []
    /// Last tick's values of the sources of `lateEdges`.
    private var lateValues: [String: [Scalar]] = [:]
    private var delays: [String: Delay] = [:]
    private var delayedMatrices: [String: DelayedMatrix<Scalar>] = [:]
    private var lateInputs: [[Scalar]] = []

    /// - Parameters:
    ///   - batch: windows that run side by side; nil for one alone.
    ///   - countsOperations: of one window alone.
    /// - Throws: what this reference does not run (`file` is for messages).
    public init(
        _ graph: Graph, file: String, dialect: Dialect, dt: Double, batch: Int? = nil, countsOperations: Bool = false
    ) throws(NIRError) {
        precondition(batch == nil || !countsOperations)
        schedule = try Schedule(graph, file: file)
        (self.graph, self.dialect, self.dt, self.batch) = (graph, dialect, dt, batch)
        let windowCount = batch ?? 1
        for name in schedule.order {
            let count = schedule.shapes[name]!.reduce(1, *)
            values[name] = Array(repeating: 0, count: count * windowCount)
            sources[name] = graph.inputs(of: name).filter { schedule.shapes[$0] != nil }
            switch graph.nodes[name]! {
            case .neuron(let neuron):
                cells[name] = try NeuronCell<Scalar>(
                    neuron, count: count, batch: batch, dialect.of(name), dt, file: file, name: name)
                membranes[name] = cells[name]!.start
            case .affine(let weight, _), .block(let weight, _, _): weights[name] = columns(weight)
            case .delayedMatrix(let matrix): delayedMatrices[name] = DelayedMatrix(matrix)
            case .memory(let memory): weights[name] = columns(memory.a)
            case .convolution(let convolution): weights[name] = convolution.weight.values.map { Scalar($0) }
            case .delay(let delay):
                guard let ticks = delay.ticks(of: dt) else {
                    throw NIRError(
                        file, name, "delays by \(delay.values.max() ?? 0) s, expected 0 to 4095 ticks of \(dt) s")
                }
                delays[name] = Delay(
                    ticks: Array(repeating: 0, count: count).indices.map { ticks[ticks.count == 1 ? 0 : $0] })
            default: break
            }
            if batch != nil { products[name] = ExactMatrix.all(of: graph.nodes[name]!) }
        }
        let places = Dictionary(uniqueKeysWithValues: schedule.order.enumerated().map { ($1, $0) })
        lateEdges = schedule.recurrent.filter { places[$0.from]! < places[$0.to]! }
        // What an edge that carries last tick's value gives in the first tick: its node at rest, biases included.
        for name in schedule.order {
            switch graph.nodes[name]! {
            case .input, .neuron, .delay, .delayedMatrix, .threshold, .memory, .activation: break
            default: values[name] = run(name, sum(name))
            }
        }
        if countsOperations {
            fans = [:]
            for name in schedule.order {
                guard let source = sources[name]!.first, let from = schedule.shapes[source] else { continue }
                fans![name] = LayerFan(graph.nodes[name]!, from: from, to: schedule.shapes[name]!)
            }
        }
    }

    /// One tick. `frame` holds the elements of the Inputs, in the order of their names, each in that of its shape; of a batch, one
    /// frame behind the other.
    // Callers in other modules would run it unspecialized, thirty times slower.
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Float)
    public mutating func tick(_ frame: [Scalar]) {
        var input = frame
        if dialect.inputDelay > 0 {
            lateInputs.append(frame)
            input =
                lateInputs.count > dialect.inputDelay
                ? lateInputs.removeFirst() : Array(repeating: 0, count: frame.count)
        }
        for edge in lateEdges { lateValues[edge.from] = values[edge.from]! }
        let windowCount = batch ?? 1
        let frameCount = input.count / windowCount
        var taken = 0
        for name in schedule.inputNames {
            let count = values[name]!.count / windowCount
            values[name] = (0..<windowCount).flatMap {
                input[$0 * frameCount + taken..<$0 * frameCount + taken + count]
            }
            taken += count
        }
        for name in schedule.order {
            if case .input = graph.nodes[name]! { continue }
            let x = sum(name)
            if fans == nil { values[name] = run(name, x) } else { count(name, x) }
        }
    }

    /// Counts operations anew.
    public mutating func resetOperations() { operations = OperationCounts() }

    /// How far a neuron's membrane lay above its threshold when that was looked at in the latest tick, in
    /// thresholds; nil for a node that is no neuron.
    public func margin(of node: String, _ neuron: Int) -> Scalar? { cells[node]?.margins[neuron] }

    /// The greatest margin of a node's neurons; nil for a node that is no neuron.
    @_specialize(where Scalar == Double)
    public func greatestMargin(of node: String) -> Scalar? {
        cells[node].map { cell in cell.margins.reduce(-Scalar.infinity) { $1 > $0 ? $1 : $0 } }
    }

    /// Runs a node and counts what it does.
    private mutating func count(_ name: String, _ x: [Scalar]) {
        let (node, last) = (graph.nodes[name]!, membranes[name])
        if let fan = fans![name] {
            if case .memory = node { operations.add(fan, x + values[name]!) } else { operations.add(fan, x) }
        }
        values[name] = run(name, x)
        switch node {
        case .neuron, .threshold, .activation:
            operations.outputs += values[name]!.count
            operations.silentOutputs += values[name]!.count { $0 == 0 }
        default: break
        }
        if let last { operations.membraneUpdates += zip(last, membranes[name]!).count { $0 != $1 } }
    }

    /// What a node reads: the sum over its edges.
    private func sum(_ name: String) -> [Scalar] {
        let from = sources[name]!
        func value(_ source: String) -> [Scalar] {
            let isLate = !lateEdges.isEmpty && lateEdges.contains(Graph.Edge(from: source, to: name))
            return isLate ? lateValues[source] ?? values[source]! : values[source]!
        }
        var x = value(from[0])
        for other in from.dropFirst() {
            let more = value(other)
            for i in x.indices { x[i] += more[i] }
        }
        return x
    }

    private mutating func run(_ name: String, _ x: [Scalar]) -> [Scalar] {
        if let matrices = products[name] { return multiply(name, matrices, x) }
        switch graph.nodes[name]! {
        case .input, .output, .flatten, .unknown: return x
        case .scale(let scale): return x.indices.map { x[$0] * Scalar(scale.values[$0 % scale.count]) }
        case .threshold(let threshold):
            return x.indices.map { x[$0] > Scalar(threshold.values[$0 % threshold.count]) ? 1 : 0 }
        case .delay: return delays[name]!.tick(x)
        case .delayedMatrix: return delayedMatrices[name]!.tick(x)
        case .affine(_, let bias):
            return multiply(
                weights[name]!, x,
                onto: bias?.values.map { Scalar($0) } ?? Array(repeating: 0, count: values[name]!.count))
        case .convolution(let convolution):
            return convolve(convolution, weights[name]!, x, schedule.shapes[sources[name]![0]]!, schedule.shapes[name]!)
        case .pool(let pool):
            let shapes = [schedule.shapes[sources[name]![0]]!, schedule.shapes[name]!].map {
                $0.count == 3 ? $0 : [$0[0], 1, $0[1]]
            }
            return (0..<(batch ?? 1)).flatMap { self.pool(pool, x, window: $0, shapes[0], shapes[1]) }
        case .neuron: return cells[name]!.tick(x, &membranes[name]!)
        case .block(_, let bias, let groupCount):
            let one = bias?.values.map { Scalar($0) } ?? Array(repeating: 0, count: values[name]!.count / groupCount)
            return multiply(weights[name]!, x, groupCount: groupCount, onto: (0..<groupCount).flatMap { _ in one })
        case .memory(let memory):
            let b = memory.b.values.map { Scalar($0) }
            return multiply(
                weights[name]!, values[name]!, groupCount: x.count, onto: x.flatMap { u in b.map { $0 * u } })
        case .activation(.clip(let low, let high)): return x.map { max(Scalar(low), min(Scalar(high), $0)) }
        case .activation(.tanh): return x.map { Scalar(tanh(Double($0))) }
        case .activation(.sigmoid): return x.map { Scalar(1 / (1 + exp(-Double($0)))) }
        }
    }

    /// W·x + y, group by group; columns of zeros in x do no work. `weight` is column after column.
    private func multiply(_ weight: [Scalar], _ x: [Scalar], groupCount: Int = 1, onto y: [Scalar]) -> [Scalar] {
        var y = y
        let (rows, columns) = (y.count / groupCount, x.count / groupCount)
        weight.withUnsafeBufferPointer { weight in
            y.withUnsafeMutableBufferPointer { y in
                for (element, value) in x.enumerated() where value != 0 {
                    let (group, column) = element.quotientAndRemainder(dividingBy: columns)
                    for row in 0..<rows { y[group * rows + row] += weight[column * rows + row] * value }
                }
            }
        }
        return y
    }

    private func convolve(
        _ convolution: ConvolutionNode, _ weight: [Scalar], _ x: [Scalar], _ from: [Int], _ to: [Int]
    ) -> [Scalar] {
        let taps = Taps(convolution, from: from, to: to)
        let shape = convolution.weight.shape
        let (outputs, inputs, area) = (shape[0] / convolution.groups, shape[1], shape[2] * shape[3])
        var y = (0..<to[0]).flatMap { Array(repeating: Scalar(convolution.bias.values[$0]), count: taps.placeCount) }
        for (element, value) in x.enumerated() where value != 0 {
            taps.forEach(of: element) { channel, position, place in
                let group = channel / inputs
                for output in group * outputs..<(group + 1) * outputs {
                    y[output * taps.placeCount + place] +=
                        weight[(output * inputs + channel % inputs) * area + position] * value
                }
            }
        }
        return y
    }

    private func pool(_ pool: PoolNode, _ x: [Scalar], window: Int, _ from: [Int], _ to: [Int]) -> [Scalar] {
        let first = window * from.reduce(1, *)
        var y: [Scalar] = []
        y.reserveCapacity(to.reduce(1, *))
        for channel in 0..<to[0] {
            for row in 0..<to[1] {
                for column in 0..<to[2] {
                    var (sum, greatest) = (Scalar(0), -Scalar.infinity)
                    for sourceRow in row * pool.stride[0] - pool.padding[0]..<row * pool.stride[0] - pool.padding[0]
                        + pool.kernel[0]
                    where sourceRow >= 0 && sourceRow < from[1] {
                        for sourceColumn in column * pool.stride[1] - pool.padding[1]..<column * pool.stride[1]
                            - pool.padding[1] + pool.kernel[1]
                        where sourceColumn >= 0 && sourceColumn < from[2] {
                            let value = x[first + (channel * from[1] + sourceRow) * from[2] + sourceColumn]
                            sum += value
                            greatest = max(greatest, value)
                        }
                    }
                    switch pool.function {
                    case .sum: y.append(sum)
                    case .average: y.append(sum / Scalar(pool.kernel[0] * pool.kernel[1]))
                    case .maximum: y.append(greatest)
                    }
                }
            }
        }
        return y
    }

    /// A ring of the latest frames.
    private struct Delay {
        let ticks: [Int]
        var frames: [[Scalar]] = []

        init(ticks: [Int]) { self.ticks = ticks }

        mutating func tick(_ x: [Scalar]) -> [Scalar] {
            frames.append(x)
            if frames.count > (ticks.max() ?? 0) + 1 { frames.removeFirst() }
            return x.indices.map {
                frames.count > ticks[$0 % ticks.count] ? frames[frames.count - 1 - ticks[$0 % ticks.count]][$0] : 0
            }
        }
    }
}

/// The elements of a matrix, column after column.
private func columns<Scalar: BinaryFloatingPoint>(_ matrix: Tensor) -> [Scalar] {
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    return (0..<matrix.count).map { Scalar(matrix.values[$0 % rows * columns + $0 / rows]) }
}
