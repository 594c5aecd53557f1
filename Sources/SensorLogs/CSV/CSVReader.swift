import SNNSampling

/// The rows of a CSV log: a preamble, a header row, a row of units, as far as there are, then one frame per row. Blank
/// lines and comments are passed over.
final class CSVReader: RowSource {
    let name: String
    let hasTimes: Bool
    var hasHeader: Bool { header.layout.headerLine != nil }
    private(set) var session: String?
    private(set) var labels = Labels()
    private(set) var repairs = Repairs()
    var units: [WrittenUnit?] { header.units }
    var stamps: Stamps { time.stamps }
    private var header: CSVHeader { parser.header }

    private let reader: LineReader
    private let parser: CSVRowParser
    private let badRows: BadRowPolicy
    private let isLive: Bool
    /// Seconds; the model's period.
    private let tick: Double
    private let time: TimeColumn
    /// Times further apart than this, either way, begin a segment.
    private let longestStep: Double
    private var cycles: TimeCycles
    private var isAtEnd = false
    private var isClockDoubted = false
    private var lastTime = -Double.infinity
    /// The last row's time in the log's unit, as messages give it.
    private var lastTimeWritten = 0.0
    private var lastLine = 0
    private var notes: [Note] = []
    /// Drops since the notes were last taken, and the line of the first.
    private var noted = Repairs()
    private var firstDrop = 0
    /// Rows of the session read, dropped ones among them.
    private var rowCount = 0
    private var sessions: Sessions
    /// The session of the row read last, and of the row handed out last; −1 before the first.
    private var sessionRead: Int32 = 0
    private var sessionGiven: Int32 = -1
    /// Rows passed over: of other recordings than the one asked for, and without a value.
    private var otherCount = 0
    private var missingCount = 0
    /// Rows handed out.
    private var givenCount = 0
    /// Lines that begin with # and have the cells of rows, and lines that are the header again.
    private var commentedCount = 0
    private var headerCount = 0
    /// The header came again before the next row.
    private var beginsAgain = false

    /// Reads up to the first row. Refused: what `TimeColumn` refuses.
    init(_ reader: LineReader, _ found: CSVHeader, input: LogInput, options: ReadingOptions) throws(LogError) {
        self.reader = reader
        name = reader.source.name
        badRows = options.badRows
        isLive = options.isLive
        tick = input.rate.period
        var header = found
        let leading = header.description?.leading(header.layout)
        var leadingCount = leading == nil ? 0 : header.description?.leadingRows?.count ?? 0
        while reader.line < header.layout.lastHeadLine { _ = try reader.withNextLine { _ in } }
        while leadingCount > 0, let isRow = try reader.withNextLine({ !holdsNoRow($0) }) {
            leadingCount -= isRow ? 1 : 0
        }
        let hertz = leading?.hertz ?? header.description?.hertz(header.layout)
        time = try TimeColumn(
            &header, reader, rate: input.rate, even: hertz.map { (leading?.start ?? 0, $0) }, options: options)
        longestStep = time.stamps.longestStep(input.rate.longestStep)
        hasTimes = time.hasTimes
        cycles = TimeCycles(time)
        parser = CSVRowParser(
            header: header, file: reader.source.name, timeFormat: time.format, dateFormat: time.dateFormat,
            wholeUnit: time.wholeUnit)
        sessions = Sessions(header)
        labels.renamed = header.description?.label?.names ?? [:]
        notes = [Note(CSVReader.words(header.layout, header.description))] + header.notes + time.notes
    }

    /// The layout in one line.
    static func words(_ layout: TableLayout, _ description: LayoutDescription?) -> String {
        let separators = [
            UInt8(ascii: ","): "comma", UInt8(ascii: ";"): "semicolon", UInt8(ascii: "\t"): "tab",
            UInt8(ascii: "|"): "bar",
        ]
        var words = description.map { "layout \($0.name): " } ?? ""
        words += "CSV, separated by \(separators[layout.separator] ?? "blanks")"
        if layout.decimalSign == UInt8(ascii: ",") { words += ", decimal comma" }
        if layout.headerLine == nil {
            words += ", no header"
        } else if !layout.preamble.isEmpty {
            words += ", header in line \(layout.headerLine!)"
        }
        return words
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while true {
            do throws(LogError) {
                guard try readRow(&row) else {
                    tellPassedOver()
                    isAtEnd = true
                    return false
                }
                if row.session != sessionGiven || beginsAgain { begin(&row) }
                if hasTimes { try check(&row) }
                givenCount += 1
                return true
            } catch {
                try drop(error)
            }
        }
    }

    /// Says at the log's end which rows were passed over all along.
    private func tellPassedOver() {
        if missingCount > 0 {
            notes.append("dropped \(counted(missingCount, "row")) without a value, as the layout marks it")
        }
        if otherCount > 0 { notes.append("passed over \(counted(otherCount, "row")) of other recordings, as stated") }
        if headerCount > 0 {
            notes.append(
                "the header comes \(headerCount == 1 ? "once" : "\(headerCount) times") more: a session begins there")
        }
        if commentedCount > 0 {
            notes.append(
                .doubt(
                    "\(counted(commentedCount, "line")) that begin with # and have the cells of rows were passed over as comments"
                ))
        }
        (headerCount, commentedCount) = (0, 0)
        if labels.isFull {
            notes.append(
                .doubt(
                    "more than \(Labels.limit) labels: is \"\(header.names[header.roles.firstIndex(of: .label)!])\" one?"
                ))
        }
        let dropped = repairs.droppedRowCount
        if dropped > givenCount, givenCount > 0 {
            notes.append(.doubt("\(dropped) rows were dropped and \(givenCount) used: is the log read as it is meant?"))
        }
        (missingCount, otherCount, givenCount) = (0, 0, 0)
    }

    /// The row is the first of its session.
    private func begin(_ row: inout Row) {
        row.startsSession = sessionGiven >= 0
        sessionGiven = row.session
        session = sessions.name
        lastTime = -.infinity
        cycles.beginSession()
        beginsAgain = false
    }

    func takeNotes() -> [Note] {
        // One line each, of the whole log, unless somebody waits for it.
        let tellsRepairs = isAtEnd || isLive
        if tellsRepairs, noted != Repairs() {
            var parts: [String] = []
            if noted.unreadableRowCount > 0 {
                parts.append("\(counted(noted.unreadableRowCount, "row")) that could not be read")
            }
            if noted.repeatedTimeRowCount > 0 {
                parts.append(
                    "\(counted(noted.repeatedTimeRowCount, "row")) whose time does not exceed the one before")
            }
            notes.append("dropped \(parts.joined(separator: " and ")), the first in line \(firstDrop)")
            noted = Repairs()
        }
        if tellsRepairs, let note = cycles.takeNote() { notes.append(note) }
        defer { notes = [] }
        return notes
    }

    /// The next row that holds one; its time as written.
    private func readRow(_ row: inout Row) throws(LogError) -> Bool {
        while true {
            let held = try reader.withNextLine { (line) throws(LogError) in
                if holdsNoRow(line, separator: header.separator) {
                    if parser.isCommentedRow(line) { commentedCount += 1 }
                    return false
                }
                row.line = reader.line
                row.position = rowCount
                row.startsSession = false
                rowCount += 1
                let parsed = try parser.parse(
                    line, number: reader.line, into: &row, labels: &labels, sessions: &sessions)
                switch parsed {
                case .row: break
                case .empty: return false
                case .header:
                    (headerCount, rowCount, beginsAgain) = (headerCount + 1, 0, true)
                    return false
                case .other:
                    otherCount += 1
                    rowCount -= 1
                    return false
                case .missing:
                    missingCount += 1
                    repairs.unreadableRowCount += 1
                    return false
                }
                if row.session != sessionRead {
                    (sessionRead, rowCount, row.position) = (row.session, 1, 0)
                }
                return true
            }
            guard let held else { return false }
            if held { return true }
        }
    }

    /// Turns the row's time into seconds, counted on, and holds it against the one before.
    private func check(_ row: inout Row) throws(LogError) {
        if let even = time.even { row.time = even.start + Double(row.position) / even.hertz }
        let written = row.time
        row.time = cycles.counted(
            time.scale.seconds(written), after: lastTime, longestStep: longestStep, line: row.line)
        if time.couldBeClock, time.format == nil, isMinuteOfClock(from: lastTime, to: row.time) {
            let column = parser.header.timeColumn!
            throw LogError(
                .header, file: name, line: row.line, column: column + 1, columnName: parser.header.names[column],
                "time goes from \(plain(lastTimeWritten)) to \(plain(written)), as hours, minutes and seconds do at the end of a minute",
                hint:
                    "--time-format hhmmss reads them so; --time-unit \(time.scale.unit.rawValue) reads them as numbers")
        }
        guard row.time.isFinite, row.time.ulp <= tick / 1000 else {
            throw LogError(
                .time, file: name, line: row.line,
                "time \(row.time) s is so large that neighbouring ticks have the same",
                hint: "--skip-bad-rows drops and counts such rows")
        }
        let step = row.time - lastTime
        if time.couldBeClock, time.format == nil, !isClockDoubted, step > longestStep, step.isFinite,
            (lastTime / 100).rounded(.down) < (row.time / 100).rounded(.down)
        {
            isClockDoubted = true
            notes.append(
                .doubt(
                    "times such as \(plain(written)) in line \(row.line) could be a clock's hours, minutes and seconds, and the "
                        + "gap before it shorter: --time-format hhmmss or --time-unit \(time.scale.unit.rawValue) says which"
                ))
        }
        guard step > 0 || step < -longestStep || step == 0 && !isLive else {
            let column = parser.header.timeColumn!
            throw LogError(
                .time, file: name, line: row.line, column: column + 1, columnName: parser.header.names[column],
                "time \(plain(written)) \(time.scale.unit.rawValue) does not exceed \(plain(lastTimeWritten)) "
                    + "\(time.scale.unit.rawValue) of line \(lastLine)",
                hint: step == 0
                    ? "without --live, rows that share their time are spread evenly up to the next one"
                    : "--skip-bad-rows drops and counts such rows")
        }
        lastTime = row.time
        lastTimeWritten = written
        lastLine = row.line
    }

    /// Under `skip`, counts a row that was refused; else, or where the fault is not of a row, throws again.
    private func drop(_ error: LogError) throws(LogError) {
        guard badRows == .skip else { throw error }
        switch error.kind {
        case .cell, .cellCount:
            repairs.unreadableRowCount += 1
            if noted == Repairs() { firstDrop = error.line ?? 0 }
            noted.unreadableRowCount += 1
        case .time:
            repairs.repeatedTimeRowCount += 1
            if noted == Repairs() { firstDrop = error.line ?? 0 }
            noted.repeatedTimeRowCount += 1
        default: throw error
        }
    }
}

/// Times in seconds leap as those of a clock whose fields stand together: from 59 to the next 100, or from 5959.
private func isMinuteOfClock(from last: Double, to time: Double) -> Bool {
    let (before, after) = (last.truncatingRemainder(dividingBy: 100), time.truncatingRemainder(dividingBy: 100))
    let step = time - last
    return before >= 59 && before < 60 && after < 1 && ((40..<42).contains(step) || (4040..<4042).contains(step))
}
