/// The time stamps of a log's first rows, as far as the treatment of the others rests on them: format.md, section 17. In the
/// unit of the stamps.
struct Stamps: Equatable {
    /// Half of the rows or more share their stamp with a neighbour, and the stamps lie a minute apart at most.
    var isCoarse: Bool { sharesMost && typicalStep <= Stamps.coarsest }
    private var sharesMost = false
    /// Seconds; no clock has a coarser step, and a step within a segment is filled with ticks.
    private static let coarsest = 60.0
    /// The lower median of the differences between neighbouring stamps; 0 where there is none.
    private(set) var typicalStep = 0.0
    /// The lower median of the differences between neighbouring rows, those that share a stamp spread and those before a gap
    /// left out; 0 where there is none.
    private(set) var spacing = 0.0
    /// All rows, of which there are two or more, have the same stamp.
    private(set) var standsStill = false
    /// Differences between neighbouring rows, and those among them that fall.
    private(set) var differenceCount = 0
    private(set) var fallCount = 0

    init() {}

    init(_ times: [Double]) {
        var groups: [(stamp: Double, count: Int)] = []
        for time in times {
            if groups.last?.stamp == time {
                groups[groups.count - 1].count += 1
            } else {
                groups.append((time, 1))
            }
        }
        let steps = zip(groups, groups.dropFirst()).map { (count: $0.count, step: $1.stamp - $0.stamp) }
        let rises = steps.filter { $0.step > 0 }
        typicalStep = median(rises.map(\.step))
        let steady = rises.filter { $0.step <= 2 * typicalStep }
        spacing = median(steady.flatMap { Array(repeating: $0.step / Double($0.count), count: $0.count) })
        let sharing = groups.reduce(0) { $0 + ($1.count > 1 ? $1.count : 0) }
        sharesMost = sharing > 0 && sharing * 2 >= times.count
        standsStill = times.count > 1 && groups.count == 1
        differenceCount = max(0, times.count - 1)
        fallCount = steps.count - rises.count
    }

    /// The same in seconds.
    func inSeconds(from unit: TimeUnit) -> Stamps {
        var stamps = self
        stamps.typicalStep = unit.seconds(typicalStep)
        stamps.spacing = unit.seconds(spacing)
        return stamps
    }

    /// The longest step between two stamps, either way, that stays within a segment, where that of a log of single stamps
    /// is `step`.
    func longestStep(_ step: Double) -> Double { isCoarse ? typicalStep + step : step }

    private func median(_ steps: [Double]) -> Double { lowerMedian(steps) ?? 0 }
}
