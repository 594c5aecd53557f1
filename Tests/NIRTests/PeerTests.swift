import NIR
import TestSupport
import Testing

/// Layers of 32 neurons that frameworks ran and exported themselves (Tests/peers/layers.py): the float reference, in their own
/// precision, against their spikes.
struct PeerTests {
    @Test(arguments: PeerLayer.all) func referenceEqualsTheFramework(_ layer: PeerLayer) throws {
        if layer.isDouble { try compare(layer, Double.self) } else { try compare(layer, Float.self) }
    }

    private func compare<Scalar: BinaryFloatingPoint>(_ layer: PeerLayer, _: Scalar.Type) throws {
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
        for (tick, frame) in PeerLayer.frames.enumerated() {
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
}
