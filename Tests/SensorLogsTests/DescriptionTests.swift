import Foundation
import Testing

@testable import SensorLogs

/// Layouts that are described: each one that comes with the library, and a user's own.
@Suite struct DescriptionTests {
    private let accel = model(["accel_x", "accel_y", "accel_z"])
    /// 1 g upwards, in m/s^2 and thousandths of it.
    private let up: [Int16] = [0, 0, 9807]

    private func notes(_ wholes: [Whole]) -> [String] { wholes[0].segment.notes.map(\.text) }

    @Test func everyDescriptionHasItsName() {
        for (file, description) in zip(LayoutDescription.files, LayoutDescription.all) {
            #expect(file.name == description.name && !description.about.isEmpty)
        }
        #expect(LogLayouts.names.hasPrefix("empatica-e4, actigraph"))
    }

    @Test func empatica() throws {
        let rows = "1700000000.00, 1700000000.00, 1700000000.00\n32.000000, 32.000000, 32.000000\n"
        let wholes = try read(rows + String(repeating: "0,0,64\n", count: 33), accel, ReadingOptions())
        #expect(wholes[0].frames == Array(repeating: up, count: 21).flatMap { $0 })
        #expect(wholes[0].times.first == 1_700_000_000 && wholes[0].times.last == 1_700_000_001)
        #expect(notes(wholes).contains("layout empatica-e4: CSV, separated by comma, no header"))
        // Its blood volume pulse has one column, and is none of the accelerometer's.
        #expect(refusal("1700000000.00\n64.0\n1.5\n2.5\n", accel, ReadingOptions()) != nil)
    }

    @Test func actigraph() throws {
        let preamble = """
            ------------ Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 Firmware v2.5.0 date format M/d/yyyy at 20 Hz  Filter Normal -----------
            Serial Number: NEO1
            Start Time 00:00:00

            """
        let rows = "Accelerometer X,Accelerometer Y,Accelerometer Z\n" + String(repeating: "0,0,1\n", count: 5)
        let wholes = try read(preamble + rows, accel, ReadingOptions())
        #expect(wholes[0].frames == Array(repeating: up, count: 5).flatMap { $0 } && wholes[0].times[1] == 0.05)
        // Without the preamble, its unit rests on the size of gravity, and nobody says the rate.
        #expect(refusal(rows, accel, ReadingOptions())?.message == "no column with times")
        #expect(try read(rows, accel, atModelRate)[0].frames.suffix(3) == up[...])
        let metres = rows.replacing("0,0,1\n", with: "0,0,9.807\n")
        #expect(try read(metres, accel, atModelRate)[0].frames.suffix(3) == up[...])
    }

    @Test func axivity() throws {
        let rows = (0..<5).map { "2014-05-07 16:29:28.\($0 * 5 + 10)0,0.0,0.0,1.0\n" }.joined()
        let wholes = try read(rows, accel, ReadingOptions())
        #expect(wholes[0].frames.suffix(3) == up[...] && wholes[0].times[0] == 1_399_480_168.1)
        let both = model(["accel_x", "accel_y", "accel_z", "gyro_z"])
        let six = (0..<5).map { "2014-05-07 16:29:28.\($0 * 5 + 10)0,0.0,0.0,1.0,0,0,180\n" }.joined()
        #expect(try read(six, both, ReadingOptions())[0].frames.suffix(4) == [0, 0, 9807, 3142])
        // Four numbers behind a date that do not have the size of gravity are anything.
        #expect(
            refusal(rows.replacing("1.0", with: "5.0"), accel, ReadingOptions())?.message.contains("no header") == true)
    }

    @Test func pamap2() throws {
        func row(_ i: Int, _ hand: String) -> String {
            "\(8.38 + 0.05 * Double(i)) 4 NaN 30 \(hand) \(hand) "
                + Array(repeating: "1", count: 44).joined(separator: " ") + "\n"
        }
        let text = row(0, "NaN NaN NaN") + (1..<4).map { row($0, "0 0 9.807") }.joined()
        let wholes = try read(text, accel, ReadingOptions())
        #expect(wholes[0].frames == up + up + up && wholes[0].labels == ["walking", "walking", "walking"])
        #expect(notes(wholes).contains("dropped 1 row without a value, as the layout marks it"))
    }

    @Test func hhar() throws {
        let head = "Index,Arrival_Time,Creation_Time,x,y,z,User,Model,Device,gt\n"
        func rows(_ user: String, _ label: String) -> String {
            (0..<12).map {
                "\($0),\(1_424_696_633_908 + $0 * 50),\(1_424_696_631_913_248_572 + $0 * 50_000_000),0,0,9.807,\(user),nexus4,nexus4_1,\(label)\n"
            }.joined()
        }
        let log = try SensorLog(
            sources: [source(head + rows("a", "stand") + rows("b", "null"), name: "Phones_accelerometer.csv")],
            input: accel)
        let wholes = try read(log)
        #expect(wholes.map(\.segment.session) == ["User a, Device nexus4_1", "User b, Device nexus4_1"])
        #expect(wholes.map(\.frames.count) == [36, 36] && wholes[0].labels[0] == "stand" && wholes[1].labels[0] == nil)
    }

    @Test func motionSense() throws {
        let head =
            ",gravity.x,gravity.y,gravity.z,rotationRate.x,userAcceleration.x,userAcceleration.y,userAcceleration.z\n"
        let rows = (0..<6).map { "\($0),0.25,0,0.5,1,-0.25,0,0.5\n" }.joined()
        let wholes = try read(head + rows, accel, ReadingOptions())
        // 50 Hz, resampled to 20.
        #expect(wholes[0].frames == up + up + up)
        #expect(notes(wholes).contains { $0.contains("Apple counts gravity with the sign opposite to Android's") })
    }

    @Test func appleSensorLog() throws {
        let names =
            "loggingTime(txt),accelerometerTimestamp_sinceReboot(s),accelerometerAccelerationX(G),accelerometerAccelerationY(G),accelerometerAccelerationZ(G),motionUserAccelerationX(G),label(N)\n"
        let rows = (0..<4).map { "2020-11-27T14:35:45.\($0 * 5 + 10)0+01:00,\(7.5 + 0.05 * Double($0)),0,0,1,0.5,0\n" }
            .joined()
        let wholes = try read(names + rows, accel, byTimes { $0.columns = ["time": "loggingTime(txt)"] })
        #expect(wholes[0].frames == up + up + up + up)
    }

    @Test func aUsersOwn() throws {
        let folder = try TemporaryFolder([
            "own.json": """
            {"name": "own", "about": "a logger", "channels": {"accel_x": "2", "accel_y": "3", "accel_z": "4"},
             "units": {"accel": "mg"}, "time": {"column": "tick", "unit": "ms"}, "label": {"column": "state", "names": {"1": "walk"}}}
            """,
            "bad.json": "{\"name\": 3}",
        ])
        let text = "tick,a,b,c,state\n0,0,0,1000,1\n50,0,0,1000,2\n"
        let wholes = try read(text, accel, byTimes { $0.layout = "\(folder.path)/own.json" })
        #expect(wholes[0].frames == up + up && wholes[0].labels == ["walk", "2"])
        let bad = refusal(text, accel, byTimes { $0.layout = "\(folder.path)/bad.json" })
        #expect(bad?.message.hasPrefix("is no description of a layout: name: ") == true)
        #expect(refusal(text, accel, byTimes { $0.layout = "empatica" })?.hint?.hasPrefix("known: empatica-e4") == true)
    }
}
