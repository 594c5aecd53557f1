/// A score says how a compiled network does on windows of a recording, beside their labels and the float reference.
public struct Score: Encodable, Sendable {
    /// Windows that were played, and those of them that have a label.
    public private(set) var windows = 0
    public private(set) var labelled = 0
    /// Labelled windows whose label the network missed.
    public private(set) var errors = 0
    /// Labelled windows whose label the reference missed.
    public private(set) var referenceErrors = 0
    /// Windows whose label differs from the reference's.
    public private(set) var disagreements = 0
    private var distances = 0.0
    /// Σ events·b_w·b_s of all windows.
    public private(set) var nsAce: UInt64 = 0

    /// Errors as a share of labelled windows; nil without any.
    public var errorRate: Double? { labelled == 0 ? nil : Double(errors) / Double(labelled) }
    /// Disagreements as a share of all windows.
    public var disagreement: Double { Double(disagreements) / Double(max(1, windows)) }
    /// Mean of (1 − r) / 2, r being the correlation of a window's scores with the reference's over the classes: 0 where they
    /// agree up to unit and offset.
    public var distance: Double { distances / Double(max(1, windows)) }
    public var nsAcePerResult: Double { Double(nsAce) / Double(max(1, windows)) }
    /// The reference's errors as a share of labelled windows; nil without any.
    public var referenceErrorRate: Double? { labelled == 0 ? nil : Double(referenceErrors) / Double(labelled) }
    /// What is lost: of accuracy against the reference, as a share of the labelled windows, or, without labels, of the reference's
    /// own labels. Below 0 where the network is right more often than the reference.
    public var excess: Double {
        labelled == 0 ? disagreement : Double(errors - referenceErrors) / Double(labelled)
    }
    /// What the planner makes small: error rate (0 without labels) + disagreement + distance.
    public var loss: Double { (errorRate ?? 0) + disagreement + distance }

    /// Plays the windows numbered `chosen` of a calibration's recording.
    ///
    /// - Parameter isDecided: ends the play early; asked after every 32 windows from the 64th on.
    init(
        _ player: Player, _ calibration: Calibration, _ chosen: [Int], until isDecided: (Score) -> Bool = { _ in false }
    ) {
        player.network.resetUsage()
        for number in chosen {
            add(number, player, calibration)
            if windows >= 64 && windows % 32 == 0 {
                nsAce = player.network.totalSpent().nsAce
                if isDecided(self) { return }
            }
        }
        nsAce = player.network.totalSpent().nsAce
    }

    private mutating func add(_ number: Int, _ player: Player, _ calibration: Calibration) {
        let window = calibration.recording.windows[number]
        guard let result = player.result(of: window) else { return }
        let reference = calibration.scores[number]
        windows += 1
        disagreements += result.label == reference.greatestIndex ? 0 : 1
        distances += (1 - correlation(result.scores.map(Double.init), reference)) / 2
        guard let label = window.label else { return }
        labelled += 1
        errors += label == result.label ? 0 : 1
        referenceErrors += label == reference.greatestIndex ? 0 : 1
    }

    /// Two scores of different windows as one.
    static func + (a: Score, b: Score) -> Score {
        var sum = a
        for count in [\Self.windows, \.labelled, \.errors, \.referenceErrors, \.disagreements] {
            sum[keyPath: count] += b[keyPath: count]
        }
        sum.distances += b.distances
        sum.nsAce += b.nsAce
        return sum
    }

    /// How far shares of these windows may lie from those of all that are like them: three times the standard error of the
    /// greater of errors and disagreements.
    var uncertainty: Double {
        let share = max(errorRate ?? 0, disagreement, 1 / Double(max(1, windows)))
        return 3 * (share * max(0, 1 - share) / Double(max(1, windows))).squareRoot()
    }

    private enum CodingKeys: String, CodingKey {
        case windows, errorRate, referenceErrorRate, disagreement, distance, loss, nsAcePerResult
    }

    public func encode(to encoder: Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(windows, forKey: .windows)
        try container.encodeIfPresent(errorRate, forKey: .errorRate)
        try container.encodeIfPresent(referenceErrorRate, forKey: .referenceErrorRate)
        try container.encode(disagreement, forKey: .disagreement)
        try container.encode(distance, forKey: .distance)
        try container.encode(loss, forKey: .loss)
        try container.encode(nsAcePerResult, forKey: .nsAcePerResult)
    }
}

/// Pearson's r; of two that are flat 1, of one 0.
func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
        ab += (x - meanA) * (y - meanB)
        aa += (x - meanA) * (x - meanA)
        bb += (y - meanB) * (y - meanB)
    }
    if aa == 0 || bb == 0 { return aa == bb ? 1 : 0 }
    return ab / (aa * bb).squareRoot()
}
