import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// Graphs as people train them: Tests/fixtures/nir/graphs.py wrote the networks and what PyTorch gives for them.
struct GraphTests {
    static let spiking = [
        "average", "padded", "global", "strided", "bars", "shrunk", "branches", "greatest", "mixed", "separable",
        "narrow",
        "twice", "weighted", "channels", "flattened", "positions", "memories", "batch", "leakless", "adaptive",
        "graded",
        "rows", "uniform", "each", "learned", "loop",
    ]
    /// Networks whose Output shows spikes or sums of a convolution, channel after channel.
    static let spatial = ["shown", "joined", "sums"]

    private static func dialect(_ name: String) -> Dialect {
        var dialect = Dialect.named("spinnaker2")!
        (dialect.reset, dialect.resetDelay) = (.subtract, .same)
        dialect.spikeBits = name == "graded" ? 3 : 1
        return dialect
    }

    private static func read(_ name: String) throws -> (
        graph: Graph, schedule: Schedule, rows: [(frame: [Double], output: [Double])]
    ) {
        let path = fixture("graph-\(name)")
        let graph = try Graph(path: path)
        let schedule = try Schedule(graph, file: path)
        let rows = try ExtensionRecording.rows("graph-\(name)", inputCount: schedule.shapes["input"]!.reduce(1, *))
        return (graph, schedule, rows)
    }

    private static func compiled(_ name: String, _ graph: Graph, _ schedule: Schedule) throws -> Compiled {
        var options = CompileOptions(window: 64, rate: (1000, 1))
        options.weightBits = 16
        options.inputBits = 5
        options.count = (1, 4)
        return try compile(graph, schedule, dialect: dialect(name), dt: 1e-4, options)
    }

    /// Per tick, what the integers show at a node, in NIR's order.
    private static func run(_ compiled: Compiled, _ node: String, _ rows: [(frame: [Double], output: [Double])]) throws
        -> [[Double]]
    {
        let place = try #require(compiled.nodes.first { $0.node == node })
        let order = try #require(place.neurons(of: rows[0].output.count))
        return try IntegerTests.run(compiled, rows.map { $0.frame.map { Int16($0 * 4) } }, nodes: [node]).map { tick in
            var values = [Double](repeating: 0, count: order.count)
            for (neuron, value) in zip(order, tick[node]!) { values[neuron] = Double(value) }
            return values
        }
    }

    @Test(arguments: spiking + spatial) func referenceIsPyTorch(_ name: String) throws {
        let (graph, _, rows) = try GraphTests.read(name)
        var reference = try FloatNetwork<Double>(graph, file: "", dialect: GraphTests.dialect(name), dt: 1e-4)
        for (tick, row) in rows.enumerated() {
            reference.tick(row.frame)
            let shown = reference.values["output"]!
            #expect(zip(shown, row.output).allSatisfy { abs($0 - $1) < 1e-4 }, "tick \(tick)")
        }
        #expect(Set(rows.flatMap(\.output)).count > 1)
    }

    @Test(arguments: spiking) func integersFireAsPyTorch(_ name: String) throws {
        let (graph, schedule, rows) = try GraphTests.read(name)
        let last = graph.inputs(of: "output")[0]
        let run = try GraphTests.run(try GraphTests.compiled(name, graph, schedule), last, rows)
        let differing = zip(run, rows).reduce(0) { $0 + zip($1.0, $1.1.output).count { $0 != $1 } }
        let spikes = rows.reduce(0) { $0 + $1.output.reduce(0, +) }
        // A spike may move where a membrane passes close by its threshold.
        #expect(spikes >= 8 && Double(differing) <= 0.02 * spikes + 2, "\(differing) of \(spikes)")
    }

    /// But for one factor, in the order of the graph.
    @Test(arguments: spatial) func integersShowPositions(_ name: String) throws {
        let (graph, schedule, rows) = try GraphTests.read(name)
        let run = try GraphTests.run(try GraphTests.compiled(name, graph, schedule), "output", rows)
        let pairs = zip(run, rows).flatMap { zip($0, $1.output) }
        let factor = pairs.reduce(0) { $0 + $1.0 * $1.1 } / pairs.reduce(0) { $0 + $1.0 * $1.0 }
        let error = pairs.reduce(0) { $0 + ($1.1 - factor * $1.0) * ($1.1 - factor * $1.0) }
        #expect((error / pairs.reduce(0) { $0 + $1.1 * $1.1 }).squareRoot() < 1e-3)
    }
}
