/// Lines as one separator splits them.
struct Split {
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
