import Foundation

/// What NIR leaves open and each framework decides for itself: the step from continuous to discrete time, and when and how
/// a spike resets its neuron. docs/dialects.md says which framework's output each was held to. x is a neuron's input,
/// k = dt/τ, θ its threshold.
public struct Dialect: Equatable, Sendable {
    /// How a leaky membrane takes a step.
    public enum Step: Sendable {
        /// v += k·((v_leak − v) + R·x)
        case difference
        /// v = (1 − k)·v + k·R·x
        case euler
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

        /// Whether a tick leaves e^(−k) of a state, or 1 − k.
        var isExponential: Bool {
            switch self {
            case .difference, .euler, .unitInput, .sum: false
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
    public enum Reset: String, Sendable, CaseIterable {
        case subtract, zero
        /// Subtraction at the instant within the tick at which the membrane passes the threshold.
        case inside
    }
    public enum ResetDelay: String, Sendable, CaseIterable {
        /// In the tick of the spike.
        case same
        /// In the next tick, before the threshold is looked at again.
        case next
    }
    /// What the file says of the length of a tick.
    public enum Clock: Equatable, Sendable {
        /// Exporters for discrete frameworks write R = τ/dt, and for neurons without leak R = 1/dt.
        case ratio
        /// R = e^(−k)/k
        case decayedRatio
        /// The exporter's own default, as a file reads it.
        case fixed(Double)
    }

    public var name: String
    public var step: Step
    public var reset: Reset
    public var resetDelay: ResetDelay
    public var synapse = Synapse.step
    /// Of neurons with a synaptic current, where it differs.
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

    /// One per framework as the NIR paper ran its files there, and NAME-export for the files of a framework's own exporter
    /// where those mean something else.
    public static let all: [Dialect] = [
        Dialect(name: "norse", step: .difference, reset: .zero, resetDelay: .same, startsAtLeak: true),
        // Its τ are multiplied by dt once more: dt is 1e-3 in both of its defaults.
        Dialect(
            name: "norse-export", step: .difference, reset: .zero, resetDelay: .same, synapse: .jump,
            startsAtLeak: true, clock: .fixed(1e-6)),
        Dialect(
            name: "snntorch", step: .unitInput, reset: .zero, resetDelay: .same, losesInputAtReset: true,
            holdsBackAfterSubtraction: true),
        Dialect(
            name: "spyx", step: .euler, reset: .subtract, resetDelay: .next, currentResetDelay: .same, spikeDelay: 1),
        Dialect(
            name: "spyx-export", step: .sum, reset: .subtract, resetDelay: .next, synapse: .jump,
            currentResetDelay: .same, clock: .fixed(1),
            spikeDelay: 1),
        Dialect(
            name: "spikingjelly", step: .difference, reset: .zero, resetDelay: .same, firesAtThreshold: true,
            integratesSeconds: true,
            startsAtLeak: true),
        Dialect(name: "rockpool", step: .exponentialDecay, reset: .subtract, resetDelay: .same),
        Dialect(
            name: "rockpool-export", step: .exponentialSum, reset: .subtract, resetDelay: .same,
            synapse: .jumpThenDecay,
            firesAtThreshold: true, spikeBits: 4, clock: .decayedRatio),
        Dialect(name: "sinabs", step: .exponentialDecay, reset: .subtract, resetDelay: .same),
        Dialect(
            name: "sinabs-export", step: .exponential, reset: .subtract, resetDelay: .same, firesAtThreshold: true,
            spikeBits: 4,
            clock: .fixed(1)),
        Dialect(
            name: "sinabs-export-unnormalized", step: .exponentialSum, reset: .subtract, resetDelay: .same,
            firesAtThreshold: true,
            spikeBits: 4, clock: .fixed(1)),
        Dialect(name: "nengo", step: .exponentialInThresholds, reset: .zero, resetDelay: .same),
        Dialect(name: "spinnaker2", step: .euler, reset: .zero, resetDelay: .same),
        Dialect(name: "lava", step: .difference, reset: .zero, resetDelay: .same, inputDelay: 1),
        Dialect(name: "exact", step: .exponential, reset: .inside, resetDelay: .same),
    ]

    public static func named(_ name: String) -> Dialect? { all.first { $0.name == name } }

    /// A neuron in discrete time, in units of `unit` of its threshold:
    ///
    ///     I = currentKeep·I + currentGain·x           with a synaptic current; else I = x
    ///     v = keep·v + gain·I + drive
    public struct Neuron {
        public var keep = 1.0
        public var gain: Double
        public var drive = 0.0
        public var unit = 1.0
        public var currentKeep = 0.0
        public var currentGain = 1.0
    }

    /// Neurons of a population of `count`, which need not have the shape of their parameters.
    /// - Throws: a parameter that the dialect has no room for, named as a field of node `name`.
    public func neurons(_ neuron: NIR.Neuron, count: Int, dt: Double, file: String, name: String) throws(NIRError)
        -> [Neuron]
    {
        func row(_ tensor: Tensor?) -> [Double] { tensor?.values(for: count) ?? Array(repeating: 0, count: count) }
        func fail(_ field: String, _ message: String) -> NIRError { NIRError(file, "\(name)/\(field)", message) }
        if reset == .inside && (neuron.kind.hasSynapses || step != .exponential) {
            throw fail(
                "type",
                "cannot be reset inside the tick, which dialect exact does to neurons without synaptic current; give --reset"
            )
        }
        if spikeBits > 1 && neuron.kind.fires && resetDelay(of: neuron.kind) == .next {
            throw fail(
                "type",
                "fires several times a tick, which needs its reset in the same tick; give --reset-delay same or --spike-bits 1"
            )
        }
        let (tau, r, leak, threshold) = (
            row(neuron.tau), row(neuron.resistance), row(neuron.leak), row(neuron.threshold)
        )
        let (tauSynapse, weight) = (row(neuron.tauSynapse), row(neuron.inputWeight))
        var found: [Neuron] = []
        for i in 0..<count {
            guard neuron.kind.leaks else {
                // Without a time constant there is no step to choose.
                found.append(Neuron(gain: integratesSeconds ? dt * r[i] : r[i]))
                continue
            }
            let k = dt / tau[i]
            var made = Neuron(keep: step.isExponential ? exp(-k) : 1 - k, gain: 1)
            switch step {
            case .difference: (made.gain, made.drive) = (k * r[i], k * leak[i])
            case .euler, .exponentialDecay: made.gain = k * r[i]
            case .sum, .exponentialSum: break
            case .exponential: (made.gain, made.drive) = (-expm1(-k) * r[i], -expm1(-k) * leak[i])
            case .unitInput:
                if r[i] <= 0 { throw fail("r", "is \(r[i]), which dialect \(self.name) divides by") }
                made.unit = k * r[i]
            case .exponentialInThresholds:
                if neuron.kind.fires && threshold[i] <= 0 {
                    throw fail("v_threshold", "is \(threshold[i]), which dialect \(self.name) divides by")
                }
                made.unit = neuron.kind.fires ? threshold[i] : 1
                made.gain = -expm1(-k) * r[i] / made.unit
            }
            if leak[i] != 0 && step != .difference && step != .exponential {
                throw fail("v_leak", "is not 0, which dialect \(self.name) does not have")
            }
            if neuron.kind.hasSynapses {
                let k = dt / tauSynapse[i]
                made.currentKeep = step.isExponential ? exp(-k) : 1 - k
                switch synapse {
                case .step: made.currentGain = k * weight[i]
                case .jump: made.currentGain = weight[i]
                case .jumpThenDecay: made.currentGain = made.currentKeep * weight[i]
                }
            }
            found.append(made)
        }
        return found
    }

    /// Resets all neurons so, where it is said.
    public mutating func reset(_ reset: Reset?, _ delay: ResetDelay?) {
        self.reset = reset ?? self.reset
        if let delay { (resetDelay, currentResetDelay) = (delay, nil) }
    }

    /// When neurons of a kind are reset.
    public func resetDelay(of kind: NIR.Neuron.Kind) -> ResetDelay {
        kind.hasSynapses ? currentResetDelay ?? resetDelay : resetDelay
    }

    /// Whether neurons of a kind do nothing in the tick behind a spike.
    public func pauses(_ kind: NIR.Neuron.Kind) -> Bool {
        losesInputAtReset && kind.hasSynapses && reset == .zero && resetDelay(of: kind) == .next
    }
}
