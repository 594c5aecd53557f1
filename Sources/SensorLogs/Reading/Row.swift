/// One row of a log, reused from row to row.
struct Row {
    /// Seconds; 0 where the log has no times.
    var time = 0.0
    /// One per channel of the model, in its order and unit.
    var values: [Double]
    /// Index into `RowSource.labels`, or −1.
    var label: Int32 = -1
    var line = 0
    /// In a log without times: of the row in its session, counted from 0, dropped rows among them.
    var position = 0
    /// The row belongs to another session than the one before it.
    var startsSession = false
}

/// What gives the rows of one log (CSV, array) or of one pair of logs (WISDM).
protocol RowSource: AnyObject {
    var name: String { get }
    /// Whether rows have times; known from the start. Times then increase strictly within a session.
    var hasTimes: Bool { get }
    /// The session of the row handed out last, where the log names one.
    var session: String? { get }
    var labels: Labels { get }
    var repairs: Repairs { get }

    /// The next row; false at the end.
    func next(_ row: inout Row) throws(LogError) -> Bool
    /// What is to be said of the log since this was last asked: its reading, and what was repaired.
    func takeNotes() -> [String]
}

/// What was set right on the way. Everything here is also said in words in the notes.
public struct Repairs: Equatable, Sendable {
    /// Rows dropped under `BadRowPolicy.skip` because a cell could not be read or cells were missing or too many.
    public var unreadableRowCount = 0
    /// Rows dropped under `BadRowPolicy.skip` because their time did not exceed the time before.
    public var repeatedTimeRowCount = 0
    /// WISDM: rows of one sensor without a row of the other at the same time, dropped.
    public var unmatchedRowCount = 0
    /// WISDM: rows whose time stands twice in a section of one file; the first is kept.
    public var duplicateRowCount = 0
    /// WISDM: rows earlier than the row before them; the section was sorted by time.
    public var unorderedRowCount = 0

    public init() {}

    static func + (one: Repairs, other: Repairs) -> Repairs {
        var sum = one
        sum.unreadableRowCount += other.unreadableRowCount
        sum.repeatedTimeRowCount += other.repeatedTimeRowCount
        sum.unmatchedRowCount += other.unmatchedRowCount
        sum.duplicateRowCount += other.duplicateRowCount
        sum.unorderedRowCount += other.unorderedRowCount
        return sum
    }
}
