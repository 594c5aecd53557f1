/// Three channels of a model that are the axes of one sensor: names that differ in x, y and z at the end, and one unit.
struct AxisGroup: Equatable {
    /// What the names have in common, e.g. `accel` of `accel_x`; it may be empty.
    let stem: String
    /// The places of x, y and z among the channels.
    let axes: [Int]
    /// Nil where the unit is none of the table.
    let unit: ValueUnit?

    static func all(of channels: [LogInput.Channel]) -> [AxisGroup] {
        let names = channels.map { $0.name.lowercased() }
        let places = Dictionary(zip(names, names.indices)) { first, _ in first }
        return channels.indices.compactMap { x in
            guard names[x].hasSuffix("x"), let y = places[names[x].dropLast() + "y"],
                let z = places[names[x].dropLast() + "z"],
                [y, z].allSatisfy({ channels[$0].unit == channels[x].unit })
            else { return nil }
            var stem = channels[x].name.dropLast()
            while let last = stem.last, " _-.".contains(last) { stem.removeLast() }
            return AxisGroup(stem: String(stem), axes: [x, y, z], unit: ValueUnit.spelled(channels[x].unit))
        }
    }

    /// The group's name in messages.
    func name(_ channels: [LogInput.Channel]) -> String {
        stem.isEmpty ? axes.map { channels[$0].name }.joined(separator: ", ") : stem
    }

    /// Options that say the same of all three axes, and of no other channel: `--unit accel=g`.
    func options(_ option: String, _ value: String, _ channels: [LogInput.Channel]) -> String {
        let isAlone =
            !stem.isEmpty
            && channels.indices.allSatisfy {
                axes.contains($0) || !channels[$0].name.lowercased().hasPrefix(stem.lowercased())
            }
        let keys = isAlone ? [stem] : axes.map { channels[$0].name }
        return keys.map { "--\(option) \($0)=\(value)" }.joined(separator: " ")
    }
}
