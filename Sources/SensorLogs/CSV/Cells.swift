/// The cell that begins at `start`: its content without surrounding blanks and quotes, and the index of the
/// separator or end of line that ends it; nil where a quote is not closed or text follows it. Doubled quotes
/// within quotes stay doubled.
func cell(
    _ line: Span<UInt8>, from start: Int, separator: UInt8
) -> (content: Range<Int>, end: Int)? {
    var first = skipBlanks(line, from: start, separator: separator)
    if first < line.count, line[first] == UInt8(ascii: "\"") {
        first += 1
        var last = first
        while last < line.count {
            if line[last] == UInt8(ascii: "\"") {
                guard last + 1 < line.count, line[last + 1] == UInt8(ascii: "\"") else { break }
                last += 1
            }
            last += 1
        }
        guard last < line.count else { return nil }
        let end = skipPadding(line, from: last + 1, separator: separator)
        guard endsCell(line, at: end, separator: separator) else { return nil }
        return (trimmed(line, first..<last), end)
    }
    var end = first
    while !endsCell(line, at: end, separator: separator) { end += 1 }
    return (trimmed(line, first..<end), end)
}

/// The line or the cell ends there. Where blanks separate cells a tab is one.
@inline(__always)
func endsCell(_ line: Span<UInt8>, at position: Int, separator: UInt8) -> Bool {
    position >= line.count || line[position] == separator
        || separator == TableLayout.blanks && line[position] == 0x09
}

/// The first byte of a cell's content: all blanks before it are passed over, also those that separate.
@inline(__always)
func skipBlanks(_ line: Span<UInt8>, from start: Int, separator: UInt8) -> Int {
    var position = start
    while position < line.count, line[position] == 0x20 || line[position] == 0x09,
        line[position] != separator || separator == TableLayout.blanks
    {
        position += 1
    }
    return position
}

/// The end of a cell behind its content: blanks are passed over, but none that separates.
@inline(__always)
func skipPadding(_ line: Span<UInt8>, from start: Int, separator: UInt8) -> Int {
    separator == TableLayout.blanks ? start : skipBlanks(line, from: start, separator: separator)
}

private func trimmed(_ line: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, line[first] == 0x20 || line[first] == 0x09 { range.removeFirst() }
    while let last = range.last, line[last] == 0x20 || line[last] == 0x09 { range.removeLast() }
    return range
}

/// Blank lines and lines whose first character is # hold no row, nor do those that begin with a semicolon which separates
/// nothing.
func holdsNoRow(_ line: Span<UInt8>, separator: UInt8 = UInt8(ascii: ";")) -> Bool {
    for i in line.indices where line[i] != 0x20 && line[i] != 0x09 {
        return line[i] == UInt8(ascii: "#") || line[i] == UInt8(ascii: ";") && separator != UInt8(ascii: ";")
    }
    return true
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
