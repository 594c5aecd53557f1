import Compiler
import NIR
import TestSupport
import Testing

/// Layers of 32 neurons that frameworks ran and exported themselves (Tests/peers/layers.py): compiled integers against their
/// spikes.
struct PeerTests {
    @Test(arguments: PeerLayer.all.filter { $0.referenceOnly != true }, [8, 16]) func integersEqualTheFramework(
        _ layer: PeerLayer, _ weightBits: Int
    ) throws {
        let graph = try Graph(path: layer.file("nir"))
        let dialect = layer.chosen
        var options = CompileOptions(window: 1 << 20, rate: (1000, 1))
        options.weightBits = weightBits
        options.inputBits = 3
        let dt = try #require(layer.dt ?? graph.timeStep(in: dialect))
        let compiled = try compile(graph, try Schedule(graph, file: layer.name), dialect: dialect, dt: dt, options)
        let node = try #require(compiled.nodes.first).node
        let run = try IntegerTests.run(compiled, PeerLayer.frames.map { $0.map { Int16($0) } }, nodes: [node])
        let spikes = try Array2(npy: layer.file("spikes.npy"))
        let width = spikes.shape[1]
        var reference = try FloatNetwork<Double>(graph, file: layer.name, dialect: dialect, dt: dt)
        // A neuron parts from its reference only where rounding carries it over the threshold, or keeps it below.
        var (parted, wrong) = (Set<Int>(), 0)
        for (tick, frame) in PeerLayer.frames.enumerated() where tick + dialect.spikeDelay < spikes.shape[0] {
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
