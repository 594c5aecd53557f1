/// A plan is one choice of widths.
struct Plan: Hashable {
    /// Weight bits, layer by layer.
    var widths: [Int]
    /// State widths, population by population.
    var states: [StateBits]
    /// Layers stored as lists of synapses, ascending.
    var listed: [Int] = []
    /// Decides between plans that are equally good.
    var order: String { "\(widths)\(states)\(listed)" }
}

/// An outcome is what a plan's network costs, and what it loses on the half of the log that the search sees.
struct Outcome {
    let plan: Plan
    /// Place in the order of evaluation.
    let number: Int
    let modelBytes: Int
    let arenaBytes: Int
    let score: Score

    var loss: Double { score.loss }
    var bits: Int { plan.widths.reduce(0, +) }
    /// NS-ACE per result, bytes of the model, bytes of the arena.
    var costs: [Double] { [score.nsAcePerResult, Double(modelBytes), Double(arenaBytes)] }
}

/// A change is one step from plan to plan: a layer's width, a population's state, or a list of synapses for a layer.
enum Change: Hashable {
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
