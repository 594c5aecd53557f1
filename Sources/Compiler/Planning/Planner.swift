import NIR

/// Limits that a planned network has to keep; nil for none.
public struct BitBudget: Sendable {
    /// NS-ACE per result, on the whole calibration log.
    public var nsAce: Double?
    public var modelBytes: Int?
    public var arenaBytes: Int?

    public init(nsAce: Double?, modelBytes: Int?, arenaBytes: Int?) {
        (self.nsAce, self.modelBytes, self.arenaBytes) = (nsAce, modelBytes, arenaBytes)
    }
}

/// What the planner found.
public struct PlanReport: Encodable, Sendable {
    public struct Row: Encodable, Sendable {
        /// Weight bits by layer, state bits by population.
        public let weights: [String: Int]
        /// Layers stored as lists of synapses because of the bit budget.
        public let sparse: [String]
        public let state: [String: Int]
        public let modelBytes: Int
        public let arenaBytes: Int
        /// On the half of the log that the search saw, and on the other.
        public let search: Score
        public let heldOut: Score?
        /// The width that all weights share; nil where they differ.
        public let uniformBits: Int?
        public let isOnFrontier: Bool
        public let isChosen: Bool
    }
    public let layers: [String]
    /// By NS-ACE: the networks that none of those tried beats in loss and what is limited, the uniform ones, the chosen one.
    public let rows: [Row]
    public let evaluations: Int
}

/// Chooses weight bits and state widths per layer (docs/planner.md).
///
/// Search: uniform widths; from the best of them the effect of every single change; greedy steps down to the cheapest network,
/// the most promising of which are measured; then changes and exchanges around the best network within the budget.
public struct Planner {
    private let compile: (CompileOptions) throws(CompileError) -> Compiled
    private let options: CompileOptions
    private let calibration: Calibration
    private let budget: BitBudget
    private let progress: (String) -> Void
    private let layers: [String]
    private let populations: [String]
    /// Choices per layer and population, ascending; one where the user has fixed it.
    private let widths: [[Int]]
    private let states: [[StateBits]]
    /// Layers that may be stored as lists of synapses, so that weights of 0 cost no NS-ACE: matrices, under a bit budget.
    private let listable: [Int]
    private let (searched, heldOut): ([Int], [Int])
    private var known: [Plan: Outcome?] = [:]
    /// In the order of evaluation.
    private var outcomes: [Outcome] = []

    private static let evaluationLimit = 400
    /// Steps measured for each one that is taken.
    private static let breadth = 3

    /// - Parameters:
    ///   - options: with a calibration; their exceptions stay as they are.
    ///   - progress: receives what to tell while the search runs.
    public init(
        _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions,
        _ calibration: Calibration,
        _ budget: BitBudget, progress: @escaping (String) -> Void = { _ in }
    ) throws(CompileError) {
        let lowered = try Lowered(graph, schedule, dialect: dialect, dt: dt)
        try options.check(for: lowered)
        compile = { options throws(CompileError) in
            try Compilation(lowered, dialect: dialect, dt: dt, options).compiled
        }
        (self.options, self.calibration, self.budget, self.progress) = (options, calibration, budget, progress)
        let names = lowered.matrixNames
        layers = names.map(\.description).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        populations = lowered.populations.map(\.name)
        let terms = lowered.populations.flatMap(\.terms)
        widths = layers.map { layer in
            let fixed = names.first { $0.description == layer }.flatMap {
                options.weights.exceptions[layer] ?? options.weights.exceptions[$0.into]
            }
            let hasZeros = zip(names, terms).contains { $0.description == layer && $1.map.hasZeros }
            return fixed.map { [$0] } ?? (hasZeros ? [2, 4, 8, 16] : [1, 2, 4, 8, 16])
        }
        func isDense(_ map: LinearMap) -> Bool { if case .dense = map { true } else { false } }
        listable = layers.enumerated().filter { _, layer in
            budget.nsAce != nil && zip(names, terms).allSatisfy { $0.description != layer || isDense($1.map) }
        }.map(\.offset)
        // States cost bytes, but no NS-ACE.
        let isFree = budget.arenaBytes != nil || budget.modelBytes != nil
        states = populations.map { name in
            isFree && options.state.exceptions[name] == nil && options.state.common == .automatic
                ? [.narrow, .wide] : [options.state[name]]
        }
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
        let uniform = uniformPlans.compactMap { measure($0) }
        guard let start = uniform.min(by: { ($0.loss, -$0.bits) < ($1.loss, -$1.bits) }) else {
            throw CompileError("no uniform width can be compiled")
        }
        _ = measure(floor)
        try checkReachable()
        let effects = effects(around: start)
        descend(from: start, effects)
        if let best = feasible.first { improve(best, effects) }
        let (chosen, scores) = try choose()
        return (options(of: chosen.plan), report(chosen, scores, uniform))
    }

    // MARK: Plans

    private struct Plan: Hashable {
        var widths: [Int]
        var states: [StateBits]
        /// Layers stored as lists of synapses, ascending.
        var listed: [Int] = []
        /// For ties.
        var order: String { "\(widths)\(states)\(listed)" }
    }

    private struct Outcome {
        let plan: Plan
        let number: Int
        let modelBytes: Int
        let arenaBytes: Int
        let score: Score

        var loss: Double { score.loss }
        var bits: Int { plan.widths.reduce(0, +) }
        /// NS-ACE per result, bytes of the model, bytes of the arena.
        var costs: [Double] { [score.nsAcePerResult, Double(modelBytes), Double(arenaBytes)] }
    }

    private var limits: [Double?] {
        [budget.nsAce, budget.modelBytes.map(Double.init), budget.arenaBytes.map(Double.init)]
    }

    /// Every layer as near to a width as it may be; once per choice of all states.
    private var uniformPlans: [Plan] {
        let widest = Plan(widths: widths.map { $0.last! }, states: states.map { $0.last! })
        let narrowest = Plan(widths: widest.widths, states: states.map { $0.first! })
        return (widest == narrowest ? [widest] : [widest, narrowest]).flatMap { like in
            [16, 8, 4, 2, 1].map { bits in
                Plan(widths: widths.map { $0.last { $0 <= bits } ?? $0[0] }, states: like.states)
            }
        }
    }

    private var floor: Plan { Plan(widths: widths.map { $0[0] }, states: states.map { $0[0] }) }

    private func options(of plan: Plan) -> CompileOptions {
        var options = self.options
        for (layer, bits) in zip(layers, plan.widths) { options.weights.exceptions[layer] = bits }
        options.sparse.formUnion(plan.listed.map { layers[$0] })
        for (population, state) in zip(populations, plan.states) { options.state.exceptions[population] = state }
        return options
    }

    private func player(_ plan: Plan) -> Player? { (try? compile(options(of: plan))).flatMap { try? Player($0.bytes) } }

    /// Nil for what cannot be compiled.
    private mutating func measure(_ plan: Plan) -> Outcome? {
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

    /// Those within the budget, the best first.
    private var feasible: [Outcome] {
        outcomes.filter { outcome in zip(outcome.costs, limits).allSatisfy { $0 <= $1 ?? .infinity } }
            .sorted { ($0.loss, $0.costs[0], $0.number) < ($1.loss, $1.costs[0], $1.number) }
    }

    private func checkReachable() throws(CompileError) {
        let names = ["an NS-ACE of", "model bytes of", "arena bytes of"]
        for (at, limit) in limits.enumerated() {
            let least = outcomes.map { $0.costs[at] }.min()!
            if let limit, least > limit {
                throw CompileError(
                    "no choice of widths keeps \(names[at]) \(Int(limit)): \(Int(least.rounded(.up))) is the least")
            }
        }
    }

    // MARK: Search

    /// One change of a plan: a layer's width, a population's state, or a list of synapses for a layer.
    private enum Change: Hashable {
        case list(Int)
        case width(Int, Int)
        case state(Int, StateBits)

        func applied(to plan: Plan) -> Plan {
            var plan = plan
            switch self {
            case .list(let layer): plan.listed = (plan.listed + [layer]).sorted()
            case .width(let layer, let bits): plan.widths[layer] = bits
            case .state(let population, let state): plan.states[population] = state
            }
            return plan
        }
    }

    private func changes(of plan: Plan) -> [Change] {
        plan.widths.indices.flatMap { layer in
            widths[layer].filter { $0 != plan.widths[layer] }.map { .width(layer, $0) }
        }
            + plan.states.indices.flatMap { i in states[i].filter { $0 != plan.states[i] }.map { .state(i, $0) } }
    }

    /// What a plan would come to if changes added up: loss and costs above those of the start, change by change.
    private typealias Effects = [Change: [Double]]

    private mutating func effects(around start: Outcome) -> Effects {
        let base = [start.loss] + start.costs
        var effects: Effects = [:]
        for change in changes(of: start.plan) {
            guard let outcome = measure(change.applied(to: start.plan)) else { continue }
            effects[change] = zip([outcome.loss] + outcome.costs, base).map { $0 - $1 }
        }
        for (layer, bits) in start.plan.widths.enumerated() { effects[.width(layer, bits)] = [0, 0, 0, 0] }
        for (i, state) in start.plan.states.enumerated() { effects[.state(i, state)] = [0, 0, 0, 0] }
        return effects
    }

    /// Predicted loss and costs of a plan that differs from a measured one; nil where a change cannot be compiled.
    private func predicted(_ plan: Plan, from outcome: Outcome, _ effects: Effects) -> [Double]? {
        var total = [outcome.loss] + outcome.costs
        func add(_ new: Change, _ old: Change) -> Bool {
            if new == old { return true }
            guard let gained = effects[new], let lost = effects[old] else { return false }
            for i in total.indices { total[i] += gained[i] - lost[i] }
            return true
        }
        for (layer, bits) in plan.widths.enumerated()
        where !add(.width(layer, bits), .width(layer, outcome.plan.widths[layer])) { return nil }
        for (i, state) in plan.states.enumerated() where !add(.state(i, state), .state(i, outcome.plan.states[i])) {
            return nil
        }
        return total
    }

    /// How much of the limits a step saves: of those not kept yet, or of all.
    private func saving(from: [Double], to: [Double]) -> Double {
        let isOver = zip(from, limits).contains { $0 > $1 ?? .infinity }
        return zip(zip(from, to), limits).reduce(0) { sum, step in
            guard let limit = step.1, !isOver || step.0.0 > limit else { return sum }
            return sum + (step.0.0 - step.0.1) / max(1, limit)
        }
    }

    /// Greedy steps: of the few that should lose least for what they save, the one that does, down to the floor.
    private mutating func descend(from start: Outcome, _ effects: Effects) {
        var current = start
        while outcomes.count < Planner.evaluationLimit {
            let costs = current.costs
            let steps = changes(of: current.plan).compactMap { change -> (plan: Plan, price: Double)? in
                let plan = change.applied(to: current.plan)
                guard let total = predicted(plan, from: current, effects) else { return nil }
                let saved = saving(from: costs, to: Array(total[1...]))
                return saved > 1e-9 ? (plan, max(0, total[0] - current.loss) / saved) : nil
            }
            let promising = steps.enumerated().sorted { ($0.element.price, $0.offset) < ($1.element.price, $1.offset) }
            var best: (outcome: Outcome, price: Double)?
            for step in promising.prefix(Planner.breadth) {
                guard let outcome = measure(step.element.plan) else { continue }
                let saved = saving(from: costs, to: outcome.costs)
                let price = saved > 1e-9 ? (outcome.loss - current.loss) / saved : .infinity
                if price < best?.price ?? .infinity { best = (outcome, price) }
            }
            guard let best else { return }
            current = best.outcome
        }
    }

    /// Changes, and exchanges of two, around the best network within the budget, until none of the likely ones is better.
    private mutating func improve(_ start: Outcome, _ effects: Effects) {
        var best = start
        var staleRounds = 0
        while outcomes.count < Planner.evaluationLimit, staleRounds < 2 {
            var plans: [Plan: Double] = [:]
            func changesAndLists(_ plan: Plan) -> [Change] {
                changes(of: plan) + listable.filter { !plan.listed.contains($0) }.map { .list($0) }
            }
            func consider(_ plan: Plan) {
                guard known[plan] == nil, plans[plan] == nil, let total = predicted(plan, from: best, effects) else {
                    return
                }
                // Costs do not quite add up, and what a list saves is not known before: hardly more than a tenth.
                let slack = 1.02 + 0.1 * Double(plan.listed.count - best.plan.listed.count)
                if zip(total[1...], limits).allSatisfy({ $0 <= ($1 ?? .infinity) * slack }) { plans[plan] = total[0] }
            }
            for change in changesAndLists(best.plan) {
                let plan = change.applied(to: best.plan)
                consider(plan)
                for second in changesAndLists(plan) { consider(second.applied(to: plan)) }
            }
            let likely = plans.sorted { ($0.value, $0.key.order) < ($1.value, $1.key.order) }
            for plan in likely.prefix(4 * Planner.breadth) { _ = measure(plan.key) }
            staleRounds = plans.isEmpty || feasible[0].number == best.number ? staleRounds + 1 : 0
            best = feasible[0]
        }
    }

    // MARK: PerLayer

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

    private func report(_ chosen: Outcome, _ scores: [Int: Score], _ uniform: [Outcome]) -> PlanReport {
        let limited = limits.indices.filter { limits[$0] != nil }
        func beats(_ a: Outcome, _ b: Outcome) -> Bool {
            let pairs = [(a.loss, b.loss)] + limited.map { (a.costs[$0], b.costs[$0]) }
            return pairs.allSatisfy { $0 <= $1 } && (pairs.contains { $0 < $1 } || a.number < b.number)
        }
        let shown = outcomes.compactMap { outcome -> PlanReport.Row? in
            let isOnFrontier = !outcomes.contains { $0.number != outcome.number && beats($0, outcome) }
            let isUniform = uniform.contains { $0.number == outcome.number }
            guard isOnFrontier || isUniform || outcome.number == chosen.number else { return nil }
            let other = scores[outcome.number] ?? player(outcome.plan).map { Score($0, calibration, heldOut) }
            let free = widths.indices.filter { widths[$0].count > 1 }.map { outcome.plan.widths[$0] }
            return PlanReport.Row(
                weights: Dictionary(uniqueKeysWithValues: zip(layers, outcome.plan.widths)),
                sparse: outcome.plan.listed.map { layers[$0] },
                state: Dictionary(
                    zip(populations, outcome.plan.states.map(\.rawValue)), uniquingKeysWith: { first, _ in first }),
                modelBytes: outcome.modelBytes, arenaBytes: outcome.arenaBytes, search: outcome.score,
                heldOut: heldOut.isEmpty ? nil : other,
                uniformBits: Set(free).count == 1 && outcome.plan.listed.isEmpty ? free[0] : nil,
                isOnFrontier: isOnFrontier, isChosen: outcome.number == chosen.number)
        }
        return PlanReport(
            layers: layers, rows: shown.sorted { $0.search.nsAcePerResult < $1.search.nsAcePerResult },
            evaluations: outcomes.count)
    }
}
