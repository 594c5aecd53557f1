import SNNRuntime

@testable import Compiler
@testable import NIR

/// The same value for each of `count` neurons.
func each(_ value: Double, _ count: Int) -> Tensor {
    Tensor(shape: [count], values: Array(repeating: value, count: count))
}

/// Neurons with a leak of `dt` / `tau`, that take their input as it is with dialect snntorch and a dt of 1.
func neurons(_ kind: Neuron.Kind, _ count: Int, tau: Double = 4, threshold: Double = 1) -> Neuron {
    Neuron(
        kind: kind, shape: [count], tau: kind.leaks ? each(tau, count) : nil,
        tauSynapse: kind.hasSynapses ? each(tau, count) : nil, inputWeight: kind.hasSynapses ? each(tau, count) : nil,
        resistance: each(kind.leaks ? tau : 1, count), leak: kind.leaks ? each(0, count) : nil,
        threshold: kind.fires ? each(threshold, count) : nil, reset: kind.fires ? each(0, count) : nil)
}

/// A matrix by its rows.
func matrix(_ rows: [[Double]]) -> Tensor {
    Tensor(shape: [rows.count, rows[0].count], values: rows.flatMap { $0 })
}

/// A graph of nodes in a row.
func chain(_ nodes: [(name: String, node: Node)]) -> Graph {
    Graph(
        nodes: Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, $0.node) }),
        edges: zip(nodes, nodes.dropFirst()).map { Graph.Edge(from: $0.name, to: $1.name) },
        version: nil)
}

/// Neurons between Input and Output that read themselves through a matrix.
func recurrent(_ weight: Tensor, bias: Tensor? = nil, _ kind: Neuron.Kind = .lif) -> Graph {
    let count = weight.shape[0]
    var graph = chain([
        ("input", .input(shape: [count])), ("neurons", .neuron(neurons(kind, count))),
        ("output", .output(shape: [count])),
    ])
    graph.nodes["back"] = .affine(weight: weight, bias: bias)
    graph.edges += [Graph.Edge(from: "neurons", to: "back"), Graph.Edge(from: "back", to: "neurons")]
    return graph
}

/// Spikes that subtract in the tick of the spike, with dialect snntorch.
let subtracting: Dialect = {
    var dialect = Dialect.named("snntorch")!
    (dialect.reset, dialect.resetDelay) = (.subtract, .same)
    return dialect
}()

func lowered(_ graph: Graph, dialect: Dialect = subtracting) throws -> Lowered {
    try Lowered(graph, try Schedule(graph, file: ""), dialect: dialect, dt: 1)
}

func compiled(_ graph: Graph, _ options: CompileOptions, dialect: Dialect = subtracting) throws -> Compiled {
    try compile(graph, try Schedule(graph, file: ""), dialect: dialect, dt: 1, options)
}

/// Options of 8 ticks a result and an input of 4 bits.
var smallOptions: CompileOptions {
    var options = CompileOptions(window: 8, rate: (1, 1))
    options.inputBits = 4
    return options
}

extension Program {
    /// The parameters of an op, of the kind that is expected.
    func parameters<Kind: OpParameters>(_ op: Int, as _: Kind.Type = Kind.self) -> Kind? { ops[op].parameters as? Kind }
}

/// What a file holds, for as long as the body looks at it.
func withModel<Result>(_ bytes: [UInt8], _ body: (Model) throws -> Result) throws -> Result {
    let player = try Player(bytes)
    return try withExtendedLifetime(player) { try body(player.model) }
}
