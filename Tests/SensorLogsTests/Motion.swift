import Foundation

@testable import SensorLogs

/// What a watch that turns slowly and shakes measures: m/s^2 and rad/s, `count` rows at 20 Hz.
func motion(_ count: Int = 300, gravity: Double = 9.80665, turn: Double = 0.8) -> [[Double]] {
    var random = Seeded(state: 5)
    return (0..<count).map { i in
        let time = Double(i) * 0.05
        let (angle, rate) = (turn * sin(1.3 * time), turn * 1.3 * cos(1.3 * time))
        func noise(_ size: Double) -> Double { Double.random(in: -size...size, using: &random) }
        let shake = noise(0.6)
        return [
            shake + noise(0.1), -gravity * cos(angle) + shake, gravity * sin(angle) + noise(0.2), rate + noise(0.1),
            noise(0.1), noise(0.1),
        ]
    }
}

/// All doubts about a log of such rows, in order.
func doubts(
    _ rows: [[Double]], _ input: LogInput = watch, _ options: ReadingOptions = ReadingOptions(), times: Bool = true
) throws -> [String] {
    let header = "accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z\n"
    let text =
        (times ? "t_ms," : "") + header
        + rows.enumerated().map { i, row in
            ((times ? ["\(i * 50)"] : []) + row.map { "\($0)" }).joined(separator: ",") + "\n"
        }.joined()
    let log = try SensorLog(sources: [source(text)], input: input, options: options)
    let wholes = try read(log)
    return (wholes.flatMap(\.segment.notes) + log.closingNotes).filter(\.isDoubt).map(\.text)
}

/// The watch, with what its model's data felt: gravity along one axis always, along the others by turns.
var profiled: LogInput {
    var input = watch
    input.profile = DataProfile(
        metadata: """
            data.magnitude.accel: 3.6 9.4 9.94 12 28
            data.channel.accel_x: -13 -5.4 -0.5 3 19.6
            data.channel.accel_y: -19 -8 -4.6 -0.9 13
            """)
    return input
}
