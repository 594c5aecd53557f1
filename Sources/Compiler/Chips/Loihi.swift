import NIR

// Networks in Loihi's integers (docs/format.md, "loihi"; docs/chips.md says by which rules).

/// The chip's ranges.
private let weightLimit = 255
private let thresholdLimit = 131_071
private let biasMantissaLimit = 4095
private let biasExponentLimit = 7

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
    let fires = lowered.populations.map(\.neuron.firesAtThreshold)
    if let other = fires.firstIndex(where: { $0 != fires[0] }) {
        throw CompileError(
            "\(lowered.populations[other].name): fires by another comparison than \(lowered.populations[0].name)",
            node: lowered.populations[other].name)
    }
    return try ChipNetwork(
        chip: .loihi, inputShape: lowered.inputShape, populations: populations, output: lowered.output,
        firesAtThreshold: fires[0], origin: ["compiled-from: NIR"] + dialect.lines(dt: dt)
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
        name: candidate.name, shape: candidate.population.shape,
        terms: candidate.terms.indices.map { number in
            candidate.term(number, scale: scale, isLate: true) { integer($0, isMixed[number]) }
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
