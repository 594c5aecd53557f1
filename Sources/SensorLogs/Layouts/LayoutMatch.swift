extension LayoutDescription {
    /// The layout of a table among those that are described: the one that was asked for, else the first that matches; nil
    /// where none does.
    static func of(_ table: TableLayout, options: ReadingOptions) throws(LogError) -> LayoutDescription? {
        if options.layout?.lowercased() == "none" { return nil }
        if let name = options.layout { return try named(name) }
        return all.first { description in description.match?.contains { description.holds($0, table) } ?? false }
    }

    private func holds(_ match: Match, _ table: TableLayout) -> Bool {
        let names = table.headerLine == nil ? [] : table.names.map { $0.lowercased() }
        if let header = match.header, !header.allSatisfy({ names.contains($0.lowercased()) }) { return false }
        if let columns = match.columns, columns != table.names.count { return false }
        if let hasHeader = match.hasHeader, hasHeader != (table.headerLine != nil) { return false }
        if let text = match.preamble, !table.preamble.contains(where: { $0.contains(text) }) { return false }
        if match.isDated == true {
            guard let cell = table.firstRows.first?.first, let text = TimeText(Array(cell.utf8).span),
                !text.date.isEmpty
            else {
                return false
            }
        }
        if leadingRows != nil, leading(table) == nil { return false }
        return match.gravity != true || feelsGravity(table)
    }

    /// What the leading rows say: each has the same number in all cells.
    func leading(_ table: TableLayout) -> (start: Double, hertz: Double)? {
        guard let leadingRows, table.firstRows.count > leadingRows.count else { return nil }
        var values: [String: Double] = [:]
        for (row, name) in zip(table.firstRows, leadingRows) {
            guard let value = row.first.flatMap({ Double($0) }), row.allSatisfy({ Double($0) == value }) else {
                return nil
            }
            values[name] = value
        }
        guard let start = values["start"], let hertz = values["rate"], start > 1e8, 1...1000 ~= hertz else {
            return nil
        }
        return (start, hertz)
    }

    /// Rows a second, where the layout or a line before the header says so.
    func hertz(_ table: TableLayout) -> Double? {
        func possible(_ hertz: Double?) -> Double? { hertz.flatMap { 1e-3...1e6 ~= $0 ? $0 : nil } }
        if let hertz = rate?.hertz { return possible(hertz) }
        guard let pattern = rate?.preamble, let expression = try? Regex(pattern) else { return nil }
        for line in table.preamble {
            if let found = try? expression.firstMatch(in: line), found.count > 1, let text = found[1].substring {
                return possible(Double(text))
            }
        }
        return nil
    }

    /// The columns of a channel, by name or number; nil where the layout says nothing of it or the table has no such columns.
    func columns(of channel: String, in table: TableLayout) -> [Int]? {
        guard let text = channels?[channel.lowercased()] ?? channels?[LayoutDescription.key(channel)] else {
            return nil
        }
        return table.columns(named: text)
    }

    /// A channel as descriptions call it.
    private static func key(_ name: String) -> String { SensorName(name)?.channel ?? name.lowercased() }

    /// The unit of a channel's column and the factor that leads to it, where the layout says one.
    func unit(ofChannel name: String) -> (text: String, scale: ValueScale?)? {
        let channel = LayoutDescription.key(name)
        guard let text = LayoutDescription.value(units, forChannel: channel) else { return nil }
        return (text, LayoutDescription.value(scales, forChannel: channel).flatMap(ValueScale.init))
    }

    /// The median magnitude of the acceleration in the first rows is between 0.7 and 1.6 g.
    private func feelsGravity(_ table: TableLayout) -> Bool {
        let axes = ["accel_x", "accel_y", "accel_z"].compactMap { columns(of: $0, in: table) }
        guard axes.count == 3, let written = unit(ofChannel: "accel_x"),
            let unit = ValueUnit.spelled(written.text, quantity: .acceleration)
        else { return false }
        let scale = written.scale.map { $0.numerator / $0.denominator } ?? 1
        let factor = scale * unit.numerator / unit.denominator / 9.80665
        let magnitudes = table.firstRows.compactMap { row -> Double? in
            var sum = 0.0
            for columns in axes {
                var value = 0.0
                for column in columns {
                    guard column < row.count, let number = table.number(row[column]) else { return nil }
                    value += number
                }
                sum += value * value
            }
            return sum.squareRoot() * factor
        }
        guard magnitudes.count > 3, let median = lowerMedian(magnitudes) else { return false }
        return 0.7...1.6 ~= median
    }
}

extension TableLayout {
    /// The number that a cell holds.
    func number(_ cell: String) -> Double? {
        let bytes = Array(cell.utf8)
        guard let (value, end) = parseDecimal(bytes.span, from: 0, decimalSign: decimalSign), end == bytes.count else {
            return nil
        }
        return value
    }

    /// The columns that `accel_x`, `5` or `gravity.x + userAcceleration.x` name; nil where one is not there or there twice.
    func columns(named text: String) -> [Int]? {
        if let whole = column(named: text) { return [whole] }
        let parts = text.split(separator: "+").map { column(named: $0.filter { $0 != " " }) }
        return parts.isEmpty || parts.contains(nil) ? nil : parts.compactMap { $0 }
    }

    private func column(named text: String) -> Int? {
        let found = names.indices.filter { names[$0].lowercased() == text.lowercased() }
        if found.count == 1 { return found[0] }
        guard found.isEmpty, let number = Int(text), 1...names.count ~= number else { return nil }
        return number - 1
    }
}
