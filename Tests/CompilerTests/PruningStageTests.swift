import Testing

@testable import Compiler
@testable import NIR

/// What goes of a quantized network, decided on its integers.
struct PruningStageTests {
    /// Integers as they are given, of matrices that add up plainly.
    static func integers(
        _ weights: [(term: Lowered.Term, weights: [Int])], threshold: [Int], bias: [Int]? = nil
    ) -> QuantizedPopulation {
        QuantizedPopulation(
            matrices: weights.map { .init(term: $0.term, bits: 8, weights: $0.weights, join: .add) },
            scales: threshold.map { _ in 1 }, greatest: 1, stateBits: 32, fractionBits: 0, threshold: threshold,
            bias: bias ?? threshold.map { _ in 0 },
            report: PopulationReport(
                name: "", neurons: threshold.count, leastScale: 1, greatestScale: 1, fractionBits: 0, stateBits: 32,
                peak: nil, matrices: []))
    }

    /// Input of 7 at most, three hidden neurons, two that are shown. Weights row by row.
    static func quantized(input: [Int], out: [Int], threshold: [Int], late: [Int]? = nil, bias: [Int]? = nil) throws
        -> Quantized
    {
        let network = try lowered(
            chain([
                ("input", .input(shape: [1])),
                ("in", .affine(weight: matrix([[1], [1], [1]]), bias: nil)), ("hidden", .neuron(neurons(.lif, 3))),
                ("out", .affine(weight: matrix([[1, 2, 3], [4, 5, 6]]), bias: nil)),
                ("last", .neuron(neurons(.lif, 2))),
                ("output", .output(shape: [2])),
            ]))
        var changed = network
        var hidden = [(network.populations[0].terms[0], input)]
        if let late {
            let map = LinearMap.dense(rows: 3, columns: 3, values: late.map(Double.init))
            let term = Lowered.Term(source: .population(0), map: map, isLate: true)
            changed.populations[0].terms.append(term)
            hidden.append((term, late))
        }
        let placement = try Placement(changed)
        return Quantized(
            network: changed, placement: placement, ranges: try Ranges(changed, placement, smallOptions),
            inputBits: 4,
            populations: [
                integers(hidden.map { ($0.0, $0.1) }, threshold: threshold, bias: bias),
                integers([(network.populations[1].terms[0], out)], threshold: [1, 1]),
            ])
    }

    /// A membrane leaks a quarter: an input of 7 with a weight of 1 comes to 28 at most.
    @Test func neuronsThatNeverFireGo() throws {
        let quantized = try PruningStageTests.quantized(
            input: [1, 1, -1], out: [1, 1, 1, 1, 1, 1], threshold: [27, 28, 27])
        let pruning = Pruning(quantized, silent: [:])
        // Negative weights of an analog input count with its sign open.
        #expect(pruning.stays == [[true, true, true], [true, true]])
        let higher = try PruningStageTests.quantized(
            input: [1, 1, 0], out: [1, 1, 1, 1, 1, 1], threshold: [28, 29, 5])
        #expect(Pruning(higher, silent: [:]).stays == [[true, false, false], [true, true]])
        let pruned = Pruning(higher, silent: [:]).pruned
        #expect(
            pruned.report.populations.map(\.silent) == [2, 0] && pruned.report.populations.map(\.unread) == [0, 0])
        #expect(pruned.report.weightsBefore == 9 && pruned.report.weightsAfter == 3)
    }

    /// A loop that nothing starts never fires, and what a bias drives does.
    @Test func loopsThatNothingStartsGo() throws {
        let loop = [0, 9, 0, 9, 0, 0, 0, 0, 0]
        let dead = try PruningStageTests.quantized(
            input: [0, 0, 1], out: [1, 1, 1, 1, 1, 1], threshold: [5, 5, 5], late: loop)
        #expect(Pruning(dead, silent: [:]).stays[0] == [false, false, true])
        let driven = try PruningStageTests.quantized(
            input: [0, 0, 1], out: [1, 1, 1, 1, 1, 1], threshold: [5, 5, 5], late: loop, bias: [2, 0, 0])
        #expect(Pruning(driven, silent: [:]).stays[0] == [true, true, true])
        // A negative bias holds a membrane down, once: (7 − 1)·4.
        let held = try PruningStageTests.quantized(
            input: [1, 1, 1], out: [1, 1, 1, 1, 1, 1], threshold: [24, 25, 5], bias: [-1, -1, 0])
        #expect(Pruning(held, silent: [:]).stays[0] == [true, false, true])
    }

    @Test func neuronsThatNothingReadsGo() throws {
        let quantized = try PruningStageTests.quantized(
            input: [9, 9, 9], out: [1, 0, 2, 3, 0, 0], threshold: [5, 5, 5])
        let pruning = Pruning(quantized, silent: [:])
        #expect(pruning.stays[0] == [true, false, true])
        let pruned = pruning.pruned
        #expect(pruned.orders == [.kept([0...0, 2...2]), .nir])
        #expect(pruned.report.populations.map(\.unread) == [1, 0])
        let (hidden, last) = (pruned.quantized.populations[0], pruned.quantized.populations[1])
        #expect(hidden.matrices[0].weights == [9, 9] && hidden.threshold == [5, 5])
        #expect(last.matrices[0].weights == [1, 2, 3, 0])
        guard case .dense(2, 2, _) = last.matrices[0].term.map else { throw Unexpected() }
        #expect(pruned.quantized.network.populations[0].count == 2)
        #expect(pruned.quantized.network.populations[0].neuron.keep.count == 2)
        // What was seen silent goes with what only it is read by; nothing else vouches for it.
        #expect(Pruning(quantized, silent: ["hidden": [0]]).stays[0] == [false, false, true])
    }

    /// The output stays whole, and a population keeps a neuron.
    @Test func somethingIsLeft() throws {
        let quantized = try PruningStageTests.quantized(
            input: [0, 0, 0], out: [0, 0, 0, 0, 0, 0], threshold: [1, 1, 1])
        #expect(Pruning(quantized, silent: [:]).stays == [[true, false, false], [true, true]])
        let whole = Pruned(whole: quantized)
        #expect(whole.orders == [.nir, .nir] && whole.report.populations.isEmpty)
    }

    /// A matrix that groups share loses whole groups, and the same rows in each.
    @Test func sharedMatricesKeepTheirShape() throws {
        var quantized = try PruningStageTests.quantized(
            input: [9, 9, 9], out: [1, 0, 2, 3, 0, 0], threshold: [5, 5, 5])
        let block = LinearMap.block(BlockMap(groupCount: 3, rows: 1, columns: 1, values: [1]))
        let term = Lowered.Term(source: .population(0), map: block, isLate: true)
        quantized.network.populations[0].terms.append(term)
        quantized.populations[0].matrices.append(.init(term: term, bits: 8, weights: [7], join: .leftShift(1)))
        let pruned = Pruning(quantized, silent: [:]).pruned
        guard case .block(let map) = pruned.quantized.populations[0].matrices[1].term.map else { throw Unexpected() }
        #expect(map.groupCount == 2 && pruned.quantized.populations[0].matrices[1].weights == [7])
    }
}
