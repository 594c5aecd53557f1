import Foundation
import Testing

@testable import SensorLogs

/// Single files out of the archives in `SNNRT_SHARED` (default `../shared`), against figures that a program in
/// another language computed from docs/format.md, "From sensor values to samples": segments, ticks, and the sum of all samples.
@Suite struct RealDataTests {
    private static let data =
        (ProcessInfo.processInfo.environment["SNNRT_SHARED"] ?? "../shared") + "/data/"

    /// True if an archive is there; says so loudly when it is not.
    private static func isThere(_ archive: String) -> Bool {
        let there = FileManager.default.fileExists(atPath: data + archive)
        if !there {
            print("SKIPPED: 1 test on real data, no \(data + archive); SNNRT_SHARED names the folder that holds data/")
        }
        return there
    }

    private func member(_ name: String, of archive: String) throws -> ByteSource {
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "--occurrence=1", "-xOf", RealDataTests.data + archive, name]
        let pipe = Pipe()
        tar.standardOutput = pipe
        try tar.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        tar.waitUntilExit()
        try #require(tar.terminationStatus == 0 && !bytes.isEmpty, "tar -x of \(name)")
        return source(Array(bytes), name: name)
    }

    private func sum(_ wholes: [Whole]) -> Int { wholes.reduce(0) { $0 + $1.frames.reduce(0) { $0 + Int($1) } } }

    @Test(.enabled(if: isThere("sp-sw-har-watch.tar.xz")))
    func aWatchAt100HertzInMilliseconds() throws {
        let file = try member("sp-sw-har/watch/s18_06_sw.csv", of: "sp-sw-har-watch.tar.xz")
        var options = ReadingOptions()
        for channel in watch.channels {
            let parts = channel.name.split(separator: "_")
            options.columns[channel.name] = "\(parts[1])_\(parts[0] == "accel" ? "acc" : "gyro")"
        }
        let log = try SensorLog(sources: [file], input: watch, options: options)
        let wholes = try read(log)
        #expect(wholes.map(\.times.count) == [247] && sum(wholes) == -2_543_801)
        #expect(Set(wholes[0].labels) == ["SEATED", "STANDING_UP", "WALKING", "TURNING", "SITTING_DOWN"])
        #expect(wholes[0].segment.startTime == 1657630877.310)
        // The clock counts whole milliseconds and repeats itself 8 times: every file of this data set does that.
        #expect(wholes[0].segment.repeatedTimeCount == 8 && log.repairs == Repairs())
        #expect(
            wholes[0].segment.notes == [
                "CSV, separated by comma", "column \"timestamp\" taken as time in ms: rows are 10 ms apart",
                "resampled 104.2 Hz -> 20 Hz",
            ])
    }

    @Test(.enabled(if: isThere("wisdm-watch.tar.xz")))
    func aWISDMPair() throws {
        let files = try ["accel", "gyro"].map { sensor in
            try member("wisdm-watch/\(sensor)/data_1600_\(sensor)_watch.txt", of: "wisdm-watch.tar.xz")
        }
        let log = try SensorLog(sources: files, input: watch)
        let wholes = try read(log)
        #expect(wholes.count == 22 && sum(wholes) == -24_419_338)
        #expect(wholes.reduce(0) { $0 + $1.times.count } == 64919)
        // 18 activities; in the folding of this subject the watch logged 8 s at 100 Hz, with four gaps.
        #expect(Set(wholes.map(\.segment.session)).count == 18)
        #expect(wholes.filter(\.segment.isResampled).count == 4)
        #expect(wholes.filter { $0.segment.notes.contains { $0.hasPrefix("gap of ") } }.count == 4)
        var repairs = Repairs()
        repairs.unmatchedRowCount = 27
        #expect(log.repairs == repairs)
    }
}
