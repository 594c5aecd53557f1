import Foundation
import SNNRuntime
import Testing

@testable import Compiler
@testable import NIR

/// Layers of 32 neurons that frameworks ran and exported themselves (Tests/peers/layers.py): the float reference in their own
/// precision, and compiled integers, against their spikes.
struct PeerTests {
    struct Layer: Decodable, Sendable, CustomStringConvertible {
        let name: String
        let dialect: String
        let isDouble: Bool
        /// A voltage is recorded every so many ticks.
        let every: Int
        let spikes: Int
        let dt: Double?
        let reset: String?
        let resetDelay: String?
        let spikeBits: UInt8?
        /// Integers do not have all of it.
        let referenceOnly: Bool?
        var description: String { name }

        var chosen: Dialect {
            var chosen = Dialect.named(dialect)!
            chosen.reset(
                reset.flatMap { Dialect.Reset(rawValue: $0) }, resetDelay.flatMap { Dialect.ResetDelay(rawValue: $0) })
            chosen.spikeBits = spikeBits ?? chosen.spikeBits
            return chosen
        }
        func file(_ suffix: String) -> String { PeerTests.folder + "/\(name).\(suffix)" }
    }

    static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/peers/recorded"
    static let layers = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try! decoder.decode([Layer].self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/layers.json")))
    }()
    static let input = try! Array2(npy: folder + "/input.npy")
    static var frames: [[Double]] {
        (0..<input.shape[0]).map { Array(input.values[$0 * input.shape[1]..<($0 + 1) * input.shape[1]]) }
    }

    @Test(arguments: layers) func referenceEqualsTheFramework(_ layer: Layer) throws {
        if layer.isDouble { try compare(layer, Double.self) } else { try compare(layer, Float.self) }
    }

    private func compare<Scalar: BinaryFloatingPoint>(_ layer: Layer, _: Scalar.Type) throws {
        let graph = try Graph(path: layer.file("nir"))
        let dialect = layer.chosen
        let dt = try #require(layer.dt ?? graph.timeStep(in: dialect))
        var network = try FloatNetwork<Scalar>(graph, file: layer.name, dialect: dialect, dt: dt)
        let (spikes, voltages) = (
            try Array2(npy: layer.file("spikes.npy")), try Array2(npy: layer.file("voltages.npy"))
        )
        let node = try #require(network.membranes.keys.first)
        let width = spikes.shape[1]
        var given = [Double](repeating: 0, count: dialect.spikeDelay * width)
        var (worst, greatest) = (0.0, 0.0)
        for (tick, frame) in PeerTests.frames.enumerated() {
            network.tick(frame.map { Scalar($0) })
            given += network.values[node]!.map { Double($0) }
            if tick % layer.every != 0 { continue }
            for (neuron, membrane) in network.membranes[node]!.enumerated() {
                let voltage = voltages.values[tick / layer.every * width + neuron]
                worst = max(worst, abs(Double(membrane) - voltage))
                greatest = max(greatest, abs(voltage))
            }
        }
        let wrong = zip(given, spikes.values).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        #expect(
            wrong.isEmpty,
            "\(wrong.count) differ, first in tick \(wrong.first! / width), neuron \(wrong.first! % width)")
        #expect(spikes.values.reduce(0, +) == Double(layer.spikes) && layer.spikes > 200)
        // A hundred roundings of the greatest voltage, in the framework's precision.
        #expect(worst <= 100 * greatest * Double(Scalar.ulpOfOne), "voltages differ by \(worst) of \(greatest)")
        print("\(layer.name): voltages within \(worst) of \(greatest)")
    }

    @Test(arguments: layers.filter { $0.referenceOnly != true }, [8, 16]) func integersEqualTheFramework(
        _ layer: Layer, _ weightBits: Int
    ) throws {
        let graph = try Graph(path: layer.file("nir"))
        let dialect = layer.chosen
        var options = CompileOptions(window: 1 << 20, rate: (1000, 1))
        options.weightBits = weightBits
        options.inputBits = 3
        let dt = try #require(layer.dt ?? graph.timeStep(in: dialect))
        let compiled = try compile(graph, try Schedule(graph, file: layer.name), dialect: dialect, dt: dt, options)
        let node = try #require(compiled.nodes.first).node
        let run = try IntegerTests.run(compiled, PeerTests.frames.map { $0.map { Int16($0) } }, nodes: [node])
        let spikes = try Array2(npy: layer.file("spikes.npy"))
        let width = spikes.shape[1]
        var reference = try FloatNetwork<Double>(graph, file: layer.name, dialect: dialect, dt: dt)
        // A neuron parts from its reference only where rounding carries it over the threshold, or keeps it below.
        var (parted, wrong) = (Set<Int>(), 0)
        for (tick, frame) in PeerTests.frames.enumerated() where tick + dialect.spikeDelay < spikes.shape[0] {
            reference.tick(frame)
            for neuron in 0..<width
            where Double(run[tick][node]![neuron]) != spikes.values[(tick + dialect.spikeDelay) * width + neuron] {
                wrong += 1
                if parted.insert(neuron).inserted {
                    let margin = try #require(reference.margin(of: node, neuron))
                    print(
                        "\(layer.name), \(weightBits) bits: parts in tick \(tick), neuron \(neuron), \(margin) thresholds above a threshold"
                    )
                    #expect(abs(margin) < 1e-3, "tick \(tick), neuron \(neuron)")
                }
            }
        }
        #expect(Double(wrong) < 0.002 * Double(spikes.values.count), "\(wrong) of \(spikes.values.count)")
    }
}
