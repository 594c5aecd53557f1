// Reads NIR's HDF5 layout: a group `node` of type NIRGraph with groups `nodes` and a list `edges`, graphs within graphs.

extension Graph {
    /// - Throws: what cannot be a NIR graph at all. Primitives that are not known become `.unknown` nodes.
    public init(path: String) throws(NIRError) {
        let root = try HDF5File(path: path).root(of: path)
        guard root.has("node") else {
            throw root.error(nil, "holds no group \"node\"", hint: "a NIR file is what nir.write(path, graph) makes")
        }
        let top = try root.group("node")
        let type = try top.string("type")
        if type != "NIRGraph" { throw top.error("type", "is \"\(type)\", expected \"NIRGraph\"") }
        (nodes, edges, lateEdges) = try Graph.read(top, depth: 0)
        version = root.has("version") ? try root.string("version") : nil
    }

    private static func read(_ group: HDF5Group, depth: Int) throws(NIRError) -> ([String: Node], [Edge], Set<Edge>) {
        if depth > 16 { throw group.error(nil, "is nested deeper than 16 graphs") }
        var nodes: [String: Node] = [:]
        var edges = try readEdges(group, "edges")
        let metadata = group.has("metadata") ? try group.group("metadata") : nil
        var late = Set(
            try metadata.map { (metadata) throws(NIRError) in
                metadata.has("late_edges") ? try readEdges(metadata, "late_edges") : []
            } ?? [])
        if let stray = late.first(where: { !edges.contains($0) }) {
            throw metadata!.error("late_edges", "names \(stray.from) -> \(stray.to), which is no edge of the graph")
        }
        let members = try group.group("nodes")
        let names = Set(try members.names())
        for edge in edges {
            for name in [edge.from, edge.to] where !names.contains(name) {
                throw group.error("edges", "names \"\(name)\", which is no node (\(edge.from) -> \(edge.to))")
            }
        }
        for name in names.sorted() {
            let member = try members.group(name)
            let type = try member.string("type")
            if type == "NIRGraph" {
                if let edge = late.first(where: { $0.from == name || $0.to == name }) {
                    throw metadata!.error(
                        "late_edges",
                        "names \(edge.from) -> \(edge.to), expected edges between plain nodes, and \(name) is a graph")
                }
                let (inner, innerEdges, innerLate) = try read(member, depth: depth + 1)
                late.formUnion(innerLate.map { Edge(from: "\(name)/\($0.from)", to: "\(name)/\($0.to)") })
                open(name, inner, innerEdges, &nodes, &edges)
            } else {
                nodes[name] = try NodeReader(group: member).read(type)
            }
        }
        return (nodes, edges, late)
    }

    private static func readEdges(_ group: HDF5Group, _ name: String) throws(NIRError) -> [Edge] {
        let (shape, names) = try group.strings(name)
        if names.isEmpty { return [] }
        guard shape.count == 2, shape[1] == 2 else {
            throw group.error(name, "has shape \(shape), expected [edges, 2]")
        }
        var seen: Set<Edge> = []
        return (0..<shape[0]).compactMap {
            let edge = Edge(from: names[2 * $0], to: names[2 * $0 + 1])
            return seen.insert(edge).inserted ? edge : nil
        }
    }

    /// Puts the nodes of a graph in place of the node `name`: its inputs and outputs become connections.
    private static func open(
        _ name: String, _ inner: [String: Node], _ innerEdges: [Edge], _ nodes: inout [String: Node],
        _ edges: inout [Edge]
    ) {
        var (ports, exits): (Set<String>, Set<String>) = ([], [])
        for (innerName, node) in inner {
            switch node {
            case .input: ports.insert(innerName)
            case .output: exits.insert(innerName)
            default: nodes["\(name)/\(innerName)"] = node
            }
        }
        func full(_ inner: String) -> String { "\(name)/\(inner)" }
        let entries = innerEdges.filter { ports.contains($0.from) && !exits.contains($0.to) }.map { full($0.to) }
        let ends = innerEdges.filter { exits.contains($0.to) && !ports.contains($0.from) }.map { full($0.from) }
        let passes = innerEdges.contains { ports.contains($0.from) && exits.contains($0.to) }
        let sources = edges.filter { $0.to == name }.map(\.from)
        let targets = edges.filter { $0.from == name }.map(\.to)
        var opened = edges.filter { $0.from != name && $0.to != name }
        opened += innerEdges.filter { !ports.contains($0.from) && !exits.contains($0.to) }
            .map { Edge(from: full($0.from), to: full($0.to)) }
        // An edge from the graph to itself is recurrence around it.
        for source in sources.flatMap({ $0 == name ? ends : [$0] }) {
            opened += entries.map { Edge(from: source, to: $0) }
        }
        for end in ends { opened += targets.filter { $0 != name }.map { Edge(from: end, to: $0) } }
        if passes {
            for source in sources where source != name {
                opened += targets.filter { $0 != name }.map { Edge(from: source, to: $0) }
            }
        }
        edges = opened
    }
}

/// Reads one node's parameters and holds their shapes to each other.
private struct NodeReader {
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
                Pool(
                    function: type == "AvgPool2d" ? .average : .sum, kernel: try pair("kernel_size"),
                    stride: try pair("stride"),
                    padding: try pair("padding", least: 0)))
        case "snnrt.MaxPool1d", "snnrt.MaxPool2d":
            let isTwoDimensional = type == "snnrt.MaxPool2d"
            return .pool(
                Pool(
                    function: .maximum, isTwoDimensional: isTwoDimensional,
                    kernel: try sizes("kernel_size", isTwoDimensional, least: 1),
                    stride: try sizes("stride", isTwoDimensional, least: 1),
                    padding: try sizes("padding", isTwoDimensional, least: 0)))
        case "snnrt.Block": return try block()
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

    private func neuron(_ kind: Neuron.Kind) throws(NIRError) -> Neuron {
        let resistance = try finite("r")
        // Scalars are spread over what the other parameters agree on.
        var shape = resistance.shape
        for name in ["v_threshold", "v_leak", "tau", "tau_mem"] where group.has(name) {
            let other = try finite(name)
            if other.count > shape.reduce(1, *) { shape = other.shape }
        }
        func parameter(_ name: String, if isNeeded: Bool, or missing: Double? = nil) throws(NIRError) -> Tensor? {
            if !isNeeded { return nil }
            if let missing, !group.has(name) { return Tensor.scalar(missing).spread(over: shape) }
            return try spread(name, over: shape)
        }
        func positive(_ name: String, if isNeeded: Bool) throws(NIRError) -> Tensor? {
            let found = try parameter(name, if: isNeeded)
            if let found, let i = found.values.firstIndex(where: { $0 <= 0 }) {
                throw group.error(name, "is \(found.values[i]) at \(i), expected a positive time in seconds")
            }
            return found
        }
        let membrane = kind == .cubaLI || kind == .cubaLIF ? "tau_mem" : "tau"
        return Neuron(
            kind: kind, shape: shape, tau: try positive(membrane, if: kind.leaks),
            tauSynapse: try positive("tau_syn", if: kind.hasSynapses),
            inputWeight: try parameter("w_in", if: kind.hasSynapses, or: 1), resistance: try spread("r", over: shape),
            leak: try parameter("v_leak", if: kind.leaks), threshold: try parameter("v_threshold", if: kind.fires),
            reset: try parameter("v_reset", if: kind.fires, or: 0))
    }

    private func block() throws(NIRError) -> Node {
        let weight = try finite("weight")
        guard weight.shape.count == 2 else {
            throw group.error("weight", "has shape \(weight.shape), expected [rows, columns] of a group")
        }
        let groups = try integer("groups")
        if groups < 1 { throw group.error("groups", "is \(groups), expected 1 or more") }
        let bias = group.has("bias") ? try spread("bias", over: [weight.shape[0]]) : nil
        return .block(weight: weight, bias: bias, groupCount: groups)
    }

    private func memory() throws(NIRError) -> Memory {
        let a = try finite("A")
        guard a.shape.count == 2, a.shape[0] == a.shape[1], a.count > 0 else {
            throw group.error("A", "has shape \(a.shape), expected [order, order]")
        }
        let b = try finite("B")
        guard b.count == a.shape[0] else { throw group.error("B", "has shape \(b.shape), expected [\(a.shape[0])]") }
        guard group.has("theta") else { return Memory(a: a, b: b) }
        let theta = try finite("theta")
        guard theta.count == 1, theta.values[0] > 0 else {
            throw group.error("theta", "holds \(theta.values), expected one number of ticks above 0")
        }
        return Memory(a: a, b: b, theta: theta.values[0])
    }

    private func activation() throws(NIRError) -> Activation {
        func bound(_ name: String, or missing: Double) throws(NIRError) -> Double {
            if !group.has(name) { return missing }
            let found = try finite(name)
            guard found.count == 1 else { throw group.error(name, "holds \(found.count) numbers, expected one") }
            return found.values[0]
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

    private func convolution(isTwoDimensional: Bool) throws(NIRError) -> Convolution {
        var weight = try finite("weight")
        guard weight.shape.count == (isTwoDimensional ? 4 : 3), !weight.shape.contains(0) else {
            let expected = isTwoDimensional ? "height, width" : "width"
            throw group.error("weight", "has shape \(weight.shape), expected [outputs, inputs per group, \(expected)]")
        }
        if !isTwoDimensional { weight.shape.insert(1, at: 2) }
        let dilation = try sizes("dilation", isTwoDimensional, least: 1)
        let stride = try sizes("stride", isTwoDimensional, least: 1)
        let groups = try integer("groups")
        if groups < 1 || weight.shape[0] % groups != 0 {
            throw group.error("groups", "is \(groups), which does not divide \(weight.shape[0]) output channels")
        }
        let kernel = Array(weight.shape[2...])
        let inputSize: [Int]? =
            group.has("input_shape")
            ? try sizes("input_shape", isTwoDimensional, least: 1) : nil
        return Convolution(
            isTwoDimensional: isTwoDimensional, inputSize: inputSize, weight: weight,
            bias: try spread("bias", over: [weight.shape[0]]), stride: stride,
            padding: try padding(isTwoDimensional, kernel: kernel, dilation: dilation, stride: stride),
            dilation: dilation,
            groups: groups)
    }

    /// [[above, below], [left, right]]; `same` puts the odd one behind, as PyTorch does.
    private func padding(
        _ isTwoDimensional: Bool, kernel: [Int], dilation: [Int], stride: [Int]
    ) throws(NIRError) -> [[Int]] {
        if let text = try? group.string("padding") {
            switch text {
            case "valid": return [[0, 0], [0, 0]]
            case "same":
                if stride != [1, 1] {
                    throw group.error("padding", "is \"same\" with a stride of \(stride), expected a stride of 1")
                }
                return (0..<2).map { axis in
                    let all = dilation[axis] * (kernel[axis] - 1)
                    return [all / 2, all - all / 2]
                }
            default: throw group.error("padding", "is \"\(text)\", expected numbers, \"same\" or \"valid\"")
            }
        }
        return try sizes("padding", isTwoDimensional, least: 0).map { [$0, $0] }
    }

    // MARK: Fields

    private func finite(_ name: String) throws(NIRError) -> Tensor {
        let found = try group.numbers(name)
        if let i = found.values.firstIndex(where: { !$0.isFinite }) {
            throw group.error(name, "is \(found.values[i]) at element \(i), expected a finite number")
        }
        return found
    }

    private func spread(_ name: String, over shape: [Int]) throws(NIRError) -> Tensor {
        let found = try finite(name)
        guard let spread = found.spread(over: shape) else {
            throw group.error(name, "has shape \(found.shape), expected \(shape)")
        }
        return spread
    }

    private func integers(_ name: String) throws(NIRError) -> [Int] {
        try finite(name).values.map { (value) throws(NIRError) in
            guard value == value.rounded(), abs(value) < 1e9 else {
                throw group.error(name, "is \(value), expected a whole number")
            }
            return Int(value)
        }
    }

    private func integer(_ name: String) throws(NIRError) -> Int {
        let found = try integers(name)
        guard found.count == 1 else { throw group.error(name, "holds \(found.count) numbers, expected one") }
        return found[0]
    }

    /// Height and width; one number stands for both.
    private func pair(_ name: String, least: Int = 1) throws(NIRError) -> [Int] {
        let found = try integers(name)
        guard found.count == 1 || found.count == 2 else {
            throw group.error(name, "holds \(found.count) numbers, expected 2")
        }
        if let low = found.first(where: { $0 < least }) {
            throw group.error(name, "is \(low), expected \(least) or more")
        }
        return found.count == 1 ? [found[0], found[0]] : found
    }

    /// The same; of one dimension the height is `least` or 1.
    private func sizes(_ name: String, _ isTwoDimensional: Bool, least: Int) throws(NIRError) -> [Int] {
        let found = try pair(name, least: least)
        return isTwoDimensional ? found : [least, found[1]]
    }
}
