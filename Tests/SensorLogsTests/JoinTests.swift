import Testing

@testable import SensorLogs

/// Files of one recording, each with some of the channels.
@Suite struct JoinTests {
    private let two = model(["accel_x", "gyro_x"])

    /// A file of one channel: values at times in ms.
    private func file(_ name: String, _ column: String, _ rows: [(Int, Double)], more: String = "") -> ByteSource {
        source("time_ms,\(column)\n" + rows.map { "\($0.0),\($0.1)\n" }.joined() + more, name: name)
    }

    private func wholes(_ sources: [ByteSource]) throws -> [Whole] {
        try read(SensorLog(sources: sources, input: two, options: ReadingOptions()))
    }

    @Test func valuesLieOnTheLineBetweenTheOthersRows() throws {
        let acc = file("acc.csv", "accX", (0..<5).map { ($0 * 50, Double($0)) })
        let gyro = file("gyr.csv", "gyrX", (0..<6).map { ($0 * 50 - 20, Double($0) * 5) })
        let joined = try wholes([acc, gyro])
        #expect(joined.map(\.frames) == [[0, 2000, 1000, 7000, 2000, 12000, 3000, 17000, 4000, 22000]])
        #expect(joined[0].segment.file == "acc.csv + gyr.csv")
        #expect(joined[0].segment.notes.contains { $0.text.contains("gyr.csv begins 20 ms before acc.csv") })
        // The order in which the files are named says whose rows are taken.
        let gyro2 = file("gyr.csv", "gyrX", (0..<6).map { ($0 * 50 - 20, Double($0) * 5) })
        let acc2 = file("acc.csv", "accX", (0..<5).map { ($0 * 50, Double($0)) })
        #expect(try wholes([gyro2, acc2])[0].times == (0..<6).map { Double($0 * 50 - 20) / 1000 })
    }

    @Test func rowsWithoutOthersAroundAreLeftOutAndCounted() throws {
        let acc = file("acc.csv", "accX", (0..<40).map { ($0 * 50, 1) })
        let gyro = file("gyr.csv", "gyrX", (10..<20).map { ($0 * 50, 2) } + (30..<36).map { ($0 * 50, 2) })
        let log = try SensorLog(sources: [acc, gyro], input: two, options: ReadingOptions())
        let joined = try read(log)
        // A row a tick away from the others' last is given that value.
        #expect(joined.map(\.times.count) == [12, 8])
        #expect(log.repairs.unmatchedRowCount == 20)
        let said = joined.last!.segment.notes.map(\.text)
        #expect(said.contains { $0.contains("overlap for 1.35 s of 1.95 s: left out 20 rows") }, "\(said)")
    }

    @Test func filesThatDoNotOverlapAreRefused() throws {
        let acc = file("acc.csv", "accX", (0..<5).map { ($0 * 50, 1) })
        let gyro = file("gyr.csv", "gyrX", (1000..<1005).map { ($0 * 50, 1) })
        let error = refusal([acc, gyro], two, ReadingOptions())
        #expect(
            error?.message == "the files do not overlap in time: acc.csv from 0 to 0.2 s, gyr.csv from 50 to 50.2 s")
    }

    @Test func whichFilesGoTogether() throws {
        func pair(_ name: String, _ value: Double) -> [ByteSource] {
            [
                file("\(name)_acc.csv", "accX", (0..<3).map { ($0 * 50, value) }),
                file("\(name)_gyro.csv", "gyrX", (0..<3).map { ($0 * 50, -value) }),
            ]
        }
        let both = pair("walk", 1) + pair("run", 2)
        let expected: [[Int16]] = [[1000, -1000, 1000, -1000, 1000, -1000], [2000, -2000, 2000, -2000, 2000, -2000]]
        #expect(try wholes(both).map(\.frames) == expected)
        let again = pair("walk", 1) + pair("run", 2)
        #expect(try wholes([again[0], again[2], again[1], again[3]]).map(\.frames) == expected)
        let unclear = [pair("a", 1)[0], pair("b", 1)[1], pair("c", 1)[1]]
        #expect(refusal(unclear, two, ReadingOptions())?.message == "b_gyro.csv and c_gyro.csv could both have gyro_x")
        // A whole log is no partner.
        let whole = source("time_ms,accX,gyrX\n0,1,2\n50,3,4\n", name: "whole.csv")
        #expect(
            refusal([pair("a", 1)[0], whole], two, ReadingOptions())?.message.hasPrefix("no column for channel gyro_x")
                == true)
    }

    @Test func whatCannotBeJoined() throws {
        func acc() -> ByteSource { file("acc.csv", "accX", (0..<3).map { ($0 * 50, 1) }) }
        let none = source("gyrX\n1\n2\n", name: "gyr.csv")
        #expect(
            refusal([acc(), none], two, ReadingOptions())?.description.hasPrefix("gyr.csv:1: no column with times")
                == true)
        let gyro = file("gyr.csv", "gyrX", (0..<3).map { ($0 * 50, 1) })
        #expect(refusal([acc(), gyro], two)?.hint == "leave out --log-rate")
        let two = source("time_ms,user,gyrX\n0,a,1\n50,a,1\n0,b,1\n50,b,1\n", name: "gyr.csv")
        #expect(refusal([acc(), two], self.two, ReadingOptions())?.line == 4)
    }

    @Test func aFolderGivesTheFilesThatHaveChannels() throws {
        let rows = (0..<3).map { "\(1_700_000_000_000_000_000 + $0 * 50_000_000),\(Double($0) / 20),0,0,\($0)\n" }
            .joined()
        let text = "time,seconds_elapsed,z,y,x\n" + rows
        let folder = try TemporaryFolder([
            "TotalAcceleration.csv": text, "Gyroscope.csv": text, "Accelerometer.csv": text, "Gravity.csv": text,
            "Metadata.csv": "version,device\n1,phone\n",
        ])
        let log = try SensorLog(paths: [folder.path], input: two, options: ReadingOptions())
        let joined = try read(log)
        #expect(joined.map(\.frames) == [[0, 0, 1000, 1000, 2000, 2000]])
        let said = joined[0].segment.notes.map(\.text)
        #expect(
            said.contains {
                $0.hasSuffix(
                    "Gyroscope.csv, TotalAcceleration.csv taken from the folder; passed over Accelerometer.csv, Gravity.csv, "
                        + "Metadata.csv")
            }, "\(said)")
        // Of files that are named the one without gravity gives way too.
        let all = ["Accelerometer", "Gyroscope", "TotalAcceleration"].map { "\(folder.path)/\($0).csv" }
        let named = try read(SensorLog(paths: all, input: two, options: ReadingOptions()))
        #expect(
            named.map(\.frames) == joined.map(\.frames)
                && named[0].segment.notes.contains { $0.text.contains("passed over, since") })
        // By itself the file without gravity is doubted.
        let alone = try SensorLog(
            paths: ["Accelerometer.csv", "Gyroscope.csv"].map { "\(folder.path)/\($0)" }, input: two,
            options: ReadingOptions())
        #expect(try read(alone)[0].segment.notes.contains { $0.isDoubt && $0.text.contains("without gravity") })
    }
}
