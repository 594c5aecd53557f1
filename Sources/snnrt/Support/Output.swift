import FoundationEssentials
import Glibc

/// Standard output, buffered; a reader that goes away (`snnrt infer … | head`) ends the command quietly.
final class Output {
    // The command runs on one thread.
    nonisolated(unsafe) static let standard = Output()
    private var buffer: [UInt8] = []
    let isTerminal = isatty(1) != 0

    private init() {}

    func line(_ text: String = "") throws {
        buffer.append(contentsOf: text.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if isTerminal || buffer.count >= 1 << 16 { try flush() }
    }

    func flush() throws {
        if !writeAll(buffer, to: 1) {
            if errno == EPIPE { exit(0) }
            throw Failure(code: .output, message: "standard output: \(systemReason())")
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Encodes any value as JSON, keys sorted, one line unless `isPretty`.
func json(_ value: some Encodable, isPretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
        isPretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// A cell of a comma-separated file, quoted where it must be.
func csvCell(_ text: String) -> String {
    text.contains(where: { ",\"\n\r".contains($0) })
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
}
