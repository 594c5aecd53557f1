import Testing

@testable import Compiler
@testable import NIR

/// A graph as populations and maps.
struct LoweringTests {
    /// Matrices and scales in a row are one map, and their biases one constant.
    @Test func chainsBecomeOneMap() throws {
        let network = try lowered(
            chain([
                ("input", .input(shape: [2])), ("first", .affine(weight: matrix([[1, 2], [0, 1]]), bias: nil)),
                ("scale", .scale(Tensor(shape: [2], values: [2, 3]))),
                ("second", .affine(weight: matrix([[1, 1], [0, 1]]), bias: Tensor(shape: [2], values: [5, 6]))),
                ("lif", .neuron(neurons(.lif, 2))), ("output", .output(shape: [2])),
            ]))
        #expect(network.populations.map(\.name) == ["lif"] && network.inputCount == 2)
        let terms = network.populations[0].terms
        #expect(terms.count == 1 && terms[0].source == .input && !terms[0].isLate)
        #expect(terms[0].map.full == [2, 7, 0, 3])
        #expect(network.populations[0].bias == [5, 6])
        #expect(network.matrixNames.map(\.description) == ["input:lif"])
    }

    /// An edge from a later node is a term of last tick's value, whose constant counts too.
    @Test func recurrenceIsLate() throws {
        let network = try lowered(recurrent(matrix([[0, 1], [2, 0]]), bias: Tensor(shape: [2], values: [3, 4])))
        let population = network.populations[0]
        #expect(population.terms.map(\.isLate) == [false, true])
        #expect(population.terms[1].source == .population(0) && population.terms[1].map.full == [0, 1, 2, 0])
        #expect(population.bias == [3, 4])
    }

    /// What the output shows: spikes are summed, membranes are not, and a weighted sum, shown by neurons of its own, is not either.
    @Test(arguments: [(.lif, true), (.li, false)] as [(Neuron.Kind, Bool)])
    func outputs(_ kind: Neuron.Kind, _ isSummed: Bool) throws {
        let plain = try lowered(
            chain([
                ("input", .input(shape: [2])), ("neurons", .neuron(neurons(kind, 2))), ("output", .output(shape: [2])),
            ]))
        #expect(plain.output == 0 && plain.isOutputSummed == isSummed && plain.populations.count == 1)
        let weighted = try lowered(
            chain([
                ("input", .input(shape: [2])), ("neurons", .neuron(neurons(kind, 2))),
                ("sum", .affine(weight: matrix([[1, 2]]), bias: nil)), ("output", .output(shape: [1])),
            ]))
        #expect(weighted.output == 1 && !weighted.isOutputSummed)
        #expect(weighted.populations[1].name == "output" && weighted.populations[1].neuron.keep == [0])
    }

    /// A delay of what comes a tick late anyway counts that tick.
    @Test func delays() throws {
        let graph = chain([
            ("input", .input(shape: [2])), ("delay", .delay(Tensor(shape: [2], values: [0, 3]))),
            ("lif", .neuron(neurons(.lif, 2))), ("output", .output(shape: [2])),
        ])
        #expect(try lowered(graph).delays.map(\.ticks) == [[0, 3]])
        var late = subtracting
        late.inputDelay = 1
        let network = try lowered(graph, dialect: late)
        #expect(network.delays.map(\.ticks) == [[1, 4]])
        #expect(network.populations[0].terms[0].source == .delay(0))
        #expect(network.undelayed(.delay(0)) == .input && network.name(.delay(0)) == "input")
    }

    /// A neuron in a dialect: v = keep·v + gain·x, fires above its threshold.
    @Test func neuronsOfADialect() throws {
        let model = try NeuronModel(neurons(.cubaLIF, 1, tau: 8, threshold: 3), 1, "n", subtracting, 2)
        #expect(model.keep == [0.75] && model.currentKeep == [0.75] && model.fires && model.hasRowGrids)
        #expect(model.reset == .subtract && model.resetDelay == .same)
        #expect { try NeuronModel(neurons(.lif, 1, tau: 1), 1, "n", subtracting, 2) } throws: {
            "\($0)" == "n: tau is 1.0 s, shorter than a tick of 2.0 s"
        }
    }

    @Test func whatCannotBeLoweredIsNamed() {
        func refusal(_ nodes: [(name: String, node: Node)]) -> String {
            do {
                _ = try lowered(chain(nodes))
                return "lowered"
            } catch { return "\(error)" }
        }
        #expect(
            refusal([
                ("input", .input(shape: [2])), ("delay", .delay(.scalar(5000))), ("output", .output(shape: [2])),
            ]) == "delay: delays by 5000.0 s, expected 0 to 4095 ticks of 1.0 s")
    }
}

/// Maps that are taken together, and the forms that take the least.
struct LinearMapTests {
    static let dense = LinearMap.dense(rows: 2, columns: 2, values: [1, 2, 3, 4])
    static let block = LinearMap.block(BlockMap(groupCount: 2, rows: 1, columns: 2, values: [5, 6]))

    @Test func productsAreMatrixProducts() throws {
        let scale = LinearMap.diagonal([10, 100])
        #expect((scale.after(LinearMapTests.dense))?.full == [10, 20, 300, 400])
        #expect((LinearMapTests.dense.after(scale))?.full == [10, 200, 30, 400])
        #expect((LinearMapTests.dense.after(LinearMapTests.dense))?.full == [7, 10, 15, 22])
        // Factors that differ between groups end their sharing.
        let spread = try #require(scale.after(LinearMapTests.block))
        #expect(spread.full == [50, 60, 0, 0, 0, 0, 500, 600])
        guard case .dense = spread else { throw Unexpected() }
        guard case .block(let shared)? = LinearMap.diagonal([2, 2]).after(LinearMapTests.block) else {
            throw Unexpected()
        }
        #expect(shared.values == [10, 12])
    }

    @Test func sums() throws {
        let sum = LinearMapTests.dense + LinearMap.diagonal([1, 1])
        #expect(sum?.full == [2, 2, 3, 5])
        guard case .diagonal(let values)? = LinearMap.diagonal([1, 2]) + .diagonal([3, 4]) else { throw Unexpected() }
        #expect(values == [4, 6])
    }

    @Test func compactForms() throws {
        let full = LinearMapTests.block.full
        #expect(full == [5, 6, 0, 0, 0, 0, 5, 6])
        guard case .block(let map) = LinearMap.dense(rows: 2, columns: 4, values: full).compact else {
            throw Unexpected()
        }
        #expect(map.groupCount == 2 && map.values == [5, 6])
        guard case .diagonal(let values) = LinearMap.dense(rows: 2, columns: 2, values: [7, 0, 0, 8]).compact else {
            throw Unexpected()
        }
        #expect(values == [7, 8])
        #expect(LinearMapTests.block.applied(to: [1, 1, 2, 0]) == [11, 10])
    }

    /// A convolution takes one factor for each channel, and its maxima no negative one.
    @Test func factorsOfAConvolution() throws {
        let node = ConvolutionNode(
            isTwoDimensional: true, weight: Tensor(shape: [2, 1, 1, 1], values: [1, 2]), bias: each(0, 2),
            stride: [1, 1], padding: [[0, 0], [0, 0]], dilation: [1, 1], groups: 1)
        var map = ConvolutionMap(node: node, from: [1, 1, 2], to: [2, 1, 2], factors: [1, 1])
        let rows = LinearMap.convolution(map).scaled(rows: [3, 3, -4, -4])?.storedRows
        #expect(rows?.list == [[3], [-8]] && rows?.share == 2)
        func scaled(_ factors: [Double]) -> LinearMap? { LinearMap.convolution(map).scaled(rows: factors) }
        #expect(scaled([3, 4, 5, 5])?.rows == nil)
        map.maxima = (PoolNode(function: .maximum, kernel: [1, 2], stride: [1, 2], padding: [0, 0]), [2, 1, 1])
        #expect(scaled([3, -4])?.rows == nil)
        #expect(scaled([3, 4])?.rows == 2)
    }
}

struct Unexpected: Error {}
