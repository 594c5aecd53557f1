/// An agreement says how near results come to what a framework gave on the same windows.
public struct Agreement: Encodable, Sendable {
    public let windows: Int
    /// The share of windows with the framework's label.
    public let labels: Double
    /// The positive factor that brings the scores nearest to the framework's; nil where it gave labels alone, or where there is none.
    public let factor: Double?
    /// The root mean square of what is left between the two, as a share of the framework's; nil where it gave labels alone. Labels do
    /// not depend on a factor, so that several scores are compared after it; one score is compared as it stands.
    public let scoreDistance: Double?
    /// What `--min-agreement` is held against: the labels' share, or with one score, which has no label, 1 − the distance.
    public var share: Double { isOneScore ? max(0, 1 - scoreDistance!) : labels }
    public let isOneScore: Bool

    /// - Parameters:
    ///   - scores: per window and class; one score in the unit of the network's own output.
    ///   - given: the labels beside them.
    ///   - windows: which of the expected windows these are.
    public init(_ scores: [[Double]], labels given: [Int], _ expected: ExpectedOutputs, windows numbers: [Int]) {
        windows = numbers.count
        let same = zip(numbers, given).count { expected.labels[$0] == $1 }
        labels = Double(same) / Double(max(1, numbers.count))
        isOneScore = expected.isOneScore
        guard !expected.scores.isEmpty else {
            (factor, scoreDistance) = (nil, nil)
            return
        }
        (factor, scoreDistance) = Agreement.fit(scores, numbers.map { expected.scores[$0] })
    }

    /// The factor above 0 that brings `a` nearest to `b`, and the share of b that is left after it, or, of one score, without it: 1
    /// where there is none, and where anything is not finite.
    static func fit(_ a: [[Double]], _ b: [[Double]]) -> (factor: Double?, distance: Double) {
        func peak(_ scores: [[Double]]) -> Double { scores.joined().reduce(0) { max($0, abs($1)) } }
        guard (a + b).joined().allSatisfy(\.isFinite) else { return (nil, 1) }
        let (aPeak, bPeak) = (peak(a), peak(b))
        if bPeak == 0 { return (nil, aPeak == 0 ? 0 : 1) }
        if aPeak == 0 { return (nil, 1) }
        // Squares of numbers of at most 1 neither overflow nor all vanish.
        var (ab, aa, bb, difference) = (0.0, 0.0, 0.0, 0.0)
        for (given, wanted) in zip(a.joined(), b.joined()) {
            let (a, b, left) = (given / aPeak, wanted / bPeak, given / bPeak - wanted / bPeak)
            ab += a * b
            aa += a * a
            bb += b * b
            difference += left * left
        }
        let factor = ab / aa * (bPeak / aPeak)
        guard ab > 0, factor > 0, factor.isFinite else { return (nil, 1) }
        let distance = b[0].count == 1 ? difference / bb : max(0, 1 - ab * ab / (aa * bb))
        return (factor, distance.isFinite ? distance.squareRoot() : 1)
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
