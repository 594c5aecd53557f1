/// A delay rounding says what becomes of a node's delays that are no whole numbers of ticks.
public struct DelayRounding: Sendable {
    public let node: String
    /// Delays that are rounded, those of them that become 0 without being it, and all.
    public let (rounded, vanishing, count): (Int, Int, Int)
    /// The greatest change, in ticks.
    public let greatest: Double
}

extension Graph {
    /// The nodes whose delays are rounded to ticks of `dt` seconds, by more than 32-bit floats round them.
    public func roundedDelays(dt: Double) -> [DelayRounding] {
        nodes.sorted { $0.key < $1.key }.compactMap { name, node in
            guard case .delay(let times) = node else { return nil }
            let changes = times.values.map { abs($0 / dt - ($0 / dt).rounded()) }
            let isRounded = zip(changes, times.values).map { $0 > 1e-5 * max(1, $1 / dt) }
            let rounded = isRounded.count { $0 }
            if rounded == 0 { return nil }
            return DelayRounding(
                node: name, rounded: rounded,
                vanishing: zip(isRounded, times.values).count { $0 && ($1 / dt).rounded() == 0 },
                count: times.count, greatest: changes.max()!)
        }
    }
}
