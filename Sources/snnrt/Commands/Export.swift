import ArgumentParser
import SNNRuntime

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes models as C for firmware: their bytes as constants, and headers with all sizes and names.",
        discussion: """
            NAME.c has the file's bytes, aligned and const, in a section of their own. NAME.h has what is known at compile \
            time: bytes, arena, checksum, rate, channels and their units, classes, window. Macros and symbols begin with the \
            name, so that several models live in one program. docs/firmware.md shows the way from there to a label.

            The name is that of the model file, or --name. Files that an export wrote are written over; others are refused.
            snnrt_ops.c names what the models use of the library: compile it with the program and the linker drops the rest; leave \
            it out and every op is linked. With --opened NAME.c also has the model as the desk has opened it, for snnrt_attach, \
            which needs no parser: half the flash and less stack.

            A model that carries a self-test is run on it first, and refused if its results differ.

            Examples:
              snnrt export wisdm-small-w4.snn -o firmware/model
              snnrt export wisdm-small-w4.snn -o firmware/model --opened
              snnrt export wisdm-small-w4.snn -o firmware/model --name activity
              snnrt export wisdm-small-w4.snn -o firmware/model --section .extflash.activity
              snnrt export wisdm-small-w4.snn braille-l2mu-w8.snn -o firmware/model --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model files (.snn).", valueName: "model")) var paths: [String]
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
    @Flag(help: "Adds the opened model, for snnrt_attach.") var opened = false
    @Flag(help: "Links what counts effective operations, for SNNRT_ACCOUNTING_FULL, too.") var fullAccounting = false
    @Flag(name: .customLong("no-self-test"), help: "Does not run the test that the model may carry.")
    var skipsSelfTest = false
    @Option(help: "Output format: text or json.") var format: Format = .text

    func validate() throws {
        if name != nil && paths.count > 1 { throw ValidationError("--name: there are \(paths.count) models") }
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
        // All is known to be good before anything is written.
        let models = try paths.map(exported)
        for (index, model) in models.enumerated() {
            // Some file systems do not tell capitals from small letters.
            if let other = models[..<index].first(where: { $0.name.macro == model.name.macro }) {
                throw Failure(
                    code: .usage,
                    message: "\(paths[index]): its C files would be those of \(other.loaded.path)\n"
                        + "  hint: export one of them with --name")
            }
        }
        let writer = try FolderWriter(output)
        let files = models.map { model in
            [
                (model.name.text + ".h", CHeader(exported: model).text),
                (model.name.text + ".c", CSource(exported: model).text),
            ]
        }
        let linked = LinkedParts(models, countsAll: fullAccounting)
        let left = linked.left(by: writer.text(LinkedParts.file))
        if !left.isEmpty {
            standardError(
                "warning: \(LinkedParts.file) was for \(left.joined(separator: ", ")) too, and no longer is: a program with several models needs one export of all of them"
            )
        }
        let parts = (LinkedParts.file, linked.text)
        for (file, _) in files.joined() + [parts] { try writer.check(file, mark: ExportedModel.mark) }
        let report = ExportReport(
            models: try zip(models, files).map { model, files in
                ExportReport.ModelPart(
                    model, try files.map { .init(file: $0.0, outcome: try writer.write($0.1, to: $0.0)) })
            }, ops: .init(file: parts.0, outcome: try writer.write(parts.1, to: parts.0)))
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }

    private func exported(_ path: String) throws -> ExportedModel {
        let loaded = try LoadedModel(path: path)
        if !skipsSelfTest, let reason = try loaded.runSelfTest().reason {
            throw Failure(
                code: .model, message: "\(path): \(reason)\n  hint: --no-self-test exports the model all the same")
        }
        let exportName = try name.flatMap(ExportName.init(chosen:)) ?? ExportName(modelPath: path)
        return try ExportedModel(loaded, name: exportName, section: section, isOpened: opened)
    }
}
