import SNNSampling

/// The rows of one segment with times, as numbers. All of them, because the interval is the median over the whole
/// segment: 8 bytes per time, 8 per value and 4 per label, about 60 bytes a row for six channels.
struct HeldSegment {
    var times: [Double] = []
    /// [row count × channel count]
    var values: [Double] = []
    /// One per row, indices of labels.
    var labels: [Int32] = []

    mutating func append(_ row: Row) {
        times.append(row.time)
        values.append(contentsOf: row.values)
        labels.append(row.label)
    }
}

/// Gives the ticks of a held segment, a batch at a time, as rows or interpolated between them.
struct TickMaker {
    private let held: HeldSegment
    private let input: LogInput
    private let isResampled: Bool
    private var tick = 0
    /// Resampling: the last row whose time is at or before the next tick's, as far as is known.
    private var row = 0

    init(_ held: HeldSegment, input: LogInput, isResampled: Bool) {
        self.held = held
        self.input = input
        self.isResampled = isResampled
    }

    /// At least one tick, until the segment is used up; then nil. `frames` and `labels` as `Batch` describes them.
    mutating func next(
        atMost limit: Int
    ) -> (firstTick: Int, frames: [Int16], labels: [Int32], clock: Batch.Clock)? {
        let firstTick = tick
        var frames: [Int16] = []
        var labels: [Int32] = []
        frames.reserveCapacity(min(limit, held.times.count) * input.channels.count)
        if isResampled {
            interpolate(atMost: limit, &frames, &labels)
        } else {
            take(atMost: limit, &frames, &labels)
        }
        guard tick > firstTick else { return nil }
        return (
            firstTick, frames, labels,
            isResampled ? .computed(rate: input.rate) : .logged(Array(held.times[firstTick..<tick]))
        )
    }

    private mutating func take(atMost limit: Int, _ frames: inout [Int16], _ labels: inout [Int32]) {
        let channelCount = input.channels.count
        let end = min(tick + limit, held.times.count)
        for row in tick..<end {
            for i in 0..<channelCount {
                frames.append(input.channels[i].scale.sample(held.values[row * channelCount + i]))
            }
            labels.append(held.labels[row])
        }
        tick = end
    }

    private mutating func interpolate(atMost limit: Int, _ frames: inout [Int16], _ labels: inout [Int32]) {
        let channelCount = input.channels.count
        let last = held.times.count - 1
        for _ in 0..<limit {
            let time = input.rate.time(ofTick: UInt64(tick), from: held.times[0])
            if time > held.times[last] { return }
            while row < last, held.times[row + 1] <= time { row += 1 }
            for i in 0..<channelCount {
                let before = held.values[row * channelCount + i]
                let value =
                    row == last
                    ? before
                    : interpolated(
                        before: before, after: held.values[(row + 1) * channelCount + i],
                        timeBefore: held.times[row], timeAfter: held.times[row + 1], time: time)
                frames.append(input.channels[i].scale.sample(value))
            }
            labels.append(held.labels[row])
            tick += 1
        }
    }
}
