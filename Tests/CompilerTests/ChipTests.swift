import Foundation
import SNNRuntime
import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// Networks in a chip's integers, against what that chip's own tools gave (models/README.md beside the project).
struct ChipTests {
    static let oxford = "\(shared)/models/lava-dl/oxford"

    /// Input, one matrix, one population, output; dt is 1 s.
    static func graph(_ weight: Tensor, _ neuron: Neuron) -> Graph {
        Graph(
            nodes: [
                "input": .input(shape: [weight.shape[1]]), "fc": .affine(weight: weight, bias: nil),
                "neurons": .neuron(neuron),
                "output": .output(shape: [weight.shape[0]]),
            ],
            edges: [("input", "fc"), ("fc", "neurons"), ("neurons", "output")].map { Graph.Edge(from: $0.0, to: $0.1) },
            version: nil)
    }

    /// A LIF whose v leaks by `decay` in 4096 and takes its input as it is.
    static func lif(_ count: Int, decay: Double, threshold: Double) -> Neuron {
        func each(_ value: Double) -> Tensor { Tensor(shape: [count], values: Array(repeating: value, count: count)) }
        return Neuron(
            kind: .lif, shape: [count], tau: each(4096 / decay), resistance: each(4096 / decay), leak: each(0),
            threshold: each(threshold),
            reset: each(0))
    }

    static func options(_ chip: Chip, window: UInt32) -> CompileOptions {
        var options = CompileOptions(window: window, rate: (1, 1))
        options.inputBits = chip.inputBits
        return options
    }

    static func loihi(_ graph: Graph, window: UInt32) throws -> Compiled {
        try compileLoihi(
            graph, try Schedule(graph, file: ""), dialect: Dialect.named("lava")!, dt: 1,
            options(.loihi, window: window))
    }

    /// Mismatches and spikes of a population against `expected`, [ticks][neurons].
    static func compare(_ compiled: Compiled, _ frames: [[Int16]], _ node: String, _ expected: [[Int32]]) throws -> (
        mismatches: Int, spikes: Int32
    ) {
        let run = try IntegerTests.run(compiled, frames, nodes: [node]).map { $0[node]! }
        #expect(run.count == expected.count && run[0].count == expected[0].count)
        return (
            zip(run.joined(), expected.joined()).filter { $0 != $1 }.count, run.joined().reduce(0, +)
        )
    }

    /// Columns of a matrix as rows of another kind of number.
    static func columns<Number: BinaryInteger>(_ array: Array2) -> [[Number]] {
        let width = array.shape[1]
        return (0..<width).map { column in (0..<array.shape[0]).map { Number(array.values[$0 * width + column]) } }
    }

    // MARK: Loihi

    /// One layer of lava-dl's Oxford network: 200 inputs, 256 neurons, 2,000 ticks, v > 6·2^6.
    @Test(.enabled(if: hasShared)) func oxfordLayer() throws {
        let weight = try Array2(npy: "\(ChipTests.oxford)/weight.npy")
        let graph = ChipTests.graph(
            Tensor(shape: weight.shape, values: weight.values), ChipTests.lif(256, decay: 415, threshold: 6))
        let compiled = try ChipTests.loihi(graph, window: 4000)
        #expect(compiled.populations[0].matrices[0].signalToNoise == nil)
        let found = try ChipTests.compare(
            compiled, ChipTests.columns(try Array2(npy: "\(ChipTests.oxford)/in.npy")), "neurons",
            ChipTests.columns(try Array2(npy: "\(ChipTests.oxford)/out.npy")))
        #expect(found == (0, 1826))
    }

    /// The whole network from its netx file: v ≥ 6·2^6, one tick per layer.
    @Test(.enabled(if: hasShared)) func oxfordNetwork() throws {
        /// Events x, p, t into [ticks][channels], t in ms to the nearest tick.
        func ticks(_ name: String) throws -> [[Int32]] {
            var ticks = Array(repeating: [Int32](repeating: 0, count: 200), count: 2000)
            let events = try Array2(npy: "\(ChipTests.oxford)/\(name).npy")
            for row in 0..<events.shape[0] {
                let tick = Int(events.values[3 * row + 2].rounded(.toNearestOrEven))
                if tick < 2000 { ticks[tick][Int(events.values[3 * row])] = 1 }
            }
            return ticks
        }
        let netx = try NetxNetwork(path: "\(ChipTests.oxford)/network.net")
        let compiled = try compileLoihi(netx, ChipTests.options(.loihi, window: 4000))
        let found = try ChipTests.compare(
            compiled, try ticks("input").map { $0.map { Int16($0) } }, "layer/1", try ticks("ground_truth"))
        #expect(found == (0, 10178))
    }

    /// Three layers for MNIST open, with the integers of the file.
    @Test(.enabled(if: hasShared)) func mnist() throws {
        let path = "\(shared)/models/lava-dl/trained_mnist_network.net"
        let compiled = try compileLoihi(try NetxNetwork(path: path), ChipTests.options(.loihi, window: 10))
        #expect(compiled.populations.map(\.neurons) == [128, 64, 10])
        var spikes = 0
        try forEachTick(of: compiled.bytes, Array(repeating: Array(repeating: 1, count: 784), count: 9)) { _, network in
            var values = [Int32](repeating: 0, count: 128)
            network.copyValues(ofSlot: UInt32(compiled.nodes[0].slot), to: &values)
            spikes += values.filter { $0 == 1 }.count
        }
        #expect(spikes > 0)
    }

    /// Lava's fixed-point LIF and Loihi's own on one neuron: dv 163, weight 10, vth 25, input a tick late.
    @Test(.enabled(if: hasShared), arguments: ["lava_cpu_fixed", "lava_loihi_fixed"])
    func fixedPointTrace(_ name: String) throws {
        let graph = ChipTests.graph(Tensor(shape: [1, 1], values: [10]), ChipTests.lif(1, decay: 163, threshold: 25))
        let compiled = try ChipTests.loihi(graph, window: 2000)
        let table = try TestSupport.columns(nir("lif-traces/lif_\(name).csv"))
        try forEachTick(of: compiled.bytes, table[0].map { [Int16($0)] }) { tick, network in
            var spike: Int32 = 0
            network.copyValues(ofSlot: UInt32(compiled.nodes[0].slot), to: &spike)
            #expect(Double(spike) == table[2][tick], "tick \(tick)")
            // Part 1 of the state, the input slot, u, then v. Loihi reports no voltage in the ticks of its spikes.
            let voltage = network.stateBlock.loadUnaligned(fromByteOffset: 16, as: Int32.self)
            if name == "lava_cpu_fixed" || spike == 0 { #expect(Double(voltage) == table[1][tick], "tick \(tick)") }
        }
    }

    /// u wraps at 24 bits, v is clamped, a bias drives, and a negative exponent rounds down: against plain arithmetic.
    @Test(arguments: [0, 3, -2]) func loihiArithmetic(_ exponent: Int) throws {
        var random = SplitMix(state: UInt64(bitPattern: Int64(exponent + 9)))
        let count = 7
        var program = Program(
            stream: "s", rate: (1, 1), channels: [Program.Channel(name: "x", unit: "1", scale: (1, 1))])
        let input = program.addSlot(.analog, bits: 12, count: 1)
        let current = program.addSlot(.current, bits: 32, count: count)
        let spikes = program.addSlot(.spikes, bits: 1, count: count)
        let weights = (0..<count).map { _ in Int.random(in: -256...255, using: &random) & ~1 }
        let rows: [[Int]] = [
            (0..<count).map { _ in Int.random(in: 0...4096, using: &random) },
            (0..<count).map { _ in Int.random(in: 0...4096, using: &random) },
            (0..<count).map { _ in Int.random(in: 0...8_388_607, using: &random) },
            (0..<count).map { _ in Int.random(in: -600_000...600_000, using: &random) },
        ]
        program.add(
            InputOp(shift: 0, channels: [(offset: 0, multiplier: 1)]), from: program.stream.slot, to: input)
        program.add(
            ProjectionOp(kind: .dense, synapses: SynapseFields(encoding: .int16), weights: [weights]), from: input,
            to: current)
        program.add(
            LoihiOp(
                firesAtThreshold: true, exponent: exponent, currentDecay: .array(rows[0]),
                voltageDecay: .array(rows[1]), threshold: .array(rows[2]), bias: .array(rows[3])),
            from: current, to: spikes)
        let readout = program.add(
            ReadoutOp(integration: .sum, resetsNetwork: false, window: 5000), from: spikes, to: nil)
        program.setOutput("n", op: readout, classes: (0..<count).map { "\($0)" })
        let bytes = try ModelFile(program).bytes

        func tz(_ x: Int, _ shift: Int) -> Int { x < 0 ? -(-x >> shift) : x >> shift }
        var (u, v) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
        let frames = (0..<400).map { _ in [Int16.random(in: exponent == 3 ? -600...600 : -2000...2000, using: &random)]
        }
        var (wraps, fired) = (0, 0)
        try forEachTick(of: bytes, frames) { tick, network in
            var given = [Int32](repeating: 0, count: count)
            network.copyValues(ofSlot: UInt32(spikes), to: &given)
            let state = (0..<2 * count).map {
                Int(network.stateBlock.loadUnaligned(fromByteOffset: 8 + 4 * $0, as: Int32.self))
            }
            for i in 0..<count {
                let sum = weights[i] * Int(frames[tick][0])
                let activation = exponent < 0 ? sum >> -exponent : sum << exponent
                u[i] = tz(u[i] * (4096 - rows[0][i]), 12) + activation << 6
                while u[i] > 1 << 23 { (u[i], wraps) = (u[i] - 1 << 24, wraps + 1) }
                while u[i] <= -(1 << 23) { (u[i], wraps) = (u[i] + 1 << 24, wraps + 1) }
                v[i] = max(-8_388_607, min(8_388_607, tz(v[i] * (4096 - rows[1][i]), 12) + u[i] + rows[3][i]))
                let spike = v[i] >= rows[2][i]
                if spike { v[i] = 0 }
                fired += spike ? 1 : 0
                #expect(
                    given[i] == (spike ? 1 : 0) && state[i] == u[i] && state[count + i] == v[i],
                    "tick \(tick) neuron \(i)")
            }
        }
        #expect(fired > 50 && (exponent < 0 || wraps > 50))
    }

    // MARK: Refusals

    static func refusal(_ chip: Chip, _ graph: Graph, dialect: String? = nil, inputBits: UInt8? = nil) -> String {
        do {
            let schedule = try Schedule(graph, file: "")
            let dialect = Dialect.named(dialect ?? chip.dialect)!
            var options = options(chip, window: 10)
            if let inputBits { options.inputBits = inputBits }
            _ =
                try chip == .loihi
                ? compileLoihi(graph, schedule, dialect: dialect, dt: 1, options)
                : compileXylo(graph, schedule, dialect: dialect, dt: 1, options)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test func whatDoesNotFitIsNamed() {
        let weight = Tensor(shape: [2, 2], values: [1, 2, 3, 4])
        func each(_ values: [Double]) -> Tensor { Tensor(shape: [values.count], values: values) }
        let lif = ChipTests.lif(2, decay: 100, threshold: 1)
        var li = lif
        (li.kind, li.threshold) = (.li, nil)
        var cuba = lif
        (cuba.kind, cuba.tauSynapse, cuba.inputWeight) = (.cubaLIF, each([4, 4]), each([1, 1]))
        #expect(ChipTests.refusal(.loihi, ChipTests.graph(weight, lif)) == "accepted")
        #expect(ChipTests.refusal(.loihi, ChipTests.graph(weight, cuba)) == "accepted")
        #expect(ChipTests.refusal(.loihi, ChipTests.graph(weight, li)).contains("neurons: does not fire"))
        var adaptive = lif
        (adaptive.kind, adaptive.tauAdaptation, adaptive.adaptation) = (.adaptiveLIF, each([4, 4]), each([1, 1]))
        #expect(ChipTests.refusal(.loihi, ChipTests.graph(weight, adaptive)).contains("neurons: adapts its threshold"))
        #expect(
            ChipTests.refusal(.loihi, ChipTests.graph(weight, lif), dialect: "spyx").contains(
                "resets by subtract in the next"))
        #expect(ChipTests.refusal(.xylo, ChipTests.graph(weight, lif)).contains("neurons: reads the input"))

        // Two populations: what one Xylo holds.
        func two(_ hidden: Neuron, _ output: Neuron, extra: [Graph.Edge] = []) -> Graph {
            Graph(
                nodes: [
                    "input": .input(shape: [2]), "in": .affine(weight: weight, bias: nil), "hidden": .neuron(hidden),
                    "out": .affine(weight: weight, bias: nil), "back": .affine(weight: weight, bias: nil),
                    "last": .neuron(output), "output": .output(shape: [2]),
                ],
                edges: [("input", "in"), ("in", "hidden"), ("hidden", "out"), ("out", "last"), ("last", "output")].map {
                    Graph.Edge(from: $0.0, to: $0.1)
                } + extra, version: nil)
        }
        #expect(ChipTests.refusal(.xylo, two(cuba, cuba)) == "accepted")
        #expect(ChipTests.refusal(.xylo, two(lif, cuba)).contains("hidden: is a LIF"))
        #expect(ChipTests.refusal(.xylo, two(cuba, cuba), inputBits: 8).contains("an input of 8 bits"))
        #expect(ChipTests.refusal(.xylo, two(cuba, cuba), dialect: "norse").contains("resets by zero"))
        #expect(
            ChipTests.refusal(
                .xylo,
                two(cuba, cuba, extra: [Graph.Edge(from: "last", to: "back"), Graph.Edge(from: "back", to: "hidden")])
            ).contains("hidden: reads last"))
        var slow = cuba
        slow.tau = each([1e9, 4])
        #expect(ChipTests.refusal(.xylo, two(slow, cuba)).contains("hidden/tau_mem: 1000000000.0 s at 0"))
        var loud = cuba
        loud.threshold = each([1e-7, 1])
        #expect(ChipTests.refusal(.xylo, two(loud, cuba)).contains("hidden/v_threshold: 1e-07 at 0 is 0 on the chip"))
        let many = Tensor(shape: [9, 2], values: Array(repeating: 1, count: 18))
        var nine = two(cuba, cuba)
        var wide = cuba
        (wide.shape, wide.tau, wide.tauSynapse, wide.inputWeight) = (
            [9], each(Array(repeating: 4, count: 9)), each(Array(repeating: 4, count: 9)),
            each(Array(repeating: 1, count: 9))
        )
        (wide.resistance, wide.leak, wide.threshold, wide.reset) = (
            wide.tau!, each(Array(repeating: 0, count: 9)), wide.tau, each(Array(repeating: 0, count: 9))
        )
        (nine.nodes["out"], nine.nodes["last"], nine.nodes["output"]) = (
            .affine(weight: many, bias: nil), .neuron(wide), .output(shape: [9])
        )
        #expect(ChipTests.refusal(.xylo, nine).contains("last: 9 output neurons, where the chip has 8"))
    }

    /// Weights that are not whole are scaled to the chip's greatest, and what that loses is reported.
    @Test func roundedWeights() throws {
        let weight = Tensor(shape: [2, 2], values: [0.3, -0.1, 0.2, 0.05])
        let compiled = try ChipTests.loihi(
            ChipTests.graph(weight, ChipTests.lif(2, decay: 4096, threshold: 0.25)), window: 9)
        let matrix = compiled.populations[0].matrices[0]
        #expect(abs(compiled.populations[0].leastScale - 254 / 0.3) < 1e-6)
        #expect(matrix.bits == 8 && matrix.signalToNoise! > 40)
    }
}
