/// A bit budget is the limits that a planned network has to keep; nil for none.
public struct BitBudget: Sendable {
    /// NS-ACE per result, on the whole calibration log.
    public var nsAce: Double?
    /// Bytes of the model file, and of a network's arena.
    public var modelBytes: Int?
    public var arenaBytes: Int?

    public init(nsAce: Double?, modelBytes: Int?, arenaBytes: Int?) {
        (self.nsAce, self.modelBytes, self.arenaBytes) = (nsAce, modelBytes, arenaBytes)
    }

    /// In the order of `Outcome.costs`.
    var limits: [Double?] { [nsAce, modelBytes.map(Double.init), arenaBytes.map(Double.init)] }
}

/// A plan report says what the planner found.
public struct PlanReport: Encodable, Sendable {
    /// A network that was tried.
    public struct Row: Encodable, Sendable {
        /// Weight bits by layer, state bits by population.
        public let weights: [String: Int]
        /// Layers stored as lists of synapses because of the bit budget.
        public let sparse: [String]
        public let state: [String: Int]
        public let modelBytes: Int
        public let arenaBytes: Int
        /// The score on the half of the log that the search saw, and on the other.
        public let search: Score
        public let heldOut: Score?
        /// The width that all weights share; nil where they differ.
        public let uniformBits: Int?
        /// No network that was tried beats it in loss and in all that is limited.
        public let isOnFrontier: Bool
        public let isChosen: Bool
    }
    /// Matrices, in the order of the network.
    public let layers: [String]
    /// The networks that none of those tried beats in loss and what is limited, the uniform ones and the chosen one, by NS-ACE.
    public let rows: [Row]
    /// Networks that were tried.
    public let evaluations: Int
}

extension Planner {
    /// The report on a search that chose an outcome, with scores on the other half of the log by number.
    func report(_ chosen: Outcome, _ scores: [Int: Score], _ uniform: [Outcome]) -> PlanReport {
        let limited = budget.limits.indices.filter { budget.limits[$0] != nil }
        func beats(_ a: Outcome, _ b: Outcome) -> Bool {
            let pairs = [(a.loss, b.loss)] + limited.map { (a.costs[$0], b.costs[$0]) }
            return pairs.allSatisfy { $0 <= $1 } && (pairs.contains { $0 < $1 } || a.number < b.number)
        }
        let shown = outcomes.compactMap { outcome -> PlanReport.Row? in
            let isOnFrontier = !outcomes.contains { $0.number != outcome.number && beats($0, outcome) }
            let isUniform = uniform.contains { $0.number == outcome.number }
            guard isOnFrontier || isUniform || outcome.number == chosen.number else { return nil }
            let other = scores[outcome.number] ?? player(outcome.plan).map { Score($0, calibration, heldOut) }
            let free = space.widths.indices.filter { space.widths[$0].count > 1 }.map { outcome.plan.widths[$0] }
            return PlanReport.Row(
                weights: Dictionary(uniqueKeysWithValues: zip(space.layers, outcome.plan.widths)),
                sparse: outcome.plan.listed.map { space.layers[$0] },
                state: Dictionary(
                    zip(space.populations, outcome.plan.states.map(\.rawValue)), uniquingKeysWith: { first, _ in first }
                ),
                modelBytes: outcome.modelBytes, arenaBytes: outcome.arenaBytes, search: outcome.score,
                heldOut: heldOut.isEmpty ? nil : other,
                uniformBits: Set(free).count == 1 && outcome.plan.listed.isEmpty ? free[0] : nil,
                isOnFrontier: isOnFrontier, isChosen: outcome.number == chosen.number)
        }
        return PlanReport(
            layers: space.layers, rows: shown.sorted { $0.search.nsAcePerResult < $1.search.nsAcePerResult },
            evaluations: outcomes.count)
    }
}
