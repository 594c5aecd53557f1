/// What NIR leaves open and each framework decides for itself: the step from continuous to discrete time, and when and how
/// a spike resets its neuron. x is a neuron's input, k = dt/τ, θ its threshold; every dialect compares strictly.
public struct Dialect: Equatable, Sendable {
    /// How a leaky membrane takes a step.
    public enum Step: Sendable {
        /// v += k·((v_leak − v) + R·x)
        case difference
        /// v = (1 − k)·v + k·R·x
        case euler
        /// v = (1 − k)·v + x, in units of k·R, the threshold too: snnTorch's own form.
        case unitInput
        /// v = e^(−k)·v + k·R·x
        case exponentialDecay
        /// v += (R·x/θ − v)·(1 − e^(−k)), in units of θ
        case exponentialInThresholds
    }
    public enum Reset: String, Sendable, CaseIterable { case subtract, zero }
    public enum ResetDelay: String, Sendable, CaseIterable {
        /// In the tick of the spike.
        case same
        /// In the next tick, before the threshold is looked at again.
        case next
    }

    public var name: String
    public var step: Step
    public var reset: Reset
    public var resetDelay: ResetDelay
    /// Ticks by which input reaches the first nodes late.
    public var inputDelay = 0
    /// Ticks by which spikes are reported late.
    public var spikeDelay = 0

    /// One per framework, as its own traces show (tests hold each to them).
    public static let all: [Dialect] = [
        Dialect(name: "norse", step: .difference, reset: .zero, resetDelay: .same),
        Dialect(name: "snntorch", step: .unitInput, reset: .zero, resetDelay: .same),
        Dialect(name: "spyx", step: .euler, reset: .subtract, resetDelay: .next, spikeDelay: 1),
        Dialect(name: "rockpool", step: .exponentialDecay, reset: .subtract, resetDelay: .same),
        Dialect(name: "sinabs", step: .exponentialDecay, reset: .subtract, resetDelay: .same),
        Dialect(name: "nengo", step: .exponentialInThresholds, reset: .zero, resetDelay: .same),
        Dialect(name: "spinnaker2", step: .euler, reset: .zero, resetDelay: .same),
        Dialect(name: "lava", step: .difference, reset: .zero, resetDelay: .same, inputDelay: 1),
    ]

    public static func named(_ name: String) -> Dialect? { all.first { $0.name == name } }
}
