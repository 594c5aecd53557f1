import SNNSampling

/// The rows of a CSV log: a header row, then one frame per row. Blank lines and lines that begin with # are
/// passed over.
final class CSVReader: RowSource {
    let name: String
    let hasTimes: Bool
    let hasHeader = true
    let session: String? = nil
    private(set) var labels = Labels()
    private(set) var repairs = Repairs()
    var units: [WrittenUnit?] { parser.header.units }

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
    /// Rows read, dropped ones among them.
    private var rowCount = 0

    /// Reads up to the header. Refused: an empty log, and what `CSVHeader` refuses.
    init(_ reader: LineReader, input: LogInput, options: ReadingOptions) throws(LogError) {
        self.reader = reader
        name = reader.source.name
        badRows = options.badRows
        rate = input.rate
        let file = reader.source.name
        var header: CSVHeader?
        while header == nil {
            let read: Void? = try reader.withNextLine { (line) throws(LogError) in
                if holdsNoRow(line) { return }
                header = try CSVHeader(
                    line, number: reader.line, file: file, input: input, columns: options.columns)
            }
            guard read != nil else {
                throw LogError(.empty, file: file, "is empty, expected a header row with column names")
            }
        }
        let headerLine = reader.line
        if CSVReader.takeUnitsRow(reader, &header!) {
            _ = try reader.withNextLine { _ in }
            notes.append("line \(reader.line) is a row of units")
        }
        let time = try TimeColumn(header!, reader, headerLine: headerLine, options: options)
        if let column = time.column { header!.takeTime(column) }
        parser = CSVRowParser(header: header!, file: file, isDated: time.isDated)
        hasTimes = time.column != nil
        unit = time.isDated ? .seconds : options.timeUnit ?? header!.timeUnit
        guard hasTimes || !time.hasRows || options.logRate != nil || options.usesModelRate || options.isLive else {
            throw LogError(
                .header, file: file, line: headerLine, "no column with times" + (time.obstacle.map { ": \($0)" } ?? ""),
                hint: (header!.roles.contains(.ignored) ? "--map time=COLUMN names one; " : "")
                    + "--log-rate HZ says how many rows a second has, --log-rate model that they "
                    + "come at the model's \(short(rate.hertz)) Hz")
        }
        if time.isDated, options.timeUnit != nil {
            throw LogError(
                .header, file: file, line: headerLine, column: time.column! + 1,
                columnName: header!.names[time.column!],
                "holds dates, which have no unit to be stated", hint: "leave out --time-unit")
        }
        if options.isLive, unit == nil, let column = header!.timeColumn {
            throw LogError(
                .header, file: file, line: headerLine, column: column + 1, columnName: header!.names[column],
                "the unit of time must be stated: a live log is not read ahead to infer it",
                hint: "--time-unit s, ms, us or ns says it; so does a column name such as time_ms")
        }
        let separators = [UInt8(ascii: ","): "comma", UInt8(ascii: ";"): "semicolon"]
        notes.append("CSV, separated by \(separators[header!.separator] ?? "tab")")
        if let column = header!.timeColumn {
            if time.isDated {
                notes.append("column \"\(header!.names[column])\" is date and time; UTC where it names no zone")
            } else if let unit {
                notes.append("column \"\(header!.names[column])\" is time in \(unit.rawValue)")
            }
        } else if let logRate = options.logRate {
            notes.append("no time column: rows come at \(short(logRate)) Hz, as stated")
        } else {
            notes.append("no time column: each row is one tick at \(short(rate.hertz)) Hz")
        }
        notes += time.notes
    }

    /// Whether the next line is a row of units; the header has them then.
    private static func takeUnitsRow(_ reader: LineReader, _ header: inout CSVHeader) -> Bool {
        var isRow = false
        var taken = header
        reader.lookAhead { line in
            isRow = taken.takeUnits(line, number: reader.line + 1)
            return false
        }
        header = taken
        return isRow
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
                    guard try readRow(&row) else { return false }
                }
                if hasTimes { try check(&row) }
                return true
            } catch {
                try drop(error)
            }
        }
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
                if holdsNoRow(line) { return false }
                row.line = reader.line
                row.position = rowCount
                rowCount += 1
                try parser.parse(line, number: reader.line, into: &row, labels: &labels)
                return true
            }
            guard let held else { return false }
            if held { return true }
        }
    }

    /// Turns the row's time into seconds and holds it against the one before.
    private func check(_ row: inout Row) throws(LogError) {
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
