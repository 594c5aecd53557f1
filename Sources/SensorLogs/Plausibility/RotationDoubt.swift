import Glibc

/// The finding that a log's angular rate is not of the size that it should have.
///
/// A sensor that turns by an angle sees gravity turn by it. So the rate goes with the scatter of the acceleration's direction:
/// R = (95th percentile of |ω|, in rad/s) / (95th percentile of |a − median a|, as a share of the median |a|, + 0.005). Of
/// wisdm-watch, ten seconds at a time, 99 of 100 lie within 1.0 … 8.6 and all within 0.5 … 13; degrees are 57 times that. Where
/// no gravity is felt, the rates that a limb reaches are the measure.
struct RotationDoubt {
    private static let believed = 0.06...16.0
    private static let usual = 3.0
    /// rad/s that 99 of 100 rows do not exceed.
    private static let limit = 35.0

    let note: Note?

    /// - Parameters:
    ///   - acceleration: of the same log, where it feels gravity.
    ///   - areCounts: it looks like counts.
    init(
        _ measured: MeasuredAxes, acceleration: MeasuredAxes?, areCounts: Bool, expected: Percentiles?,
        channels: [LogInput.Channel],
        isRaw: Bool
    ) {
        let unit = measured.group.unit!
        let radians = unit.numerator / unit.denominator
        let name = measured.group.name(channels)
        let high = percentile(95, of: measured.magnitudes) * radians
        note =
            if high == 0 {
                nil
            } else if let acceleration {
                RotationDoubt.compare(
                    high / (acceleration.scatter / acceleration.median + 0.005), measured, areCounts, channels, isRaw,
                    name)
            } else {
                RotationDoubt.limit(measured, expected, channels, isRaw)
            }
    }

    private static func compare(
        _ ratio: Double, _ measured: MeasuredAxes, _ areCounts: Bool, _ channels: [LogInput.Channel], _ isRaw: Bool,
        _ name: String
    ) -> Note? {
        if believed.contains(ratio) { return nil }
        let saying = "\(name): turns far \(ratio > usual ? "faster" : "slower") than the direction of gravity changes"
        if isRaw { return .doubt("\(saying): are the samples in the model's counts?") }
        let isCounted = measured.areWhole && !measured.isScaled && ratio > usual
        let candidates = ["rad/s", "deg/s", "mdeg/s"].compactMap { name -> (name: String, distance: Double)? in
            let unit = ValueUnit.spelled(name, quantity: .angularRate)!
            guard let factor = measured.factor(unit), factor != 1 else { return nil }
            // A sensor that gives counts of one quantity does not give thousandths of a unit of the other.
            if isCounted, areCounts, name == "mdeg/s" { return nil }
            return (name, abs(log(ratio * factor / usual)))
        }
        // Within these bounds a unit is likelier than counts, whose number to a degree cannot be known.
        if let best = candidates.min(by: { $0.distance < $1.distance }), best.distance < (isCounted ? 1.5 : 2.7) {
            return .doubt(
                "\(saying): it looks like \(best.name); \(measured.group.options("unit", best.name, channels))")
        }
        return .doubt(saying + (isCounted ? counts : unknown))
    }

    /// Where the acceleration tells nothing.
    private static func limit(
        _ measured: MeasuredAxes, _ expected: Percentiles?, _ channels: [LogInput.Channel], _ isRaw: Bool
    ) -> Note? {
        let unit = measured.group.unit!
        let radians = unit.numerator / unit.denominator
        let limit = expected.map { $0.high * 2.5 } ?? limit / radians
        let high = percentile(99, of: measured.magnitudes)
        guard high > limit else { return nil }
        let saying =
            "\(measured.group.name(channels)): one row of 100 turns by more than \(short(high)) \(unit.name)"
            + (expected.map { ", where the model's data had \(short($0.high))" } ?? "")
        if isRaw { return .doubt("\(saying): are the samples in the model's counts?") }
        let best = ["rad/s", "deg/s", "mdeg/s"].first { name in
            let factor = measured.factor(ValueUnit.spelled(name, quantity: .angularRate)!)
            return factor.map { $0 < 1 && high * $0 <= limit } ?? false
        }
        guard let best else { return .doubt(saying + unknown) }
        if best == "mdeg/s", measured.areWhole, measured.magnitudes.last! < 57_000 {
            return .doubt(saying + counts)
        }
        return .doubt(
            "\(saying): it looks like \(best); \(measured.group.options("unit", best, channels))")
    }

    private static let unknown = ": --unit and --scale say what the values are"

    private static let counts =
        ": it looks like counts; the sensor's data sheet has how many of them are 1 deg/s, which --scale and --unit say"
}
