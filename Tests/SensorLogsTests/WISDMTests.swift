import Foundation
import Testing

@testable import SensorLogs

@Suite struct WISDMTests {
    private let accel = model(["accel_x", "accel_y", "accel_z"])

    /// Lines `subject,activity,ms,x,x+1,x+2;`.
    private func lines(_ rows: [(subject: Int, activity: String, ms: Int, x: Int)]) -> String {
        rows.map { "\($0.subject),\($0.activity),\($0.ms)000000,\($0.x),\($0.x + 1),\($0.x + 2);\n" }.joined()
    }

    private func open(
        _ accel: String, _ gyro: String, _ input: LogInput = watch, _ options: ReadingOptions = ReadingOptions()
    ) throws -> SensorLog {
        try SensorLog(
            sources: [
                source(gyro, name: "gyro/data_1_gyro_watch.txt"), source(accel, name: "accel/data_1_accel_watch.txt"),
            ],
            input: input, options: options)
    }

    @Test func aPairIsJoined() throws {
        let a = lines([(7, "A", 100, 1), (7, "A", 150, 4), (7, "A", 200, 7), (7, "B", 50, 1)])
        let g = lines([(7, "A", 100, -1), (7, "A", 150, -4), (7, "A", 200, -7), (7, "B", 50, 2)])
        let log = try open(a, g)
        let wholes = try read(log)
        #expect(
            wholes.map(\.frames) == [
                [
                    1000, 2000, 3000, -1000, 0, 1000, 4000, 5000, 6000, -4000, -3000, -2000, 7000, 8000, 9000, -7000,
                    -6000, -5000,
                ],
                [1000, 2000, 3000, 2000, 3000, 4000],
            ])
        #expect(wholes[0].times == [0.1, 0.15, 0.2] && wholes[1].times == [0.05])
        #expect(wholes.map(\.labels) == [["walking", "walking", "walking"], ["jogging"]])
        #expect(
            wholes.map(\.segment.session) == ["subject 7, activity walking (A)", "subject 7, activity jogging (B)"])
        #expect(wholes[0].segment.file == "accel/data_1_accel_watch.txt + gyro/data_1_gyro_watch.txt")
        #expect(wholes[1].segment.firstLine == 4 && wholes[0].segment.notes == ["WISDM raw text"])
        #expect(log.repairs == Repairs() && log.closingNotes.isEmpty)
    }

    @Test func channelsInAnyOrderAndMapped() throws {
        let a = lines([(7, "A", 100, 1)])
        let g = lines([(7, "A", 100, 10)])
        var input = model(["gyro_z", "accel_y", "up"])
        input.channels[2].unit = "m/s²"
        #expect(
            try read(open(a, g, input, options { $0.columns = ["up": "accel_z"] }))[0].frames == [12000, 2000, 3000])
        // One sensor only: the other file, if named, is not read.
        #expect(try read(open("not read", g, model(["gyro_x"])))[0].frames == [10000])
        #expect(try read(open(a, g + "not read", accel))[0].frames == [1000, 2000, 3000])
        let only = try SensorLog(sources: [source(a, name: "anything.txt")], input: accel)
        #expect(try read(only)[0].frames == [1000, 2000, 3000])
    }

    @Test func repairsAreCountedAndStated() throws {
        // 150 stands twice, 100 comes late, 250 has no partner; gyroscope: 300 has none.
        let a = lines([(7, "A", 150, 1), (7, "A", 150, 9), (7, "A", 100, 0), (7, "A", 200, 2), (7, "A", 250, 3)])
        let g = lines([(7, "A", 100, 0), (7, "A", 150, 1), (7, "A", 200, 2), (7, "A", 300, 4)])
        let log = try open(a, g, model(["accel_x", "gyro_x"]))
        let wholes = try read(log)
        #expect(wholes.map(\.frames) == [[0, 0, 1000, 1000, 2000, 2000]] && wholes[0].times == [0.1, 0.15, 0.2])
        var repairs = Repairs()
        repairs.unmatchedRowCount = 2
        repairs.duplicateRowCount = 1
        repairs.unorderedRowCount = 1
        #expect(log.repairs == repairs)
        #expect(
            wholes[0].segment.notes == [
                "WISDM raw text", "1 row out of order, sorted by time, from line 3",
                "dropped 1 row with a time already there, from line 3",
                "left out, without a partner at the same time: 1 of 4 accelerometer rows, 1 of 4 gyroscope rows",
            ])
    }

    @Test func sectionsMayBeMissingOrElsewhere() throws {
        let a = lines([(7, "A", 100, 1), (7, "B", 100, 2), (7, "C", 100, 3), (7, "A", 500, 4)])
        let g = lines([(7, "C", 100, 3), (7, "D", 100, 9), (7, "A", 100, 1), (7, "A", 500, 4)])
        let log = try open(a, g, model(["accel_x", "gyro_x"]))
        let wholes = try read(log)
        // The gyroscope's two A rows are one section, so the accelerometer's second A section finds none.
        #expect(wholes.map(\.frames) == [[1000, 1000], [3000, 3000]])
        #expect(
            wholes[1].segment.notes == [
                "the gyroscope has no section of subject 7, activity jogging (B): 1 row left out",
                "the gyroscope has no section of subject 7, activity walking (A): 1 row left out",
                "the accelerometer has no section of subject 7, activity sitting: 1 row left out",
            ])
        #expect(log.repairs.unmatchedRowCount == 4 && log.closingNotes.isEmpty)
    }

    @Test(arguments: [
        ("x600,A,1,1,2,3;", "column 1 (subject): found \"x600\", expected a subject's number"),
        ("1600,N,1,1,2,3;", "column 2 (activity): found \"N\", expected an activity letter, A to S without N"),
        ("1600,AB,1,1,2,3;", "column 2 (activity): found \"AB\", expected an activity letter, A to S without N"),
        ("1600,A,1.5,1,2,3;", "column 3 (timestamp): found \"1.5\", expected an integer time in ns"),
        (
            "1600,A,99999999999999999999,1,2,3;",
            "column 3 (timestamp): found \"99999999999999999999\", expected an integer time in ns"
        ),
        ("1600,A,1,,2,3;", "column 4 (x): found nothing, expected a number"),
        ("1600,A,1,1,nan,3;", "column 5 (y): found \"nan\", expected a number"),
        ("1600,A,1,1,2;", "column 5 (y): found \"2;\", expected a number"),
        ("1600,A,1,1,2,3", "column 6 (z): found \"3\", expected a number and a semicolon"),
        ("1600,A,1,1,2,3,4;", "column 6 (z): found \"3\", expected a number and a semicolon"),
        ("1600,A,1,1,2,3;4", "column 7: found \"4\" after the semicolon, expected the end of the line"),
        ("1600", "column 1 (subject): found \"1600\", expected a subject's number"),
    ]) func badLines(_ line: String, _ description: String) throws {
        let good = lines([(1600, "A", 100, 1)])
        let error = refusal([source(good + line + "\n", name: "accel.txt")], accel)
        #expect(error?.description == "accel.txt:2: " + description)
        let log = try SensorLog(
            sources: [source(good + line + "\n" + good, name: "accel.txt")], input: accel,
            options: options { $0.badRows = .skip })
        #expect(try read(log)[0].frames == [1000, 2000, 3000])
        #expect(log.repairs.unreadableRowCount == 1 && log.repairs.duplicateRowCount == 1)
    }

    @Test func whatDoesNotGoTogether() {
        let line = lines([(1, "A", 100, 1)])
        #expect(
            refusal([source(line, name: "accel/1_accel.txt")], watch)?.description == """
                accel/1_accel.txt: the model also takes the gyroscope, whose log is not given and not found
                  hint: it was looked for at gyro/1_gyro.txt
                """)
        #expect(refusal([source(line, name: "standard input")], watch)?.hint == "name both files, accelerometer first")
        #expect(
            refusal([source(line)], model(["heart_rate"]))?.message.contains("no channel heart_rate; it has accel_x")
                == true)
        var turning = accel
        turning.channels[0].unit = "rad/s"
        #expect(
            refusal([source(line)], turning)?.message
                == "accel_x is in \"m/s^2\", which cannot be converted to the model's \"rad/s\"")
        #expect(refusal([source("a,b\n1,2\n")], accel, options { $0.format = .wisdm })?.line == 1)
        #expect(refusal([source(line)], accel, options { $0.format = .csv })?.kind == .header)
    }

    @Test func theTwinIsFoundAndStated() throws {
        #expect(
            WISDMTwin.candidates(for: "/accel/x/accel/data_1_accel_watch.txt") == [
                "/accel/x/gyro/data_1_gyro_watch.txt", "/accel/x/accel/data_1_gyro_watch.txt",
            ])
        #expect(
            WISDMTwin.candidates(for: "gyro.txt") == ["accel.txt"] && WISDMTwin.candidates(for: "x/log.txt").isEmpty)
        #expect(WISDMTwin.sensor(of: "gyro/1.txt") == 1 && WISDMTwin.sensor(of: "accel/gyro_accel") == 0)

        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("snnrt-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for sensor in ["accel", "gyro"] {
            let place = folder.appendingPathComponent(sensor)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try lines([(1, "A", 100, sensor == "accel" ? 1 : 5)])
                .write(
                    to: place.appendingPathComponent("data_1_\(sensor)_watch.txt"), atomically: true, encoding: .utf8)
        }
        let (a, g) = (folder.path + "/accel/data_1_accel_watch.txt", folder.path + "/gyro/data_1_gyro_watch.txt")
        for paths in [[a], [g], [a, g], [g, a]] {
            var last: (Int, Int?) = (0, 0)
            let wholes = try read(SensorLog(paths: paths, input: watch) { last = ($0, $1) })
            #expect(wholes.map(\.frames) == [[1000, 2000, 3000, 5000, 6000, 7000]])
            let found = wholes[0].segment.notes.filter { $0.contains(" found at \(paths[0] == a ? g : a)") }
            #expect(found.count == (paths.count == 1 ? 1 : 0))
            #expect(last.0 == last.1)
        }
        let unnamed = try SensorLog(
            sources: [source(lines([(1, "A", 100, 1)]), name: "one"), source(lines([(1, "A", 100, 5)]), name: "two")],
            input: watch)
        let wholes = try read(unnamed)
        #expect(wholes[0].frames == [1000, 2000, 3000, 5000, 6000, 7000])
        #expect(
            wholes[0].segment.notes.contains(
                "names do not tell the sensors: one taken as accelerometer, two as gyroscope"))
    }
}
