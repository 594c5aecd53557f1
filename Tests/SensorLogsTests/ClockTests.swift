import Testing

@testable import SNNSampling
@testable import SensorLogs

/// Stamps that rows share, times that go back, and gaps that are bridged.
@Suite struct ClockTests {
    private let one = model(["a"])
    private let skip = byTimes { $0.badRows = .skip }

    private func log(_ stamps: [Double], _ name: String = "t_s") -> String {
        "\(name),a\n" + stamps.enumerated().map { "\($1),\($0 % 30)\n" }.joined()
    }

    /// Rows of one stamp, `count` of them.
    private func group(_ stamp: Double, _ count: Int) -> [Double] { Array(repeating: stamp, count: count) }

    @Test func rowsOfOneStampAreSpreadUpToTheNext() throws {
        let wholes = try read(log(group(0, 20) + group(1, 20) + group(2, 20), "timestamp"))
        #expect(wholes.count == 1 && !wholes[0].segment.isResampled && wholes[0].segment.repeatedTimeCount == 57)
        #expect(wholes[0].frames == (0..<60).map { Int16($0 % 30) * 1000 })
        for (i, time) in wholes[0].times.enumerated() { #expect(abs(time - Double(i) / 20) < 1e-12) }
        #expect(wholes[0].segment.notes.contains("column \"timestamp\" taken as time in s: rows are 0.05 s apart"))
    }

    /// The first stamp's rows end at the second, the last one's are as far apart as those before, also at a gap.
    @Test func theFirstAndTheLastStampOfASegmentAreNotFull() throws {
        let stamps =
            group(0, 5) + group(1, 20) + group(2, 20) + group(3, 7) + group(9, 3) + group(10, 20) + group(11, 2)
        let wholes = try read(log(stamps))
        #expect(wholes.map(\.times.count) == [52, 25])
        for (i, time) in wholes[0].times.enumerated() { #expect(abs(time - (0.75 + Double(i) / 20)) < 1e-12) }
        for (i, time) in wholes[1].times.enumerated() { #expect(abs(time - (9.85 + Double(i) / 20)) < 1e-12) }
        #expect(wholes[1].segment.gap?.seconds == 6 && wholes[1].segment.gap?.line == 54)
    }

    /// A clock of whole seconds steps by one or two; of minutes, by 60.
    @Test func theStepOfACoarseClockIsNoGap() throws {
        let seconds = [0, 1, 2, 3, 4, 6, 7].flatMap { group(Double($0), 20) }
        #expect(try read(log(seconds)).map(\.times.count) == [100, 40])
        let minutes = (0..<4).flatMap { group(Double($0) * 60, 1200) }
        let wholes = try read(log(minutes, "t"))
        #expect(wholes.map(\.times.count) == [4800] && !wholes[0].segment.isResampled)
        #expect(abs(wholes[0].times[4799] - 239.95) < 1e-9)
    }

    /// A clock of whole milliseconds that repeats itself now and then.
    @Test func aFewSharedStampsMoveNoOtherRow() throws {
        let input = LogInput(channels: one.channels, rate: TickRate(numerator: 100, denominator: 1))
        let stamps = (0..<20).map { Double($0) * 10 } + [200, 200, 209, 219, 219, 219, 240, 250]
        let wholes = try read(log(stamps, "t_ms"), input)
        #expect(wholes.count == 1 && wholes[0].segment.repeatedTimeCount == 3 && !wholes[0].segment.isResampled)
        #expect(wholes[0].segment.interval == 0.25 / 27)
        let spread = [0.2, 0.2045, 0.209, 0.219, 0.226, 0.233, 0.24, 0.25]
        for (time, expected) in zip(wholes[0].times, (0..<20).map { Double($0) / 100 } + spread) {
            #expect(abs(time - expected) < 1e-12)
        }
    }

    @Test func sharedStampsAreGivenBeforeAFault() throws {
        let log = try SensorLog(
            sources: [source("t_s,a\n0,1\n0.1,2\n0.1,3\n0.2,4\n0.2,5\nx,1\n")], input: one, options: byTimes())
        let batch = try log.next()
        #expect(batch?.frames == [1000, 2000, 3000, 4000, 5000] && log.isCutOff)
        let error = #expect(throws: LogError.self) { try log.next() }
        #expect(error?.line == 7)
    }

    @Test func timeThatGoesBackFarBeginsASegment() throws {
        let ten = (0..<10).map { Double($0) / 20 }
        for options in [byTimes(), skip, byTimes { ($0.isLive, $0.badRows) = (true, .skip) }] {
            let wholes = try read(log(ten + ten.map { $0 + 0.1 } + ten), one, options)
            #expect(wholes.map(\.times) == [ten, ten.map { $0 + 0.1 }, ten])
            #expect(wholes[1].segment.notes.contains("time goes back by 0.35 s before line 12: restart"))
            #expect(wholes[2].segment.gap.map { abs($0.seconds + 0.55) < 1e-12 && $0.line == 22 } == true)
        }
        // Up to 0.25 s is a fault; dropped, it loses no more than that.
        let small = ten + [0.3] + ten.map { $0 + 0.35 }
        #expect(
            refusal(log(small))?.description.hasPrefix(
                "log.csv:12: column 1 (t_s): time 0.3 s does not exceed 0.45 s of line 11") == true)
        #expect(try read(log(small), one, skip).map(\.times.count) == [17])
    }

    @Test(arguments: [1e9, -1e9, 0]) func oneDamagedTimeLosesNothingElse(_ damaged: Double) throws {
        var times = (0..<300).map { 5 + Double($0) / 20 }
        times[100] = damaged
        for options in [byTimes(), skip] {
            #expect(try read(log(times), one, options).map(\.times.count) == [100, 1, 199])
        }
    }

    @Test func liveRowsOfOneStampAreRefused() {
        let live = byTimes { $0.isLive = true }
        #expect(
            refusal("t_s,a\n0,1\n0,2\n", one, live)?.description == """
                log.csv:3: column 1 (t_s): time 0 s does not exceed 0 s of line 2
                  hint: without --live, rows that share their time are spread evenly up to the next one
                """)
    }

    private let bridging = LogInput(
        channels: model(["a"]).channels, rate: TickRate(numerator: 20, denominator: 1), longestBridgedGap: 0.5)

    /// Of 0.4 s seven rows are missing; 0.55 s is too long.
    @Test func gapsAreBridgedWhereTheModelAllowsIt() throws {
        let text = "t_s,a,label\n0,0,x\n0.05,0,x\n0.45,8,y\n0.5,1,y\n1.05,2,z\n1.1,3,z\n"
        let wholes = try read(text, bridging)
        #expect(wholes.map(\.frames) == [[0, 0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 1000], [2000, 3000]])
        #expect(wholes[0].labels == Array(repeating: "x", count: 9) + ["y", "y"])
        #expect(abs(wholes[0].times[5] - 0.25) < 1e-12)
        #expect(wholes[0].segment.bridgedGaps.map(\.line) == [4] && wholes[1].segment.gap?.line == 6)
        #expect(try read(text, one).map(\.times.count) == [2, 2, 2])
        // Read live, it is bridged once the row behind it has come.
        let live = try read(text, bridging, byTimes { $0.isLive = true })
        #expect(live == wholes)
        #expect(live[0].segment.notes.last == "gap of 0.4 s before line 4: bridged by interpolation")
        // Resampled, the line between its rows goes on.
        let fast = "t_s,a\n0,0\n0.01,1\n0.02,2\n0.32,8\n0.33,8\n"
        #expect(try read(fast, bridging).map(\.times.count) == [7])
        // A second and its half: what a model allows beyond 0.5 s is not bridged.
        let longer = LogInput(channels: one.channels, rate: one.rate, longestBridgedGap: 9)
        #expect(try read(text, longer).map(\.times.count) == [11, 2])
    }

    @Test func rowsOfOneStampBeforeABridgedGap() throws {
        let stamps =
            (0..<20).flatMap { group(Double($0) / 10, 2) } + (0..<20).flatMap { group(2.3 + Double($0) / 10, 2) }
        let wholes = try read(log(stamps), bridging)
        #expect(wholes.count == 1 && wholes[0].segment.bridgedGaps.count == 1)
        for (i, time) in wholes[0].times.enumerated() { #expect(abs(time - Double(i) / 20) < 1e-9) }
    }

    /// Rows of the same hour were a segment with a tick for each twentieth of a second of it.
    @Test func aStepOfHoursIsNoStepOfASegment() throws {
        let rows = (0..<12).map { "\($0 / 4),\($0)\n" }.joined()
        let hours = byTimes { $0.timeUnit = .hours }
        let log = try SensorLog(sources: [source("time,a\n" + rows)], input: model(["a"]), options: hours)
        #expect(try read(log).map(\.times.count).reduce(0, +) < 100)
        let minutes = byTimes { $0.timeUnit = .minutes }
        let other = try SensorLog(sources: [source("time,a\n" + rows)], input: model(["a"]), options: minutes)
        #expect(try read(other).map(\.times.count).reduce(0, +) > 1000)
    }
}
