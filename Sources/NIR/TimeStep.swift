extension Graph {
    /// Seconds per tick, where the file gives them away: exporters for discrete frameworks write R = τ/dt. Nil where
    /// neurons disagree, where R is 1 throughout, or without leaky neurons.
    public var inferredTimeStep: Double? {
        var found: Double?
        for node in nodes.values {
            guard case .neuron(let neuron) = node, neuron.kind.leaks, let tau = neuron.tau else { continue }
            for (tau, r) in zip(tau.values, neuron.resistance.values) {
                if r <= 0 || r == 1 { return nil }
                let step = tau / r
                if let found, abs(step - found) > 1e-4 * found { return nil }
                found = found ?? step
            }
        }
        // The quotient of two 32-bit floats: to six digits it is the number that was meant.
        guard let step = found, step > 1e-9, step < 3600 else { return nil }
        var scale = 1.0
        while step * scale < 1e5 { scale *= 10 }
        return (step * scale).rounded() / scale
    }
}
