import Foundation
import Testing

@testable import Compiler
@testable import NIR

/// Integers of one population.
struct QuantizerTests {
    /// A population that fires, of one matrix for each source.
    static func population(_ matrices: [[[Double]]], threshold: Double = 1) -> Lowered.Population {
        let count = matrices[0].count
        var model = NeuronModel(.neurons, count: count)
        model.threshold = Array(repeating: threshold, count: count)
        return Lowered.Population(
            name: "p", neuron: model, shape: [count],
            terms: matrices.map { rows in
                let values = rows.flatMap { $0 }
                return Lowered.Term(
                    source: .input, map: .dense(rows: count, columns: rows[0].count, values: values), isLate: false)
            }, bias: Array(repeating: 0, count: count))
    }

    static func spikes(_ name: String = "s") -> PopulationQuantizer.Source {
        .init(name: name, units: nil, largest: 1, slotLimit: 1, means: nil, activity: nil, feedback: nil)
    }

    static func settings(_ bits: [Int], _ change: (inout PopulationQuantizer.Settings) -> Void = { _ in })
        -> PopulationQuantizer.Settings
    {
        var settings = PopulationQuantizer.Settings(
            weightBits: bits, grid: .row, state: .wide, fractionBits: nil, window: 8, peaks: nil)
        change(&settings)
        return settings
    }

    /// Weights that are whole steps of one size stay exact, each row on its grid; thresholds follow.
    @Test func exactRowsStayExact() throws {
        let rows = [[0.5, -0.25], [3, 1]]
        let integers = try PopulationQuantizer(
            QuantizerTests.population([rows], threshold: 2), [QuantizerTests.spikes()], QuantizerTests.settings([4])
        ).quantized()
        let matrix = integers.matrices[0]
        #expect(integers.report.matrices[0].signalToNoise == nil && matrix.bits == 4)
        let scale = integers.scales.map { $0 / Double(1 << integers.fractionBits) }
        for (i, weight) in rows.joined().enumerated() { #expect(Double(matrix.weights[i]) == weight * scale[i / 2]) }
        #expect(matrix.weights.map(abs).max()! <= 7 && integers.bias == [0, 0])
        for i in 0..<2 { #expect(abs(Double(integers.threshold[i]) - 2 * integers.scales[i]) <= 0.5) }
        guard case .add = matrix.join else { throw Unexpected() }
    }

    /// A matrix of smaller weights has a finer grid, which the greater one joins by a left shift.
    @Test func widerMatricesJoinByAShift() throws {
        let population = QuantizerTests.population([[[1, 0.3]], [[0.25, 0.1]]])
        let integers = try PopulationQuantizer(
            population, [QuantizerTests.spikes(), QuantizerTests.spikes()], QuantizerTests.settings([8, 8])
        ).quantized()
        guard case .leftShift(let shift) = integers.matrices[0].join, case .add = integers.matrices[1].join else {
            throw Unexpected()
        }
        #expect(shift == 2)
        let scale = integers.scales[0] / Double(1 << integers.fractionBits)
        #expect(Double(integers.matrices[1].weights[0]) == (0.25 * scale).rounded())
        #expect(Double(integers.matrices[0].weights[0] << shift) == scale.rounded())
    }

    /// An analog source has a grid of its own, and joins by a multiplier for each row.
    @Test func analogSourcesJoinByMultipliers() throws {
        let population = QuantizerTests.population([[[1], [1]], [[0.5], [0.01]]])
        let analog = PopulationQuantizer.Source(
            name: "a", units: [0.125], largest: 127, slotLimit: 127, means: nil, activity: nil, feedback: nil)
        let integers = try PopulationQuantizer(
            population, [QuantizerTests.spikes(), analog], QuantizerTests.settings([8, 8])
        ).quantized()
        guard case .multiplier(let factors, let shift) = integers.matrices[1].join else { throw Unexpected() }
        for row in 0..<2 {
            let value = Double(integers.matrices[1].weights[row] * factors[row]) / Double(1 << shift)
            let wanted = [0.5, 0.01][row] * 0.125 * integers.scales[row] / Double(1 << integers.fractionBits)
            #expect(abs(value - wanted) < 0.01 * wanted + 1e-3)
        }
    }

    /// Fraction bits are as many as fit, and no more than asked for.
    @Test func fractionBits() throws {
        func bits(_ asked: Int?, threshold: Double = 1) throws -> Int {
            try PopulationQuantizer(
                QuantizerTests.population([[[1]]], threshold: threshold), [QuantizerTests.spikes()],
                QuantizerTests.settings([16]) { $0.fractionBits = asked }
            ).quantized().fractionBits
        }
        // 32767 counts a threshold: 5 bits more are 20.
        #expect(try bits(nil) == 5 && bits(3) == 3)
        #expect { try bits(15, threshold: 4) } throws: {
            "\($0)" == "p: 15 fraction bits, where its sums and thresholds leave room for 13"
        }
    }

    /// 16 bits where the calibration log leaves room for four fraction bits, else 32.
    @Test func automaticStates() throws {
        func width(_ peak: Double?) throws -> Int {
            try PopulationQuantizer(
                QuantizerTests.population([[[1]]]), [QuantizerTests.spikes()],
                QuantizerTests.settings([4]) { ($0.state, $0.peaks) = (.automatic, peak.map { [$0] }) }
            ).quantized().stateBits
        }
        #expect(try width(nil) == 32)
        #expect(try width(2) == 16)
        #expect(try width(1000) == 32)
    }

    @Test func whatIntegersDoNotHoldIsNamed() {
        func refusal(_ matrices: [[[Double]]], _ bits: [Int], threshold: Double = 1) -> String {
            do {
                _ = try PopulationQuantizer(
                    QuantizerTests.population(matrices, threshold: threshold),
                    matrices.map { _ in QuantizerTests.spikes() },
                    QuantizerTests.settings(bits)
                ).quantized()
                return "quantized"
            } catch { return error.description }
        }
        #expect(refusal([[[1, 0]]], [1]) == "p: has weights of 0, which binary weights have not; use 2 bits")
        #expect(refusal([[[1e31]]], [8]) == "p: has weights beyond 1e30")
        #expect(refusal([[[1, 0]]], [2]) == "quantized")
    }

    /// Neurons share a grid where they share their weights: the positions of a channel, the groups of a block.
    @Test func sharedGrids() {
        #expect(Sharing(positionCount: 2, period: 0).shared([1, 3, 2, 5], max) == [3, 3, 5, 5])
        #expect(Sharing(positionCount: 1, period: 2).shared([1, 3, 2, 5], max) == [2, 5, 2, 5])
        let block = LinearMap.block(BlockMap(groupCount: 2, rows: 1, columns: 2, values: [1, 2]))
        #expect(block.storedRows.spread([7]) == [7, 7] && block.sourceMeans([1, 2, 3, 4])(0) == [2, 3])
    }

    /// One grid for a population whose membranes are shown.
    @Test func membranesShareAGrid() throws {
        var population = QuantizerTests.population([[[1], [100]]])
        population = Lowered.Population(
            name: "p", neuron: NeuronModel(.neurons, count: 2), shape: [2], terms: population.terms, bias: [0, 0])
        let integers = try PopulationQuantizer(
            population, [QuantizerTests.spikes()], QuantizerTests.settings([8])
        ).quantized()
        #expect(integers.scales[0] == integers.scales[1] && integers.threshold.isEmpty)
    }

    @Test func roundingFeedsErrorsBack() {
        // Two sources that always go together: what one weight loses the other makes up for.
        let feedback = Feedback([1, 1, 1, 1], count: 2)
        let rounded = feedback.rounded([0.4, 0.4], WeightGrid(bits: 4), scale: 1)
        #expect(rounded.integers == [0, 1])
        #expect(abs(feedback.power([1, 1]) - 4.02) < 1e-9)
        // Two that have nothing to do with each other round alone.
        #expect(
            Feedback([1, 0, 0, 1], count: 2).rounded([0.4, 0.4], WeightGrid(bits: 4), scale: 1).integers == [0, 0])
    }
}

/// A network's integers: what one count is worth, and how slots hold it.
struct QuantizedTests {
    static func quantized(_ network: Lowered, _ options: CompileOptions = smallOptions) throws -> Quantized {
        let placement = try Placement(network)
        return try Quantized(network, placement, try Ranges(network, placement, options), options)
    }

    @Test func unitsOfSpikesAndMembranes() throws {
        let spiking = try QuantizedTests.quantized(try lowered(recurrent(matrix([[0.5]]))))
        #expect(spiking.units(.population(0)) == nil && spiking.slotType(.population(0)) == (.spikes, 1))
        #expect(spiking.units(.input) == [1] && spiking.slotType(.input) == (.analog, 4))

        let membranes = try QuantizedTests.quantized(try lowered(recurrent(matrix([[0.5]]), .li)))
        #expect(membranes.units(.population(0)) == [56.0 / 32768])
        #expect(membranes.slotType(.population(0)) == (.analog, 32) && membranes.readShift(.population(0)) == 15)
        // A read count is worth what 2^15 counts of the state are.
        #expect(abs(membranes.populations[0].scales[0] * 56 / exp2(30) - 1) < 1e-12)
    }

    @Test func activationsFillTheirSlot() throws {
        func unit(_ activation: ActivationNode) throws -> Double {
            let network = try lowered(
                chain([
                    ("input", .input(shape: [1])), ("fc", .affine(weight: matrix([[2]]), bias: nil)),
                    ("activation", .activation(activation)), ("output", .output(shape: [1])),
                ]))
            let quantized = try QuantizedTests.quantized(network)
            #expect(quantized.slotType(.population(0)) == (.analog, 16))
            return quantized.units(.population(0))![0]
        }
        #expect(try unit(.tanh) == exp2(-15))
        // Inputs of 7·2 at most, or the bounds.
        #expect(abs(try unit(.clip(low: 0, high: .infinity)) - 14.0 / 32767) < 1e-6)
        #expect(try unit(.clip(low: -3, high: 2)) == 3.0 / 32767)
    }

    /// An average is a sum whose counts are worth less; its slot has the bits that the sum needs.
    @Test func unitsOfPools() throws {
        var network = try lowered(PlacementTests.spatial)
        func pool(_ function: PoolNode.Function) -> Lowered.Pool {
            Lowered.Pool(
                source: .population(0),
                node: PoolNode(function: function, kernel: [1, 2], stride: [1, 1], padding: [0, 0]), from: [3, 1, 3],
                to: [3, 1, 2])
        }
        network.pools = [pool(.sum), pool(.average), pool(.maximum)]
        let quantized = try QuantizedTests.quantized(network)
        #expect(quantized.units(.pool(0)) == Array(repeating: 1, count: 6))
        #expect(quantized.units(.pool(1)) == Array(repeating: 0.5, count: 6))
        #expect(quantized.units(.pool(2)) == nil)
        #expect(quantized.slotType(.pool(0)) == (.analog, 3) && quantized.slotType(.pool(2)) == (.spikes, 1))
    }
}
