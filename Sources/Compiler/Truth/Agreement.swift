/// An agreement says how near results come to what a framework gave on the same windows.
public struct Agreement: Encodable, Sendable {
    public let windows: Int
    /// The share of windows with the framework's label.
    public let labels: Double
    /// The positive factor that brings the scores nearest to the framework's; nil where it gave labels alone, or where there is none.
    public let factor: Double?
    /// The root mean square of what is left between the two, as a share of the framework's; nil where it gave labels alone.
    public let scoreDistance: Double?
    /// What `--min-agreement` is held against: the labels' share, or with one score, which has no label, 1 − the distance.
    public var share: Double { isOneScore ? max(0, 1 - scoreDistance!) : labels }
    private let isOneScore: Bool

    /// - Parameters:
    ///   - scores: per window and class.
    ///   - given: the labels beside them.
    ///   - windows: which of the expected windows these are.
    public init(_ scores: [[Double]], labels given: [Int], _ expected: ExpectedOutputs, windows numbers: [Int]) {
        windows = numbers.count
        let same = zip(numbers, given).count { expected.labels[$0] == $1 }
        labels = Double(same) / Double(max(1, numbers.count))
        isOneScore = expected.scores.first?.count == 1
        guard !expected.scores.isEmpty else {
            (factor, scoreDistance) = (nil, nil)
            return
        }
        (factor, scoreDistance) = Agreement.fit(scores, numbers.map { expected.scores[$0] })
    }

    /// The factor above 0 that brings `a` nearest to `b`, and the share of b that is left: 1 where there is none.
    static func fit(_ a: [[Double]], _ b: [[Double]]) -> (factor: Double?, distance: Double) {
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (a, b) in zip(a.joined(), b.joined()) {
            ab += a * b
            aa += a * a
            bb += b * b
        }
        if bb == 0 { return (nil, aa == 0 ? 0 : 1) }
        guard ab > 0 else { return (nil, 1) }
        return (ab / aa, max(0, 1 - ab * ab / (aa * bb)).squareRoot())
    }

    private enum CodingKeys: String, CodingKey { case windows, labels, factor, scoreDistance, share }

    public func encode(to encoder: Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(windows, forKey: .windows)
        try container.encode(labels, forKey: .labels)
        try container.encodeIfPresent(factor, forKey: .factor)
        try container.encodeIfPresent(scoreDistance, forKey: .scoreDistance)
        try container.encode(share, forKey: .share)
    }
}
