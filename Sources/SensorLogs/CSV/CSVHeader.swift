/// The header row of a CSV log: which column is which.
struct CSVHeader {
    enum Role: Equatable {
        case ignored
        /// Index of the model's channel.
        case channel(Int)
        case time
        /// The date, where times are those of a clock.
        case date
        case label
    }

    let separator: UInt8
    /// Column names without blanks and quotes, as written.
    let names: [String]
    /// The role of each column.
    private(set) var roles: [Role]
    /// Columns whose names could be a time column's; the one that was mapped, where one was.
    let timeCandidates: [Int]
    let isTimeMapped: Bool
    /// The units of the channels, by their columns' names or a row of units.
    private(set) var units: [WrittenUnit?]
    /// The cells of a row of units; none where there is no such row.
    private var unitTexts: [String] = []

    var timeColumn: Int? { roles.firstIndex(of: .time) }

    /// Refused: text that is not UTF-8, a channel without a column, a name that two columns have where one of them
    /// is needed, a mapping to a column that is not there.
    init(
        _ line: Span<UInt8>, number: Int, file: String, input: LogInput, columns: [String: String]
    ) throws(LogError) {
        func refuse(_ message: String, hint: String? = nil) -> LogError {
            LogError(.header, file: file, line: number, message, hint: hint)
        }
        guard string(line) != nil else {
            throw LogError(
                .notText, file: file, line: number, "the header is not UTF-8 text",
                hint: "save the log as UTF-8")
        }
        let separator = CSVHeader.separator(of: line)
        let names = try CSVHeader.names(line, separator: separator, file: file, number: number)
        let lowered = names.map { $0.lowercased() }
        var roles = [Role](repeating: .ignored, count: names.count)

        /// The one column of that name; nil if there is none.
        func column(_ name: String) throws(LogError) -> Int? {
            let found = lowered.indices.filter { lowered[$0] == name.lowercased() }
            guard found.count < 2 else {
                throw refuse("columns \(found[0] + 1) and \(found[1] + 1) are both named \"\(names[found[1]])\"")
            }
            return found.first
        }
        /// The one column whose name without its unit is that.
        func columnWithUnit(_ channel: LogInput.Channel) throws(LogError) -> Int? {
            let quantity = ValueUnit.spelled(channel.unit)?.quantity
            let found = names.indices.filter {
                let (base, unit) = splitValueUnit(names[$0], quantity: quantity)
                return base.lowercased() == channel.name.lowercased() && unit.map(ValueUnit.isUnit) == true
            }
            guard found.count < 2 else {
                throw refuse(
                    "columns \(found[0] + 1) and \(found[1] + 1), \"\(names[found[0]])\" and \"\(names[found[1]])\", could "
                        + "both be \(channel.name)", hint: "--map \(channel.name)=COLUMN chooses one")
            }
            return found.first
        }
        let listed = names.prefix(20).map { shown(Array($0.utf8).span) }.joined(separator: ", ")
        let found = "columns found: " + listed + (names.count > 20 ? " and \(names.count - 20) more" : "")
        func mapped(_ key: String, as role: Role) throws(LogError) -> Bool {
            guard let target = columns.first(where: { $0.key.lowercased() == key.lowercased() })?.value
            else { return false }
            guard let index = try column(target) else {
                throw refuse("no column \"\(target)\", to which \(key) is mapped; \(found)")
            }
            guard roles[index] == .ignored else {
                throw refuse("column \(index + 1) (\(names[index])) is asked for twice, the second time as \(key)")
            }
            roles[index] = role
            return true
        }

        let channelNames = input.channels.map { $0.name.lowercased() }
        var missing: [String] = []
        for (i, channel) in input.channels.enumerated() where try !mapped(channel.name, as: .channel(i)) {
            var index = try column(channel.name)
            if index == nil { index = try columnWithUnit(channel) }
            if let index, roles[index] == .ignored {
                roles[index] = .channel(i)
            } else {
                missing.append(channel.name)
            }
        }
        if !missing.isEmpty {
            let numeric = names.allSatisfy { name in
                let bytes = Array(name.utf8)
                return parseDecimal(bytes.span, from: 0)?.end == bytes.count
            }
            throw refuse(
                "no column for channel \(missing.joined(separator: ", ")); \(found)",
                hint: numeric
                    ? "a header row with column names must come first"
                    : roles.count { $0 == .ignored } >= missing.count
                        ? "--map \(missing[0])=COLUMN names the column of a channel"
                        : "the first line that is not blank and does not begin with # is the header; commas, semicolons or tabs "
                            + "separate its cells")
        }

        isTimeMapped = channelNames.contains("time") ? false : try mapped("time", as: .time)
        timeCandidates =
            isTimeMapped
            ? [roles.firstIndex(of: .time)!]
            : names.indices.filter { roles[$0] == .ignored && couldBeTime(names[$0]) }

        let takesLabel = channelNames.contains("label") ? true : try mapped("label", as: .label)
        if !takesLabel, let index = try column("label"), roles[index] == .ignored { roles[index] = .label }

        self.separator = separator
        self.names = names
        self.roles = roles
        units = input.channels.indices.map { channel in
            let column = roles.firstIndex(of: .channel(channel))!
            let model = input.channels[channel]
            // The model's own name says nothing of the log.
            guard names[column].lowercased() != model.name.lowercased() else { return nil }
            let unit = splitValueUnit(names[column], quantity: ValueUnit.spelled(model.unit)?.quantity).unit
            return unit.map { WrittenUnit(text: $0, line: number, column: column, columnName: names[column]) }
        }
    }

    /// What a row of units says, of each column and of each channel's.
    mutating func setUnits(_ texts: [String], _ units: [WrittenUnit?]) {
        unitTexts = texts
        self.units = units
    }

    mutating func takeTime(_ column: Int, date: Int?) {
        roles[column] = .time
        if let date { roles[date] = .date }
    }

    /// The unit that the time column's name, or a row of units, says.
    var timeUnit: TimeUnit? {
        timeColumn.flatMap { column in
            splitTimeUnit(names[column]).unit ?? (unitTexts.isEmpty ? nil : TimeUnit(spelled: unitTexts[column]))
        }
    }

    /// The most frequent of comma, semicolon and tab; comma where there is none.
    private static func separator(of line: Span<UInt8>) -> UInt8 {
        var counts = (comma: 0, semicolon: 0, tab: 0)
        var quoted = false
        for i in line.indices {
            switch line[i] {
            case UInt8(ascii: "\""): quoted.toggle()
            case UInt8(ascii: ",") where !quoted: counts.comma += 1
            case UInt8(ascii: ";") where !quoted: counts.semicolon += 1
            case UInt8(ascii: "\t") where !quoted: counts.tab += 1
            default: break
            }
        }
        if counts.semicolon > max(counts.comma, counts.tab) { return UInt8(ascii: ";") }
        return counts.tab > counts.comma ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    }

    private static func names(
        _ line: Span<UInt8>, separator: UInt8, file: String, number: Int
    ) throws(LogError) -> [String] {
        var names: [String] = []
        var position = 0
        while true {
            guard let (content, end) = cell(line, from: position, separator: separator) else {
                throw LogError(
                    .header, file: file, line: number, column: names.count + 1,
                    "found \(shown(line.extracting(position..<line.count))), a quote that does not close")
            }
            names.append(string(line.extracting(content)) ?? "")
            if end == line.count { return names }
            position = end + 1
        }
    }
}
