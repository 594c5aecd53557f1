import SNNSampling

/// Consecutive ticks, as they are made.
struct Ticks {
    /// [tick × channel]
    var frames: [Int16] = []
    /// Seconds, one per tick.
    var times: [Double] = []
    /// Indices of labels, one per tick; −1 is none.
    var labels: [Int32] = []
    /// The samples of each channel that were clamped.
    var clampedCounts: [Int]
    /// Of the rows' values; those between rows are finer than the log.
    var rounding: RoundingLoss

    init(channelCount: Int) {
        clampedCounts = Array(repeating: 0, count: channelCount)
        rounding = RoundingLoss(channelCount: channelCount)
    }
}

/// Makes the ticks of one segment out of its rows, each as soon as the rows it needs have come: a row as it stands, and
/// those that a bridged gap lacks before it; or, resampling, the line between the rows around the tick. Rows may come
/// from a log or out of a held segment.
struct TickMaker {
    private let input: LogInput
    private let isResampled: Bool
    /// Seconds between rows, which are ticks.
    private let interval: Double
    /// Ticks issued so far.
    private var tick = 0
    private var start = 0.0
    /// The last two rows taken; the earlier one is only looked at when resampling.
    private var before: Row
    private var after: Row
    /// There is a row that could give a tick.
    private var isFed = false
    /// What rounding takes from the row that was taken last is not counted yet.
    private var isNew = false
    /// Ticks that are to be interpolated before the row that was taken last, and those of them that have been.
    private var missing = (count: 0, issued: 0)

    init(_ input: LogInput, isResampled: Bool, interval: Double) {
        self.input = input
        self.isResampled = isResampled
        self.interval = interval
        before = Row(values: [Double](repeating: 0, count: input.channels.count))
        after = before
    }

    /// The next row of the segment. Only once `issue` has nothing left.
    mutating func take(time: Double, label: Int32, values: ArraySlice<Double>, isBridged: Bool = false) {
        if tick == 0 { start = time }
        swap(&before, &after)
        after.time = time
        after.label = label
        for i in after.values.indices { after.values[i] = values[values.startIndex + i] }
        (isFed, isNew) = (true, true)
        if isBridged, !isResampled {
            let steps = ((after.time - before.time) / interval).rounded(.toNearestOrEven)
            missing = (max(0, Int(steps) - 1), 0)
        }
    }

    /// Appends the next tick; false if it needs another row.
    mutating func issue(_ ticks: inout Ticks) -> Bool {
        guard isFed else { return false }
        if isNew {
            isNew = false
            for i in after.values.indices {
                ticks.rounding.add(input.channels[i].scale.counts(after.values[i]), channel: i)
            }
        }
        let time: Double
        var isMissing = false
        if isResampled {
            time = input.rate.time(ofTick: UInt64(tick), from: start)
        } else if missing.issued < missing.count {
            missing.issued += 1
            isMissing = true
            let step = (after.time - before.time) / Double(missing.count + 1)
            time = before.time + Double(missing.issued) * step
        } else {
            time = after.time
        }
        guard time <= after.time else {
            isFed = false
            return false
        }
        for i in after.values.indices {
            let value =
                time == after.time
                ? after.values[i]
                : interpolated(
                    before: before.values[i], after: after.values[i], timeBefore: before.time, timeAfter: after.time,
                    time: time)
            let scale = input.channels[i].scale
            let sample = scale.sample(value)
            if sample == 32767 || sample == -32768 || sample == 0 {
                // A value that rounds, half to even, to a sample was not clamped; a NaN, of two huge values, was.
                let counts = scale.counts(value)
                if !(counts >= -32768.5 && counts < 32767.5) { ticks.clampedCounts[i] += 1 }
            }
            ticks.frames.append(sample)
        }
        ticks.times.append(time)
        ticks.labels.append(time == after.time ? after.label : before.label)
        tick += 1
        if !isResampled, !isMissing {
            isFed = false
            missing = (0, 0)
        }
        return true
    }
}

extension ChannelScale {
    /// A value in counts, before it is rounded.
    fileprivate func counts(_ value: Double) -> Double { value * Double(denominator) / Double(numerator) }
}
