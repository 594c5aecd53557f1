/// The first rows of a CSV log, as far as its time could be in them. None of them is taken.
struct TimeLook {
    /// The rows looked at; more where no candidate has shown `stampCount` times by then.
    static let rowCount = 256
    private static let stampCount = 4
    private static let mostRows = 1 << 14
    /// Columns beyond these are not looked at.
    private static let mostColumns = 16

    private(set) var candidates: [TimeCandidate] = []
    private(set) var rowCount = 0
    /// The line of the first row.
    private(set) var line = 0
    /// The candidates' cells in the first row, as messages show them.
    private(set) var shownCells: [String] = []

    /// - Parameter preamble: the lines before the header, in which a format of dates may stand.
    init(
        _ reader: LineReader, _ header: CSVHeader, rowCount wanted: Int, preamble: [String], options: ReadingOptions
    ) {
        // Where no name is a time's, a column of dates or clocks is one all the same.
        let isNamed = !header.timeCandidates.isEmpty
        let possible = isNamed ? header.timeCandidates : header.roles.indices.filter { header.roles[$0] == .ignored }
        let columns = Array(possible.prefix(TimeLook.mostColumns))
        var cells: [[TimeCandidate.Cell]] = columns.map { _ in [] }
        var last: [[UInt8]] = columns.map { _ in [] }
        var changes = columns.map { _ in 0 }
        var shown = columns.map { _ in "an empty cell" }
        var (rows, line, firstLine) = (0, reader.line, 0)
        reader.lookAhead { bytes in
            line += 1
            if holdsNoRow(bytes, separator: header.separator) { return true }
            if !isOfRecording(bytes, header) { return true }
            if rows == 0 { firstLine = line }
            for i in columns.indices { cells[i].append(.other) }
            var position = 0
            for column in header.names.indices where position <= bytes.count {
                guard let (content, end) = SensorLogs.cell(bytes, from: position, separator: header.separator) else {
                    break
                }
                position = end + 1
                guard let i = columns.firstIndex(of: column) else { continue }
                let text = bytes.extracting(content)
                cells[i][rows] = TimeLook.cell(text, header.layout.decimalSign, mayBeClock: options.timeUnit == nil)
                if rows == 0, !text.isEmpty { shown[i] = SensorLogs.shown(text) }
                let written = text.withUnsafeBufferPointer { Array($0) }
                if written != last[i] {
                    changes[i] += 1
                    last[i] = written
                }
            }
            rows += 1
            if rows < wanted { return true }
            return wanted > 1 && isNamed && changes.max()! < TimeLook.stampCount && rows < TimeLook.mostRows
        }
        (rowCount, self.line) = (rows, firstLine)
        let inPreamble = preamble.lazy.compactMap(TimePattern.init).first
        let found = columns.indices.map { i in
            TimeCandidate(
                column: columns[i], cells[i], shown: shown[i], stated: options.timePattern,
                written: TimePattern(header.names[columns[i]]) ?? inPreamble)
        }
        let kept = found.indices.filter { isNamed || found[$0].format != nil }
        candidates = kept.map { found[$0] }
        shownCells = kept.map { shown[$0] }
    }

    private static func cell(_ bytes: Span<UInt8>, _ decimalSign: UInt8, mayBeClock: Bool) -> TimeCandidate.Cell {
        let text = TimeText(bytes)
        guard let (value, end) = parseDecimal(bytes, from: 0, decimalSign: decimalSign), end == bytes.count,
            value.isFinite
        else {
            return text.map { .text($0) } ?? .other
        }
        let isDate = text?.seconds(TimeFormat(order: .yearFirst)) != nil
        let isClock = mayBeClock && text?.seconds(TimeFormat(order: nil)) != nil
        return .number(value, compact: isDate || isClock ? text : nil)
    }
}

/// The row's cells are those that the columns with an `only` role ask for.
private func isOfRecording(_ line: Span<UInt8>, _ header: CSVHeader) -> Bool {
    guard header.roles.contains(where: { if case .only = $0 { true } else { false } }) else { return true }
    var (column, isOf) = (0, true)
    forEachCell(line, header.separator) { cell in
        if column < header.roles.count, case .only(let wanted) = header.roles[column], string(cell) != wanted {
            isOf = false
        }
        column += 1
    }
    return isOf
}
