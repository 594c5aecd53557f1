import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// Random graphs of nodes that weight, add up, pool, delay and integrate: what the Output shows, against the reference.
struct RandomGraphTests {
    /// A graph of random nodes on two channels of 5x5, some of them with a branch beside them.
    struct Drawing {
        var graph: Graph
        private var random: SplitMix
        private var (last, shape, number) = ("input", [2, 5, 5], 0)

        init(seed: UInt64) {
            random = SplitMix(state: seed)
            graph = Graph(nodes: ["input": .input(shape: shape)], edges: [])
            for _ in 0..<Int.random(in: 2...6, using: &random) { draw() }
            graph.nodes["output"] = .output(shape: shape)
            graph.edges.append(Graph.Edge(from: last, to: "output"))
        }

        private mutating func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

        private mutating func values(_ shape: [Int]) -> Tensor {
            Tensor(shape: shape, values: (0..<shape.reduce(1, *)).map { _ in Double(whole(-4...4)) / 4 })
        }

        /// Adds a node behind the last; nothing where its shape does not fit.
        private mutating func append(_ node: Node) {
            guard let given = try? node.outputShape([shape]) else { return }
            number += 1
            let name = "n\(number)"
            graph.nodes[name] = node
            graph.edges.append(Graph.Edge(from: last, to: name))
            // Beside it, where shapes allow, the last node's values as they are.
            if given == shape && whole(0...3) == 0 {
                graph.nodes["\(name)sum"] = .scale(.scalar(1))
                for from in [last, name] { graph.edges.append(Graph.Edge(from: from, to: "\(name)sum")) }
                last = "\(name)sum"
            } else {
                last = name
            }
            shape = given
        }

        private mutating func draw() {
            let count = shape.reduce(1, *)
            if shape.count == 1 { return drawFlat(count) }
            switch whole(0...8) {
            case 0...2:
                let (groups, kernel) = (shape[0] % 2 == 0 ? whole(1...2) : 1, [whole(1...3), whole(1...3)])
                let outputs = 2 * whole(1...2)
                append(
                    .convolution(
                        ConvolutionNode(
                            isTwoDimensional: true, weight: values([outputs, shape[0] / groups] + kernel),
                            bias: whole(0...1) == 0 ? each(0, outputs) : values([outputs]),
                            stride: [whole(1...2), 1], padding: [[1, 1], [0, 0]].shuffled(using: &random),
                            dilation: [1, 1], groups: groups)))
            case 3, 4:
                let kernel = [whole(1...3), whole(2...3)]
                let function = [PoolNode.Function.sum, .average, .maximum][whole(0...2)]
                append(
                    .pool(
                        PoolNode(
                            function: function, kernel: kernel, stride: [1, whole(1...2)], padding: [0, whole(0...1)])))
            case 5: append(.flatten(start: 0, end: -1))
            default: drawElements(count)
            }
        }

        private mutating func drawFlat(_ count: Int) {
            switch whole(0...4) {
            case 0, 1:
                let rows = whole(2...6)
                append(.affine(weight: values([rows, count]), bias: whole(0...1) == 0 ? nil : values([rows])))
            case 2:
                let weight = values([whole(2...6), count])
                append(
                    .delayedMatrix(
                        DelayedMatrixNode(weight: weight, delays: weight.values.map { _ in whole(0...4) })))
            default: drawElements(count)
            }
        }

        /// Nodes that take each element for itself.
        private mutating func drawElements(_ count: Int) {
            switch whole(0...4) {
            case 0: append(.scale(values(shape)))
            case 1: append(.scale(.scalar(0.5)))
            case 2: append(.delay(.scalar(Double(whole(0...3)))))
            case 3:
                append(.delay(Tensor(shape: shape, values: (0..<count).map { _ in Double(whole(0...3)) })))
            default:
                var neuron = neurons(.li, count, tau: 2)
                neuron.shape = shape
                append(.neuron(neuron))
            }
        }
    }

    /// But for one factor. Sums that neurons hold are read as 16 bits of what they could reach at most,
    /// which rows of them hardly use without a calibration.
    @Test(arguments: 1...300) func outputsOfTheReference(_ seed: Int) throws {
        let graph = Drawing(seed: UInt64(seed)).graph
        var options = CompileOptions(window: 64, rate: (1, 1))
        options.weightBits = 16
        options.inputBits = 5
        let dialect = try #require(Dialect.named("spinnaker2"))
        let compiled = try compile(graph, try Schedule(graph, file: ""), dialect: dialect, dt: 1, options)
        var (reference, random) = (
            try FloatNetwork<Double>(graph, file: "", dialect: dialect, dt: 1), SplitMix(state: UInt64(1000 + seed))
        )
        let frames = (0..<20).map { _ in (0..<50).map { _ in Int16.random(in: -15...15, using: &random) } }
        let network = try lowered(graph, dialect: dialect)
        let place = try #require(compiled.nodes.first { $0.node == network.populations[network.output].name })
        let run = try IntegerTests.run(compiled, frames, nodes: [place.node])
        var pairs: [(Double, Double)] = []
        for (tick, frame) in frames.enumerated() {
            reference.tick(frame.map(Double.init))
            let values = reference.values["output"]!
            for (neuron, value) in zip(place.neurons(of: values.count)!, run[tick][place.node]!) {
                pairs.append((Double(value), values[neuron]))
            }
        }
        let power = pairs.reduce(0) { $0 + $1.1 * $1.1 }
        if power == 0 { return }
        let factor = pairs.reduce(0) { $0 + $1.0 * $1.1 } / pairs.reduce(1e-30) { $0 + $1.0 * $1.0 }
        let error = pairs.reduce(0) { $0 + ($1.1 - factor * $1.0) * ($1.1 - factor * $1.0) }
        #expect((error / power).squareRoot() < 0.05)
    }
}
