/// A netx reader reads layer after layer, each of the shape that the one before gives.
struct NetxReader {
    private(set) var layers: [NetxNetwork.Layer] = []
    private(set) var averagedGroups: Int?
    /// Shape of what the next layer reads, channels first; nil where nothing says it yet.
    private(set) var shape: [Int]?

    mutating func read(_ group: HDF5Group) throws(NIRError) {
        if averagedGroups != nil {
            throw group.error(nil, "stands behind an average, which can only be the last layer")
        }
        let type = try group.string("type")
        switch type {
        case "input": try readInput(group)
        case "dense", "dense_rec": try readDense(group, type)
        case "conv": try readConvolution(group)
        case "pool": try readPool(group)
        case "flatten":
            try group.allow(["type", "shape"])
            guard let all = shape?.reduce(1, *) else { throw group.error(nil, "has no layer before it") }
            shape = [all]
            try check([all], group)
        case "average": try readAverage(group)
        default:
            throw group.error(
                "type", "is \"\(type)\"",
                hint: "input, dense, dense_rec, conv, pool, flatten and average can be compiled")
        }
    }

    /// Takes the shape that a layer says it gives for what it gives, and nothing else of it.
    mutating func skip(_ group: HDF5Group) {
        if let stated = try? group.wholes("shape", 1...1 << 24), !stated.isEmpty, elementCount(stated) != nil {
            shape = stated
        }
    }

    /// Refuses a shape that the file gives and its layer has not.
    private func check(_ shape: [Int], _ group: HDF5Group) throws(NIRError) {
        if !group.has("shape") { return }
        let stated = try group.wholes("shape", 1...1 << 24)
        let isSame = stated.filter { $0 != 1 } == shape.filter { $0 != 1 }
        if !isSame { throw group.error("shape", "is \(stated), where the layer gives \(shape)") }
    }

    private mutating func readInput(_ group: HDF5Group) throws(NIRError) {
        try group.allow(["type", "shape", "weight", "bias", "neuron"])
        if shape != nil { throw group.error(nil, "is a second input") }
        let given = try group.wholes("shape", 1...1 << 24)
        guard !given.isEmpty, let count = elementCount(given) else { throw group.error("shape", "is \(given)") }
        shape = given
        if !group.has("neuron") {
            if let odd = ["weight", "bias"].first(where: { group.has($0) }) {
                throw group.error(odd, "stands in an input without neurons, where nothing reads it")
            }
            return
        }
        // Without a weight a value of 1 is the chip's 2^6.
        let weight = group.has("weight") ? try group.spread("weight", -256...255, over: given) : each(64, count)
        let bias = group.has("bias") ? try group.spread("bias", -4096...4095, over: given) : each(0, count)
        let neurons = try group.neurons(over: given)
        if neurons.currentDecay.contains(where: { $0 < 4096 }) && bias.contains(where: { $0 != 0 }) {
            throw group.error(
                "bias", "drives an input whose current lasts (iDecay below 4096), which can be read in two ways")
        }
        if neurons.weightExponent != 0 { throw group.error("neuron/wgtExp", "is not 0 in an input layer") }
        layers.append(
            NetxNetwork.Layer(
                name: group.place, type: "input", connection: .values(weight: weight), inputShape: given, shape: given,
                bias: bias, neurons: neurons, delays: []))
    }

    private mutating func readDense(_ group: HDF5Group, _ type: String) throws(NIRError) {
        try group.allow([
            "type", "shape", "inFeatures", "outFeatures", "weight", "weight_rec", "bias", "delay", "neuron",
        ])
        let (matrix, read) = (try group.numbers("weight"), shape?.reduce(1, *))
        let weight = try group.wholes("weight", -256...255)
        // A matrix of one row or one column may have lost that dimension.
        let rows: Int
        switch matrix.shape.count {
        case 2: rows = matrix.shape[0]
        case 1: rows = elementCount(try group.wholes("shape", 1...1 << 24)) ?? 0
        default: throw group.error("weight", "has shape \(matrix.shape), expected [outputs, inputs]")
        }
        guard rows > 0, matrix.count > 0, matrix.count % rows == 0 else {
            throw group.error("weight", "has shape \(matrix.shape), expected [outputs, inputs]")
        }
        let columns = matrix.count / rows
        if let read, columns != read {
            throw group.error("weight", "reads \(columns) inputs, where the layer before gives \(read)")
        }
        try group.expect("inFeatures", [columns])
        try group.expect("outFeatures", [rows])
        let recurrent = type == "dense_rec" ? try group.wholes("weight_rec", -256...255) : nil
        if let recurrent, recurrent.count != rows * rows {
            throw group.error("weight_rec", "holds \(recurrent.count) numbers, expected \(rows * rows)")
        }
        if recurrent == nil && group.has("weight_rec") {
            throw group.error("weight_rec", "stands in a layer of type dense")
        }
        try add(group, type, .dense(weight: weight, recurrent: recurrent), from: shape ?? [columns], to: [rows])
    }

    private mutating func readConvolution(_ group: HDF5Group) throws(NIRError) {
        try group.allow([
            "type", "shape", "inChannels", "outChannels", "kernelSize", "stride", "padding", "dilation", "groups",
            "weight", "bias", "delay", "neuron",
        ])
        let from = try image(group)
        let node = ConvolutionNode(
            isTwoDimensional: true, inputSize: nil, weight: try kernels(group),
            bias: Tensor(shape: [1], values: [0]), stride: try group.pair("stride", or: 1, least: 1),
            padding: try group.pair("padding", or: 0, least: 0).map { [$0, $0] },
            dilation: try group.pair("dilation", or: 1, least: 1),
            groups: group.has("groups") ? try group.whole("groups", 1...65535) : 1)
        try group.expect("inChannels", [from[0]])
        try group.expect("outChannels", [node.weight.shape[0]])
        if node.weight.shape[0] % node.groups != 0 {
            throw group.error("groups", "is \(node.groups), which does not divide \(node.weight.shape[0]) channels")
        }
        try add(group, "conv", .convolution(node), from: from, to: try shape(of: node, from, group))
    }

    /// A pool is a convolution of each channel by itself, all weights equal.
    private mutating func readPool(_ group: HDF5Group) throws(NIRError) {
        try group.allow(["type", "shape", "kernelSize", "stride", "padding", "dilation", "weight", "delay", "neuron"])
        let (from, kernel) = (try image(group), try kernels(group))
        let size = Array(kernel.shape[2...])
        // lava-dl joins channels and rows before it pools: windows that do not fill the rows would reach into the next channel.
        if kernel.shape[0] != 1 || kernel.shape[1] != 1 {
            throw group.error("weight", "has shape \(kernel.shape), expected [1, 1, height, width]")
        }
        for (name, value) in [("stride", size), ("padding", [0, 0]), ("dilation", [1, 1])]
        where try group.pair(name, or: value[0], least: 0) != value {
            throw group.error(name, "is not \(value), so that windows would reach from channel to channel in lava-dl")
        }
        // So many rows and columns of zeros lava-dl puts behind an odd size.
        let added = (0..<2).map { from[$0 + 1] % size[$0] }
        if let axis = (0..<2).first(where: { (from[$0 + 1] + added[$0]) % size[$0] != 0 }) {
            throw group.error(
                "kernelSize",
                "is \(size[axis]), which lava-dl does not fit into \(from[axis + 1]) \(["rows", "columns"][axis])")
        }
        let node = ConvolutionNode(
            isTwoDimensional: true, inputSize: nil,
            weight: Tensor(
                shape: [from[0], 1] + size, values: (0..<from[0]).flatMap { _ in kernel.values }),
            bias: Tensor(shape: [1], values: [0]), stride: size, padding: added.map { [0, $0] }, dilation: [1, 1],
            groups: from[0])
        try add(group, "pool", .convolution(node), from: from, to: try shape(of: node, from, group))
    }

    private mutating func readAverage(_ group: HDF5Group) throws(NIRError) {
        try group.allow(["type", "shape"])
        let stated = try group.wholes("shape", 1...65535)
        guard let groups = elementCount(stated), let count = shape?.reduce(1, *), !layers.isEmpty, count % groups == 0
        else {
            throw group.error("shape", "is \(stated), which does not part \(shape ?? []) neurons equally")
        }
        (averagedGroups, shape) = (groups, [groups])
    }

    /// Channels, height and width of what a layer reads.
    private func image(_ group: HDF5Group) throws(NIRError) -> [Int] {
        guard let shape else {
            throw group.error(
                nil, "reads an input of unknown size", hint: "put an input layer with its shape before it")
        }
        if shape.count != 3 { throw group.error(nil, "reads \(shape), expected [channels, height, width]") }
        return shape
    }

    /// [outputs, inputs per group, height, width], a last axis of one tick dropped.
    private func kernels(_ group: HDF5Group) throws(NIRError) -> Tensor {
        var weight = try group.numbers("weight")
        _ = try group.wholes("weight", -256...255)
        if weight.shape.count == 5 && weight.shape[4] == 1 { weight.shape.removeLast() }
        if weight.shape.count != 4 || weight.count == 0 {
            throw group.error("weight", "has shape \(weight.shape), expected [outputs, inputs, height, width, 1]")
        }
        try group.expect("kernelSize", Array(weight.shape[2...]))
        return weight
    }

    private func shape(of node: ConvolutionNode, _ from: [Int], _ group: HDF5Group) throws(NIRError) -> [Int] {
        do {
            let shape = try Node.convolution(node).outputShape([from])
            if elementCount(shape) != nil { return shape }
        } catch { throw group.error(nil, error.message, hint: error.hint) }
        throw group.error(nil, "has too many neurons")
    }

    private mutating func add(
        _ group: HDF5Group, _ type: String, _ connection: NetxNetwork.Connection, from: [Int], to: [Int]
    ) throws(NIRError) {
        try check(to, group)
        let count = to.reduce(1, *)
        let delays = group.has("delay") ? try group.spread("delay", 0...4094, over: to) : []
        layers.append(
            NetxNetwork.Layer(
                name: group.place, type: type, connection: connection, inputShape: from, shape: to,
                bias: group.has("bias") ? try group.spread("bias", -4096...4095, over: to) : each(0, count),
                neurons: try group.neurons(over: to), delays: delays.contains { $0 > 0 } ? delays : []))
        shape = to
    }
}

private func each(_ value: Int, _ count: Int) -> [Int] { Array(repeating: value, count: count) }
