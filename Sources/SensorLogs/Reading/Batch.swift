import SNNSampling

/// A stretch of a log that a network runs through without a reset: docs/format.md, "From sensor values to samples".
public struct Segment: Sendable {
    /// The path as given, `standard input`, or both paths of a WISDM pair.
    public var file: String
    /// The number of the log, counted from 0; a WISDM pair is one.
    public var log: Int
    /// The log's name for this stretch, e.g. `subject 1600, activity walking (A)` or `window 3`; nil where it calls it
    /// nothing.
    public var session: String?
    /// Counted from 0 over the whole of the reading.
    public var index: Int
    /// Line of the first row; in a binary log, its number counted from 1.
    public var firstLine: Int
    /// Line of the last row; where segments are not held, of the last row read so far.
    public var lastLine: Int
    /// Seconds, on the log's own clock; in a log without times, since the place of the session's first row.
    public var startTime: Double
    /// Seconds, as stated, or the median of the differences of neighbouring times, or their mean where rows were spread;
    /// nil for a single row and without times.
    public var interval: Double?
    /// Ticks are interpolated between rows; else each row is one.
    public var isResampled: Bool
    /// How it was resampled, as it stands among the notes.
    public internal(set) var resamplingNote: String?
    /// The gap in the log's times before this segment, or their fall, where one began it.
    public var gap: Gap?
    /// The gaps within this segment, over which it is interpolated because the model allows it.
    public var bridgedGaps: [Gap] = []
    /// The rows whose time stamp was that of the row before, and which were spread evenly up to the next stamp.
    public var repeatedTimeCount = 0
    /// Remarks for a reader of the results: separator and time unit, resampling, the gap before, repairs.
    /// It grows from batch to batch where segments are not held.
    public var notes: [Note]

    public struct Gap: Sendable {
        /// Below 0 where the times go back.
        public var seconds: Double
        /// Line of the first row behind it.
        public var line: Int
        /// As it stands among the notes.
        public var note: String {
            (seconds < 0 ? "time goes back by \(shortened(-seconds)) s" : "gap of \(shortened(seconds)) s")
                + " before line \(line): restart"
        }
        /// As it stands there where it is bridged.
        public var bridgeNote: String { "gap of \(shortened(seconds)) s before line \(line): bridged by interpolation" }
    }
}

/// About four significant digits, as the notes have them: 104.2, 12.3, 0.0096.
public func shortened(_ number: Double) -> String { short(number) }

/// Consecutive ticks of one segment: raw frames, as the model takes them.
public struct Batch: Sendable {
    public let segment: Segment
    /// The network is to be reset before this batch.
    public var startsSegment: Bool { firstTick == 0 }
    /// The number of ticks of this segment in earlier batches.
    public let firstTick: Int
    public let tickCount: Int
    /// Samples [tickCount × channel count], channels of a tick together, in the order of the model.
    public let frames: [Int16]
    /// Seconds, one per tick.
    let times: [Double]
    /// The labels of the ticks, one each, or empty where no tick has one.
    let labels: [Int32]
    let labelNames: [String]
    /// The samples of each channel in `frames` whose value lies beyond what a sample can hold.
    public let clampedCounts: [Int]
    /// What rounding to samples takes from the rows in this batch.
    public let rounding: RoundingLoss

    /// The labels in this batch, and how many ticks have each.
    public var labelCounts: [(label: String, tickCount: Int)] {
        guard !labels.isEmpty else { return [] }
        var counts = [Int](repeating: 0, count: labelNames.count)
        for label in labels where label >= 0 { counts[Int(label)] += 1 }
        return counts.indices.filter { counts[$0] > 0 }.map { (labelNames[$0], counts[$0]) }
    }

    /// Seconds on the log's clock; `tick` counts from 0 within the batch.
    public func time(ofTick tick: Int) -> Double {
        precondition(tick >= 0 && tick < tickCount)
        return times[tick]
    }

    /// The log's own label: of the row, or, between two rows, of the row at or before the tick. `tick` counts from 0
    /// within the batch.
    public func label(ofTick tick: Int) -> String? {
        precondition(tick >= 0 && tick < tickCount)
        guard !labels.isEmpty, labels[tick] >= 0 else { return nil }
        return labelNames[Int(labels[tick])]
    }
}
