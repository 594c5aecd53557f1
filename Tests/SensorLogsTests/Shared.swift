import Foundation

/// Files in the folder that `SNNRT_SHARED` names (default `../shared`).
enum Shared {
    static func path(_ name: String) -> String {
        (ProcessInfo.processInfo.environment["SNNRT_SHARED"] ?? "../shared") + "/" + name
    }

    /// True if the file is there; says so loudly when it is not.
    static func has(_ name: String) -> Bool {
        let there = FileManager.default.fileExists(atPath: path(name))
        if !there { print("SKIPPED: 1 test of a shared file, no \(path(name)); SNNRT_SHARED names the folder") }
        return there
    }
}

/// A folder that is removed with the object.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("snnrt-\(UUID().uuidString)").path

    /// Files by their paths in it.
    init(_ files: [String: String] = [:]) throws {
        for (name, text) in files {
            let file = URL(fileURLWithPath: path + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
