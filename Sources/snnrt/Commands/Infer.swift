import ArgumentParser
import Foundation
import SNNRuntime
import SensorLogs

struct Infer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Labels raw sensor logs: one row per result, then what it cost.",
        discussion: """
            Logs are CSV with a header (columns found by the model's channel names, an optional column time, \
            timestamp or t, an optional column label), WISDM raw text (accel and gyro files, joined on their \
            timestamps) or NumPy arrays of (ticks, channels) or (windows, ticks, channels). Values are in the \
            channels' units; format.md section 15 says how they become samples. Of several logs a refused one does \
            not stop the others. What stands before a refused row, or came before Ctrl-C, is still used: the results \
            and the summary so far are given.

            Examples:
              snnrt infer model.snn watch.csv
              snnrt infer model.snn watch.csv --map accel_x=x_acc --map accel_y=y_acc --map accel_z=z_acc
              snnrt infer model.snn data_1600_accel_watch.txt data_1600_gyro_watch.txt
              snnrt infer model.snn windows.npy --labels labels.npy
              zcat log.csv.gz | snnrt infer model.snn - --format jsonl
              sensor-csv | snnrt infer model.snn - --live --log-rate 100 --time-unit ms
              sensor-int16 | snnrt infer model.snn - --live --raw
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case table, csv, jsonl }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model"))
    var path: String
    @Argument(help: "Sensor logs, in order; - is standard input.")
    var logs: [String]
    @Option(help: "Output format: table, csv or jsonl.") var format: Format = .table
    @Option(
        help: ArgumentHelp(
            "Threads for several logs that are files. The output does not depend on it. Default: one per core.",
            valueName: "n"))
    var jobs: Int?
    @OptionGroup var options: LogOptions
    @Flag(name: .shortAndLong, help: "No notes about the log and no progress.") var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): expected 1 to 1024") }
    }

    func run() throws {
        let loaded = try LoadedModel(path: path)
        let progress = ProgressLine(isWanted: !quiet && !(format == .table && Output.standard.isTerminal))
        var evaluation = Evaluation(classes: loaded.classNames)
        var rows = ResultRows(format, classes: loaded.classNames)
        let outcome: RunOutcome
        do {
            outcome = try play(
                loaded, progress, note: { if !quiet { progress.note($0) } },
                result: { result in
                    evaluation.add(result)
                    try rows.write(result)
                    if options.live { try Output.standard.flush() }
                })
        } catch {
            progress.clear()
            try Output.standard.flush()
            throw error
        }
        progress.clear()
        if !quiet, outcome.spent.results == 0 {
            progress.note("no result: it takes \(loaded.model.ticksToFirstResult) ticks in one segment")
        }
        try rows.end(Summary(loaded, logs: logs, outcome, evaluation))
        try Output.standard.flush()
        try outcome.end()
    }

    private func play(
        _ loaded: LoadedModel, _ progress: ProgressLine, note: (String) -> Void, result: (WindowResult) throws -> Void
    ) throws -> RunOutcome {
        let network = try loaded.network(.basic)
        var run = try LogRun(
            loaded, network, logs: logs, labels: options.labels, options: options, report: progress.report)
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        if jobs > 1, logs.count > 1, !options.live,
            let separate = SensorLog.separateLogs(paths: logs, options: options.reading), separate.count > 1
        {
            let runs = try ParallelRun(loaded, logs: logs, separate: separate, options: options, jobs: jobs)
            return try runs.play(progress, note: note, result: result)
        }
        var outcome = RunOutcome()
        try run.play(
            note: note, refusal: progress.refuse,
            result: { made in
                outcome.add(made)
                try result(made)
            })
        (outcome.tallies, outcome.isInterrupted, outcome.spent) = (run.tallies, run.isInterrupted, network.totalSpent())
        return outcome
    }
}

/// What a run came to. JSON keys are these names.
struct Summary: Encodable {
    let model: String
    let modelChecksum: String
    let logs: [String]
    let segments: Int
    let droppedTicks: Int
    /// Samples whose value was beyond what the model's samples can hold.
    let clampedSamples: Int
    let ticks: UInt64
    let results: UInt64
    let spikes: UInt64
    let synapticOperations: UInt64
    let nsAce: UInt64
    let modelBitsRead: UInt64
    let stateBitsRead: UInt64
    let stateBitsWritten: UInt64
    let outputChecksum: String
    let evaluation: Evaluation?
    /// Where there are several, or the only one was refused along the way.
    let perLog: [LogTally]?
    /// True where Ctrl-C ended the run; else absent.
    let interrupted: Bool?

    init(_ loaded: LoadedModel, logs: [String], _ run: RunOutcome, _ evaluation: Evaluation) {
        (model, modelChecksum, self.logs) = (loaded.name, loaded.checksum, logs)
        segments = run.tallies.reduce(0) { $0 + $1.segments }
        droppedTicks = run.tallies.reduce(0) { $0 + $1.droppedTicks }
        clampedSamples = run.tallies.reduce(0) { $0 + $1.clampedSamples }
        perLog = run.tallies.count > 1 || run.tallies.contains { $0.status == .refused } ? run.tallies : nil
        interrupted = run.isInterrupted ? true : nil
        let spent = run.spent
        (ticks, results, spikes) = (spent.ticks, spent.results, spent.spikes)
        (synapticOperations, nsAce) = (spent.synapticOperations, spent.nsAce)
        (modelBitsRead, stateBitsRead, stateBitsWritten) = (
            spent.modelBitsRead, spent.stateBitsRead, spent.stateBitsWritten
        )
        outputChecksum = hexadecimal(run.outputChecksum)
        self.evaluation = evaluation.isEmpty ? nil : evaluation
    }

    static let interruption = "interrupted: this is what was done so far"

    var lines: [String] {
        var lines = interrupted == nil ? [] : [Summary.interruption]
        lines += [
            "\(counted(ticks, "tick")) in \(counted(segments, "segment")), \(counted(results, "result"))"
                + (droppedTicks > 0 ? "; \(counted(droppedTicks, "tick")) of unfinished windows dropped" : ""),
            "\(spikes.grouped) spikes, \(synapticOperations.grouped) synaptic operations, NS-ACE \(nsAce.grouped) bits",
            "bits read: model \(modelBitsRead.grouped), state \(stateBitsRead.grouped); state bits written \(stateBitsWritten.grouped)",
            "model checksum \(modelChecksum), output CRC-32C \(outputChecksum)",
        ]
        if let perLog { lines += LogTally.lines(perLog) }
        if let evaluation { lines += evaluation.lines }
        return lines
    }
}

/// Writes results as they come, in one of three formats.
struct ResultRows {
    private let format: Infer.Format
    private let classes: [String]
    private let widths: [Int]
    private var hasHeader = false

    init(_ format: Infer.Format, classes: [String]) {
        self.format = format
        self.classes = classes
        widths = classes.map { max($0.count, 5) }
    }

    private var labelWidth: Int { max(5, classes.map(\.count).max() ?? 0) }

    /// Writes the header once, when there is something to write.
    private mutating func begin() throws {
        if hasHeader { return }
        hasHeader = true
        switch format {
        case .table:
            let scores = zip(classes, widths).map { padLeft($0, $1) }.joined(separator: "  ")
            try Output.standard.line(
                "\(padLeft("#", 6))  \(padLeft("start s", 11))  \(padLeft("end s", 11))  \(padRight("label", labelWidth))  \(scores)"
            )
        case .csv:
            let header = ["index", "log", "start_s", "end_s", "label", "logged"] + classes.map { "score_\($0)" }
            try Output.standard.line(header.map(csvCell).joined(separator: ","))
        case .jsonl: break
        }
    }

    mutating func write(_ result: WindowResult) throws {
        try begin()
        let (start, end) = (fixed(result.start, 3), fixed(result.end, 3))
        let label = classes[result.label]
        switch format {
        case .table:
            if result.startsLog { try Output.standard.line("log \(result.log)") }
            let scores = zip(result.scores, widths).map { padLeft("\($0)", $1) }.joined(separator: "  ")
            let differs = result.logged.map { $0 == label ? "" : "  logged: \($0)" } ?? ""
            try Output.standard.line(
                "\(padLeft("\(result.index)", 6))  \(padLeft(start, 11))  \(padLeft(end, 11))  \(padRight(label, labelWidth))  \(scores)\(differs)"
            )
        case .csv:
            let cells =
                ["\(result.index)", result.log, start, end, label, result.logged ?? ""] + result.scores.map { "\($0)" }
            try Output.standard.line(cells.map(csvCell).joined(separator: ","))
        case .jsonl:
            try Output.standard.line(
                try json(
                    Row(
                        index: result.index, log: result.log, start: result.start, end: result.end, label: label,
                        logged: result.logged, scores: result.scores)))
        }
    }

    /// The summary: below the table; as the last line of jsonl; on standard error beside csv.
    mutating func end(_ summary: Summary) throws {
        try begin()
        switch format {
        case .table:
            try Output.standard.line()
            for line in summary.lines { try Output.standard.line(line) }
        case .csv: for line in summary.lines { standardError(line) }
        case .jsonl: try Output.standard.line(try json(["summary": summary]))
        }
    }

    private struct Row: Encodable {
        let index: Int
        let log: String
        let start: Double
        let end: Double
        let label: String
        let logged: String?
        let scores: [Int32]
    }
}
