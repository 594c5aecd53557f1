import Testing

@testable import Compiler
@testable import NIR

/// What is known of integers before they are quantized.
struct RangesTests {
    static func ranges(_ network: Lowered, _ options: CompileOptions = smallOptions) throws -> Ranges {
        try Ranges(network, try Placement(network), options)
    }

    @Test func inputsHaveUnitsOfTheirShift() throws {
        var options = smallOptions
        (options.count, options.inputShifts) = ((1, 4), [0, 3])
        let network = try lowered(recurrent(matrix([[1, 0], [0, 1]])))
        let ranges = try RangesTests.ranges(network, options)
        #expect(ranges.inputFields.shift == 3 && ranges.inputUnits == [0.25, 2])
        #expect(ranges.largest == [.input: 7, .population(0): 1])
    }

    /// Convolutions have one unit for all that they read.
    @Test func channelsShareTheirShift() throws {
        var options = smallOptions
        options.inputShifts = [0, 1, 2, 0, 1, 5]
        let ranges = try RangesTests.ranges(try lowered(PlacementTests.spatial), options)
        #expect(ranges.inputUnits == Array(repeating: 32, count: 6))
    }

    /// Sums of windows are shifted as far as 16 bits need.
    @Test func poolsFitTheirSlot() throws {
        func ranges(_ function: PoolNode.Function, _ source: Lowered.Source) throws -> (largest: Double, shift: Int) {
            var (options, network) = (smallOptions, try lowered(PlacementTests.spatial))
            options.inputBits = 16
            network.pools = [
                Lowered.Pool(
                    source: source,
                    node: PoolNode(function: function, kernel: [3, 3], stride: [1, 1], padding: [1, 1]),
                    from: [source == .input ? 2 : 3, 1, 3], to: [source == .input ? 2 : 3, 1, 3])
            ]
            let ranges = try RangesTests.ranges(network, options)
            return (ranges.largest[.pool(0)]!, ranges.poolShifts[0])
        }
        #expect(try ranges(.sum, .population(0)) == (9, 0))
        #expect(try ranges(.maximum, .population(0)) == (1, 0))
        // 9·32767 > 2^3·32767
        #expect(try ranges(.average, .input) == (18432, 4))
    }

    /// A membrane that reads itself reaches what enters it, four times over with a leak of a quarter, and as much again.
    @Test func whatReadsItselfHasARange() throws {
        let network = try lowered(recurrent(matrix([[0.5]]), .li))
        let ranges = try RangesTests.ranges(network)
        #expect(ranges.expected == [0: 56])
        #expect(ranges.readShifts == [15])
        // Spikes need none.
        #expect(try RangesTests.ranges(try lowered(recurrent(matrix([[0.5]])))).expected.isEmpty)
    }

    /// States leave as many bits unused as the sums that enter them need, beyond what was expected.
    @Test func greatSumsLeaveASmallerShift() throws {
        var network = try lowered(
            chain([
                ("input", .input(shape: [1])), ("first", .neuron(neurons(.li, 1))),
                ("second", .neuron(neurons(.li, 1))),
                ("output", .output(shape: [1])),
            ]))
        network.populations[0].terms += [
            Lowered.Term(source: .population(0), map: .diagonal([0.5]), isLate: true),
            Lowered.Term(source: .population(1), map: .diagonal([64]), isLate: true),
        ]
        let ranges = try RangesTests.ranges(network)
        #expect(ranges.expected == [0: 56, 1: 224])
        // 7 + 0.5·56 + 64·224 is 2^8.004 times 56.
        #expect(ranges.readShifts == [6, 15])
    }

    /// A population that nothing enters has no range to speak of, and is no fault.
    @Test func nothingEnters() throws {
        var network = try lowered(recurrent(matrix([[0]]), .li))
        network.populations[0].terms[0].map = .diagonal([0])
        #expect(try RangesTests.ranges(network).readShifts == [15])
    }

    @Test func recurrencesAreThoseOfTheirMemories() throws {
        var options = smallOptions
        let memory = MemoryNode(a: matrix([[0, 0], [0, 0]]), b: Tensor(shape: [2], values: [1, 0]), theta: 8)
        let network = try lowered(
            chain([
                ("input", .input(shape: [1])), ("memory", .memory(memory)), ("output", .output(shape: [2])),
            ]))
        #expect(try RangesTests.ranges(network, options).readShifts == [15])
        options.memories.common = .recurrence
        #expect { try RangesTests.ranges(network, options) } throws: { "\($0)".contains("from A and B over 2 theta") }
    }
}
