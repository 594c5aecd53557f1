import ArgumentParser
import SNNRuntime

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows a model's program, tensors, memory map and arena size.",
        discussion: """
            Examples:
              snnrt inspect model.snn
              snnrt inspect model.snn --accounting full
              snnrt inspect model.snn --format json | python3 -m json.tool
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }
    enum Accounting: String, CaseIterable, ExpressibleByArgument { case basic, full }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model"))
    var path: String
    @Option(help: "Output format: text or json.") var format: Format = .text
    @Option(help: "What the network is to count: basic or full; full needs a larger arena.")
    var accounting: Accounting = .basic

    func run() throws {
        let report = try ModelReport(LoadedModel(path: path), accounting == .full ? .full : .basic)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }
}
