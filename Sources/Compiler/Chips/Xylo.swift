import Glibc
import NIR
import SNNRuntime

// Networks in Xylo's integers (docs/format.md, "xylo"; docs/chips.md says by which rules).

/// The chip's sizes.
private let inputLimit = 16
private let hiddenLimit = 1000
private let outputLimit = 8

/// Makes a model file of a NIR graph of CubaLIF neurons in Xylo's integers. The population before the Output are the chip's
/// output neurons, all others its hidden ones, in the order of the graph.
///
/// - Throws: what the chip does not have, named by its node.
public func compileXylo(
    _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions
) throws(CompileError) -> Compiled {
    let lowered = try Lowered(graph, schedule, dialect: dialect, dt: dt)
    let candidates = try lowered.candidates(for: .xylo, dialect, options)
    let inputCount = lowered.inputShape.reduce(1, *)
    let output = lowered.output
    let shown = candidates[output]
    if options.inputBits > 5 {
        throw CompileError(
            "an input of \(options.inputBits) bits, where the chip hears 15 spikes a tick at most: 5 bits")
    }
    if inputCount > inputLimit { throw CompileError("\(inputCount) inputs, where the chip has \(inputLimit)") }
    if shown.count > outputLimit {
        throw CompileError("\(shown.name): \(shown.count) output neurons, where the chip has \(outputLimit)")
    }
    let hiddenCount = candidates.reduce(0) { $0 + $1.count } - shown.count
    if hiddenCount > hiddenLimit {
        throw CompileError("\(hiddenCount) hidden neurons, where the chip has \(hiddenLimit)")
    }
    for (number, candidate) in candidates.enumerated() {
        for term in candidate.terms {
            if number == output && term.source == nil {
                throw CompileError(
                    "\(candidate.name): reads the input, where the chip's output neurons read hidden ones")
            }
            if term.source == output {
                throw CompileError("\(candidate.name): reads \(shown.name), whose spikes leave the chip")
            }
        }
    }
    let populations = try candidates.map { (candidate) throws(CompileError) in
        guard case .neuron(let neuron)? = graph.nodes[candidate.name], neuron.kind == .cubaLIF else {
            throw CompileError(
                "\(candidate.name): is a \(graph.nodes[candidate.name]?.primitive ?? "sum"), where the chip's neurons are CubaLIF"
            )
        }
        return try xylo(candidate, neuron, dt)
    }
    return try ChipNetwork(
        chip: .xylo, inputShape: lowered.inputShape, populations: populations, output: output,
        origin: ["compiled-from: NIR"] + dialect.lines(dt: dt)
    ).compiled(options)
}

private func xylo(_ candidate: ChipCandidate, _ neuron: Neuron, _ dt: Double) throws(CompileError)
    -> ChipNetwork.Population
{
    // Whole numbers that fit, up to a shift by 7, stay as they are.
    let fits =
        candidate.isWhole && candidate.greatestThreshold <= 32767
        && candidate.terms.allSatisfy { term in
            guard term.rows.joined().allSatisfy({ $0.magnitude <= 32768 }) else { return false }
            let packing = ChipNetwork.Packing(term.rows.joined().map { Int($0.rounded()) })
            return packing.encoding.bits <= 8 && packing.shift <= 7
        }
    let scale =
        fits ? 1 : min(127 / max(candidate.greatestWeight, 1e-30), 32767 / max(candidate.greatestThreshold, 1e-30))
    func dashes(_ times: Tensor?, _ field: String) throws(CompileError) -> [Int] {
        try (times?.values(for: candidate.count) ?? []).enumerated().map { (i, tau) throws(CompileError) in
            let dash = log2(tau / dt).rounded()
            guard dash >= 0 && dash <= 15 else {
                throw CompileError(
                    "\(candidate.name)/\(field): \(tau) s at \(i) is \(tau / dt) ticks, where the chip's decays span 1 to 32,768"
                )
            }
            return Int(dash)
        }
    }
    let bias = try candidate.bias.enumerated().map { (i, value) throws(CompileError) in
        let whole = (value * scale).rounded()
        guard abs(whole) <= 32767 else {
            throw CompileError("\(candidate.name)/bias: \(value) at \(i) is \(whole) on the chip, beyond 32,767")
        }
        return Int(whole)
    }
    return ChipNetwork.Population(
        name: candidate.name, shape: candidate.population.shape,
        terms: candidate.terms.indices.sorted { candidate.terms[$0].source ?? -1 < candidate.terms[$1].source ?? -1 }
            .map { number in
                candidate.term(number, scale: scale, isLate: candidate.terms[number].source != nil) {
                    Int($0.rounded())
                }
            },
        parameters: .xylo(
            membraneDash: try dashes(neuron.tau, "tau_mem"), synapticDash: try dashes(neuron.tauSynapse, "tau_syn"),
            threshold: try candidate.thresholds(scale: scale), bias: bias),
        scale: scale)
}
