/// A node reader reads one node's parameters and holds their shapes to each other.
struct NodeReader {
    let group: HDF5Group

    func read(_ type: String) throws(NIRError) -> Node {
        switch type {
        case "Input": return .input(shape: try integers("shape"))
        case "Output": return .output(shape: try integers("shape"))
        case "Affine", "Linear":
            let weight = try finite("weight")
            guard weight.shape.count == 2 else {
                throw group.error("weight", "has shape \(weight.shape), expected [outputs, inputs]")
            }
            if type == "Linear" { return .affine(weight: weight, bias: nil) }
            return .affine(weight: weight, bias: try spread("bias", over: [weight.shape[0]]))
        case "Scale": return .scale(try finite("scale"))
        case "Conv1d", "Conv2d": return .convolution(try convolution(isTwoDimensional: type == "Conv2d"))
        case "SumPool2d", "AvgPool2d":
            return .pool(
                PoolNode(
                    function: type == "AvgPool2d" ? .average : .sum, kernel: try pair("kernel_size"),
                    stride: try pair("stride"),
                    padding: try pair("padding", least: 0)))
        case "snnrt.MaxPool1d", "snnrt.MaxPool2d":
            let isTwoDimensional = type == "snnrt.MaxPool2d"
            return .pool(
                PoolNode(
                    function: .maximum, isTwoDimensional: isTwoDimensional,
                    kernel: try sizes("kernel_size", isTwoDimensional, least: 1),
                    stride: try sizes("stride", isTwoDimensional, least: 1),
                    padding: try sizes("padding", isTwoDimensional, least: 0)))
        case "snnrt.Block": return try block()
        case "snnrt.DelayedLinear": return .delayedMatrix(try delayedMatrix())
        case "snnrt.Memory": return .memory(try memory())
        case "snnrt.Activation": return .activation(try activation())
        case "Flatten": return .flatten(start: try integer("start_dim"), end: try integer("end_dim"))
        case "Delay": return .delay(try finite("delay"))
        case "Threshold": return .threshold(try finite("threshold"))
        default:
            if let kind = Neuron.Kind(rawValue: type) { return .neuron(try neuron(kind)) }
            return .unknown(type)
        }
    }

    func block() throws(NIRError) -> Node {
        let weight = try finite("weight")
        guard weight.shape.count == 2 else {
            throw group.error("weight", "has shape \(weight.shape), expected [rows, columns] of a group")
        }
        let groups = try integer("groups")
        if groups < 1 { throw group.error("groups", "is \(groups), expected 1 or more") }
        let bias = group.has("bias") ? try spread("bias", over: [weight.shape[0]]) : nil
        return .block(weight: weight, bias: bias, groupCount: groups)
    }

    func delayedMatrix() throws(NIRError) -> DelayedMatrixNode {
        let (weight, delay) = (try finite("weight"), try finite("delay"))
        guard weight.shape.count == 2 else {
            throw group.error("weight", "has shape \(weight.shape), expected [outputs, inputs]")
        }
        guard delay.shape == weight.shape else {
            throw group.error("delay", "has shape \(delay.shape), expected that of the weights, \(weight.shape)")
        }
        let delays = try delay.values.map { (value) throws(NIRError) in
            guard let ticks = Int(exactly: value), 0...4095 ~= ticks else {
                throw group.error(
                    "delay", "is \(value), expected whole ticks, 0 to 4095",
                    hint: "round learned delays as the network does when it is evaluated")
            }
            return ticks
        }
        return DelayedMatrixNode(weight: weight, delays: delays)
    }

    func memory() throws(NIRError) -> MemoryNode {
        let a = try finite("A")
        guard a.shape.count == 2, a.shape[0] == a.shape[1], a.count > 0 else {
            throw group.error("A", "has shape \(a.shape), expected [order, order]")
        }
        let b = try finite("B")
        guard b.count == a.shape[0] else { throw group.error("B", "has shape \(b.shape), expected [\(a.shape[0])]") }
        guard group.has("theta") else { return MemoryNode(a: a, b: b) }
        let theta = try finite("theta")
        guard theta.count == 1, theta.values[0] > 0 else {
            throw group.error("theta", "holds \(theta.values), expected one number of ticks above 0")
        }
        return MemoryNode(a: a, b: b, theta: theta.values[0])
    }

    func activation() throws(NIRError) -> ActivationNode {
        func bound(_ name: String, or missing: Double) throws(NIRError) -> Double {
            if !group.has(name) { return missing }
            let bound = try finite(name)
            guard bound.count == 1 else { throw group.error(name, "holds \(bound.count) numbers, expected one") }
            return bound.values[0]
        }
        let function = try group.string("function")
        switch function {
        case "tanh": return .tanh
        case "sigmoid": return .sigmoid
        case "relu", "hardtanh":
            let isRectifier = function == "relu"
            let (low, high) = (
                isRectifier ? 0 : try bound("min", or: -1), try bound("max", or: isRectifier ? .infinity : 1)
            )
            if !(low < high) { throw group.error("max", "is \(high), expected more than \(low)") }
            return .clip(low: low, high: high)
        default:
            throw group.error(
                "function", "is \"\(function)\", expected \"relu\", \"hardtanh\", \"tanh\" or \"sigmoid\"")
        }
    }
}
