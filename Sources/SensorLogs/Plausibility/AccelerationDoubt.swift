import Glibc

/// The finding that a log's acceleration is not of the size that it should have. A sensor that is worn or carried feels gravity
/// most of the time; of a log in another unit than was believed, or in counts, the median of |a| tells which.
struct AccelerationDoubt {
    /// Medians of |a| that are believed, as shares of the expected one: of the sessions of wisdm-watch they are 0.75 to 1.9.
    private static let believed = 0.65...2.0
    /// The same of a sensor that lies still, which feels gravity alone.
    private static let resting = 0.8...1.2
    /// What metres per second squared gravity has.
    static let gravity = 9.80665

    private(set) var note: Note?
    /// The axes feel gravity, in whatever unit.
    let feelsGravity: Bool
    /// The values look like counts.
    private(set) var areCounts = false

    init(_ measured: MeasuredAxes, expected: Percentiles?, channels: [LogInput.Channel], isRaw: Bool) {
        let unit = measured.group.unit!
        let metres = unit.numerator / unit.denominator
        let name = measured.group.name(channels)
        let median = measured.median
        // A model of acceleration without gravity says so by its name, or its data does.
        let isLinear = ["lin", "user"].contains { measured.group.stem.lowercased().contains($0) }
        let usual = expected?.median ?? AccelerationDoubt.gravity / metres
        feelsGravity = median > 0 && measured.steadiness > 0.15
        guard median > 0, expected != nil || !isLinear else { return }
        let place = expected == nil ? "gravity has \(short(usual))" : "the model's data had \(short(usual))"
        let saying = "\(name): the median of |a| is \(short(median)) \(unit.name) where \(place)"
        if !AccelerationDoubt.believed.contains(usual * metres / AccelerationDoubt.gravity) {
            // The data had none: what matters is whether the log has.
            let holdsGravity =
                measured.holdsGravity
                && AccelerationDoubt.believed.contains(median * metres / AccelerationDoubt.gravity)
            if holdsGravity, !(usual / 3...usual * 3 ~= median) {
                note = .doubt("\(saying): it holds gravity, and the model's data did not")
            }
            return
        }
        if AccelerationDoubt.believed.contains(median / usual) { return }
        if isRaw {
            note = .doubt("\(saying): are the samples in the model's counts?")
            return
        }
        if measured.areSizes {
            note = .doubt("\(saying), and no axis is ever negative: \(AccelerationDoubt.sizes)")
            return
        }
        let isLow = median < usual / 2
        let withoutGravity = "acceleration without gravity, which the model needs"
        let candidates = AccelerationDoubt.candidates(measured, usual: usual, channels)
        guard let best = candidates.first else {
            note = .doubt(
                isLow && !measured.holdsGravity
                    ? "\(saying): it looks like \(withoutGravity)"
                    : "\(saying): that is gravity in no unit that is known; --unit and --scale say what the values are")
            return
        }
        guard measured.holdsGravity else {
            let isClear = isLow && measured.steadiness < 0.1
            note = .doubt("\(saying): it looks like \(withoutGravity)" + (isClear ? "" : ", or like \(best.name)"))
            return
        }
        areCounts = best.areCounts
        // Units that lie so near that the size does not tell them apart.
        let twin = candidates.dropFirst().first { abs(log($0.factor / best.factor)) < 0.1 }
        let other = twin.map { ", or like \($0.name)" } ?? ""
        note = .doubt("\(saying): it looks like \(best.name)\(other); \(best.options)")
    }

    /// What values that are never negative may be.
    static let sizes = "are they deviations or magnitudes, which are no acceleration?"

    private struct Candidate {
        let name: String
        let options: String
        /// By which what was read is multiplied to be in this unit.
        let factor: Double
        let cost: Double
        let areCounts: Bool
    }

    /// The units, and powers of two of counts to a g, in which the median would be as expected; the likeliest first.
    private static func candidates(
        _ measured: MeasuredAxes, usual: Double, _ channels: [LogInput.Channel]
    ) -> [Candidate] {
        var found: [Candidate] = []
        func consider(_ name: String, _ options: String, _ factor: Double, rarity: Double, areCounts: Bool = false) {
            let share = measured.median * factor / usual
            guard (measured.rests ? resting : believed).contains(share) else { return }
            found.append(
                Candidate(
                    name: name, options: options, factor: factor, cost: abs(log(share)) + rarity, areCounts: areCounts))
        }
        for unit in ValueUnit.all(of: .acceleration) {
            guard let factor = measured.factor(unit), factor != 1 else { continue }
            let isUsual = ["m/s^2", "g", "mg"].contains(unit.name)
            consider(
                unit.name, measured.group.options("unit", unit.name, channels), factor,
                rarity: isUsual ? 0 : measured.areWhole ? 0.25 : 0.1)
        }
        if measured.areWhole, !measured.isScaled, let g = ValueUnit.spelled("g", quantity: .acceleration),
            let factor = measured.factor(g)
        {
            for bits in 4...15 {
                let count = 1 << bits
                let options =
                    measured.group.options("scale", "1/\(count)", channels) + " "
                    + measured.group.options("unit", "g", channels)
                consider(
                    "counts of 1/\(count) g", options, factor / Double(count),
                    rarity: [5, 7, 9, 15].contains(bits) ? 0.45 : 0.12, areCounts: true)
            }
        }
        return found.sorted { $0.cost < $1.cost }
    }
}
