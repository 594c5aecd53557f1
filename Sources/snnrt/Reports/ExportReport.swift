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
        /// Of the opened model, where it is exported, and the arena of a network attached to it.
        let imageBytes: Int?
        let attachedArenaBytes: UInt32?
        let files: [File]

        init(_ exported: ExportedModel, _ files: [File]) {
            (model, name, checksum) = (exported.loaded.name, exported.name.text, exported.loaded.checksum)
            (section, modelBytes) = (exported.section, exported.model.byteCount)
            (arenaBytes, fullArenaBytes) = (exported.arenaByteCount, exported.fullArenaByteCount)
            savedBytes = exported.savedByteCount
            imageBytes = exported.image?.count
            attachedArenaBytes = exported.image == nil ? nil : exported.attachedArenaByteCount
            self.files = files
        }

        var lines: [String] {
            let opened = zip(imageBytes.map { [$0] } ?? [], attachedArenaBytes.map { [$0] } ?? []).map {
                "  opened \($0.grouped) bytes of flash, \($1.grouped) of arena, for snnrt_attach"
            }
            return files.map { "\($0.file)  \($0.outcome.rawValue)" } + [
                "  flash  \(modelBytes.grouped) bytes in \(section), checksum \(checksum)",
                "  RAM    \(arenaBytes.grouped) bytes of arena, \(fullArenaBytes.grouped) with full accounting",
            ] + opened + ["  saved  \(savedBytes.grouped) bytes of state"]
        }
    }

    let models: [ModelPart]
    /// The tables of what they use of the library.
    let ops: File

    var lines: [String] { models.flatMap(\.lines) + ["\(ops.file)  \(ops.outcome.rawValue)"] }
}
