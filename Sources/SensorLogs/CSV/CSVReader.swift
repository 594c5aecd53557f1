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
    private var header: CSVHeader { parser.header }

    private let reader: LineReader
    private let parser: CSVRowParser
    private let badRows: BadRowPolicy
    private let rate: TickRate
    private var unit: TimeUnit?
    /// The first rows, held while their times tell the unit; handed out in order afterwards.
    private var queue: [Row] = []
    private var queueStart = 0
    private var lastTime = -Double.infinity
    /// The last row's time in the log's unit, as messages give it.
    private var lastTimeWritten = 0.0
    private var lastLine = 0
    private var notes: [Note] = []
    /// Drops since the notes were last taken, and the line of the first.
    private var noted = Repairs()
    private var firstDrop = 0
    /// A fault met while reading ahead, thrown when the rows before it have been handed out.
    private var failure: LogError?
    /// Rows of the session read, dropped ones among them.
    private var rowCount = 0
    private var sessions: Sessions
    /// The session of the row read last, and of the row handed out last; −1 before the first.
    private var sessionRead: Int32 = 0
    private var sessionGiven: Int32 = -1
    /// The first row's time and the rows a second, where the layout says them and no column has times.
    private let clock: (start: Double, hertz: Double)?
    /// Rows passed over: of other recordings than the one asked for, and without a value.
    private var otherCount = 0
    private var missingCount = 0

    /// Reads up to the first row. Refused: a log that has no times and whose rate nobody says.
    init(_ reader: LineReader, _ found: CSVHeader, input: LogInput, options: ReadingOptions) throws(LogError) {
        self.reader = reader
        name = reader.source.name
        badRows = options.badRows
        rate = input.rate
        let file = reader.source.name
        var header = found
        let leading = header.description?.leading(header.layout)
        var leadingCount = leading == nil ? 0 : header.description?.leadingRows?.count ?? 0
        while reader.line < header.layout.lastHeadLine { _ = try reader.withNextLine { _ in } }
        while leadingCount > 0, let isRow = try reader.withNextLine({ !holdsNoRow($0) }) {
            leadingCount -= isRow ? 1 : 0
        }
        let time = try TimeColumn(header, reader, headerLine: header.line, options: options)
        if let column = time.column { header.takeTime(column) }
        parser = CSVRowParser(header: header, file: file, isDated: time.isDated)
        sessions = Sessions(header)
        labels.renamed = header.description?.label?.names ?? [:]
        let hertz = leading?.hertz ?? header.description?.hertz(header.layout)
        clock = time.column == nil && options.logRate == nil ? hertz.map { (leading?.start ?? 0, $0) } : nil
        hasTimes = time.column != nil || clock != nil
        unit = time.isDated || clock != nil ? .seconds : options.timeUnit ?? header.timeUnit
        guard hasTimes || !time.hasRows || options.logRate != nil || options.usesModelRate || options.isLive else {
            throw LogError(
                .header, file: file, line: header.line,
                "no column with times" + (time.obstacle.map { ": \($0)" } ?? ""),
                hint: (header.roles.contains(.ignored) ? "--map time=COLUMN names one; " : "")
                    + "--log-rate HZ says how many rows a second has, --log-rate model that they "
                    + "come at the model's \(short(rate.hertz)) Hz")
        }
        if time.isDated, options.timeUnit != nil {
            throw LogError(
                .header, file: file, line: header.line, column: time.column! + 1,
                columnName: header.names[time.column!],
                "holds dates, which have no unit to be stated", hint: "leave out --time-unit")
        }
        if options.isLive, unit == nil, let column = header.timeColumn {
            throw LogError(
                .header, file: file, line: header.line, column: column + 1, columnName: header.names[column],
                "the unit of time must be stated: a live log is not read ahead to infer it",
                hint: "--time-unit s, ms, us or ns says it; so does a column name such as time_ms")
        }
        notes =
            ([CSVReader.words(header.layout, header.description)] + header.notes + (header.description?.notes ?? []))
            .map { Note($0) }
        if let column = header.timeColumn {
            if time.isDated {
                notes.append("column \"\(header.names[column])\" is date and time; UTC where it names no zone")
            } else if let unit {
                notes.append("column \"\(header.names[column])\" is time in \(unit.rawValue)")
            }
        } else if let clock {
            notes.append("no time column: rows come at \(short(clock.hertz)) Hz, as the layout says")
        } else if let logRate = options.logRate {
            notes.append("no time column: rows come at \(short(logRate)) Hz, as stated")
        } else {
            notes.append("no time column: each row is one tick at \(short(rate.hertz)) Hz")
        }
        notes += time.notes
    }

    /// The layout in one line.
    static func words(_ layout: TableLayout, _ description: LayoutDescription?) -> String {
        let separators = [UInt8(ascii: ","): "comma", UInt8(ascii: ";"): "semicolon", UInt8(ascii: "\t"): "tab"]
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
        if hasTimes, unit == nil { try findUnit(like: row) }
        while true {
            do throws(LogError) {
                if queueStart < queue.count {
                    row = queue[queueStart]
                    queueStart += 1
                } else {
                    queue = []
                    queueStart = 0
                    if let failure { throw failure }
                    guard try readRow(&row) else {
                        tellPassedOver()
                        return false
                    }
                }
                if row.session != sessionGiven { begin(&row) }
                if hasTimes { try check(&row) }
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
        (missingCount, otherCount) = (0, 0)
    }

    /// The row is the first of its session.
    private func begin(_ row: inout Row) {
        row.startsSession = sessionGiven >= 0
        sessionGiven = row.session
        session = sessions.names.isEmpty ? nil : sessions.names[Int(row.session)]
        lastTime = -.infinity
    }

    func takeNotes() -> [Note] {
        if noted != Repairs() {
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
        defer { notes = [] }
        return notes
    }

    /// The next row that holds one; its time as written.
    private func readRow(_ row: inout Row) throws(LogError) -> Bool {
        while true {
            let held = try reader.withNextLine { (line) throws(LogError) in
                if holdsNoRow(line, separator: header.separator) { return false }
                row.line = reader.line
                row.position = rowCount
                row.startsSession = false
                rowCount += 1
                let parsed = try parser.parse(
                    line, number: reader.line, into: &row, labels: &labels, sessions: &sessions)
                switch parsed {
                case .row: break
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

    /// Turns the row's time into seconds and holds it against the one before.
    private func check(_ row: inout Row) throws(LogError) {
        if let clock { row.time = clock.start + Double(row.position) / clock.hertz }
        let written = row.time
        let unit = unit ?? .seconds
        row.time = written / unit.perSecond
        guard row.time > lastTime else {
            let column = parser.header.timeColumn!
            throw LogError(
                .time, file: name, line: row.line, column: column + 1, columnName: parser.header.names[column],
                "time \(plain(written)) \(unit.rawValue) does not exceed \(plain(lastTimeWritten)) "
                    + "\(unit.rawValue) of line \(lastLine)",
                hint: written == lastTimeWritten
                    ? "coarse clocks repeat themselves; --skip-bad-rows drops and counts such rows"
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

    /// Reads up to 256 rows ahead and takes the unit from the median of their increasing steps.
    private func findUnit(like template: Row) throws(LogError) {
        var row = template
        while queue.count < 256 {
            do throws(LogError) {
                do throws(LogError) {
                    guard try readRow(&row) else { break }
                    queue.append(row)
                } catch {
                    try drop(error)
                }
            } catch {
                if queue.isEmpty { throw error }
                failure = error
                break
            }
        }
        let times = queue.map(\.time)
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }.sorted()
        let column = parser.header.timeColumn!
        let columnName = parser.header.names[column]
        guard !steps.isEmpty else {
            unit = .seconds
            notes.append("column \"\(columnName)\" has no two increasing times; taken as seconds")
            return
        }
        let step = steps[(steps.count - 1) / 2]
        unit = inferredTimeUnit(step: step, period: rate.period)
        guard let unit else {
            throw LogError(
                .header, file: name, line: queue[0].line, column: column + 1, columnName: columnName,
                "cannot tell the unit of time: rows are \(short(step)) apart, a tick of the model is "
                    + "\(short(rate.period)) s",
                hint: "--time-unit s, ms, us or ns says it; so does a column name such as time_ms")
        }
        notes.append(
            "column \"\(columnName)\" taken as time in \(unit.rawValue): rows are \(short(step)) "
                + "\(unit.rawValue) apart")
    }
}
