/// What a column's or a channel's name says of a sensor: `accX`, `Gyroscope x (rad/s)`, `S_TEST_Accel_WR_X_CAL`,
/// `hand_acc16_x`, `rotationRate.x`.
struct SensorName: Equatable {
    enum Axis: String, CaseIterable { case x, y, z }

    /// Nil for a bare axis.
    let quantity: ValueUnit.Quantity?
    let axis: Axis
    /// The words of the name without the axis: those of the three axes of one sensor have the same.
    let stem: [String]
    /// Not all of what an accelerometer feels: without gravity, or gravity alone.
    var isPartial: Bool { quantity == .acceleration && stem.contains(where: SensorName.partialWords.contains) }
    /// Gravity alone.
    var isGravity: Bool { stem.contains(where: SensorName.gravityWords.contains) && !stem.contains("user") }
    /// Not a sensor's values but what is computed from them.
    var isDerived: Bool { stem.contains(where: SensorName.derivedWords.contains) }
    /// Comes beside better values of the same sensor.
    var isSecondary: Bool { stem.contains(where: SensorName.secondaryWords.contains) }
    /// No more words than those of the sensor.
    var isPlain: Bool {
        SensorName.quantity(of: stem) != nil && stem.allSatisfy { SensorName.quantity(of: [$0]) != nil }
    }

    /// The channel that it is by the custom of this field's models, `accel_x`, `gyro_x`, `mag_x`; nil for a bare axis.
    var channel: String? {
        switch quantity {
        case .acceleration: "accel_\(axis.rawValue)"
        case .angularRate: "gyro_\(axis.rawValue)"
        case .magneticField: "mag_\(axis.rawValue)"
        default: nil
        }
    }

    private static let accelerationWords: Set<String> = [
        "acc", "acce", "accel", "accelero", "accelerometer", "accelerometers", "acceleration", "accelerations", "gf",
        "beschleunigung", "beschleunigungssensor", "aceleracion", "acelerometro", "accelerazione", "accelerometro",
        "aceleracao", "versnelling", "加速度", "加速度计", "加速度計",
    ]
    private static let angularRateWords: Set<String> = [
        "gyr", "gyro", "gyros", "gyroscope", "gyroscopes", "rotationrate", "angularvelocity", "angularrate", "angvel",
        "angularspeed", "omega", "gyroskop", "drehrate", "giroscopio", "giroscópio", "winkelgeschwindigkeit",
        "velocidadangular", "角速度", "陀螺仪",
    ]
    private static let magneticFieldWords: Set<String> = [
        "mag", "magn", "magnet", "magneto", "magnetometer", "magnetic",
    ]
    private static let gravityWords: Set<String> = ["gravity", "grav"]
    private static let partialWords: Set<String> = ["linear", "lin", "user", "body", "gravity", "grav", "dynamic"]
    /// Words of what is computed from a sensor's values.
    private static let derivedWords: Set<String> = [
        "std", "stdev", "sd", "var", "variance", "mean", "avg", "average", "min", "max", "median", "rms", "energy",
        "entropy",
        "bias", "offset", "jerk", "delta", "diff", "world", "earth", "global", "norm", "corr", "fft", "fitted",
        "predicted",
    ]
    /// Words of values that come beside better ones.
    private static let secondaryWords: Set<String> = [
        "uncalibrated", "uncal", "raw", "lowg", "highg", "lpf", "filtered",
    ]
    /// Words for where on a body a sensor is.
    static let places: Set<String> = [
        "hand", "wrist", "chest", "ankle", "thigh", "waist", "hip", "arm", "forearm", "shin", "foot", "head", "back",
        "pocket",
        "left", "right", "upper", "lower", "phone", "watch",
    ]

    /// Nil where the name has no axis.
    init?(_ name: String) {
        let (base, unit) = splitValueUnit(name)
        var words = SensorName.words(of: base)
        // Physics Toolbox's `gFx`, which has gravity where its `ax` has not.
        if words.count == 2, words[0] == "g", let last = words[1].last, words[1].first == "f", words[1].count == 2 {
            words = ["gf", String(last)]
        }
        // `accx`, `xacc`, `gyroz`; `ax` and `gx` as motion sensors' own drivers have them.
        if let last = words.indices.last(where: { SensorName.split(words[$0]) != nil }),
            !words.contains(where: { Axis(rawValue: $0) != nil })
        {
            let (sensor, axis) = SensorName.split(words[last])!
            words.replaceSubrange(last...last, with: [sensor, axis])
        }
        guard let at = words.lastIndex(where: { Axis(rawValue: $0) != nil }) else { return nil }
        axis = Axis(rawValue: words.remove(at: at))!
        stem = words.filter { $0 != "axis" && $0 != "achse" && $0 != "eje" && $0 != "axe" }
        // `X [mg]`: the unit tells the sensor where no word does.
        let ofUnit = unit.flatMap { ValueUnit.spelled($0, quantity: .acceleration)?.quantity }
        quantity =
            SensorName.quantity(of: stem)
            ?? (stem.isEmpty ? ofUnit : stem.contains(where: SensorName.gravityWords.contains) ? .acceleration : nil)
    }

    /// The quantity of which the words name a sensor; nil where they name none, or two.
    static func quantity(of words: [String]) -> ValueUnit.Quantity? {
        let joined = words + zip(words, words.dropFirst()).map { $0 + $1 }
        let sensors: [(quantity: ValueUnit.Quantity, words: Set<String>)] = [
            (.acceleration, accelerationWords), (.angularRate, angularRateWords), (.magneticField, magneticFieldWords),
        ]
        let found = sensors.filter { !$0.words.isDisjoint(with: joined) }.map(\.quantity)
        return found.count == 1 ? found[0] : nil
    }

    /// The sensor that a path names, by its last part or the folder's name; its words.
    static func sensor(ofPath path: String) -> (quantity: ValueUnit.Quantity, isPartial: Bool)? {
        for part in path.split(separator: "/").suffix(2).reversed() {
            let words = words(of: String(part.split(separator: ".").first ?? part))
            if let quantity = quantity(of: words) {
                return (quantity, quantity == .acceleration && words.contains(where: partialWords.contains))
            }
        }
        return nil
    }

    /// `TotalAcceleration_WR2.x` -> total, acceleration, wr, 2, x: letters and digits are words of their own, and a capital
    /// behind a small letter begins one.
    static func words(of name: String) -> [String] {
        var words: [String] = []
        var before: Character = " "
        for character in name.map(SensorName.withoutDiacritics) {
            defer { before = character }
            guard character.isLetter || character.isNumber else { continue }
            let begins =
                character.isLetter ? !before.isLetter || character.isUppercase && before.isLowercase : !before.isNumber
            if begins { words.append("") }
            words[words.count - 1] += character.lowercased()
        }
        return words
    }

    /// "a" of "á", composed or not; other characters as they are.
    private static func withoutDiacritics(_ character: Character) -> Character {
        guard !character.isASCII, let scalar = character.unicodeScalars.first else { return character }
        // "LATIN SMALL LETTER A WITH ACUTE" is the scalar's name.
        let name = (scalar.properties.name ?? "").split(separator: " ")
        guard name.count > 3, name[0] == "LATIN", name[2] == "LETTER", name[3].count == 1 else {
            return Character(scalar)
        }
        return Character(name[1] == "SMALL" ? name[3].lowercased() : String(name[3]))
    }

    /// A word that is a sensor and an axis in one.
    private static func split(_ word: String) -> (sensor: String, axis: String)? {
        let short = ["a": "acc", "g": "gyro", "w": "angularrate"]
        for (axis, sensor) in [(word.suffix(1), word.dropLast()), (word.prefix(1), word.dropFirst())]
        where Axis(rawValue: String(axis)) != nil {
            if quantity(of: [String(sensor)]) != nil { return (String(sensor), String(axis)) }
            if word.hasSuffix(axis), let sensor = short[String(sensor)] { return (sensor, String(axis)) }
        }
        return nil
    }
}
