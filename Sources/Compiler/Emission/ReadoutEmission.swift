import Glibc
import SNNRuntime

extension ProgramWriter {
    /// Declares the readout of the output's population by the options' rule.
    ///
    /// - Throws: hops and evidence that the format does not have.
    mutating func addReadout() throws(CompileError) {
        let rule = options.readout ?? (network.isOutputSummed ? .spikes : .last)
        let source = Lowered.Source.population(network.output)
        var readout = ReadoutOp(integration: .sum, resetsNetwork: options.resetsNetwork, window: options.window)
        switch rule {
        case .sum, .spikes, .mean: break
        case .last, .membrane: readout.integration = .lastValue
        case .max: readout.integration = .maximum
        case .leaky(let ticks):
            readout.integration = .leakySum
            readout.decay = try Leak.decay(ticks, of: "readout leaky:\(ticks)")
        }
        try addEvidence(to: &readout)
        readout.shift = try shift(readout)
        let op = program.add(readout, from: slot(source), to: nil)
        program.setOutput("class", op: op, classes: classNames)
        program.metadata += options.readout.map { ["\(ReferenceReadout.ruleKey): \($0)"] } ?? []
        if !network.populations[network.output].neuron.fires || rule == .mean {
            program.metadata.append("\(ScoreScale.key): \(worth(rule, readout))")
        }
        program.metadata += options.scoreUnit.map { ["\(ScoreScale.unitKey): \($0)"] } ?? []
    }

    private func addEvidence(to readout: inout ReadoutOp) throws(CompileError) {
        if let hop = options.hop, hop != options.window {
            if options.resetsNetwork {
                throw CompileError(
                    "a hop of \(hop) ticks below the window of \(options.window): a network that starts anew behind each result has no windows that overlap; give --keep-state, with which it runs on"
                )
            }
            switch readout.integration {
            case .lastValue: readout.window = hop
            case .sum: break
            case .leakySum, .maximum:
                throw CompileError(
                    "a hop of \(hop) ticks below the window of \(options.window) goes with --readout sum, mean, last, membrane and spikes"
                )
            }
            readout.hop = hop
        }
        switch options.evidence {
        case .none: break
        case .windows(let count):
            if readout.hop != readout.window || readout.integration == .leakySum || readout.integration == .maximum {
                throw CompileError(
                    "evidence of \(count) windows goes with --readout sum, mean, last, membrane and spikes, without --hop"
                )
            }
            readout.hop = readout.window
            let (window, isTooLong) = readout.window.multipliedReportingOverflow(by: count)
            if isTooLong || window > 1 << 24 {
                throw CompileError(
                    "evidence of \(count) windows of \(options.window) ticks, expected 16,777,216 ticks at most")
            }
            readout.window = window
        case .leaky(let windows):
            if readout.hop != readout.window {
                throw CompileError("evidence with a leak goes without --hop")
            }
            readout.evidenceDecay = try Leak.decay(windows, of: "evidence leaky:\(windows)")
        }
        if readout.window % readout.hop != 0 || readout.window / readout.hop > 4096 {
            throw CompileError(
                "a hop of \(readout.hop) ticks, expected one that divides the window of \(readout.window) and is a 4,096th of it or more"
            )
        }
    }

    /// Membranes of 30 bits are summed in steps that 31 bits hold over the ticks that a score is about.
    private func shift(_ readout: ReadoutOp) throws(CompileError) -> Int {
        if network.populations[network.output].neuron.fires { return 0 }
        var ticks: Double
        switch readout.integration {
        case .lastValue, .maximum: ticks = 1
        case .sum: ticks = Double(options.window)
        case .leakySum:
            ticks = min(
                1 / (1 - Double(readout.decay) / 32768), options.resetsNetwork ? Double(options.window) : .infinity)
        }
        ticks *= Double(readout.window / max(readout.hop, options.window))
        if readout.evidenceDecay > 0 { ticks *= 1 / (1 - Double(readout.evidenceDecay) / 32768) }
        var shift = 0
        while exp2(Double(shift)) < ticks { shift += 1 }
        if shift > 31 {
            throw CompileError(
                "scores that add up 2^\(shift) membranes, where the format's shift of 31 bits makes room for 2^31; give a shorter --window or less --evidence"
            )
        }
        return shift
    }

    /// What one count of a score is worth in the network's own output.
    private func worth(_ rule: ReadoutRule, _ readout: ReadoutOp) -> Double {
        let source = Lowered.Source.population(network.output)
        let value = (quantized.units(source)?[0] ?? 1) / exp2(Double(quantized.readShift(source)))
        return value * exp2(Double(readout.shift)) / (rule == .mean ? Double(options.window) : 1)
    }
}

/// A leak is what a tick, or a window, keeps of the sum before it, in steps of 2^-15.
public enum Leak {
    /// e^(−1/span) in steps.
    private static func steps(_ span: Double) -> Int { Int((exp(-1 / span) * 32768).rounded()) }

    /// - Throws: a span of which nothing would leak. `what` is for the message.
    static func decay(_ span: Double, of what: String) throws(CompileError) -> Int {
        if steps(span) >= 32768 {
            throw CompileError(
                "\(what): a decay in steps of 2^-15 has no leak as slow; give 65,000 at most, or a sum without a leak")
        }
        return steps(span)
    }

    /// The span that the rounded decay stands for; nil where nothing is kept.
    public static func kept(_ span: Double) -> Double? {
        let decay = steps(span)
        return decay > 0 && decay < 32768 ? -1 / log(Double(decay) / 32768) : nil
    }
}

/// The score scale is what one count of a score is worth in the network's own output, in the file's metadata.
public enum ScoreScale {
    static let key = "scores.scale"
    static let unitKey = "scores.unit"

    /// The scale that a model says; nil where its scores are counts.
    public static func of(_ model: Model) -> Double? {
        model.metadataValue(key).flatMap { Double($0) }.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }

    /// The unit of the scaled scores, where the model says one.
    public static func unit(of model: Model) -> String? { model.metadataValue(unitKey) }
}
