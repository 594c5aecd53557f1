/// Findings on single channels, and on the axes of a sensor one by one.
struct ChannelDoubts {
    let sample: RowSample
    let conversions: [Conversion]
    let sources: [ValueUnit?]
    let channels: [LogInput.Channel]
    let profile: DataProfile
    let isRaw: Bool

    /// The channel is a motion sensor's, which always has some noise.
    static func neverRests(_ channel: LogInput.Channel) -> Bool {
        [.acceleration, .angularRate, .magneticField].contains(ValueUnit.spelled(channel.unit)?.quantity)
    }

    /// Channels of a motion sensor that never change, in one line.
    func dead() -> Note? {
        let dead = sample.constant.filter {
            let seen = profile.channels[channels[$0].name]
            return ChannelDoubts.neverRests(channels[$0]) && !(seen.map { $0.low == $0.high } ?? false)
        }
        guard !dead.isEmpty else { return nil }
        let values = dead.map { conversions[$0](sample.column($0)[0]) }.map { $0 == 0 ? "0" : short($0) }
        let isOne = Set(values).count == 1
        return .doubt(
            "\(dead.map { channels[$0].name }.joined(separator: ", ")): \(isOne ? values[0] : values.joined(separator: ", ")) in "
                + "every one of \(sample.rowCount) rows: is the sensor dead, or the column another's?")
    }

    /// A channel by itself, far from where the model's data had it.
    func far(_ channel: Int) -> Note? {
        guard let seen = profile.channels[channels[channel].name] else { return nil }
        let written = percentile(50, of: sample.column(channel).sorted())
        let median = conversions[channel](written)
        let width = max(seen.high - seen.low, abs(seen.median) * 0.05)
        let believed = seen.low - width...seen.high + width
        if believed.contains(median) { return nil }
        let unit = channels[channel].unit
        let saying =
            "\(channels[channel].name): the median is \(short(median)) \(unit) where the model's data had \(short(seen.median)), "
            + "\(short(seen.low)) to \(short(seen.high))"
        guard !isRaw, let target = ValueUnit.spelled(unit) else { return .doubt(saying) }
        let scale = conversions[channel].scale
        let fitting = ValueUnit.all(of: target.quantity).filter { candidate in
            var conversion = Conversion(from: candidate, to: target)
            conversion.scale = scale
            return candidate != sources[channel] && believed.contains(conversion(written))
        }
        guard let best = fitting.first else { return .doubt("\(saying): is it in \(unit)?") }
        let others = fitting.dropFirst().first.map { " or \($0.name)" } ?? ""
        return .doubt("\(saying): it looks like \(best.name)\(others); --unit \(channels[channel].name)=\(best.name)")
    }
}
