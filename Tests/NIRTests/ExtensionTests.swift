import Testing

@testable import Compiler
@testable import NIR

/// Nodes that NIR lacks: Tests/nir/extensions.py wrote the networks and what PyTorch gives for them.
struct ExtensionTests {
    /// Frames and outputs, tick by tick.
    static func recorded(_ name: String, _ inputCount: Int) throws -> [(frame: [Double], output: [Double])] {
        let array = try Array2(npy: fixture(name).replacing(".nir", with: ".npy"))
        return (0..<array.shape[0]).map { tick in
            let row = Array(array.values[tick * array.shape[1]..<(tick + 1) * array.shape[1]])
            return (Array(row.prefix(inputCount)), Array(row.dropFirst(inputCount)))
        }
    }

    static let dialect: Dialect = {
        var dialect = Dialect.named("snntorch")!
        (dialect.reset, dialect.resetDelay) = (.subtract, .next)
        return dialect
    }()

    @Test(arguments: ["rate", "maxima", "lmu"]) func referenceEqualsPyTorch(_ name: String) throws {
        let path = fixture(name)
        var network = try FloatNetwork<Double>(try Graph(path: path), file: path, dialect: ExtensionTests.dialect, dt: 1e-4)
        let rows = try ExtensionTests.recorded(name, network.values["input"]!.count)
        #expect(rows.count == 48 && rows.contains { $0.output.contains { $0 != 0 } })
        for (tick, row) in rows.enumerated() {
            network.tick(row.frame)
            let given = network.values["output"]!
            #expect(given.count == row.output.count)
            for (a, b) in zip(given, row.output) { #expect(abs(a - b) < 1e-9, "tick \(tick)") }
        }
    }

    /// At 16 and 8 bits: how far what integers show lies from PyTorch's, but for one factor, as a share of it.
    @Test(arguments: [("rate", "sigmoid", 16, 0.002), ("rate", "sigmoid", 8, 0.02), ("lmu", "output", 16, 0.01), ("lmu", "output", 8, 0.03)])
    func integersFollowPyTorch(_ name: String, _ node: String, _ bits: Int, _ tolerance: Double) throws {
        let (run, rows) = try ExtensionTests.run(name, node, bits)
        let pairs = zip(run, rows).flatMap { zip($0.map(Double.init), $1) }
        let factor = pairs.reduce(0) { $0 + $1.0 * $1.1 } / pairs.reduce(0) { $0 + $1.0 * $1.0 }
        let error = pairs.reduce(0) { $0 + ($1.1 - factor * $1.0) * ($1.1 - factor * $1.0) } / pairs.reduce(0) { $0 + $1.1 * $1.1 }
        #expect(error.squareRoot() < tolerance)
    }

    @Test func spikesBehindMaxima() throws {
        let (run, rows) = try ExtensionTests.run("maxima", "lif3", 16)
        let differing = zip(run, rows).reduce(0) { $0 + zip($1.0, $1.1).count { Double($0) != $1 } }
        #expect(differing <= 1)
    }

    private static func run(_ name: String, _ node: String, _ bits: Int) throws -> (integers: [[Int32]], outputs: [[Double]]) {
        let path = fixture(name)
        let graph = try Graph(path: path)
        let schedule = try Schedule(graph, file: path)
        var options = CompileOptions(window: 64, rate: (1000, 1))
        options.weightBits = bits
        options.inputBits = 8
        options.count = (1, 4)
        let compiled = try compile(graph, schedule, dialect: dialect, dt: 1e-4, options)
        let rows = try recorded(name, schedule.shapes["input"]!.reduce(1, *))
        let frames = rows.map { $0.frame.map { Int16($0 * 4) } }
        return (try IntegerTests.run(compiled, frames, nodes: [node]).map { $0[node]! }, rows.map(\.output))
    }
}
