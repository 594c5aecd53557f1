import Glibc

extension Graph {
    /// Seconds per tick, where the file of an exporter gives them away. Nil where neurons disagree, where R is 1 throughout,
    /// or without neurons that say it. What the file says itself goes before all that.
    public func timeStep(in dialect: Dialect) -> Double? {
        if let seconds = settings.dt { return seconds }
        switch dialect.clock {
        case .fixed(let seconds): return seconds
        case .ratioOr(let seconds): return ratio(in: dialect) ?? seconds
        case .ratio, .decayedRatio: return ratio(in: dialect)
        }
    }

    private func ratio(in dialect: Dialect) -> Double? {
        var common: Double?
        for node in nodes.values {
            guard case .neuron(let neuron) = node, neuron.kind.leaks || dialect.integratesSeconds else { continue }
            let taus = neuron.tau?.values ?? Array(repeating: 1, count: neuron.resistance.count)
            for (tau, r) in zip(taus, neuron.resistance.values) where tau.isFinite {
                if r <= 0 || r == 1 { return nil }
                let step = dialect.clock == .decayedRatio ? tau * Graph.productLogarithm(1 / r) : tau / r
                if let common, abs(step - common) > 1e-4 * common { return nil }
                common = common ?? step
            }
        }
        // The quotient of two 32-bit floats: to six digits it is the number that was meant.
        guard let step = common, step > 1e-9, step < 3600 else { return nil }
        var scale = 1.0
        while step * scale < 1e5 { scale *= 10 }
        return (step * scale).rounded() / scale
    }

    /// k with k·e^k = x, for x > 0: Lambert's W, by Newton's method.
    private static func productLogarithm(_ x: Double) -> Double {
        var k = log1p(x)
        for _ in 0..<50 { k -= (k - x * exp(-k)) / (k + 1) }
        return k
    }
}
