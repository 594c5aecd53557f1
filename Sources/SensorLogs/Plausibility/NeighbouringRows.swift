/// The finding that the rows of a log are by turns of several devices: with every second or third row an axis of the
/// accelerometer lies higher than in the next, and rows differ far less from those than from their neighbours.
///
/// Of wisdm-watch and sp-sw-har, 28,197 stretches of 100 rows, none is taken for it; of two people's rows by turns 8 of 10 are.
struct NeighbouringRows {
    /// Rows of a stretch, which is judged by itself.
    private static let stretch = 100
    /// Further ones are not looked at.
    private static let mostStretches = 32
    private static let turns = 2...3

    private let group: AxisGroup?
    private var rows: [[Double]] = []
    private var stretchCount = 0
    private var found: Finding?

    private struct Finding {
        let turn: Int
        let axis: Int
        /// The axis's means over the rows of two devices.
        let levels: [Double]
    }

    var areOfSeveralDevices: Bool { found != nil }

    init(_ group: AxisGroup?) { self.group = group }

    /// - Parameter values: a row of all channels, as the log has them.
    mutating func add(_ values: [Double]) {
        guard let group, found == nil, stretchCount < NeighbouringRows.mostStretches else { return }
        rows.append(group.axes.map { values[$0] })
        guard rows.count == NeighbouringRows.stretch else { return }
        found = NeighbouringRows.turns.compactMap { finding($0) }.first
        stretchCount += 1
        rows.removeAll(keepingCapacity: true)
    }

    private func finding(_ turn: Int) -> Finding? {
        guard distance(turn) < 0.6 * distance(1) else { return nil }
        for first in 0..<turn - 1 {
            let places = Array(stride(from: first, to: rows.count - 1, by: turn))
            for axis in 0..<3 {
                let steps = places.map { rows[$0 + 1][axis] - rows[$0][axis] }
                guard max(steps.count { $0 > 0 }, steps.count { $0 < 0 }) * 10 >= steps.count * 9 else { continue }
                let levels = [0, 1].map { next in
                    places.reduce(0) { $0 + rows[$1 + next][axis] / Double(places.count) }
                }
                return Finding(turn: turn, axis: axis, levels: levels)
            }
        }
        return nil
    }

    /// The mean distance of a row from the one that stands so many before it.
    private func distance(_ step: Int) -> Double {
        let sum = (step..<rows.count).reduce(0) { sum, row in
            (0..<3).reduce(sum) { $0 + abs(rows[row][$1] - rows[row - step][$1]) }
        }
        return sum / Double(rows.count - step)
    }

    func note(_ conversions: [Conversion], _ channels: [LogInput.Channel]) -> Note? {
        guard let found, let group else { return nil }
        let axis = group.axes[found.axis]
        let levels = found.levels.map { short(conversions[axis]($0)) }.joined(separator: " and ")
        let number = found.turn == 2 ? "two" : "three"
        return .doubt(
            "\(channels[axis].name) is by turns about \(levels) \(channels[axis].unit): neighbouring rows differ as if of "
                + "\(number) devices or sensors; a column that tells them apart goes with --only")
    }
}
