import Testing

@testable import Compiler
@testable import NIR

/// Where signals lie: slots, orders, late reads.
struct PlacementTests {
    static func convolution(_ outputs: Int, _ inputs: Int) -> Node {
        .convolution(
            ConvolutionNode(
                isTwoDimensional: true,
                weight: Tensor(shape: [outputs, inputs, 1, 1], values: Array(repeating: 1, count: outputs * inputs)),
                bias: each(0, outputs), stride: [1, 1], padding: [[0, 0], [0, 0]], dilation: [1, 1], groups: 1))
    }

    static func fire(_ shape: [Int]) -> Node {
        var neuron = neurons(.integrateAndFire, shape.reduce(1, *))
        neuron.shape = shape
        return .neuron(neuron)
    }

    /// 2 channels of 1x3, a convolution into 3 channels, a Delay, and 4 neurons that read all of it.
    static let spatial = chain([
        ("input", .input(shape: [2, 1, 3])), ("conv", convolution(3, 2)), ("fire", fire([3, 1, 3])),
        ("delay", .delay(.scalar(1))), ("conv2", convolution(1, 3)), ("fire2", fire([1, 1, 3])),
        ("flat", .flatten(start: 0, end: -1)),
        ("fc", .affine(weight: matrix(Array(repeating: [1, 2, 3], count: 4)), bias: nil)), ("last", fire([4])),
        ("output", .output(shape: [4])),
    ])

    @Test func slotsInTheirOrder() throws {
        let placement = try Placement(try lowered(PlacementTests.spatial))
        #expect(
            placement.contents == [
                .samples, .source(.input), .current(0), .source(.population(0)), .current(1), .source(.population(1)),
                .current(2), .source(.population(2)), .source(.delay(0)),
            ])
        #expect(placement.contents.map(placement.slot) == Array(0..<9))
        #expect(placement.lateReads.isEmpty)
    }

    @Test func channelsLieLast() throws {
        let placement = try Placement(try lowered(PlacementTests.spatial))
        #expect(
            placement.channels == [.input: 2, .population(0): 3, .delay(0): 3, .population(1): 1])
        // Channel 0's three positions, then channel 1's.
        #expect(placement.order(.input, count: 6) == [0, 2, 4, 1, 3, 5])
        #expect(placement.order(.population(2), count: 4) == [0, 1, 2, 3])
    }

    @Test func whatIsReadLate() throws {
        #expect(try Placement(try lowered(recurrent(matrix([[1]])))).lateReads == [.population(0)])
        var late = subtracting
        late.inputDelay = 1
        #expect(
            try Placement(try lowered(recurrent(matrix([[1]])), dialect: late)).lateReads == [.input, .population(0)])
    }

    /// Groups whose elements are not side by side share no matrix.
    @Test func blocksAreSpreadBesideChannels() throws {
        var network = try lowered(PlacementTests.spatial)
        let block = LinearMap.block(BlockMap(groupCount: 3, rows: 1, columns: 1, values: [2]))
        network.populations[1].terms = [Lowered.Term(source: .population(0), map: block, isLate: false)]
        network.populations[2].terms.append(Lowered.Term(source: .population(2), map: block, isLate: true))
        let placement = try Placement(network)
        let spread = network.spreadingBlocks(placement)
        guard case .diagonal(let values) = spread.populations[1].terms[0].map else { throw Unexpected() }
        #expect(values == [2, 2, 2])
        guard case .block = spread.populations[2].terms[1].map else { throw Unexpected() }
    }

    static func refusal(_ change: (inout Lowered) -> Void) throws -> String {
        var network = try lowered(PlacementTests.spatial)
        change(&network)
        do {
            _ = try Placement(network)
            return "placed"
        } catch { return "\(error)" }
    }

    @Test func whatCannotBePlacedIsNamed() throws {
        #expect(try PlacementTests.refusal { _ in } == "placed")
        func pool(_ function: PoolNode.Function, _ source: Lowered.Source, channels: Int = 3) -> Lowered.Pool {
            Lowered.Pool(
                source: source, node: PoolNode(function: function, kernel: [1, 1], stride: [1, 1], padding: [0, 0]),
                from: [channels, 1, 3], to: [channels, 1, 3])
        }
        #expect(try PlacementTests.refusal { $0.pools = [pool(.sum, .population(0))] } == "placed")
        #expect(
            try PlacementTests.refusal { $0.pools = [pool(.sum, .population(0), channels: 9)] }.contains(
                "fire: convolutions and pools see it with 9 and with 3 channels"))
    }
}
