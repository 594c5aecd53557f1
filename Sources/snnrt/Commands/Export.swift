import ArgumentParser
import SNNRuntime

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a model as C for firmware: its bytes as a constant, and a header with all sizes and names.",
        discussion: """
            NAME.c has the file's bytes, aligned and const, in a section of their own. NAME.h has what is known at compile \
            time: bytes, arena, checksum, rate, channels and their units, classes, window. Macros and symbols begin with the \
            name, so that several models live in one program. docs/firmware.md shows the way from there to a label.

            The name is that of the model file, or --name. Files that an export wrote are written over; others are refused.
            A model that carries a self-test is run on it first, and refused if its results differ.

            Examples:
              snnrt export wisdm-l2mu.snn -o firmware/model
              snnrt export wisdm-l2mu.snn -o firmware/model --name activity
              snnrt export wisdm-l2mu.snn -o firmware/model --section .extflash.activity
              snnrt export wisdm-l2mu.snn -o firmware/model --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model")) var path: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to; made if missing.", valueName: "folder"))
    var output: String
    @Option(
        help: ArgumentHelp(
            "Of the files, symbols and macros: letters, digits and underscores. Default: the model file's name.",
            valueName: "name"))
    var name: String?
    @Option(
        help: ArgumentHelp(
            "Section of the object file for the model's bytes. Default: .rodata.snnrt.NAME.", valueName: "section"))
    var section: String?
    @Flag(name: .customLong("no-self-test"), help: "Does not run the test that the model may carry.")
    var skipsSelfTest = false
    @Option(help: "Output format: text or json.") var format: Format = .text

    func validate() throws {
        if let name, ExportName(chosen: name) == nil {
            throw ValidationError(
                "--name \(name): expected a letter, then at most 47 letters, digits or underscores, and not the name of a header of C"
            )
        }
        if let section, section.isEmpty || !section.utf8.allSatisfy({ isLetterOrDigit($0) || "._$-".utf8.contains($0) })
        {
            throw ValidationError("--section \(section): expected letters, digits and . _ $ - as in .rodata.model")
        }
    }

    func run() throws {
        let loaded = try LoadedModel(path: path)
        if !skipsSelfTest, let reason = try loaded.runSelfTest().reason {
            throw Failure(
                code: .model, message: "\(path): \(reason)\n  hint: --no-self-test exports the model all the same")
        }
        let exportName = try name.flatMap(ExportName.init(chosen:)) ?? ExportName(modelPath: path)
        let exported = try ExportedModel(loaded, name: exportName, section: section)
        let files = [
            (exportName.text + ".h", CHeader(exported: exported).text),
            (exportName.text + ".c", CSource(exported: exported).text),
        ]
        let writer = try FolderWriter(output)
        for (file, _) in files { try writer.check(file, mark: ExportedModel.mark) }
        let outcomes = try files.map { ExportReport.File(file: $0.0, outcome: try writer.write($0.1, to: $0.0)) }
        let report = ExportReport(exported, outcomes)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }
}
