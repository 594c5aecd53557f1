/// A node is one primitive of NIR, or of an extension (docs/nir.md), with its parameters.
public enum Node: Sendable {
    /// Shape of a frame, e.g. [12] or [2, 34, 34].
    case input(shape: [Int])
    case output(shape: [Int])
    /// y = W x + b; weight [outputs, inputs], bias [outputs]; Linear has no bias.
    case affine(weight: Tensor, bias: Tensor?)
    /// y = s·x, element by element.
    case scale(Tensor)
    case convolution(ConvolutionNode)
    case pool(PoolNode)
    /// Joins dimensions `start` … `end` (from the end where negative).
    case flatten(start: Int, end: Int)
    /// y(t) = x(t − delay), in seconds.
    case delay(Tensor)
    /// 1 where x > threshold, else 0.
    case threshold(Tensor)
    case neuron(Neuron)
    /// One matrix [rows, columns] that groups share: group g reads elements g·columns … and gives W·x + b; bias [rows].
    case block(weight: Tensor, bias: Tensor?, groupCount: Int)
    case delayedMatrix(DelayedMatrixNode)
    case memory(MemoryNode)
    case activation(ActivationNode)
    /// A primitive that this reader does not know.
    case unknown(String)

    /// Name of the primitive: NIR's own, or that of an extension.
    public var primitive: String {
        switch self {
        case .input: "Input"
        case .output: "Output"
        case .affine(_, let bias): bias == nil ? "Linear" : "Affine"
        case .scale: "Scale"
        case .convolution(let convolution): convolution.isTwoDimensional ? "Conv2d" : "Conv1d"
        case .pool(let pool):
            switch pool.function {
            case .sum: "SumPool2d"
            case .average: "AvgPool2d"
            case .maximum: pool.isTwoDimensional ? "snnrt.MaxPool2d" : "snnrt.MaxPool1d"
            }
        case .flatten: "Flatten"
        case .delay: "Delay"
        case .threshold: "Threshold"
        case .neuron(let neuron): neuron.kind.rawValue
        case .block: "snnrt.Block"
        case .delayedMatrix: "snnrt.DelayedLinear"
        case .memory: "snnrt.Memory"
        case .activation: "snnrt.Activation"
        case .unknown(let type): type
        }
    }

    /// True where an edge out of it may carry last tick's value without a word in the file.
    var isPopulation: Bool {
        switch self {
        case .neuron, .memory, .activation: true
        default: false
        }
    }
}
