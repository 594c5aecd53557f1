/// Whether a log's acceleration has the size of gravity, which a sensor that is worn or carried feels most of the time. Of a
/// log in another unit than was believed it has not.
public struct Gravity: Sendable {
    /// Ticks looked at, from the first on.
    private static let tickCount = 8192
    /// Fewer tell nothing.
    private static let leastTickCount = 20

    /// The channels of the three axes; none where the model has no such three.
    private let axes: [Int]
    private let unitName: String
    /// m/s^2 per count, for each axis.
    private let scales: [Double]
    private let stem: String
    private let channelCount: Int
    /// |a| of each tick, in m/s^2.
    private var magnitudes: [Double] = []

    public init(_ input: LogInput) {
        channelCount = input.channels.count
        let names = input.channels.map { $0.name.lowercased() }
        let found = input.channels.indices.lazy.compactMap { x -> [Int]? in
            guard names[x].hasSuffix("x"), ValueUnit.spelled(input.channels[x].unit)?.quantity == .acceleration,
                let y = names.firstIndex(of: names[x].dropLast() + "y"),
                let z = names.firstIndex(of: names[x].dropLast() + "z"),
                [y, z].allSatisfy({ input.channels[$0].unit == input.channels[x].unit })
            else { return nil }
            return [x, y, z]
        }
        axes = found.first ?? []
        unitName = axes.first.map { input.channels[$0].unit } ?? ""
        let name = axes.first.map { input.channels[$0].name } ?? ""
        stem = String(name.dropLast(name.dropLast().last == "_" ? 2 : 1))
        let unit = ValueUnit.spelled(unitName, quantity: .acceleration)
        scales = axes.map { axis in
            let scale = input.channels[axis].scale
            return Double(scale.numerator) / Double(scale.denominator) * (unit!.numerator / unit!.denominator)
        }
    }

    public mutating func add(_ batch: Batch) {
        guard !axes.isEmpty, magnitudes.count < Gravity.tickCount else { return }
        for tick in 0..<min(batch.tickCount, Gravity.tickCount - magnitudes.count) {
            var sum = 0.0
            for (axis, scale) in zip(axes, scales) {
                let value = Double(batch.frames[tick * channelCount + axis]) * scale
                sum += value * value
            }
            magnitudes.append(sum.squareRoot())
        }
    }

    /// What is said where the median of |a| is that of gravity in another unit; nil where it is not.
    public var note: Note? {
        guard magnitudes.count >= Gravity.leastTickCount,
            let unit = ValueUnit.spelled(unitName, quantity: .acceleration)
        else { return nil }
        let median = magnitudes.sorted()[(magnitudes.count - 1) / 2]
        let metres = unit.numerator / unit.denominator
        func isGravity(_ value: Double) -> Bool { 0.7 * 9.80665...1.6 * 9.80665 ~= value }
        if isGravity(median) { return nil }
        let other = ValueUnit.all(of: .acceleration).first {
            isGravity(median / metres * $0.numerator / $0.denominator)
        }
        guard let other else { return nil }
        return .doubt(
            "the median of |a| is \(short(median / metres)) where \(short(9.80665 / metres)) \(unitName) is gravity: it looks "
                + "like \(other.name) (--unit \(stem)=\(other.name)), or like acceleration without gravity")
    }
}
