/// Parses rows of a CSV under its header. The row's time is as written, in the log's own unit.
struct CSVRowParser {
    let header: CSVHeader
    let file: String
    /// Nil where times are numbers.
    let timeFormat: TimeFormat?
    /// Of the dates beside the times, where they have a column of their own.
    let dateFormat: TimeFormat?

    /// Fills values, label and time from the line. Refused: a cell that is not what its column holds, a missing
    /// cell, one too many.
    func parse(
        _ line: Span<UInt8>, number: Int, into row: inout Row, labels: inout Labels
    ) throws(LogError) {
        let separator = header.separator
        var position = 0
        var seconds = (whole: 0, fraction: 0.0)
        for column in header.roles.indices {
            if position > line.count { throw tooFew(number, column) }
            switch header.roles[column] {
            case .channel(let channel):
                row.values[channel] = try self.number(line, number, column, &position)
            case .time:
                if let timeFormat {
                    let read = try time(line, number, column, &position, timeFormat)
                    seconds = (seconds.whole + read.whole, read.fraction)
                } else {
                    row.time = try self.number(line, number, column, &position)
                }
            case .date:
                seconds.whole += try time(line, number, column, &position, dateFormat!).whole
            case .label:
                let (content, end) = try text(line, number, column, position)
                guard let label = labels.index(of: line.extracting(content)) else {
                    throw fault(line, number, column, content, "a label in UTF-8")
                }
                row.label = label
                position = end + 1
            case .ignored:
                position = try text(line, number, column, position).end + 1
            }
        }
        if timeFormat != nil { row.time = Double(seconds.whole) + seconds.fraction }
        if position <= line.count {
            var count = header.roles.count
            while position <= line.count {
                count += 1
                position = (cell(line, from: position, separator: separator)?.end ?? line.count) + 1
            }
            throw LogError(
                .cellCount, file: file, line: number, column: header.roles.count + 1,
                "\(counted(count, "cell")), expected \(header.roles.count) as in the header")
        }
    }

    /// The number in a cell; `position` moves behind the separator after it, one past the end for the last cell.
    @inline(__always)
    private func number(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ position: inout Int
    ) throws(LogError) -> Double {
        let first = skipBlanks(line, from: position, separator: header.separator)
        if let (value, end) = parseDecimal(line, from: first) {
            let next = skipBlanks(line, from: end, separator: header.separator)
            if next == line.count || line[next] == header.separator, value.isFinite {
                position = next + 1
                return value
            }
        }
        return try unusualNumber(line, number, column, &position)
    }

    /// A number in quotes, or none.
    private func unusualNumber(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ position: inout Int
    ) throws(LogError) -> Double {
        let (content, end) = try text(line, number, column, position)
        let bytes = line.extracting(content)
        guard let (value, valueEnd) = parseDecimal(bytes, from: 0), valueEnd == bytes.count else {
            let decimalComma = header.separator != UInt8(ascii: ",") && isDecimalComma(bytes)
            var hint = decimalComma ? "numbers are read with a decimal point, not a comma" : nil
            if header.roles[column] == .time, bytes.indices.contains(where: { ":/".utf8.contains(bytes[$0]) }) {
                hint = "dates are read as \(datesRead); --log-rate HZ does without times"
            }
            throw fault(line, number, column, content, "a number", hint: hint)
        }
        guard value.isFinite else {
            throw fault(line, number, column, content, "a number within the range of a double")
        }
        position = end + 1
        return value
    }

    private func time(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ position: inout Int, _ format: TimeFormat
    ) throws(LogError) -> (whole: Int, fraction: Double) {
        let (content, end) = try text(line, number, column, position)
        guard let seconds = TimeText(line.extracting(content))?.seconds(format) else {
            throw fault(line, number, column, content, "a \(format.words), as in the first rows")
        }
        position = end + 1
        return seconds
    }

    private func text(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ position: Int
    ) throws(LogError) -> (content: Range<Int>, end: Int) {
        guard let found = cell(line, from: position, separator: header.separator) else {
            throw fault(line, number, column, position..<line.count, "a closing quote before the next separator")
        }
        return found
    }

    private func isDecimalComma(_ bytes: Span<UInt8>) -> Bool {
        guard let comma = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: ",") }) else { return false }
        return parseDecimal(bytes, from: 0)?.end == comma
            && parseDecimal(bytes, from: comma + 1)?.end == bytes.count
    }

    private func fault(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ content: Range<Int>, _ expected: String,
        hint: String? = nil
    ) -> LogError {
        let found = content.isEmpty ? "an empty cell" : shown(line.extracting(content))
        return LogError(
            .cell, file: file, line: number, column: column + 1, columnName: header.names[column],
            "found \(found), expected \(expected)", hint: hint)
    }

    private func tooFew(_ number: Int, _ column: Int) -> LogError {
        LogError(
            .cellCount, file: file, line: number, column: column + 1, columnName: header.names[column],
            "the row ends after \(counted(column, "cell")), expected \(header.roles.count) as in the header")
    }
}
