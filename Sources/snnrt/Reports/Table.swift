/// Columns of text, as wide as they need to be; numbers to the right.
struct Table {
    enum Alignment { case left, right }
    private let headers: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ columns: [(String, Alignment)]) {
        headers = columns.map(\.0)
        alignments = columns.map(\.1)
    }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == headers.count)
        rows.append(cells)
    }

    func lines(indent: String = "  ") -> [String] {
        let all = [headers] + rows
        let widths = headers.indices.map { column in all.map { $0[column].count }.max()! }
        return all.map { cells in
            let padded = cells.enumerated().map { column, cell in
                alignments[column] == .left ? padRight(cell, widths[column]) : padLeft(cell, widths[column])
            }
            var line = indent + padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}
func padRight(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

extension BinaryInteger {
    /// 1234567 as "1,234,567".
    var grouped: String {
        var digits = String(magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }
}

/// "1 tick", "2 ticks".
func counted(_ count: some BinaryInteger, _ noun: String) -> String {
    "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
}

/// A fixed number of digits after the point, the same in every locale.
func fixed(_ value: Double, _ digits: Int) -> String {
    if value.isNaN { return "-" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * scale).rounded(.toNearestOrEven)
    guard scaled.magnitude < 9e15 else { return String(value) }
    let whole = String(Int(scaled.magnitude))
    let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
    let sign = scaled < 0 ? "-" : ""
    return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
}

/// The text without blanks around it, nor a byte order mark.
func trimmed(_ text: some StringProtocol) -> String {
    let isBlank = { (character: Character) in character.isWhitespace || character == "\u{feff}" }
    return String(String(text.drop(while: isBlank).reversed().drop(while: isBlank)).reversed())
}

func percent(_ part: Double, of whole: Double, _ digits: Int = 1) -> String {
    whole == 0 ? "-" : fixed(100 * part / whole, digits) + " %"
}
