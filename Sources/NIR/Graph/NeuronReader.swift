extension NodeReader {
    /// Parameters of neurons, all of one shape; a scalar stands for every neuron.
    func neuron(_ kind: Neuron.Kind) throws(NIRError) -> Neuron {
        let membrane = kind.hasSynapses ? "tau_mem" : "tau"
        // Scalars are spread over what the other parameters agree on.
        var shape = try group.numbers("r").shape
        for name in ["v_threshold", "v_leak", "tau", "tau_mem"] where group.has(name) {
            let other = try group.numbers(name)
            if other.count > shape.reduce(1, *) { shape = other.shape }
        }
        func parameter(_ name: String, if isNeeded: Bool, or missing: Double? = nil) throws(NIRError) -> Tensor? {
            if !isNeeded { return nil }
            if let missing, !group.has(name) { return Tensor.scalar(missing).spread(over: shape) }
            return try spread(name, over: shape)
        }
        let (tau, resistance) =
            kind.leaks ? try decays(membrane, "r", over: shape) : (nil, try spread("r", over: shape))
        let (tauSynapse, inputWeight) =
            kind.hasSynapses ? try decays("tau_syn", "w_in", over: shape) : (nil, nil)
        let (tauAdaptation, adaptation) = try kind.adapts ? thresholdAdaptation(over: shape) : (nil, nil)
        return Neuron(
            kind: kind, shape: shape, tau: tau, tauSynapse: tauSynapse, inputWeight: inputWeight,
            resistance: resistance!,
            leak: try parameter("v_leak", if: kind.leaks, or: kind.adapts ? 0 : nil),
            threshold: try parameter("v_threshold", if: kind.fires),
            reset: try parameter("v_reset", if: kind.fires, or: 0), tauAdaptation: tauAdaptation,
            adaptation: adaptation)
    }

    /// The time constant of thresholds, and what a spike adds to them.
    private func thresholdAdaptation(over shape: [Int]) throws(NIRError) -> (Tensor?, Tensor?) {
        let (times, steps) = (try spread("tau_adaptation", over: shape), try spread("adaptation", over: shape))
        if let i = times.values.firstIndex(where: { $0 <= 0 }) {
            throw group.error("tau_adaptation", "is \(times.values[i]) at \(i), expected a positive time in seconds")
        }
        if let i = steps.values.firstIndex(where: { $0 < 0 }) {
            throw group.error("adaptation", "is \(steps.values[i]) at \(i), expected 0 or more")
        }
        return (times, steps)
    }

    /// A sentence for each time constant of a node that was clamped.
    func clampedDecays(_ type: String) throws(NIRError) -> [String] {
        guard let kind = Neuron.Kind(rawValue: type), kind.leaks else { return [] }
        let pairs = kind.hasSynapses ? [("tau_mem", "r"), ("tau_syn", "w_in")] : [("tau", "r")]
        var remarks: [String] = []
        for (time, factor) in pairs where group.has(factor) {
            let (times, factors) = (try group.numbers(time), try group.numbers(factor))
            let count = max(times.count, factors.count)
            let clamped = zip(times.values(for: count), factors.values(for: count)).count {
                isDecayBeyondOne($0, $1)
            }
            if clamped > 0 {
                remarks.append(
                    "\(group.place)/\(time): \(clamped) of \(count) are negative or infinite, a learned decay of 1 or more, which snnTorch clamps when it runs: taken as 1"
                )
            }
        }
        return remarks
    }

    /// Time constants, and the factors of what enters. A decay of 1 or more, which snnTorch learns and exports as τ = dt/(1 − β) with
    /// factor τ/dt, becomes a time constant of 2^40 ticks.
    private func decays(
        _ time: String, _ factor: String, over shape: [Int]
    ) throws(NIRError) -> (Tensor?, Tensor?) {
        func row(_ name: String) throws(NIRError) -> Tensor {
            let tensor = name == "w_in" && !group.has(name) ? Tensor.scalar(1) : try group.numbers(name)
            guard let spread = tensor.spread(over: shape) else {
                throw group.error(name, "has shape \(tensor.shape), expected \(shape)")
            }
            return spread
        }
        var (times, factors) = (try row(time), try row(factor))
        let ticks = zip(times.values, factors.values).lazy.map { $0 / $1 }.first { $0.isFinite && $0 > 0 } ?? 1e-4
        for i in times.values.indices where isDecayBeyondOne(times.values[i], factors.values[i]) {
            let tick = times.values[i].isInfinite ? ticks : times.values[i] / factors.values[i]
            (times.values[i], factors.values[i]) = (0x1p40 * tick, 0x1p40)
        }
        if let i = times.values.firstIndex(of: .infinity), factors.values[i].isFinite {
            throw group.error(
                factor,
                "is \(factors.values[i]) at \(i), where the time constant is infinite: such a neuron takes no input",
                hint: "neurons without leak are IF, or have \(factor) = \(time)/dt, infinite too")
        }
        for (name, tensor) in [(time, times), (factor, factors)] {
            if let i = tensor.values.firstIndex(where: { !$0.isFinite }) {
                throw group.error(name, "is \(tensor.values[i]) at element \(i), expected a finite number")
            }
        }
        if let i = times.values.firstIndex(where: { $0 <= 0 }) {
            throw group.error(time, "is \(times.values[i]) at \(i), expected a positive time in seconds")
        }
        return (times, factors)
    }
}

/// True for the time constant and factor that snnTorch's exporter gives a decay of 1 or more.
private func isDecayBeyondOne(_ time: Double, _ factor: Double) -> Bool {
    time < 0 && factor < 0 || time == .infinity && factor == .infinity
}
