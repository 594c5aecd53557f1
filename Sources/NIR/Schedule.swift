/// In which order the nodes of a graph run in a tick, and the shape of what each gives.
///
/// Nodes run once all they read has run, edges apart that the file says carry last tick's value. Where a cycle leaves none,
/// the neuron nearest behind what has run goes first; an edge from a later node then carries last tick's value, which is
/// how recurrence reads.
public struct Schedule: Sendable {
    /// Node names.
    public private(set) var order: [String] = []
    /// Edges that carry last tick's value.
    public private(set) var recurrent: Set<Graph.Edge> = []
    /// Shape of a node's output, by name.
    public private(set) var shapes: [String: [Int]] = [:]
    /// Nodes that no Input reaches; they are left out.
    public private(set) var unreached: [String] = []

    /// - Throws: shapes that do not fit each other, and cycles without a neuron. `file` is for messages.
    public init(_ graph: Graph, file: String) throws(NIRError) {
        func fail(_ node: String, _ message: String, hint: String? = nil) -> NIRError {
            NIRError(file, node, message, hint: hint)
        }
        var reached: Set<String> = []
        var frontier: [String] = graph.nodes.keys.sorted().filter {
            if case .input = graph.nodes[$0]! { true } else { false }
        }
        if frontier.isEmpty { throw NIRError(file, nil, "has no Input node") }
        for edge in graph.edges {
            if case .output? = graph.nodes[edge.from] {
                throw fail(edge.from, "is an Output with an edge out of it, to \(edge.to)")
            }
            if case .input? = graph.nodes[edge.to] {
                throw fail(edge.to, "is an Input with an edge into it, from \(edge.from)")
            }
        }
        let outputs = Dictionary(grouping: graph.edges, by: \.from)
        let inputs = Dictionary(grouping: graph.edges.filter { graph.nodes[$0.from] != nil }, by: \.to)
        while let name = frontier.popLast() {
            if reached.insert(name).inserted { frontier += (outputs[name] ?? []).map(\.to) }
        }
        unreached = graph.nodes.keys.filter { !reached.contains($0) }.sorted()

        recurrent = graph.lateEdges.filter { reached.contains($0.from) && reached.contains($0.to) }
        var done: Set<String> = []
        // Elements of what enters each node.
        var entering: [String: Int] = [:]
        var left = reached.sorted()
        while !left.isEmpty {
            func waits(_ name: String) -> [String] {
                (inputs[name] ?? []).filter {
                    reached.contains($0.from) && !done.contains($0.from) && !recurrent.contains($0)
                }.map(\.from)
            }
            let next: String
            if let ready = left.first(where: { waits($0).isEmpty }) {
                next = ready
            } else {
                let candidates = left.filter { name in
                    graph.nodes[name]!.isPopulation && (inputs[name] ?? []).contains { done.contains($0.from) }
                }
                guard let first = candidates.min(by: { waits($0).count < waits($1).count }) else {
                    throw fail(
                        left[0], "lies on a cycle without a neuron that the input reaches",
                        hint: "recurrence needs a neuron in it")
                }
                next = first
                for from in waits(first) { recurrent.insert(Graph.Edge(from: from, to: first)) }
            }
            left.removeAll { $0 == next }
            done.insert(next)
            order.append(next)
            let given = (inputs[next] ?? []).filter { reached.contains($0.from) && !recurrent.contains($0) }
                .map { shapes[$0.from]! }
            let (message, shape) = graph.nodes[next]!.outputShape(given)
            guard let shape else { throw fail(next, message ?? "has no shape") }
            guard elements(shape) != nil else {
                throw fail(next, "has the shape \(shape), expected sizes of 1 or more and 2^24 elements at most")
            }
            shapes[next] = shape
            entering[next] = given.first?.reduce(1, *)
        }
        let isShown = order.contains { if case .output = graph.nodes[$0]! { true } else { false } }
        if !isShown { throw NIRError(file, nil, "has no Output that an Input reaches") }
        for edge in recurrent.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            let (given, wanted) = (shapes[edge.from]!, entering[edge.to] ?? 0)
            if given.reduce(1, *) != wanted {
                throw fail(edge.to, "gets \(given) from \(edge.from), expected \(wanted) values")
            }
        }
    }
}

/// Elements of a shape; nil where a size is below 1 or there are more than 2^24.
private func elements(_ shape: [Int]) -> Int? {
    var size = 1
    for part in shape {
        if part < 1 || part > 1 << 24 { return nil }
        size *= part  // ≤ 2^48
        if size > 1 << 24 { return nil }
    }
    return size
}

extension Node {
    /// The shape of the output for inputs of the given shapes, which are added up; or what is wrong.
    func outputShape(_ inputs: [[Int]]) -> (message: String?, shape: [Int]?) {
        if case .input(let shape) = self {
            return shape.isEmpty ? ("has no shape", nil) : (nil, shape)
        }
        guard let given = inputs.first else { return ("reads nothing but last tick's values", nil) }
        let size = given.reduce(1, *)
        if inputs.contains(where: { $0 != given }) { return ("adds up shapes that differ: \(inputs)", nil) }
        func expect(_ count: Int, _ shape: [Int]) -> (String?, [Int]?) {
            count == size ? (nil, shape) : ("gets \(given), expected \(count) values", nil)
        }
        switch self {
        case .input: return (nil, nil)
        case .output(let shape):
            return elements(shape) == size ? (nil, shape) : ("gets \(given), its shape says \(shape)", nil)
        case .affine(let weight, _): return expect(weight.shape[1], [weight.shape[0]])
        case .block(let weight, _, let groupCount):
            let (columns, overflow) = weight.shape[1].multipliedReportingOverflow(by: groupCount)
            return overflow ? ("has too many groups", nil) : expect(columns, [weight.shape[0] * groupCount])
        case .memory(let memory): return (nil, [size * memory.order])
        case .activation: return (nil, given)
        case .scale(let scale), .delay(let scale), .threshold(let scale):
            return scale.count == 1 ? (nil, given) : expect(scale.count, given)
        case .neuron(let neuron): return neuron.count == 1 && size > 1 ? (nil, given) : expect(neuron.count, given)
        case .flatten(let start, let end):
            let (first, last) = (start < 0 ? given.count + start : start, end < 0 ? given.count + end : end)
            guard first >= 0, last < given.count, first <= last else {
                return ("joins dimensions \(start) to \(end) of \(given)", nil)
            }
            return (nil, Array(given[..<first]) + [given[first...last].reduce(1, *)] + Array(given[(last + 1)...]))
        case .convolution(let convolution):
            let rank = convolution.isTwoDimensional ? 3 : 2
            guard given.count == rank else {
                return ("gets \(given), expected \(rank) dimensions, channels first", nil)
            }
            if given[0] != convolution.weight.shape[1] * convolution.groups {
                return ("gets \(given[0]) channels, expected \(convolution.weight.shape[1] * convolution.groups)", nil)
            }
            let sizes =
                convolution.weight.shape[2...] + convolution.stride + convolution.padding.joined()
                + convolution.dilation
            if sizes.max()! > 255 { return ("has a kernel, stride, padding or dilation above 255", nil) }
            let source = convolution.isTwoDimensional ? Array(given[1...]) : [1, given[1]]
            if let stated = convolution.inputSize, stated != source {
                return ("gets \(source), its input_shape says \(stated)", nil)
            }
            let target = slide(
                source, kernel: Array(convolution.weight.shape[2...]), stride: convolution.stride,
                padding: convolution.padding,
                dilation: convolution.dilation)
            guard let target else { return ("has a kernel larger than its padded input \(source)", nil) }
            let channels = convolution.weight.shape[0]
            return (nil, convolution.isTwoDimensional ? [channels] + target : [channels, target[1]])
        case .pool(let pool):
            let rank = pool.isTwoDimensional ? 3 : 2
            guard given.count == rank else {
                return ("gets \(given), expected \(rank) dimensions, channels first", nil)
            }
            if (pool.kernel + pool.stride + pool.padding).max()! > 255 {
                return ("has a window, stride or padding above 255", nil)
            }
            let target = slide(
                pool.isTwoDimensional ? Array(given[1...]) : [1, given[1]], kernel: pool.kernel, stride: pool.stride,
                padding: pool.padding.map { [$0, $0] }, dilation: [1, 1])
            return target.map { (nil, [given[0]] + (pool.isTwoDimensional ? $0 : [$0[1]])) } ?? (
                "has a window larger than its padded input \(given)", nil
            )
        case .unknown(let type): return ("is of type \"\(type)\", which is not known", nil)
        }
    }
}

/// floor( (size + padding − dilation·(kernel − 1) − 1) / stride ) + 1 in both dimensions; nil where the kernel is larger.
func slide(_ size: [Int], kernel: [Int], stride: [Int], padding: [[Int]], dilation: [Int]) -> [Int]? {
    let target = (0..<2).map { axis -> Int in
        let room = size[axis] + padding[axis][0] + padding[axis][1] - dilation[axis] * (kernel[axis] - 1) - 1
        return room < 0 ? 0 : room / stride[axis] + 1
    }
    return target.contains(0) ? nil : target
}
