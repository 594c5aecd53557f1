/// What NIR does not say and a model file must.
public struct CompileOptions: Sendable {
    /// Bits of a weight, by matrix: 1, 2, 4, 8 or 16.
    public var weights = Choice(8)
    public var grid = Choice(GridKind.row)
    public var state = Choice(StateBits.wide)
    /// By population.
    public var memories = Choice(MemoryForm.matrices)
    /// Of recurrences, 1 … 16: into how many segments a unit is cut, which do not wait for one another. 16 is fast with AVX2, 1 takes the fewest
    /// products.
    public var segments = 1
    /// Matrices to be stored as lists of synapses, whatever that takes in bytes: their weights of 0 then cost no NS-ACE.
    public var sparse: Set<String> = []
    /// Bits below a count of the population's grid, where not as many as fit.
    public var fractionBits: [String: Int] = [:]
    /// What a calibration log showed; without it membranes and weights have the room that they could need at most.
    public var calibration: Calibration?
    /// How much further than in the calibration log membranes may reach before they saturate.
    public var margin = 1.5
    /// Ticks per result.
    public var window: UInt32
    /// Ticks per second.
    public var rate: (numerator: UInt32, denominator: UInt32)
    /// What one count of a raw sample is worth in the network's input, e.g. (1, 1000).
    public var count: (numerator: UInt32, denominator: UInt32) = (1, 1)
    /// Width of the input's values: 2 … 16. A sample beyond it is clamped.
    public var inputBits: UInt8 = 16
    /// Bits by which each channel's samples are shifted right, rounded, on their way in; empty for none.
    public var inputShifts: [Int] = []
    public var title = "nir"
    public var channelNames: [String] = []
    public var unit = "1"
    public var classNames: [String] = []

    /// Leaves out neurons that never fire and neurons that nothing reads; no result changes.
    public var prunes = true
    /// Neurons, by their node's name, that did not fire on calibration data, to be left out too: results on those data
    /// do not change.
    public var silent: [String: Set<Int>] = [:]
    /// Whether the network starts anew behind each result.
    public var resetsNetwork = true

    /// The width that all weights have but for exceptions.
    public var weightBits: Int {
        get { weights.common }
        set { weights.common = newValue }
    }
    /// The greatest input value.
    var inputLimit: Int { 1 << (Int(inputBits) - 1) - 1 }

    public init(window: UInt32, rate: (numerator: UInt32, denominator: UInt32)) {
        (self.window, self.rate) = (window, rate)
    }

    /// The least input bits that hold samples `margin` times those of a recording, or, where the user has said how many,
    /// the shift per channel that makes its samples fit.
    public mutating func fitInput(to recording: Recording, bits: UInt8?) {
        let widths = recording.peaks.map { peak in
            min(16, max(2, Int.bitWidth - Int(Double(peak) * margin).leadingZeroBitCount + 1))
        }
        inputBits = bits ?? UInt8(widths.max() ?? 16)
        let shifts = widths.map { max(0, $0 - Int(inputBits)) }
        inputShifts = shifts.contains { $0 > 0 } ? shifts : []
    }
}

/// One value for all, with exceptions by name.
public struct Choice<Value: Sendable>: Sendable {
    public var common: Value
    /// By population ("lif1": all that enters it), or by matrix ("input:lif1").
    public var exceptions: [String: Value] = [:]

    public init(_ common: Value) { self.common = common }

    subscript(population: String) -> Value { exceptions[population] ?? common }
    subscript(matrix: MatrixName) -> Value { exceptions[matrix.description] ?? self[matrix.into] }
}

/// A matrix by what it reads and the population it enters.
public struct MatrixName: Hashable, Sendable, CustomStringConvertible {
    public let from: String
    public let into: String
    public var description: String { "\(from):\(into)" }
}

/// Which weights share a grid.
public enum GridKind: String, Sendable, CaseIterable { case row, tensor }

/// How a memory is computed.
public enum MemoryForm: String, Sendable, CaseIterable {
    /// By A and B, of 16 bits.
    case matrices
    /// By the op recurrence, in products that grow with the order instead of its square.
    case recurrence

    /// How far its impulse response may lie from that of A and B.
    static let tolerance = 0.01
}

/// Width of a population's membranes and synaptic currents.
public enum StateBits: Int, Sendable, CaseIterable {
    /// 16 where calibration leaves room for `leastFraction` fraction bits there, else 32.
    case automatic = 0
    case narrow = 16
    case wide = 32

    /// Networks of anchored figures lose nothing with 4 and points with none (docs/design.md).
    static let leastFraction = 4
}
