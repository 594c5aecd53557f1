/// A schedule is the order in which the nodes of a graph run in a tick, and the shape of what each gives.
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
    /// The Inputs in the order of their names, in which a frame holds their elements one behind the other.
    public private(set) var inputNames: [String] = []
    /// The Outputs that an Input reaches, in the order of their names.
    public private(set) var outputNames: [String] = []
    /// Nodes that no Input reaches; they are left out.
    public private(set) var unreached: [String] = []

    /// A leading axis of 1 of the Input, a batch, is dropped where the graph is sound without it and not with it.
    ///
    /// - Throws: shapes that do not fit each other, and cycles without a neuron. `file` is for messages.
    public init(_ graph: Graph, file: String) throws(NIRError) {
        do { try self.init(graph, file: file, dropsBatch: false) } catch {
            guard let frame = try? Schedule(graph, file: file, dropsBatch: true) else { throw error }
            self = frame
        }
    }

    private init(_ graph: Graph, file: String, dropsBatch: Bool) throws(NIRError) {
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
            let sourceShapes = (inputs[next] ?? []).filter { reached.contains($0.from) && !recurrent.contains($0) }
                .map { shapes[$0.from]! }
            var shape: [Int]
            do { shape = try graph.nodes[next]!.outputShape(sourceShapes) } catch {
                throw fail(next, error.message, hint: error.hint)
            }
            if case .input = graph.nodes[next]!, dropsBatch, shape.count > 1, shape[0] == 1 { shape.removeFirst() }
            guard elementCount(shape) != nil else {
                throw fail(next, "has the shape \(shape), expected sizes of 1 or more and 2^24 elements at most")
            }
            shapes[next] = shape
            entering[next] = sourceShapes.first?.reduce(1, *)
        }
        inputNames = order.filter { if case .input = graph.nodes[$0]! { true } else { false } }.sorted()
        outputNames = order.filter { if case .output = graph.nodes[$0]! { true } else { false } }.sorted()
        if outputNames.isEmpty { throw NIRError(file, nil, "has no Output that an Input reaches") }
        for edge in recurrent.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            let (shape, wanted) = (shapes[edge.from]!, entering[edge.to] ?? 0)
            if shape.reduce(1, *) != wanted {
                throw fail(edge.to, "gets \(shape) from \(edge.from), expected \(wanted) values")
            }
        }
    }
}
