/// Operation counts are what a network in floating point computes, as NeuroBench counts it (Yik et al. 2025): layers are matrices, blocks,
/// convolutions and memories; biases and pools count nothing.
public struct OperationCounts: Equatable, Sendable {
    /// Products of an input and a weight that both are not 0: accumulations where all of a layer's inputs in that tick are −1, 0 or
    /// 1, else multiply-accumulations.
    public internal(set) var effectiveACs = 0
    public internal(set) var effectiveMACs = 0
    /// Products with no input and no weight 0; positions of a kernel outside the source apart.
    public internal(set) var dense = 0
    /// Outputs of neurons, thresholds and activations, and those of them that were 0.
    public internal(set) var outputs = 0
    public internal(set) var silentOutputs = 0
    /// Membranes that a tick changed.
    public internal(set) var membraneUpdates = 0

    public init() {}

    public static func += (a: inout OperationCounts, b: OperationCounts) {
        for count in [\Self.effectiveACs, \.effectiveMACs, \.dense, \.outputs, \.silentOutputs, \.membraneUpdates] {
            a[keyPath: count] += b[keyPath: count]
        }
    }

    mutating func add<Scalar: BinaryFloatingPoint>(_ layer: LayerFan, _ x: [Scalar]) {
        var effective = 0
        for (value, reached) in zip(x, layer.reached) where value != 0 { effective += reached }
        if x.allSatisfy({ $0 == 0 || abs($0) == 1 }) { effectiveACs += effective } else { effectiveMACs += effective }
        dense += layer.dense
    }
}

/// A layer's fan says where its inputs go.
struct LayerFan {
    /// The number of weights other than 0 that each input element meets.
    let reached: [Int]
    /// All weights that all elements meet.
    let dense: Int

    /// The fan of a node with weights whose input has the shape `from`; a memory's input is what enters, then its state. Nil for
    /// other nodes.
    init?(_ node: Node, from: [Int], to: [Int]) {
        /// Nonzero weights of each column.
        func columns(_ weight: Tensor) -> [Int] {
            var counts = [Int](repeating: 0, count: weight.shape[1])
            for (at, value) in weight.values.enumerated() where value != 0 { counts[at % counts.count] += 1 }
            return counts
        }
        func repeated(_ counts: [Int], _ times: Int) -> [Int] { (0..<times).flatMap { _ in counts } }
        switch node {
        case .affine(let weight, _): (reached, dense) = (columns(weight), weight.count)
        case .delayedMatrix(let matrix): (reached, dense) = (columns(matrix.weight), matrix.weight.count)
        case .block(let weight, _, let groupCount):
            (reached, dense) = (repeated(columns(weight), groupCount), weight.count * groupCount)
        case .memory(let memory):
            let units = from.reduce(1, *)
            reached = repeated([memory.b.values.count { $0 != 0 }], units) + repeated(columns(memory.a), units)
            dense = units * (memory.a.count + memory.b.count)
        case .convolution(let convolution):
            let taps = Taps(convolution, from: from, to: to)
            let shape = convolution.weight.shape
            let (outputs, area) = (shape[0] / convolution.groups, shape[2] * shape[3])
            // Per input channel and kernel position.
            var nonzero = [Int](repeating: 0, count: shape[1] * convolution.groups * area)
            for (at, value) in convolution.weight.values.enumerated() where value != 0 {
                let (output, rest) = at.quotientAndRemainder(dividingBy: shape[1] * area)
                nonzero[output / outputs * shape[1] * area + rest] += 1
            }
            var (counts, tapCount) = ([Int](repeating: 0, count: from.reduce(1, *)), 0)
            for element in counts.indices {
                taps.forEach(of: element) { channel, position, _ in
                    counts[element] += nonzero[channel * area + position]
                    tapCount += outputs
                }
            }
            (reached, dense) = (counts, tapCount)
        default: return nil
        }
    }
}
