/// A remark on a log for whoever reads the results. A string literal is a remark without a doubt.
public struct Note: Equatable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    public var text: String
    /// The log may have been read otherwise than it is meant: a guess that matters if it is wrong, or values that do not look
    /// like what they were taken for. `--strict` refuses such a log.
    public var isDoubt: Bool

    public init(_ text: String, isDoubt: Bool = false) {
        self.text = text
        self.isDoubt = isDoubt
    }

    public init(stringLiteral text: String) { self.init(text) }

    public static func doubt(_ text: String) -> Note { Note(text, isDoubt: true) }

    public var description: String { text }

    /// The same of a log that it names.
    public func of(_ log: String) -> Note { Note("\(log): \(text)", isDoubt: isDoubt) }
}

extension [Note] {
    mutating func append(_ text: String) { append(Note(text)) }
}
