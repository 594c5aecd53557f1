import Glibc

extension Dialect {
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
        /// a = adaptationKeep·a, and each tick's spikes add adaptationStep; thresholds are θ + a.
        public var adaptationKeep = 0.0
        public var adaptationStep = 0.0
    }

    /// The discrete neurons of a population of `count`, which need not have the shape of their parameters.
    ///
    /// - Throws: a parameter that the dialect has no room for, named as a field of node `name`.
    public func neurons(_ neuron: NIR.Neuron, count: Int, dt: Double, file: String, name: String) throws(NIRError)
        -> [Neuron]
    {
        func row(_ tensor: Tensor?) -> [Double] { tensor?.values(for: count) ?? Array(repeating: 0, count: count) }
        func fail(_ field: String, _ message: String) -> NIRError { NIRError(file, "\(name)/\(field)", message) }
        if reset == .inside && (neuron.kind.hasSynapses || neuron.kind.adapts || step != .exponential) {
            throw fail(
                "type",
                "cannot be reset inside the tick, which dialect exact does to neurons without synaptic current; give --reset"
            )
        }
        if spikeBits > 1 && neuron.kind.fires && reset != .never && resetDelay(of: neuron.kind) == .next {
            throw fail(
                "type",
                "fires several times a tick, which needs its reset in the same tick; give --reset-delay same or --spike-bits 1"
            )
        }
        if neuron.kind.adapts && resetDelay(of: neuron.kind) == .next {
            throw fail(
                "type", "adapts its threshold, which needs its reset in the same tick; give --reset-delay same")
        }
        let (tau, r, leak, threshold) = (
            row(neuron.tau), row(neuron.resistance), row(neuron.leak), row(neuron.threshold)
        )
        let (tauSynapse, weight) = (row(neuron.tauSynapse), row(neuron.inputWeight))
        var neurons: [Neuron] = []
        for i in 0..<count {
            guard neuron.kind.leaks else {
                // Without a time constant there is no step to choose.
                neurons.append(Neuron(gain: integratesSeconds ? dt * r[i] : r[i]))
                continue
            }
            let k = dt / tau[i]
            var discrete = Neuron(keep: step.isExponential ? exp(-k) : 1 - k, gain: 1)
            switch step {
            case .difference: (discrete.gain, discrete.drive) = (k * r[i], k * leak[i])
            case .euler, .exponentialDecay: discrete.gain = k * r[i]
            case .canonical: (discrete.gain, discrete.drive) = (snapped(k * r[i]), k * leak[i])
            case .sum, .exponentialSum: break
            case .exponential: (discrete.gain, discrete.drive) = (-expm1(-k) * r[i], -expm1(-k) * leak[i])
            case .unitInput:
                if r[i] <= 0 { throw fail("r", "is \(r[i]), which dialect \(self.name) divides by") }
                discrete.unit = k * r[i]
            case .exponentialInThresholds:
                if neuron.kind.fires && threshold[i] <= 0 {
                    throw fail("v_threshold", "is \(threshold[i]), which dialect \(self.name) divides by")
                }
                discrete.unit = neuron.kind.fires ? threshold[i] : 1
                discrete.gain = -expm1(-k) * r[i] / discrete.unit
            }
            if leak[i] != 0 && ![.difference, .exponential, .canonical].contains(step) {
                throw fail("v_leak", "is not 0, which dialect \(self.name) does not have")
            }
            if neuron.kind.hasSynapses {
                let k = dt / tauSynapse[i]
                discrete.currentKeep = step.isExponential ? exp(-k) : 1 - k
                switch synapse {
                case .step: discrete.currentGain = step == .canonical ? snapped(k * weight[i]) : k * weight[i]
                case .jump: discrete.currentGain = weight[i]
                case .jumpThenDecay: discrete.currentGain = discrete.currentKeep * weight[i]
                }
            }
            if let tau = neuron.tauAdaptation, let step = neuron.adaptation {
                let k = dt / tau.values(for: count)[i]
                discrete.adaptationKeep = self.step.isExponential ? exp(-k) : 1 - k
                discrete.adaptationStep = step.values(for: count)[i] / discrete.unit
            }
            neurons.append(discrete)
        }
        return neurons
    }
}

/// The product of a time constant's quotient and its inverse, which was meant to be 1 where it is 1 to 12 digits.
private func snapped(_ gain: Double) -> Double { abs(gain - 1) < 1e-12 ? 1 : gain }
