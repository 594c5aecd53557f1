extension Planner {
    /// What a plan would come to if changes did not know of each other: change by change, loss and excess above those of the
    /// start, and costs as shares of its costs, since bits of weights and of values multiply.
    typealias Effects = [Change: [Double]]

    /// Losses, which add up, before costs, which multiply.
    private static let lossCount = 2

    /// Loss, excess and costs.
    private func values(_ outcome: Outcome) -> [Double] { [outcome.loss, outcome.score.excess] + outcome.costs }

    mutating func effects(around start: Outcome) -> Effects {
        var effects: Effects = [:]
        for change in space.changes(of: start.plan) {
            guard let outcome = measure(change.applied(to: start.plan)) else { continue }
            effects[change] = zip(values(outcome), values(start)).enumerated().map { i, pair in
                i < Planner.lossCount ? pair.0 - pair.1 : (pair.0 + 1e-9) / (pair.1 + 1e-9)
            }
        }
        for change in start.plan.ownChanges {
            effects[change] = values(start).indices.map { $0 < Planner.lossCount ? 0 : 1 }
        }
        return effects
    }

    /// Predicted loss, excess and costs of a plan that differs from a measured one; nil where a change cannot be compiled.
    private func predicted(_ plan: Plan, from outcome: Outcome, _ effects: Effects) -> [Double]? {
        var total = values(outcome)
        for step in plan.steps(from: outcome.plan) {
            guard let gained = effects[step.new], let lost = effects[step.old] else { return nil }
            for i in total.indices {
                total[i] = i < Planner.lossCount ? total[i] + gained[i] - lost[i] : total[i] * gained[i] / lost[i]
            }
        }
        return total
    }

    /// How much of the costs that count a step saves, as shares of their limits or of what is spent: of those over their limit,
    /// or of all.
    private func saving(from: [Double], to: [Double]) -> Double {
        let isOver = zip(from, goal.limits).contains { $0 > $1 ?? .infinity }
        return goal.counted.reduce(0) { sum, cost in
            if isOver && from[cost] <= goal.limits[cost] ?? .infinity { return sum }
            return sum + (from[cost] - to[cost]) / max(1, goal.limits[cost] ?? from[cost])
        }
    }

    /// Greedy steps: of the few that should lose least for what they save, the one that does, down to where nothing is left to
    /// win.
    mutating func descend(from start: Outcome, _ effects: Effects) {
        var current = start
        while outcomes.count < Planner.evaluationLimit {
            if let best = feasible.first, current.loss > best.loss + Planner.hopeless { return }
            let costs = current.costs
            let steps = space.changes(of: current.plan).compactMap { change -> (plan: Plan, price: Double)? in
                let plan = change.applied(to: current.plan)
                guard let total = predicted(plan, from: current, effects) else { return nil }
                let saved = saving(from: costs, to: Array(total[2...]))
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

    /// Changes, and exchanges of two, around the best network that keeps the goal, until none of the likely ones is better: by
    /// predicted loss, or, where no more is lost than may be, by predicted cost.
    mutating func improve(_ start: Outcome, _ effects: Effects) {
        var best = start
        var staleRounds = 0
        let first = goal.firstCost + 2
        while outcomes.count < Planner.evaluationLimit, staleRounds < 2 {
            let byCost = goal.rank(best.score) == 0
            var plans: [Plan: Double] = [:]
            func changesAndLists(_ plan: Plan) -> [Change] {
                space.changes(of: plan) + space.listable.filter { !plan.listed.contains($0) }.map { .list($0) }
            }
            func consider(_ plan: Plan) {
                guard known[plan] == nil, plans[plan] == nil, let total = predicted(plan, from: best, effects) else {
                    return
                }
                // Costs do not quite add up, and what a list saves is not known before: hardly more than a tenth.
                let listed = 0.1 * Double(plan.listed.count - best.plan.listed.count)
                guard goal.keepsLimits(Array(total[2...]), slack: 1.02 + listed) else { return }
                if !byCost {
                    plans[plan] = total[0]
                } else if total[first] * (1 - listed) < best.costs[goal.firstCost],
                    total[1] <= max(goal.mostLoss ?? 0, best.score.excess) + 0.01
                {
                    plans[plan] = total[first] * (1 - listed)
                }
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
}
