import Foundation

/// Writes generated files into a folder, with care for what is there: a file that no export wrote is refused, one that
/// would not change keeps its date, and a reader sees an old file or a new one, never half of one.
struct FolderWriter {
    let folder: URL

    enum Outcome: String, Encodable { case written, unchanged }

    /// Makes the folder, and those above it, where they are missing.
    init(_ path: String) throws {
        folder = URL(fileURLWithPath: path, isDirectory: true)
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw Failure(code: .output, message: "\(path): cannot be made a folder (\(error.localizedDescription))")
        }
    }

    /// Refuses where `name` is there and does not begin with `mark`.
    func check(_ name: String, mark: String) throws {
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        let start = FileHandle(forReadingAtPath: file.path).flatMap { try? $0.read(upToCount: mark.utf8.count) }
        if start != Data(mark.utf8) {
            throw Failure(
                code: .output,
                message: "\(file.path): is there already, and no export wrote it\n  hint: another folder, or --name")
        }
    }

    /// What is there under `name`; nil where nothing is.
    func text(_ name: String) -> String? {
        (try? Data(contentsOf: folder.appendingPathComponent(name))).map { String(decoding: $0, as: UTF8.self) }
    }

    func write(_ text: String, to name: String) throws -> Outcome {
        let file = folder.appendingPathComponent(name)
        let bytes = Data(text.utf8)
        if (try? Data(contentsOf: file)) == bytes { return .unchanged }
        do { try bytes.write(to: file, options: .atomic) } catch {
            throw Failure(code: .output, message: "\(file.path): cannot be written (\(error.localizedDescription))")
        }
        return .written
    }
}
