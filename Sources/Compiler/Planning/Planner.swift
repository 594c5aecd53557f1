import NIR
import SNNRuntime

/// A planner chooses input bits, weight bits and state widths (docs/planner.md).
///
/// Search: uniform widths; from the best of them the effect of every single change; greedy steps down to the cheapest network,
/// the most promising of which are measured; then changes and exchanges around the best network that keeps the goal.
public struct Planner {
    private let compile: (CompileOptions) throws(CompileError) -> Compiled
    private let options: CompileOptions
    private let instructions: ((Model, Network) -> Double?)?
    private let progress: (String) -> Void
    let calibration: Calibration
    let goal: PlanGoal
    let space: PlanSpace
    /// Windows that the search sees, in an order in which any first few are much like all, and the others.
    let (searched, heldOut): ([Int], [Int])
    /// What is known of plans: nil for those that cannot be compiled.
    private(set) var known: [Plan: Outcome?] = [:]
    /// Outcomes in the order of evaluation.
    private(set) var outcomes: [Outcome] = []

    static let evaluationLimit = 400
    /// Steps measured for each one that is taken.
    static let breadth = 3
    /// A loss so far above the best is no use on the way down.
    static let hopeless = 0.25

    /// - Parameters:
    ///   - options: with a calibration; their exceptions stay as they are.
    ///   - hasFixedInput: the options' input bits stay as they are.
    ///   - instructions: of an average tick of a network that has run, nil where they are not known; needed for the least of them.
    ///   - progress: receives what to tell while the search runs.
    public init(
        _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions,
        _ calibration: Calibration, _ goal: PlanGoal, hasFixedInput: Bool,
        instructions: ((Model, Network) -> Double?)? = nil, progress: @escaping (String) -> Void = { _ in }
    ) throws(CompileError) {
        let lowered = try Lowered(
            graph, schedule, dialect: dialect, dt: dt, concatenatesOutputs: options.concatenatesOutputs)
        try options.check(for: lowered)
        precondition(goal.firstCost != 3 || instructions != nil)
        compile = { options throws(CompileError) in
            try Compilation(lowered, dialect: dialect, dt: dt, options).compiled
        }
        (self.options, self.calibration, self.goal, self.progress) = (options, calibration, goal, progress)
        self.instructions = instructions
        space = PlanSpace(lowered, options, goal, hasFixedInput: hasFixedInput)
        let (searched, heldOut) = calibration.halves
        (self.searched, self.heldOut) = (spread(searched), heldOut)
    }

    /// Runs the search. Returns the chosen network's options with the report.
    ///
    /// - Throws: what the network needs at least, where no plan keeps the goal.
    public mutating func run() throws(CompileError) -> (CompileOptions, PlanReport) {
        let uniform = space.uniformPlans.compactMap { measure($0) }
        guard let start = uniform.filter(\.isComplete).min(by: { ($0.loss, -$0.bits) < ($1.loss, -$1.bits) }) else {
            throw CompileError(
                "no uniform width can be compiled" + (instructions == nil ? "" : ", or its instructions predicted"))
        }
        _ = measure(space.floor)
        try checkReachable()
        let effects = effects(around: start)
        descend(from: start, effects)
        if let best = feasible.first { improve(best, effects) }
        let (chosen, scores) = try choose()
        return (options(of: chosen.plan), report(chosen, scores, uniform))
    }

    private func options(of plan: Plan) -> CompileOptions { space.options(of: plan, options, calibration.recording) }

    /// The network of a plan; nil for what cannot be compiled.
    func player(_ plan: Plan) -> Player? {
        (try? compile(options(of: plan))).flatMap { try? Player($0.bytes) }
    }

    /// Nil for what cannot be compiled.
    mutating func measure(_ plan: Plan) -> Outcome? {
        if let outcome = known[plan] { return outcome }
        let outcome = player(plan).flatMap { player -> Outcome? in
            let fixed = [Double(player.model.byteCount), Double(player.network.arenaByteCount)]
            let score = Score(player, calibration, searched) { isBeaten($0, fixed) }
            let instructions = instructions.map { $0(player.model, player.network) } ?? 0
            guard let instructions else { return nil }
            return Outcome(
                plan: plan, number: outcomes.count, modelBytes: Int(player.model.byteCount),
                arenaBytes: player.network.arenaByteCount,
                instructions: instructions, score: score,
                isComplete: score.windows == searched.count)
        }
        known[plan] = .some(outcome)
        guard let outcome else { return nil }
        outcomes.append(outcome)
        progress("\(outcomes.count) networks tried")
        return outcome
    }

    /// A network's first windows show that it cannot be chosen: it loses more than it may, or clearly more than one that keeps
    /// all limits, or than one that costs no more.
    private func isBeaten(_ score: Score, _ bytes: [Double]) -> Bool {
        if let most = goal.mostLoss { return score.excess - score.uncertainty > most }
        let costs = [score.nsAcePerResult] + bytes + [0]
        let isFeasible = goal.keepsLimits(costs)
        return outcomes.contains { other in
            other.isComplete && other.loss < score.loss - score.uncertainty
                && (isFeasible && goal.keepsLimits(other.costs)
                    || goal.counted.allSatisfy { other.costs[$0] <= costs[$0] })
        }
    }

    /// Outcomes that keep the goal, the best first.
    var feasible: [Outcome] {
        let first = goal.firstCost
        func key(_ outcome: Outcome) -> (Double, Double, Double, Int) {
            (goal.rank(outcome.score), outcome.costs[first], outcome.loss, outcome.number)
        }
        return outcomes.filter { $0.isComplete && goal.keepsLimits($0.costs) && goal.allows($0.score) }
            .sorted { key($0) < key($1) }
    }

    private func checkReachable() throws(CompileError) {
        let names = ["an NS-ACE of", "model bytes of", "arena bytes of"]
        for (cost, limit) in goal.limits.enumerated() {
            let least = outcomes.map { $0.costs[cost] }.min()!
            if let limit, least > limit {
                throw CompileError(
                    "no choice of widths keeps \(names[cost]) \(Int(limit)): \(Int(least.rounded(.up))) is the least")
            }
        }
    }

    /// The best outcome that keeps the goal on the whole log, with scores on the half that the search did not see.
    private mutating func choose() throws(CompileError) -> (Outcome, [Int: Score]) {
        var scores: [Int: Score] = [:]
        var (least, lost) = (Double.infinity, Double.infinity)
        func keeps(_ outcome: Outcome) -> Bool {
            guard let player = player(outcome.plan) else { return false }
            let other = Score(player, calibration, heldOut)
            scores[outcome.number] = other
            let whole = outcome.score + other
            let keepsBits = whole.nsAcePerResult <= goal.nsAce ?? .infinity
            if keepsBits { lost = min(lost, whole.excess) } else { least = min(least, whole.nsAcePerResult) }
            return keepsBits && goal.allows(whole)
        }
        for outcome in feasible where keeps(outcome) {
            // Weights rounded to nearest are taken where they lose no more on either half.
            var plan = outcome.plan
            plan.fits = false
            guard let plain = measure(plan), plain.isComplete, goal.keepsLimits(plain.costs), keeps(plain),
                plain.loss <= outcome.loss, scores[plain.number]!.loss <= scores[outcome.number]!.loss
            else { return (outcome, scores) }
            return (plain, scores)
        }
        lost = outcomes.filter { goal.keepsLimits($0.costs) }.reduce(lost) { min($0, $1.score.excess) }
        if goal.mostLoss != nil {
            let percents = (lost * 1000).rounded() / 10
            throw CompileError("no network of those tried loses so little: \(percents) % is the least")
        }
        let reached = least.isFinite ? ": an NS-ACE of \(Int(least.rounded(.up))) is the least" : ""
        throw CompileError("no network of those tried keeps all limits on the whole log\(reached)")
    }
}

/// Numbers in an order in which any first few lie evenly among all: by the fractional parts of multiples of the golden ratio.
private func spread(_ numbers: [Int]) -> [Int] {
    let places = numbers.indices.map { (Double($0) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1) }
    return numbers.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { numbers[$0] }
}
