import Testing

@testable import SNNSampling
@testable import SensorLogs

@Suite struct SamplingTests {
    @Test func samplesRoundHalfToEvenAndSaturate() {
        let half = ChannelScale(numerator: 2, denominator: 1)  // one count is 2 units
        for (value, sample) in [
            (0.0, 0), (-0.0, 0), (1, 0), (3, 2), (5, 2), (-1, 0), (-3, -2), (-5, -2), (3.0000001, 2), (1.0000001, 1),
            (65534, 32767), (65533, 32766), (65531, 32766), (65535, 32767), (65536, 32767), (1e300, 32767),
            (.infinity, 32767), (-65535, -32768), (-65536, -32768), (-65537, -32768), (-65533, -32766),
            (-65534.99, -32767), (-1e300, -32768), (-.infinity, -32768), (.nan, 0),
        ] as [(Double, Int16)] {
            #expect(half.sample(value) == sample, "\(value)")
        }
    }

    @Test func theProductComesFirst() {
        // 0.1 · 3 / 10 and 0.1 · (3 / 10) differ in the last place; so may their samples at a tie.
        let seed: UInt64 = 1
        var random = Seeded(state: seed)
        for _ in 0..<100_000 {
            let numerator = UInt32.random(in: 1...1000, using: &random)
            let denominator = UInt32.random(in: 1...1_000_000, using: &random)
            let value = Double.random(in: -50...50, using: &random)
            let exact = (value * Double(denominator) / Double(numerator)).rounded(.toNearestOrEven)
            let expected = Int16(max(-32768, min(32767, exact)))
            let scale = ChannelScale(numerator: numerator, denominator: denominator)
            #expect(scale.sample(value) == expected, "seed \(seed): \(value) \(numerator)/\(denominator)")
        }
    }

    @Test func tenPerCentOfThePeriod() {
        let rate = TickRate(numerator: 4, denominator: 1)  // 0.25 s: 0.225 … 0.275 s
        #expect(rate.takesRowsAsTicks(interval: 0.25))
        #expect(rate.takesRowsAsTicks(interval: 0.2250001) && rate.takesRowsAsTicks(interval: 0.2749999))
        #expect(!rate.takesRowsAsTicks(interval: 0.2249999) && !rate.takesRowsAsTicks(interval: 0.2750001))
        #expect(rate.longestStep == 1)
        #expect(TickRate(numerator: 20, denominator: 1).longestStep == 0.25)
    }

    /// "From sensor values to samples" (docs/format.md) read aloud, slowly: for each tick all rows are searched.
    private func literal(_ times: [Double], _ values: [Double], _ rate: TickRate) -> [(time: Double, value: Double)] {
        var differences: [Double] = []
        for i in 1..<times.count { differences.append(times[i] - times[i - 1]) }
        differences.sort()
        let interval = differences[(differences.count - 1) / 2]
        let period = Double(rate.denominator) / Double(rate.numerator)
        if abs(interval - period) <= 0.1 * period { return Array(zip(times, values)).map { ($0, $1) } }
        var ticks: [(time: Double, value: Double)] = []
        var k = 0
        while true {
            let time = times[0] + Double(k) * Double(rate.denominator) / Double(rate.numerator)
            if time > times.last! { return ticks }
            if let a = times.indices.dropLast().first(where: { times[$0] <= time && time < times[$0 + 1] }) {
                let fraction = (time - times[a]) / (times[a + 1] - times[a])
                ticks.append((time, values[a] + (values[a + 1] - values[a]) * fraction))
            } else {
                ticks.append((time, values.last!))
            }
            k += 1
        }
    }

    @Test func resamplingIsWhatSection15Says() throws {
        let seed: UInt64 = 20
        var random = Seeded(state: seed)
        var resampled = 0
        for round in 0..<200 {
            let rate = TickRate(
                numerator: UInt32.random(in: 1...3000, using: &random),
                denominator: UInt32.random(in: 1...100, using: &random))
            let step = rate.period * Double.random(in: 0.05...3, using: &random)
            var time = Double.random(in: 0...2e9, using: &random).rounded()
            var (times, values, labels) = ([Double](), [Double](), [String]())
            for i in 0..<Int.random(in: 2...300, using: &random) {
                if i > 0 { time += min(step * Double.random(in: 0.5...1.33, using: &random), 0.99 * rate.longestStep) }
                times.append(time)
                values.append(Double.random(in: -40...40, using: &random))
                labels.append("l\(i / 7)")
            }
            let text = zip(zip(times, values), labels).map { "\($0.0),\($0.1),\($1)" }.joined(separator: "\n")
            let wholes = try read(
                "t_s,a,label\n" + text, model(["a"], rate: rate),
                options { $0.batchTickCount = Int.random(in: 1...100, using: &random) })
            let expected = literal(times, values, rate)
            let place: Comment = "seed \(seed), round \(round)"
            try #require(wholes.count == 1, place)
            #expect(wholes[0].times == expected.map(\.time), place)
            let scale = ChannelScale(numerator: 1, denominator: 1000)
            #expect(wholes[0].frames == expected.map { scale.sample($0.value) }, place)
            let before = expected.map { tick in labels[times.lastIndex { $0 <= tick.time }!] }
            #expect(wholes[0].labels == before, place)
            if wholes[0].segment.isResampled { resampled += 1 }
        }
        #expect(resampled > 50 && resampled < 195)
    }

    @Test func theLowerOfTwoMiddleDifferencesIsTheInterval() throws {
        // Differences 0.05 and 0.06: the lower, 0.05, is the period.
        let even = try read("t_s,a\n0,1\n0.05,2\n0.11,3")
        #expect(!even[0].segment.isResampled && even[0].times == [0, 0.05, 0.11])
        // Differences 0.06, 0.06, 0.05.
        let odd = try read("t_s,a\n0,1\n0.06,2\n0.12,3\n0.17,4")
        #expect(odd[0].segment.isResampled)
        #expect(odd[0].frames == [1000, 1833, 2667, 3600])
        #expect(odd[0].segment.notes.contains("resampled 16.67 Hz -> 20 Hz"))
    }

    @Test func aTickOnTheLastRowTakesItsValue() throws {
        let wholes = try read(
            "t_s,a\n0,0\n0.125,10\n0.25,3", model(["a"], rate: TickRate(numerator: 4, denominator: 1)))
        #expect(wholes[0].frames == [0, 3000] && wholes[0].times == [0, 0.25])
    }

    @Test func gapsBeginSegments() throws {
        // 0.25 s is no gap, more is.
        let wholes = try read(
            "t_s,a,label\n0,1,x\n0.0625,2,x\n0.125,3,y\n0.375,4,\n0.626,5,z\n0.6875,6,z",
            model(["a"], rate: TickRate(numerator: 16, denominator: 1)))
        #expect(wholes.map(\.frames) == [[1000, 2000, 3000, 4000], [5000, 6000]])
        #expect(wholes[0].labels == ["x", "x", "y", nil])
        #expect(wholes[1].segment.notes == ["gap of 0.251 s before line 6: restart"])
        #expect(wholes[1].segment.startTime == 0.626)
        #expect(wholes.map(\.segment.firstLine) == [2, 6] && wholes.map(\.segment.lastLine) == [5, 7])
        // The interval is taken per segment.
        let two = try read("t_s,a\n0,0\n0.05,1\n0.1,2\n5,0\n5.1,1\n5.2,2")
        #expect(two.map(\.segment.isResampled) == [false, true])
        #expect(two[1].frames == [0, 500, 1000, 1500, 2000])
    }

    /// A row that is dropped from a log without times leaves the others where they were.
    @Test func droppedRowsKeepTheirPlace() throws {
        let skip = options {
            $0.badRows = .skip
            $0.logRate = 10
        }
        let text = "a\n0\nx\n#\n2\n3\n"
        let bridged = try read(text, model(["a"]), skip)
        #expect(bridged[0].frames == [0, 500, 1000, 1500, 2000, 2500, 3000])
        #expect(bridged[0].times == (0...6).map { Double($0) / 20 })
        let values: [Float] = [.nan, 1, .nan, 3, 4, .nan]
        let array = npy("<f4", [2, 3, 1], values.flatMap { little($0.bitPattern) })
        let windows = try read(SensorLog(sources: [source(array)], input: model(["a"]), options: skip))
        #expect(windows.map(\.frames) == [[1000], [3000, 3500, 4000]])
        #expect(windows.map(\.segment.startTime) == [0.1, 0])
        // Rows that are ticks as they stand: one is absent.
        let ticks = try read(text, model(["a"]), options { $0.badRows = .skip })
        #expect(ticks[0].frames == [0, 2000, 3000] && ticks[0].times == [0, 0.1, 0.15])
    }

    @Test func clampedSamplesAreCounted() throws {
        // Half to even: 32767.5 becomes 32768, −32768.5 becomes −32768.
        let text = "a,b\n32.7674,-32.7685\n32.7675,-32.7686\n40,-40\n0,0\n"
        let log = try SensorLog(sources: [source(text)], input: model(["a", "b"]), options: atModelRate)
        #expect(try log.next()?.clampedCounts == [2, 2])
    }

    @Test func aSingleRowIsOneTick() throws {
        let wholes = try read("t_s,a\n7,0.0015")
        #expect(wholes.count == 1 && wholes[0].frames == [2] && wholes[0].times == [7])
        #expect(wholes[0].segment.interval == nil)
    }
}
