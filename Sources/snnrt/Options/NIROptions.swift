import ArgumentParser
import NIR

/// The choices that NIR leaves open, as compile offers them.
struct NIROptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How the network was run: \(Dialect.all.map(\.name).joined(separator: ", ")); or auto, which takes the one that gives what was expected. It decides the step from continuous to discrete time and the reset. Default: what the file says, auto with --expected, with --target loihi lava, with xylo rockpool-export.",
            valueName: "name"))
    var dialect: String?
    @Option(
        help: ArgumentHelp(
            "Seconds per tick. Default: from the file, where R = tau/dt gives it away, or the default of the dialect's exporter.",
            valueName: "seconds"))
    var dt: Double?
    @Option(
        help:
            "What a spike does to its membrane, instead of the file's or the dialect's way: subtract, zero, none or, in dialect exact, inside."
    )
    var reset: Dialect.Reset?
    @Option(help: "When: in the same tick or the next, instead of the file's or the dialect's way.")
    var resetDelay: Dialect.ResetDelay?
    @Option(
        help: ArgumentHelp(
            "Bits of a tick's spikes, 1 to 8, instead of the file's or the dialect's: with more than 1 a neuron fires once for each threshold in its membrane.",
            valueName: "bits"))
    var spikeBits: UInt8?
    @Option(
        help: ArgumentHelp(
            "Neurons fire at v > threshold (greater) or at v >= threshold (greater_or_equal), instead of the file's or the dialect's way. Default for a netx file: by the neurons' type, greater for LOIHI, as on the chip, in Lava and in later versions of lava-dl, greater_or_equal for CUBA, as in its first ones.",
            valueName: "comparison"))
    var comparison: Comparison?
    @Option(
        help: ArgumentHelp(
            "What is refused otherwise: rounded-delays, delays below half a tick, which become none.", valueName: "what"
        ))
    var allow: [Allowance] = []

    enum Comparison: String, CaseIterable, ExpressibleByArgument {
        case greater
        case greaterOrEqual = "greater_or_equal"
    }
    enum Allowance: String, ExpressibleByArgument { case roundedDelays = "rounded-delays" }

    func validate() throws {
        if let dialect, dialect != "auto", Dialect.named(dialect) == nil {
            throw ValidationError(
                "--dialect \(dialect): expected auto or one of \(Dialect.all.map(\.name).joined(separator: ", "))")
        }
        if let spikeBits, !(1...8).contains(spikeBits) {
            throw ValidationError("--spike-bits \(spikeBits): expected 1 to 8")
        }
        if let dt, !(dt > 0 && dt < 3600) { throw ValidationError("--dt \(dt): expected seconds, e.g. --dt 1e-3") }
    }

    /// What the line says of all neurons.
    var traits: Dialect.Traits {
        Dialect.Traits(
            reset: reset, resetDelay: resetDelay, firesAtThreshold: firesAtThreshold, spikeBits: spikeBits)
    }
    var firesAtThreshold: Bool? { comparison.map { $0 == .greaterOrEqual } }

    /// The dialect that the line or the file names, a chip's, or any for a network without neurons; nil where it is to be searched.
    ///
    /// - Throws: two names for one file.
    func named(_ graph: Graph, _ path: String, target: String?) throws -> Dialect? {
        let ofFile = graph.settings.dialect
        if let dialect, dialect != "auto", let ofFile, dialect != ofFile {
            throw Failure(
                code: .usage,
                message:
                    "\(path): says that its dialect is \(ofFile), --dialect says \(dialect)\n  hint: leave --dialect out; the file's own goes with its numbers"
            )
        }
        let name =
            dialect == "auto" ? ofFile : dialect ?? ofFile ?? target ?? (graph.hasNeurons ? nil : "snnrt")
        return name.map { Dialect.named($0)!.settled(by: graph.settings, line: traits) }
    }

    /// Seconds per tick; 1 for a network without time constants.
    func step(_ graph: Graph, _ path: String, in dialect: Dialect) throws -> Double {
        if let step = dt ?? graph.timeStep(in: dialect) { return step }
        let hasTime = graph.nodes.values.contains {
            switch $0 {
            case .neuron(let neuron): neuron.kind.leaks
            case .delay: true
            default: false
            }
        }
        if !hasTime { return 1 }
        let likely = graph.resemblances.map { "a file of \($0.framework) is read by --dialect \($0.dialect)" }
        throw Failure(
            code: .usage,
            message:
                "\(path): says nothing about the length of a tick, nor does dialect \(dialect.name)\n  hint: "
                + (likely + ["else give it with --dt, as the network was run"]).joined(separator: "; "))
    }

    /// Why nothing is guessed where nobody says how a network was run.
    static func unknownDialect(_ graph: Graph, _ path: String) -> Failure {
        var hints = graph.resemblances.map {
            "if \($0.framework) wrote it (\($0.reason)): --dialect \($0.dialect)"
        }
        hints.append(
            "better: --expected with what the framework gave on some windows, which finds the dialect and proves it")
        hints.append("docs/dialects.md says what to write for each framework")
        return Failure(
            code: .usage,
            message:
                "\(path): does not say how its network takes a step and resets, nor does --dialect; one file is as many networks as there are frameworks\n  hint: "
                + hints.joined(separator: "\n        "))
    }
}

extension Dialect.Reset: ExpressibleByArgument {}
extension Dialect.ResetDelay: ExpressibleByArgument {}

/// A NIR file with its schedule; refused with exit code 65.
struct LoadedGraph {
    let graph: Graph
    let schedule: Schedule

    init(path: String) throws {
        do {
            graph = try Graph(path: path)
            schedule = try Schedule(graph, file: path)
        } catch { throw Failure(code: .model, message: error.description) }
    }
}
