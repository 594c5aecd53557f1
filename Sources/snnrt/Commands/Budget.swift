import ArgumentParser

struct Budget: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Accounts for every bit: what a model can cost, and what a log did cost, per op.",
        discussion: """
            Without a log: the static budget, from the file alone. With logs: what they cost, measured with full \
            accounting. With --core: the instructions of a tick on a microcontroller, at worst and, with logs, on \
            average. Definitions: docs/format.md, "Accounting" and "Operations at worst".

            Examples:
              snnrt budget model.snn
              snnrt budget model.snn watch.csv
              snnrt budget model.snn watch.csv --format json
              snnrt budget model.snn watch.csv --core m4
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model"))
    var path: String
    @Argument(help: "Sensor logs to measure on; - is standard input.")
    var logs: [String] = []
    @Option(help: "Output format: text or json.") var format: Format = .text
    @Option(help: "Instructions of a tick on this core: \(Core.allCases.map(\.rawValue).joined(separator: ", ")).")
    var core: Core?
    @Flag(help: .hidden) var steps = false
    @OptionGroup var options: LogOptions
    @Flag(name: .shortAndLong, help: "No notes about the log, but for warnings, and no progress.") var quiet = false

    func run() throws {
        let loaded = try LoadedModel(path: path)
        if steps {
            try Output.standard.line(try json(ModelSteps(loaded.model)))
            return try Output.standard.flush()
        }
        var instructions = try core.map { try InstructionReport(loaded, $0, nil) }
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
            instructions = try core.map { try InstructionReport(loaded, $0, network) }
        }
        let report = BudgetReport(
            model: loaded.name, checksum: loaded.checksum, budget: try StaticReport(loaded), measured: measured,
            instructions: instructions)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
        try run?.end()
    }
}
