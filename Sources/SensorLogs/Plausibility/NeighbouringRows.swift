/// The finding that the rows of a log are by turns of two devices: an axis of the accelerometer lies higher in every other row,
/// and rows differ far more from the next than from the one behind it.
///
/// Of wisdm-watch and sp-sw-har, 28,197 stretches of 100 rows, none is taken for it.
struct NeighbouringRows {
    /// Rows of a stretch, which is judged by itself.
    private static let stretch = 100

    let group: AxisGroup?
    private(set) var areOfTwoDevices = false
    /// Where it was found: the axis, and its means over every other row.
    private var axis = 0
    private var levels = (0.0, 0.0)

    private var count = 0
    private var last: [Double] = []
    private var lastButOne: [Double] = []
    /// Sums of the distances to the row before and to the one before that.
    private var distances = (0.0, 0.0)
    /// Of each axis, the pairs of rows whose second is higher, and those whose second is lower.
    private var rises = [0, 0, 0]
    private var falls = [0, 0, 0]
    /// Of each axis, the sums over the first rows of the pairs and over the second ones.
    private var firsts = [0.0, 0, 0]
    private var seconds = [0.0, 0, 0]

    init(_ group: AxisGroup?) { self.group = group }

    /// - Parameter values: a row of all channels, as the log has them.
    mutating func add(_ values: [Double]) {
        guard let group, !areOfTwoDevices else { return }
        let row = group.axes.map { values[$0] }
        func distance(_ other: [Double]) -> Double { (0..<3).reduce(0) { $0 + abs(row[$1] - other[$1]) } }
        if count >= 2 {
            distances.0 += distance(last)
            distances.1 += distance(lastButOne)
        }
        for i in 0..<3 {
            if count % 2 == 0 {
                firsts[i] += row[i]
            } else {
                seconds[i] += row[i]
                if row[i] > last[i] { rises[i] += 1 }
                if row[i] < last[i] { falls[i] += 1 }
            }
        }
        (lastButOne, last) = (last, row)
        count += 1
        if count == NeighbouringRows.stretch { judge() }
    }

    private mutating func judge() {
        let pairCount = NeighbouringRows.stretch / 2
        let clearest = (0..<3).max { max(rises[$0], falls[$0]) < max(rises[$1], falls[$1]) }!
        if max(rises[clearest], falls[clearest]) * 20 >= pairCount * 19, distances.1 < 0.6 * distances.0 {
            areOfTwoDevices = true
            axis = clearest
            levels = (firsts[axis] / Double(pairCount), seconds[axis] / Double(pairCount))
        }
        (count, distances) = (0, (0, 0))
        (rises, falls, firsts, seconds) = ([0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0])
    }

    func note(_ conversions: [Conversion], _ channels: [LogInput.Channel]) -> Note? {
        guard areOfTwoDevices, let group else { return nil }
        let channel = group.axes[axis]
        let values = [levels.0, levels.1].map { short(conversions[channel]($0)) }
        return .doubt(
            "\(channels[channel].name) is by turns about \(values[0]) and \(values[1]) \(channels[channel].unit): neighbouring rows "
                + "differ as if of two devices; a column that tells them apart goes with --only")
    }
}
