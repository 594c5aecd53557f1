import ArgumentParser
import SNNRuntime

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows a model's program, tensors, memory map and arena size.",
        discussion: """
            Runs the self-test that a model may carry, and says what came of it; a test that fails does not change the \
            exit code.

            Examples:
              snnrt inspect model.snn
              snnrt inspect model.snn --accounting full
              snnrt inspect model.snn --format json | python3 -m json.tool
              snnrt inspect model.snn --graph -
              snnrt inspect model.snn --graph program.svg
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }
    enum Accounting: String, CaseIterable, ExpressibleByArgument { case basic, full }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model"))
    var path: String
    @Option(help: "Output format: text or json.") var format: Format = .text
    @Option(help: "What the network is to count: basic or full; full needs a larger arena.")
    var accounting: Accounting = .basic
    @Flag(name: .customLong("no-self-test"), help: "Does not run the test that the model may carry.")
    var skipsSelfTest = false
    @Option(
        help: ArgumentHelp(
            "Only the program, as a graph: - prints it, a file that ends in .svg is drawn (by Graphviz), one in .dot is for other tools.",
            valueName: "file"))
    var graph: String?

    func validate() throws {
        if graph != nil && format == .json {
            throw ValidationError("--graph is text or a drawing; --format json has the program without it")
        }
    }

    func run() throws {
        if let graph {
            let program = try ProgramGraph(LoadedModel(path: path))
            if graph != "-" { return try program.write(to: graph) }
            for line in program.lines { try Output.standard.line(line) }
            return try Output.standard.flush()
        }
        let loaded = try LoadedModel(path: path)
        let selfTest = skipsSelfTest ? .skipped : try loaded.runSelfTest()
        if let reason = selfTest.reason { standardError("snnrt: \(path): \(reason)") }
        let report = try ModelReport(loaded, accounting == .full ? .full : .basic, selfTest)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }
}
