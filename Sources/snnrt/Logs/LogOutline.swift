/// A log's values over time in a fixed number of strokes, each the least and the greatest value of neighbouring ticks.
struct LogOutline {
    struct Stroke {
        var start: Double
        var end: Double
        /// Per channel.
        var least: [Double]
        var greatest: [Double]
        var label: String?
        var startsSegment: Bool
        var tickCount = 1
    }

    private static let limit = 4096
    private(set) var strokes: [Stroke] = []
    private let channelCount: Int
    /// Ticks in a stroke.
    private var width = 1
    /// Seconds by which times are moved so that a log whose clock goes back lies behind what came before.
    private var shift = 0.0

    init(channelCount: Int) { self.channelCount = channelCount }

    var isEmpty: Bool { strokes.isEmpty }

    mutating func add(_ time: Double, _ values: [Double], label: String?, startsSegment: Bool) {
        if startsSegment, let last = strokes.last, time + shift <= last.end { shift = last.end + 1 - time }
        let time = time + shift
        let last = strokes.count - 1
        if last >= 0, strokes[last].tickCount < width, !startsSegment, strokes[last].label == label {
            strokes[last].end = time
            strokes[last].tickCount += 1
            for i in 0..<channelCount {
                strokes[last].least[i] = min(strokes[last].least[i], values[i])
                strokes[last].greatest[i] = max(strokes[last].greatest[i], values[i])
            }
            return
        }
        strokes.append(
            Stroke(start: time, end: time, least: values, greatest: values, label: label, startsSegment: startsSegment))
        if strokes.count == LogOutline.limit * 2 { join() }
    }

    /// Makes one stroke of two neighbours, whatever their labels, where there would be too many.
    private mutating func join() {
        width *= 2
        var joined: [Stroke] = []
        for stroke in strokes {
            guard let last = joined.last, last.tickCount + stroke.tickCount <= width else {
                joined.append(stroke)
                continue
            }
            let at = joined.count - 1
            joined[at].end = stroke.end
            joined[at].tickCount += stroke.tickCount
            for i in 0..<channelCount {
                joined[at].least[i] = min(last.least[i], stroke.least[i])
                joined[at].greatest[i] = max(last.greatest[i], stroke.greatest[i])
            }
        }
        strokes = joined
        // Strokes of few ticks, each a segment or label of its own, are as many as they are: the later of two is joined on.
        if strokes.count > LogOutline.limit * 3 / 2 { join() }
    }
}
