/// The rows of one segment with times, as numbers. All of them, because the interval is the median over the whole
/// segment: 8 bytes per time, 8 per value and 4 per label, about 60 bytes a row for six channels.
struct HeldSegment {
    /// Stamps, until they are spread.
    private(set) var times: [Double] = []
    /// [row count × channel count]
    private var values: [Double] = []
    /// The indices of the rows' labels.
    private var labels: [Int32] = []
    /// The places of the rows behind a bridged gap, in their order.
    private var bridges: [Int] = []
    private var next = 0
    private var nextBridge = 0

    mutating func append(_ row: Row) {
        if row.isBridged { bridges.append(times.count) }
        times.append(row.time)
        values.append(contentsOf: row.values)
        labels.append(row.label)
    }

    /// Turns the times from stamps into the rows' own, and gives the number of rows whose stamp was that of the row before.
    mutating func spread(by clock: inout Clock) -> Int { clock.spread(&times, bridges: bridges) }

    /// The median of the differences of neighbouring times, or, where rows were spread, their mean but for those over bridged
    /// gaps; nil for a single row.
    func interval(isSpread: Bool) -> Double? {
        guard isSpread, times.count > 1 else { return medianStep(times) }
        let bridged = bridges.reduce(0) { $0 + (times[$1] - times[$1 - 1]) }
        return (times.last! - times[0] - bridged) / Double(times.count - 1 - bridges.count)
    }

    /// The next row's time, label and values; false after the last.
    mutating func give(to row: inout Row) -> Bool {
        guard next < times.count else { return false }
        let channelCount = values.count / times.count
        (row.time, row.label) = (times[next], labels[next])
        for i in 0..<channelCount { row.values[i] = values[next * channelCount + i] }
        next += 1
        return true
    }

    /// Hands the rows on, one by one; false after the last.
    mutating func give(to maker: inout TickMaker) -> Bool {
        guard next < times.count else { return false }
        let channelCount = values.count / times.count
        let isBridged = nextBridge < bridges.count && bridges[nextBridge] == next
        if isBridged { nextBridge += 1 }
        maker.take(
            time: times[next], label: labels[next], values: values[next * channelCount..<(next + 1) * channelCount],
            isBridged: isBridged)
        next += 1
        return true
    }
}
