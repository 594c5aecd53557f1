extension CSVHeader {
    /// Takes the units that the line below the header gives, where it is a row of units: no channel's cell is a number, and one
    /// at least is a unit. A unit in a column's name goes first.
    mutating func takeUnits(_ line: Span<UInt8>, number: Int) -> Bool {
        var cells: [String] = []
        var position = 0
        while position <= line.count, cells.count < names.count {
            guard let (content, end) = cell(line, from: position, separator: separator) else { return false }
            let bytes = line.extracting(content)
            if case .channel = roles[cells.count], parseDecimal(bytes, from: 0)?.end == bytes.count { return false }
            guard let text = string(bytes) else { return false }
            cells.append(text)
            position = end + 1
        }
        let columns = units.indices.map { roles.firstIndex(of: .channel($0))! }
        guard cells.count == names.count, columns.contains(where: { ValueUnit.isUnit(cells[$0]) }) else { return false }
        var found = units
        for (channel, column) in columns.enumerated() where found[channel] == nil && !cells[column].isEmpty {
            found[channel] = WrittenUnit(
                text: cells[column], line: number, column: column, columnName: names[column])
        }
        setUnits(cells, found)
        return true
    }
}
