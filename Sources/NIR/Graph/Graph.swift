// A NIR graph as read: nodes with their parameters in the file's own units, and edges. Source of the primitives'
// meaning: NIR 1.0 (Pedersen et al., Nature Communications 15, 2024) and its documentation.

/// A network: nodes by name and edges between them. Nested graphs have been opened: their nodes are named
/// `outer/inner`, and their inputs and outputs have become plain connections.
public struct Graph: Sendable {
    public var nodes: [String: Node]
    /// From, to; in the order of the file.
    public var edges: [Edge]
    /// Those that the file says carry last tick's value.
    public var lateEdges: Set<Edge> = []
    /// The version of NIR that wrote the file, if it says so.
    public var version: String?

    public struct Edge: Hashable, Sendable {
        public let from: String
        public let to: String
        public init(from: String, to: String) { (self.from, self.to) = (from, to) }
    }

    public func inputs(of name: String) -> [String] { edges.filter { $0.to == name }.map(\.from) }
    public func outputs(of name: String) -> [String] { edges.filter { $0.from == name }.map(\.to) }
}

public enum Node: Sendable {
    /// Shape of a frame, e.g. [12] or [2, 34, 34].
    case input(shape: [Int])
    case output(shape: [Int])
    /// y = W x + b; weight [outputs, inputs], bias [outputs]; Linear has no bias.
    case affine(weight: Tensor, bias: Tensor?)
    /// y = s·x, element by element.
    case scale(Tensor)
    case convolution(Convolution)
    case pool(Pool)
    /// Joins dimensions `start` … `end` (from the end where negative).
    case flatten(start: Int, end: Int)
    /// y(t) = x(t − delay), in seconds.
    case delay(Tensor)
    /// 1 where x > threshold, else 0.
    case threshold(Tensor)
    case neuron(Neuron)
    /// One matrix [rows, columns] that groups share: group g reads elements g·columns … and gives W·x + b; bias [rows].
    case block(weight: Tensor, bias: Tensor?, groupCount: Int)
    case memory(Memory)
    case activation(Activation)
    /// A primitive that this reader does not know.
    case unknown(String)

    /// Name of the primitive: NIR's own, or that of an extension (docs/nir.md).
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
        case .memory: "snnrt.Memory"
        case .activation: "snnrt.Activation"
        case .unknown(let type): type
        }
    }

    /// Whether an edge out of it may carry last tick's value without a word in the file.
    var isPopulation: Bool {
        switch self {
        case .neuron, .memory, .activation: true
        default: false
        }
    }
}

/// Linear memories that share their matrices, each of one input: m(t) = A·m(t−1) + B·u(t), tick by tick and 0 at first. Not A
/// and B of the continuous equation. What it gives is [units·order], the elements of a unit side by side.
public struct Memory: Sendable {
    /// [order, order] and [order].
    public var a: Tensor
    public var b: Tensor
    /// Ticks of the window, where the file says that A and B are Legendre's.
    public var theta: Double?

    public var order: Int { b.count }
}

/// What is applied to each element.
public enum Activation: Sendable {
    /// x limited to low … high: ReLU is 0 … ∞.
    case clip(low: Double, high: Double)
    case tanh
    /// 1 / (1 + e^(−x))
    case sigmoid
}

/// Conv1d and Conv2d; the former with a height of 1 throughout.
public struct Convolution: Sendable {
    public var isTwoDimensional: Bool
    /// Height and width of the source, where the file says them.
    public var inputSize: [Int]?
    /// [output channels, input channels / groups, kernel height, kernel width].
    public var weight: Tensor
    /// [output channels].
    public var bias: Tensor
    public var stride: [Int]
    /// Above and below, left and right: [[above, below], [left, right]].
    public var padding: [[Int]]
    public var dilation: [Int]
    public var groups: Int
}

/// SumPool2d, AvgPool2d and the maxima; in one dimension with a height of 1.
public struct Pool: Sendable {
    public enum Function: Sendable { case sum, average, maximum }

    public var function: Function
    public var isTwoDimensional = true
    public var kernel: [Int]
    public var stride: [Int]
    /// On both sides of each dimension.
    public var padding: [Int]

    public var isAverage: Bool { function == .average }
}

/// The neurons of NIR, all with per-neuron parameters of one shape. In continuous time:
///
///     I:       v̇ = R·x                            IF:  the same with spikes
///     LI:      τ·v̇ = v_leak − v + R·x              LIF: the same with spikes
///     CubaLI:  τ_syn·İ = −I + w_in·x,  τ_mem·v̇ = v_leak − v + R·I      CubaLIF: the same with spikes
///     spikes:  z = 1 where v > v_threshold, which resets v to v_reset
public struct Neuron: Sendable {
    public enum Kind: String, Sendable {
        case i = "I"
        case integrateAndFire = "IF"
        case li = "LI"
        case lif = "LIF"
        case cubaLI = "CubaLI"
        case cubaLIF = "CubaLIF"

        public var fires: Bool { self == .integrateAndFire || self == .lif || self == .cubaLIF }
        public var leaks: Bool { self != .i && self != .integrateAndFire }
        public var hasSynapses: Bool { self == .cubaLI || self == .cubaLIF }
    }

    public var kind: Kind
    /// Shape of the population; every tensor below has it.
    public var shape: [Int]
    /// Membrane time constant in seconds; empty for I and IF.
    public var tau: Tensor?
    /// Synaptic time constant in seconds and input weight; CuBa only.
    public var tauSynapse: Tensor?
    public var inputWeight: Tensor?
    public var resistance: Tensor
    /// Leak voltage; empty for I and IF.
    public var leak: Tensor?
    /// Threshold and reset voltage; of neurons that fire.
    public var threshold: Tensor?
    public var reset: Tensor?

    public var count: Int { shape.reduce(1, *) }
}
