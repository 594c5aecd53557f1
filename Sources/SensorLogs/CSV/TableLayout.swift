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
    /// There are rows.
    var hasRows: Bool { !firstRows.isEmpty }

    /// The last line before the rows.
    var lastHeadLine: Int { max(unitsLine ?? 0, headerLine ?? lastSkippedLine) }
    private var lastSkippedLine = 0

    /// A line that is looked at.
    private struct Line {
        let number: Int
        let bytes: [UInt8]
        var isComment: Bool { bytes.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#") }
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
        var separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), TableLayout.blanks]
        if let first = content.first, let separator = TableLayout.statedSeparator(first.bytes) {
            separators = [separator]
            content.removeFirst()
        }
        // A first line that is too long to be looked at is refused as such.
        if lines.isEmpty { while try reader.withNextLine({ _ in }) != nil {} }
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
        decimalSign = best.hasDecimalCommas ? UInt8(ascii: ",") : UInt8(ascii: ".")
        isNumeric = best.isNumeric
        names = []

        let firstRow = content.firstIndex { best.isRow($0.bytes) } ?? content.count
        // Of several lines that fit, the one with the most names that are known: preambles may have cells too.
        let fitting = stated == nil ? content[..<firstRow].indices.filter { best.fits(content[$0].bytes) } : [0]
        let separator = separator
        let known = fitting.map { TableLayout.cells(content[$0].bytes, separator).count(where: isKnown) }
        var header = zip(fitting, known).max { $0.1 < $1.1 }?.0
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
        if !isLive, let header, header + 1 < content.count { takeUnits(content[header + 1]) }
        firstRows = content.filter { $0.number > lastHeadLine }.prefix(256).map {
            TableLayout.cells($0.bytes, separator)
        }
    }

    /// Takes the cells of the line below the header as units, where no column of numbers has a number in it, and one of
    /// its cells is a unit.
    private mutating func takeUnits(_ line: Line) {
        var cells = TableLayout.cells(line.bytes, separator)
        if cells.count == names.count + 1, cells.last == "" { cells.removeLast() }
        guard cells.count == names.count, !zip(cells, isNumeric).contains(where: { $1 && isNumber($0) }),
            cells.contains(where: ValueUnit.isUnit)
        else { return }
        (unitsLine, units) = (line.number, cells)
    }

    /// Names the columns of a log without a header.
    mutating func name(_ names: [String]?) {
        guard headerLine == nil, let names, names.count >= self.names.count else { return }
        self.names = Array(names.prefix(self.names.count))
    }

    private func isNumber(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return parseDecimal(bytes.span, from: 0, decimalSign: decimalSign)?.end == bytes.count
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
        guard string(line) != nil else {
            throw LogError(
                .notText, file: file, line: number, "the header is not UTF-8 text", hint: "save the log as UTF-8")
        }
        var names: [String] = []
        let end = forEachCell(line, separator) { names.append(string($0) ?? "") }
        guard end == line.count else {
            throw LogError(
                .header, file: file, line: number, column: names.count + 1,
                "found \(shown(line.extracting(end..<line.count))), a quote that does not close")
        }
        return names
    }
}

/// Calls `body` with each cell of a line. The index at which it ended: the line's end, or a quote that does not close.
@discardableResult
func forEachCell(_ line: Span<UInt8>, _ separator: UInt8, _ body: (Span<UInt8>) -> Void) -> Int {
    var position = 0
    while true {
        if separator == TableLayout.blanks, skipBlanks(line, from: position, separator: separator) == line.count {
            return line.count
        }
        guard let (content, end) = cell(line, from: position, separator: separator) else { return position }
        body(line.extracting(content))
        if end == line.count { return end }
        position = end + 1
    }
}

/// Lines as one separator splits them.
private struct Split {
    let separator: UInt8
    /// The cells of most lines that hold a number.
    private(set) var count = 0
    /// Numbers in the lines of that many cells.
    private(set) var score = 0
    private(set) var hasDecimalCommas = false
    /// The last cell of every such line is empty.
    private(set) var endsEmpty = true
    private(set) var isNumeric: [Bool] = []

    init(_ lines: [[UInt8]], separator: UInt8) {
        self.separator = separator
        var numbers: [Int: Int] = [:]
        var commas = 0
        var points = 0
        let cells = lines.map { Split.kinds($0, separator) }
        for line in cells { numbers[line.count, default: 0] += line.count { $0.isNumber } }
        guard let most = numbers.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return }
        (count, score) = most
        var counts = [Int](repeating: 0, count: count)
        var lineCount = 0
        for line in cells where line.count == count && line.contains(where: { $0.isNumber }) {
            lineCount += 1
            for (column, cell) in line.enumerated() {
                if cell.isNumber { counts[column] += 1 }
                if cell == .comma { commas += 1 }
                if cell == .point { points += 1 }
            }
            if line.last != .empty { endsEmpty = false }
        }
        hasDecimalCommas = commas > points
        isNumeric = counts.map { $0 > 0 && $0 * 2 >= lineCount }
    }

    enum Kind {
        case empty, text, missing, whole, point, comma
        var isNumber: Bool { self == .whole || self == .point || self == .comma }
    }

    private static func kinds(_ bytes: [UInt8], _ separator: UInt8) -> [Kind] {
        var kinds: [Kind] = []
        let end = forEachCell(bytes.span, separator) { kinds.append(kind($0, separator)) }
        return end == bytes.count ? kinds : []
    }

    private static func kind(_ bytes: Span<UInt8>, _ separator: UInt8) -> Kind {
        if bytes.isEmpty { return .empty }
        if parseDecimal(bytes, from: 0)?.end == bytes.count {
            return bytes.indices.contains { bytes[$0] == UInt8(ascii: ".") } ? .point : .whole
        }
        let comma = UInt8(ascii: ",")
        if separator != comma, parseDecimal(bytes, from: 0, decimalSign: comma)?.end == bytes.count { return .comma }
        return isMissing(bytes) ? .missing : .text
    }

    /// The cell stands for a number that is not there.
    private static func isMissing(_ bytes: Span<UInt8>) -> Bool {
        bytes.count < 5 && ["nan", "na", "n/a", "null", "inf", "-inf"].contains(string(bytes)?.lowercased())
    }

    private func numbersWhereExpected(_ bytes: [UInt8]) -> (found: Int, expected: Int)? {
        let kinds = Split.kinds(bytes, separator)
        guard
            kinds.count == count || kinds.count == count + 1 && kinds.last == .empty
                || kinds.count + 1 == count && endsEmpty
        else { return nil }
        let expected = isNumeric.indices.filter { isNumeric[$0] }
        return (expected.count { $0 < kinds.count && (kinds[$0].isNumber || kinds[$0] == .missing) }, expected.count)
    }

    /// The line has the cells of a row, and numbers where rows have them.
    func isRow(_ bytes: [UInt8]) -> Bool {
        guard let numbers = numbersWhereExpected(bytes) else { return false }
        return numbers.found * 2 > numbers.expected
    }

    /// The line has the cells of a row, and no numbers where rows have them.
    func fits(_ bytes: [UInt8]) -> Bool {
        numbersWhereExpected(bytes).map { $0.found == 0 && $0.expected > 0 } ?? false
    }
}
