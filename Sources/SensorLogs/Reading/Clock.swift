import SNNSampling

/// Hands on the rows of a source with times, and says where their stamps leave a segment. Rows that share a stamp are spread
/// evenly up to the next one, by format.md, section 17; one stamp's rows are held for that.
struct Clock {
    /// The longest step that is bridged where the model allows it, in seconds.
    static let longestBridge = 0.5

    private let longestStep: Double
    private let longestBridge: Double
    private let isCoarse: Bool
    /// Seconds between the rows of the stamp before, or, at first, between those that were looked at.
    private var spacing: Double
    /// The stamp of the row read last; nil before a session's first.
    private var stamp: Double?
    /// Rows of one stamp with their times, still to be handed on, and the row behind them.
    private var ready: [Row] = []
    private var readyStart = 0
    private var ahead: Row?
    private var failure: LogError?

    init(_ stamps: Stamps, rate: TickRate, longestBridge: Double) {
        longestStep = stamps.longestStep(rate.longestStep)
        self.longestBridge = min(longestBridge, Clock.longestBridge)
        isCoarse = stamps.isCoarse
        spacing = stamps.spacing > 0 ? stamps.spacing : rate.period
    }

    mutating func next(_ row: inout Row, from source: RowSource) throws(LogError) -> Bool {
        if readyStart == ready.count {
            ready.removeAll(keepingCapacity: true)
            readyStart = 0
            if let failure { throw failure }
            let isFirst = stamp == nil
            let closesGroup = ahead != nil
            if let ahead {
                row = ahead
                self.ahead = nil
            } else if try !read(&row, from: source) {
                return false
            }
            // The rows of a stamp begin at it, but for a coarse clock's first in a segment, which end at the next one.
            let startsSegment = isFirst || row.startsSegment
            let isRepeated = !startsSegment && row.step == 0
            if !isRepeated, !(isCoarse && (startsSegment || row.isBridged)) {
                if !closesGroup, !startsSegment, !row.isBridged { spacing = row.step }
                return true
            }
            gather(row, place: isRepeated ? 1 : 0, isFirst: startsSegment, from: source)
        }
        row = ready[readyStart]
        readyStart += 1
        return true
    }

    /// Reads a row and holds its stamp against the one before.
    private mutating func read(_ row: inout Row, from source: RowSource) throws(LogError) -> Bool {
        guard try source.next(&row) else { return false }
        row.repeatsTime = false
        row.step = row.startsSession ? 0 : stamp.map { row.time - $0 } ?? 0
        row.isBridged = row.step > longestStep && row.step <= longestBridge
        row.startsSegment = row.startsSession || abs(row.step) > longestStep && !row.isBridged
        stamp = row.time
        return true
    }

    /// Takes all further rows of the row's stamp, and gives them their times. `place` counts those before the row.
    private mutating func gather(_ first: Row, place: Int, isFirst: Bool, from source: RowSource) {
        ready.append(first)
        var row = first
        do throws(LogError) {
            while ahead == nil, try read(&row, from: source) {
                if row.startsSegment || row.step != 0 { ahead = row } else { ready.append(row) }
            }
        } catch { failure = error }
        let count = Double(place + ready.count)
        var (start, step) = (first.time, spacing)
        if let ahead, !ahead.startsSegment {
            let even = ahead.step / count
            if ahead.isBridged {
                step = min(spacing, even)
            } else if isFirst, isCoarse, spacing < even {
                start = ahead.time - count * spacing
            } else {
                (step, spacing) = (even, even)
            }
        }
        for i in ready.indices {
            ready[i].time = start + Double(place + i) * step
            ready[i].repeatsTime = place + i > 0
        }
    }
}
