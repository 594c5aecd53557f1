import Foundation
import Testing

@testable import Compiler
@testable import NIR

/// Weights that lie on a grid before they are compiled: found by the compiler, or stated by the file.
struct OwnGridTests {
    private static func quantized(
        _ rows: [[Double]], bits: Int, threshold: Double = 1,
        _ change: (inout PopulationQuantizer.Settings) -> Void = { _ in }
    ) throws -> QuantizedPopulation {
        try PopulationQuantizer(
            QuantizerTests.population([rows], threshold: threshold), [QuantizerTests.spikes()],
            QuantizerTests.settings([bits], change)
        ).quantized()
    }

    /// What the integers stand for, in units of the network.
    private static func held(_ integers: QuantizedPopulation, _ columns: Int) -> [Double] {
        integers.matrices[0].weights.enumerated().map { i, weight in
            Double(weight) / integers.scales[i / columns] * Double(1 << integers.fractionBits)
        }
    }

    /// Levels in steps of `step`, as a framework of 32-bit floats multiplies them.
    private static func fakeQuantized(_ levels: [Int], step: Float) -> [Double] {
        levels.map { Double(Float($0) * step) }
    }

    @Test(arguments: [
        (2, [1, -1, 0, 1]), (4, [7, -3, 2, 0]), (4, [-8, 7, 3, 1]), (4, [-8, -8, 0, 3]), (8, [127, -90, 3, 1]),
        (8, [-128, 101, 64, 0]), (8, [97, 13, -55, 0]), (16, [201, -77, 12, 5]), (8, [0, 0, 0, 0]),
    ])
    func fakeQuantizedRowsStayWhatTheyAre(bits: Int, levels: [Int]) throws {
        let row = OwnGridTests.fakeQuantized(levels, step: 0.037)
        let integers = try OwnGridTests.quantized([row], bits: bits)
        #expect(integers.report.matrices[0].isOnGrid && integers.report.matrices[0].signalToNoise == nil)
        #expect(integers.report.matrices[0].clipped == 0)
        for (held, weight) in zip(OwnGridTests.held(integers, 4), row) { #expect(abs(held - weight) < 1e-6) }
        let weights = integers.matrices[0].weights
        let unit = levels.contains(1) ? weights[levels.firstIndex(of: 1)!] : nil
        if let unit { #expect(weights == levels.map { $0 * unit }) }
    }

    /// Thousands of levels are told where 64-bit floats hold them.
    @Test func sixteenBitsOfLevels() throws {
        let levels = [30011, -20011, 7, 12345]
        let integers = try OwnGridTests.quantized([levels.map { Double($0) * 0.001 }], bits: 16)
        #expect(integers.matrices[0].weights == levels && integers.report.matrices[0].isOnGrid)
    }

    @Test func otherRowsAreRounded() throws {
        let integers = try OwnGridTests.quantized([[0.5, 0.2113, -0.3, 0.01]], bits: 4)
        #expect(!integers.report.matrices[0].isOnGrid && integers.report.matrices[0].signalToNoise! > 10)
        // Five levels on one side need more than two bits.
        let narrow = try OwnGridTests.quantized([[5, 1, -3, 2]], bits: 2)
        #expect(!narrow.report.matrices[0].isOnGrid)
    }

    /// Rows on the grid of the whole tensor are on one of their own too.
    @Test func tensorsOnOneGrid() throws {
        let rows = [[3, -2, 7], [1, 0, -1], [6, 0, 2]].map { OwnGridTests.fakeQuantized($0, step: 0.3) }
        let integers = try OwnGridTests.quantized(rows, bits: 4)
        #expect(integers.report.matrices[0].isOnGrid)
        for (held, weight) in zip(OwnGridTests.held(integers, 3), rows.joined()) { #expect(abs(held - weight) < 1e-6) }
    }

    /// Steps, fraction bits and state are as stated: the integers are those that were trained.
    @Test func statedGrids() throws {
        let (steps, levels) = ([0.02, 0.5], [[3, -2], [6, 2]])
        let rows = zip(levels, steps).map { row, step in row.map { Double($0) * step } }
        let integers = try OwnGridTests.quantized(rows, bits: 4, threshold: 5 * 0.02) {
            ($0.steps, $0.fractionBits, $0.state) = (steps, 3, .narrow)
        }
        #expect(integers.matrices[0].weights == levels.flatMap { $0 } && integers.stateBits == 16)
        #expect(integers.threshold == [40, 2] && integers.report.matrices[0].isOnGrid)
        guard case .add = integers.matrices[0].join else { throw Unexpected() }
    }

    /// A matrix whose weights are too large for the stated step lies on a power of two of it, and its sums are shifted.
    @Test func statedGridsOfTwoMatrices() throws {
        let population = QuantizerTests.population([[[0.5, -0.25]], [[16, 4]]])
        let integers = try PopulationQuantizer(
            population, [QuantizerTests.spikes(), QuantizerTests.spikes("t")],
            QuantizerTests.settings([4, 4]) { ($0.steps, $0.fractionBits) = ([0.25], 0) }
        ).quantized()
        guard case .add = integers.matrices[0].join, case .leftShift(4) = integers.matrices[1].join else {
            throw Unexpected()
        }
        #expect(integers.matrices[0].weights == [2, -1] && integers.matrices[1].weights == [4, 1])
    }

    @Test(arguments: [
        ([0.3], 4, "p: its weights from s do not lie on the grid of 4 bits that its snnrt.step states"),
        ([0.25, 0.25, 0.5], 4, "p: snnrt.step has 3 elements, expected one or 1"),
        ([0.03125], 2, "p: its weights from s do not lie on the grid of 2 bits"),
    ])
    func statedGridsThatDoNotHold(steps: [Double], bits: Int, words: String) {
        #expect {
            try OwnGridTests.quantized([[0.5, -0.25]], bits: bits) { $0.steps = steps }
        } throws: {
            "\($0)".contains(words)
        }
    }

    /// What is said on the line goes before the file.
    @Test func linesGoBeforeFiles() {
        let grid = StatedGrid(steps: [1], weightBits: 2, fractionBits: 5, stateBits: 16)
        var options = CompileOptions(window: 8, rate: (1, 1))
        options.weights.exceptions["a"] = 4
        options.fractionBits["b"] = 1
        options.adopt(["a": grid, "b": grid], keepsWeights: false, keepsState: true)
        #expect(options.weights.exceptions == ["a": 4, "b": 2] && options.fractionBits == ["a": 5, "b": 1])
        #expect(options.steps == ["a": [1], "b": [1]] && options.state.exceptions.isEmpty)
    }
}
