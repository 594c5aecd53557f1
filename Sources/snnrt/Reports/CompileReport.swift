import Compiler
import NIR

/// The report of `snnrt compile`. JSON keys are these names.
struct CompileReport: Encodable {
    /// How a search read the file.
    struct Search: Encodable {
        /// As the command line spells it, the readout beside.
        let options: String
        let readout: String
        /// What was left between reference and framework, on so many windows.
        let distance: Double
        let windows: Int
        let tried: Int
        /// Readings that give the same.
        let equals: [String]

        init(_ finding: DialectSearch.Finding) {
            (options, readout) = (finding.candidate.options, finding.readout.description)
            (distance, windows, tried) = (finding.distance, finding.windowCount, finding.tried)
            equals = finding.equals.map(\.options)
        }
    }

    let network: String
    let model: String
    /// False where it gives other labels than the framework.
    let isWritten: Bool
    let bytes: Int
    let arenaBytes: Int
    /// The chip whose integers it keeps.
    let target: String?
    /// The dialect; nil for a netx file, whose integers say it.
    let dialect: String?
    let dt: Double?
    /// What most neurons do; single nodes may have others.
    let reset: String?
    let resetDelay: String?
    let readout: String?
    /// What one count of a raw sample is worth.
    let count: String
    let window: Int
    /// The Inputs, in the order in which a frame holds them.
    let inputs: [String]
    let search: Search?
    let inputBits: Int
    let populations: [PopulationReport]
    let pruning: PruningReport
    /// The integers beside the float reference, on the whole calibration log.
    let calibration: Comparison.Report?
    /// How weights were rounded by the calibration log.
    let rounding: RoundingChoice?
    /// The integers beside the framework; nil where they were compared with nothing outside.
    let truth: TruthReport?
    let warnings: [String]
    let plan: PlanReport?

    func lines(isStepInferred: Bool, isPrunedByLog: Bool, _ loaded: LoadedModel) -> [String] {
        var lines = [
            "\(network) -> \(isWritten ? model : "not written"), \(bytes.grouped) bytes, checksum \(loaded.checksum)"
        ]
        if let target { lines.append("integers of \(target), input \(inputBits) bits") }
        if let dialect, let dt, let reset, let resetDelay, let readout {
            lines.append(
                "dialect \(dialect), reset \(reset) in the \(resetDelay) tick, dt \(dt) s"
                    + (isStepInferred ? " (by the file and the dialect)" : "") + ", input \(inputBits) bits")
            lines.append("a result in \(counted(window, "tick")), readout \(readout); a count is worth \(count)")
        }
        if inputs.count > 1 {
            lines.append("a frame holds the Inputs one behind the other: \(inputs.joined(separator: ", "))")
        }
        if let search {
            let same = search.equals.isEmpty ? "" : "; the same: \(search.equals.prefix(3).joined(separator: ", "))"
            lines.append(
                "found among \(search.tried) readings, \(percent(search.distance, of: 1, 2)) off on \(counted(search.windows, "window")): \(search.options)\(same)"
            )
        }
        if let truth {
            lines += truth.lines
        } else {
            lines.append(
                "not compared with the framework: give what it gave with --expected, or as NETWORK.expected.npz beside the network"
            )
        }
        lines.append("")
        lines += layerTable.lines() + gridLines + recurrenceLines + pruningLines(isPrunedByLog)
        lines += [
            "",
            "arena \(arenaBytes.grouped) bytes; S-ACE \(loaded.model.sAcePerResult.grouped) per result. See snnrt inspect, snnrt budget.",
        ]
        if let rounding { lines.append(rounding.line) }
        if let calibration { lines += ["", "on the calibration log:"] + calibration.lines }
        if let plan {
            lines +=
                [
                    "",
                    "chosen (>) from \(counted(plan.evaluations, "network")) tried; * beaten by none in loss and limits; s: a list of synapses",
                ] + plan.table.lines()
        }
        return lines
    }

    private var gridLines: [String] {
        let kept = populations.flatMap { population in
            population.matrices.filter(\.isOnGrid).map { "\($0.from):\(population.name)" }
        }
        return kept.isEmpty ? [] : ["weights on a grid of their own, kept exactly: \(kept.joined(separator: ", "))"]
    }

    private var recurrenceLines: [String] {
        populations.compactMap { population in
            population.recurrence.map {
                "\(population.name): a recurrence, [\($0.degree)/\($0.degree)] in \(counted($0.substeps, "substep")) and \(counted($0.segments, "segment")), \(percent($0.error, of: 1, 3)) from A and B"
            }
        }
    }

    private func pruningLines(_ isPrunedByLog: Bool) -> [String] {
        let smaller = pruning.populations.filter { $0.silent + $0.unread > 0 }
        if smaller.isEmpty { return [] }
        var table = Table([
            ("left out of", .left), ("neurons", .right), (isPrunedByLog ? "silent on the logs" : "never fire", .right),
            ("unread", .right),
        ])
        for population in smaller {
            table.add([population.name, "\(population.neurons)", "\(population.silent)", "\(population.unread)"])
        }
        return [""] + table.lines() + ["weights \(pruning.weightsBefore.grouped) -> \(pruning.weightsAfter.grouped)"]
    }

    private var layerTable: Table {
        var table = Table([
            ("population", .left), ("neurons", .right), ("from", .left), ("matrix", .right), ("bits", .right),
            ("SNR dB", .right),
            ("of sums", .right), ("clipped", .right), ("counts per unit", .right), ("state bits", .right),
            ("fraction bits", .right), ("peak", .right),
        ])
        for population in populations {
            let range = "\(fixed(population.leastScale, 1)) ... \(fixed(population.greatestScale, 1))"
            let own = [
                range, "\(population.stateBits)", "\(population.fractionBits)",
                population.peak.map { percent($0, of: 1, 2) } ?? "",
            ]
            for (i, matrix) in population.matrices.enumerated() {
                let isFirst = i == 0
                table.add(
                    [
                        isFirst ? population.name : "", isFirst ? "\(population.neurons)" : "", matrix.from,
                        "\(matrix.rows)x\(matrix.columns)", "\(matrix.bits)",
                        matrix.signalToNoise.map { fixed($0, 1) } ?? "exact",
                        matrix.sumSignalToNoise.map { fixed($0, 1) } ?? "",
                        matrix.clipped == 0 ? "" : percent(matrix.clipped, of: 1),
                    ] + (isFirst ? own : own.map { _ in "" }))
            }
        }
        return table
    }
}

extension RoundingChoice {
    fileprivate var line: String {
        let (way, other) = isFitted ? ("fitted to the log", "to nearest") : ("to nearest", "fitted to the log")
        let (loss, otherLoss) = isFitted ? (fittedLoss, nearestLoss) : (nearestLoss, fittedLoss)
        return "weights rounded \(way): loss \(fixed(loss, 4)) on it, \(fixed(otherLoss, 4)) \(other)"
    }
}

extension PlanReport {
    /// One row per network, cheapest first; "~" before what the first windows of the search showed, a "c" behind the input's bits
    /// for each bit of range that was given up, and "=" before them where all channels are shifted alike.
    var table: Table {
        let hasInstructions = rows.contains { $0.instructions != nil }
        let windows = rows.map(\.search.windows).max() ?? 0
        var table = Table(
            [("", .left), ("NS-ACE", .right), ("bytes", .right), ("arena", .right)]
                + (hasInstructions ? [("instructions", .right)] : [])
                + [
                    ("loss", .right), ("error", .right), ("disagree", .right), ("held out: loss", .right),
                    ("error", .right),
                ] + (hasFreeInput ? [("input bits", .right)] : [])
                + [("weight bits: \(layers.joined(separator: ", "))", .left)])
        func share(_ value: Double?) -> String { value.map { percent($0, of: 1) } ?? "-" }
        for row in rows {
            let widths =
                row.uniformBits.map { "all \($0)" }
                ?? layers.map { "\(row.weights[$0]!)" + (row.sparse.contains($0) ? "s" : "") }.joined(separator: ", ")
            let narrow = row.state.filter { $0.value == 16 }.keys.sorted()
            let instructions = UInt64((row.instructions ?? 0).rounded()).grouped
            table.add(
                [
                    (row.isChosen ? ">" : "") + (row.isOnFrontier ? "*" : ""),
                    UInt64(row.search.nsAcePerResult.rounded()).grouped, row.modelBytes.grouped,
                    row.arenaBytes.grouped,
                ] + (hasInstructions ? [instructions] : [])
                    + [
                        (row.search.windows < windows ? "~" : "") + fixed(row.search.loss, 4),
                        share(row.search.errorRate), share(row.search.disagreement),
                        row.heldOut.map { fixed($0.loss, 4) } ?? "-", share(row.heldOut?.errorRate),
                    ]
                    + (hasFreeInput
                        ? [
                            (row.isInputShared ? "=" : "") + "\(row.inputBits)"
                                + String(repeating: "c", count: row.inputClippedBits)
                        ] : [])
                    + [
                        widths + (row.fitsRounding ? "" : "; to nearest")
                            + (narrow.isEmpty ? "" : "; state 16: \(narrow.joined(separator: ", "))")
                    ])
        }
        return table
    }
}

extension Comparison.Report {
    /// Plays a recording through a model and its network.
    init(_ loaded: LoadedModel, _ reference: FloatNetwork<Double>, _ recording: Recording) throws {
        let network = try loaded.network(.basic)
        var comparison = try Comparison(loaded, reference)
        for (index, window) in recording.windows.enumerated() {
            network.resetState()
            comparison.restart()
            window.samples.withUnsafeBufferPointer { samples in
                for start in stride(from: 0, to: samples.count, by: recording.channelCount) {
                    let frame = samples.baseAddress! + start
                    let pushed = network.push(frame, frameCount: 1)
                    comparison.tick(network, frame, isLast: pushed.hasResult)
                    guard pushed.hasResult, let result = network.result else { continue }
                    comparison.add(
                        WindowResult(
                            index: index, log: "", startsLog: false, start: 0, end: 0, label: Int(result.label),
                            scores: Array(result.scores),
                            logged: window.label.map { loaded.classNames[$0] }, isMixed: false))
                }
            }
        }
        self = comparison.report
    }
}
