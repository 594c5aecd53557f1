/// Why a log was refused, and where. One type for all faults of reading; `description` is meant for a person
/// who has never seen this program.
public struct LogError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The file cannot be opened or read.
        case unreadable
        /// Not text in UTF-8: binary, compressed or in another encoding.
        case notText
        /// A line longer than `LineReader.longestLine` bytes.
        case lineTooLong
        /// No header, or no row that could be used.
        case empty
        /// The header lacks what the model needs, or says it twice.
        case header
        /// A cell that is not what its column holds.
        case cell
        /// A row with more or fewer cells than the header.
        case cellCount
        /// A time that does not exceed the time before it.
        case time
        /// The request itself: options, or files that do not go together.
        case request
    }

    public var kind: Kind
    /// The path as given, or `standard input`.
    public var file: String
    /// Counts from 1.
    public var line: Int?
    /// Counts cells from 1.
    public var column: Int?
    public var columnName: String?
    public var message: String
    public var hint: String?

    init(
        _ kind: Kind, file: String, line: Int? = nil, column: Int? = nil, columnName: String? = nil,
        _ message: String, hint: String? = nil
    ) {
        self.kind = kind
        self.file = file
        self.line = line
        self.column = column
        self.columnName = columnName
        self.message = message
        self.hint = hint
    }

    /// `watch.csv:17: column 4 (gyro_x): found "abc", expected a number`, and the hint on a second line.
    public var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if let column {
            text += ": column \(column)"
            if let columnName { text += " (\(columnName))" }
        }
        text += ": " + message
        if let hint { text += "\n  hint: " + hint }
        return text
    }
}
