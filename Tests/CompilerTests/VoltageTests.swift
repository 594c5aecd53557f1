import SNNRuntime
import Testing

@testable import Compiler
@testable import NIR

/// Membranes that start, leak and are reset elsewhere than at 0, beside the reference.
struct VoltageTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let kind: Neuron.Kind
        let dialect: String
        let reset: Dialect.Reset
        let (leak, to): (Double, Double)
        var testDescription: String { "\(kind.rawValue) \(dialect) \(reset) leak \(leak) reset \(to)" }
    }

    static let cases: [Case] = {
        var cases: [Case] = []
        for kind: Neuron.Kind in [.lif, .cubaLIF, .li, .cubaLI] {
            // Membranes of the first start at v_leak, of the second at 0.
            for dialect in ["norse", "lava"] {
                for reset: Dialect.Reset in [.zero, .subtract] {
                    for (leak, to) in [(-0.3, -0.3), (0.25, -0.2), (0, -0.5), (0.2, 0)] {
                        cases.append(Case(kind: kind, dialect: dialect, reset: reset, leak: leak, to: to))
                    }
                }
            }
        }
        return cases
    }()

    @Test(arguments: cases) func membranes(_ one: Case) throws {
        var dialect = Dialect.named(one.dialect)!
        (dialect.reset, dialect.inputDelay) = (one.reset, 0)
        var neuron = neurons(one.kind, 3)
        neuron.leak = each(one.leak, 3)
        neuron.threshold = one.kind.fires ? each(0.6, 3) : nil
        neuron.reset = one.kind.fires ? each(one.to, 3) : nil
        let graph = chain([
            ("input", .input(shape: [3])), ("neurons", .neuron(neuron)),
            ("sum", .affine(weight: matrix([[1, 2, -1]]), bias: Tensor(shape: [1], values: [0.5]))),
            ("output", .output(shape: [1])),
        ])
        var options = ReadoutTests.options
        options.readout = .sum
        let results = try ReadoutTests.results(graph, options, dialect, ticks: 36)
        let expected = stride(from: 0, to: 36, by: 12).map {
            ReadoutRule.sum.scores(of: Array(results.shown[$0..<$0 + 12]))
        }
        #expect(ReadoutTests.near(results.integers, expected), "\(results.integers) \(expected)")
    }

    /// Membranes read out are voltages, whatever they are counted from.
    @Test func readOut() throws {
        var dialect = Dialect.named("norse")!
        dialect.reset = .subtract
        var neuron = neurons(.lif, 3)
        (neuron.leak, neuron.threshold, neuron.reset) = (
            each(0.2, 3), each(0.6, 3), Tensor(shape: [3], values: [-0.5, 0, 0.3])
        )
        let graph = chain([
            ("input", .input(shape: [3])), ("neurons", .neuron(neuron)), ("output", .output(shape: [3])),
        ])
        var options = ReadoutTests.options
        options.readout = .membrane
        let results = try ReadoutTests.results(graph, options, dialect, ticks: 24)
        #expect(ReadoutTests.near(results.integers, [results.shown[11], results.shown[23]]))
    }

    @Test func refusals() {
        func message(_ dialect: Dialect, threshold: Double, reset: Double) -> String {
            var neuron = neurons(.lif, 2)
            (neuron.threshold, neuron.reset) = (each(threshold, 2), each(reset, 2))
            do {
                _ = try lowered(
                    chain([
                        ("input", .input(shape: [2])), ("neurons", .neuron(neuron)), ("output", .output(shape: [2])),
                    ]), dialect: dialect)
                return ""
            } catch { return "\(error)" }
        }
        var graded = Dialect.named("norse")!
        graded.spikeBits = 3
        #expect(
            message(subtracting, threshold: -0.1, reset: 0).hasPrefix("neurons: v_threshold of neuron 0 is below 0"))
        #expect(message(subtracting, threshold: 0.1, reset: 0.2).contains("below its v_reset"))
        #expect(
            message(graded, threshold: 1, reset: -0.2).contains(
                "v_reset is not 0 where neurons fire several times a tick"))
    }

    /// Several Inputs share a frame in the order of their names; several Outputs are shown so where that is asked for.
    @Test func severalInputsAndOutputs() throws {
        var graph = chain([
            ("b", .input(shape: [2])), ("sum", .affine(weight: matrix([[1, 2], [0, -1], [1, 1]]), bias: nil)),
            ("neurons", .neuron(neurons(.li, 3))), ("y", .output(shape: [3])),
        ])
        graph.nodes["a"] = .input(shape: [1])
        graph.nodes["from a"] = .affine(weight: matrix([[3], [1], [-2]]), bias: nil)
        graph.nodes["half"] = .scale(each(0.5, 3))
        graph.nodes["x"] = .output(shape: [3])
        graph.edges += [
            ("a", "from a"), ("from a", "neurons"), ("neurons", "half"), ("half", "x"),
        ].map { Graph.Edge(from: $0.0, to: $0.1) }
        var options = ReadoutTests.options
        #expect(throws: CompileError.self) { try compiled(graph, options) }
        options.concatenatesOutputs = true
        let results = try ReadoutTests.results(graph, options, ReadoutTests.plain, ticks: 12)
        #expect(results.shown[11].count == 6 && results.shown[11][0] == 0.5 * results.shown[11][3])
        #expect(ReadoutTests.near(results.integers, [results.shown[11]]))
        try withModel(try compiled(graph, options).bytes) { model in
            #expect((0..<3).map { String(cString: model.channel($0).name) } == ["a.0", "b.0", "b.1"])
            #expect((0..<6).map { String(cString: model.className($0)) } == ["x.0", "x.1", "x.2", "y.0", "y.1", "y.2"])
        }
        graph.nodes["neurons"] = .neuron(neurons(.lif, 3))
        #expect(throws: CompileError.self) { try compiled(graph, options) }
    }
}
