/// The place of the cells of a text log in its lines, found by looking at the first of them: separator, decimal sign, the line
/// of the header and of a row of units. Lines that are blank or begin with # hold nothing, nor do those that begin with
/// a semicolon where another byte separates cells.
struct TableLayout {
    /// Lines looked at, so the longest preamble.
    static let lineCount = 1024
    /// Separates cells by runs of blanks and tabs.
    static let blanks = UInt8(ascii: " ")

    let separator: UInt8
    /// A point, or the comma that numbers have.
    let decimalSign: UInt8
    /// Nil where the log begins with its rows.
    private(set) var headerLine: Int?
    /// Column names without blanks and quotes, as written, or the numbers of the columns from 1.
    private(set) var names: [String]
    private(set) var unitsLine: Int?
    /// The cells of the row of units, as many as names; none where there is no such row.
    private(set) var units: [String] = []
    /// Lines before the header that hold something, comments too.
    private(set) var preamble: [String] = []
    /// The cells of the first rows.
    private(set) var firstRows: [[String]] = []
    /// The columns in which most cells are numbers.
    private(set) var isNumeric: [Bool]
    /// The last line before the rows.
    var lastHeadLine: Int { max(unitsLine ?? 0, headerLine ?? lastSkippedLine) }
    private var lastSkippedLine = 0

    /// A line that is looked at.
    private struct Line {
        let number: Int
        let bytes: [UInt8]
        var isComment: Bool { bytes.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#") }
        /// Without the signs of a comment.
        var uncommented: Line { Line(number: number, bytes: Array(bytes.drop { [0x20, 0x09, 0x23].contains($0) })) }
    }

    /// - Parameters:
    ///   - headerLine: as stated.
    ///   - isKnown: a cell is a name that columns have.
    /// Refused: a log without a line that holds something, names that are not UTF-8, a quote in them that does not close.
    init(
        _ reader: LineReader, isLive: Bool, headerLine stated: Int?, isKnown: (String) -> Bool
    ) throws(LogError) {
        let file = reader.source.name
        var lines: [Line] = []
        var number = reader.line
        reader.lookAhead { line in
            number += 1
            let bytes = line.withUnsafeBufferPointer { Array($0) }
            if bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) { lines.append(Line(number: number, bytes: bytes)) }
            let isLast =
                isLive && lines.last.map { !$0.isComment && TableLayout.statedSeparator($0.bytes) == nil } == true
            return !isLast && number < TableLayout.lineCount + (stated ?? 0)
        }
        var content = lines.filter { !$0.isComment }
        if let stated {
            guard let line = lines.first(where: { $0.number == stated }) else {
                throw LogError(
                    .header, file: file, line: stated, "holds nothing, expected the header, as stated by --header-line")
            }
            content = [line] + content.filter { $0.number > stated }
        }
        var separators = [
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"), TableLayout.blanks,
        ]
        if let first = content.first, let separator = TableLayout.statedSeparator(first.bytes) {
            separators = [separator]
            content.removeFirst()
        }
        // A first line that is too long to be looked at is refused as such.
        if number == reader.line { _ = try reader.withNextLine { _ in } }
        guard let firstLine = content.first else {
            throw LogError(.empty, file: file, "is empty, expected a header row with column names")
        }
        let samples = content.suffix(from: min(1, content.count - 1)).suffix(256)
        var best = separators.map { Split(samples.map(\.bytes), separator: $0) }.max { $0.score < $1.score }!
        if best.score == 0, separators.count > 1 {
            best = Split([], separator: TableLayout.separator(ofHeader: firstLine.bytes))
        }
        separator = best.separator
        if separator != UInt8(ascii: ";") {
            content.removeAll { $0.bytes.first == UInt8(ascii: ";") && $0.number != stated }
        }
        guard !content.isEmpty else {
            throw LogError(.empty, file: file, "is empty but for comments, expected a header row with column names")
        }
        decimalSign = best.hasDecimalCommas ? UInt8(ascii: ",") : UInt8(ascii: ".")
        isNumeric = best.isNumeric
        names = []

        let firstRow = content.firstIndex { best.isRow($0.bytes) } ?? content.count
        // Of several lines that fit, the one with the most names that are known: preambles may have cells too.
        let fitting = stated == nil ? content[..<firstRow].indices.filter { best.fits(content[$0].bytes) } : [0]
        let separator = separator
        let known = fitting.map { TableLayout.cells(content[$0].bytes, separator).count(where: isKnown) }
        var header = zip(fitting, known).max { $0.1 < $1.1 }?.0
        if header == nil, firstRow < content.count,
            let commented = lines.last(where: { $0.number < content[firstRow].number && $0.isComment })?.uncommented,
            best.fits(commented.bytes), TableLayout.cells(commented.bytes, separator).contains(where: isKnown)
        {
            // `# time_s,accel_x`: the comment above the rows is their header.
            content.insert(commented, at: firstRow)
            header = firstRow
        }
        if header == nil, firstRow > 0 || firstRow == content.count {
            // Nothing fits: the line above the rows is a header if it looks like one, with another number of cells.
            let above = max(0, min(firstRow, content.count) - 1)
            let isOne = content[above].bytes.contains { $0 == separator || $0 == UInt8(ascii: "\"") } || best.count < 2
            if firstRow == content.count { header = 0 } else if isOne { header = above }
        }
        if let header {
            headerLine = content[header].number
            let bytes = content[header].bytes
            names = try TableLayout.names(bytes.span, separator, file: file, number: headerLine!)
        }
        let last = header.map { content[$0].number } ?? (firstRow > 0 ? content[firstRow - 1].number : 0)
        lastSkippedLine = last
        preamble = lines.prefix { $0.number < (headerLine ?? content[firstRow].number) }.map {
            String(decoding: $0.bytes, as: UTF8.self)
        }
        // A separator at the end of the header, or of all rows, begins no column.
        if headerLine != nil, best.count > 0 {
            if names.count == best.count + 1, names.last == "" { names.removeLast() }
            if names.count + 1 == best.count, best.endsEmpty { names.append("") }
        }
        if headerLine == nil { names = (1...max(best.count, 1)).map { "\($0)" } }
        isNumeric = names.indices.map { $0 < best.isNumeric.count && best.isNumeric[$0] }
        if !isLive, let header {
            // A row of units, with others above it, as Shimmer's of RAW and CAL.
            for line in content[(header + 1)...].prefix(3) where unitsLine == nil && !best.isRow(line.bytes) {
                takeUnits(line)
            }
        }
        firstRows = content.filter { $0.number > lastHeadLine }.prefix(256).map {
            TableLayout.cells($0.bytes, separator)
        }
    }

    /// Takes the cells of the line below the header as units, where no column of numbers has a number in it, and one of
    /// its cells is a unit.
    private mutating func takeUnits(_ line: Line) {
        var cells = TableLayout.cells(line.bytes, separator)
        if cells.count == names.count + 1, cells.last == "" { cells.removeLast() }
        guard cells.count == names.count, !zip(cells, isNumeric).contains(where: { $1 && number($0) != nil }),
            cells.contains(where: ValueUnit.isUnit)
        else { return }
        (unitsLine, units) = (line.number, cells)
    }

    /// Names the columns of a log without a header.
    mutating func name(_ names: [String]?) {
        guard headerLine == nil, let names, names.count >= self.names.count else { return }
        self.names = Array(names.prefix(self.names.count))
    }

    /// The separator that a first line such as `sep=;` says; nil where it says none.
    private static func statedSeparator(_ bytes: [UInt8]) -> UInt8? {
        let text = String(decoding: bytes, as: UTF8.self).lowercased().filter { $0 != "\"" && $0 != " " }
        guard text.hasPrefix("sep="), let separator = text.dropFirst(4).utf8.first, text.utf8.count == 5 else {
            return nil
        }
        return separator
    }

    /// The most frequent of comma, semicolon and tab; blanks where there is none of them but blanks.
    private static func separator(ofHeader line: [UInt8]) -> UInt8 {
        var counts = (comma: 0, semicolon: 0, tab: 0, blank: 0)
        var quoted = false
        for i in line.indices {
            switch line[i] {
            case UInt8(ascii: "\""): quoted.toggle()
            case UInt8(ascii: ",") where !quoted: counts.comma += 1
            case UInt8(ascii: ";") where !quoted: counts.semicolon += 1
            case UInt8(ascii: "\t") where !quoted: counts.tab += 1
            case UInt8(ascii: " ") where !quoted: counts.blank += 1
            default: break
            }
        }
        if counts.semicolon > max(counts.comma, counts.tab) { return UInt8(ascii: ";") }
        if counts.tab > counts.comma { return UInt8(ascii: "\t") }
        return counts.comma == 0 && counts.blank > 1 ? blanks : UInt8(ascii: ",")
    }

    /// The cells of a line as text; what is not UTF-8 is replaced.
    static func cells(_ bytes: [UInt8], _ separator: UInt8) -> [String] {
        var cells: [String] = []
        forEachCell(bytes.span, separator) {
            cells.append(String(decoding: $0.withUnsafeBufferPointer { Array($0) }, as: UTF8.self))
        }
        return cells
    }

    private static func names(
        _ line: Span<UInt8>, _ separator: UInt8, file: String, number: Int
    ) throws(LogError) -> [String] {
        var names: [String] = []
        // Names that are no UTF-8 are Latin-1, as Excel writes it.
        let isUTF8 = string(line) != nil
        let end = forEachCell(line, separator) { cell in
            let latin = String(String.UnicodeScalarView(cell.indices.map { Unicode.Scalar(cell[$0]) }))
            names.append(isUTF8 ? string(cell) ?? "" : latin)
        }
        guard end == line.count else {
            throw LogError(
                .header, file: file, line: number, column: names.count + 1,
                "found \(shown(line.extracting(end..<line.count))), a quote that does not close")
        }
        return names
    }
}
