import Compiler
import NIR

/// What `snnrt check` says. JSON keys are these names.
struct CheckReport: Encodable {
    struct Line: Encodable {
        let node: String
        let primitive: String
        /// Shape of what it gives; nil where nothing reaches it, or a fault before it leaves that open.
        let shape: [Int]?
        var isSupported: Bool
        /// What becomes of it.
        let realization: String
        /// Why it cannot be compiled.
        var reason: String?
        /// Numbers that it holds.
        let parameters: Int
        /// Products in a tick, at most.
        let operations: Int
        /// Bytes in the model file of the weights that enter it, and of its state in the arena; nil where no model was made.
        var weightBytes: Int?
        var stateBytes: Int?
    }
    struct Edge: Encodable {
        let from: String
        let to: String
    }
    struct Finding: Encodable {
        /// Nil where no single node is at fault.
        let node: String?
        let reason: String
        let hint: String?
    }
    /// The model that compile would write with these options.
    struct Model: Encodable {
        let bytes: Int
        let arenaBytes: Int
        let ticksPerResult: Int
    }

    let file: String
    /// "NIR 1.0.8" or "netx".
    let format: String
    let nirVersion: String?
    var isSupported: Bool { findings.isEmpty }
    var nodes: [Line]
    /// Edges that carry last tick's value.
    var recurrentEdges: [Edge] = []
    /// Seconds, where the file gives them away.
    var inferredTimeStep: Double?
    var unreached: [String] = []
    private(set) var findings: [Finding] = []
    /// Options that compile still wants.
    var needs: [String] = []
    /// What is taken where the file does not say it.
    var notes: [String] = []
    var model: Model?

    private enum CodingKeys: String, CodingKey {
        case file, format, nirVersion, isSupported, nodes, recurrentEdges, inferredTimeStep, unreached, findings, needs
        case notes, model, parameters, operations
    }

    init(file: String, format: String, nirVersion: String?, nodes: [Line]) {
        (self.file, self.format, self.nirVersion, self.nodes) = (file, format, nirVersion, nodes)
    }

    func encode(to encoder: Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(format, forKey: .format)
        try container.encodeIfPresent(nirVersion, forKey: .nirVersion)
        try container.encode(isSupported, forKey: .isSupported)
        try container.encode(nodes, forKey: .nodes)
        try container.encode(recurrentEdges, forKey: .recurrentEdges)
        try container.encodeIfPresent(inferredTimeStep, forKey: .inferredTimeStep)
        try container.encode(unreached, forKey: .unreached)
        try container.encode(findings, forKey: .findings)
        try container.encode(needs, forKey: .needs)
        try container.encode(notes, forKey: .notes)
        try container.encodeIfPresent(model, forKey: .model)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(operations, forKey: .operations)
    }

    var parameters: Int { nodes.reduce(0) { $0 + $1.parameters } }
    var operations: Int { nodes.reduce(0) { $0 + $1.operations } }

    /// Adds a finding and marks its node. A message that begins with a node's name is of that node.
    mutating func add(_ message: String, node: String?, hint: String? = nil) {
        let named =
            node
            ?? nodes.map(\.node).filter { message.hasPrefix("\($0): ") || message.hasPrefix("\($0)/") }.max {
                $0.count < $1.count
            }
        let isKnown = nodes.firstIndex { $0.node == named }
        let prefix = named.flatMap { name in ["\(name): ", "\(name)/"].first { message.hasPrefix($0) } } ?? ""
        let reason = String(message.dropFirst(prefix.count))
        if findings.contains(where: { $0.node == named && $0.reason == reason }) { return }
        findings.append(
            Finding(node: isKnown.map { nodes[$0].node }, reason: isKnown == nil ? message : reason, hint: hint))
        guard let at = isKnown else { return }
        nodes[at].isSupported = false
        nodes[at].reason = nodes[at].reason.map { "\($0); \(reason)" } ?? reason
    }

    var lines: [String] {
        var table = Table([
            ("node", .left), ("primitive", .left), ("gives", .left), ("parameters", .right), ("products", .right),
            ("weight bytes", .right), ("state bytes", .right), ("", .left), ("realized as", .left),
        ])
        func count(_ value: Int?) -> String { value.map { $0 == 0 ? "" : $0.grouped } ?? "" }
        for line in nodes {
            let shape = line.shape.map { $0.map(String.init).joined(separator: "x") } ?? ""
            table.add([
                line.node, line.primitive, shape, count(line.parameters), count(line.operations),
                count(line.weightBytes), count(line.stateBytes), line.isSupported ? "yes" : "NO",
                line.reason ?? line.realization,
            ])
        }
        table.add([
            "all", "", "", count(parameters), count(operations),
            count(nodes.reduce(0) { $0 + ($1.weightBytes ?? 0) }), count(nodes.reduce(0) { $0 + ($1.stateBytes ?? 0) }),
            "", "",
        ])
        var lines = table.lines() + [""]
        lines += recurrentEdges.map { "recurrent: \($0.from) -> \($0.to) carries last tick's value" }
        if let inferredTimeStep { lines.append("dt: \(inferredTimeStep) s, by tau/R") }
        if let model {
            lines.append(
                "compiled: \(model.bytes.grouped) bytes, arena \(model.arenaBytes.grouped) bytes; \((operations * model.ticksPerResult).grouped) products at most a result of \(counted(model.ticksPerResult, "tick"))"
            )
        }
        lines += notes
        if !needs.isEmpty { lines.append("compile wants: \(needs.joined(separator: ", "))") }
        return lines
    }
}
