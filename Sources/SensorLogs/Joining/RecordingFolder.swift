import FoundationEssentials

/// A folder of CSV logs, as apps for phones write them: a file a sensor, among others.
struct RecordingFolder {
    /// The files with channels of the model, by name. A file without gravity is left out where another has the channels.
    let paths: [String]
    let remark: Note

    /// The most files of a folder that are looked at.
    private static let fileLimit = 1000

    /// Nil where the path is no folder, or one of a format of its own, or no file in it has a channel.
    init?(path: String, input: LogInput, options: ReadingOptions) {
        guard RecordingFolder.isOne(path) else { return nil }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
            .filter { !$0.hasPrefix(".") }
        let files = names.prefix(RecordingFolder.fileLimit).map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
        let found = files.compactMap { RecordingFile($0, input: input, options: options) }
        let kept = found.filter { !$0.isSurpassed(by: found) }
        let others = files.filter { path in !kept.contains { $0.path == path } }.map(lastPart)
        guard !kept.isEmpty else { return nil }
        // The file with the first channel gives the rows of a joined log.
        paths = kept.sorted { ($0.channels.min()!, $0.path) < ($1.channels.min()!, $1.path) }.map(\.path)
        let rest = others.isEmpty ? "" : "; passed over \(others.prefix(8).joined(separator: ", "))"
        remark = Note(
            "\(path): \(kept.map { lastPart($0.path) }.joined(separator: ", ")) taken from the folder\(rest)"
                + (others.count > 8 ? " and \(others.count - 8) more" : "")
                + (names.count > files.count ? "; \(names.count - files.count) files were not looked at" : ""),
            isDoubt: names.count > files.count)
    }

    /// The paths without those of acceleration without gravity where another one has it too, and what is said of that.
    static func withGravity(
        _ paths: [String], input: LogInput, options: ReadingOptions
    ) -> (paths: [String], remark: Note?) {
        guard paths.count > 1, paths.contains(where: LayoutDescription.namesNoGravity) else { return (paths, nil) }
        let found = paths.compactMap { RecordingFile($0, input: input, options: options) }
        let surpassed = found.filter { $0.isSurpassed(by: found) }.map(\.path)
        guard !surpassed.isEmpty else { return (paths, nil) }
        return (
            paths.filter { !surpassed.contains($0) },
            Note(
                "\(surpassed.joined(separator: ", ")): passed over, since another file has the acceleration with gravity"
            )
        )
    }

    static func isOne(_ path: String) -> Bool {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
            return false
        }
        do throws(LogError) { return try LogFolder(path: path) == nil } catch { return false }
    }
}

/// A CSV file with channels of the model.
private struct RecordingFile {
    let path: String
    let channels: Set<Int>
    let isDoubted: Bool

    init?(_ path: String, input: LogInput, options: ReadingOptions) {
        var log = LogFile(path: path, shouldStop: options.shouldStop)
        guard let reader = log.peek(options), reader.isText,
            let header = try? CSVHeader(reader, input: input, options: options),
            header.missing.count < input.channels.count
        else { return nil }
        self.path = path
        channels = Set(input.channels.indices).subtracting(header.missing)
        isDoubted = header.notes.contains(where: \.isDoubt)
    }

    /// Another one has the same channels without a doubt.
    func isSurpassed(by others: [RecordingFile]) -> Bool {
        isDoubted && others.contains { !$0.isDoubted && $0.channels.isSuperset(of: channels) }
    }
}
