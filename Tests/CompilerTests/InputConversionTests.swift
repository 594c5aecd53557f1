import SNNRuntime
import Testing

@testable import Compiler
@testable import NIR

/// What a network is given for raw samples.
struct InputConversionTests {
    static var options: CompileOptions {
        var options = CompileOptions(window: 8, rate: (1, 1))
        options.counts = [(1, 1000), (1, 500)]
        options.normalization = ([2, -0.1], [4, 0.5])
        options.units = ["m/s^2", "rad/s"]
        return options
    }

    @Test func valuesAreNormalized() throws {
        let conversion = try InputConversion(InputConversionTests.options, channelCount: 2)
        #expect(conversion.values([2000, -50]) == [0, 0])
        #expect(conversion.values([6000, 450]).map { ($0 * 1e9).rounded() / 1e9 } == [1, 2])
    }

    /// One unit for both: the coarser channel's, 1/500/0.5 = 0.004; a count of the other is a sixteenth of that.
    @Test func integersShareAUnit() throws {
        let conversion = try InputConversion(InputConversionTests.options, channelCount: 2)
        let (fields, units) = conversion.integers(shifts: [1, 1])
        #expect(fields.shift == 15 && fields.channels.map(\.offset) == [2000, -50])
        #expect(fields.channels.map(\.multiplier) == [1024, 16384] && units == [0.008, 0.008])
    }

    @Test func oneForAll() throws {
        var options = CompileOptions(window: 8, rate: (1, 1))
        (options.count, options.normalization) = ((1, 4), ([0.5], [2]))
        let conversion = try InputConversion(options, channelCount: 3)
        let (fields, units) = conversion.integers(shifts: [0, 2, 1])
        #expect(fields.shift == 2 && fields.channels.map(\.multiplier) == [4, 1, 2] && units == [0.125, 0.5, 0.25])
        #expect(fields.channels.map(\.offset) == [2, 2, 2])
    }

    @Test func refusals() {
        func message(_ change: (inout CompileOptions) -> Void) -> String {
            var options = CompileOptions(window: 8, rate: (1, 1))
            change(&options)
            do {
                _ = try InputConversion(options, channelCount: 3)
                return ""
            } catch { return "\(error)" }
        }
        #expect(message { $0.counts = [(1, 1), (1, 2)] } == "2 counts for 3 channels: give one for all, or one each")
        #expect(message { $0.units = ["a", "b"] }.hasPrefix("2 units for 3 channels"))
        #expect(
            message { $0.normalization = ([0], [1, 0, 1]) }.contains(
                "channel 1 is normalized by a mean of 0.0 and a deviation of 0.0"))
        #expect(message { $0.normalization = ([40000], [1]) }.contains("which samples of 16 bits do not reach"))
    }

    /// A file says what its samples are worth and how they were normalized, to those who verify it.
    @Test func filesSayIt() throws {
        let graph = recurrent(matrix([[0, 1], [2, 0]]))
        let player = try Player(try compiled(graph, InputConversionTests.options).bytes)
        #expect(InputConversion(player.model).values([2000, 450]) == [0, 2])
        #expect(
            String(cString: player.model.channel(1).unit) == "rad/s" && player.model.channel(0).scaleDenominator == 1000
        )
    }

    /// Zeros of a padding are the network's own: means, behind channels of different counts.
    @Test func paddingIsZero() throws {
        let weight = Tensor(
            shape: [2, 2, 1, 3], values: [0.53, -1.07, 0.71, 0.97, 0.49, -0.23, -0.57, 1.03, 0.29, 0.77, -0.51, 0.93])
        let convolution = ConvolutionNode(
            isTwoDimensional: false, inputSize: nil, weight: weight, bias: each(0.113, 2), stride: [1, 1],
            padding: [[0, 0], [1, 1]], dilation: [1, 1], groups: 1)
        let graph = chain([
            ("input", .input(shape: [2, 4])), ("convolution", .convolution(convolution)),
            ("lif", .neuron(neurons(.lif, 8, tau: 3.7, threshold: 0.891))), ("flatten", .flatten(start: 0, end: -1)),
            ("sum", .affine(weight: matrix([Array(repeating: 1, count: 8)]), bias: nil)),
            ("output", .output(shape: [1])),
        ])
        var options = InputConversionTests.options
        func spread<Value>(_ values: [Value]) -> [Value] { (0..<8).map { values[$0 / 4] } }
        options.counts = spread(options.counts)
        options.units = spread(options.units)
        options.normalization = options.normalization.map { (spread($0.mean), spread($0.deviation)) }
        (options.weightBits, options.readout) = (16, .sum)
        let player = try Player(try compiled(graph, options, dialect: ReadoutTests.plain).bytes)
        let conversion = InputConversion(player.model)
        var (reference, expected) = (try FloatNetwork<Double>(graph, file: "", dialect: ReadoutTests.plain, dt: 1), 0.0)
        for tick in 0..<8 {
            let frame = (0..<8).map { (element: Int) -> Int16 in
                let wave = (tick * 5 + element * 3) % 11 - 5
                return Int16(element < 4 ? 2000 + 1500 * wave : 90 * wave - 50)
            }
            reference.tick(conversion.values(frame))
            expected += reference.shownValues[0]
            _ = frame.withUnsafeBufferPointer { player.network.push($0.baseAddress!, frameCount: 1) }
        }
        let score = Double(player.network.result!.scores[0]) * ScoreScale.of(player.model)!
        #expect(expected > 10 && abs(score - expected) < 0.1)
    }

    /// What one channel's counts are worth may shrink it to fit the bits: 200 counts of 0.002 are 800 of 0.0005.
    @Test func bitsFitAllChannels() {
        var recording = Recording(channelCount: 2)
        recording.windows = [.init(samples: [2800, -50, 1200, 150], label: nil)]
        var options = InputConversionTests.options
        options.margin = 1
        options.fitInput(to: recording, bits: nil)
        // 800 counts in steps of 16 are 50; 200 are 200: 9 bits with the sign.
        #expect(options.inputBits == 9 && options.inputShifts.isEmpty)
        options.fitInput(to: recording, bits: 6)
        #expect(options.inputBits == 6 && options.inputShifts == [3, 3])
    }
}
