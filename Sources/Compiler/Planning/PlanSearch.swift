extension Planner {
    /// What a plan would come to if changes added up: loss and costs above those of the start, change by change.
    typealias Effects = [Change: [Double]]

    mutating func effects(around start: Outcome) -> Effects {
        let startValues = [start.loss] + start.costs
        var effects: Effects = [:]
        for change in space.changes(of: start.plan) {
            guard let outcome = measure(change.applied(to: start.plan)) else { continue }
            effects[change] = zip([outcome.loss] + outcome.costs, startValues).map { $0 - $1 }
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
        let isOver = zip(from, budget.limits).contains { $0 > $1 ?? .infinity }
        return zip(zip(from, to), budget.limits).reduce(0) { sum, step in
            guard let limit = step.1, !isOver || step.0.0 > limit else { return sum }
            return sum + (step.0.0 - step.0.1) / max(1, limit)
        }
    }

    /// Greedy steps: of the few that should lose least for what they save, the one that does, down to the floor.
    mutating func descend(from start: Outcome, _ effects: Effects) {
        var current = start
        while outcomes.count < Planner.evaluationLimit {
            let costs = current.costs
            let steps = space.changes(of: current.plan).compactMap { change -> (plan: Plan, price: Double)? in
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
    mutating func improve(_ start: Outcome, _ effects: Effects) {
        var best = start
        var staleRounds = 0
        while outcomes.count < Planner.evaluationLimit, staleRounds < 2 {
            var plans: [Plan: Double] = [:]
            func changesAndLists(_ plan: Plan) -> [Change] {
                space.changes(of: plan) + space.listable.filter { !plan.listed.contains($0) }.map { .list($0) }
            }
            func consider(_ plan: Plan) {
                guard known[plan] == nil, plans[plan] == nil, let total = predicted(plan, from: best, effects) else {
                    return
                }
                // Costs do not quite add up, and what a list saves is not known before: hardly more than a tenth.
                let slack = 1.02 + 0.1 * Double(plan.listed.count - best.plan.listed.count)
                if zip(total[1...], budget.limits).allSatisfy({ $0 <= ($1 ?? .infinity) * slack }) {
                    plans[plan] = total[0]
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
