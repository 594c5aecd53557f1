import Foundation

/// Runs a NIR graph tick by tick in floating point: the reference that integers are compared with. `Scalar` is the
/// precision; frameworks' own traces are in `Float`.
public struct FloatNetwork<Scalar: BinaryFloatingPoint> {
    public let graph: Graph
    public let schedule: Schedule
    public let dialect: Dialect
    /// Seconds per tick.
    public let dt: Double

    /// Output of each node as the latest tick left it, the last index fastest.
    public private(set) var values: [String: [Scalar]] = [:]
    /// Membranes of the neurons, after the reset.
    public private(set) var membranes: [String: [Scalar]] = [:]
    private var cells: [String: NeuronCell<Scalar>] = [:]
    private var weights: [String: [Scalar]] = [:]
    private var sources: [String: [String]] = [:]
    private var delays: [String: Delay] = [:]
    private var lateInputs: [[Scalar]] = []

    /// - Throws: what this reference does not run (`file` is for messages).
    public init(_ graph: Graph, file: String, dialect: Dialect, dt: Double) throws(NIRError) {
        schedule = try Schedule(graph, file: file)
        (self.graph, self.dialect, self.dt) = (graph, dialect, dt)
        for name in schedule.order {
            let count = schedule.shapes[name]!.reduce(1, *)
            values[name] = Array(repeating: 0, count: count)
            sources[name] = graph.inputs(of: name).filter { schedule.shapes[$0] != nil }
            switch graph.nodes[name]! {
            case .neuron(let neuron):
                cells[name] = try NeuronCell<Scalar>(neuron, count: count, dialect, dt, file: file, name: name)
                membranes[name] = cells[name]!.start
            case .affine(let weight, _), .block(let weight, _, _): weights[name] = weight.values.map { Scalar($0) }
            case .memory(let memory): weights[name] = memory.a.values.map { Scalar($0) }
            case .convolution(let convolution): weights[name] = convolution.weight.values.map { Scalar($0) }
            case .delay(let delay):
                guard let ticks = delay.ticks(of: dt) else {
                    throw NIRError(file, name, "delays by \(delay.values.max() ?? 0) s, expected 0 to 4095 ticks of \(dt) s")
                }
                delays[name] = Delay(ticks: Array(repeating: 0, count: count).indices.map { ticks[ticks.count == 1 ? 0 : $0] })
            default: break
            }
        }
        // What an edge that carries last tick's value gives in the first tick: its node at rest, biases included.
        for name in schedule.order {
            switch graph.nodes[name]! {
            case .input, .neuron, .delay, .threshold, .memory, .activation: break
            default: values[name] = run(name, sum(name))
            }
        }
    }

    /// One tick. `frame` in the order of the input node's shape.
    public mutating func tick(_ frame: [Scalar]) {
        var given = frame
        if dialect.inputDelay > 0 {
            lateInputs.append(frame)
            given = lateInputs.count > dialect.inputDelay ? lateInputs.removeFirst() : Array(repeating: 0, count: frame.count)
        }
        for name in schedule.order {
            if case .input = graph.nodes[name]! {
                values[name] = given
                continue
            }
            values[name] = run(name, sum(name))
        }
    }

    /// How far a neuron's membrane lay above its threshold when that was looked at in the latest tick, in
    /// thresholds; nil for a node that is no neuron.
    public func margin(of node: String, _ neuron: Int) -> Scalar? { cells[node]?.margins[neuron] }

    /// What a node reads: the sum over its edges.
    private func sum(_ name: String) -> [Scalar] {
        let from = sources[name]!
        var x = values[from[0]]!
        for other in from.dropFirst() {
            let more = values[other]!
            for i in x.indices { x[i] += more[i] }
        }
        return x
    }

    private mutating func run(_ name: String, _ x: [Scalar]) -> [Scalar] {
        switch graph.nodes[name]! {
        case .input, .output, .flatten, .unknown: return x
        case .scale(let scale): return x.indices.map { x[$0] * Scalar(scale.values[scale.count == 1 ? 0 : $0]) }
        case .threshold(let threshold):
            return x.indices.map { x[$0] > Scalar(threshold.values[threshold.count == 1 ? 0 : $0]) ? 1 : 0 }
        case .delay: return delays[name]!.tick(x)
        case .affine(let weight, let bias): return multiply(weights[name]!, weight.shape, bias, x)
        case .convolution(let convolution):
            return convolve(convolution, weights[name]!, x, schedule.shapes[sources[name]![0]]!, schedule.shapes[name]!)
        case .pool(let pool):
            let shapes = [schedule.shapes[sources[name]![0]]!, schedule.shapes[name]!].map { $0.count == 3 ? $0 : [$0[0], 1, $0[1]] }
            return self.pool(pool, x, shapes[0], shapes[1])
        case .neuron: return cells[name]!.tick(x, &membranes[name]!)
        case .block(let weight, let bias, let groupCount):
            let columns = weight.shape[1]
            return (0..<groupCount).flatMap { multiply(weights[name]!, weight.shape, bias, Array(x[$0 * columns..<($0 + 1) * columns])) }
        case .memory(let memory):
            let (last, order) = (values[name]!, memory.order)
            return x.indices.flatMap { unit in
                let drive = Tensor(shape: [order], values: memory.b.values.map { $0 * Double(x[unit]) })
                return multiply(weights[name]!, memory.a.shape, drive, Array(last[unit * order..<(unit + 1) * order]))
            }
        case .activation(.clip(let low, let high)): return x.map { max(Scalar(low), min(Scalar(high), $0)) }
        case .activation(.tanh): return x.map { Scalar(tanh(Double($0))) }
        case .activation(.sigmoid): return x.map { Scalar(1 / (1 + exp(-Double($0)))) }
        }
    }

    /// W·x + b; columns of zeros in x do no work.
    private func multiply(_ weight: [Scalar], _ shape: [Int], _ bias: Tensor?, _ x: [Scalar]) -> [Scalar] {
        let (rows, columns) = (shape[0], shape[1])
        var y = bias.map { $0.values.map { Scalar($0) } } ?? Array(repeating: 0, count: rows)
        let events = x.indices.filter { x[$0] != 0 }
        weight.withUnsafeBufferPointer { weight in
            for row in 0..<rows {
                var sum = y[row]
                for column in events { sum += weight[row * columns + column] * x[column] }
                y[row] = sum
            }
        }
        return y
    }

    private func convolve(
        _ convolution: Convolution, _ weight: [Scalar], _ x: [Scalar], _ from: [Int], _ to: [Int]
    ) -> [Scalar] {
        let isFlat = !convolution.isTwoDimensional
        let (height, width) = isFlat ? (1, from[1]) : (from[1], from[2])
        let (outHeight, outWidth) = isFlat ? (1, to[1]) : (to[1], to[2])
        let shape = convolution.weight.shape
        let (outputs, inputs, kernelHeight, kernelWidth) = (shape[0] / convolution.groups, shape[1], shape[2], shape[3])
        let place = outHeight * outWidth
        var y = (0..<to[0]).flatMap { Array(repeating: Scalar(convolution.bias.values[$0]), count: place) }
        for (element, value) in x.enumerated() where value != 0 {
            let (channel, at) = element.quotientAndRemainder(dividingBy: height * width)
            let (sourceRow, sourceColumn) = at.quotientAndRemainder(dividingBy: width)
            let group = channel / inputs
            for ky in 0..<kernelHeight {
                let (row, rest) = (sourceRow + convolution.padding[0][0] - convolution.dilation[0] * ky)
                    .quotientAndRemainder(dividingBy: convolution.stride[0])
                if rest != 0 || row < 0 || row >= outHeight { continue }
                for kx in 0..<kernelWidth {
                    let (column, rest) = (sourceColumn + convolution.padding[1][0] - convolution.dilation[1] * kx)
                        .quotientAndRemainder(dividingBy: convolution.stride[1])
                    if rest != 0 || column < 0 || column >= outWidth { continue }
                    for output in group * outputs..<(group + 1) * outputs {
                        let w = weight[((output * inputs + channel % inputs) * kernelHeight + ky) * kernelWidth + kx]
                        y[output * place + row * outWidth + column] += w * value
                    }
                }
            }
        }
        return y
    }

    private func pool(_ pool: Pool, _ x: [Scalar], _ from: [Int], _ to: [Int]) -> [Scalar] {
        var y: [Scalar] = []
        y.reserveCapacity(to.reduce(1, *))
        for channel in 0..<to[0] {
            for row in 0..<to[1] {
                for column in 0..<to[2] {
                    var (sum, greatest) = (Scalar(0), -Scalar.infinity)
                    for sourceRow in row * pool.stride[0] - pool.padding[0]..<row * pool.stride[0] - pool.padding[0] + pool.kernel[0]
                    where sourceRow >= 0 && sourceRow < from[1] {
                        for sourceColumn in column * pool.stride[1] - pool.padding[1]..<column * pool.stride[1] - pool.padding[1] + pool.kernel[1]
                        where sourceColumn >= 0 && sourceColumn < from[2] {
                            let value = x[(channel * from[1] + sourceRow) * from[2] + sourceColumn]
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
            return x.indices.map { frames.count > ticks[$0] ? frames[frames.count - 1 - ticks[$0]][$0] : 0 }
        }
    }
}
