import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// Readings, agreement and scales that follow from what a framework gave.
@Suite struct TruthTests {
    /// Two layers whose steps differ between dialects, on windows of counts.
    static let graph: Graph = {
        var graph = chain([
            ("input", .input(shape: [3])), ("in", .affine(weight: weights(6, 3), bias: nil)),
            ("hidden", .neuron(slow(6))), ("out", .affine(weight: weights(4, 6), bias: nil)),
            ("last", .neuron(slow(4))),
            ("output", .output(shape: [4])),
        ])
        graph.version = "1.0"
        return graph
    }()

    static func weights(_ rows: Int, _ columns: Int) -> Tensor {
        func weight(_ row: Int, _ column: Int) -> Double {
            let step = (row * 7 + column * 5) % 11
            return Double(step) / 8 - 0.4
        }
        return matrix((0..<rows).map { row in (0..<columns).map { weight(row, $0) } })
    }

    /// τ = 4e-4 and R = 4, as an exporter with a dt of 1e-4 writes a decay of 0.75.
    static func slow(_ count: Int) -> Neuron {
        Neuron(
            kind: .lif, shape: [count], tau: each(4e-4, count), resistance: each(4, count), leak: each(0, count),
            threshold: each(1, count), reset: each(0, count))
    }

    /// What the network gives in a dialect, read out by a rule.
    static func expected(
        _ dialect: Dialect, dt: Double, _ rule: ReadoutRule, of graph: Graph = graph
    ) throws -> ExpectedOutputs {
        var random = SplitMix(state: 5)
        // Windows in which one channel is the loudest have labels of their own.
        let input = (0..<36).map { window in
            (0..<30 * 3).map { Double(Int.random(in: 0...($0 % 3 == window % 3 ? 5 : 1), using: &random)) }
        }
        let fresh = try FloatNetwork<Double>(graph, file: "", dialect: dialect, dt: dt)
        let scores = input.map { window in
            var run = fresh
            return rule.scores(
                of: (0..<30).map {
                    run.tick(Array(window[3 * $0..<3 * $0 + 3]))
                    return rule == .membrane ? run.shownMembranes : run.shownValues
                })
        }
        var expected = ExpectedOutputs(scores: scores)
        (expected.input, expected.tickCount) = (input, 30)
        return expected
    }

    static func search(
        _ expected: ExpectedOutputs, _ settled: DialectCandidate.Settled = .init(), in graph: Graph = graph
    ) throws -> DialectSearch.Finding {
        try DialectSearch(
            graph, try Schedule(graph, file: ""), file: "", expected, settled: settled,
            readouts: graph.readouts(try Schedule(graph, file: ""))
        ).run()
    }

    @Test(arguments: [
        ("snntorch", 1e-4, ReadoutRule.sum), ("snntorch zero same", 1e-4, .sum),
        ("spikingjelly subtract same", 1e-3 / 8, .sum),
        ("sinabs", 1e-4, .sum), ("snntorch none same", 1e-4, .sum), ("snntorch", 1e-4, .membrane),
    ])
    func theReadingIsFound(_ words: String, _ dt: Double, _ rule: ReadoutRule) throws {
        let truth = dialect(words)
        let finding = try TruthTests.search(
            try TruthTests.expected(truth, dt: dt, rule), .init(dt: dt == 1e-4 ? nil : dt))
        let found = finding.candidate
        #expect(finding.distance < 1e-9 && finding.readout == rule && finding.tried > 20)
        #expect((found.dialect.reset, found.dt) == (truth.reset, dt), "\(found.options)")
        // The reading gives the same, whatever its name.
        let again = try TruthTests.expected(found.dialect, dt: found.dt, rule)
        #expect(again.scores == (try TruthTests.expected(truth, dt: dt, rule)).scores)
    }

    @Test func theLikelyNameIsTaken() throws {
        let finding = try TruthTests.search(try TruthTests.expected(dialect("snntorch"), dt: 1e-4, .sum))
        #expect(finding.candidate.options == "--dialect snntorch-export --dt 0.0001")
        #expect(finding.equals.allSatisfy { $0.dialect.name != "snntorch-export" })
    }

    @Test func labelsAloneAreEnough() throws {
        var expected = try TruthTests.expected(dialect("snntorch"), dt: 1e-4, .sum)
        let scores = expected.scores
        expected.scores = []
        #expect(try TruthTests.search(expected).distance == 0)
        // A softmax has no factor, but labels.
        expected.scores = scores.map { scores in scores.map { 1 / (1 + 2 * (scores.max()! - $0)) } }
        #expect(try TruthTests.search(expected).distance == 0)
    }

    @Test func noneAndOneLabelAreRefused() throws {
        var expected = try TruthTests.expected(dialect("snntorch"), dt: 1e-4, .sum)
        expected.scores = expected.scores.enumerated().map { number, scores in
            scores.indices.map { $0 == number / 7 % 3 ? 1 : 0 }
        }
        expected.labels = expected.scores.map(\.greatestIndex)
        #expect(throws: CompileError.self) { try TruthTests.search(expected) }
        var one = try TruthTests.expected(dialect("snntorch"), dt: 1e-4, .sum)
        (one.scores, one.labels) = ([], one.labels.map { _ in 0 })
        #expect(one.isOneLabel)
        #expect(throws: CompileError.self) { try TruthTests.search(one) }
    }

    @Test func agreementFitsAPositiveFactor() {
        let expected = ExpectedOutputs(scores: [[1, 2], [3, 1], [0, 1]])
        let twice = Agreement([[2, 4], [6, 2], [0, 2]], labels: [1, 0, 0], expected, windows: [0, 1, 2])
        #expect(twice.factor == 0.5 && twice.scoreDistance! < 1e-7 && twice.labels == 2.0 / 3 && twice.share == 2.0 / 3)
        #expect(
            Agreement.fit([[-1, -2]], [[1, 2]]).factor == nil && Agreement.fit([[-1, -2]], [[1, 2]]).distance == 1)
        // One score has no label: its distance counts, as it stands.
        let number = ExpectedOutputs(scores: [[1], [2]])
        #expect(Agreement([[1], [2]], labels: [0, 0], number, windows: [0, 1]).share == 1)
        #expect(abs(Agreement([[1.1], [2.2]], labels: [0, 0], number, windows: [0, 1]).share - 0.9) < 1e-12)
        #expect(Agreement([[3], [6]], labels: [0, 0], number, windows: [0, 1]).share == 0)
    }

    @Test func agreementOfHugeTinyAndInfiniteScores() {
        for size in [1e-200, 1e200] {
            let (factor, distance) = Agreement.fit([[size, 2 * size]], [[1, 2]])
            #expect(abs(factor! * size - 1) < 1e-12 && distance < 1e-7)
            #expect(Agreement.fit([[size, 0]], [[0, size]]).distance == 1)
        }
        for value in [Double.infinity, .nan] { #expect(Agreement.fit([[value, 1]], [[1, 1]]).distance == 1) }
    }

    /// Sum and mean differ by a factor alone: the readout is taken that needs none.
    @Test(arguments: [ReadoutRule.sum, .mean])
    func readingsThatAFactorTellsApart(_ rule: ReadoutRule) throws {
        #expect(try TruthTests.search(try TruthTests.expected(dialect("snntorch"), dt: 1e-4, rule)).readout == rule)
    }

    /// A number has no factor to spare, and no label: what is scaled is no reading's.
    @Test(arguments: [ReadoutRule.sum, .mean, .last])
    func oneScoreIsComparedAsItStands(_ rule: ReadoutRule) throws {
        var integrator = TruthTests.slow(1)
        integrator.kind = .li
        let graph = chain([
            ("input", .input(shape: [3])), ("in", .affine(weight: TruthTests.weights(1, 3), bias: nil)),
            ("last", .neuron(integrator)), ("output", .output(shape: [1])),
        ])
        var expected = try TruthTests.expected(dialect("snntorch"), dt: 1e-4, rule, of: graph)
        let finding = try TruthTests.search(expected, in: graph)
        #expect(finding.readout == rule && finding.distance < 1e-6)
        expected.scores = expected.scores.map { [2.5 * $0[0]] }
        #expect(throws: CompileError.self) { try TruthTests.search(expected, in: graph) }
    }

    @Test func scoresThatTellNothingAreRefused() throws {
        var expected = try TruthTests.expected(dialect("snntorch"), dt: 1e-4, .sum)
        expected.scores = expected.scores.map { $0.map { _ in 0 } }
        #expect(throws: CompileError.self) { try TruthTests.search(expected) }
    }

    @Test func scalesLoseLittle() {
        func chosen(_ values: [Double]) -> (UInt32, UInt32) {
            let scale = InputScale.chosen(for: [values], channelCount: 1, margin: 1.5)
            return (scale.numerator, scale.denominator)
        }
        #expect(chosen([0, 3, -700]) == (1, 1))
        #expect(chosen([0.125, -2, 1.5]) == (1, 8))
        #expect(chosen([60_000, -65_000, 400]) == (128, 1))
        let (numerator, denominator) = chosen((0..<200).map { Double($0) / 77 - 1.3 })
        #expect(numerator == 1 && 128...512 ~= denominator)
        // Nothing is lost of zeros.
        #expect(chosen([0, 0]) == (1, 1))
    }

    @Test func linesOfAModelGiveTheDialectBack() throws {
        var dialect = dialect("sinabs-export zero same")
        dialect.exceptions = [
            "a, b: c": Dialect.Traits(reset: .never, resetDelay: .next, firesAtThreshold: false, spikeBits: 1)
        ]
        dialect.firesAtThreshold = false
        let read = try #require(Dialect.read(dialect.lines(dt: 2e-3).joined(separator: "\n")))
        dialect.currentResetDelay = .same
        #expect(read.dialect == dialect && read.dt == 2e-3)
    }

    @Test func readoutRules() {
        let values = [[1.0, 5], [3, 0], [2, 1]]
        #expect(ReadoutRule.sum.scores(of: values) == [6, 6] && ReadoutRule.last.scores(of: values) == [2, 1])
        #expect(ReadoutRule.mean.scores(of: values) == [2, 2] && ReadoutRule.max.scores(of: values) == [3, 5])
        #expect(
            ReadoutRule("leaky:4") == .leaky(ticks: 4) && ReadoutRule("leaky:0") == nil && ReadoutRule("first") == nil)
        for rule in ReadoutRule.plain { #expect(ReadoutRule(rule.description) == rule) }
    }

    /// Neurons that no spike resets: in integers as in floating point.
    @Test(arguments: [Neuron.Kind.lif, .cubaLIF, .integrateAndFire], [false, true])
    func resetNone(_ kind: Neuron.Kind, isRecurrent: Bool) throws {
        let weight = TruthTests.weights(4, 4)
        var graph = chain([
            ("input", .input(shape: [4])), ("neurons", .neuron(neurons(kind, 4, threshold: 3.37))),
            ("output", .output(shape: [4])),
        ])
        if isRecurrent {
            graph.nodes["back"] = .affine(weight: weight, bias: nil)
            graph.edges += [Graph.Edge(from: "neurons", to: "back"), Graph.Edge(from: "back", to: "neurons")]
        }
        let dialect = dialect("snntorch none same")
        var options = smallOptions
        (options.window, options.inputBits) = (64, 4)
        let compiled = try compiled(graph, options, dialect: dialect)
        var reference = try FloatNetwork<Double>(graph, file: "", dialect: dialect, dt: 1)
        var random = SplitMix(state: 3)
        let frames = (0..<60).map { _ in (0..<4).map { _ in Int16.random(in: -3...4, using: &random) } }
        let run = try IntegerTests.run(compiled, frames, nodes: ["neurons"])
        var (spikes, differing) = (0, 0)
        for (tick, frame) in frames.enumerated() {
            reference.tick(frame.map { Double($0) })
            for (i, spike) in reference.values["neurons"]!.enumerated() {
                spikes += Int(spike)
                differing += Double(run[tick]["neurons"]![i]) == spike ? 0 : 1
            }
        }
        #expect(spikes > 20 && spikes < 240 && differing <= 4, "\(differing) of \(spikes)")
    }
}
