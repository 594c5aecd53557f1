/// Expected outputs are what a framework's own run of a network gave: the truth that a reading of its file, and the integers
/// made of it, are held to.
public struct ExpectedOutputs: Sendable {
    /// What the network got, window by window: tick after tick of all its elements, in the network's own units. Empty where the file holds
    /// outputs alone, which then belong to the windows of a log.
    public var input: [[Double]] = []
    /// Ticks of a window; 0 without input.
    public var tickCount = 0
    /// What the framework's user takes the greatest of, per window and class; empty where the file gives labels alone.
    public var scores: [[Double]] = []
    /// The framework's labels, per window.
    public var labels: [Int]
    /// The true classes, per window; empty where the file does not say.
    public var truth: [Int] = []
    /// Spikes of a node: per window, tick after tick of all its neurons.
    public var spikes: [String: [[Double]]] = [:]

    public var windowCount: Int { labels.count }
    /// Elements of a frame; nil without input.
    public var elementCount: Int? { input.first.map { $0.count / tickCount } }
    /// Every window got the same label, which then tells no network from another.
    public var isOneLabel: Bool { Set(labels).count < 2 && !isOneScore }
    /// The network gives a number, which has no label.
    public var isOneScore: Bool { scores.first?.count == 1 }
    /// All scores are the same number.
    var isFlat: Bool { !scores.isEmpty && Set(scores.joined()).count == 1 }
    /// The share of windows with a label that guessing by the labels' own shares would get right.
    public var chance: Double {
        let counts = Dictionary(grouping: labels, by: { $0 }).values.map {
            Double($0.count) / Double(max(1, windowCount))
        }
        return counts.reduce(0) { $0 + $1 * $1 }
    }

    /// Scores per window and class, whose labels are their greatest, the first of equal ones.
    public init(scores: [[Double]]) {
        self.scores = scores
        labels = scores.map(\.greatestIndex)
    }

    public init(labels: [Int]) { self.labels = labels }

    /// `count` windows spread over all of them.
    func spread(_ count: Int) -> [Int] {
        let count = min(count, windowCount)
        return (0..<count).map { $0 * windowCount / count }
    }
}
