import Foundation
import SNNSampling
import Testing

@testable import SensorLogs

/// Logs of a watch that turns slowly and shakes, in whatever units, and what is said of them.
@Suite struct PlausibilityTests {
    private func scaled(_ accel: Double, _ gyro: Double, whole: Bool = false) -> [[Double]] {
        motion().map { row in
            row.enumerated().map { i, value in
                let value = value * (i < 3 ? accel : gyro)
                return whole ? value.rounded() : value
            }
        }
    }

    @Test func rightUnitsGiveNoDoubt() throws {
        #expect(try doubts(motion()) == [])
        #expect(try doubts(motion(40, turn: 2)) == [])
        #expect(try doubts(motion(), watch, atModelRate, times: false) == [])
    }

    @Test(
        arguments: [
            (1 / 9.80665, false, "it looks like g; --unit accel=g"),
            (1000 / 9.80665, true, "it looks like mg, or like counts of 1/1024 g; --unit accel=mg"),
            (1e6 / 9.80665, false, "it looks like ug; --unit accel=ug"),
            (1000, true, "it looks like mm/s^2; --unit accel=mm/s^2"),
            (64 / 9.80665, true, "it looks like counts of 1/64 g; --scale accel=1/64 --unit accel=g"),
            (256 / 9.80665, true, "it looks like counts of 1/256 g; --scale accel=1/256 --unit accel=g"),
            (4096 / 9.80665, true, "it looks like counts of 1/4096 g; --scale accel=1/4096 --unit accel=g"),
            (16384 / 9.80665, true, "it looks like counts of 1/16384 g; --scale accel=1/16384 --unit accel=g"),
            (
                37 / 9.80665, false,
                "that is gravity in no unit that is known; --unit and --scale say what the values are"
            ),
        ] as [(Double, Bool, String)]) func accelerationInAnotherUnit(_ factor: Double, _ whole: Bool, _ end: String)
        throws
    {
        let said = try doubts(
            motion().map { row in
                row.enumerated().map { i, value in i >= 3 ? value : whole ? (value * factor).rounded() : value * factor
                }
            })
        #expect(
            said.count == 1 && said[0].hasPrefix("accel: the median of |a| is ") && said[0].hasSuffix(end), "\(said)")
        #expect(said.first?.contains(" m/s^2 where gravity has 9.807: ") == true)
    }

    @Test(
        arguments: [
            (180 / .pi, false, "it looks like deg/s; --unit gyro=deg/s"),
            (180_000 / .pi, true, "it looks like mdeg/s; --unit gyro=mdeg/s"),
            (
                16.4 * 180 / .pi, true,
                "it looks like counts; the sensor's data sheet has how many of them are 1 deg/s, which --scale and --unit say"
            ),
        ] as [(Double, Bool, String)]) func rotationInAnotherUnit(_ factor: Double, _ whole: Bool, _ end: String) throws
    {
        for turn in [0.8, 0.05] {
            let rows = motion(turn: turn).map { row in
                row.enumerated().map { i, value in i < 3 ? value : whole ? (value * factor).rounded() : value * factor }
            }
            let said = try doubts(rows)
            #expect(said == ["gyro: turns far faster than the direction of gravity changes: \(end)"], "\(turn)")
        }
    }

    @Test func bothInOtherUnits() throws {
        let said = try doubts(scaled(1 / 9.80665, 180 / .pi))
        #expect(
            said.count == 2 && said[0].hasSuffix("--unit accel=g") && said[1].hasSuffix("--unit gyro=deg/s"), "\(said)")
        // Followed, the hints leave nothing to say.
        let followed = options { $0.units = ["accel": "g", "gyro": "deg/s"] }
        #expect(try doubts(scaled(1 / 9.80665, 180 / .pi), watch, followed) == [])
        // Stated wrongly, they turn round.
        let wrong = try doubts(motion(), watch, followed)
        #expect(wrong.count == 2 && wrong[0].hasSuffix("like m/s^2; --unit accel=m/s^2"), "\(wrong)")
        #expect(wrong.last?.hasSuffix("it looks like rad/s; --unit gyro=rad/s") == true, "\(wrong)")
    }

    @Test func withoutAnAccelerometerTheRatesThatALimbReachesAreTheMeasure() throws {
        let input = model(["gyro_x", "gyro_y", "gyro_z"])
        func said(_ size: Double) throws -> [Note] {
            let rows = (0..<200).map {
                "\($0 * 50),\(size * sin(Double($0))),\(size * 0.1 * cos(Double($0))),\(Double($0 % 3))\n"
            }
            .joined()
            let log = try SensorLog(sources: [source("t_ms,gyro_x,gyro_y,gyro_z\n" + rows)], input: input)
            return try read(log)[0].segment.notes.filter(\.isDoubt)
        }
        #expect(try said(20) == [])
        #expect(try said(400).first?.text.hasSuffix("it looks like deg/s; --unit gyro=deg/s") == true)
    }

    @Test func accelerationWithoutGravity() throws {
        var random = Seeded(state: 9)
        func noise() -> Double { Double.random(in: -1.5...1.5, using: &random) }
        let rows = motion().map { [noise(), noise(), noise()] + $0[3...] }
        let said = try doubts(rows)
        #expect(said.count == 1 && said[0].hasSuffix("acceleration without gravity, which the model needs"), "\(said)")
        // Where it may be in g as well, nothing is advised that would be wrong to follow.
        let either = try doubts(rows.map { [$0[0] + 0.25] + $0[1...] })
        #expect(either.count == 1 && either[0].hasSuffix("which the model needs, or like g"), "\(either)")
        var input = model(["user_x", "user_y", "user_z"])
        let log =
            "t_ms,user_x,user_y,user_z\n" + rows.enumerated().map { "\($0 * 50),\($1[0]),\($1[1]),\($1[2])\n" }.joined()
        #expect(try read(SensorLog(sources: [source(log)], input: input))[0].segment.notes.allSatisfy { !$0.isDoubt })
        input.profile = DataProfile(metadata: "data.magnitude.user: 0.1 0.5 1 2 6\n")
        #expect(try read(SensorLog(sources: [source(log)], input: input))[0].segment.notes.allSatisfy { !$0.isDoubt })
    }

    @Test(arguments: [6, 0.6]) func deviationsAreNoAcceleration(_ size: Double) throws {
        let deviations = motion().enumerated().map { i, row in
            let size = size * (1 + 0.7 * sin(0.05 * Double(i)))
            return [size, size * (1 + 0.1 * row[5]), 0.8 * size] + row[3...]
        }
        let said = try doubts(deviations)
        #expect(
            said.contains { $0.contains("no axis is ever negative: are they deviations or magnitudes") }
                && !said.contains { $0.contains("--unit accel") }, "\(said)")
        // A sensor that lies still, or turns a little, may well have no axis below 0.
        #expect(try doubts(motion(turn: 0.3).map { [$0[0] + 6, -$0[1], $0[2] + 6] + $0[3...] }) == [])
    }

    @Test func countsWithAnOffsetAreNoCountsOfG() throws {
        let rows = motion().map { row in row[..<3].map { ($0 * 100 + 32_768).rounded() } + row[3...] }
        let said = try doubts(rows)
        #expect(said.first?.contains("that is gravity in no unit that is known") == true, "\(said)")
    }

    @Test func aDeadSensorIsNoticedOnceItIsKnownToBeDead() throws {
        let rows = motion().map { Array($0[..<3]) + [0, 0, 0] }
        #expect(
            try doubts(rows) == [
                "gyro_x, gyro_y, gyro_z: 0 in every one of 300 rows: is the sensor dead, or the column another's?"
            ])
        #expect(try doubts(Array(rows[..<90])) == [])
    }

    @Test func theModelsDataGoesBeforeWhatIsUsual() throws {
        let said = try doubts(scaled(1 / 9.80665, 1), profiled)
        #expect(said.count == 1 && said[0].contains("where the model's data had 9.94: it looks like g; --unit accel=g"))
    }

    @Test func aChannelByItselfIsHeldToItsData() throws {
        var input = LogInput(
            channels: [.init(name: "skin", unit: "degC", scale: ChannelScale(numerator: 1, denominator: 100))],
            rate: TickRate(numerator: 20, denominator: 1))
        input.profile = DataProfile(metadata: "data.channel.skin: 28 31 32 33 36\n")
        func said(_ value: Double) throws -> [String] {
            let rows = (0..<50).map { "\($0 * 50),\(value + Double($0 % 3) * 0.1)\n" }.joined()
            return try read(SensorLog(sources: [source("t_ms,skin\n" + rows)], input: input))[0].segment.notes
                .filter(\.isDoubt).map(\.text)
        }
        #expect(try said(33) == [])
        #expect(try said(305).first?.hasSuffix("it looks like K; --unit skin=K") == true)
        #expect(try said(90).first?.hasSuffix("it looks like degF; --unit skin=degF") == true)
        #expect(try said(3000).first?.hasSuffix("is it in degC?") == true)
    }

    @Test func metadata() {
        let text = """
            description: anything
            data.channel.a: 1 2 3 4 5
            data.channel.b: 5 4 3 2 1
            data.channel.c: 1 2 3 4
            data.magnitude.accel: 0 1 2.5 3 1e1
            data.magnitude.gyro: -1 1 2 3 4
            data.other: x
            gap.bridge: 0.5
            """
        let profile = DataProfile(metadata: text)
        #expect(profile.channels["a"]?.median == 3 && profile.channels.count == 1)
        #expect(profile.magnitudes["accel"]?.high == 10 && profile.magnitudes.count == 1)
        #expect(profile.longestBridgedGap == 0.5)
        #expect(
            profile.notes
                == ["data.channel.b", "data.channel.c", "data.magnitude.gyro"].map {
                    Note("the model's metadata has a \($0) that cannot be read: it is passed over")
                })
        #expect(DataProfile(metadata: profile.lines.joined(separator: "\n")).channels == profile.channels)
        for wrong in ["nan", "-1", "inf", "1 2", "", "3601"] {
            let read = DataProfile(metadata: "gap.bridge: \(wrong)\n")
            #expect(read.longestBridgedGap == 0 && read.notes.count == 1, "\(wrong)")
        }
        #expect(Percentiles(of: (0...100).map(Double.init).reversed())?.text == "1 25 50 75 99")
        #expect(Percentiles(of: []) == nil && Percentiles(of: [.nan]) == nil)
    }

    @Test func aSampleIsSpreadOverTheWholeLog() {
        var sample = RowSample(channels: Array(0..<200))
        for i in 0..<10_000 { sample.add([Double](repeating: Double(i), count: 200)) }
        let picked = sample.column(7)
        let step = picked[1] - picked[0]
        #expect(picked.count > 15 && picked.count <= 32 && picked.last! > 10_000 - 2 * step)
        #expect(picked == picked.indices.map { Double($0) * step } && sample.rowCount == 10_000)
        #expect(sample.constant.isEmpty)
    }
}
