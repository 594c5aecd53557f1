/// A column of a log whose format, not its user, gave it its name and unit.
struct NamedColumn {
    let name: String
    /// The channel that it is by the custom of this field's models, e.g. `accel_x`; nil where it is none.
    var meaning: String?
    /// As the format writes or defines it; nil where it says none.
    var unit: String?

    /// What a segmenter is told of the unit.
    func writtenUnit(line: Int?, column: Int?) -> WrittenUnit? {
        unit.map { WrittenUnit(text: $0, line: line, column: column, columnName: name) }
    }
}

/// The column of each channel: the one that is mapped, else of that name, else of that meaning. Refused: a channel without a
/// column or with several, a mapping to a column that is not there, and one of anything but a channel.
func columns(
    of input: LogInput, among columns: [NamedColumn], mapped: [String: String], file: String
) throws(LogError) -> [Int] {
    let names = columns.prefix(40).map { "\"\($0.name)\"" }.joined(separator: ", ")
    let known = "columns found: \(names)" + (columns.count > 40 ? " and \(columns.count - 40) more" : "")
    let channelNames = input.channels.map { $0.name.lowercased() }
    for key in mapped.keys.sorted() where !channelNames.contains(key.lowercased()) {
        throw LogError(.request, file: file, "no column of this format can be mapped to \(key)")
    }
    var found: [Int] = []
    var missing: [String] = []
    for channel in input.channels {
        let target = mapped.first { $0.key.lowercased() == channel.name.lowercased() }?.value
        var indices = columns.indices.filter { columns[$0].name.lowercased() == (target ?? channel.name).lowercased() }
        if indices.isEmpty, let target {
            throw LogError(.header, file: file, "no column \"\(target)\", to which \(channel.name) is mapped; \(known)")
        }
        if indices.isEmpty, let meaning = SensorName(channel.name)?.channel {
            indices = columns.indices.filter { columns[$0].meaning == meaning }
        }
        guard indices.count < 2 else {
            let both = indices.prefix(2).map { "\"\(columns[$0].name)\"" }.joined(separator: " and ")
            throw LogError(
                .header, file: file, "columns \(both) could both be \(channel.name)",
                hint: "--map \(channel.name)=COLUMN chooses one")
        }
        if let index = indices.first { found.append(index) } else { missing.append(channel.name) }
    }
    guard missing.isEmpty else {
        throw LogError(
            .header, file: file, "no column for channel \(missing.joined(separator: ", ")); \(known)",
            hint: columns.count >= input.channels.count
                ? "--map \(missing[0])=COLUMN names the column of a channel"
                : "the model takes more channels than this log has")
    }
    return found
}
