import ArgumentParser
import Compiler
import Glibc
import SensorLogs

struct Infer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Labels raw sensor logs: one row per result, then what it cost.",
        discussion: """
            A new log is best looked at first: snnrt look LOG --model MODEL.

            Logs are CSV of any layout, several files or a folder of one recording (joined on time), WISDM raw text (accel and \
            gyro files, or v1.1), UCI HAR's folder of inertial signals, Edge Impulse's JSON, NumPy arrays of (ticks, channels) \
            or (windows, ticks, channels), raw frames; packed with gzip or zstd or not. Columns, units, times and labels are \
            found by their names and said in notes; what a log leaves open is asked for, and what does not look like what it \
            was taken for is warned of.

            A result has a score for each class, of which the largest gives the label; scores compare within a result only. Where \
            they are values and not counts of spikes, a model that says what a count is worth has them shown in the network's own \
            numbers, as a network for regression needs. A model that says what divides its scores before a softmax has the label's \
            probability shown, its confidence. Of several logs a refused one does not stop the others. What stands before a refused row, or came before Ctrl-C, is \
            still used. A model that carries a self-test is run on it first, and refused if its results differ.

            Examples:
              snnrt infer model.snn watch.csv
              snnrt infer model.snn Accelerometer.csv Gyroscope.csv
              snnrt infer model.snn watch.csv --map accel=wrist_acc --map gyro=wrist_gyro --unit accel=g
              snnrt infer model.snn data_1600_accel_watch.txt data_1600_gyro_watch.txt
              snnrt infer model.snn windows.npy --labels labels.npy
              snnrt infer model.snn log.csv.gz --format jsonl
              snnrt infer model.snn "UCI HAR Dataset/test"
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
    @Flag(help: "Scores as the integers that they are, of a model that says what a count of them is worth.")
    var rawScores = false
    @Flag(name: .customLong("no-self-test"), help: "Uses the model without running the test that it may carry.")
    var skipsSelfTest = false
    @Flag(name: .shortAndLong, help: "No notes about the log, but for warnings, and no progress.") var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): expected 1 to 1024") }
    }

    func run() throws {
        let loaded = try LoadedModel(path: path, beside: logs)
        if !skipsSelfTest, let reason = try loaded.runSelfTest().reason {
            throw Failure(
                code: .model, message: "\(path): \(reason)\n  hint: --no-self-test uses the model all the same")
        }
        let progress = ProgressLine(isWanted: !quiet && !(format == .table && Output.standard.isTerminal))
        var evaluation = Evaluation(classes: loaded.classNames)
        var rows = ResultRows(
            format, classes: loaded.classNames, scale: rawScores ? nil : ScoreScale.of(loaded.model),
            confidence: Confidence(loaded.model))
        let outcome: RunOutcome
        do {
            outcome = try play(
                loaded, progress, note: { if !quiet || $0.isDoubt { progress.note($0) } },
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
        if outcome.spent.results == 0 {
            progress.note(
                .doubt(
                    "no result: it takes \(loaded.model.ticksToFirstResult) ticks in one segment, and there were "
                        + "\(outcome.spent.ticks.grouped) in \(outcome.tallies.reduce(0) { $0 + $1.segments }.grouped)")
            )
        }
        try rows.end(Summary(loaded, logs: logs, outcome, evaluation))
        try Output.standard.flush()
        try outcome.end()
    }

    private func play(
        _ loaded: LoadedModel, _ progress: ProgressLine, note: (Note) -> Void, result: (WindowResult) throws -> Void
    ) throws -> RunOutcome {
        let network = try loaded.network(.basic)
        var run = try LogRun(
            loaded, network, logs: logs, labels: options.labels, options: options, report: progress.report)
        let jobs = jobs ?? max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
        if jobs > 1, logs.count > 1, !options.live,
            let separate = try SensorLog.separateLogs(
                paths: logs, input: LogInput(loaded.model, classes: []), options: options.reading()), separate.count > 1
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
