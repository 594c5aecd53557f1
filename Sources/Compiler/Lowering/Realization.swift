import NIR

extension Node {
    /// What becomes of a node, and if it can be compiled at all.
    public var realization: (isSupported: Bool, text: String) {
        switch self {
        case .input: (true, "the stream and an input op")
        case .output: (true, "the readout")
        case .affine(_, let bias):
            (true, bias == nil ? "weights of a dense op" : "weights of a dense op, bias of the neurons behind it")
        case .scale: (true, "taken into the weights beside it, or a sparse op")
        case .flatten: (true, "nothing to do")
        case .delay: (true, "a delay op")
        case .threshold: (true, "lif without memory")
        case .convolution: (true, "a convolution op, channels last")
        case .pool(let pool):
            (true, pool.isAverage ? "a pool op that sums, the share taken into the weights" : "a pool op")
        case .block: (true, "weights of a block op, its bias that of the neurons behind it")
        case .delayedMatrix: (true, "a sparse op with a delay per weight")
        case .memory: (true, "a memory op, A and B with 16 bits, or a recurrence op (--memory)")
        case .activation: (true, "an activation op")
        case .unknown(let type): (false, "\"\(type)\" is no primitive of NIR 1.0")
        case .neuron(let neuron):
            switch neuron.kind {
            case .i, .integrateAndFire: (true, "lif with a decay of 1")
            case .li, .lif: (true, "lif")
            case .cubaLI, .cubaLIF: (true, "lif with a synaptic current")
            case .adaptiveLIF: (true, "lif whose threshold adapts")
            case .adaptiveCubaLIF: (true, "lif with a synaptic current whose threshold adapts")
            }
        }
    }
}
