import SNNRuntime
import Testing

@testable import Compiler
@testable import NIR

/// Slots and typed ops of a network.
struct ProgramTests {
    static func compilation(
        _ graph: Graph, dialect: Dialect = subtracting, _ change: (inout CompileOptions) -> Void = { _ in }
    ) throws -> Compilation {
        var options = smallOptions
        change(&options)
        return try Compilation(try lowered(graph, dialect: dialect), dialect: dialect, dt: 1, options)
    }

    static func kinds(_ program: Program) -> [OpKind] { program.ops.map(\.parameters.kind) }

    /// What reads last tick's spikes stands above all that writes, and its source lasts.
    @Test func lateProjectionsComeFirst() throws {
        let program = try ProgramTests.compilation(recurrent(matrix([[1, 2], [3, 4]]))).program
        #expect(ProgramTests.kinds(program) == [.dense, .input, .sparse, .lif, .readout])
        #expect(
            program.slots == [
                Program.Slot(kind: .samples, bits: 16, count: 2, isPersistent: false),
                Program.Slot(kind: .analog, bits: 4, count: 2, isPersistent: false),
                Program.Slot(kind: .current, bits: 32, count: 2, isPersistent: false),
                Program.Slot(kind: .spikes, bits: 1, count: 2, isPersistent: true),
            ])
        #expect(program.populations == [Program.Population(name: "neurons", current: 2, output: 3, op: 3)])
        #expect(program.ops[0].source == 3 && program.ops[0].target == 2)
        #expect(program.ops[4].source == 3 && program.ops[4].target == nil)
        let dense: ProjectionOp = try #require(program.parameters(0))
        // Runs are columns.
        #expect(dense.weights.count == 2 && dense.weights[0].count == 2 && dense.groupCount == 1)
        #expect(program.nodes.map(\.line) == ["node in slot 3: neurons"])
        #expect(program.metadata.last == "node in slot 3: neurons")
    }

    /// A membrane is its slot, and is shown at the end of a window.
    @Test func membranesLast() throws {
        let program = try ProgramTests.compilation(recurrent(matrix([[0.5]]), .li)).program
        #expect(program.slots[3] == Program.Slot(kind: .analog, bits: 32, count: 1, isPersistent: true))
        let sparse: SparseOp = try #require(program.parameters(0))
        #expect(sparse.synapses.sourceShift == 15)
        let readout: ReadoutOp = try #require(program.parameters(program.ops.count - 1))
        #expect(readout.integration == .lastValue && readout.window == 8 && readout.shift == 0)
        #expect(readout.resetsNetwork)
    }

    /// Convolutions read and write channels last, which a permutation of the input provides; what follows reads on.
    @Test func channelsLast() throws {
        let program = try ProgramTests.compilation(PlacementTests.spatial).program
        #expect(
            ProgramTests.kinds(program) == [
                .input, .sparse, .activation, .convolution, .lif, .delay, .convolution, .lif, .dense, .lif, .readout,
            ])
        let permutation: SparseOp = try #require(program.parameters(1))
        #expect(permutation.runs.map { $0.map(\.target) } == [[0], [2], [4], [1], [3], [5]])
        #expect(permutation.runs.joined().allSatisfy { $0.weight == 1 })
        let clip: ActivationOp = try #require(program.parameters(2))
        #expect((clip.low, clip.high, clip.multiplier) == (-7, 7, .shared(1)))
        // The slots of the permutation come behind those of the placement.
        #expect(program.ops[0].target == 9 && program.ops[1].target == 10 && program.ops[2].target == 1)
        let convolution: ConvolutionOp = try #require(program.parameters(3))
        #expect(convolution.from == [2, 1, 3] && convolution.targetChannels == 3 && convolution.weights.count == 2)
        let delay: DelayOp = try #require(program.parameters(5))
        #expect(delay.depth == 2 && delay.ticks == .shared(1))
        #expect(program.nodes.map(\.line)[0] == "node in slot 3, 3 channels last: fire")
    }

    /// A matrix of few weights is a list, and any is that is asked for.
    @Test func listsOfSynapses() throws {
        let full = Tensor(shape: [4, 4], values: (1...16).map(Double.init))
        func kind(_ weight: Tensor, _ change: (inout CompileOptions) -> Void = { _ in }) throws -> OpKind {
            try ProgramTests.compilation(recurrent(weight), change).program.ops[0].parameters.kind
        }
        #expect(try kind(full) == .dense)
        #expect(try kind(full) { $0.sparse = ["neurons:neurons"] } == .sparse)
        var few = Tensor(shape: [64, 64], values: Array(repeating: 0, count: 4096))
        (few.values[1], few.values[70]) = (1, 2)
        #expect(try kind(few) == .sparse)
    }

    /// Membranes of 30 bits are summed in steps that 31 bits hold.
    @Test func sumsOfMembranesAreShifted() throws {
        let graph = chain([
            ("input", .input(shape: [1])), ("li", .neuron(neurons(.li, 1))),
            ("fc", .affine(weight: matrix([[2]]), bias: nil)), ("output", .output(shape: [1])),
        ])
        for (rule, integration, shift) in [(nil, .lastValue, 0), (.sum, .sum, 3)]
            as [(ReadoutRule?, Readout.Integration, Int)]
        {
            var options = smallOptions
            options.readout = rule
            let program = try Compilation(try lowered(graph), dialect: subtracting, dt: 1, options).program
            let readout: ReadoutOp = try #require(program.parameters(program.ops.count - 1))
            #expect(readout.integration == integration && readout.shift == shift)
        }
    }

    @Test func parametersAreSharedOrArrays() {
        #expect(
            Parameter([3, 3, 3]) == .shared(3) && Parameter([]) == .absent && Parameter([1, 2]) == .array([1, 2]))
        let folded = Parameter.folded([[1, 2, 1, 2], [5, 5, 5, 5], []], period: 2)
        #expect(folded.parameters == [.array([1, 2]), .shared(5), .absent] && folded.period == 2)
        let whole = Parameter.folded([[1, 2, 1, 3], [5, 6, 5, 6]], period: 2)
        #expect(whole.parameters == [.array([1, 2, 1, 3]), .array([5, 6, 5, 6])] && whole.period == 0)
        #expect(Parameter.folded([[5, 5], [6, 6]], period: 1).period == 0)
    }

    @Test func namesFitTheNetwork() throws {
        var options = smallOptions
        #expect(try options.names(inputCount: 2, outputCount: 1) == (["0", "1"], ["0"]))
        #expect(try options.names(inputCount: 5000, outputCount: 1).channels.allSatisfy(\.isEmpty))
        options.channelNames = ["x"]
        #expect { try options.names(inputCount: 2, outputCount: 1) } throws: {
            "\($0)" == "1 channel names for 2 inputs"
        }
        (options.channelNames, options.classNames) = ([], ["a", "b"])
        #expect { try options.names(inputCount: 2, outputCount: 1) } throws: {
            "\($0)" == "2 class names for 1 outputs"
        }
        #expect { try options.names(inputCount: 70_000, outputCount: 1) } throws: { "\($0)".contains("65,535 at most") }
    }
}
