import NIR

// Networks in Loihi's integers (docs/format.md, "loihi"; docs/chips.md says by which rules).

/// The chip's ranges.
private let weightLimit = 255
private let thresholdLimit = 131_071
private let biasMantissaLimit = 4095
private let biasExponentLimit = 7

/// Makes a model file of a netx network: its integers as they are, v ≥ vThMant·2^6, one tick per layer.
///
/// - Throws: weights that the chip has not, named by their place in the file.
public func compileLoihi(_ netx: NetxNetwork, _ options: CompileOptions) throws(CompileError) -> Compiled {
    var network = ChipNetwork(
        chip: .loihi, inputCount: netx.layers[0].inputCount, populations: [], output: netx.layers.count - 1,
        firesAtThreshold: true,
        origin: ["compiled-from: lava-dl netx"])
    for (number, layer) in netx.layers.enumerated() {
        // Where a matrix has both signs the chip drops the lowest of 8 bits.
        let isMixed = layer.weight.contains { $0 > 0 } && layer.weight.contains { $0 < 0 }
        if isMixed, let odd = layer.weight.firstIndex(where: { $0 & 1 != 0 }) {
            let place = odd.quotientAndRemainder(dividingBy: layer.inputCount)
            throw CompileError(
                "\(layer.name)/weight: \(layer.weight[odd]) at [\(place.quotient), \(place.remainder)] is odd, where a matrix of both signs has even weights on the chip"
            )
        }
        func each(_ value: Int) -> [Int] { Array(repeating: value, count: layer.outputCount) }
        let bias = layer.bias.isEmpty ? each(0) : layer.bias.map { $0 << 6 }
        network.populations.append(
            ChipNetwork.Population(
                name: layer.name, count: layer.outputCount,
                terms: [
                    ChipNetwork.Term(
                        source: number == 0 ? nil : number - 1, columns: layer.inputCount, weights: layer.weight,
                        signalToNoise: nil)
                ],
                parameters: .loihi(
                    currentDecay: each(layer.currentDecay), voltageDecay: each(layer.voltageDecay),
                    threshold: each(layer.threshold << 6), bias: bias),
                scale: 1))
    }
    return try network.compiled(options)
}

/// Makes a model file of a NIR graph of LIF and CubaLIF neurons in Loihi's integers: v > θ, all spikes a tick late.
///
/// - Throws: what the chip does not have, named by its node.
public func compileLoihi(
    _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions
) throws(CompileError) -> Compiled {
    let lowered = try Lowered(graph, schedule, dialect: dialect, dt: dt)
    let populations = try lowered.candidates(for: .loihi, dialect, options).map { (candidate) throws(CompileError) in
        try loihi(candidate)
    }
    return try ChipNetwork(
        chip: .loihi, inputCount: lowered.inputShape.reduce(1, *), populations: populations, output: lowered.output,
        origin: ["compiled-from: NIR", "dialect: \(dialect.name)", "dt: \(dt)"]
    ).compiled(options)
}

private func loihi(_ candidate: ChipCandidate) throws(CompileError) -> ChipNetwork.Population {
    let model = candidate.population.neuron
    let isMixed = candidate.terms.map { term in
        term.rows.joined().contains { $0 > 0 } && term.rows.joined().contains { $0 < 0 }
    }
    let fits =
        candidate.isWhole && candidate.greatestThreshold <= Double(thresholdLimit)
        && candidate.terms.indices.allSatisfy { number in
            candidate.terms[number].rows.joined().allSatisfy {
                abs($0) <= 256 && integer($0, isMixed[number]) == Int($0.rounded())
            }
        }
    // Whole numbers that fit stay as they are.
    let reach = Double(isMixed.contains(true) ? weightLimit - 1 : weightLimit)
    let scale =
        fits
        ? 1
        : min(
            reach / max(candidate.greatestWeight, 1e-30),
            Double(thresholdLimit) / max(candidate.greatestThreshold, 1e-30))
    let bias = try candidate.bias.enumerated().map { (i, value) throws(CompileError) in
        guard let bias = chipBias(value * scale * 64) else {
            throw CompileError(
                "\(candidate.name)/bias: \(value) at \(i) is more than the chip's, \(biasMantissaLimit << biasExponentLimit) beside weights of \(weightLimit)"
            )
        }
        return bias
    }
    // The chip's du and dv have 12 bits: a current always leaks, a voltage never goes wholly.
    func decay(_ keep: Double) -> Int { Int(((1 - keep) * 4096).rounded()) }
    let currents =
        model.currentKeep.isEmpty
        ? Array(repeating: 4096, count: candidate.count) : model.currentKeep.map { max(1, decay($0)) }
    return ChipNetwork.Population(
        name: candidate.name, count: candidate.count,
        terms: candidate.terms.indices.map { number in
            candidate.term(number, scale: scale) { integer($0, isMixed[number]) }
        },
        parameters: .loihi(
            currentDecay: currents, voltageDecay: model.keep.map { min(4095, decay($0)) },
            threshold: try candidate.thresholds(scale: scale).map { $0 << 6 }, bias: bias),
        scale: scale)
}

/// The nearest weight of the chip: even where its matrix has both signs.
private func integer(_ weight: Double, _ isMixed: Bool) -> Int {
    isMixed
        ? max(-256, min(254, 2 * Int((weight / 2).rounded())))
        : max(-weightLimit, min(weightLimit, Int(weight.rounded())))
}

/// The nearest mantissa·2^exponent; nil beyond all of them.
private func chipBias(_ value: Double) -> Int? {
    for exponent in 0...biasExponentLimit {
        let mantissa = (value / Double(1 << exponent)).rounded()
        if abs(mantissa) <= Double(biasMantissaLimit) { return Int(mantissa) << exponent }
    }
    return nil
}
