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
    var stamps: Stamps { time.stamps }

    private let reader: LineReader
    private let parser: CSVRowParser
    private let badRows: BadRowPolicy
    private let isLive: Bool
    private let time: TimeColumn
    /// Times further apart than this, either way, begin a segment.
    private let longestStep: Double
    /// Seconds that a clock without a date has gone on beyond its end, how often since the notes were last taken, and the
    /// line of the first.
    private var wrapped = (seconds: 0.0, count: 0, line: 0)
    private var lastTime = -Double.infinity
    /// The last row's time in the log's unit, as messages give it.
    private var lastTimeWritten = 0.0
    private var lastLine = 0
    private var notes: [String] = []
    /// Drops since the notes were last taken, and the line of the first.
    private var noted = Repairs()
    private var firstDrop = 0
    /// Rows read, dropped ones among them.
    private var rowCount = 0

    /// Reads up to the header. Refused: an empty log, and what `CSVHeader` refuses.
    init(_ reader: LineReader, input: LogInput, options: ReadingOptions) throws(LogError) {
        self.reader = reader
        name = reader.source.name
        badRows = options.badRows
        isLive = options.isLive
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
        time = try TimeColumn(&header!, reader, headerLine: headerLine, rate: input.rate, options: options)
        longestStep = time.stamps.longestStep(input.rate.longestStep)
        hasTimes = time.column != nil
        parser = CSVRowParser(header: header!, file: file, timeFormat: time.format, dateFormat: time.dateFormat)
        let separators = [UInt8(ascii: ","): "comma", UInt8(ascii: ";"): "semicolon"]
        notes.append("CSV, separated by \(separators[header!.separator] ?? "tab")")
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
        while true {
            do throws(LogError) {
                guard try readRow(&row) else { return false }
                if hasTimes { try check(&row) }
                return true
            } catch {
                try drop(error)
            }
        }
    }

    func takeNotes() -> [String] {
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
        if wrapped.count > 0, let cycle = time.format?.cycle {
            let what = cycle == 3600 ? "the clock begins a new hour" : "the clock passes midnight"
            let often = wrapped.count == 1 ? "" : " \(wrapped.count) times, the first"
            notes.append("\(what)\(often) before line \(wrapped.line); its times go on")
            wrapped.count = 0
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

    /// Turns the row's time into seconds and holds it against the one before. A clock without a date that falls by more than
    /// half its cycle has begun it anew.
    private func check(_ row: inout Row) throws(LogError) {
        let written = row.time
        row.time = time.unit.seconds(written) + wrapped.seconds
        if let cycle = time.format?.cycle, time.dateFormat == nil, lastTime - row.time > cycle / 2 {
            wrapped.seconds += cycle
            row.time += cycle
            if wrapped.count == 0 { wrapped.line = row.line }
            wrapped.count += 1
        }
        let step = row.time - lastTime
        guard step > 0 || step < -longestStep || step == 0 && !isLive else {
            let column = parser.header.timeColumn!
            throw LogError(
                .time, file: name, line: row.line, column: column + 1, columnName: parser.header.names[column],
                "time \(plain(written)) \(time.unit.rawValue) does not exceed \(plain(lastTimeWritten)) "
                    + "\(time.unit.rawValue) of line \(lastLine)",
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
