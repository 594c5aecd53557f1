import Testing

@testable import SNNSampling
@testable import SensorLogs

@Suite struct LiveTests {
    private let two = model(["a", "b"])

    /// A log of rows with times, some 10 % around `step`, with gaps and labels, and an odd first time.
    private func rows(step: Double, _ random: inout Seeded) -> [String] {
        var time = Double.random(in: 0...2e9, using: &random)
        return (0..<Int.random(in: 2...200, using: &random)).map { i in
            time += i % 61 == 60 ? 3 : step * (i % 3 == 2 ? Double.random(in: 0.7...1.3, using: &random) : 1)
            return "\(time),\(Double.random(in: -30...30, using: &random)),\(i % 11),l\(i / 9)\n"
        }
    }

    /// At a rate that the median equals, to the last bit or nearly, live and held give the same.
    @Test func liveIsWhatIsHeld() throws {
        let seed: UInt64 = 71
        var random = Seeded(state: seed)
        var compared = 0
        for round in 0..<200 {
            let rate = TickRate(numerator: UInt32.random(in: 10...200, using: &random), denominator: 3)
            let input = LogInput(channels: two.channels, rate: rate)
            let ratio = [1, 1.05, 0.95, 0.2, 0.37, 0.5, 2, 3][round % 8]
            let text = "t_s,a,b,label\n" + rows(step: rate.period * ratio, &random).joined()
            let held = try read(text, input)
            let live = options {
                $0.isLive = true
                if round % 8 > 2 { $0.logRate = 1 / (rate.period * ratio) }
            }
            // Segments of a few rows may have another median than the whole.
            if held.contains(where: { $0.segment.isResampled != (round % 8 > 2) }) { continue }
            #expect(try read(text, input, live) == held, "seed \(seed), round \(round)")
            compared += 1
        }
        #expect(compared > 150)
    }

    /// A source that hands out one piece at a time and counts them.
    private final class Pieces {
        var pieces: [[UInt8]]
        var given = 0

        init(_ pieces: [[UInt8]]) { self.pieces = pieces }

        var source: ByteSource {
            ByteSource(name: "pipe") { [self] (buffer) throws(LogError) in
                guard given < pieces.count else { return 0 }
                buffer.copyBytes(from: pieces[given])
                given += 1
                return pieces[given - 1].count
            }
        }
    }

    /// Of each tick, the number of pieces that had come when it was given.
    private func arrivals(
        _ pieces: [[UInt8]], _ input: LogInput, _ change: (inout ReadingOptions) -> Void
    ) throws -> [Int] {
        let pieces = Pieces(pieces)
        let log = try SensorLog(
            sources: [pieces.source], input: input,
            options: options {
                $0.isLive = true
                change(&$0)
            })
        var arrivals: [Int] = []
        while let batch = try log.next() { arrivals += Array(repeating: pieces.given, count: batch.tickCount) }
        return arrivals
    }

    @Test func aTickComesWithItsRow() throws {
        let one = model(["a"])
        func text(_ lines: String...) -> [[UInt8]] { lines.map { Array(($0 + "\n").utf8) } }
        #expect(try arrivals(text("a", "1", "2", "3"), one) { _ in } == [2, 3, 4])
        #expect(try arrivals(text("t_s,a", "0,1", "0.05,2", "9,3", "9.05,4"), one) { _ in } == [2, 3, 4, 5])
        // 10 Hz for a model of 20 Hz: the tick between two rows comes with the later one.
        #expect(try arrivals(text("t_s,a", "0,1", "0.1,2", "0.2,3"), one) { $0.logRate = 10 } == [2, 3, 3, 4, 4])
        #expect(try arrivals(text("a", "1", "2", "3"), one) { $0.logRate = 10 } == [2, 3, 3, 4, 4])
        let frames = (1...3).map { little(Int16($0)) }
        #expect(try arrivals(frames, one) { $0.isRaw = true } == [1, 2, 3])
        #expect(try arrivals([npy("<i2", [3, 1], [])] + frames, one) { _ in } == [2, 3, 4])
    }

    @Test func whatCannotBeReadLive() throws {
        let live = options { $0.isLive = true }
        #expect(
            refusal("time,a\n0,1\n", model(["a"]), live)?.description == """
                log.csv:1: column 1 (time): the unit of time must be stated: a live log is not read ahead to infer it
                  hint: --time-unit s, ms, us or ns says it; so does a column name such as time_ms
                """)
        #expect(refusal("1600,A,1000000000,1,2,3;\n", model(["accel_x"]), live)?.kind == .request)
    }

    @Test func aWrongStatementIsSaid() throws {
        let text = "t_ms,a\n" + (0..<40).map { "\($0 * 10),1\n" }.joined()
        let wholes = try read(text, model(["a"]), options { $0.isLive = true })
        #expect(wholes[0].segment.notes.last == "rows come at 100 Hz, not at 20 Hz as stated")
        #expect(wholes[0].times.count == 40)
    }
}
