import SNNRuntime
import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// Compiled networks, run as integers, against the float reference and the published activities.
struct IntegerTests {
    /// Per tick, the values of the given nodes' outputs.
    static func run(
        _ compiled: Compiled, _ frames: [[Int16]], nodes: [String]
    ) throws -> [[String: [Int32]]] {
        let places = Dictionary(uniqueKeysWithValues: compiled.nodes.map { ($0.node, UInt32($0.slot)) })
        var ticks: [[String: [Int32]]] = []
        try forEachTick(of: compiled.bytes, frames) { _, network in
            ticks.append(
                Dictionary(
                    uniqueKeysWithValues: nodes.map { node in
                        let slot = places[node]!
                        var values = [Int32](repeating: 0, count: Int(network.elementCount(ofSlot: slot)))
                        network.copyValues(ofSlot: slot, to: &values)
                        return (node, values)
                    }))
        }
        return ticks
    }

    static func compiled(_ path: String, _ dialect: Dialect, window: UInt32, weightBits: Int = 8) throws -> Compiled {
        let graph = try Graph(path: path)
        var options = CompileOptions(window: window, rate: (10_000, 1))
        options.weightBits = weightBits
        options.inputBits = 2
        return try compile(graph, try Schedule(graph, file: path), dialect: dialect, dt: 1e-4, options)
    }

    static func opKinds(_ compiled: Compiled) throws -> [OpKind] {
        let player = try Player(compiled.bytes)
        return withExtendedLifetime(player) {
            (0..<player.model.opCount).map { player.model.file.opKind($0)! }
        }
    }

    @Test(.enabled(if: hasShared), arguments: LIFTrace.all + LIFTrace.fixedPoint) func spikesOfTheTrace(
        _ trace: LIFTrace
    ) throws {
        let table = try columns(nir("lif-traces/lif_\(trace.file).csv"))
        var dialect = TestSupport.dialect(trace.dialect)
        if dialect.reset == .inside {
            // The format has no division: subtracted at the tick's end, if asked for.
            #expect {
                try IntegerTests.compiled(nir("lif_norse.nir"), dialect, window: 1000)
            } throws: {
                "\($0)".contains("1: dialect exact resets inside the tick")
            }
            dialect.reset = .subtract
        }
        let compiled = try IntegerTests.compiled(nir("lif_norse.nir"), dialect, window: 1000)
        let frames = table[0].map { [Int16(($0 * trace.inputScale).rounded())] }
        let spikes = try IntegerTests.run(compiled, frames, nodes: ["1"]).map { Double($0["1"]![0]) }
        #expect(Array(repeating: 0, count: dialect.spikeDelay) + spikes.dropLast(dialect.spikeDelay) == table[2])
    }

    @Test(
        .enabled(if: hasShared),
        arguments: [("braille_noDelay_bias_zero", "snntorch zero same"), ("braille_noDelay_noBias_subtract", "spyx")])
    func brailleNearTheReference(_ file: String, _ name: String) throws {
        let dialect = TestSupport.dialect(name)
        let compiled = try IntegerTests.compiled(nir("\(file).nir"), dialect, window: 256)
        let sample = try Array2(npy: nir("braille_ds_test0_input_256x12_u8.npy"))
        let frames = (0..<256).map { tick in sample.values[12 * tick..<12 * tick + 12].map { Int16($0) } }
        let run = try IntegerTests.run(compiled, frames, nodes: ["lif1.lif", "lif2"])
        let published = try Array2(
            npy: nir(
                "braille-activity/\(name == "spyx" ? "spyx_activity_noDelay_noBias_subtract" : "snntorch_activity_noDelay_bias_zero").npy"
            ))
        let hidden = run.flatMap { $0["lif1.lif"]!.map { Double($0) } }
        let width = hidden.count / 256
        let shift = dialect.spikeDelay * width
        let equal = zip(hidden, published.values.dropFirst(shift)).filter { $0 == $1 }.count
        #expect(Double(equal) / Double(hidden.count - shift) > 0.985)
    }

    /// Lava's fixed point and Loihi itself on the single neuron (dv 163, weight 10, vth 25, both shifted by 6): a lif with the
    /// same decay, 1 − 163/4096 in Q15, gives their voltages and spikes; their input comes a tick late.
    @Test(.enabled(if: hasShared), arguments: ["lava_cpu_fixed", "lava_loihi_fixed"])
    func fixedPointNeuronOfLoihi(_ name: String) throws {
        var program = Program(
            stream: "trace", rate: (10_000, 1), channels: [Program.Channel(name: "x", unit: "1", scale: (1, 1))])
        let input = program.addSlot(.analog, bits: 2, count: 1, isPersistent: true)
        let current = program.addSlot(.current, bits: 32, count: 1)
        let spikes = program.addSlot(.spikes, bits: 1, count: 1)
        // Above the input op, the projection reads last tick's value.
        program.add(
            ProjectionOp(
                kind: .dense, synapses: SynapseFields(encoding: .int8, join: .leftShift(6)), weights: [[10]]),
            from: input, to: current)
        program.add(
            InputOp(shift: 0, channels: [(offset: 0, multiplier: 1)]), from: program.stream.slot, to: input)
        program.add(
            LIFOp(
                variant: .lif, reset: .zeroSameTick, stateBits: 32, decay: .shared((4096 - 163) * 8),
                threshold: .shared(25 << 6)),
            from: current, to: spikes)
        let readout = program.add(
            ReadoutOp(integration: .sum, resetsNetwork: false, window: 2000), from: spikes, to: nil)
        program.setOutput("spikes", op: readout, classes: ["n"])

        let table = try columns(nir("lif-traces/lif_\(name).csv"))
        try forEachTick(of: try ModelFile(program).bytes, table[0].map { [Int16($0)] }) { tick, network in
            var spike: Int32 = 0
            network.copyValues(ofSlot: UInt32(spikes), to: &spike)
            #expect(Double(spike) == table[2][tick], "tick \(tick)")
            // Part 1 of the state, the input slot, then U.
            let membrane = network.stateBlock.loadUnaligned(fromByteOffset: 12, as: Int32.self)
            // Loihi reports no voltage in the ticks of its spikes.
            if name == "lava_cpu_fixed" || spike == 0 { #expect(Double(membrane) == table[1][tick], "tick \(tick)") }
        }
    }

    /// The networks beside this test at 16 bits: every population against the reference in double precision.
    @Test(arguments: [
        ("every", "norse", 1e-3), ("nested", "snntorch zero same", 1e-3), ("nested", "spyx", 2e-3),
        ("cnn", "sinabs", 1.0),
        ("joined", "sinabs", 1.0), ("zeros", "norse", 1e-3), ("repeated", "snntorch zero same", 1e-3),
    ])
    func fixturesNearTheReference(_ name: String, _ dialectName: String, _ dt: Double) throws {
        let path = fixture(name)
        let (graph, dialect) = (try Graph(path: path), TestSupport.dialect(dialectName))
        var options = CompileOptions(window: 64, rate: (1000, 1))
        options.weightBits = 16
        options.prunes = false
        options.inputBits = 8
        options.count = (1, 4)
        let compiled = try compile(graph, try Schedule(graph, file: path), dialect: dialect, dt: dt, options)
        var reference = try FloatNetwork<Double>(graph, file: path, dialect: dialect, dt: dt)
        var random = SplitMix(state: 7)
        let width = reference.values["input"]!.count
        let frames = (0..<63).map { _ in (0..<width).map { _ in Int16.random(in: -6...9, using: &random) } }
        let places = compiled.nodes.filter { reference.graph.nodes[$0.node].map { $0.givesSpikes } ?? false }
        let nodes = places.map(\.node)
        #expect(nodes.count >= 2)
        if name == "repeated" {
            #expect(
                try IntegerTests.opKinds(compiled).filter { $0 == .block || $0 == .sparse } == [
                    .block, .block, .sparse,
                ])
        }
        let run = try IntegerTests.run(compiled, frames, nodes: nodes)
        var (differing, spikes, all) = (0, 0.0, 0)
        for (tick, frame) in frames.enumerated() {
            reference.tick(frame.map { Double($0) / 4 })
            for place in places {
                let values = reference.values[place.node]!
                for (neuron, spike) in zip(place.neurons(of: values.count)!, run[tick][place.node]!) {
                    spikes += values[neuron]
                    all += 1
                    differing += Double(spike) == values[neuron] ? 0 : 1
                }
            }
        }
        #expect(spikes > 30)
        #expect(Double(differing) / Double(all) < 0.005, "\(differing) of \(all)")
    }
}

extension Node {
    fileprivate var givesSpikes: Bool {
        switch self {
        case .neuron(let neuron): neuron.kind.fires
        case .threshold: true
        default: false
        }
    }
}
