import Foundation
import NIR
import SNNRuntime

/// A chip whose integer arithmetic a compiled network keeps.
public enum Chip: String, Sendable, CaseIterable {
    case loihi, xylo

    /// Bits of an input element: Loihi hears one spike a tick and channel, Xylo up to 15.
    public var inputBits: UInt8 { self == .loihi ? 2 : 5 }
    /// The dialect whose reset the chip has.
    public var dialect: String { self == .loihi ? "lava" : "rockpool-export" }
}

/// A network in a chip's integers. Populations hear each other's spikes, and on Loihi the input's, a tick late.
struct ChipNetwork {
    struct Term {
        /// A population's number, or nil for the input.
        let source: Int?
        let columns: Int
        /// Row-major, as the chip would hold them, weight shifts and exponents applied.
        let weights: [Int]
        /// 10·log10( Σ w² / Σ (w − ŵ)² ); nil where exact.
        let signalToNoise: Double?
    }

    struct Population {
        let name: String
        let count: Int
        let terms: [Term]
        /// In the order of the op's fields, one value per neuron each. Loihi: δu, δv, θ, b; Xylo: both dashes, θ, b.
        let parameters: [[Int]]
        /// Integers per unit of the network as it was given.
        let scale: Double
    }

    let chip: Chip
    var inputCount: Int
    var populations: [Population]
    /// The population whose spikes are counted.
    var output: Int
    /// Loihi: whether a voltage equal to the threshold fires.
    var firesAtThreshold = false
    /// Where the network comes from, for people.
    var origin: [String]
}

extension ChipNetwork {
    /// Makes the model file: projections from last tick's spikes stand above the neurons that write them.
    func emitted(_ options: CompileOptions) throws(CompileError) -> Compiled {
        var file = ModelFile()
        let names =
            options.channelNames.isEmpty
            ? (0..<inputCount).map { inputCount > 4096 ? "" : "\($0)" } : options.channelNames
        if names.count != inputCount { throw CompileError("\(names.count) channel names for \(inputCount) inputs") }
        let shown = populations[output]
        let classes = options.classNames.isEmpty ? (0..<shown.count).map { "\($0)" } : options.classNames
        if classes.count != shown.count {
            throw CompileError("\(classes.count) class names for \(shown.count) outputs")
        }
        if inputCount > 65535 || shown.count > 65535 {
            throw CompileError("\(inputCount) inputs and \(shown.count) outputs, where the format has 65,535 at most")
        }

        let samples = try file.stream(
            options.title, rate: options.rate, channels: names.map { ($0, options.unit, options.count) })
        let isInputLate = chip == .loihi
        let input = file.slot(.analog, bits: options.inputBits, count: inputCount, isPersistent: isInputLate)
        var (sums, spikes): ([Int], [Int]) = ([], [])
        for (number, population) in populations.enumerated() {
            sums.append(
                chip == .loihi
                    ? file.slot(.current, bits: 32, count: population.count)
                    : file.slot(.synaptic, bits: 16, count: population.count, isPersistent: true))
            let isRead = populations.contains { $0.terms.contains { $0.source == number } }
            let bits: UInt8 = chip == .xylo && number != output ? 5 : 1
            spikes.append(file.slot(.spikes, bits: bits, count: population.count, isPersistent: isRead))
        }
        let table = file.tensor((0..<inputCount).flatMap { _ in u16(0) + u16(1) })
        func takeInput() { file.op(.input, samples, input, [0, 0, 0, 0] + u32(table)) }
        if !isInputLate { takeInput() }
        var reports: [PopulationReport] = []
        for (number, population) in populations.enumerated() {
            var matrices: [PopulationReport.Matrix] = []
            for term in population.terms {
                let (source, name) = term.source.map { (spikes[$0], populations[$0].name) } ?? (input, "input")
                let packing = Packing(term.weights)
                let runs = (0..<term.columns).flatMap { column in
                    packedWeights(
                        (0..<population.count).map { term.weights[$0 * term.columns + column] >> packing.shift },
                        bits: packing.bits)
                }
                file.op(
                    .dense, source, sums[number],
                    [packing.code, packing.shift == 0 ? 0 : 1, UInt8(packing.shift), 0] + u32(1)
                        + u32(file.tensor(runs)))
                matrices.append(
                    PopulationReport.Matrix(
                        from: name, rows: population.count, columns: term.columns, weights: term.weights.count,
                        bits: packing.bits,
                        signalToNoise: term.signalToNoise, sumSignalToNoise: nil, clipped: 0))
            }
            reports.append(
                PopulationReport(
                    name: population.name, neurons: population.count, leastScale: population.scale,
                    greatestScale: population.scale,
                    fractionBits: 0, stateBits: chip == .loihi ? 24 : 16, peak: nil, matrices: matrices))
        }
        if isInputLate { takeInput() }
        for (number, population) in populations.enumerated() {
            var flags: UInt8 = 0
            var fields: [UInt8] = []
            for (at, values) in population.parameters.enumerated() {
                if Set(values).count == 1 {
                    fields += i32(values[0])
                } else {
                    flags |= 1 << UInt8(at)
                    let isNarrow = at < (chip == .loihi ? 2 : 3)
                    fields += u32(file.tensor(values.flatMap(isNarrow ? u16 : i32)))
                }
            }
            let head: [UInt8] = chip == .loihi ? [firesAtThreshold ? 1 : 0, 0, flags, 0] : [flags, 0, 0, 0]
            file.op(chip == .loihi ? .loihi : .xylo, sums[number], spikes[number], head + fields + u32(0))
        }
        let readout = file.op(
            .readout, spikes[output], ModelFile.noSlot,
            [1, 1, 0, 0] + u32(options.window) + u32(options.window) + u32(0))
        try file.output("class", op: readout, classes: classes)
        file.metadata = origin + ["target: \(chip.rawValue)"]
        let nodes = populations.enumerated().map { NodePlace(slot: spikes[$0], node: $1.name, order: .nir) }
        file.metadata += nodes.map(\.line)
        return Compiled(
            bytes: try file.bytes(), populations: reports, nodes: nodes, pruning: PruningReport(), program: nil)
    }

    /// The narrowest encoding that loses nothing, and the power of two, 2^8 at most, that all weights have in common.
    struct Packing {
        let shift: Int
        let bits: Int
        /// Of the encoding.
        let code: UInt8

        init(_ weights: [Int]) {
            let common = weights.reduce(0, |)
            let shift = common == 0 ? 0 : min(8, common.trailingZeroBitCount)
            self.shift = shift
            func fits(_ range: ClosedRange<Int>) -> Bool { weights.allSatisfy { range.contains($0 >> shift) } }
            (bits, code) = fits(-1...1) ? (2, 2) : fits(-8...7) ? (4, 3) : fits(-128...127) ? (8, 4) : (16, 5)
        }
    }
}

// MARK: From NIR

/// A population of a NIR graph as a chip sees it, in floating point.
struct ChipCandidate {
    let population: Lowered.Population
    /// Per term: what it reads, and its rows with the neurons' gain taken in; the input's count too.
    let terms: [(source: Int?, rows: [[Double]])]
    /// Constant input per neuron.
    let bias: [Double]

    var name: String { population.name }
    var count: Int { population.count }
    var greatestWeight: Double { terms.flatMap(\.rows).joined().map(abs).max() ?? 0 }
    var greatestThreshold: Double { population.neuron.threshold.max() ?? 0 }

    /// Whether weights, thresholds and biases are whole numbers as they stand.
    var isWhole: Bool {
        let values = terms.flatMap(\.rows).joined() + population.neuron.threshold + bias
        return values.allSatisfy { abs($0 - $0.rounded()) < 1e-6 }
    }

    /// Rows times `scale`, rounded by `integer`, as a term.
    func term(_ number: Int, scale: Double, integer: (Double) -> Int) -> ChipNetwork.Term {
        let rows = terms[number].rows
        let weights = rows.joined().map { integer($0 * scale) }
        let differences = zip(rows.joined(), weights).map { $0 - Double($1) / scale }
        let noise = differences.reduce(0) { $0 + $1 * $1 }
        let signal = rows.joined().reduce(0) { $0 + $1 * $1 }
        return ChipNetwork.Term(
            source: terms[number].source, columns: rows[0].count, weights: weights,
            signalToNoise: noise <= 1e-9 * signal ? nil : 10 * log10(signal / noise))
    }

    /// Thresholds times `scale`, as whole numbers above 0 where they were.
    func thresholds(scale: Double) throws(CompileError) -> [Int] {
        try population.neuron.threshold.enumerated().map { (i, value) throws(CompileError) in
            let whole = (value * scale).rounded()
            if value > 0 && whole == 0 {
                throw CompileError(
                    "\(name)/v_threshold: \(value) at \(i) is 0 on the chip, beside weights of up to \(greatestWeight)")
            }
            return Int(whole)
        }
    }
}

extension Lowered {
    /// What a chip can have: matrices between the input and populations that fire, reset as the chip's do.
    func candidates(for chip: Chip, _ dialect: Dialect, _ options: CompileOptions) throws(CompileError)
        -> [ChipCandidate]
    {
        let reset: Dialect.Reset = chip == .loihi ? .zero : .subtract
        let unit = Double(options.count.numerator) / Double(options.count.denominator)
        return try populations.map { (population) throws(CompileError) in
            let name = population.name
            let neuron = population.neuron
            if !neuron.fires { throw CompileError("\(name): does not fire, as all neurons of \(chip.rawValue) do") }
            if neuron.reset != reset || neuron.resetDelay != .same || neuron.refractoryTicks > 0 {
                throw CompileError(
                    "\(name): a spike resets by \(neuron.reset.rawValue) in the \(neuron.resetDelay.rawValue) tick, where \(chip.rawValue)'s do by \(reset.rawValue) in the same; give --dialect or --reset"
                )
            }
            // Where a dialect's current decays before it drives the membrane, as Xylo's does, the decay is the neuron's own.
            let gain =
                chip == .xylo && dialect.synapse == .jumpThenDecay && !neuron.currentKeep.isEmpty
                ? zip(neuron.gain, neuron.currentKeep).map { $0 / $1 } : neuron.gain
            let terms = try population.terms.map { (term) throws(CompileError) in
                let source: Int?
                switch term.source {
                case .input: source = nil
                case .population(let number): source = number
                case .delay: throw CompileError("\(name): reads a Delay, which --target \(chip.rawValue) does not take")
                case .pool: throw CompileError("\(name): reads a pool, which --target \(chip.rawValue) does not take")
                }
                if case .convolution = term.map {
                    throw CompileError(
                        "\(name): reads a convolution, where --target \(chip.rawValue) takes Linear and Affine")
                }
                if term.map.rows * term.map.columns > 1 << 24 {
                    throw CompileError("\(name): has more than 2^24 weights from one source")
                }
                let factors = gain.map { source == nil ? $0 * unit : $0 }
                let (columns, values) = (term.map.columns, term.map.full)
                return (
                    source,
                    factors.indices.map { row in values[row * columns..<(row + 1) * columns].map { $0 * factors[row] } }
                )
            }
            let bias = (0..<population.count).map { population.bias[$0] * gain[$0] + neuron.drive[$0] }
            let candidate = ChipCandidate(population: population, terms: terms, bias: bias)
            if !(candidate.greatestWeight < 1e30) { throw CompileError("\(name): has weights beyond 1e30") }
            return candidate
        }
    }
}
