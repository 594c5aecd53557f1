/// A NIR error says why a file was refused, and where in the file.
public struct NIRError: Error, Equatable, CustomStringConvertible, Sendable {
    public let file: String
    /// Place in the file, e.g. `node/nodes/lif1/tau`.
    public let place: String?
    public let message: String
    public let hint: String?

    init(_ file: String, _ place: String?, _ message: String, hint: String? = nil) {
        (self.file, self.place, self.message, self.hint) = (file, place, message, hint)
    }

    public var description: String {
        let location = place.map { "\(file): \($0)" } ?? file
        return "\(location): \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
    }
}
