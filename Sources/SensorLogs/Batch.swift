import SNNSampling

/// A stretch of a log that a network runs through without a reset: FORMAT.md, section 15, "Gaps".
public struct Segment: Sendable {
    /// The path as given, `standard input`, or both paths of a WISDM pair.
    public var file: String
    /// What the log calls this stretch, e.g. `subject 1600, activity walking (A)`; nil where it calls it nothing.
    public var session: String?
    /// Counted from 0 over the whole of the reading.
    public var index: Int
    /// Line of the first row.
    public var firstLine: Int
    /// Line of the last row; in a log without times, of the last row read so far.
    public var lastLine: Int
    /// Seconds, on the log's own clock; 0 in a log without times.
    public var startTime: Double
    /// Seconds, the median of the differences of neighbouring times; nil for a single row and without times.
    public var interval: Double?
    /// Whether ticks are interpolated between rows; else each row is one.
    public var isResampled: Bool
    /// What a reader of the results should know: separator and time unit, resampling, the gap before, repairs.
    public var notes: [String]
}

/// Consecutive ticks of one segment: raw frames, as the model takes them.
public struct Batch: Sendable {
    public let segment: Segment
    /// Whether the network is to be reset before this batch.
    public var startsSegment: Bool { firstTick == 0 }
    /// The number of ticks of this segment in earlier batches.
    public let firstTick: Int
    /// Samples [tickCount × channel count], channels of a tick together, in the order of the model.
    public let frames: [Int16]
    public let tickCount: Int

    enum Clock: Sendable {
        /// Seconds, one per tick, as logged.
        case logged([Double])
        case computed(rate: TickRate)
    }

    let clock: Clock
    /// One per tick, or empty where no tick has a label.
    let labels: [Int32]
    let labelNames: [String]

    /// Seconds on the log's clock; `tick` counts from 0 within the batch.
    public func time(ofTick tick: Int) -> Double {
        precondition(tick >= 0 && tick < tickCount)
        switch clock {
        case .logged(let times): return times[tick]
        case .computed(let rate): return rate.time(ofTick: UInt64(firstTick + tick), from: segment.startTime)
        }
    }

    /// The log's own label: of the row, or, between two rows, of the row at or before the tick. `tick` counts from 0
    /// within the batch.
    public func label(ofTick tick: Int) -> String? {
        precondition(tick >= 0 && tick < tickCount)
        guard !labels.isEmpty, labels[tick] >= 0 else { return nil }
        return labelNames[Int(labels[tick])]
    }
}
