extension NodeReader {
    /// Parameters of neurons, all of one shape; a scalar stands for every neuron.
    func neuron(_ kind: Neuron.Kind) throws(NIRError) -> Neuron {
        // R = τ/dt is infinite, as τ is, of a neuron without leak in a population of others.
        let resistance = kind.leaks ? try group.numbers("r") : try finite("r")
        // Scalars are spread over what the other parameters agree on.
        var shape = resistance.shape
        for name in ["v_threshold", "v_leak", "tau", "tau_mem"] where group.has(name) {
            let other = try group.numbers(name)
            if other.count > shape.reduce(1, *) { shape = other.shape }
        }
        func parameter(_ name: String, if isNeeded: Bool, or missing: Double? = nil) throws(NIRError) -> Tensor? {
            if !isNeeded { return nil }
            if let missing, !group.has(name) { return Tensor.scalar(missing).spread(over: shape) }
            return try spread(name, over: shape)
        }
        func positive(_ name: String, if isNeeded: Bool) throws(NIRError) -> Tensor? {
            if !isNeeded { return nil }
            let times = try group.numbers(name).spread(over: shape)
            if times == nil { throw group.error(name, "has shape \(try group.numbers(name).shape), expected \(shape)") }
            if let times, let i = times.values.firstIndex(where: { !($0 > 0) || $0 == .infinity && name == "tau_syn" })
            {
                throw group.error(name, "is \(times.values[i]) at \(i), expected a positive time in seconds")
            }
            return times
        }
        let tau = try positive(kind.hasSynapses ? "tau_mem" : "tau", if: kind.leaks)
        let step = try parameter("adaptation", if: kind.adapts)
        if let step, let i = step.values.firstIndex(where: { $0 < 0 }) {
            throw group.error("adaptation", "is \(step.values[i]) at \(i), expected 0 or more")
        }
        return Neuron(
            kind: kind, shape: shape, tau: tau, tauSynapse: try positive("tau_syn", if: kind.hasSynapses),
            inputWeight: try parameter("w_in", if: kind.hasSynapses, or: 1),
            resistance: try self.resistance(resistance, tau, over: shape),
            leak: try parameter("v_leak", if: kind.leaks, or: kind.adapts ? 0 : nil),
            threshold: try parameter("v_threshold", if: kind.fires),
            reset: try parameter("v_reset", if: kind.fires, or: 0),
            tauAdaptation: try positive("tau_adaptation", if: kind.adapts), adaptation: step)
    }

    /// R of each neuron: infinite where τ is, and nowhere else.
    private func resistance(_ resistance: Tensor, _ tau: Tensor?, over shape: [Int]) throws(NIRError) -> Tensor {
        guard let spread = resistance.spread(over: shape) else {
            throw group.error("r", "has shape \(resistance.shape), expected \(shape)")
        }
        for (i, value) in spread.values.enumerated() {
            let isWithoutLeak = tau?.values[i].isInfinite ?? false
            if isWithoutLeak && value != .infinity {
                throw group.error(
                    "r", "is \(value) at \(i), where the time constant is infinite: such a neuron takes no input",
                    hint: "neurons without leak are IF, or have r = tau/dt, infinite too")
            }
            if !isWithoutLeak && !value.isFinite {
                throw group.error("r", "is \(value) at element \(i), expected a finite number")
            }
        }
        return spread
    }
}
