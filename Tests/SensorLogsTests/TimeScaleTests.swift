import Testing

@testable import SensorLogs

/// What numbers of time mean: by a date that they are, by a rate that the log names, by the rows' spacing.
@Suite struct TimeScaleTests {
    private let one = model(["a"])
    private let plain = ReadingOptions()

    private func log(_ name: String, preamble: String = "", _ number: (Int) -> String) -> String {
        preamble + "\(name),a\n" + (0..<40).map { "\(number($0)),1\n" }.joined()
    }

    private func doubts(_ text: String, _ options: ReadingOptions = ReadingOptions()) throws -> [String] {
        try read(text, one, options)[0].segment.notes.filter(\.isDoubt).map(\.text)
    }

    @Test(
        arguments: [
            ("ms, 1 kHz", 1_710_403_200_000, 1), ("us, 2 kHz", 1_710_403_200_000_000, 500),
            ("us", 1_710_403_200_000_000, 50000), ("ns", 1_710_403_200_000_000_000, 50_000_000),
            ("100ns since 1970", 17_104_032_000_000_000, 500_000), ("FILETIME", 133_548_768_000_000_000, 500_000),
            (".NET", 638_460_000_000_000_000, 500_000),
        ] as [(String, Int, Int)])
    func aNumberThatIsADate(_ name: String, _ first: Int, _ step: Int) throws {
        let wholes = try read(log("timestamp") { "\(first + $0 * step)" }, one, plain)
        #expect(wholes.count == 1 && abs(wholes[0].times[0] - 1_710_403_200) < 1e-3, "\(name)")
        #expect(wholes[0].segment.notes.contains { $0.contains("taken as time in") && !$0.isDoubt })
    }

    @Test func daysThatAreADate() throws {
        for origin in [25569.0, 719_529] {
            let days = origin + 1_710_403_200 / 86400.0
            let wholes = try read(log("t") { "\(days + Double($0) / 20 / 86400)" }, one, plain)
            #expect(wholes.count == 1 && abs(wholes[0].times[0] - 1_710_403_200) < 1e-3)
        }
    }

    /// Counters reach such numbers too; rows would be too far apart.
    @Test(arguments: [("us", 1_710_403_200, 50000, 1710.4032), ("ns", 1_710_403_200_000_000, 50_000_000, 1_710_403.2)])
    func aCounterIsNoDate(_ unit: String, _ first: Int, _ step: Int, _ time: Double) throws {
        let wholes = try read(log("timestamp") { "\(first + $0 * step)" }, one, plain)
        #expect(wholes[0].times[0] == time)
        #expect(wholes[0].segment.notes.contains { $0.contains("taken as time in \(unit): rows are") })
    }

    @Test func aNameThatSpeaksAgainstADate() {
        let error = refusal(log("time_ns") { "\(1_710_403_200_000_000 + $0 * 50000)" }, one, plain)
        #expect(
            error?.message == "the unit of time is ns by its name, but 1710403200000000 is a date in us"
                && error?.hint == "--time-unit us or ns says which")
    }

    @Test(arguments: [
        "// Sample rate: 20.0Hz\n", "Measurement Frequency,20 Hz\n", "recorded at 20 Hz\n", "Sampling rate (Hz): 20\n",
    ])
    func aRateThatTheLogNames(_ preamble: String) throws {
        let ticks = try read(log("SampleTimeFine", preamble: preamble) { "\($0 * 500)" }, one, plain)
        #expect(ticks.count == 1 && ticks[0].times[39] == 1.95)
        #expect(ticks[0].segment.notes.contains { $0.contains("time in 100us") && !$0.isDoubt })
        #expect(
            try doubts(log("t_ms", preamble: preamble) { "\($0 * 20)" })
                == ["rows come at 50 Hz by their times, and a line before the header names 20 Hz"])
        #expect(try doubts(log("t_ms", preamble: preamble) { "\($0 * 50)" }) == [])
    }

    @Test func ratesOfFiltersAreNone() {
        #expect(ratesNamed(in: ["Low-pass filter at 5 Hz", "Range 20 Hz", "rate of heart", "at 1.5 kHz"]) == [1500])
    }

    @Test func aRateBelowTheModelsIsInDoubt() throws {
        let slow = log("timestamp") { "\($0 * 100)" }
        #expect(
            try doubts(slow) == [
                "column \"timestamp\" taken as time in ms: rows are 100 ms apart, which is 10 Hz, below the model's 20 Hz: is it "
                    + "another unit? --time-unit ms says that it is this one"
            ])
        #expect(try doubts(slow, options { $0.timeUnit = .milliseconds }) == [])
        #expect(try doubts(log("time_ms") { "\($0 * 100)" }) == [])
    }

    @Test func unitsInNames() throws {
        #expect(try read(log("time (100us)") { "\($0 * 500)" }, one, plain)[0].times[39] == 1.95)
        #expect(try read(log("time_cs") { "\($0 * 5)" }, one, plain)[0].times[39] == 1.95)
        for name in ["time (10us)", "t [ticks]", "time (1/1024 s)"] {
            let error = refusal(log(name) { "\($0 * 50)" }, one, plain)
            #expect(error?.message.contains("by its name, which is none that is known") == true)
            #expect(error?.hint?.hasPrefix("--log-rate HZ") == true)
        }
        #expect(try read(log("time [UTC]") { "\($0 * 50)" }, one, plain)[0].times[39] == 1.95)
    }

    @Test func theLikeliestUnitIsOfferedFirst() {
        let error = refusal(log("timestamp") { "\(Double($0) / 1200)" }, one, plain)
        #expect(error?.hint?.contains("; --time-unit min for 20 Hz, --time-unit s for 1200 Hz") == true)
    }

    @Test func rowsInBursts() throws {
        let packets = log("timestamp") { "\(1_710_403_200_000_000 + $0 / 8 * 400_000 + $0 % 8 * 300)" }
        #expect(try doubts(packets).contains { $0.hasPrefix("rows come in bursts, most 0.3 ms apart") })
        #expect(try doubts(log("timestamp") { "\(1_710_403_200_000_000 + $0 * 300)" }) == [])
    }

    @Test func everyRowASegmentOfItsOwn() throws {
        let log = try SensorLog(
            sources: [source(log("t_s") { "\($0)" })], input: one, options: byTimes { $0.timeUnit = .seconds })
        #expect(try read(log).count == 40)
        #expect(log.closingNotes.contains { $0.isDoubt && $0.contains("40 rows have 39 gaps between them") })
    }
}
