/// What `snnrt export` wrote, for people and for machines. JSON keys are these names.
struct ExportReport: Encodable {
    struct File: Encodable {
        let file: String
        let outcome: FolderWriter.Outcome
    }

    struct ModelPart: Encodable {
        let model: String
        let name: String
        let checksum: String
        let section: String
        let modelBytes: UInt32
        let arenaBytes: UInt32
        let fullArenaBytes: UInt32
        let savedBytes: Int
        let files: [File]

        init(_ exported: ExportedModel, _ files: [File]) {
            (model, name, checksum) = (exported.loaded.name, exported.name.text, exported.loaded.checksum)
            (section, modelBytes) = (exported.section, exported.model.byteCount)
            (arenaBytes, fullArenaBytes) = (exported.arenaByteCount, exported.fullArenaByteCount)
            savedBytes = exported.savedByteCount
            self.files = files
        }

        var lines: [String] {
            files.map { "\($0.file)  \($0.outcome.rawValue)" } + [
                "  flash  \(modelBytes.grouped) bytes in \(section), checksum \(checksum)",
                "  RAM    \(arenaBytes.grouped) bytes of arena, \(fullArenaBytes.grouped) with full accounting",
                "  saved  \(savedBytes.grouped) bytes of state",
            ]
        }
    }

    let models: [ModelPart]

    var lines: [String] { models.flatMap(\.lines) }
}
