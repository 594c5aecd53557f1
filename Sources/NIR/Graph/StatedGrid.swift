import Glibc

/// A stated grid is the integers that a population was trained with, as its node's metadata say (docs/quantization.md). What is
/// nil is left to the compiler.
public struct StatedGrid: Sendable, Equatable {
    /// `snnrt.step`: the weight that a neuron's count stands for, in units of its membrane; one for all neurons, or one for each.
    public var steps: [Double]?
    /// `snnrt.weight_bits`: 1, 2, 4, 8 or 16.
    public var weightBits: Int?
    /// `snnrt.fraction_bits`: 0 … 15.
    public var fractionBits: Int?
    /// `snnrt.state_bits`: 16 or 32.
    public var stateBits: Int?
}

/// A stated input is the integers that samples are trained to become, as the graph's metadata say.
public struct StatedInput: Sendable {
    /// `snnrt.count`: what one count of a sample is worth, as numerator and denominator.
    public var count: (numerator: UInt32, denominator: UInt32)?
    /// `snnrt.input_bits`: 2 … 16. Samples beyond are clamped.
    public var bits: UInt8?

    /// Says nothing.
    public init() {}
}

extension StatedInput {
    /// Keys behind `snnrt.`.
    static let keys = ["count", "input_bits"]

    /// - Parameter metadata: of a graph.
    init(_ metadata: HDF5Group) throws(NIRError) {
        bits = try metadata.whole("snnrt.input_bits", among: Array(2...16)).map { UInt8($0) }
        guard metadata.has("snnrt.count") else { return }
        let numbers = try metadata.numbers("snnrt.count").values
        guard numbers.count == 2, numbers.allSatisfy({ $0 >= 1 && $0 < exp2(32) && $0 == $0.rounded() }) else {
            throw metadata.error("snnrt.count", "is \(numbers), expected numerator and denominator of a ratio")
        }
        count = (UInt32(numbers[0]), UInt32(numbers[1]))
    }
}

extension StatedGrid {
    /// Keys behind `snnrt.`.
    static let keys = ["step", "weight_bits", "fraction_bits", "state_bits"]

    /// - Parameter metadata: of a node.
    init(_ metadata: HDF5Group) throws(NIRError) {
        weightBits = try metadata.whole("snnrt.weight_bits", among: [1, 2, 4, 8, 16])
        fractionBits = try metadata.whole("snnrt.fraction_bits", among: Array(0...15))
        stateBits = try metadata.whole("snnrt.state_bits", among: [16, 32])
        guard metadata.has("snnrt.step") else { return }
        let steps = try metadata.numbers("snnrt.step").values
        if let odd = steps.firstIndex(where: { !($0 > 1e-30 && $0 < 1e30) }) {
            throw metadata.error("snnrt.step", "is \(steps[odd]) at element \(odd), expected a positive number")
        }
        if steps.isEmpty { throw metadata.error("snnrt.step", "holds no number") }
        self.steps = steps
    }
}

extension HDF5Group {
    /// A number that must be one of a list; nil where it is not there.
    fileprivate func whole(_ name: String, among allowed: [Int]) throws(NIRError) -> Int? {
        if !has(name) { return nil }
        let values = try numbers(name).values
        guard values.count == 1, let value = allowed.first(where: { Double($0) == values[0] }) else {
            let expected = allowed.count > 5 ? "\(allowed.first!) to \(allowed.last!)" : "one of \(allowed)"
            throw error(name, "is \(values), expected \(expected)")
        }
        return value
    }
}
