import SNNRuntime

/// A program as a graph: what computes is a node, what it reads an edge, on which weights may lie.
struct ProgramGraph {
    struct Node {
        let op: UInt32
        let kind: String
        /// The node of the network that it computes; nil where the model names none.
        let name: String?
        /// The slot that it writes, e.g. "spikes[96]"; empty for a readout.
        let output: String
        let details: String
    }
    struct Edge {
        /// Ops.
        let from: UInt32
        let to: UInt32
        /// The projection between them, e.g. "op 3, 16x40 int8"; nil where one reads the other as it stands.
        let weights: String?
        /// Shows last tick's value: read before it is written, or above its writer.
        let isLate: Bool
    }

    let name: String
    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []

    init(_ loaded: LoadedModel) throws {
        let model = loaded.model
        name = loaded.name
        let ops = (0..<model.opCount).map { model.file.op($0) }
        let named = ModelNodes(model)
        var writers: [UInt32: [UInt32]] = [:]
        for number in 0..<model.opCount where ops[Int(number)].target != nil {
            writers[model.file.targetSlot(ofOp: number), default: []].append(number)
        }
        for (op, number) in zip(ops, 0..<model.opCount) where !op.hasSynapses {
            nodes.append(
                Node(
                    op: number, kind: "\(model.file.opKind(number)!)", name: named.ofOp[number],
                    output: op.target.map { "\($0.typeName)[\($0.count)]" } ?? "",
                    details: op.details(model.file)))
            for writer in writers[model.file.sourceSlot(ofOp: number)] ?? [] {
                if !ops[Int(writer)].hasSynapses {
                    edges.append(Edge(from: writer, to: number, weights: nil, isLate: writer > number))
                    continue
                }
                for source in writers[model.file.sourceSlot(ofOp: writer)] ?? [] {
                    let weights = "op \(writer), \(ops[Int(writer)].details(model.file))"
                    edges.append(Edge(from: source, to: number, weights: weights, isLate: source > writer))
                }
            }
        }
    }

    var lines: [String] {
        nodes.flatMap { node -> [String] in
            let output = node.output.isEmpty ? "" : " -> \(node.output)"
            let reads = edges.filter { $0.to == node.op }.map { edge in
                "         <- op \(edge.from)" + (edge.isLate ? " of the last tick" : "")
                    + (edge.weights.map { " through \($0)" } ?? "")
            }
            let name = node.name.map { " \"\($0)\"" } ?? ""
            return ["op \(node.op) \(node.kind)\(name)\(output): \(node.details)"] + reads
        }
    }

    /// The graph in Graphviz's language. Edges of the last tick are dashed and do not order the nodes.
    var dot: String {
        func quoted(_ lines: String...) -> String {
            "\""
                + lines.filter { !$0.isEmpty }.map {
                    $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                }
                .joined(separator: "\\n") + "\""
        }
        /// The text, broken at its commas so that boxes stay narrow.
        func broken(_ text: String) -> String { text.replacing(", ", with: ",\\n") }
        var lines = [
            "digraph \(quoted(name)) {", "  label=\(quoted(name)); labelloc=t; fontname=\"sans-serif\";",
            "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];",
            "  edge [fontname=\"sans-serif\", fontsize=9, color=\"#555555\"];",
        ]
        lines += nodes.map {
            "  op\($0.op) [label=\(broken(quoted($0.name ?? "", "op \($0.op) \($0.kind) \($0.output)", $0.details)))];"
        }
        lines += edges.map { edge in
            let style = edge.isLate ? ", style=dashed, constraint=false, color=\"#b03a2e\"" : ""
            return "  op\(edge.from) -> op\(edge.to) [label=\(broken(quoted(edge.weights ?? "")))\(style)];"
        }
        return (lines + ["}", ""]).joined(separator: "\n")
    }

    /// Writes `.dot`, or `.svg` through Graphviz.
    func write(to path: String) throws {
        var bytes = Array(dot.utf8)
        if path.hasSuffix(".svg") {
            bytes = try ProgramGraph.drawn(bytes)
        } else if !path.hasSuffix(".dot") {
            throw Failure(
                code: .usage, message: "--graph \(path): expected a file that ends in .svg or .dot, or - for text")
        }
        try writeFile(bytes, to: path)
    }

    private static func drawn(_ dot: [UInt8]) throws -> [UInt8] {
        guard let drawing = filtered(dot, through: ["dot", "-Tsvg"]) else {
            throw Failure(
                code: .output,
                message:
                    "an .svg is drawn by Graphviz's dot, which did not run\n  hint: install graphviz, or write a .dot file and draw it elsewhere"
            )
        }
        return drawing
    }
}

extension Op {
    /// The op is weights between two nodes.
    fileprivate var hasSynapses: Bool {
        switch body {
        case .projection, .sparse, .convolution: true
        default: false
        }
    }
}
