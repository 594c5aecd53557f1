import ArgumentParser
import NIR

/// The choices that NIR leaves open, as compile, check and verify offer them.
struct NIROptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How the network was run: \(Dialect.all.map(\.name).joined(separator: ", ")). It decides the step from continuous to discrete time and the reset. Default: snntorch; with --target loihi lava, with xylo rockpool-export.",
            valueName: "name"))
    var dialect: String?
    @Option(
        help: ArgumentHelp(
            "Seconds per tick. Default: from the file, where R = tau/dt gives it away, or the default of the dialect's exporter.",
            valueName: "seconds"))
    var dt: Double?
    @Option(
        help:
            "What a spike does to its membrane, instead of the dialect's way: subtract, zero or, in dialect exact, inside."
    )
    var reset: Dialect.Reset?
    @Option(help: "When: in the same tick or the next, instead of the dialect's way.")
    var resetDelay: Dialect.ResetDelay?
    @Option(
        help: ArgumentHelp(
            "Bits of a tick's spikes, 1 to 8, instead of the dialect's: with more than 1 a neuron fires once for each threshold in its membrane.",
            valueName: "bits"))
    var spikeBits: UInt8?

    func validate() throws {
        if let dialect, Dialect.named(dialect) == nil {
            throw ValidationError(
                "--dialect \(dialect): expected one of \(Dialect.all.map(\.name).joined(separator: ", "))")
        }
        if let spikeBits, !(1...8).contains(spikeBits) {
            throw ValidationError("--spike-bits \(spikeBits): expected 1 to 8")
        }
        if let dt, !(dt > 0 && dt < 3600) { throw ValidationError("--dt \(dt): expected seconds, e.g. --dt 1e-3") }
    }

    var chosen: Dialect { chosen(else: nil) }

    /// - Parameter usual: the dialect where none is asked for, instead of snntorch.
    func chosen(else usual: String?) -> Dialect {
        var chosen = Dialect.named(dialect ?? usual ?? "snntorch")!
        chosen.reset(reset, resetDelay)
        if let spikeBits { chosen.spikeBits = spikeBits }
        return chosen
    }

    /// Seconds per tick; 1 for a network without time constants.
    func step(_ graph: Graph, _ path: String, in dialect: Dialect? = nil) throws -> Double {
        if let step = dt ?? graph.timeStep(in: dialect ?? chosen) { return step }
        let hasTime = graph.nodes.values.contains {
            switch $0 {
            case .neuron(let neuron): neuron.kind.leaks
            case .delay: true
            default: false
            }
        }
        if !hasTime { return 1 }
        throw Failure(
            code: .usage,
            message: "\(path): says nothing about the length of a tick\n  hint: give it with --dt, e.g. --dt 1e-3")
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
