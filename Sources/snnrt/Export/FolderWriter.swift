import Glibc

/// Writes generated files into a folder, with care for what is there: a file that no export wrote is refused, one that
/// would not change keeps its date, and a reader sees an old file or a new one, never half of one.
struct FolderWriter {
    let folder: String

    enum Outcome: String, Encodable { case written, unchanged }

    /// Makes the folder, and those above it, where they are missing.
    init(_ path: String) throws {
        folder = path
        if !makeFolder(path) {
            throw Failure(code: .output, message: "\(path): cannot be made a folder (\(systemReason()))")
        }
    }

    /// Refuses where `name` is there and does not begin with `mark`.
    func check(_ name: String, mark: String) throws {
        let file = path(name)
        guard isFolder(file) != nil else { return }
        if contents(of: file, limit: mark.utf8.count) != Array(mark.utf8) {
            throw Failure(
                code: .output,
                message: "\(file): is there already, and no export wrote it\n  hint: another folder, or --name")
        }
    }

    /// What is there under `name`; nil where nothing is.
    func text(_ name: String) -> String? { contents(of: path(name)).map { String(decoding: $0, as: UTF8.self) } }

    func write(_ text: String, to name: String) throws -> Outcome {
        let (file, bytes) = (path(name), Array(text.utf8))
        if contents(of: file) == bytes { return .unchanged }
        let new = "\(file).\(getpid())"
        try writeFile(bytes, to: new)
        if rename(new, file) != 0 {
            let reason = systemReason()
            unlink(new)
            throw Failure(code: .output, message: "\(file): cannot be written (\(reason))")
        }
        return .written
    }

    private func path(_ name: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }
}
