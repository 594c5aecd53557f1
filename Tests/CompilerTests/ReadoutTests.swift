import SNNRuntime
import Testing

@testable import Compiler
@testable import NIR

/// How results are made of what a network's Output shows.
struct ReadoutTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let output: Neuron.Kind?
        let rule: ReadoutRule
        var dialect = plain
        var testDescription: String { "\(output?.rawValue ?? "Affine") \(rule) \(dialect.resetDelay)" }
    }

    /// Three inputs, four neurons that fire, and two outputs: neurons of a kind, or a sum with a bias.
    static func graph(_ output: Neuron.Kind?) -> Graph {
        let first = matrix([[1.03, -1.91, 0.57], [0.07, 0.97, 1.09], [-1.13, 0.31, 1.87], [0.53, 0.61, -0.94]])
        let second = matrix([[1.07, -1.41, 0.77, 0.59], [-0.53, 1.03, 1.19, -0.91]])
        let bias = Tensor(shape: [2], values: [-0.31, 0.23])
        var nodes: [(name: String, node: Node)] = []
        nodes.append(("input", .input(shape: [3])))
        nodes.append(("first", .affine(weight: first, bias: nil)))
        nodes.append(("hidden", .neuron(neurons(.lif, 4, tau: 3, threshold: 0.937))))
        nodes.append(("second", .affine(weight: second, bias: bias)))
        if let output { nodes.append(("last", .neuron(neurons(output, 2, tau: 3.7, threshold: 0.891)))) }
        nodes.append(("output", .output(shape: [2])))
        return chain(nodes)
    }

    static var options: CompileOptions {
        var options = CompileOptions(window: 12, rate: (1, 1))
        (options.inputBits, options.weightBits, options.count) = (8, 16, (1, 4))
        return options
    }

    /// Frames of a fixed pattern that has no period of the window's.
    static func frames(_ count: Int) -> [[Int16]] {
        (0..<count).map { tick -> [Int16] in
            (0..<3).map { (channel: Int) -> Int16 in Int16((tick * 7 + channel * 5) % 19 - 7) }
        }
    }

    /// Results of the integers in the network's own output, and those of the reference.
    static func results(_ graph: Graph, _ options: CompileOptions, _ dialect: Dialect, ticks: Int) throws
        -> (integers: [[Double]], reference: [[Double]], shown: [[Double]])
    {
        let player = try Player(try compiled(graph, options, dialect: dialect).bytes)
        var network = try FloatNetwork<Double>(graph, file: "", dialect: dialect, dt: 1)
        let fresh = network
        var readout = ReferenceReadout(player.model)
        let (input, scale) = (InputConversion(player.model), ScoreScale.of(player.model) ?? 1)
        var results = (integers: [[Double]](), reference: [[Double]](), shown: [[Double]]())
        for frame in frames(ticks) {
            network.tick(input.values(frame))
            results.shown.append(options.readout == .membrane ? network.shownMembranes : network.shownValues)
            if let result = readout.add(network) {
                results.reference.append(result)
            }
            if frame.withUnsafeBufferPointer({ player.network.push($0.baseAddress!, frameCount: 1).hasResult }) {
                results.integers.append(player.network.result!.scores.map { Double($0) * scale })
            }
            if readout.resetsNetwork && results.shown.count % 12 == 0 { network = fresh }
        }
        return results
    }

    static func near(_ a: [[Double]], _ b: [[Double]]) -> Bool {
        let greatest = b.joined().map(abs).max() ?? 0
        return a.count == b.count && zip(a.joined(), b.joined()).allSatisfy { abs($0 - $1) < 2e-3 * max(1, greatest) }
    }

    /// Subtraction in the same tick without what snnTorch holds back then, which integers do not have.
    static let plain: Dialect = {
        var dialect = subtracting
        dialect.holdsBackAfterSubtraction = false
        return dialect
    }()
    static let late: Dialect = {
        var dialect = plain
        dialect.resetDelay = .next
        return dialect
    }()

    static let cases: [Case] = {
        var cases: [Case] = []
        let outputs: [Neuron.Kind?] = [nil, .li, .cubaLI, .lif]
        for rule: ReadoutRule in [.sum, .last, .mean, .max, .leaky(ticks: 3)] {
            for output in outputs { cases.append(Case(output: output, rule: rule)) }
        }
        for output: Neuron.Kind in [.lif, .cubaLIF] {
            for dialect in [plain, late] {
                cases.append(Case(output: output, rule: .spikes, dialect: dialect))
                cases.append(Case(output: output, rule: .membrane, dialect: dialect))
            }
        }
        return cases
    }()

    @Test(arguments: cases) func rules(_ one: Case) throws {
        var options = ReadoutTests.options
        options.readout = one.rule
        let results = try ReadoutTests.results(ReadoutTests.graph(one.output), options, one.dialect, ticks: 36)
        let expected = stride(from: 0, to: 36, by: 12).map { one.rule.scores(of: Array(results.shown[$0..<$0 + 12])) }
        #expect(ReadoutTests.near(results.reference, expected) && expected.joined().contains { abs($0) > 0.1 })
        #expect(ReadoutTests.near(results.integers, expected))
    }

    /// Without a word spikes are counted, and a sum with a bias is that of the last tick.
    @Test func meaning() throws {
        let cases: [(Neuron.Kind?, ReadoutRule)] = [(.lif, .spikes), (.li, .last), (nil, .last)]
        for (kind, rule) in cases {
            let results = try ReadoutTests.results(
                ReadoutTests.graph(kind), ReadoutTests.options, ReadoutTests.plain, ticks: 12)
            #expect(ReadoutTests.near(results.integers, [rule.scores(of: results.shown)]))
        }
    }

    @Test func windowsOverlap() throws {
        var options = ReadoutTests.options
        (options.hop, options.resetsNetwork, options.readout) = (4, false, .sum)
        let sums = try ReadoutTests.results(ReadoutTests.graph(.li), options, ReadoutTests.plain, ticks: 40)
        let expected = stride(from: 12, through: 40, by: 4).map {
            ReadoutRule.sum.scores(of: Array(sums.shown[$0 - 12..<$0]))
        }
        #expect(ReadoutTests.near(sums.integers, expected) && ReadoutTests.near(sums.reference, expected))
        options.readout = .last
        let last = try ReadoutTests.results(ReadoutTests.graph(.li), options, ReadoutTests.plain, ticks: 40)
        #expect(ReadoutTests.near(last.integers, stride(from: 3, to: 40, by: 4).map { last.shown[$0] }))
    }

    @Test func evidence() throws {
        var options = ReadoutTests.options
        options.evidence = .windows(2)
        let two = try ReadoutTests.results(ReadoutTests.graph(.li), options, ReadoutTests.plain, ticks: 36)
        func ends(_ shown: [[Double]]) -> [[Double]] { [shown[11], shown[23], shown[35]] }
        let ofTwo = zip(ends(two.shown), ends(two.shown).dropFirst()).map { zip($0, $1).map(+) }
        #expect(ReadoutTests.near(two.integers, ofTwo) && ReadoutTests.near(two.reference, ofTwo))
        options.evidence = .leaky(windows: 1.5)
        let leaky = try ReadoutTests.results(ReadoutTests.graph(.li), options, ReadoutTests.plain, ticks: 36)
        let one = ReadoutRule.leaky(ticks: 1.5)
        let decayed = (1...3).map { one.scores(of: Array(ends(leaky.shown).prefix($0))) }
        #expect(ReadoutTests.near(leaky.integers, decayed) && ReadoutTests.near(leaky.reference, decayed))
        // Counts of spikes decay by parts of one, too.
        let counts = try ReadoutTests.results(ReadoutTests.graph(.lif), options, ReadoutTests.plain, ticks: 36)
        #expect(ReadoutTests.near(counts.integers, counts.reference) && counts.reference.count == 3)
    }

    /// Files without a maximum are of the version that all readers know.
    @Test func versions() throws {
        var options = ReadoutTests.options
        let plain = try compiled(ReadoutTests.graph(.li), options)
        options.readout = .max
        #expect(plain.bytes[10] == 6)
        #expect(try compiled(ReadoutTests.graph(.li), options).bytes[10] == 7)
    }

    @Test func refusals() throws {
        func message(
            _ kind: Neuron.Kind?, _ dialect: Dialect = ReadoutTests.plain, _ change: (inout CompileOptions) -> Void
        )
            -> String
        {
            var options = ReadoutTests.options
            change(&options)
            do {
                _ = try compiled(ReadoutTests.graph(kind), options, dialect: dialect)
                return ""
            } catch { return "\(error)" }
        }
        var zero = ReadoutTests.plain
        zero.reset = .zero
        #expect(message(.li) { $0.readout = .spikes }.hasPrefix("last: shows no spikes to count"))
        #expect(message(nil) { $0.readout = .spikes }.hasPrefix("output: shows no spikes to count"))
        #expect(message(.lif, zero) { $0.readout = .membrane }.hasPrefix("last: its membranes cannot be read out"))
        #expect(message(.li) { $0.hop = 4 }.contains("give --keep-state"))
        #expect(
            message(.li) { ($0.hop, $0.resetsNetwork, $0.readout) = (5, false, .sum) }.contains(
                "divides the window of 12"))
        #expect(
            message(.li) { ($0.hop, $0.resetsNetwork, $0.readout) = (4, false, .max) }.contains("goes with --readout"))
        #expect(message(.li) { ($0.evidence, $0.readout) = (.windows(3), .max) }.contains("evidence of 3 windows"))
        #expect(message(.li) { $0.evidence = .windows(1 << 24) }.contains("16,777,216 ticks at most"))
    }
}
