/// Parses rows of a CSV under its header. The row's time is as written, in the log's own unit.
struct CSVRowParser {
    let header: CSVHeader
    let file: String
    /// Nil where times are numbers.
    let timeFormat: TimeFormat?
    /// Of the dates beside the times, where they have a column of their own.
    let dateFormat: TimeFormat?
    /// Of numbers to which parts of other columns are added: the time is in seconds then.
    let wholeUnit: TimeUnit?

    enum Parsed {
        case row
        /// A row of another recording than the one that was asked for.
        case other
        /// A row without a value of a channel, as the layout marks it.
        case missing
        /// No cell of the row holds anything.
        case empty
        /// The header once more.
        case header
    }

    /// Fills values, label, session and time from the line. Refused: a cell that is not what its column holds, a missing
    /// cell, one too many, a header of other columns.
    func parse(
        _ line: Span<UInt8>, number: Int, into row: inout Row, labels: inout Labels, sessions: inout Sessions
    ) throws(LogError) -> Parsed {
        do throws(LogError) {
            return try parseCells(line, number: number, into: &row, labels: &labels, sessions: &sessions)
        } catch {
            let cells = TableLayout.cells(line.withUnsafeBufferPointer { Array($0) }, header.separator)
            if cells.allSatisfy(\.isEmpty) { return .empty }
            if cells == header.names { return .header }
            if cells.count > 1,
                Set(cells) == Set(header.names) || cells.count { header.names.contains($0) } * 2 > cells.count
            {
                throw LogError(
                    .header, file: file, line: number, "another header: the columns change here",
                    hint: "split the log before this line")
            }
            var error = error
            if error.hint == nil, error.kind == .cellCount { error.hint = "--skip-bad-rows drops and counts such rows" }
            throw error
        }
    }

    /// A comment that has the cells of a row, and a number among them.
    func isCommentedRow(_ line: Span<UInt8>) -> Bool {
        guard line.indices.contains(where: { line[$0] == UInt8(ascii: "#") }) else { return false }
        let cells = TableLayout.cells(line.withUnsafeBufferPointer { Array($0) }, header.separator)
        return cells.count > 1 && cells.count == header.names.count
            && cells.contains { header.layout.number($0) != nil }
    }

    private func parseCells(
        _ line: Span<UInt8>, number: Int, into row: inout Row, labels: inout Labels, sessions: inout Sessions
    ) throws(LogError) -> Parsed {
        let separator = header.separator
        var position = 0
        var isMissing = false
        for i in row.values.indices { row.values[i] = 0 }
        var (seconds, parts) = ((whole: 0, fraction: 0.0), 0.0)
        for column in header.roles.indices {
            if position > line.count { throw tooFew(number, column) }
            switch header.roles[column] {
            case .channel(let channel):
                row.values[channel] += try self.number(line, number, column, &position, &isMissing)
            case .time:
                if let timeFormat {
                    let read = try time(line, number, column, &position, timeFormat)
                    seconds = (seconds.whole + read.whole, read.fraction)
                } else {
                    row.time = try self.number(line, number, column, &position, &isMissing)
                }
            case .date:
                seconds.whole += try time(line, number, column, &position, dateFormat!).whole
            case .timePart(let part):
                let start = position
                let value = try self.number(line, number, column, &position, &isMissing)
                guard value >= 0, value < part.limit else { throw noPart(line, number, part, start) }
                parts += part.unit.seconds(value)
            case .label:
                let (content, end) = try text(line, number, column, position)
                guard let label = labels.index(of: line.extracting(content)) else {
                    throw fault(line, number, column, content, "a label in UTF-8, of \(Labels.byteLimit) bytes at most")
                }
                row.label = label
                position = end + 1
            case .session:
                let (content, end) = try text(line, number, column, position)
                sessions.take(line.extracting(content), column)
                position = end + 1
            case .only(let cell):
                let (content, end) = try text(line, number, column, position)
                if string(line.extracting(content)) != cell { return .other }
                position = end + 1
            case .ignored:
                position = try text(line, number, column, position).end + 1
            }
        }
        if timeFormat != nil {
            row.time = Double(seconds.whole) + (seconds.fraction + parts)
        } else if let wholeUnit {
            row.time = Double(seconds.whole) + (wholeUnit.seconds(row.time) + parts)
        }
        if separator == TableLayout.blanks { position = skipBlanks(line, from: position, separator: separator) + 1 }
        if position <= line.count {
            var count = header.roles.count
            while position <= line.count {
                count += 1
                position = (cell(line, from: position, separator: separator)?.end ?? line.count) + 1
            }
            throw LogError(
                .cellCount, file: file, line: number, column: header.roles.count + 1,
                "\(counted(count, "cell")), expected \(header.roles.count) as in the \(head)")
        }
        row.session = sessions.endRow()
        return isMissing ? .missing : .row
    }

    /// What says how many cells a row has.
    private var head: String { header.layout.headerLine == nil ? "first rows" : "header" }

    /// The number in a cell; `position` moves behind the separator after it, one past the end for the last cell.
    @inline(__always)
    private func number(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ position: inout Int, _ isMissing: inout Bool
    ) throws(LogError) -> Double {
        let separator = header.separator
        let first = skipBlanks(line, from: position, separator: separator)
        if let (value, end) = parseDecimal(line, from: first, decimalSign: header.layout.decimalSign) {
            let next = skipPadding(line, from: end, separator: separator)
            if endsCell(line, at: next, separator: separator), value.isFinite {
                position = next + 1
                return value
            }
        }
        return try unusualNumber(line, number, column, &position, &isMissing)
    }

    /// A number in quotes, or none.
    private func unusualNumber(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ position: inout Int, _ isMissing: inout Bool
    ) throws(LogError) -> Double {
        let (content, end) = try text(line, number, column, position)
        let bytes = line.extracting(content)
        let sign = header.layout.decimalSign
        guard let (value, valueEnd) = parseDecimal(bytes, from: 0, decimalSign: sign), valueEnd == bytes.count else {
            let found = string(bytes)
            if let found, header.description?.missing?.contains(found) == true {
                isMissing = true
                position = end + 1
                return 0
            }
            let other = sign == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")
            var hint: String?
            if let found, hasThousands(found) {
                hint =
                    "signs between thousands are not read: export the log without them"
                    + (header.roles[column] == .time ? "; --log-rate HZ does without times" : "")
            } else if parseDecimal(bytes, from: 0, decimalSign: other)?.end == bytes.count {
                let signs = sign == UInt8(ascii: ".") ? ("point", "comma") : ("comma", "point")
                hint = "numbers are read with a decimal \(signs.0), as most have it, not a \(signs.1)"
            } else if let found, ["nan", "na", "n/a", "null", ""].contains(found.lowercased()) {
                hint = "--skip-bad-rows drops and counts rows without a value"
            }
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

    private func noPart(_ line: Span<UInt8>, _ number: Int, _ part: TimePart, _ position: Int) -> LogError {
        let content = cell(line, from: position, separator: header.separator)?.content ?? position..<position
        let whole = header.timeColumn.map { header.names[$0] } ?? ""
        return fault(
            line, number, part.column, content,
            "a part of \"\(whole)\" below \(plain(part.limit)), as in the first rows",
            hint: "--map time=\(header.names[part.column]) or time=\(whole) chooses one of them as the time")
    }

    private func text(
        _ line: Span<UInt8>, _ number: Int, _ column: Int, _ position: Int
    ) throws(LogError) -> (content: Range<Int>, end: Int) {
        guard let found = cell(line, from: position, separator: header.separator) else {
            throw fault(line, number, column, position..<line.count, "a closing quote before the next separator")
        }
        return found
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
            "the row ends after \(counted(column, "cell")), expected \(header.roles.count) as in the \(head)")
    }
}

/// The text is a whole number with a point or comma before each three digits.
private func hasThousands(_ text: String) -> Bool { text.wholeMatch(of: /[-+]?[0-9]{1,3}([.,][0-9]{3})+/) != nil }
