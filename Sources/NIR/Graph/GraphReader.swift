// This file reads NIR's HDF5 layout: a group `node` of type NIRGraph with groups `nodes` and a list `edges`, graphs within graphs.

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
        (grids, statedInput) = (try StatedGrid.all(in: top), try StatedInput(top))
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
