extension Node {
    /// Numbers that the node holds: weights, biases, and what its neurons differ in.
    public var parameterCount: Int {
        switch self {
        case .input, .output, .flatten, .pool, .activation, .unknown: return 0
        case .affine(let weight, let bias), .block(let weight, let bias, _): return weight.count + (bias?.count ?? 0)
        case .delayedMatrix(let matrix): return matrix.weight.count + matrix.delays.count
        case .scale(let values), .delay(let values), .threshold(let values): return values.count
        case .convolution(let convolution): return convolution.weight.count + convolution.bias.count
        case .memory(let memory): return memory.a.count + memory.b.count
        case .neuron(let neuron):
            let fields = [
                neuron.tau, neuron.tauSynapse, neuron.inputWeight, neuron.resistance, neuron.leak, neuron.threshold,
                neuron.reset, neuron.tauAdaptation, neuron.adaptation,
            ]
            return fields.reduce(0) { $0 + ($1?.count ?? 0) }
        }
    }
}

extension Graph {
    /// Products that a node computes in a tick, none of them spared: 0 for nodes without weights (NeuroBench's dense operations).
    public func denseOperations(of name: String, _ schedule: Schedule) -> Int {
        guard let to = schedule.shapes[name], let from = inputs(of: name).lazy.compactMap({ schedule.shapes[$0] }).first
        else { return 0 }
        return LayerFan(nodes[name]!, from: from, to: to)?.dense ?? 0
    }
}
