/// Axes of an accelerometer along which the model's data felt gravity one way, and the log feels it the other way.
///
/// A device that is worn the other way round is turned by 180° about one axis, and both its sensors are: the other two axes of
/// each change their sign. A log that counts gravity the other way, as Apple's do, has the other sign in all three axes of its
/// accelerometer and in no other sensor. One axis alone is no turn.
///
/// Of wisdm-watch 3 people in 40 wore theirs so. Of ten seconds of anybody else 3 in 1000 are taken for it, of a log of
/// seven activities none; turned round, 99 in 100 of these are found.
struct TurnedAxes {
    private static let letters = ["x", "y", "z"]
    /// The signs of x, y and z after a turn about each of them.
    private static let turns = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]

    private let group: AxisGroup
    private let channels: [LogInput.Channel]
    /// What is said of the axes that have the other sign.
    private let saying: String
    /// The axes about which a turn explains what is seen.
    private let turns: [Int]
    /// So does the other sign of gravity.
    private let mayBeOpposite: Bool

    /// Nil where no axis is the other way round.
    init?(_ measured: MeasuredAxes, _ channels: [LogInput.Channel], _ profile: DataProfile) {
        (group, self.channels) = (measured.group, channels)
        let unit = measured.group.unit!
        let usual =
            profile.magnitudes[measured.group.stem]?.median
            ?? AccelerationDoubt.gravity / (unit.numerator / unit.denominator)
        // 1 where the axis feels gravity as the model's data did, −1 where it feels it the other way, 0 where that is not clear.
        let signs = measured.group.axes.indices.map { i -> Int in
            let median = measured.medians[i]
            guard let seen = profile.channels[channels[measured.group.axes[i]].name],
                seen.lowerQuarter * seen.upperQuarter > 0, abs(seen.median) > 0.2 * usual
            else { return 0 }
            let isMixed = measured.widths[i] > 0.4 * usual
            return abs(median) <= (isMixed ? 0.2 : 0.35) * usual ? 0 : median * seen.median < 0 ? -1 : 1
        }
        guard signs.contains(-1) else { return nil }
        func explains(_ pattern: [Int]) -> Bool { zip(signs, pattern).allSatisfy { $0 == 0 || $0 == $1 } }
        turns = TurnedAxes.turns.indices.filter { explains(TurnedAxes.turns[$0]) }
        mayBeOpposite = explains([-1, -1, -1])
        saying = signs.indices.filter { signs[$0] < 0 }.map { i in
            let channel = channels[measured.group.axes[i]]
            let seen = profile.channels[channel.name]!
            return
                "\(channel.name): the median is \(short(measured.medians[i])) \(channel.unit) where the model's data had "
                + "\(short(seen.median)), mostly \(short(seen.lowerQuarter)) to \(short(seen.upperQuarter))"
        }.joined(separator: "; ")
    }

    /// It names options only where one explanation is left.
    func note(_ conversions: [Conversion], isRaw: Bool) -> Note {
        let name = group.name(channels)
        let options = isRaw ? nil : options(conversions)
        if let turn = turns.first, turns.count == 1, !mayBeOpposite {
            return .doubt(
                "\(saying): is the device worn the other way round, turned by 180° about \(TurnedAxes.letters[turn])?"
                    + (options.map { " \($0) turns both sensors back" } ?? ""))
        }
        let opposite = "gravity counted the other way on all axes of \(name), as Apple does"
        guard !turns.isEmpty else {
            guard mayBeOpposite else {
                return .doubt("\(saying): no turn of the device does this: are its axes named otherwise?")
            }
            return .doubt("\(saying): is \(opposite)?" + (options.map { " \($0) turns it" } ?? ""))
        }
        let pairs = turns.map { turn in
            (0..<3).filter { $0 != turn }.map { TurnedAxes.letters[$0] }.joined(separator: " and ")
        }
        return .doubt(
            "\(saying): is the device worn the other way round? Then two axes of both sensors have the other sign, "
                + pairs.joined(separator: ", or ") + (mayBeOpposite ? "; or is \(opposite)?" : ""))
    }

    /// The signs of all the axes that are to be turned back; nil where it is not clear which those are, or one has a scale.
    private func options(_ conversions: [Conversion]) -> String? {
        let groups = AxisGroup.all(of: channels).filter { [.acceleration, .angularRate].contains($0.unit?.quantity) }
        let others = groups.filter { $0 != group }
        guard others.count <= 1, others.allSatisfy({ $0.unit?.quantity == .angularRate }),
            groups.allSatisfy({
                $0.axes.allSatisfy { conversions[$0].scale == ValueScale(numerator: 1, denominator: 1) }
            })
        else { return nil }
        guard let turn = turns.first else { return group.options("scale", "-1", channels) }
        return ([group] + others).flatMap { sensor in
            (0..<3).filter { $0 != turn }.map { "--scale \(channels[sensor.axes[$0]].name)=-1" }
        }.joined(separator: " ")
    }
}
