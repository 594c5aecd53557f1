/// The reason for which a log was refused, and the place. One type serves all faults of reading; `description` is meant
/// for a person who has never seen this program.
public struct LogError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The file cannot be opened or read.
        case unreadable
        /// Neither text in UTF-8 or UTF-16 nor a binary log.
        case notText
        /// A line longer than `LineReader.longestLine` bytes.
        case lineTooLong
        /// No header, or no row that could be used.
        case empty
        /// The header lacks what the model needs, or says it twice; an array of another shape or type.
        case header
        /// A cell that is not what its column holds, or an element of an array that is no sensor value or label.
        case cell
        /// A row with more or fewer cells than the header, or a frame that ends early.
        case cellCount
        /// A time that does not exceed the time before it.
        case time
        /// An array or packed data that ends early or goes on behind its end, files that do not go together in length, a
        /// document that is too long.
        case length
        /// The caller asked for an end.
        case interrupted
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
    /// The index of an array's element, counted from 0: window, tick and channel, as far as there are.
    public var index: [Int]?
    public var message: String
    public var hint: String?

    init(
        _ kind: Kind, file: String, line: Int? = nil, column: Int? = nil, columnName: String? = nil,
        index: [Int]? = nil, _ message: String, hint: String? = nil
    ) {
        self.kind = kind
        self.file = file
        self.line = line
        self.column = column
        self.columnName = columnName
        self.index = index
        self.message = message
        self.hint = hint
    }

    /// `watch.csv:17: column 4 (gyro_x): found "abc", expected a number`, or `watch.npy: [3, 17, 4] (gyro_x): found
    /// nan, expected a finite number`, and the hint on a second line.
    public var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if let column { text += ": column \(column)" }
        if let index { text += ": \(index)" }
        if let columnName { text += " (\(columnName))" }
        text += ": " + message
        if let hint { text += "\n  hint: " + hint }
        return text
    }
}
