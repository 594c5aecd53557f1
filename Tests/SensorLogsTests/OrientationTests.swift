import Foundation
import Testing

@testable import SensorLogs

/// Logs of a watch that is worn the other way round, of one that counts gravity the other way, and of several watches by turns.
@Suite struct OrientationTests {
    /// A watch that feels gravity along all three axes, multiplied by `signs`.
    private func tilted(_ signs: [Double]) -> [[Double]] {
        motion(turn: 0.3).map { row in
            zip([row[0] - 5, row[1] * 0.7, row[2] + 5] + row[3...], signs).map { $0 * $1 }
        }
    }

    private var clear: LogInput {
        var input = watch
        input.profile = DataProfile(
            metadata: """
                data.magnitude.accel: 3.6 9.4 9.94 12 28
                data.channel.accel_x: -13 -7 -5 -3 9
                data.channel.accel_y: -19 -8 -6.5 -2 13
                data.channel.accel_z: -9 3 5 7 13
                """)
        return input
    }

    @Test(
        arguments: [
            ([1, -1, -1, 1, -1, -1], "x", ["accel_y", "accel_z", "gyro_y", "gyro_z"]),
            ([-1, 1, -1, -1, 1, -1], "y", ["accel_x", "accel_z", "gyro_x", "gyro_z"]),
            ([-1, -1, 1, -1, -1, 1], "z", ["accel_x", "accel_y", "gyro_x", "gyro_y"]),
        ] as [([Double], String, [String])])
    func aTurnIsOfBothSensors(_ signs: [Double], _ letter: String, _ turned: [String]) throws {
        let said = try doubts(tilted(signs), clear)
        let advice = turned.map { "--scale \($0)=-1" }.joined(separator: " ")
        #expect(
            said.count == 1 && said[0].hasPrefix("\(turned[0]): the median is ")
                && said[0].hasSuffix(
                    ": is the device worn the other way round, turned by 180° about \(letter)? \(advice) turns both sensors back"
                ), "\(said)")
        let followed = byTimes {
            for name in turned { $0.scales[name] = ValueScale(numerator: -1, denominator: 1) }
        }
        #expect(try doubts(tilted(signs), clear, followed) == [])
        // A scale that is stated would be replaced: nothing is advised.
        let scaled = byTimes { $0.scales["accel"] = ValueScale(numerator: 2, denominator: 2) }
        #expect(try doubts(tilted(signs), clear, scaled).first?.hasSuffix("about \(letter)?") == true)
    }

    @Test func gravityCountedTheOtherWay() throws {
        let said = try doubts(tilted([-1, -1, -1, 1, 1, 1]), clear)
        #expect(
            said.count == 1
                && said[0].hasSuffix(
                    ": is gravity counted the other way on all axes of accel, as Apple does? --scale accel=-1 turns it"),
            "\(said)")
    }

    @Test func oneAxisAloneIsNoTurn() throws {
        #expect(try doubts(tilted([1, 1, 1, 1, 1, 1]), clear) == [])
        let said = try doubts(tilted([1, -1, 1, 1, 1, 1]), clear)
        #expect(
            said.count == 1
                && said[0].hasSuffix(": no turn of the device does this: are its axes named otherwise?"), "\(said)")
    }

    @Test func whereOneAxisTellsAndOthersDoNotNothingIsAdvised() throws {
        #expect(try doubts(motion(), profiled) == [])
        let said = try doubts(motion().map { [-$0[0], -$0[1], $0[2], -$0[3], -$0[4], $0[5]] }, profiled)
        #expect(
            said.count == 1 && said[0].hasPrefix("accel_y: the median is ")
                && said[0].hasSuffix(
                    ": is the device worn the other way round? Then two axes of both sensors have the other sign, y and z, or x "
                        + "and y; or is gravity counted the other way on all axes of accel, as Apple does?"),
            "\(said)")
        // Of x the model's data tells no direction.
        #expect(try doubts(motion().map { [$0[1], 0.1 * $0[0] - 0.8, 0.1 * $0[2]] + $0[3...] }, profiled) == [])
    }

    @Test func rowsOfSeveralDevicesByTurns() throws {
        let other = motion(turn: 0.4).map { [$0[2], $0[0], -$0[1]] + $0[3...] }
        let mixed = zip(motion(), other).flatMap { [$0, $1] }
        for input in [watch, profiled] {
            let said = try doubts(mixed, input)
            #expect(said.count == 1 && said[0].contains("neighbouring rows differ as if of two devices"), "\(said)")
        }
        let third = motion(turn: 0.5).map { [-$0[1], $0[2], $0[0]] + $0[3...] }
        let three = try doubts(zip(zip(motion(), other), third).flatMap { [$0.0, $0.1, $1] })
        #expect(three.count == 1 && three[0].contains("as if of three devices"), "\(three)")
        // So do rows that are alike at first.
        let said = try doubts(motion(200) + mixed)
        #expect(said.count == 1 && said[0].contains("neighbouring rows differ"), "\(said)")
    }

    @Test(arguments: [9.3, 9.8, 6.5, 4.9]) func aShakeNearTheHighestFrequencyIsOfOneDevice(_ frequency: Double) throws {
        let rows = motion(600).enumerated().map { i, row in
            let shake = 8 * sin(2 * .pi * frequency * 0.05 * Double(i))
            return [row[0], row[1] + shake] + row[2...]
        }
        #expect(try doubts(rows).filter { $0.contains("neighbouring") } == [])
    }
}
