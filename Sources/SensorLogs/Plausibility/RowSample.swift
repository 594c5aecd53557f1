/// Rows picked evenly from all that a log has given so far, their number bounded; values are as the log has them.
struct RowSample {
    /// Values held at most, but for the least number of rows.
    private static let valueCount = 6_144
    private static let leastLimit = 32

    /// The channels that are looked at, ascending.
    let channels: [Int]
    /// Where each stands among them.
    private let places: [Int: Int]
    /// Rows of the log so far.
    private(set) var rowCount = 0
    /// Rows picked.
    private(set) var count = 0
    /// [picked row × channel]
    private var values: [Double] = []
    private var stride = 1
    private let limit: Int
    private var first: [Double] = []
    /// Every row so far has the value of the first; one for each channel that is looked at.
    private var isConstant: [Bool]
    private var constantCount: Int

    init(channels: [Int]) {
        self.channels = channels
        places = Dictionary(uniqueKeysWithValues: zip(channels, channels.indices))
        limit = max(RowSample.leastLimit, RowSample.valueCount / max(channels.count, 1))
        isConstant = Array(repeating: true, count: channels.count)
        constantCount = channels.count
    }

    /// - Parameter row: the values of all channels.
    mutating func add(_ row: [Double]) {
        if rowCount == 0 { first = channels.map { row[$0] } }
        if constantCount > 0 {
            for (i, channel) in channels.enumerated() where isConstant[i] && row[channel] != first[i] {
                isConstant[i] = false
                constantCount -= 1
            }
        }
        if rowCount % stride == 0 {
            if count == limit { thin() }
            if rowCount % stride == 0 {
                for channel in channels { values.append(row[channel]) }
                count += 1
            }
        }
        rowCount += 1
    }

    /// The values of a channel that is looked at.
    func column(_ channel: Int) -> [Double] {
        let place = places[channel]!
        return (0..<count).map { values[$0 * channels.count + place] }
    }

    /// The channels that have had one value only.
    var constant: [Int] { zip(channels, isConstant).filter(\.1).map(\.0) }

    /// Keeps every other row.
    private mutating func thin() {
        let width = channels.count
        values = (0..<(count + 1) / 2).flatMap { row in values[2 * row * width..<(2 * row + 1) * width] }
        count = (count + 1) / 2
        stride *= 2
    }
}
