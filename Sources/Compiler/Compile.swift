import NIR

/// A compiled network is a model file with what its making had to decide.
public struct Compiled: Sendable {
    /// The model file.
    public let bytes: [UInt8]
    public let populations: [PopulationReport]
    /// Where each population's output lies.
    public let nodes: [NodePlace]
    public let pruning: PruningReport
}

/// Makes a model file of a NIR graph.
///
/// - Parameters:
///   - dialect: how neurons take a step and reset.
///   - dt: seconds per tick.
/// - Throws: what the format does not have, or integers do not hold, named by its node.
public func compile(
    _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions
) throws(CompileError) -> Compiled {
    let lowered = try Lowered(
        graph, schedule, dialect: dialect, dt: dt, concatenatesOutputs: options.concatenatesOutputs)
    return try Compilation(lowered, dialect: dialect, dt: dt, options).compiled
}

/// Why a graph cannot be compiled, apart from what depends on options; nil if it can.
public func obstacle(_ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double) -> CompileError? {
    obstacles(graph, schedule, dialect: dialect, dt: dt).first
}

/// All reasons of that kind that do not follow from one another.
public func obstacles(_ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double) -> [CompileError] {
    Lowered.obstacles(graph, schedule, dialect: dialect, dt: dt)
}

/// A compilation is a network's way from populations and maps to a program: each stage is a value made of those before it.
struct Compilation {
    let pruned: Pruned
    let program: Program

    init(_ lowered: Lowered, dialect: Dialect, dt: Double, _ options: CompileOptions) throws(CompileError) {
        var lowered = try lowered.showing(options.readout)
        if options.leaks { lowered = lowered.leaking() }
        try options.check(for: lowered)
        let placement = try Placement(lowered)
        let network = lowered.spreadingBlocks(placement)
        let ranges = try Ranges(network, placement, options)
        let quantized = try Quantized(network, placement, ranges, options)
        pruned = options.prunes ? Pruning(quantized, silent: options.silent).pruned : Pruned(whole: quantized)
        program = try Program(pruned, options, dialect: dialect, dt: dt)
    }

    var compiled: Compiled {
        get throws(CompileError) {
            let file = try ModelFile(program)
            try file.check(program)
            return Compiled(
                bytes: file.bytes, populations: pruned.quantized.populations.map(\.report),
                nodes: program.nodes, pruning: pruned.report)
        }
    }
}
