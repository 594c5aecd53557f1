/// A netx network is one for Loihi as lava-dl exports it (HDF5), in the chip's integers: layers one behind the other, from an
/// input to neurons that are shown. What the chip or this reader does not have is refused by its place in the file.
public struct NetxNetwork: Sendable {
    /// A block is lava-dl's word for a layer's kind of neurons; it says when neurons fire and when their spikes arrive.
    public enum Block: String, Sendable {
        /// v ≥ θ, and a tick from layer to layer.
        case cuba = "CUBA"
        /// v > θ, and all layers in the same tick.
        case loihi = "LOIHI"

        public var firesAtThreshold: Bool { self == .cuba }
        /// Spikes, the input's too, are heard a tick after they are fired.
        public var hasTickPerLayer: Bool { self == .cuba }
    }

    /// Neurons are the parameters of a layer's neurons, one value for each neuron in arrays.
    public struct Neurons: Sendable {
        public let block: Block
        /// iDecay, the chip's du + 1, and vDecay, each 0 … 4096.
        public let currentDecay: [Int]
        public let voltageDecay: [Int]
        /// vThMant, in units of 2^6.
        public let threshold: Int
        /// Weights count 2^exponent times: 0 … 7.
        public let weightExponent: Int
    }

    /// A connection is what enters a layer's neurons.
    public enum Connection: Sendable {
        /// The input's values, element by element times a weight: neurons of the input.
        case values(weight: [Int])
        /// A matrix [outputs, inputs], and one [outputs, outputs] from the layer's own spikes of the last tick.
        case dense(weight: [Int], recurrent: [Int]?)
        /// A convolution of whole numbers; a pool is one with a group for each channel.
        case convolution(ConvolutionNode)
    }

    public struct Layer: Sendable {
        /// Place in the file, e.g. `layer/0`.
        public let name: String
        /// lava-dl's word for the layer, e.g. `conv`.
        public let type: String
        public let connection: Connection
        /// Shapes, channels first, of what it reads and gives.
        public let inputShape: [Int]
        public let shape: [Int]
        /// Mantissas in units of 2^6, one for each neuron.
        public let bias: [Int]
        public let neurons: Neurons
        /// Ticks by which each neuron's spikes leave late; empty for none.
        public let delays: [Int]

        public var count: Int { shape.reduce(1, *) }
        public var inputCount: Int { inputShape.reduce(1, *) }
    }

    /// Layers in the order in which they hear each other.
    public let layers: [Layer]
    /// Groups of as many neurons each whose spikes are a score; nil where each neuron is one.
    public let averagedGroups: Int?

    public var block: Block { layers[0].neurons.block }
    /// True where the input drives neurons by its values, not by spikes.
    public var hearsValues: Bool { if case .values = layers[0].connection { true } else { false } }

    /// True for an HDF5 file that holds layers where a NIR file holds a graph.
    public static func isOne(path: String) -> Bool {
        guard let root = try? HDF5File(path: path).root(of: path) else { return false }
        return root.has("layer") && !root.has("node")
    }

    /// - Throws: what cannot be compiled, named by its place in the file.
    public init(path: String) throws(NIRError) {
        let all = try HDF5File(path: path).root(of: path).group("layer")
        let names = try all.names()
        var reader = NetxReader()
        for number in names.indices {
            guard names.contains("\(number)") else {
                throw all.error("\(number)", "is missing", hint: "layers are numbered from 0")
            }
            try reader.read(try all.group("\(number)"))
        }
        guard let first = reader.layers.first else { throw all.error(nil, "holds no layer with neurons") }
        if let other = reader.layers.first(where: { $0.neurons.block != first.neurons.block }) {
            throw all.error(
                nil,
                "\(first.name) has neurons of type \(first.neurons.block.rawValue), \(other.name) of type \(other.neurons.block.rawValue), which differ in when spikes arrive"
            )
        }
        (layers, averagedGroups) = (reader.layers, reader.averagedGroups)
    }
}
