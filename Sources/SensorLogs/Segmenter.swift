import SNNSampling

/// Cuts the rows of one source into segments, and these into batches of ticks.
struct Segmenter {
    private let source: RowSource
    private let input: LogInput
    private let batchTickCount: Int
    private var row: Row
    /// `row` was read and begins the next segment, because of this.
    private var isAhead = false
    private var pendingNote: String?
    private var nextIndex: Int
    private var current: (segment: Segment, maker: TickMaker)?
    /// Without times: the ticks of the only segment so far.
    private var untimed: (segment: Segment, tickCount: Int)?

    init(_ source: RowSource, input: LogInput, batchTickCount: Int, firstIndex: Int) {
        self.source = source
        self.input = input
        self.batchTickCount = batchTickCount
        row = Row(values: [Double](repeating: 0, count: input.channels.count))
        nextIndex = firstIndex
    }

    /// The index that the next segment of the reading will have.
    var segmentCount: Int { nextIndex }

    mutating func next() throws(LogError) -> Batch? {
        guard source.hasTimes else { return try nextUntimed() }
        while true {
            if let made = current?.maker.next(atMost: batchTickCount) {
                return batch(current!.segment, made)
            }
            current = nil
            guard try holdSegment() else { return nil }
        }
    }

    private func batch(
        _ segment: Segment, _ made: (firstTick: Int, frames: [Int16], labels: [Int32], clock: Batch.Clock)
    ) -> Batch {
        Batch(
            segment: segment, firstTick: made.firstTick, frames: made.frames,
            tickCount: made.frames.count / input.channels.count, clock: made.clock,
            labels: made.labels.contains { $0 >= 0 } ? made.labels : [], labelNames: source.labels.names)
    }

    private mutating func start() -> Segment {
        let segment = Segment(
            file: source.name, session: source.session, index: nextIndex, firstLine: row.line, lastLine: row.line,
            startTime: row.time, interval: nil, isResampled: false, notes: [])
        nextIndex += 1
        return segment
    }

    /// Reads all rows up to the next gap, session or end; false if there are none.
    private mutating func holdSegment() throws(LogError) -> Bool {
        if !isAhead {
            guard try source.next(&row) else { return false }
        }
        isAhead = false
        var segment = start()
        var held = HeldSegment()
        if let note = pendingNote { segment.notes.append(note) }
        pendingNote = nil
        segment.notes += source.takeNotes()
        held.append(row)
        var time = row.time
        while try source.next(&row) {
            let step = row.time - time
            if row.startsSession || step > input.rate.longestStep {
                isAhead = true
                if !row.startsSession {
                    pendingNote = "gap of \(short(step)) s before line \(row.line): restart"
                }
                break
            }
            time = row.time
            segment.lastLine = row.line
            held.append(row)
        }
        // What was repaired while this segment was read; of a session it belongs to the next one.
        if !isAhead || !row.startsSession { segment.notes += source.takeNotes() }

        segment.interval = medianStep(held.times)
        if let interval = segment.interval, !input.rate.takesRowsAsTicks(interval: interval) {
            segment.isResampled = true
            segment.notes.append("resampled \(short(1 / interval)) Hz -> \(short(input.rate.hertz)) Hz")
        }
        current = (segment, TickMaker(held, input: input, isResampled: segment.isResampled))
        return true
    }

    /// Without times each row is a tick, and nothing is held beyond the batch.
    private mutating func nextUntimed() throws(LogError) -> Batch? {
        var frames: [Int16] = []
        var labels: [Int32] = []
        frames.reserveCapacity(batchTickCount * input.channels.count)
        while labels.count < batchTickCount, try source.next(&row) {
            if untimed == nil { untimed = (start(), 0) }
            for i in row.values.indices { frames.append(input.channels[i].scale.sample(row.values[i])) }
            labels.append(row.label)
            untimed!.segment.lastLine = row.line
        }
        guard !labels.isEmpty else { return nil }
        untimed!.segment.notes += source.takeNotes()
        let firstTick = untimed!.tickCount
        untimed!.tickCount += labels.count
        return batch(untimed!.segment, (firstTick, frames, labels, .computed(rate: input.rate)))
    }
}
