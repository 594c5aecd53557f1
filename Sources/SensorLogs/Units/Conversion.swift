/// A log's word on the unit of a channel, and where it stands.
struct WrittenUnit: Equatable {
    let text: String
    /// Nil where it is the format that says it.
    let line: Int?
    /// Counts from 0.
    let column: Int?
    let columnName: String
    /// The factor that leads to that unit, where the log's layout has one.
    var scale: ValueScale?
}

/// A channel's way from values as a log has them to the model's unit: format.md, section 17.
struct Conversion: Equatable {
    /// As stated; (1, 1) where nothing is.
    var scale = ValueScale(numerator: 1, denominator: 1)
    /// Added before the factor and subtracted after it: temperatures only.
    var offset = 0.0
    var origin = 0.0
    var numerator = 1.0
    var denominator = 1.0

    var isIdentity: Bool { self == Conversion() }

    /// From one unit to another of its quantity. Equal factors cancel.
    init(from unit: ValueUnit, to target: ValueUnit) {
        guard unit != target else { return }
        let sharesNumerator = unit.numerator == target.numerator
        let sharesDenominator = unit.denominator == target.denominator
        (offset, origin) = (unit.offset, target.offset)
        numerator = (sharesNumerator ? 1 : unit.numerator) * (sharesDenominator ? 1 : target.denominator)
        denominator = (sharesDenominator ? 1 : unit.denominator) * (sharesNumerator ? 1 : target.numerator)
    }

    init() {}

    /// What overflows is the largest double of its sign.
    func callAsFunction(_ value: Double) -> Double {
        var value = value
        if scale.numerator != 1 || scale.denominator != 1 { value = value * scale.numerator / scale.denominator }
        if offset != 0 { value += offset }
        if numerator != 1 { value *= numerator }
        if denominator != 1 { value /= denominator }
        if origin != 0 { value -= origin }
        return min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }

    /// `· 9.80665 / 1000`, as a note says it.
    fileprivate var words: String {
        var text = ""
        if offset != 0 { text += " + \(plain(offset))" }
        if numerator != 1 { text += " · " + (numerator == .pi ? "π" : plain(numerator)) }
        if denominator != 1 { text += " / " + (denominator == .pi ? "π" : plain(denominator)) }
        if origin != 0 { text += " − \(plain(origin))" }
        return text
    }
}

/// The conversions of a log, one per channel, or none where values are taken as they stand.
struct Conversions {
    private(set) var channels: [Conversion] = []
    /// The unit in which each channel's values are taken, after a stated scale; nil where it is none of the table.
    private(set) var sources: [ValueUnit?] = []
    private(set) var notes: [Note] = []

    /// What was stated goes before what the log has written, and that before the model's unit. Refused: a unit from which
    /// no conversion leads to the channel's.
    init(_ written: [WrittenUnit?], input: LogInput, options: ReadingOptions, file: String) throws(LogError) {
        var conversions: [Conversion] = []
        var kinds: [(words: String, names: [String])] = []
        func say(_ words: String, _ name: String) {
            if let at = kinds.firstIndex(where: { $0.words == words }) {
                kinds[at].names.append(name)
            } else {
                kinds.append((words, [name]))
            }
        }
        for (i, channel) in input.channels.enumerated() {
            var conversion = Conversion()
            var source = ValueUnit.spelled(channel.unit)
            let stated = options.unit(of: channel)
            let statedScale = options.scales.value(forChannel: channel.name)
            let scale = statedScale ?? (stated == nil && i < written.count ? written[i]?.scale : nil)
            if let scale {
                let whose = statedScale == nil ? "" : ", as stated"
                say("times \(plain(scale.numerator)) / \(plain(scale.denominator))\(whose)", channel.name)
            }
            let place = stated == nil && i < written.count ? written[i] : nil
            let said = place.flatMap { Int($0.columnName) == nil ? $0.columnName : nil } ?? channel.name
            if let text = stated ?? place?.text, !ValueUnit.areEqual(text, channel.unit) {
                let target = ValueUnit.spelled(channel.unit)
                let unit = ValueUnit.spelled(text, quantity: target?.quantity)
                if channel.unit.isEmpty {
                    say("in \(text), taken as it stands: the model states no unit", said)
                } else if let unit, let target, unit.quantity == target.quantity {
                    conversion = Conversion(from: unit, to: target)
                    source = unit
                    if !conversion.isIdentity {
                        say("\(unit.name) -> \(channel.unit), v\(conversion.words)", said)
                    }
                } else {
                    throw LogError(
                        stated == nil ? .header : .request, file: file, line: place?.line,
                        column: place?.column.map { $0 + 1 }, columnName: place?.columnName,
                        "\(channel.name) is in \"\(text)\", which cannot be converted to the model's \"\(channel.unit)\"",
                        hint:
                            "--unit \(channel.name)=UNIT says what it is in, --scale \(channel.name)=1/64 turns counts into "
                            + "that unit")
                }
            }
            if let scale { conversion.scale = scale }
            conversions.append(conversion)
            sources.append(source)
        }
        notes = kinds.map { Note("\($0.names.joined(separator: ", ")): \($0.words)") }
        channels = conversions.allSatisfy(\.isIdentity) ? [] : conversions
    }
}

extension [String: ValueScale] {
    fileprivate func value(forChannel name: String) -> ValueScale? { longestKey(keys, of: name).flatMap { self[$0] } }
}

func longestKey(_ keys: some Collection<String>, of name: String) -> String? {
    keys.filter { name.lowercased().hasPrefix($0.lowercased()) }.max { $0.count < $1.count }
}

/// Refused: a unit or a scale stated for no channel or for raw samples, and a unit that is none.
func checkStatedUnits(_ options: ReadingOptions, _ input: LogInput) throws(LogError) {
    guard !options.isRaw || options.units.isEmpty && options.scales.isEmpty else {
        throw LogError(
            .request, file: "units", "raw samples are in the model's counts: no unit and no scale can be stated")
    }
    for key in (Array(options.units.keys) + Array(options.scales.keys)).sorted()
    where !input.channels.contains(where: { $0.name.lowercased().hasPrefix(key.lowercased()) }) {
        throw LogError(
            .request, file: "units", "the model has no channel that is or begins with \"\(key)\"",
            hint: "its channels: \(input.channels.map(\.name).joined(separator: ", "))")
    }
    for (key, text) in options.units.sorted(by: { $0.key < $1.key }) where ValueUnit.spelled(text) == nil {
        if input.channels.contains(where: { ValueUnit.areEqual($0.unit, text) }) { continue }
        throw LogError(
            .request, file: "units", "\"\(text)\"\(key.isEmpty ? "" : ", stated for \(key),") is no unit that is known",
            hint: "--unit accel=g, for example; known: \(ValueUnit.names.joined(separator: ", "))")
    }
    if let text = options.units[""], !input.channels.contains(where: { options.unit(of: $0) == text }) {
        throw LogError(.request, file: "units", "no channel of the model can be in \"\(text)\"")
    }
}

extension ReadingOptions {
    /// The unit that is stated for a channel; one that is stated for no channel by name is that of those whose quantity it
    /// has.
    fileprivate func unit(of channel: LogInput.Channel) -> String? {
        if let key = longestKey(units.keys.filter { !$0.isEmpty }, of: channel.name) { return units[key] }
        guard let text = units[""] else { return nil }
        let target = ValueUnit.spelled(channel.unit)
        guard let target else { return text }
        return ValueUnit.spelled(text, quantity: target.quantity)?.quantity == target.quantity ? text : nil
    }
}
