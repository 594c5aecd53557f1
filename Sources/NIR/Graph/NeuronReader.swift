extension NodeReader {
    /// Parameters of neurons, all of one shape; a scalar stands for every neuron.
    func neuron(_ kind: Neuron.Kind) throws(NIRError) -> Neuron {
        let resistance = try finite("r")
        // Scalars are spread over what the other parameters agree on.
        var shape = resistance.shape
        for name in ["v_threshold", "v_leak", "tau", "tau_mem"] where group.has(name) {
            let other = try finite(name)
            if other.count > shape.reduce(1, *) { shape = other.shape }
        }
        func parameter(_ name: String, if isNeeded: Bool, or missing: Double? = nil) throws(NIRError) -> Tensor? {
            if !isNeeded { return nil }
            if let missing, !group.has(name) { return Tensor.scalar(missing).spread(over: shape) }
            return try spread(name, over: shape)
        }
        func positive(_ name: String, if isNeeded: Bool) throws(NIRError) -> Tensor? {
            let times = try parameter(name, if: isNeeded)
            if let times, let i = times.values.firstIndex(where: { $0 <= 0 }) {
                throw group.error(name, "is \(times.values[i]) at \(i), expected a positive time in seconds")
            }
            return times
        }
        let membrane = kind == .cubaLI || kind == .cubaLIF ? "tau_mem" : "tau"
        return Neuron(
            kind: kind, shape: shape, tau: try positive(membrane, if: kind.leaks),
            tauSynapse: try positive("tau_syn", if: kind.hasSynapses),
            inputWeight: try parameter("w_in", if: kind.hasSynapses, or: 1), resistance: try spread("r", over: shape),
            leak: try parameter("v_leak", if: kind.leaks), threshold: try parameter("v_threshold", if: kind.fires),
            reset: try parameter("v_reset", if: kind.fires, or: 0))
    }
}
