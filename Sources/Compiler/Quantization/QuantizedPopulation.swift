import Glibc
import NIR

/// A quantized population is a population in integers: one grid per row, which all matrices that enter it join
/// (docs/design.md).
///
/// Row i: U_int = U·G_i·2^f. A matrix on a grid of G_i / 2^s joins by a left shift s, on one of its own by a multiplier per
/// row.
struct QuantizedPopulation {
    struct Matrix {
        let term: Lowered.Term
        let bits: Int
        /// Row-major, the diagonal, the matrix that groups share, or the kernels of the output channels.
        let weights: [Int]
        let join: Join
    }
    /// A join says how a matrix's sums come to lie on the row's grid.
    enum Join {
        case add
        case leftShift(Int)
        case multiplier([Int], shift: Int)

        /// What a row's sums of at most `bound` add to the current at most.
        func bound(_ bound: Double, _ row: Int) -> Double {
            switch self {
            case .add: bound
            case .leftShift(let shift): bound * Double(1 << shift)
            case .multiplier(let multipliers, let shift):
                bound * Double(abs(multipliers[row])) / exp2(Double(shift)) + 1
            }
        }
    }

    var matrices: [Matrix]
    /// G_i·2^f.
    var scales: [Double]
    /// The greatest magnitude of a tick's input to a neuron, in the network's own units.
    let greatest: Double
    /// Width of the state: 16 or 32.
    let stateBits: Int
    let fractionBits: Int
    var threshold: [Int]
    /// What spikes add to thresholds that adapt; else empty.
    var thresholdStep: [Int] = []
    var bias: [Int]
    var report: PopulationReport

    /// The greatest magnitude that a state of this width holds.
    static func limit(ofState bits: Int) -> Double { bits == 16 ? 32767 : exp2(30) - 1 }
}

extension QuantizedPopulation.Matrix {
    /// The source elements and integer weights of a neuron. Empty for a convolution, whose ends are never pruned.
    func row(_ neuron: Int) -> [(element: Int, weight: Int)] {
        switch term.map {
        case .diagonal: return [(neuron, weights[neuron])]
        case .dense(_, let columns, _): return (0..<columns).map { ($0, weights[neuron * columns + $0]) }
        case .block(let map):
            let (group, row) = neuron.quotientAndRemainder(dividingBy: map.rows)
            return (0..<map.columns).map { (group * map.columns + $0, weights[row * map.columns + $0]) }
        case .convolution: return []
        }
    }
}
