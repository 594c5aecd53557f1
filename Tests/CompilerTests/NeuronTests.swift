import NIR
import SNNRuntime
import TestSupport
import Testing

@testable import Compiler

/// Neurons of a dialect as lif ops.
struct NeuronTests {
    /// The lif op of a population of two.
    static func lif(_ kind: Neuron.Kind, _ dialect: Dialect) throws -> LIFOp {
        let graph = chain([
            ("input", .input(shape: [2])), ("neurons", .neuron(neurons(kind, 2))), ("output", .output(shape: [2])),
        ])
        let compilation = try Compilation(try lowered(graph, dialect: dialect), dialect: dialect, dt: 1, smallOptions)
        _ = try Player(try compilation.compiled.bytes)
        return try #require(compilation.program.parameters(compilation.program.populations[0].op))
    }

    static func dialect(_ reset: Dialect.Reset, _ delay: Dialect.ResetDelay) -> Dialect {
        var dialect = subtracting
        (dialect.reset, dialect.resetDelay) = (reset, delay)
        return dialect
    }

    @Test(
        arguments: [
            (.subtract, .next, .subtractNextTick), (.zero, .next, .zeroNextTick), (.subtract, .same, .subtractSameTick),
            (.zero, .same, .zeroSameTick),
        ] as [(Dialect.Reset, Dialect.ResetDelay, LIF.Reset)])
    func resets(_ reset: Dialect.Reset, _ delay: Dialect.ResetDelay, _ expected: LIF.Reset) throws {
        let op = try NeuronTests.lif(.lif, NeuronTests.dialect(reset, delay))
        #expect(op.variant == .lif && op.reset == expected && op.decay == .shared(24576))
        #expect(op.synapticDecay == .absent && op.refractoryTicks == 0)
    }

    /// A neuron with a synaptic current that loses its input with the membrane is held for a tick.
    @Test func aPauseIsARefractoryTick() throws {
        let op = try NeuronTests.lif(.cubaLIF, NeuronTests.dialect(.zero, .next))
        #expect(op.variant == .cubaLIF && op.reset == .zeroSameTick && op.refractoryTicks == 1)
        #expect(op.synapticDecay == .shared(24576))
    }

    /// What says how neurons fire does not reach those that do not: the reader would refuse the file.
    @Test(arguments: [.li, .cubaLI, .i] as [Neuron.Kind]) func neuronsThatDoNotFireHaveNoThreshold(_ kind: Neuron.Kind)
        throws
    {
        var dialect = NeuronTests.dialect(.zero, .next)
        dialect.firesAtThreshold = true
        let op = try NeuronTests.lif(kind, dialect)
        #expect(op.variant == (kind == .cubaLI ? .cubaLI : .li))
        #expect(!op.firesAtThreshold && op.refractoryTicks == 0 && op.reset == .none && op.threshold == .absent)
    }
}
