/// One row of a log, reused from row to row.
struct Row {
    /// Seconds; 0 where the log has no times.
    var time = 0.0
    /// The values of the model's channels, in their order, as the log has them; converted, once the segmenter has the row.
    var values: [Double]
    /// Index into `RowSource.labels`, or −1.
    var label: Int32 = -1
    var line = 0
    /// The place of the row in its session, in a log without times: counted from 0, dropped rows among them.
    var position = 0
    /// Index of the session that the row belongs to, where columns name them.
    var session: Int32 = 0
    /// The row belongs to another session than the one before it.
    var startsSession = false
    /// Seconds from the time stamp of the row before, in a log with times; 0 for a session's first row.
    var step = 0.0
    /// The row begins another segment than that of the row before it.
    var startsSegment = false
    /// The step is a gap that the segment goes on over.
    var isBridged = false
}

/// A source gives the rows of one log (CSV, array) or of one pair of logs (WISDM).
protocol RowSource: AnyObject {
    var name: String { get }
    /// Rows have times, which then do not fall within a session but to begin a segment; known from the start.
    var hasTimes: Bool { get }
    /// The first time stamps, in seconds, where they were looked at.
    var stamps: Stamps { get }
    /// The session of the row handed out last, where the log names one.
    var session: String? { get }
    var labels: Labels { get }
    var repairs: Repairs { get }
    /// Column names come before the first row.
    var hasHeader: Bool { get }
    /// The unit of each channel, as far as the log says it; known from the first row on.
    var units: [WrittenUnit?] { get }

    /// The next row; false at the end.
    func next(_ row: inout Row) throws(LogError) -> Bool
    /// Hands out the remarks on the log since the last call: how it is read, and what was repaired.
    func takeNotes() -> [Note]
}

extension RowSource {
    var stamps: Stamps { Stamps() }
    var units: [WrittenUnit?] { [] }
    var hasHeader: Bool { false }
}

/// Counts of rows that were set right on the way. The notes say each of them in words too.
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

    var droppedRowCount: Int { unreadableRowCount + repeatedTimeRowCount + unmatchedRowCount + duplicateRowCount }

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
