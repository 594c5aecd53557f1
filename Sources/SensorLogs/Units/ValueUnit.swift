/// A unit of sensor values. A value v in it is (v + offset) · numerator / denominator in its quantity's base unit.
struct ValueUnit: Equatable {
    enum Quantity: Equatable { case acceleration, angularRate, angle, temperature, magneticField, pressure }

    /// As messages and format.md write it.
    let name: String
    let quantity: Quantity
    let numerator: Double
    let denominator: Double
    let offset: Double

    private init(
        _ name: String, _ quantity: Quantity, _ numerator: Double, _ denominator: Double, plus offset: Double = 0
    ) {
        (self.name, self.quantity, self.numerator, self.denominator) = (name, quantity, numerator, denominator)
        self.offset = offset
    }

    /// format.md, section 17, has this table. A spelling that two units share is told apart by the channel.
    private static let all: [(unit: ValueUnit, spellings: [String])] = [
        (
            ValueUnit("m/s^2", .acceleration, 1, 1),
            ["m/s2", "m.s-2", "m.s^-2", "m/s/s", "ms^-2", "ms-2", "mps2", "mps^2", "mss", "ms2"]
        ),
        (ValueUnit("cm/s^2", .acceleration, 1, 100), ["cm/s2", "cm/s/s"]),
        (ValueUnit("mm/s^2", .acceleration, 1, 1000), ["mm/s2", "mm/s/s"]),
        (ValueUnit("g", .acceleration, 9.80665, 1), ["gs", "gn", "g0", "g-force", "gforce"]),
        (ValueUnit("mg", .acceleration, 9.80665, 1000), ["milli-g", "millig"]),
        (ValueUnit("ug", .acceleration, 9.80665, 1_000_000), ["micro-g", "microg"]),
        (ValueUnit("rad/s", .angularRate, 1, 1), ["rads^-1", "rads-1", "rads", "rad.s^-1", "rad.s-1"]),
        (ValueUnit("mrad/s", .angularRate, 1, 1000), ["mrads"]),
        (
            ValueUnit("deg/s", .angularRate, .pi, 180),
            ["°/s", "dps", "d/s", "degs", "degs^-1", "degs-1", "deg.s-1", "deg.s^-1", "°s^-1"]
        ),
        (ValueUnit("mdeg/s", .angularRate, .pi, 180_000), ["m°/s", "mdps", "milli-dps", "millidps"]),
        (ValueUnit("rad", .angle, 1, 1), []),
        (ValueUnit("mrad", .angle, 1, 1000), []),
        (ValueUnit("deg", .angle, .pi, 180), ["°"]),
        (ValueUnit("K", .temperature, 1, 1), ["kelvin", "degk", "°k"]),
        (ValueUnit("degC", .temperature, 1, 1, plus: 273.15), ["°c", "c", "celsius", "℃"]),
        (ValueUnit("degF", .temperature, 5, 9, plus: 459.67), ["°f", "f", "fahrenheit"]),
        (ValueUnit("T", .magneticField, 1, 1), ["tesla"]),
        (ValueUnit("mT", .magneticField, 1, 1000), ["millitesla"]),
        (ValueUnit("uT", .magneticField, 1, 1_000_000), ["microtesla"]),
        (ValueUnit("nT", .magneticField, 1, 1_000_000_000), ["nanotesla"]),
        (ValueUnit("gauss", .magneticField, 1, 10_000), ["g", "gs"]),
        (ValueUnit("mgauss", .magneticField, 1, 10_000_000), ["mg"]),
        (ValueUnit("Pa", .pressure, 1, 1), ["pascal"]),
        (ValueUnit("hPa", .pressure, 100, 1), ["mbar", "mb"]),
        (ValueUnit("kPa", .pressure, 1000, 1), []),
        (ValueUnit("bar", .pressure, 100_000, 1), []),
        (ValueUnit("atm", .pressure, 101_325, 1), []),
    ]

    /// The units that a normalized text spells.
    private static let bySpelling: [String: [ValueUnit]] = {
        var units: [String: [ValueUnit]] = [:]
        for (unit, spellings) in all {
            for spelling in Set([normalized(unit.name)] + spellings) { units[spelling, default: []].append(unit) }
        }
        return units
    }()

    /// What a unit's text may be that no conversion leads from.
    private static let counts: Set<String> = [
        "lsb", "count", "counts", "raw", "adc", "digit", "digits", "tick", "ticks", "a.u.", "au", "v", "mv", "uv", "%",
    ]

    /// The unit that the text spells; of two, the one of that quantity.
    static func spelled(_ text: String, quantity: Quantity? = nil) -> ValueUnit? {
        let found = bySpelling[normalized(text)] ?? []
        return found.first { $0.quantity == quantity } ?? found.first
    }

    /// The text is a unit, though perhaps of no quantity.
    static func isUnit(_ text: String) -> Bool { spelled(text) != nil || counts.contains(normalized(text)) }

    /// Two texts say the same unit.
    static func areEqual(_ one: String, _ other: String) -> Bool { normalized(one) == normalized(other) }

    static func all(of quantity: Quantity) -> [ValueUnit] { all.map(\.unit).filter { $0.quantity == quantity } }

    static let names = all.map(\.unit.name)

    /// Case, blanks, brackets and the ways to write a square, a micro and a second do not matter.
    private static func normalized(_ text: String) -> String {
        var text = text.lowercased().filter { !" \t()[]\"'·".contains($0) }
        for (written, meant) in [
            ("**", "^"), ("*", ""), ("²", "^2"), ("⁻¹", "^-1"), ("⁻^2", "^-2"), ("µ", "u"), ("μ", "u"), ("º", "°"),
            ("degrees", "deg"), ("degree", "deg"), ("radians", "rad"), ("radian", "rad"), ("seconds", "s"),
            ("second", "s"), ("sec", "s"), ("per", "/"), ("meters", "m"), ("meter", "m"), ("metres", "m"),
            ("metre", "m"),
        ] { text = text.replacing(written, with: meant) }
        return text
    }
}

/// A column's name without the unit at its end: `accX[mg]`, `Acceleration x (m/s^2)`, `accel_x_mg`. A unit behind an
/// underscore is one only where it has the quantity that the channel has.
func splitValueUnit(_ name: String, quantity: ValueUnit.Quantity? = nil) -> (base: String, unit: String?) {
    let characters = Array(name)
    // Longer than any name of a column: looking for units in it takes time and finds none.
    guard characters.count <= 256 else { return (name, nil) }
    if let last = characters.last, let opening: Character = [")": "(", "]": "["][last] {
        var depth = 0
        for i in characters.indices.reversed() {
            if characters[i] == last { depth += 1 }
            if characters[i] == opening { depth -= 1 }
            guard depth == 0 else { continue }
            let text = String(characters[(i + 1)..<(characters.count - 1)])
            var base = String(characters[..<i])
            while base.last == " " || base.last == "_" { base.removeLast() }
            return text.isEmpty || base.isEmpty || ["x", "y", "z"].contains(text.lowercased())
                ? (name, nil) : (base, text)
        }
    }
    // `Acc (g) X`: a unit in brackets within the name.
    if let open = characters.firstIndex(where: { "([".contains($0) }),
        let close = characters[open...].firstIndex(of: characters[open] == "(" ? ")" : "]"),
        close + 1 < characters.count
    {
        let text = String(characters[(open + 1)..<close])
        if ValueUnit.isUnit(text) {
            return (String(characters[..<open] + characters[(close + 1)...]), text)
        }
    }
    for i in characters.indices where quantity != nil && i > 0 && characters[i] == "_" {
        let text = String(characters[(i + 1)...]).replacing("_", with: "/")
        if let unit = ValueUnit.spelled(text, quantity: quantity), unit.quantity == quantity {
            return (String(characters[..<i]), text)
        }
    }
    return (name, nil)
}
