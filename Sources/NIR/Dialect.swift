/// A dialect is what NIR leaves open and each framework decides for itself: the step from continuous to discrete time, and
/// when and how a spike resets its neuron. docs/dialects.md says which framework's output each was held to. x is a neuron's
/// input, k = dt/τ, θ its threshold.
public struct Dialect: Equatable, Sendable {
    /// How a leaky membrane takes a step.
    public enum Step: Sendable {
        /// v += k·((v_leak − v) + R·x)
        case difference
        /// v = (1 − k)·v + k·R·x
        case euler
        /// v = (1 − k)·v + k·R·x + k·v_leak: snnrt's own, into which any framework's step can be written.
        case canonical
        /// v = (1 − k)·v + x, in units of k·R, the threshold too: snnTorch's own form.
        case unitInput
        /// v = (1 − k)·v + x, whatever R
        case sum
        /// v = e^(−k)·v + k·R·x
        case exponentialDecay
        /// v = e^(−k)·v + x, whatever R
        case exponentialSum
        /// v = e^(−k)·v + (1 − e^(−k))·R·x: the exact solution
        case exponential
        /// v += (R·x/θ − v)·(1 − e^(−k)), in units of θ
        case exponentialInThresholds

        /// True where a tick leaves e^(−k) of a state, not 1 − k.
        var isExponential: Bool {
            switch self {
            case .difference, .euler, .canonical, .unitInput, .sum: false
            case .exponentialDecay, .exponentialSum, .exponential, .exponentialInThresholds: true
            }
        }
    }
    /// How a synaptic current takes its input, k = dt/τ_syn; its decay is the membrane's kind.
    public enum Synapse: Sendable {
        /// I = (1 − k)·I + k·w_in·x
        case step
        /// I = (1 − k)·I + w_in·x
        case jump
        /// I = e^(−k)·(I + w_in·x)
        case jumpThenDecay
    }
    /// What a spike does to its membrane.
    public enum Reset: String, Sendable, CaseIterable {
        case subtract, zero
        /// Subtraction at the instant within the tick at which the membrane passes the threshold.
        case inside
        /// Nothing: the membrane goes on.
        case never = "none"
    }
    /// When a spike resets its membrane.
    public enum ResetDelay: String, Sendable, CaseIterable {
        /// In the tick of the spike.
        case same
        /// In the next tick, before the threshold is looked at again.
        case next
    }
    /// How a file gives away the length of a tick.
    public enum Clock: Equatable, Sendable {
        /// Exporters for discrete frameworks write R = τ/dt, and for neurons without leak R = 1/dt.
        case ratio
        /// R = e^(−k)/k
        case decayedRatio
        /// The exporter's own default, as a file reads it.
        case fixed(Double)
        /// `ratio`, and the exporter's own default where R does not say it.
        case ratioOr(Double)
    }

    public var name: String
    public var step: Step
    public var reset: Reset
    public var resetDelay: ResetDelay
    public var synapse = Synapse.step
    /// The reset delay of neurons with a synaptic current, where theirs differs.
    public var currentResetDelay: ResetDelay?
    /// Neurons with a synaptic current and a reset to zero in the next tick: that tick's input is lost with the membrane.
    public var losesInputAtReset = false
    /// Subtracting in the same tick: a membrane that is still beyond θ fires again only beyond 2θ. Integers do not have this.
    public var holdsBackAfterSubtraction = false
    /// A spike where v ≥ θ, not only beyond.
    public var firesAtThreshold = false
    /// Bits of a tick's spikes, 1 to 8: with more than 1 a neuron fires once for each θ in v.
    public var spikeBits: UInt8 = 1
    /// Neurons without leak: v += dt·R·x, not R·x.
    public var integratesSeconds = false
    /// Membranes start at v_leak, not at 0.
    public var startsAtLeak = false
    public var clock = Clock.ratio
    /// Ticks by which input reaches the first nodes late.
    public var inputDelay = 0
    /// Ticks by which spikes are reported late.
    public var spikeDelay = 0
    /// Traits that single nodes have instead, by the node's name.
    public var exceptions: [String: Traits] = [:]

    /// Traits are what can be said of a dialect's neurons one by one, by a file, by a node in it or on the command line.
    public struct Traits: Equatable, Sendable {
        public var reset: Reset?
        public var resetDelay: ResetDelay?
        public var firesAtThreshold: Bool?
        public var spikeBits: UInt8?

        public init(
            reset: Reset? = nil, resetDelay: ResetDelay? = nil, firesAtThreshold: Bool? = nil, spikeBits: UInt8? = nil
        ) {
            (self.reset, self.resetDelay) = (reset, resetDelay)
            (self.firesAtThreshold, self.spikeBits) = (firesAtThreshold, spikeBits)
        }

        /// These traits, and where they say nothing those of `weaker`.
        func filled(from weaker: Traits) -> Traits {
            Traits(
                reset: reset ?? weaker.reset, resetDelay: resetDelay ?? weaker.resetDelay,
                firesAtThreshold: firesAtThreshold ?? weaker.firesAtThreshold,
                spikeBits: spikeBits ?? weaker.spikeBits)
        }

        /// These traits, less those that `stronger` says.
        func yielding(to stronger: Traits) -> Traits {
            Traits(
                reset: stronger.reset == nil ? reset : nil, resetDelay: stronger.resetDelay == nil ? resetDelay : nil,
                firesAtThreshold: stronger.firesAtThreshold == nil ? firesAtThreshold : nil,
                spikeBits: stronger.spikeBits == nil ? spikeBits : nil)
        }
    }

    /// Gives all neurons these traits, single nodes included.
    public mutating func set(_ traits: Traits) {
        reset = traits.reset ?? reset
        if let delay = traits.resetDelay { (resetDelay, currentResetDelay) = (delay, nil) }
        firesAtThreshold = traits.firesAtThreshold ?? firesAtThreshold
        spikeBits = traits.spikeBits ?? spikeBits
        exceptions = exceptions.mapValues { $0.yielding(to: traits) }.filter { $0.value != Traits() }
    }

    /// This dialect as a file's settings and a command line make it: what the line says goes before a node's own, that before what
    /// the file says of all.
    public func settled(by settings: Settings, line: Traits = Traits()) -> Dialect {
        var dialect = self
        dialect.set(settings.traits)
        dialect.exceptions = settings.traitsOfNodes
        dialect.set(line)
        return dialect
    }

    /// The dialect of one node: this one, with the node's own traits.
    public func of(_ node: String) -> Dialect {
        guard let own = exceptions[node] else { return self }
        var dialect = self
        dialect.exceptions = [:]
        dialect.set(own)
        return dialect
    }

    /// When neurons of a kind are reset.
    public func resetDelay(of kind: NIR.Neuron.Kind) -> ResetDelay {
        kind.hasSynapses ? currentResetDelay ?? resetDelay : resetDelay
    }

    /// True where neurons of a kind do nothing in the tick behind a spike.
    public func pauses(_ kind: NIR.Neuron.Kind) -> Bool {
        losesInputAtReset && kind.hasSynapses && reset == .zero && resetDelay(of: kind) == .next
    }
}
