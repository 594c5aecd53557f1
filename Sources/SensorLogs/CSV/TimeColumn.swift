/// The choice of a CSV log's time column among those whose names could be one's, from the rows that come first.
struct TimeColumn {
    /// Rows looked at.
    static let rowCount = 256

    /// Nil where no column is.
    private(set) var column: Int?
    /// Its cells are dates, and so seconds.
    private(set) var isDated = false
    private(set) var notes: [Note] = []
    /// What was found where no column is taken: for a message.
    private(set) var obstacle: String?
    /// There are rows.
    private(set) var hasRows = false

    private let header: CSVHeader

    /// A mapped column, or the only one with the usual name, is believed; else the finest that grows is taken. Refused: two
    /// with usual names, neither of which grows, and, live, several.
    init(_ header: CSVHeader, _ reader: LineReader, headerLine: Int, options: ReadingOptions) throws(LogError) {
        self.header = header
        let candidates = header.timeCandidates
        let usual = candidates.filter { timeColumnNames.contains(splitTimeUnit(header.names[$0]).base) }
        let only = candidates.count == 1 && usual.count == 1 || header.isTimeMapped ? candidates.first : nil
        let rows = look(reader, candidates, count: only == nil && !options.isLive ? TimeColumn.rowCount : 1)
        hasRows = !rows.isEmpty
        if let only {
            column = only
        } else if options.isLive, candidates.count == 1 || usual.count == 1 {
            column = usual.first ?? candidates[0]
        } else {
            let growing = candidates.indices.compactMap { i in
                Growth(rows.map { $0[i].seconds }, candidate: i)
            }.sorted()
            column = growing.first.map { candidates[$0.candidate] }
            if growing.count > 1 {
                let others = growing.dropFirst().map { "\"\(header.names[candidates[$0.candidate]])\"" }
                notes.append(
                    "\"\(header.names[column!])\" is taken as the time, as the finest column that grows, not "
                        + "\(others.joined(separator: " or ")): --map time=COLUMN chooses another")
            }
            if growing.isEmpty, usual.count == 1 { column = usual[0] }
            if growing.isEmpty, usual.count > 1 || options.isLive && candidates.count > 1 {
                let names = (usual.count > 1 ? usual : candidates).prefix(2).map { "\"\(header.names[$0])\"" }
                throw LogError(
                    .header, file: reader.source.name, line: headerLine,
                    "two time columns: \(names[0]) and \(names[1])", hint: "--map time=COLUMN chooses one")
            }
        }
        guard let first = rows.first else { return }
        if let column {
            let cell = first[candidates.firstIndex(of: column)!]
            isDated = cell.isDate
            if options.logRate != nil, cell.seconds == nil, !header.isTimeMapped {
                notes.append("column \"\(header.names[column])\" is not read as time: it begins with \(cell.shown)")
                self.column = nil
            }
        } else if !candidates.isEmpty {
            let cells = zip(candidates, first).map { column, cell in
                "column \(column + 1) (\(header.names[column])) begins with \(cell.shown)"
            }
            obstacle = "\(cells.joined(separator: ", ")), and is not read as time or does not grow"
        }
    }

    private struct Cell {
        /// A number as written, or a date's seconds.
        var seconds: Double?
        var isDate = false
        var shown = ""
    }

    /// The candidates' cells of the rows to come, none of which is taken.
    private func look(_ reader: LineReader, _ candidates: [Int], count: Int) -> [[Cell]] {
        guard !candidates.isEmpty || count > 0 else { return [] }
        var rows: [[Cell]] = []
        reader.lookAhead { line in
            if holdsNoRow(line) { return true }
            var cells = candidates.map { _ in Cell() }
            var position = 0
            for column in header.names.indices where position <= line.count {
                guard let (content, end) = SensorLogs.cell(line, from: position, separator: header.separator) else {
                    break
                }
                if let candidate = candidates.firstIndex(of: column) {
                    cells[candidate] = TimeColumn.timeCell(line.extracting(content), isFirst: rows.isEmpty)
                }
                position = end + 1
            }
            rows.append(cells)
            return rows.count < count
        }
        return rows
    }

    private static func timeCell(_ bytes: Span<UInt8>, isFirst: Bool) -> Cell {
        let text = !isFirst ? "" : bytes.isEmpty ? "an empty cell" : SensorLogs.shown(bytes)
        if let (value, end) = parseDecimal(bytes, from: 0), end == bytes.count, value.isFinite {
            return Cell(seconds: value, shown: text)
        }
        let date = parseDateTime(bytes)
        return Cell(seconds: date, isDate: date != nil, shown: text)
    }

    /// How a column grows from row to row; nil if it does not: nine rises for a fall, and few cells that are no time.
    private struct Growth: Comparable {
        let candidate: Int
        private let standCount: Int
        /// Larger for a finer unit, since the rows are the same.
        private let step: Double

        init?(_ times: [Double?], candidate: Int) {
            let read = times.compactMap { $0 }
            guard !read.isEmpty, (times.count - read.count) * 10 <= times.count else { return nil }
            let steps = zip(read.dropFirst(), read).map { $0 - $1 }
            let rises = steps.filter { $0 > 0 }.sorted()
            let falls = steps.count { $0 < 0 }
            guard !rises.isEmpty, falls * 9 <= rises.count else { return nil }
            self.candidate = candidate
            standCount = steps.count - rises.count
            step = rises[(rises.count - 1) / 2]
        }

        static func < (one: Growth, other: Growth) -> Bool {
            (one.standCount, -one.step, one.candidate) < (other.standCount, -other.step, other.candidate)
        }
    }
}

/// Words that the name of a time column holds.
private let timeWords = ["time", "date", "stamp", "clock", "elapsed"]

/// The name could be a time column's.
func couldBeTime(_ name: String) -> Bool {
    let base = splitTimeUnit(name).base
    return timeColumnNames.contains(base) || timeWords.contains { base.contains($0) }
}
