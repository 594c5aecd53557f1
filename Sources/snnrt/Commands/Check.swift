import ArgumentParser
import Compiler
import NIR

struct Check: ParsableCommand, ModelOptions {
    static let configuration = CommandConfiguration(
        abstract: "Says node by node what of a network can be compiled, how, and what that takes.",
        discussion: """
            Takes the options of compile, and says all that compile would refuse with them, each at its node. Exit code 0 if all of \
            it can be compiled, 65 if not. Parameters are the numbers that a node holds, products those of a tick if nothing is \
            silent.

            Examples:
              snnrt check network.nir
              snnrt check network.nir --dialect norse --dt 1e-3 --window 40 --weights 4
              snnrt check network.net --target loihi
              snnrt check network.nir --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The network (.nir, .net).", valueName: "network")) var path: String
    @Option(help: ArgumentHelp("Ticks per result. Default: 100.", valueName: "ticks")) var window: UInt32?
    @Option(help: ArgumentHelp("Keep a chip's integer arithmetic: loihi or xylo.", valueName: "chip")) var target: Chip?
    @OptionGroup(title: "Integers") var layers: LayerOptions
    @Option(help: ArgumentHelp("Bits of an input value, 2 to 16.", valueName: "bits")) var inputBits: UInt8?
    @Option(help: ArgumentHelp("Ticks per second, as a whole number or a ratio.", valueName: "a/b")) var rate: String?
    @Option(help: ArgumentHelp("Names of the channels, separated by commas.", valueName: "names")) var channels: String?
    @Option(help: ArgumentHelp("Names of the classes, separated by commas.", valueName: "names")) var classes: String?
    @OptionGroup(title: "Samples") var input: InputOptions
    @OptionGroup(title: "Results") var results: ReadoutOptions
    @OptionGroup var options: NIROptions
    @Option(help: "Output format: text or json.") var format: Format = .text

    func validate() throws {
        if target != nil && !layers.areDefault {
            throw ValidationError("--target: the chip decides on widths and grids")
        }
        try validateModel(window: window)
    }

    var units: String? { nil }
    var margin: Double { 1.5 }
    var isCalibrated: Bool { false }

    func run() throws {
        let report = try NetxNetwork.isOne(path: path) ? netxReport() : nirReport()
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            try Output.standard.line("\(path), \(report.format)")
            try Output.standard.line()
            for line in report.lines { try Output.standard.line(line) }
        }
        for finding in report.findings {
            let hint = finding.hint.map { "\n  hint: \($0)" } ?? ""
            standardError("snnrt: \(path): \(finding.node.map { "\($0): " } ?? "")\(finding.reason)\(hint)")
        }
        try Output.standard.flush()
        if !report.isSupported { throw ExitCode(Failure.Code.model.rawValue) }
    }

    private func ticksPerResult(_ settings: Settings) -> UInt32 { window ?? settings.window.map { UInt32($0) } ?? 100 }

    /// Adds what a body refuses of the options or the file.
    private func reporting<Result>(in report: inout CheckReport, _ body: () throws -> Result) throws -> Result? {
        do { return try body() } catch let failure as Failure {
            let (message, hint) = failure.parts(behind: path)
            report.add(message, node: nil, hint: hint)
            return nil
        }
    }

    /// Compiles, and says what that gave or why it did not.
    private func add(
        _ compile: (CompileOptions) throws(CompileError) -> Compiled, _ options: CompileOptions,
        to report: inout CheckReport
    ) throws {
        let compiled: Compiled
        do throws(CompileError) { compiled = try compile(options) } catch {
            report.add(error.description, node: error.node)
            return
        }
        let loaded = try LoadedModel(path: path, bytes: compiled.bytes)
        let nodes = ModelNodes(loaded.model)
        for i in report.nodes.indices {
            let bytes = nodes.bytes(of: report.nodes[i].node, in: loaded.model)
            (report.nodes[i].weightBytes, report.nodes[i].stateBytes) = (bytes.weights, bytes.state)
        }
        report.model = CheckReport.Model(
            bytes: compiled.bytes.count, arenaBytes: Int(try loaded.arenaByteCount()),
            ticksPerResult: Int(options.window))
    }

    private func nirReport() throws -> CheckReport {
        let graph: Graph
        do { graph = try Graph(path: path) } catch { throw Failure(code: .model, message: error.description) }
        let schedule: Schedule?
        var fault: NIRError?
        do throws(NIRError) { schedule = try Schedule(graph, file: path) } catch { (schedule, fault) = (nil, error) }
        let order = schedule.map { $0.order + $0.unreached } ?? graph.nodes.keys.sorted()
        let version = graph.version ?? "of unknown version"
        var report = CheckReport(
            file: path,
            format: "NIR \(version), \(counted(graph.nodes.count, "node")), \(counted(graph.edges.count, "edge"))",
            nirVersion: graph.version,
            nodes: order.map { name in
                let isLeftOut = schedule?.unreached.contains(name) == true
                return CheckReport.Line(
                    node: name, primitive: graph.nodes[name]!.primitive, shape: schedule?.shapes[name],
                    isSupported: true,
                    realization: isLeftOut ? "left out: no Input reaches it" : graph.nodes[name]!.realization.text,
                    parameters: graph.nodes[name]!.parameterCount,
                    operations: schedule.map { graph.denseOperations(of: name, $0) } ?? 0)
            })
        report.unreached = schedule?.unreached ?? []
        report.recurrentEdges = (schedule?.recurrent ?? []).sorted { ($0.from, $0.to) < ($1.from, $1.to) }
            .map { CheckReport.Edge(from: $0.from, to: $0.to) }
        if let fault { report.add(fault.message, node: fault.place, hint: fault.hint) }
        // Without a schedule, what can be said of a node by itself.
        for name in order where schedule == nil || graph.nodes[name]!.isUnknown {
            let (isSupported, text) = graph.nodes[name]!.realization
            if !isSupported && report.nodes.first(where: { $0.node == name })!.isSupported {
                report.add(text, node: name)
            }
        }
        if let schedule { try add(graph, schedule, to: &report) }
        return report
    }

    /// What the dialect, the tick and the other options make of a graph.
    private func add(_ graph: Graph, _ schedule: Schedule, to report: inout CheckReport) throws {
        report.inferredTimeStep = graph.timeStep(in: Dialect.named("snntorch")!)
        let said = try options.named(graph, path, target: target?.dialect)
        let candidates = said.map { [$0] } ?? Dialect.all.map { $0.settled(by: graph.settings, line: options.traits) }
        // Whatever the time step, where none is known: one that every time constant spans.
        let times = graph.nodes.values.flatMap { node -> [Double] in
            guard case .neuron(let neuron) = node else { return [] }
            return (neuron.tau?.values ?? []) + (neuron.tauSynapse?.values ?? [])
        }
        var tried: [(dialect: Dialect, dt: Double, reasons: [CompileError])] = []
        for dialect in candidates {
            let dt = options.dt ?? graph.timeStep(in: dialect) ?? times.min().map { $0 / 2 } ?? 1
            tried.append((dialect, dt, obstacles(graph, schedule, dialect: dialect, dt: dt)))
        }
        // Without a dialect, what no dialect takes.
        let best = tried.min { $0.reasons.count < $1.reasons.count }!
        for reason in best.reasons { report.add(reason.description, node: reason.node) }
        report.notes = graph.remarks
        if options.dt != nil || graph.timeStep(in: best.dialect) != nil {
            report.notes +=
                try reporting(in: &report) {
                    try Symptoms.delays(
                        of: graph, path, dt: best.dt, isAllowed: options.allow.contains(.roundedDelays))
                } ?? []
        }
        if said == nil { report.needs.append("--dialect") }
        if options.dt == nil && graph.timeStep(in: best.dialect) == nil && !times.isEmpty {
            report.needs.append("--dt")
        }
        if window == nil && graph.settings.window == nil { report.needs.append("--window") }
        if !report.isSupported { return }
        let (dialect, dt, target) = (best.dialect, best.dt, target)
        // A tick whose length nobody knows says nothing about a rate.
        let isStepKnown = options.dt != nil || graph.timeStep(in: dialect) != nil
        let chosen = try reporting(in: &report) {
            var chosen = try compileOptions(
                graph.settings, inputShape: schedule.frameShape, window: ticksPerResult(graph.settings),
                dt: isStepKnown ? dt : 1)
            adoptStated(graph, into: &chosen)
            return chosen
        }
        guard let chosen else { return }
        try add(
            { (chosen: CompileOptions) throws(CompileError) -> Compiled in
                switch target {
                case nil: try compile(graph, schedule, dialect: dialect, dt: dt, chosen)
                case .loihi: try compileLoihi(graph, schedule, dialect: dialect, dt: dt, chosen)
                case .xylo: try compileXylo(graph, schedule, dialect: dialect, dt: dt, chosen)
                }
            }, chosen, to: &report)
    }

    private func netxReport() throws -> CheckReport {
        try options.refuseForNetx(path)
        let survey: NetxSurvey
        do { survey = try NetxSurvey(path: path) } catch { throw Failure(code: .model, message: error.description) }
        var report = CheckReport(
            file: path, format: "netx of lava-dl, \(counted(survey.entries.count, "layer"))", nirVersion: nil,
            nodes: survey.entries.map { entry in
                CheckReport.Line(
                    node: entry.name, primitive: entry.type, shape: entry.shape, isSupported: true,
                    realization: entry.realization, parameters: entry.layer?.parameterCount ?? 0,
                    operations: entry.layer?.denseOperations ?? 0)
            })
        for entry in survey.entries {
            guard let fault = entry.fault else { continue }
            // The member within the layer.
            let place = fault.place.map { $0.dropFirst(entry.name.count + 1) } ?? ""
            report.add((place.isEmpty ? "" : "\(place): ") + fault.message, node: entry.name, hint: fault.hint)
        }
        if target == nil { report.needs.append("--target loihi") }
        if window == nil { report.needs.append("--window") }
        if target == .xylo { report.add("is a netx file, which holds Loihi's integers", node: nil) }
        if !report.isSupported { return report }
        let network: NetxNetwork
        do throws(NIRError) { network = try NetxNetwork(path: path) } catch {
            report.add(error.message, node: error.place)
            return report
        }
        report.notes = options.note(network).map { [$0] } ?? []
        let chosen = try reporting(in: &report) {
            var chosen = try compileOptions(
                Settings(), inputShape: [network.layers[0].inputCount], window: ticksPerResult(Settings()), dt: 1e-3)
            if network.hearsValues { chosen.inputBits = inputBits ?? 16 }
            return chosen
        }
        guard let chosen else { return report }
        let fires = options.firesAtThreshold
        try add(
            { (chosen: CompileOptions) throws(CompileError) -> Compiled in
                try compileLoihi(network, chosen, firesAtThreshold: fires)
            }, chosen, to: &report)
        return report
    }
}

extension Failure {
    /// The message without the file's name, and its hint.
    fileprivate func parts(behind path: String) -> (message: String, hint: String?) {
        let whole = message.hasPrefix("\(path): ") ? String(message.dropFirst(path.count + 2)) : message
        guard let mark = whole.firstRange(of: "\n  hint: ") else { return (whole, nil) }
        return (String(whole[..<mark.lowerBound]), String(whole[mark.upperBound...]))
    }
}

extension Node {
    fileprivate var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

extension NetxSurvey.Entry {
    /// What becomes of the layer.
    fileprivate var realization: String {
        switch (type, layer?.connection) {
        case ("input", nil): "the stream and an input op"
        case ("flatten", _): "nothing to do"
        case ("average", _): "the readout, by groups"
        case (_, .values): "a loihi op of the input's values"
        case (_, .dense): "a dense op and a loihi op"
        case (_, .convolution): "a convolution op, channels last, and a loihi op"
        case (_, nil): ""
        }
    }
}
