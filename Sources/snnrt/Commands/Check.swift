import ArgumentParser
import Compiler
import NIR

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says node by node what of a NIR network can be compiled, and how.",
        discussion: """
            Exit code 0 if all of it can, 65 if not.

            Examples:
              snnrt check network.nir
              snnrt check network.nir --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The network (.nir).", valueName: "network")) var path: String
    @Option(help: "Output format: text or json.") var format: Format = .text

    struct Report: Encodable {
        struct Line: Encodable {
            let node: String
            let primitive: String
            /// Shape of what it gives; nil where nothing reaches it.
            let shape: [Int]?
            let isSupported: Bool
            let realization: String
        }
        struct Edge: Encodable {
            let from: String
            let to: String
        }
        let file: String
        let nirVersion: String?
        let isSupported: Bool
        let nodes: [Line]
        /// Edges that carry last tick's value.
        let recurrentEdges: [Edge]
        /// Seconds, where the file gives them away.
        let inferredTimeStep: Double?
        let unreached: [String]
    }

    func run() throws {
        let graph: Graph
        do { graph = try Graph(path: path) } catch { throw Failure(code: .model, message: "\(error)") }
        let schedule: Schedule?
        var fault: String?
        do { schedule = try Schedule(graph, file: path) } catch {
            schedule = nil
            fault = error.description
        }
        if let schedule {
            // Whatever the time step: one that every time constant spans.
            let times = graph.nodes.values.flatMap { node -> [Double] in
                guard case .neuron(let neuron) = node else { return [] }
                return (neuron.tau?.values ?? []) + (neuron.tauSynapse?.values ?? [])
            }
            let dt = graph.timeStep(in: Dialect.named("snntorch")!) ?? times.min().map { $0 / 2 } ?? 1
            let reasons = Dialect.all.compactMap { obstacle(graph, schedule, dialect: $0, dt: dt) }
            if reasons.count == Dialect.all.count { fault = "\(path): \(reasons[0])" }
        }
        let order = schedule.map { $0.order + $0.unreached } ?? graph.nodes.keys.sorted()
        let lines = order.map { name in
            let (isSupported, realization) = graph.nodes[name]!.realization
            return Report.Line(
                node: name, primitive: graph.nodes[name]!.primitive, shape: schedule?.shapes[name],
                isSupported: isSupported,
                realization: schedule?.unreached.contains(name) == true ? "left out: no Input reaches it" : realization)
        }
        let report = Report(
            file: path, nirVersion: graph.version, isSupported: fault == nil && lines.allSatisfy(\.isSupported),
            nodes: lines,
            recurrentEdges: (schedule?.recurrent ?? []).sorted { ($0.from, $0.to) < ($1.from, $1.to) }
                .map { Report.Edge(from: $0.from, to: $0.to) },
            inferredTimeStep: graph.timeStep(in: Dialect.named("snntorch")!), unreached: schedule?.unreached ?? [])
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            try Output.standard.line(
                "\(path), NIR \(graph.version ?? "of unknown version"), \(graph.nodes.count) nodes, \(graph.edges.count) edges"
            )
            try Output.standard.line()
            var table = Table([
                ("node", .left), ("primitive", .left), ("gives", .left), ("", .left), ("realized as", .left),
            ])
            for line in lines {
                let shape = line.shape.map { $0.map(String.init).joined(separator: "x") } ?? ""
                table.add([line.node, line.primitive, shape, line.isSupported ? "yes" : "NO", line.realization])
            }
            for line in table.lines() { try Output.standard.line(line) }
            try Output.standard.line()
            for edge in report.recurrentEdges {
                try Output.standard.line("recurrent: \(edge.from) -> \(edge.to) carries last tick's value")
            }
            try Output.standard.line(
                "dt: " + (report.inferredTimeStep.map { "\($0) s, by tau/R" } ?? "not in the file; give --dt"))
        }
        if let fault { standardError("snnrt: \(fault)") }
        try Output.standard.flush()
        if !report.isSupported { throw ExitCode(Failure.Code.model.rawValue) }
    }
}
