import TestSupport
import Testing

@testable import NIR

/// What files say besides nodes and edges.
@Suite struct SettingsTests {
    @Test func keysOfTheGraphAndOfNodes() throws {
        let settings = try Graph(path: fixture("settings")).settings
        #expect(settings.dialect == "snnrt" && settings.traits == Dialect.Traits(reset: .zero, resetDelay: .same))
        #expect((settings.dt, settings.rate, settings.window) == (1e-4, 20, 12))
        #expect(settings.channels == ["a", "b", "c", "d"] && settings.classes == ["x", "y", "z"])
        #expect(settings.exporter == "by hand" && settings.readout == "sum" && settings.hop == nil)
        #expect(settings.traitsOfNodes == ["lif": Dialect.Traits(reset: .never, firesAtThreshold: true)])
    }

    @Test func theLineGoesBeforeTheNodeBeforeTheGraph() throws {
        let settings = try Graph(path: fixture("settings")).settings
        let base = try #require(Dialect.named("snnrt"))
        let dialect = base.settled(by: settings)
        #expect((dialect.reset, dialect.resetDelay, dialect.firesAtThreshold) == (.zero, .same, false))
        #expect(dialect.of("last") == dialect)
        #expect((dialect.of("lif").reset, dialect.of("lif").firesAtThreshold) == (.never, true))
        let line = base.settled(by: settings, line: Dialect.Traits(reset: .subtract))
        #expect((line.reset, line.of("lif").reset, line.of("lif").firesAtThreshold) == (.subtract, .subtract, true))
    }

    @Test func decaysBeyondOneAreClamped() throws {
        let graph = try Graph(path: fixture("clamped"))
        guard case .neuron(let neuron)? = graph.nodes["lif"] else { throw Missing() }
        let dialect = try #require(Dialect.named("snntorch-export"))
        let neurons = try dialect.neurons(neuron, count: 8, dt: 1e-4, file: "", name: "lif")
        #expect(
            abs(neurons[0].keep - 1) < 1e-9 && abs(neurons[1].keep - 1) < 1e-9 && abs(neurons[2].keep - 0.75) < 1e-6)
        #expect(neurons.allSatisfy { abs($0.unit - 1) < 1e-6 })
        #expect(graph.remarks.count == 1)
        #expect(graph.timeStep(in: try #require(Dialect.named("snntorch"))) == 1e-4)
    }

    @Test func resemblances() throws {
        let found = try Graph(path: fixture("settings")).resemblances.map(\.dialect)
        #expect(found == ["snntorch-export", "spikingjelly-export"])
        for (layer, dialect) in [
            ("sinabs-lif", "sinabs-export"), ("norse-lif", "norse-export"), ("rockpool-lif", "rockpool-export"),
        ] {
            let found = try Graph(path: recorded("\(layer).nir")).resemblances.map(\.dialect)
            #expect(found.contains(dialect), "\(layer): \(found)")
        }
    }

    @Test func delaysThatAreRounded() throws {
        let graph = try Graph(path: fixture("delays"))
        let one = try #require(graph.roundedDelays(dt: 1e-4).first)
        #expect(
            (one.node, one.rounded, one.vanishing, one.count) == ("delay", 4, 0, 8) && abs(one.greatest - 0.4) < 1e-6)
        #expect(graph.roundedDelays(dt: 1e-3).first?.vanishing == 8)
        #expect(graph.roundedDelays(dt: 2e-5).isEmpty)
    }

    private struct Missing: Error {}
}
