import SNNSampling

/// One file of a joined log, and its rows around the time of the first file's row. A segment of it is held at a time, since
/// the times of rows that share a stamp rest on those around them.
struct JoinedPart {
    let reader: CSVReader
    private(set) var before: Row
    private(set) var after: Row
    /// `before` is a row.
    private(set) var hasBefore = false
    /// `after` is a row.
    private(set) var hasAfter = false
    /// Rows so far, and the times of the first and of the last.
    private(set) var rowCount = 0
    private(set) var firstTime = 0.0
    private(set) var lastTime = 0.0

    /// Rows whose stamp was that of the row before.
    private(set) var repeatedTimeCount = 0

    private var clock: Clock
    private var held = HeldSegment()
    private var lines: [Int] = []
    private var nextLine = 0
    /// The row behind the held segment.
    private var ahead: Row
    private var isAhead = false
    private var isAtEnd = false
    private var failure: LogError?

    init(_ reader: CSVReader, channelCount: Int, rate: TickRate) {
        self.reader = reader
        clock = Clock(reader.stamps, rate: rate, longestBridge: 0)
        before = Row(values: [Double](repeating: 0, count: channelCount))
        (after, ahead) = (before, before)
    }

    /// There are rows on both sides of the time, or one at it, no further apart than that.
    func isBetween(_ time: Double, _ longestStep: Double) -> Bool {
        guard hasAfter else { return false }
        return after.time == time || hasBefore && after.time > time && after.time - before.time <= longestStep
    }

    /// The row nearest to a time before the first, behind the last, or in a gap.
    func nearest(_ time: Double, within: Double) -> Row? {
        if hasBefore, time - before.time <= within { return before }
        return hasAfter && after.time >= time && after.time - time <= within ? after : nil
    }

    /// The next row becomes `after`; false at the end. Refused: a row that begins another recording.
    mutating func advance() throws(LogError) -> Bool {
        if isAtEnd { return false }
        if hasAfter { swap(&before, &after) }
        hasBefore = hasAfter
        hasAfter = held.give(to: &after)
        if !hasAfter, try hold() { hasAfter = held.give(to: &after) }
        isAtEnd = !hasAfter
        if isAtEnd { return false }
        after.line = lines[nextLine]
        nextLine += 1
        if rowCount == 0 { firstTime = after.time }
        lastTime = after.time
        rowCount += 1
        return true
    }

    /// Reads the next segment; false where there is none. A fault is thrown once the rows before it have been given.
    private mutating func hold() throws(LogError) -> Bool {
        if let failure { throw failure }
        (held, lines, nextLine) = (HeldSegment(), [], 0)
        if !isAhead { guard try read() else { return false } }
        isAhead = false
        repeat {
            held.append(ahead)
            lines.append(ahead.line)
            do throws(LogError) {
                guard try read() else { break }
            } catch {
                failure = error
                break
            }
            isAhead = ahead.startsSegment
        } while !isAhead
        repeatedTimeCount += held.spread(by: &clock)
        return true
    }

    private mutating func read() throws(LogError) -> Bool {
        guard try reader.next(&ahead) else { return false }
        clock.place(&ahead)
        guard !ahead.startsSession, ahead.step >= 0 else {
            throw LogError(
                .time, file: reader.name, line: ahead.line,
                "another recording begins here: files of several recordings cannot be joined",
                hint: "--only COLUMN=CELL reads the rows of one of them; else split the files")
        }
        return true
    }
}
