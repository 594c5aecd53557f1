import NIR

/// A planner chooses weight bits and state widths per layer (docs/planner.md).
///
/// Search: uniform widths; from the best of them the effect of every single change; greedy steps down to the cheapest network,
/// the most promising of which are measured; then changes and exchanges around the best network within the budget.
public struct Planner {
    private let compile: (CompileOptions) throws(CompileError) -> Compiled
    private let options: CompileOptions
    private let progress: (String) -> Void
    let calibration: Calibration
    let budget: BitBudget
    let space: PlanSpace
    /// Windows that the search sees, and the others.
    let (searched, heldOut): ([Int], [Int])
    /// What is known of plans: nil for those that cannot be compiled.
    private(set) var known: [Plan: Outcome?] = [:]
    /// Outcomes in the order of evaluation.
    private(set) var outcomes: [Outcome] = []

    static let evaluationLimit = 400
    /// Steps measured for each one that is taken.
    static let breadth = 3

    /// - Parameters:
    ///   - options: with a calibration; their exceptions stay as they are.
    ///   - progress: receives what to tell while the search runs.
    public init(
        _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions,
        _ calibration: Calibration,
        _ budget: BitBudget, progress: @escaping (String) -> Void = { _ in }
    ) throws(CompileError) {
        let lowered = try Lowered(
            graph, schedule, dialect: dialect, dt: dt, concatenatesOutputs: options.concatenatesOutputs)
        try options.check(for: lowered)
        compile = { options throws(CompileError) in
            try Compilation(lowered, dialect: dialect, dt: dt, options).compiled
        }
        (self.options, self.calibration, self.budget, self.progress) = (options, calibration, budget, progress)
        space = PlanSpace(lowered, options, budget)
        // Every other window of each label.
        var seen: [Int?: Int] = [:]
        (searched, heldOut) = calibration.recording.windows.indices.reduce(into: ([], [])) { halves, number in
            let label = calibration.recording.windows[number].label
            if seen[label, default: 0] % 2 == 0 { halves.0.append(number) } else { halves.1.append(number) }
            seen[label, default: 0] += 1
        }
    }

    /// Runs the search. Returns the chosen network's options with the report.
    ///
    /// - Throws: what the network needs at least, where no plan keeps the budget.
    public mutating func run() throws(CompileError) -> (CompileOptions, PlanReport) {
        let uniform = space.uniformPlans.compactMap { measure($0) }
        guard let start = uniform.min(by: { ($0.loss, -$0.bits) < ($1.loss, -$1.bits) }) else {
            throw CompileError("no uniform width can be compiled")
        }
        _ = measure(space.floor)
        try checkReachable()
        let effects = effects(around: start)
        descend(from: start, effects)
        if let best = feasible.first { improve(best, effects) }
        let (chosen, scores) = try choose()
        return (space.options(of: chosen.plan, options), report(chosen, scores, uniform))
    }

    /// The network of a plan; nil for what cannot be compiled.
    func player(_ plan: Plan) -> Player? {
        (try? compile(space.options(of: plan, options))).flatMap { try? Player($0.bytes) }
    }

    /// Nil for what cannot be compiled.
    mutating func measure(_ plan: Plan) -> Outcome? {
        if let outcome = known[plan] { return outcome }
        let outcome = player(plan).map {
            Outcome(
                plan: plan, number: outcomes.count, modelBytes: Int($0.model.byteCount),
                arenaBytes: $0.network.arenaByteCount,
                score: Score($0, calibration, searched))
        }
        known[plan] = .some(outcome)
        guard let outcome else { return nil }
        outcomes.append(outcome)
        progress("\(outcomes.count) networks tried")
        return outcome
    }

    /// Outcomes within the budget, the best first.
    var feasible: [Outcome] {
        outcomes.filter { outcome in zip(outcome.costs, budget.limits).allSatisfy { $0 <= $1 ?? .infinity } }
            .sorted { ($0.loss, $0.costs[0], $0.number) < ($1.loss, $1.costs[0], $1.number) }
    }

    private func checkReachable() throws(CompileError) {
        let names = ["an NS-ACE of", "model bytes of", "arena bytes of"]
        for (cost, limit) in budget.limits.enumerated() {
            let least = outcomes.map { $0.costs[cost] }.min()!
            if let limit, least > limit {
                throw CompileError(
                    "no choice of widths keeps \(names[cost]) \(Int(limit)): \(Int(least.rounded(.up))) is the least")
            }
        }
    }

    /// The least loss within the budget on the whole log, with scores on the half that the search did not see.
    private func choose() throws(CompileError) -> (Outcome, [Int: Score]) {
        var scores: [Int: Score] = [:]
        var least = Double.infinity
        for outcome in feasible {
            guard let player = player(outcome.plan) else { continue }
            let other = Score(player, calibration, heldOut)
            scores[outcome.number] = other
            let total =
                Double(outcome.score.nsAce + other.nsAce) / Double(max(1, outcome.score.windows + other.windows))
            if total <= budget.nsAce ?? .infinity { return (outcome, scores) }
            least = min(least, total)
        }
        let reached = least.isFinite ? ": an NS-ACE of \(Int(least.rounded(.up))) is the least" : ""
        throw CompileError("no network of those tried keeps all limits on the whole log\(reached)")
    }
}
