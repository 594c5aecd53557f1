import SNNSampling

/// What the time stamps of a log's rows say, by format.md, section 17: where they leave a segment, and the times of rows that
/// share one.
struct Clock {
    /// The longest step that is bridged where the model allows it, in seconds.
    static let longestBridge = 0.5

    private let longestStep: Double
    private let longestBridge: Double
    private let isCoarse: Bool
    /// Seconds between the rows of the group before, or, at first, between those that were looked at.
    private var spacing: Double
    /// The stamp of the row read last; nil before the first.
    private var stamp: Double?

    init(_ stamps: Stamps, rate: TickRate, longestBridge: Double) {
        longestStep = stamps.longestStep(rate.longestStep)
        self.longestBridge = min(longestBridge, Clock.longestBridge)
        isCoarse = stamps.isCoarse
        spacing = stamps.spacing > 0 && stamps.spacing <= longestStep ? stamps.spacing : rate.period
    }

    /// Holds the next row's stamp against the one before.
    mutating func place(_ row: inout Row) {
        row.step = row.startsSession ? 0 : stamp.map { row.time - $0 } ?? 0
        row.isBridged = row.step > longestStep && row.step <= longestBridge
        row.startsSegment = row.startsSession || abs(row.step) > longestStep && !row.isBridged
        stamp = row.time
    }

    /// Turns the stamps of a segment's rows into their times, and gives the number of rows whose stamp was that of the row
    /// before. `bridges` are the places of the rows behind bridged gaps.
    mutating func spread(_ times: inout [Double], bridges: [Int]) -> Int {
        var (start, bridge, repeatedCount) = (0, 0, 0)
        while start < times.count {
            let stamp = times[start]
            let end = times[start...].firstIndex { $0 != stamp } ?? times.count
            let count = Double(end - start)
            var (origin, step) = (stamp, spacing)
            if end < times.count {
                let even = (times[end] - stamp) / count
                while bridge < bridges.count, bridges[bridge] < end { bridge += 1 }
                if bridge < bridges.count, bridges[bridge] == end {
                    step = min(spacing, even)
                } else if isCoarse, start == 0, spacing < even {
                    origin = times[end] - count * spacing
                } else {
                    (step, spacing) = (even, even)
                }
            }
            for i in start..<end { times[i] = origin + Double(i - start) * step }
            repeatedCount += end - start - 1
            start = end
        }
        return repeatedCount
    }
}
