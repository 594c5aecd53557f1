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
        (nodes, edges) = ([:], [])
        version = root.has("version") ? try root.string("version") : nil
        self = try Graph.read(top, depth: 0, version)
    }

    private static func read(_ group: HDF5Group, depth: Int, _ version: String?) throws(NIRError) -> Graph {
        if depth > 16 { throw group.error(nil, "is nested deeper than 16 graphs") }
        var graph = Graph(nodes: [:], edges: [], version: version)
        let edgeList = try readEdges(group, "edges")
        graph.edges = edgeList.edges
        graph.remarks += edgeList.remarks
        let metadata = group.has("metadata") ? try group.group("metadata") : nil
        if let metadata {
            let reader = SettingsReader(group: metadata)
            graph.settings = depth == 0 ? try reader.settings() : try reader.settingsWithin()
            graph.statedInput = try StatedInput(metadata)
            try graph.noteUnusedKeys(of: metadata)
        }
        var late = Set(
            try metadata.map { (metadata) throws(NIRError) in
                metadata.has("late_edges") ? try readEdges(metadata, "late_edges").edges : []
            } ?? [])
        if let stray = late.first(where: { !graph.edges.contains($0) }) {
            throw metadata!.error("late_edges", "names \(stray.from) -> \(stray.to), which is no edge of the graph")
        }
        let members = try group.group("nodes")
        let names = Set(try members.names())
        for edge in graph.edges {
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
                let inner = try read(member, depth: depth + 1, version)
                late.formUnion(inner.lateEdges.map { Edge(from: "\(name)/\($0.from)", to: "\(name)/\($0.to)") })
                for (node, traits) in inner.traitsOfAllNodes {
                    graph.settings.traitsOfNodes["\(name)/\(node)"] = traits
                }
                for (node, grid) in inner.grids { graph.grids["\(name)/\(node)"] = grid }
                graph.remarks += inner.remarks
                open(name, inner.nodes, inner.edges, &graph.nodes, &graph.edges)
            } else {
                let reader = NodeReader(group: member)
                graph.nodes[name] = try reader.read(type)
                graph.remarks += try reader.clampedDecays(type)
                if member.has("metadata") {
                    let metadata = try member.group("metadata")
                    let traits = try SettingsReader(group: metadata).traits()
                    if traits != Dialect.Traits() { graph.settings.traitsOfNodes[name] = traits }
                    let grid = try StatedGrid(metadata)
                    if grid != StatedGrid() { graph.grids[name] = grid }
                    try graph.noteUnusedKeys(of: metadata)
                }
            }
        }
        graph.lateEdges = late
        return graph
    }

    /// The traits of single nodes, those included that the graph says of all its neurons.
    private var traitsOfAllNodes: [String: Dialect.Traits] {
        var all = settings.traitsOfNodes
        if settings.traits == Dialect.Traits() { return all }
        for (name, node) in nodes {
            guard case .neuron = node else { continue }
            all[name] = (all[name] ?? Dialect.Traits()).filled(from: settings.traits)
        }
        return all
    }

    /// Says which keys of other tools speak of what is taken from elsewhere.
    private mutating func noteUnusedKeys(of metadata: HDF5Group) throws(NIRError) {
        for key in try SettingsReader(group: metadata).unusedKeys() {
            remarks.append("\(metadata.place)/\(key) is not used: keys that are begin with \"snnrt.\"")
        }
    }

    private static func readEdges(_ group: HDF5Group, _ name: String) throws(NIRError) -> (
        edges: [Edge], remarks: [String]
    ) {
        let (shape, names) = try group.strings(name)
        if names.isEmpty { return ([], []) }
        guard shape.count == 2, shape[1] == 2 else {
            throw group.error(name, "has shape \(shape), expected [edges, 2]")
        }
        var (edges, seen, remarks): ([Edge], Set<Edge>, [String]) = ([], [], [])
        for i in 0..<shape[0] {
            let edge = Edge(from: names[2 * i], to: names[2 * i + 1])
            if seen.insert(edge).inserted {
                edges.append(edge)
            } else {
                remarks.append("\(group.place)/\(name) names \(edge.from) -> \(edge.to) twice, which counts once")
            }
        }
        return (edges, remarks)
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
