import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// What pruning leaves out, and that no result changes with it.
@Suite struct PruningTests {
    static func compiled(_ name: String, _ dialect: String, _ dt: Double, change: (inout CompileOptions) -> Void) throws
        -> Compiled
    {
        let graph = try Graph(path: fixture(name))
        var options = CompileOptions(window: 64, rate: (1000, 1))
        (options.inputBits, options.count) = (8, (1, 4))
        change(&options)
        return try compile(
            graph, try Schedule(graph, file: name), dialect: TestSupport.dialect(dialect), dt: dt, options)
    }

    static func frames(_ width: Int) -> [[Int16]] {
        var random = SplitMix(state: 11)
        return (0..<63).map { _ in (0..<width).map { _ in Int16.random(in: -6...9, using: &random) } }
    }

    @Test func deadStructure() throws {
        let compiled = try PruningTests.compiled("dead", "snntorch zero same", 1e-3) { $0.weightBits = 8 }
        let left = Dictionary(
            uniqueKeysWithValues: compiled.pruning.populations.map { ($0.name, [$0.neurons, $0.silent, $0.unread]) })
        #expect(left == ["u": [4, 1, 0], "m": [12, 3, 3], "h": [10, 1, 1], "last": [3, 0, 0]])
        let neurons = Dictionary(
            uniqueKeysWithValues: compiled.nodes.map { ($0.node, $0.neurons(of: left[$0.node]![0])) })
        #expect(
            neurons == ["u": [0, 1, 2], "m": [0, 1, 3, 4, 6, 7], "h": [0, 1, 2, 3, 5, 6, 8, 9], "last": [0, 1, 2]])
        // u: 3x5, 3x6; m: one matrix of 2x2 and one of 2x1; h: 8x6; last: 3x8.
        #expect(compiled.pruning.weightsAfter == 15 + 18 + 4 + 2 + 48 + 24)
        #expect(try IntegerTests.opKinds(compiled).filter { $0 == .block }.count == 2)
    }

    @Test(
        arguments: [
            ("dead", "snntorch zero same", 1e-3, 5), ("every", "norse", 1e-3, 5), ("nested", "spyx", 2e-3, 4),
            ("cnn", "sinabs", 1.0, 144),
            ("joined", "sinabs", 1.0, 120), ("zeros", "norse", 1e-3, 4), ("repeated", "snntorch zero same", 1e-3, 5),
        ], [2, 8])
    func noSpikeChanges(_ network: (name: String, dialect: String, dt: Double, width: Int), bits: Int) throws {
        let whole = try PruningTests.compiled(network.name, network.dialect, network.dt) {
            ($0.weightBits, $0.prunes) = (bits, false)
        }
        let pruned = try PruningTests.compiled(network.name, network.dialect, network.dt) { $0.weightBits = bits }
        let frames = PruningTests.frames(network.width)
        let nodes = pruned.nodes.map(\.node)
        let (expected, given) = (
            try IntegerTests.run(whole, frames, nodes: nodes), try IntegerTests.run(pruned, frames, nodes: nodes)
        )
        for (place, full) in zip(pruned.nodes, whole.nodes) {
            for tick in frames.indices {
                let all = expected[tick][place.node]!
                let order = try #require(full.neurons(of: all.count))
                let byNeuron = Dictionary(uniqueKeysWithValues: zip(order, all))
                let kept = try #require(place.neurons(of: all.count))
                #expect(given[tick][place.node]! == kept.map { byNeuron[$0]! }, "\(place.node), tick \(tick)")
            }
        }
    }

    @Test(arguments: [
        "node in slot 7: h", "node in slot 7, 16 channels last: a: b", "node in slot 12, neurons 0-3 9: h, 2",
    ])
    func placesAreReadAsWritten(_ line: String) throws {
        #expect(try #require(NodePlace(line: line)).line == line)
    }

    @Test func placesThatDoNotFit() throws {
        #expect(NodePlace(line: "node in slot 7, neurons 3-1: h") == nil)
        #expect(NodePlace(line: "node in slot 7, 0 channels last: h") == nil)
        #expect(NodePlace(line: "node in slot x: h") == nil)
        #expect(try #require(NodePlace(line: "node in slot 7, neurons 0-3: h")).neurons(of: 3) == nil)
        #expect(try #require(NodePlace(line: "node in slot 7, 2 channels last: h")).neurons(of: 3) == nil)
        #expect(
            try #require(NodePlace(line: "node in slot 7, 2 channels last: h")).neurons(of: 6) == [0, 3, 1, 4, 2, 5])
    }
}
