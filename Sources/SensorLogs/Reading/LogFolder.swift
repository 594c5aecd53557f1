import FoundationEssentials

/// What a path stands for that is no single file: a folder, or one of several files of a recording.
enum LogFolder {
    case inertialSignals(InertialSignals)

    /// Nil for a folder that is no log.
    init?(path: String) throws(LogError) {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
            return nil
        }
        if let signals = try InertialSignals(folder: path) {
            self = .inertialSignals(signals)
            return
        }
        return nil
    }

    /// The paths that belong to the same log as the first; itself alone where it is a log of its own.
    static func together(_ path: String, _ others: [String]) -> [String] {
        guard let place = InertialSignals.place(of: path) else { return [path] }
        return [path]
            + others.filter { other in
                InertialSignals.place(of: other).map { $0.folder == place.folder && $0.split == place.split } ?? false
            }
    }
}
