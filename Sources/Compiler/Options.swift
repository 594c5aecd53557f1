/// Compile options are what NIR does not say and a model file must.
public struct CompileOptions: Sendable {
    /// Bits of a weight, by matrix: 1, 2, 4, 8 or 16.
    public var weights = PerLayer(8)
    /// Which weights share a grid, by population.
    public var grid = PerLayer(GridKind.row)
    /// Width of membranes and synaptic currents, by population.
    public var state = PerLayer(StateBits.wide)
    /// The form of each memory, by population.
    public var memories = PerLayer(MemoryForm.matrices)
    /// Segments, 1 … 16, into which a unit of a recurrence is cut; they do not wait for one another. 16 is fast with AVX2, 1
    /// takes the fewest products.
    public var segments = 1
    /// Matrices to be stored as lists of synapses, whatever that takes in bytes: their weights of 0 then cost no NS-ACE.
    public var sparse: Set<String> = []
    /// Bits below a count of a population's grid, by population; as many as fit where none are given.
    public var fractionBits: [String: Int] = [:]
    /// The weight that a count of each neuron stands for, by population, where a network was trained on that grid.
    public var steps: [String: [Double]] = [:]
    /// What a calibration log showed; without it membranes and weights have the room that they could need at most.
    public var calibration: Calibration?
    /// Weights are rounded so that a calibration's sums change least, and states are as wide as it asks for; else both are as
    /// without a log: to the nearest step of a grid that ends at the greatest weight of its row, and wide where nothing is said.
    public var fitsRounding = true
    /// How much further than in the calibration log membranes may reach before they saturate.
    public var margin = 1.5
    /// Ticks per result.
    public var window: UInt32
    /// Ticks per second.
    public var rate: (numerator: UInt32, denominator: UInt32)
    /// What one count of a raw sample is worth in a channel's unit, e.g. (1, 1000): one for all channels, or one each.
    public var counts: [(numerator: UInt32, denominator: UInt32)] = [(1, 1)]
    /// What the network was given is (value − mean) / deviation of a channel's value in its unit; one of each for all channels, or
    /// one each. Nil where it was given the values themselves.
    public var normalization: (mean: [Double], deviation: [Double])?
    /// Width of the input's values: 2 … 16. A sample beyond it is clamped.
    public var inputBits: UInt8 = 16
    /// Bits by which each channel's samples are shifted right, rounded, on their way in; empty for none.
    public var inputShifts: [Int] = []
    /// Name of the stream.
    public var title = "nir"
    /// One name for each element of the input; numbers where empty.
    public var channelNames: [String] = []
    /// Units of the channels: one for all, or one each.
    public var units = ["1"]
    /// One name for each element of the output; numbers where empty.
    public var classNames: [String] = []
    /// Lines of metadata on the data that the network was made from.
    public var dataLines: [String] = []

    /// Leaves out neurons that never fire and neurons that nothing reads; no result changes.
    public var prunes = true
    /// Neurons, by their node's name, that did not fire on calibration data, to be left out too: results on those data
    /// do not change.
    public var silent: [String: Set<Int>] = [:]
    /// The network starts anew behind each result.
    public var resetsNetwork = true
    /// How scores are made of what the Output shows; where nil, spikes are counted over the window and other values are those of
    /// its last tick.
    public var readout: ReadoutRule?
    /// Ticks from result to result where they are fewer than the window's; only of networks that keep their state.
    public var hop: UInt32?
    /// How much results before weigh in a result.
    public var evidence = Evidence.none
    /// Unit of the scores, of a network that gives numbers and not classes.
    public var scoreUnit: String?
    /// Several Outputs are shown as one, their values one behind the other in the order of their names.
    public var concatenatesOutputs = false

    /// The width that all weights have but for exceptions.
    public var weightBits: Int {
        get { weights.common }
        set { weights.common = newValue }
    }
    /// The greatest input value.
    var inputLimit: Int { 1 << (Int(inputBits) - 1) - 1 }
    /// What a count of a raw sample is worth, where all channels share it.
    public var count: (numerator: UInt32, denominator: UInt32) {
        get { counts[0] }
        set { counts = [newValue] }
    }

    public init(window: UInt32, rate: (numerator: UInt32, denominator: UInt32)) {
        (self.window, self.rate) = (window, rate)
    }

}

extension CompileOptions {
    /// These options for windows that each meet a fresh network.
    public var perWindow: CompileOptions {
        var options = self
        options.takeStream(of: CompileOptions(window: window, rate: rate))
        return options
    }

    /// Scores or evidence decay.
    var leaks: Bool {
        if case .leaky = evidence { return true }
        if case .leaky? = readout { return true }
        return false
    }

    /// Takes over how results follow one another.
    public mutating func takeStream(of other: CompileOptions) {
        (resetsNetwork, hop, evidence) = (other.resetsNetwork, other.hop, other.evidence)
    }
}

/// Evidence is what results before give to a result.
public enum Evidence: Equatable, Sendable {
    /// Nothing: a result is about its window alone.
    case none
    /// A result is the sum of the scores of the latest so many windows.
    case windows(UInt32)
    /// A result is the scores of its window and, of the result before, e^(−1 / so many windows).
    case leaky(windows: Double)
}

extension CompileOptions {
    /// Refuses widths that the format has not, and settings of layers that the network has not.
    func check(for network: Lowered) throws(CompileError) {
        for bits in [weights.common] + weights.exceptions.values where ![1, 2, 4, 8, 16].contains(bits) {
            throw CompileError("weights of \(bits) bits, expected 1, 2, 4, 8 or 16")
        }
        let populations = Set(network.populations.map(\.name))
        let matrices = Set(network.matrixNames.map(\.description))
        func check(_ keys: some Sequence<String>, _ known: Set<String>) throws(CompileError) {
            if let odd = keys.filter({ !known.contains($0) }).min() {
                throw CompileError("there is no layer \"\(odd)\"; layers are \(known.sorted().joined(separator: ", "))")
            }
        }
        try check(weights.exceptions.keys, populations.union(matrices))
        try check(grid.exceptions.keys, populations)
        try check(state.exceptions.keys, populations)
        try check(fractionBits.keys, populations)
        try check(memories.exceptions.keys, populations)
        for population in network.populations where memories.exceptions[population.name] != nil {
            guard case .memory = population.neuron.kind else { throw CompileError("\(population.name): is no memory") }
        }
        if !(1...16).contains(segments) { throw CompileError("\(segments) segments, expected 1 to 16") }
        try check(sparse, matrices)
    }

    /// The names of the channels and of the classes, numbers where none are given.
    ///
    /// - Throws: more of them than the format has, or not as many as the network has.
    func names(inputCount: Int, outputCount: Int) throws(CompileError) -> (channels: [String], classes: [String]) {
        if inputCount > 65535 || outputCount > 65535 {
            throw CompileError("\(inputCount) inputs and \(outputCount) outputs, where the format has 65,535 at most")
        }
        // Thousands of channels have no names: the file holds 65,535 bytes of them.
        let channels =
            channelNames.isEmpty ? (0..<inputCount).map { inputCount > 4096 ? "" : "\($0)" } : channelNames
        if channels.count != inputCount {
            throw CompileError("\(channels.count) channel names for \(inputCount) inputs")
        }
        let classes = classNames.isEmpty ? (0..<outputCount).map { "\($0)" } : classNames
        if classes.count != outputCount {
            throw CompileError("\(classes.count) class names for \(outputCount) outputs")
        }
        return (channels, classes)
    }

    /// Channels of these names, each with its unit and count.
    func channels(_ names: [String]) -> [Program.Channel] {
        names.indices.map {
            Program.Channel(
                name: names[$0], unit: units.count == 1 ? units[0] : units[$0],
                scale: counts.count == 1 ? counts[0] : counts[$0])
        }
    }
}

/// A setting with one value for all layers, and exceptions by name.
public struct PerLayer<Value: Sendable>: Sendable {
    /// The value of all layers that are no exception.
    public var common: Value
    /// Values by the name of a population ("lif1": all that enters it) or of a matrix ("input:lif1").
    public var exceptions: [String: Value] = [:]

    public init(_ common: Value) { self.common = common }

    subscript(population: String) -> Value { exceptions[population] ?? common }
    subscript(matrix: MatrixName) -> Value { exceptions[matrix.description] ?? self[matrix.into] }
}

/// A matrix is named by what it reads and the population it enters.
public struct MatrixName: Hashable, Sendable, CustomStringConvertible {
    /// A population's name, "input" or "pool".
    public let from: String
    /// A population's name.
    public let into: String
    public var description: String { "\(from):\(into)" }
}

/// A grid kind says which weights share a grid: those of a row, or all of a tensor.
public enum GridKind: String, Sendable, CaseIterable { case row, tensor }

/// A memory form says how a memory is computed.
public enum MemoryForm: String, Sendable, CaseIterable {
    /// The matrices A and B, of 16 bits.
    case matrices
    /// The op recurrence, in products that grow with the order instead of its square.
    case recurrence

    /// How far its impulse response may lie from that of A and B.
    static let tolerance = 0.01
}

/// State bits are the width of a population's membranes and synaptic currents.
public enum StateBits: Int, Sendable, CaseIterable {
    /// 16 where calibration leaves room for `leastFraction` fraction bits there, else 32.
    case automatic = 0
    case narrow = 16
    case wide = 32

    /// Networks of anchored figures lose nothing with 4 and points with none (docs/design.md).
    static let leastFraction = 4
}
