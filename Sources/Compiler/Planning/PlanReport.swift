/// A plan report says what the planner found.
public struct PlanReport: Encodable, Sendable {
    /// A network that was tried.
    public struct Row: Encodable, Sendable {
        /// Bits of an input value, bits of its range that were given up, and whether all channels are shifted alike.
        public let inputBits: Int
        public let inputClippedBits: Int
        public let isInputShared: Bool
        /// Weight bits by layer, state bits by population.
        public let weights: [String: Int]
        /// Layers stored as lists of synapses because of the bit budget.
        public let sparse: [String]
        public let state: [String: Int]
        public let modelBytes: Int
        public let arenaBytes: Int
        /// Instructions of an average tick, where they were to be few.
        public let instructions: Double?
        /// The score on the half of the log that the search saw, or, of a network that was beaten early, on the first windows of
        /// it, and on the other half.
        public let search: Score
        public let heldOut: Score?
        /// Weights are rounded to fit the log, not to nearest.
        public let fitsRounding: Bool
        /// The width that all weights share beside the widest input; nil where they differ.
        public let uniformBits: Int?
        /// No network that was tried beats it in loss and in all costs that count.
        public let isOnFrontier: Bool
        public let isChosen: Bool
    }
    /// Matrices, in the order of the network.
    public let layers: [String]
    /// The networks that none of those tried beats in loss and the costs that count, the uniform ones and the chosen one, by NS-ACE.
    public let rows: [Row]
    /// Networks that were tried.
    public let evaluations: Int
    /// The planner chose the input's bits.
    public let hasFreeInput: Bool
}

extension Planner {
    /// The report on a search that chose an outcome, with scores on the other half of the log by number.
    func report(_ chosen: Outcome, _ scores: [Int: Score], _ uniform: [Outcome]) -> PlanReport {
        func beats(_ a: Outcome, _ b: Outcome) -> Bool {
            let pairs = [(a.loss, b.loss)] + goal.counted.map { (a.costs[$0], b.costs[$0]) }
            return pairs.allSatisfy { $0 <= $1 } && (pairs.contains { $0 < $1 } || a.number < b.number)
        }
        let shown = outcomes.compactMap { outcome -> PlanReport.Row? in
            let isOnFrontier =
                outcome.isComplete
                && !outcomes.contains { $0.isComplete && $0.number != outcome.number && beats($0, outcome) }
            let isUniform = uniform.contains { $0.number == outcome.number }
            guard isOnFrontier || isUniform || outcome.number == chosen.number else { return nil }
            let isShown = outcome.isComplete && outcome.loss < chosen.loss + Planner.hopeless
            let other =
                scores[outcome.number]
                ?? (isShown ? player(outcome.plan).map { Score($0, calibration, heldOut) } : nil)
            let free = space.widths.indices.filter { space.widths[$0].count > 1 }.map { outcome.plan.widths[$0] }
            return PlanReport.Row(
                inputBits: outcome.plan.input.bits, inputClippedBits: outcome.plan.input.clipped,
                isInputShared: outcome.plan.input.isShared,
                weights: Dictionary(uniqueKeysWithValues: zip(space.layers, outcome.plan.widths)),
                sparse: outcome.plan.listed.map { space.layers[$0] },
                state: Dictionary(
                    zip(space.populations, outcome.plan.states.map(\.rawValue)), uniquingKeysWith: { first, _ in first }
                ),
                modelBytes: outcome.modelBytes, arenaBytes: outcome.arenaBytes,
                instructions: outcome.instructions > 0 ? outcome.instructions : nil, search: outcome.score,
                heldOut: heldOut.isEmpty ? nil : other, fitsRounding: outcome.plan.fits,
                uniformBits: Set(free).count == 1 && outcome.plan.listed.isEmpty
                    && outcome.plan.input == space.inputs.last
                    ? free[0] : nil,
                isOnFrontier: isOnFrontier, isChosen: outcome.number == chosen.number)
        }
        return PlanReport(
            layers: space.layers, rows: shown.sorted { $0.search.nsAcePerResult < $1.search.nsAcePerResult },
            evaluations: outcomes.count, hasFreeInput: space.inputs.count > 1)
    }
}
