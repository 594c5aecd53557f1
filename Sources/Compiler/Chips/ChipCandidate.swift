import Glibc
import NIR

/// A chip candidate is a population of a NIR graph as a chip sees it, in floating point.
struct ChipCandidate {
    /// What the population reads from one source: rows of a matrix, or kernels of a convolution, with the neurons' gain, and
    /// the worth of the input's counts, taken in.
    struct Term {
        let source: Int?
        let rows: [[Double]]
        let form: ChipNetwork.Term.Form
    }

    let population: Lowered.Population
    let terms: [Term]
    /// Constant input per neuron.
    let bias: [Double]

    var name: String { population.name }
    var count: Int { population.count }
    var greatestWeight: Double { terms.flatMap(\.rows).joined().map(abs).max() ?? 0 }
    var greatestThreshold: Double { population.neuron.threshold.max() ?? 0 }

    /// Weights, thresholds and biases are whole numbers as they stand, as near as numbers of 32 bits come to them.
    var isWhole: Bool {
        let values = terms.flatMap(\.rows).joined() + population.neuron.threshold + bias
        return values.allSatisfy { abs($0 - $0.rounded()) <= 1e-6 * max(1, abs($0)) }
    }

    /// Rows times `scale`, rounded by `integer`, as a term.
    func term(_ number: Int, scale: Double, isLate: Bool, integer: (Double) -> Int) -> ChipNetwork.Term {
        let rows = terms[number].rows
        let weights = rows.joined().map { integer($0 * scale) }
        let differences = zip(rows.joined(), weights).map { $0 - Double($1) / scale }
        let noise = differences.reduce(0) { $0 + $1 * $1 }
        let signal = rows.joined().reduce(0) { $0 + $1 * $1 }
        return ChipNetwork.Term(
            source: terms[number].source, isLate: isLate, form: terms[number].form, weights: weights,
            signalToNoise: noise <= 1e-9 * signal ? nil : 10 * log10(signal / noise))
    }

    /// Thresholds times `scale`, as whole numbers above 0 where they were.
    func thresholds(scale: Double) throws(CompileError) -> [Int] {
        try population.neuron.threshold.enumerated().map { (i, value) throws(CompileError) in
            let whole = (value * scale).rounded()
            if value > 0 && whole == 0 {
                throw CompileError(
                    "\(name)/v_threshold: \(value) at \(i) is 0 on the chip, beside weights of up to \(greatestWeight)",
                    node: name)
            }
            return Int(whole)
        }
    }
}

extension Lowered {
    /// What a chip can have: matrices, on Loihi convolutions too, between the input and populations that fire, reset as the
    /// chip's do.
    func candidates(for chip: Chip, _ dialect: Dialect, _ options: CompileOptions) throws(CompileError)
        -> [ChipCandidate]
    {
        let conversion = try InputConversion(options, channelCount: inputCount)
        if !conversion.isShared || conversion.offsets.contains(where: { $0 != 0 }) {
            throw CompileError(
                "--target \(chip.rawValue) takes counts as they are: one --count for all channels, no --normalize")
        }
        let unit = conversion.worths[0]
        return try populations.map { (population) throws(CompileError) in
            do throws(CompileError) { return try candidate(population, for: chip, dialect, unit: unit) } catch {
                throw error.at(population.name)
            }
        }
    }

    private func candidate(
        _ population: Population, for chip: Chip, _ dialect: Dialect, unit: Double
    ) throws(CompileError) -> ChipCandidate {
        let (name, neuron) = (population.name, population.neuron)
        let reset: Dialect.Reset = chip == .loihi ? .zero : .subtract
        if !neuron.fires { throw CompileError("\(name): does not fire, as all neurons of \(chip.rawValue) do") }
        if !neuron.thresholdKeep.isEmpty {
            throw CompileError("\(name): adapts its threshold, which no neuron of \(chip.rawValue) does")
        }
        if neuron.reset != reset || neuron.resetDelay != .same || neuron.refractoryTicks > 0 {
            throw CompileError(
                "\(name): a spike resets by \(neuron.reset.rawValue) in the \(neuron.resetDelay.rawValue) tick, where \(chip.rawValue)'s do by \(reset.rawValue) in the same; give --dialect or --reset"
            )
        }
        if chip == .xylo && !neuron.firesAtThreshold {
            throw CompileError(
                "\(name): fires beyond its threshold, where xylo's neurons fire at it; --comparison greater_or_equal takes it so"
            )
        }
        if neuron.origin.contains(where: { $0 != 0 }) || neuron.start.contains(where: { $0 != 0 }) {
            throw CompileError(
                "\(name): resets to or starts at a voltage other than 0, which \(chip.rawValue)'s neurons do not"
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
            if !term.delays.isEmpty {
                throw CompileError("\(name): has weights with delays, which --target \(chip.rawValue) does not take")
            }
            let factors = gain.map { source == nil ? $0 * unit : $0 }
            if case .convolution(let map) = term.map {
                return ChipCandidate.Term(
                    source: source, rows: try kernels(map, factors, of: name, for: chip), form: .convolution(map))
            }
            if term.map.rows * term.map.columns > Lowered.greatestMatrix {
                throw CompileError("\(name): has more than 2^24 weights from one source")
            }
            let (columns, values) = (term.map.columns, term.map.full)
            let rows = factors.indices.map { row in
                values[row * columns..<(row + 1) * columns].map { $0 * factors[row] }
            }
            return ChipCandidate.Term(source: source, rows: rows, form: .matrix(columns: columns))
        }
        let bias = (0..<population.count).map { population.bias[$0] * gain[$0] + neuron.drive[$0] }
        let candidate = ChipCandidate(population: population, terms: terms, bias: bias)
        if !(candidate.greatestWeight < 1e30) { throw CompileError("\(name): has weights beyond 1e30") }
        return candidate
    }

    /// Kernels of output channels, each times the factor that all its positions have.
    private func kernels(
        _ map: ConvolutionMap, _ factors: [Double], of name: String, for chip: Chip
    ) throws(CompileError) -> [[Double]] {
        if chip != .loihi || map.maxima != nil {
            let what = map.maxima == nil ? "a convolution" : "maxima of a convolution"
            throw CompileError("\(name): reads \(what), where --target \(chip.rawValue) takes Linear and Affine")
        }
        let positions = map.to[1] * map.to[2]
        if let i = factors.indices.first(where: { factors[$0] != factors[$0 / positions * positions] }) {
            throw CompileError(
                "\(name): neuron \(i) takes its input by another factor than the first of its channel, where a convolution's weights are all positions' on the chip"
            )
        }
        return (0..<map.to[0]).map { channel in map.kernel(channel).map { $0 * factors[channel * positions] } }
    }
}
