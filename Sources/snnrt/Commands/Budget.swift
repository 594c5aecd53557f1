import ArgumentParser

struct Budget: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Accounts for every bit: what a model can cost, and what a log did cost, per op.",
        discussion: """
            Without a log: the static budget, from the file alone. With logs: what they cost, measured with full \
            accounting. Definitions: docs/format.md, section 16.

            Examples:
              snnrt budget model.snn
              snnrt budget model.snn watch.csv
              snnrt budget model.snn watch.csv --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model"))
    var path: String
    @Argument(help: "Sensor logs to measure on; - is standard input.")
    var logs: [String] = []
    @Option(help: "Output format: text or json.") var format: Format = .text
    @OptionGroup var options: LogOptions
    @Flag(name: .shortAndLong, help: "No notes about the log, but for warnings, and no progress.") var quiet = false

    func run() throws {
        let loaded = try LoadedModel(path: path)
        var measured: MeasuredReport?
        var run: LogRun?
        if !logs.isEmpty {
            let network = try loaded.network(.full)
            let progress = ProgressLine(isWanted: !quiet)
            run = try LogRun(
                loaded, network, logs: logs, labels: options.labels, options: options, report: progress.report)
            defer { progress.clear() }
            try run!.play(
                note: { if !quiet || $0.isDoubt { progress.note($0) } }, refusal: progress.refuse, result: { _ in })
            measured = try MeasuredReport(loaded, network, isInterrupted: run!.isInterrupted)
        }
        let report = BudgetReport(
            model: loaded.name, checksum: loaded.checksum, budget: try StaticReport(loaded), measured: measured)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
        try run?.end()
    }
}
