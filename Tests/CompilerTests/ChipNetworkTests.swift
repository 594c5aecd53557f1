import SNNRuntime
import Testing

@testable import Compiler

/// Programs of a chip's network.
struct ChipNetworkTests {
    /// Two populations of two neurons, the second reading the first and itself.
    static func network(_ chip: Chip) -> ChipNetwork {
        func parameters(_ threshold: [Int]) -> ChipNetwork.Parameters {
            chip == .loihi
                ? .loihi(currentDecay: [9, 9], voltageDecay: [1, 2], threshold: threshold, bias: [0, 0])
                : .xylo(membraneDash: [3, 3], synapticDash: [1, 2], threshold: threshold, bias: [0, 0])
        }
        func term(_ source: Int?, _ weights: [Int]) -> ChipNetwork.Term {
            ChipNetwork.Term(
                source: source, isLate: chip == .loihi || source != nil, form: .matrix(columns: weights.count / 2),
                weights: weights, signalToNoise: nil)
        }
        return ChipNetwork(
            chip: chip, inputShape: [1],
            populations: [
                .init(name: "a", shape: [2], terms: [term(nil, [2, 4])], parameters: parameters([10, 10]), scale: 1),
                .init(
                    name: "b", shape: [2], terms: [term(0, [1, 2, 3, 4]), term(1, [0, 1, -1, 0])],
                    parameters: parameters([10, 20]), scale: 2),
            ], output: 1, origin: ["from: here"])
    }

    @Test func loihiHearsEverythingLate() throws {
        let program = try ChipNetworkTests.network(.loihi).program(smallOptions)
        #expect(
            program.ops.map(\.parameters.kind) == [.dense, .dense, .dense, .input, .loihi, .loihi, .readout])
        #expect(program.slots.map(\.kind) == [.samples, .analog, .current, .spikes, .current, .spikes])
        #expect(program.slots.map(\.isPersistent) == [false, true, false, true, false, true])
        #expect(program.populations.map(\.op) == [4, 5] && program.populations.map(\.output) == [3, 5])
        let op: LoihiOp = try #require(program.parameters(5))
        #expect(
            op.currentDecay == .shared(9) && op.voltageDecay == .array([1, 2]) && op.threshold == .array([10, 20]))
        #expect(program.metadata == ["from: here", "target: loihi", "node in slot 3: a", "node in slot 5: b"])
        _ = try Player(try ModelFile(program).bytes)
    }

    @Test func xyloHearsItsInputAtOnce() throws {
        var options = smallOptions
        options.inputBits = 5
        let program = try ChipNetworkTests.network(.xylo).program(options)
        #expect(
            program.ops.map(\.parameters.kind) == [.input, .dense, .dense, .dense, .xylo, .xylo, .readout])
        #expect(program.slots.map(\.kind) == [.samples, .analog, .synaptic, .spikes, .synaptic, .spikes])
        // Hidden neurons count up to 31 spikes, those of the output one.
        #expect(program.slots.map(\.bits) == [16, 5, 16, 5, 16, 1])
        _ = try Player(try ModelFile(program).bytes)
    }

    /// Layers of one tick run one behind the other, and what is read in the tick of its writer need not last.
    @Test func layersMayRunInOneTick() throws {
        var network = ChipNetworkTests.network(.loihi)
        for number in network.populations.indices {
            network.populations[number].terms = network.populations[number].terms.map { term in
                ChipNetwork.Term(
                    source: term.source, isLate: term.source == number, form: term.form, weights: term.weights,
                    signalToNoise: nil)
            }
        }
        let program = try network.program(smallOptions)
        #expect(program.ops.map(\.parameters.kind) == [.input, .dense, .dense, .loihi, .dense, .loihi, .readout])
        #expect(program.slots.map(\.isPersistent) == [false, false, false, false, false, true])
        _ = try Player(try ModelFile(program).bytes)
    }

    /// What all weights have in common is a left shift, and the rest has the narrowest encoding.
    @Test func packing() throws {
        func packing(_ weights: [Int]) -> (Int, Encoding) {
            let packing = ChipNetwork.Packing(weights)
            return (packing.shift, packing.encoding)
        }
        #expect(packing([2, -4, 0]) == (1, .int4))
        #expect(packing([8, -8]) == (3, .ternary) && packing([0, 0]) == (0, .ternary))
        #expect(
            packing([1 << 12]) == (8, .int8) && packing([129, 1]) == (0, .int16) && packing([-128]) == (7, .ternary))
        let program = try ChipNetworkTests.network(.loihi).program(smallOptions)
        let dense: ProjectionOp = try #require(program.parameters(0))
        guard case .leftShift(1) = dense.synapses.join else { throw Unexpected() }
        #expect(dense.weights == [[1, 2]] && dense.synapses.encoding == .int4)
    }

    @Test func reports() throws {
        let compiled = try ChipNetworkTests.network(.loihi).compiled(smallOptions)
        #expect(compiled.populations.map(\.name) == ["a", "b"] && compiled.populations.map(\.leastScale) == [1, 2])
        #expect(compiled.populations[1].matrices.map(\.from) == ["a", "b"])
        #expect(compiled.populations[1].matrices.map(\.bits) == [4, 2])
    }
}
