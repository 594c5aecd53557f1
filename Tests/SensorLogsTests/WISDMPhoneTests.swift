import Foundation
import Testing

@testable import SensorLogs

/// WISDM v1.1: names as labels, and the damage of the published file.
@Suite struct WISDMPhoneTests {
    private let accel = model(["accel_x", "accel_y", "accel_z"])

    private func open(_ text: String, _ input: LogInput? = nil, _ options: ReadingOptions = ReadingOptions()) throws
        -> SensorLog
    {
        try SensorLog(sources: [source(text, name: "WISDM_ar_v1.1_raw.txt")], input: input ?? accel, options: options)
    }

    @Test func theDamageIsDroppedCountedAndSaid() throws {
        let log = try open(
            """
            33,Jogging,49105962326000,-1,2,3;
            33,Jogging,49106012326000,-2,2,3
            33,Jogging,49106062326000,-3,2,3,;
            33,Jogging,49106112326000,-4,2;

            33,Jogging,49106162326000,-5,2,3;33,Jogging,49106212326000,-6,2,3;
            33,Jogging,0,-7,2,3;
            33,Jogging,49106212326000,-8,2,3;
            33,Jogging,49106262326000,-9,2,;
            11,Jogging,49106312326000,-10,2,3;
            11,Walking ,49106362326000,11,2,3;
            11,Walking,49105000000000,12,2,3;
            11,Walking,49105050000000,13,2,3,4;
            ,;
            """)
        let wholes = try read(log)
        #expect(
            wholes.map { $0.frames.enumerated().filter { $0.0 % 3 == 0 }.map(\.1) } == [
                // The row that is missing is bridged by no other: it is a gap of two periods, and one of three.
                [-1000, -2000, -3000, -5000, -6000], [-10000], [11000], [12000],
            ])
        #expect(wholes.map { $0.labels[0] } == ["Jogging", "Jogging", "Walking", "Walking"])
        #expect(
            wholes.map(\.segment.session) == [
                "subject 33, activity Jogging", "subject 11, activity Jogging", "subject 11, activity Walking",
                "subject 11, activity Walking",
            ])
        #expect(
            wholes[0].segment.notes == [
                "WISDM v1.1 raw text: a phone's acceleration in m/s^2, time in ns: rows are 50000000 ns apart"
            ])
        #expect(
            wholes[3].segment.notes.map(\.text) == [
                "dropped 4 rows that could not be read, the first in line 4 (found \"2\", expected a number); 1 row with the time 0, "
                    + "the first in line 7; 1 row whose time does not exceed the one before, the first in line 8"
            ])
        #expect(log.repairs.unreadableRowCount == 5 && log.repairs.repeatedTimeRowCount == 1)
    }

    @Test(arguments: [
        ("x3,Jogging,1,1,2,3", "found \"x3\", expected a subject's number"),
        ("33,J,1,1,2,3", "found \"J\", expected the name of an activity"),
        ("33,Jog9,1,1,2,3", "found \"Jog9\", expected the name of an activity"),
        ("33,Jogging,1.5,1,2,3", "found \"1.5\", expected an integer time"),
        ("33,Jogging,1,,2,3", "found nothing, expected a number"),
        ("33,Jogging,1,1,nan,3", "found \"nan\", expected a number"),
        ("33,Jogging,1,1,2,", "found nothing, expected a number"),
        ("33,Jogging,1,1,2", "found \"2\", expected a number"),
        ("33,Jogging,1,1,2,3,4", "more than 6 cells in a record"), ("33", "found \"33\", expected a subject's number"),
        ("33,Jogging,1,1,2,1e999", "found \"1e999\", expected a number"),
    ]) func badRecords(_ record: String, _ message: String) {
        var position = 0
        let bytes = Array((record + ";33,Jogging,2,1,2,3").utf8)
        let error = #expect(throws: LogError.self) {
            try WISDMPhoneRecord(bytes.span, from: &position, number: 1, file: "")
        }
        #expect(error?.message == message && position == record.utf8.count + 1)
        #expect((try? WISDMPhoneRecord(bytes.span, from: &position, number: 1, file: ""))?.time == 2)
    }

    @Test func unitsOfTimeAndOfValues() throws {
        func lines(_ step: Int) -> String {
            (1...100).map { "1679,Walking,\(1_370_520_469_556 + $0 * step),1,2,\($0);\n" }.joined()
        }
        // Actitracker's milliseconds.
        let whole = try read(open(lines(50)))[0]
        #expect(whole.times.count == 100 && whole.segment.notes[0].text.hasSuffix("time in ms: rows are 50 ms apart"))
        #expect(try read(open(lines(1), accel, byTimes { $0.timeUnit = .milliseconds }))[0].segment.isResampled)
        let error = refusal(
            [source(lines(3_000_000))], model(["accel_x"]))
        #expect(error?.message.hasPrefix("cannot tell the unit of time: rows are 3000000 apart") == true)
        var inG = model(["accel_z"])
        inG.channels[0].unit = "g"
        #expect(try read(open("1,Walking,50,1,2,9.80665;\n", inG))[0].frames == [1000])
    }

    @Test func whatIsRefused() {
        let line = "33,Jogging,49105962326000,-1,2,3;\n"
        #expect(
            refusal([source(line)], watch)?.message
                == "no column for channel gyro_x, gyro_y, gyro_z; columns found: \"accel_x\", \"accel_y\", \"accel_z\"")
        #expect(refusal([source(line)], accel, options { $0.format = .csv })?.kind == .header)
        #expect(
            refusal([source(line)], accel, options { $0.isLive = true })?.hint == "--time-unit s, ms, us or ns says it")
        #expect(
            refusal([source("33,Jogging,0,1,2,3;\n")], accel)?.message
                == "the only row was dropped: 1 row with the time 0, the first in line 1")
        // A stranger's name is no WISDM log unless that is said.
        let stranger = "33,price,49105962326000,-1,2,3;\n"
        #expect(refusal([source(stranger)], accel)?.kind == .header)
        #expect(refusal([source(stranger)], accel, options { $0.format = .wisdm }) == nil)
    }

    @Test(.enabled(if: Shared.has("logs/a08_wisdm11_raw.txt"), "SNNRT_SHARED has no logs"))
    func theRawFileHasAllRowsOfTheCleanOneAndMore() throws {
        let (raw, clean) = (
            try read(SensorLog(paths: [Shared.path("logs/a08_wisdm11_raw.txt")], input: accel)),
            try read(SensorLog(paths: [Shared.path("logs/a08_wisdm11_clean.txt")], input: accel))
        )
        #expect(raw.count == clean.count && raw.map { Set($0.labels) } == clean.map { Set($0.labels) })
        for (one, other) in zip(raw, clean) {
            let rows = Dictionary(
                uniqueKeysWithValues: one.times.enumerated().map { ($1, Array(one.frames[3 * $0..<3 * $0 + 3])) })
            for (i, time) in other.times.enumerated() { #expect(rows[time] == Array(other.frames[3 * i..<3 * i + 3])) }
        }
        #expect(raw.map(\.times.count).reduce(0, +) == 393 + 4 && clean.map(\.times.count).reduce(0, +) == 393)
    }
}
