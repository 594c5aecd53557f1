import SNNSampling

/// Cuts the rows of one source into segments, and these into batches of ticks.
struct Segmenter {
    private let source: RowSource
    private let input: LogInput
    private let batchTickCount: Int
    /// One per channel, or none; from the first row on.
    private var conversions: [Conversion] = []
    private let options: ReadingOptions
    /// The seconds between rows, as stated. Without it a segment with times is held until its median is known.
    private let statedInterval: Double?
    private var clock: Clock
    private var row: Row
    /// `row` was read and begins the next segment.
    private var isAhead = false
    /// The gap before `row`, where one begins a segment.
    private var gapAhead: Segment.Gap?
    private var isBeforeFirstRow = true
    private var plausibility: Plausibility
    private let classes: ClassMatcher
    /// The source's labels, as the classes that they are.
    private var labelNames: [String] = []
    /// Remarks on units, for the first segment.
    private var openingNotes: [Note] = []
    private var nextIndex: Int
    /// Rows read, and those of them that begin a segment by their time.
    private var (rowCount, gapCount) = (0, 0)
    private let logIndex: Int
    private var current: Current?
    /// A fault that is thrown once the ticks before it have been given.
    private(set) var failure: LogError?

    /// The segment whose ticks are being given.
    private struct Current {
        var segment: Segment
        var maker: TickMaker
        /// The rows still to come; nil where they are taken from the source as they come.
        var held: HeldSegment?
        var rowCount = 1
        var tickCount = 0

        mutating func takeHeld() -> Bool { held!.give(to: &maker) }
    }

    init(
        _ source: RowSource, input: LogInput, options: ReadingOptions, classes: ClassMatcher,
        plausibility: Plausibility, firstIndex: Int, logIndex: Int, remarks: [Note] = []
    ) {
        self.classes = classes
        self.plausibility = plausibility
        self.source = source
        self.input = input
        self.options = options
        self.logIndex = logIndex
        openingNotes = remarks + input.profile.notes
        batchTickCount = options.isLive ? 1 : options.batchTickCount
        statedInterval = options.logRate.map { 1 / $0 } ?? (options.isLive ? input.rate.period : nil)
        clock = Clock(source.stamps, rate: input.rate, longestBridge: input.longestBridgedGap)
        row = Row(values: [Double](repeating: 0, count: input.channels.count))
        nextIndex = firstIndex
    }

    /// The index that the next segment of the reading will have.
    var segmentCount: Int { nextIndex }

    /// The doubts about the log's values that only the whole of it gives.
    mutating func closingDoubts() -> [Note] {
        var notes = plausibility.newDoubts(isComplete: true)
        if gapCount >= 4, gapCount * 4 >= rowCount {
            notes.append(
                .doubt(
                    "\(rowCount) rows have \(gapCount) gaps between them, so that hardly a segment has a row to go on with: "
                        + "are the times and their unit right?"))
        }
        return notes
    }

    mutating func next() throws(LogError) -> Batch? {
        while true {
            if current == nil { guard try begin() else { return nil } }
            if let batch = try makeBatch() { return batch }
            current = nil
        }
    }

    /// Begins a segment with the next row; false if there is none.
    private mutating func begin() throws(LogError) -> Bool {
        if let failure { throw failure }
        if !isAhead { guard try readRow() else { return false } }
        isAhead = false
        let notes = openingNotes
        openingNotes = []
        var segment = Segment(
            file: source.name, log: logIndex, session: source.session, index: nextIndex, firstLine: row.line,
            lastLine: row.line, startTime: row.time, interval: nil, isResampled: false, gap: gapAhead, notes: [])
        nextIndex += 1
        if let gapAhead { segment.notes.append(gapAhead.note) }
        gapAhead = nil
        segment.notes += source.takeNotes() + notes

        var held: HeldSegment?
        if source.hasTimes, statedInterval == nil {
            held = hold(&segment)
            segment.repeatedTimeCount = held!.spread(by: &clock)
            segment.startTime = held!.times[0]
            segment.interval = held!.interval(isSpread: segment.repeatedTimeCount > 0)
        } else {
            segment.interval = statedInterval
        }
        if let interval = segment.interval, !options.keepsRows, !input.rate.takesRowsAsTicks(interval: interval) {
            segment.isResampled = true
            segment.resamplingNote = "resampled \(short(1 / interval)) Hz -> \(short(input.rate.hertz)) Hz"
            segment.notes.append(segment.resamplingNote!)
        }
        var maker = TickMaker(
            input, isResampled: segment.isResampled, interval: segment.interval ?? input.rate.period)
        if held == nil { maker.take(time: row.time, label: row.label, values: row.values[...]) }
        current = Current(segment: segment, maker: maker, held: held)
        return true
    }

    /// Reads all rows up to the next gap, session, end or fault.
    private mutating func hold(_ segment: inout Segment) -> HeldSegment {
        var held = HeldSegment()
        held.append(row)
        do throws(LogError) {
            while try readRow(isFirst: false) {
                segment.lastLine = row.line
                if row.isBridged { segment.bridgedGaps.append(Segment.Gap(seconds: row.step, line: row.line)) }
                held.append(row)
            }
        } catch { failure = error }
        // Repairs while this segment was read are its own; at a new session they belong to the next one.
        if !isAhead || !row.startsSession { segment.notes += source.takeNotes() }
        segment.notes += plausibility.newDoubts(isComplete: !isAhead && failure == nil)
        return held
    }

    /// Up to `batchTickCount` ticks; nil when the segment is used up.
    private mutating func makeBatch() throws(LogError) -> Batch? {
        var ticks = Ticks(channelCount: input.channels.count)
        ticks.frames.reserveCapacity(min(batchTickCount, 4096) * input.channels.count)
        do throws(LogError) {
            while ticks.labels.count < batchTickCount {
                if current!.maker.issue(&ticks) { continue }
                guard try takeRow() else { break }
            }
        } catch {
            if ticks.labels.isEmpty { throw error }
            failure = error
        }
        guard !ticks.labels.isEmpty else { return nil }
        if current!.held == nil, !isAhead { current!.segment.notes += source.takeNotes() }
        current!.segment.notes += plausibility.newDoubts(isComplete: false)
        for name in source.labels.names.dropFirst(labelNames.count) { labelNames.append(classes.name(name)) }
        defer { current!.tickCount += ticks.labels.count }
        return Batch(
            segment: current!.segment, firstTick: current!.tickCount, tickCount: ticks.labels.count,
            frames: ticks.frames, times: ticks.times,
            labels: ticks.labels.contains { $0 >= 0 } ? ticks.labels : [], labelNames: labelNames,
            clampedCounts: ticks.clampedCounts, rounding: ticks.rounding)
    }

    /// Gives the tick maker the segment's next row; false if the segment has no more.
    private mutating func takeRow() throws(LogError) -> Bool {
        if current!.held != nil { return current!.takeHeld() }
        if let failure { throw failure }
        guard !isAhead, try readRow(isFirst: false) else { return false }
        current!.rowCount += 1
        if row.isBridged {
            let gap = Segment.Gap(seconds: row.step, line: row.line)
            current!.segment.bridgedGaps.append(gap)
            current!.segment.notes.append(gap.bridgeNote)
        }
        current!.segment.lastLine = row.line
        if current!.rowCount == 32, source.hasTimes { checkStatedInterval() }
        current!.maker.take(time: row.time, label: row.label, values: row.values[...], isBridged: row.isBridged)
        return true
    }

    /// Reads a row; false at the end, and, where it is not the first, at a row that begins another segment.
    private mutating func readRow(isFirst: Bool = true) throws(LogError) -> Bool {
        guard try source.next(&row) else { return false }
        rowCount += 1
        if source.hasTimes {
            // Beyond this the times of neighbouring ticks would be the same, without end.
            guard row.time.isFinite, row.time.ulp <= input.rate.period / 1000 else {
                throw LogError(
                    .time, file: source.name, line: row.line,
                    "time \(row.time) s is so large that neighbouring ticks have the same")
            }
            clock.place(&row)
        }
        if isBeforeFirstRow {
            isBeforeFirstRow = false
            if !options.isRaw {
                let found = try Conversions(source.units, input: input, options: options, file: source.name)
                conversions = found.channels
                openingNotes += found.notes
                plausibility.take(found)
            }
        }
        plausibility.add(row.values)
        for i in conversions.indices { row.values[i] = conversions[i](row.values[i]) }
        if !source.hasTimes {
            row.time =
                if let statedInterval, !input.rate.takesRowsAsTicks(interval: statedInterval) {
                    Double(row.position) * statedInterval
                } else { input.rate.time(ofTick: UInt64(row.position), from: 0) }
        }
        if isFirst { return true }
        isAhead = source.hasTimes ? row.startsSegment : row.startsSession
        if isAhead, !row.startsSession {
            gapAhead = Segment.Gap(seconds: row.step, line: row.line)
            gapCount += 1
        }
        return !isAhead
    }

    /// Says so where the first rows of a segment come at another rate than was stated.
    private mutating func checkStatedInterval() {
        let interval = (row.time - current!.segment.startTime) / Double(current!.rowCount - 1)
        let stated = statedInterval!
        if abs(interval - stated) > 0.1 * stated {
            current!.segment.notes.append(
                "rows come at \(short(1 / interval)) Hz, not at \(short(1 / stated)) Hz as stated")
        }
    }
}
