/// A plan goal is what a planned network has to keep, and what is to be small then: the loss, or, where a loss is allowed, a cost.
public struct PlanGoal: Sendable {
    /// NS-ACE per result, on the whole calibration log; nil for no limit.
    public var nsAce: Double?
    /// Bytes of the model file, and of a network's arena.
    public var modelBytes: Int?
    public var arenaBytes: Int?
    /// The most that may be lost, as a share of the windows: of accuracy against the reference where there are labels, of the
    /// reference's labels where there are none. `least` is to be as small as may be then.
    public var mostLoss: Double?
    public var least = Cost.bits

    /// What a network costs.
    public enum Cost: String, Sendable, CaseIterable {
        /// NS-ACE per result.
        case bits
        /// Bytes of the model file.
        case bytes
        /// Instructions of an average tick.
        case instructions
    }

    public init(nsAce: Double?, modelBytes: Int?, arenaBytes: Int?) {
        (self.nsAce, self.modelBytes, self.arenaBytes) = (nsAce, modelBytes, arenaBytes)
    }

    /// In the order of `Outcome.costs`.
    var limits: [Double?] { [nsAce, modelBytes.map(Double.init), arenaBytes.map(Double.init), nil] }

    /// The place in `Outcome.costs` of what is to be small among networks that lose no more than they may: `least`, or what is
    /// limited first.
    var firstCost: Int {
        if mostLoss == nil { return limits.firstIndex { $0 != nil } ?? 0 }
        switch least {
        case .bits: return 0
        case .bytes: return 1
        case .instructions: return 3
        }
    }

    /// The costs that count: those that are limited, and the first.
    var counted: [Int] { limits.indices.filter { limits[$0] != nil || $0 == firstCost } }

    /// What the network may lose, as `Score.excess` counts it.
    func allows(_ score: Score) -> Bool { mostLoss.map { score.excess <= $0 + 1e-9 } ?? true }

    func keepsLimits(_ costs: [Double], slack: Double = 1) -> Bool {
        zip(costs, limits).allSatisfy { $0 <= ($1 ?? .infinity) * slack }
    }

    /// Windows without a disagreement that show that hardly any is to be expected: of others 3 in 100 at most, 19 times of 20.
    private static let enoughWindows = 100

    /// What is to be small first: 0 for a network that loses no more than it may, or that gives the reference's labels in all of
    /// enough windows, so that costs decide.
    func rank(_ score: Score) -> Double {
        if let mostLoss { return score.excess <= mostLoss + 1e-9 ? 0 : score.loss }
        return score.disagreements == 0 && score.windows >= PlanGoal.enoughWindows ? 0 : score.loss
    }
}
