import Foundation

/// A folder of CSV logs, as apps for phones write them: a file a sensor, among others.
struct RecordingFolder {
    /// The files with channels of the model, by name. A file without gravity is left out where another has the channels.
    let paths: [String]
    let remark: Note

    /// Nil where the path is no folder, or one of a format of its own. Refused: a folder in which no file has a channel.
    init?(path: String, input: LogInput, options: ReadingOptions) throws(LogError) {
        guard RecordingFolder.isOne(path) else { return nil }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        var found: [(path: String, channels: Set<Int>, isDoubted: Bool)] = []
        var others: [String] = []
        for name in names.prefix(1000) where !name.hasPrefix(".") {
            let file = path.hasSuffix("/") ? path + name : path + "/" + name
            var log = LogFile(path: file, shouldStop: options.shouldStop)
            guard let reader = log.peek(options), reader.isText,
                let header = try? CSVHeader(reader, input: input, options: options),
                header.missing.count < input.channels.count
            else {
                others.append(name)
                continue
            }
            let channels = Set(input.channels.indices).subtracting(header.missing)
            found.append((file, channels, header.notes.contains(where: \.isDoubt)))
        }
        let kept = found.filter { one in
            !one.isDoubted || !found.contains { !$0.isDoubted && $0.channels.isSuperset(of: one.channels) }
        }
        others += found.map(\.path).filter { path in !kept.contains { $0.path == path } }.map(lastPart)
        guard !kept.isEmpty else {
            throw LogError(
                .unreadable, file: path, "is a folder in which no CSV file has a channel of the model",
                hint: "name the logs in it; snnrt look FILE shows what is in one")
        }
        // The file with the first channel gives the rows of a joined log.
        paths = kept.sorted { ($0.channels.min()!, $0.path) < ($1.channels.min()!, $1.path) }.map(\.path)
        let rest = others.isEmpty ? "" : "; passed over \(others.prefix(8).joined(separator: ", "))"
        remark = Note(
            "\(path): \(kept.map { lastPart($0.path) }.joined(separator: ", ")) taken from the folder\(rest)"
                + (others.count > 8 ? " and \(others.count - 8) more" : ""))
    }

    static func isOne(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return false
        }
        do throws(LogError) { return try LogFolder(path: path) == nil } catch { return false }
    }
}
