/// What a sample of a log's rows says of the three axes of a sensor, in the model's unit.
struct MeasuredAxes {
    let group: AxisGroup
    /// The lengths of the vectors, ascending.
    let magnitudes: [Double]
    /// The median of each axis.
    let medians: [Double]
    /// The distance between the quartiles of each axis: wide where the log has the sensor in many positions.
    let widths: [Double]
    /// The 95th percentile of the distance from the medians.
    let scatter: Double
    /// Every value is a whole number in the log.
    let areWhole: Bool
    /// No axis has a negative value in the log.
    let areNeverNegative: Bool
    /// The user has stated a scale.
    let isScaled: Bool
    /// The unit in which the log's values were taken, after the scale; nil where the axes differ in it or in their scale.
    let source: ValueUnit?

    var median: Double { percentile(50, of: magnitudes) }
    /// The length of the vector of medians as a share of the median length: near 1 where gravity is felt and the sensor does
    /// not turn, near 0 where there is none.
    var steadiness: Double { (medians.reduce(0) { $0 + $1 * $1 }).squareRoot() / max(median, .leastNormalMagnitude) }

    /// Its values can be nothing but gravity with some motion. Of wisdm-watch, five seconds at a time, 97 of 100 hold it; of the
    /// same with gravity taken out 1 of 100 seems to.
    var holdsGravity: Bool { steadiness > 0.5 || percentile(5, of: magnitudes) > 0.55 * median }
    /// The sensor lies still, or nearly so.
    var rests: Bool { scatter < 0.15 * median }
    /// The values are deviations or magnitudes: no axis is ever negative, and lengths scatter to below what gravity holds up. Of
    /// 26,168 times five seconds of wisdm-watch one is so, of the deviations of the same 9 of 10 are.
    var areSizes: Bool { areNeverNegative && percentile(5, of: magnitudes) < 0.8 * median }

    /// Nil where a length is beyond the doubles.
    init?(_ group: AxisGroup, _ sample: RowSample, _ conversions: [Conversion], sources: [ValueUnit?]) {
        self.group = group
        let written = group.axes.map { sample.column($0) }
        let columns = zip(group.axes, written).map { axis, column in column.map { conversions[axis]($0) } }
        func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let sorted = columns.map { $0.sorted() }
        let medians = sorted.map { percentile(50, of: $0) }
        widths = sorted.map { percentile(75, of: $0) - percentile(25, of: $0) }
        let lengths = (0..<sample.count).map { row in length(columns.map { $0[row] }) }
        let distances = (0..<sample.count).map { row in length(zip(columns, medians).map { $0[row] - $1 }) }
        guard (lengths + distances).allSatisfy(\.isFinite) else { return nil }
        magnitudes = lengths.sorted()
        self.medians = medians
        scatter = percentile(95, of: distances.sorted())
        areWhole = written.allSatisfy { $0.allSatisfy { $0 == $0.rounded() } }
        areNeverNegative = written.allSatisfy { $0.allSatisfy { $0 >= 0 } }
        let x = group.axes[0]
        isScaled = group.axes.contains { conversions[$0].scale != ValueScale(numerator: 1, denominator: 1) }
        source =
            group.axes.allSatisfy { sources[$0] == sources[x] && conversions[$0].scale == conversions[x].scale }
            ? sources[x] : nil
    }

    /// By which a length in the model's unit is multiplied to be what the log's values would give in another unit.
    func factor(_ unit: ValueUnit) -> Double? {
        source.map { unit.numerator / unit.denominator / ($0.numerator / $0.denominator) }
    }
}
