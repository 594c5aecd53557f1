/// An input width is how an input's samples become values.
struct InputWidth: Hashable {
    let bits: Int
    /// Bits of the range that are given up: samples beyond saturate, and those within are as much finer.
    var clipped = 0
    /// All channels are shifted alike: one that reaches less far is coarser then, but weights of few bits need not make up for
    /// shifts that differ.
    var isShared = false
}

/// A plan is one choice of widths.
struct Plan: Hashable {
    var input: InputWidth
    /// Weight bits, layer by layer.
    var widths: [Int]
    /// State widths, population by population.
    var states: [StateBits]
    /// Layers stored as lists of synapses, ascending.
    var listed: [Int] = []
    /// Weights are rounded so that they fit the log, not to nearest.
    var fits = true
    /// Decides between plans that are equally good.
    var order: String { "\(widths)\(states)\(listed)\(input.bits) \(input.clipped) \(input.isShared)" }
}

/// An outcome is what a plan's network costs, and what it loses on the half of the log that the search sees.
struct Outcome {
    let plan: Plan
    /// Place in the order of evaluation.
    let number: Int
    let modelBytes: Int
    let arenaBytes: Int
    /// Of an average tick; 0 where they are not asked for.
    let instructions: Double
    let score: Score
    /// The score is of all windows, not only of those that showed that the network is beaten.
    let isComplete: Bool

    var loss: Double { score.loss }
    var bits: Int { plan.widths.reduce(plan.input.bits, +) }
    /// NS-ACE per result, bytes of the model, bytes of the arena, instructions of a tick.
    var costs: [Double] { [score.nsAcePerResult, Double(modelBytes), Double(arenaBytes), instructions] }
}

/// A change is one step from plan to plan: the input's width, a layer's, a population's state, or a list of synapses for a layer.
enum Change: Hashable {
    case list(Int)
    case input(InputWidth)
    case width(Int, Int)
    case state(Int, StateBits)

    func applied(to plan: Plan) -> Plan {
        var plan = plan
        switch self {
        case .list(let layer): plan.listed = (plan.listed + [layer]).sorted()
        case .input(let width): plan.input = width
        case .width(let layer, let bits): plan.widths[layer] = bits
        case .state(let population, let state): plan.states[population] = state
        }
        return plan
    }
}

extension Plan {
    /// The changes that lead from another plan to this one, lists apart, each beside the one that would lead back.
    func steps(from other: Plan) -> [(new: Change, old: Change)] {
        var steps: [(new: Change, old: Change)] = input == other.input ? [] : [(.input(input), .input(other.input))]
        for (layer, bits) in widths.enumerated() where bits != other.widths[layer] {
            steps.append((.width(layer, bits), .width(layer, other.widths[layer])))
        }
        for (i, state) in states.enumerated() where state != other.states[i] {
            steps.append((.state(i, state), .state(i, other.states[i])))
        }
        return steps
    }

    /// What this plan has, as changes: those that make no difference.
    var ownChanges: [Change] {
        [.input(input)] + widths.enumerated().map { .width($0, $1) } + states.enumerated().map { .state($0, $1) }
    }
}
