import Foundation
import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// Nodes that NIR lacks, in integers: Tests/fixtures/nir/extensions.py wrote the networks and what PyTorch gives for them.
struct ExtensionTests {
    /// At 16 and 8 bits: how far what integers show lies from PyTorch's, but for one factor, as a share of it.
    @Test(
        arguments: [
            ("rate", "sigmoid", 16, .matrices, 0.002), ("rate", "sigmoid", 8, .matrices, 0.02),
            ("lmu", "output", 16, .matrices, 0.01),
            ("lmu", "output", 8, .matrices, 0.03), ("lmu", "output", 16, .recurrence, 0.01),
            ("lmu", "output", 8, .recurrence, 0.03),
        ] as [(String, String, Int, MemoryForm, Double)])
    func integersFollowPyTorch(_ name: String, _ node: String, _ bits: Int, _ memory: MemoryForm, _ tolerance: Double)
        throws
    {
        let (run, rows) = try ExtensionTests.run(name, node, bits, memory)
        let pairs = zip(run, rows).flatMap { zip($0.map(Double.init), $1) }
        let factor = pairs.reduce(0) { $0 + $1.0 * $1.1 } / pairs.reduce(0) { $0 + $1.0 * $1.0 }
        let error =
            pairs.reduce(0) { $0 + ($1.1 - factor * $1.0) * ($1.1 - factor * $1.0) }
            / pairs.reduce(0) { $0 + $1.1 * $1.1 }
        #expect(error.squareRoot() < tolerance)
    }

    @Test func spikesBehindMaxima() throws {
        let (run, rows) = try ExtensionTests.run("maxima", "lif3", 16, .matrices)
        let differing = zip(run, rows).reduce(0) { $0 + zip($1.0, $1.1).count { Double($0) != $1 } }
        #expect(differing <= 1)
    }

    private static func run(_ name: String, _ node: String, _ bits: Int, _ memory: MemoryForm) throws -> (
        integers: [[Int32]], outputs: [[Double]]
    ) {
        let path = fixture(name)
        let graph = try Graph(path: path)
        let schedule = try Schedule(graph, file: path)
        var options = CompileOptions(window: 64, rate: (1000, 1))
        options.weightBits = bits
        options.memories.common = memory
        options.inputBits = 8
        options.count = (1, 4)
        let compiled = try compile(graph, schedule, dialect: ExtensionRecording.dialect, dt: 1e-4, options)
        let rows = try ExtensionRecording.rows(name, inputCount: schedule.shapes["input"]!.reduce(1, *))
        let frames = rows.map { $0.frame.map { Int16($0 * 4) } }
        return (try IntegerTests.run(compiled, frames, nodes: [node]).map { $0[node]! }, rows.map(\.output))
    }

    /// (e^a − 1) / a at points where Padé's error lies below the tolerance.
    @Test(arguments: [(1, 4e-3), (2, 3e-6), (4, 1e-12)]) func poles(_ degree: Int, _ tolerance: Double) {
        for a in [-0.2, -0.1, 0.1] {
            let sum = LegendreRecurrence.poles[degree]!.reduce(0) { $0 + ($1.c / (Complex(a, 0) - $1.z)).real }
            #expect(abs(sum - (exp(a) - 1) / a) < tolerance)
        }
    }

    /// A recurrence as near as is asked, of the fewest products; and never one that is not the memory's.
    @Test func nearestRecurrence() throws {
        guard case .memory(let memory) = try Graph(path: fixture("lmu")).nodes["memory"] else { throw Missing() }
        #expect(memory.theta == 8 && memory.order == 3)
        let found = LegendreRecurrence.nearest(to: memory, theta: 8, tolerance: 0.01)
        #expect(found.error < 0.01 && found.degree == 2 && found.substeps == 1)
        let nearer = LegendreRecurrence.nearest(to: memory, theta: 8, tolerance: 1e-6)
        #expect(nearer.error < 1e-6 && nearer.substeps > found.substeps || nearer.degree > found.degree)
        #expect(LegendreRecurrence.nearest(to: memory, theta: 9, tolerance: 0.01).error > 0.01)
        var scaled = memory
        scaled.b.values[1] *= 2
        #expect(LegendreRecurrence.nearest(to: scaled, theta: 8, tolerance: 0.01).error > 0.01)
    }

    private struct Missing: Error {}

    @Test func memoriesThatAreNoRecurrence() throws {
        let path = fixture("lmu")
        let graph = try Graph(path: path)
        func refusal(_ change: (inout MemoryNode) -> Void) throws -> String? {
            guard case .memory(var memory) = graph.nodes["memory"] else { throw Missing() }
            change(&memory)
            var changed = graph
            changed.nodes["memory"] = .memory(memory)
            var options = CompileOptions(window: 64, rate: (1000, 1))
            options.memories.exceptions["memory"] = .recurrence
            do {
                _ = try compile(
                    changed, try Schedule(changed, file: path), dialect: ExtensionRecording.dialect, dt: 1e-4, options)
                return nil
            } catch let error as CompileError { return error.description }
        }
        #expect(try refusal { _ in } == nil)
        #expect(try refusal { $0.theta = nil }?.hasPrefix("memory: has no theta") == true)
        #expect(try refusal { $0.theta = 80 }?.contains("from A and B over 2 theta, where 1 % is allowed") == true)
    }
}
