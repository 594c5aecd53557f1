/// A netx network is one for Loihi as lava-dl exports it (HDF5): fully connected layers one behind the other, in the chip's
/// integers. Layers of other types and fields of other meaning are refused by name.
public struct NetxNetwork: Sendable {
    /// A fully connected layer and its neurons.
    public struct Layer: Sendable {
        /// Place in the file, e.g. `layer/0`.
        public let name: String
        public let inputCount: Int
        public let outputCount: Int
        /// [outputs, inputs], whole numbers.
        public let weight: [Int]
        /// Mantissas, one per output, in units of 2^6; empty without.
        public let bias: [Int]
        /// iDecay, the chip's du + 1, and vDecay, each 0 … 4096.
        public let currentDecay: Int
        public let voltageDecay: Int
        /// vThMant, in units of 2^6.
        public let threshold: Int
    }

    /// Layers in the order in which they hear each other.
    public let layers: [Layer]

    /// True for an HDF5 file that holds layers where a NIR file holds a graph.
    public static func isOne(path: String) -> Bool {
        guard let root = try? HDF5File(path: path).root(of: path) else { return false }
        return root.has("layer") && !root.has("node")
    }

    /// - Throws: what cannot be compiled, named by its place in the file.
    public init(path: String) throws(NIRError) {
        let all = try HDF5File(path: path).root(of: path).group("layer")
        let names = try all.names()
        var layers: [Layer] = []
        for number in names.indices {
            guard names.contains("\(number)") else {
                throw all.error("\(number)", "is missing", hint: "layers are numbered from 0")
            }
            let group = try all.group("\(number)")
            let width = layers.last?.outputCount
            if let layer = try Layer(group, width: width) { layers.append(layer) }
        }
        if layers.isEmpty { throw all.error(nil, "holds no layer with neurons") }
        self.layers = layers
    }
}

extension NetxNetwork.Layer {
    /// Nil for a layer that only says the shape of the input. `width` is the number of outputs before this layer.
    fileprivate init?(_ group: HDF5Group, width: Int?) throws(NIRError) {
        let type = try group.string("type")
        if type == "input" && !group.has("neuron") { return nil }
        if type != "dense" {
            throw group.error(
                "type", "is \"\(type)\"", hint: "dense layers can be compiled, and an input layer without neurons")
        }
        try group.allow(["type", "shape", "inFeatures", "outFeatures", "weight", "bias", "neuron"])
        let weight = try group.numbers("weight")
        guard weight.shape.count == 2 else {
            throw group.error("weight", "has shape \(weight.shape), expected [outputs, inputs]")
        }
        (outputCount, inputCount) = (weight.shape[0], weight.shape[1])
        if let width, inputCount != width {
            throw group.error("weight", "reads \(inputCount) inputs, where the layer before gives \(width)")
        }
        self.weight = try group.wholes("weight", -256...255)
        bias = group.has("bias") ? try group.wholes("bias", -4096...4095) : []
        if !bias.isEmpty && bias.count != outputCount {
            throw group.error("bias", "holds \(bias.count) numbers, expected \(outputCount)")
        }

        let neuron = try group.group("neuron")
        try neuron.allow(["type", "iDecay", "vDecay", "vThMant", "refDelay", "gradedSpike"])
        let model = try neuron.string("type")
        if model != "CUBA" && model != "LOIHI" { throw neuron.error("type", "is \"\(model)\", expected \"CUBA\"") }
        if neuron.has("refDelay") { _ = try neuron.whole("refDelay", 1...1) }
        if neuron.has("gradedSpike") { _ = try neuron.whole("gradedSpike", 0...0) }
        (currentDecay, voltageDecay) = (try neuron.whole("iDecay", 1...4096), try neuron.whole("vDecay", 0...4096))
        threshold = try neuron.whole("vThMant", 0...131_071)
        name = group.place
    }
}

extension HDF5Group {
    /// Refuses members other than these.
    fileprivate func allow(_ known: Set<String>) throws(NIRError) {
        if let other = try names().first(where: { !known.contains($0) }) { throw error(other, "cannot be compiled") }
    }

    /// Whole numbers within a range.
    fileprivate func wholes(_ name: String, _ range: ClosedRange<Int>) throws(NIRError) -> [Int] {
        try numbers(name).values.map { (value) throws(NIRError) in
            guard let whole = Int(exactly: value), range.contains(whole) else {
                throw error(name, "is \(value), expected a whole number, \(range.lowerBound) to \(range.upperBound)")
            }
            return whole
        }
    }

    fileprivate func whole(_ name: String, _ range: ClosedRange<Int>) throws(NIRError) -> Int {
        let numbers = try wholes(name, range)
        guard numbers.count == 1 else { throw error(name, "holds \(numbers.count) numbers, expected one") }
        return numbers[0]
    }
}
