/// Rows picked evenly from all that a log has given so far, their number bounded; values are as the log has them.
struct RowSample {
    /// Values held at most, but for the least number of rows.
    private static let valueCount = 24_576
    private static let leastLimit = 256

    let channelCount: Int
    /// Rows of the log so far.
    private(set) var rowCount = 0
    /// [picked row × channel]
    private var values: [Double] = []
    private var stride = 1
    private let limit: Int
    private var first: [Double] = []
    /// Every row so far has the value of the first.
    private(set) var isConstant: [Bool]

    init(channelCount: Int) {
        self.channelCount = channelCount
        limit = max(RowSample.leastLimit, RowSample.valueCount / channelCount)
        isConstant = Array(repeating: true, count: channelCount)
    }

    mutating func add(_ row: [Double]) {
        if rowCount == 0 { first = row }
        for i in 0..<channelCount where row[i] != first[i] { isConstant[i] = false }
        if rowCount % stride == 0 {
            if count == limit { thin() }
            if rowCount % stride == 0 { values.append(contentsOf: row) }
        }
        rowCount += 1
    }

    /// Rows picked.
    var count: Int { values.count / channelCount }

    func column(_ channel: Int) -> [Double] { (0..<count).map { values[$0 * channelCount + channel] } }

    /// Keeps every other row.
    private mutating func thin() {
        values = (0..<(count + 1) / 2).flatMap { row in
            values[2 * row * channelCount..<(2 * row + 1) * channelCount]
        }
        stride *= 2
    }
}
