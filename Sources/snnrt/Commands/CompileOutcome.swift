import Compiler
import NIR
import SensorLogs

/// A compile outcome is a model before it is written, with all that is known of it.
struct CompileOutcome {
    let model: LoadedModel
    let compiled: Compiled
    let chosen: CompileOptions
    /// Nil for a netx file.
    let reading: NetworkReading?
    var plan: PlanReport?
    /// The integers beside the float reference, on the calibration windows.
    var comparison: Comparison.Report?
    /// The integers beside the framework; nil where nobody says what it gave.
    var truth: TruthReport?
    var warnings: [String] = []
    /// How weights were rounded by a calibration log.
    var rounding: RoundingChoice?

    /// What was taken from the file and the line otherwise than it stands there.
    var liberties: [String] {
        var said: [String] = []
        if let schedule = reading?.loaded.schedule {
            said += schedule.unreached.map { "\($0): is left out: no Input reaches it" }
            if schedule.inputNames.count > 1 {
                said.append(
                    "a frame holds the values of several Inputs one behind the other, in the order of their names: \(schedule.inputNames.joined(separator: ", "))"
                )
            }
        }
        func leak(_ what: String, _ span: Double) {
            guard let kept = Leak.kept(span), abs(kept / span - 1) > 0.01 else { return }
            said.append("\(what): leaks as leaky:\(shortened(kept)) does, since its decay is rounded to steps of 2^-15")
        }
        if case .leaky(let ticks)? = chosen.readout { leak("readout leaky:\(ticks)", ticks) }
        if case .leaky(let windows) = chosen.evidence { leak("evidence leaky:\(windows)", windows) }
        return said
    }
}

extension Compile {
    /// An outcome that was compared with nothing.
    func outcome(_ compiled: Compiled, _ chosen: CompileOptions) throws -> CompileOutcome {
        CompileOutcome(
            model: try LoadedModel(path: output, bytes: compiled.bytes), compiled: compiled, chosen: chosen,
            reading: nil)
    }

    /// Writes the model file, if it is near enough to the framework, and says what it is.
    ///
    /// - Throws: a `Failure` of disagreement behind the report, with nothing written.
    func show(_ outcome: CompileOutcome) throws {
        let (compiled, chosen, model) = (outcome.compiled, outcome.chosen, outcome.model)
        let warnings = outcome.warnings + outcome.liberties
        let isEnough = outcome.truth?.isEnough ?? true
        if isEnough { try writeFile(compiled.bytes, to: output) }
        let dialect = outcome.reading?.dialect
        let report = CompileReport(
            network: path, model: output, isWritten: isEnough, bytes: compiled.bytes.count,
            arenaBytes: Int(try model.arenaByteCount()), target: target?.rawValue, dialect: dialect?.name,
            dt: outcome.reading?.dt, reset: dialect?.reset.rawValue, resetDelay: dialect?.resetDelay.rawValue,
            readout: outcome.reading.map { (chosen.readout ?? $0.usualReadout).description },
            count: "\(chosen.count.numerator)/\(chosen.count.denominator)", window: Int(chosen.window),
            inputs: outcome.reading?.loaded.schedule.inputNames ?? [],
            search: outcome.reading?.finding.map { CompileReport.Search($0) }, inputBits: Int(chosen.inputBits),
            populations: compiled.populations, pruning: compiled.pruning, calibration: outcome.comparison,
            rounding: outcome.rounding,
            truth: outcome.truth, warnings: warnings, plan: outcome.plan)
        if let plan = outcome.plan, let picture = planning.pareto {
            try writeFile(Array(ParetoPlot(plan, planning.goal).svg.utf8), to: picture)
        }
        for warning in warnings { standardError("warning: \(warning)") }
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines(
                isStepInferred: options.dt == nil, isPrunedByLog: planning.pruneSilent, model)
            { try Output.standard.line(line) }
        }
        try Output.standard.flush()
        if let truth = outcome.truth, !isEnough {
            let reading = outcome.reading.map { "dialect \($0.dialect.name), dt \($0.dt) s" } ?? ""
            throw Failure(
                code: .disagreement, message: truth.refusal(path, reading) + "\n  \(output) was not written")
        }
    }
}
