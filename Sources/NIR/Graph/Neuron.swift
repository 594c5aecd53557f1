/// The neurons of NIR, all with per-neuron parameters of one shape. In continuous time:
///
///     I:       v̇ = R·x                            IF:  the same with spikes
///     LI:      τ·v̇ = v_leak − v + R·x              LIF: the same with spikes
///     CubaLI:  τ_syn·İ = −I + w_in·x,  τ_mem·v̇ = v_leak − v + R·I      CubaLIF: the same with spikes
///     spikes:  z = 1 where v > v_threshold, which resets v to v_reset
///
/// and of an extension (docs/nir.md) ALIF and CubaALIF, LIF and CubaLIF whose threshold adapts: τ_adaptation·ȧ = −a, spikes where
/// v > v_threshold + a, each of which adds `adaptation` to a.
public struct Neuron: Sendable {
    public enum Kind: String, Sendable {
        case i = "I"
        case integrateAndFire = "IF"
        case li = "LI"
        case lif = "LIF"
        case cubaLI = "CubaLI"
        case cubaLIF = "CubaLIF"
        case adaptiveLIF = "snnrt.ALIF"
        case adaptiveCubaLIF = "snnrt.CubaALIF"

        public var fires: Bool { self == .integrateAndFire || self == .lif || self == .cubaLIF || adapts }
        public var leaks: Bool { self != .i && self != .integrateAndFire }
        public var hasSynapses: Bool { self == .cubaLI || self == .cubaLIF || self == .adaptiveCubaLIF }
        /// Spikes raise the threshold for a while.
        public var adapts: Bool { self == .adaptiveLIF || self == .adaptiveCubaLIF }
    }

    public var kind: Kind
    /// Shape of the population; every tensor below has it.
    public var shape: [Int]
    /// Membrane time constant in seconds; empty for I and IF. Infinite where R is too: R = τ/dt of a neuron without leak.
    public var tau: Tensor?
    /// Synaptic time constant in seconds and input weight; CuBa only.
    public var tauSynapse: Tensor?
    public var inputWeight: Tensor?
    /// R, per neuron.
    public var resistance: Tensor
    /// Leak voltage; empty for I and IF.
    public var leak: Tensor?
    /// Threshold and reset voltage of neurons that fire.
    public var threshold: Tensor?
    public var reset: Tensor?
    /// Time constant in seconds of what spikes add to the threshold, and how much each adds; neurons that adapt only.
    public var tauAdaptation: Tensor?
    public var adaptation: Tensor?

    /// Neurons.
    public var count: Int { shape.reduce(1, *) }
}
