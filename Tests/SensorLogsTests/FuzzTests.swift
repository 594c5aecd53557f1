import Foundation
import Synchronization
import Testing

@testable import SensorLogs

/// Every reader takes whatever bytes come: it gives rows or refuses, ends, and gives the same however the bytes arrive. A
/// second a reader; SNNRT_FUZZ_SECONDS makes it longer and SNNRT_FUZZ_SEED another. The input of a trap or a hang lies in
/// build/fuzz then. An input that broke something becomes a test beside its reader's.
@Suite(.serialized) struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = environment["SNNRT_FUZZ_SECONDS"].flatMap(Double.init)
    private static let seed = environment["SNNRT_FUZZ_SEED"].flatMap(UInt64.init) ?? 16

    enum Reader: String, CaseIterable, Sendable {
        case csv, wisdm, wisdmPhone, inertialSignals, edgeImpulse, array, raw, gzip, zstd, utf16

        /// The one that the environment names, or all.
        static var chosen: [Reader] {
            ProcessInfo.processInfo.environment["SNNRT_FUZZ_READER"].flatMap(Reader.init).map { [$0] } ?? allCases
        }
    }

    private static let csv = [
        "time_s,accel_x,accel_y,accel_z,label\n"
            + (0..<30).map { "\(Double($0) / 20),\($0 % 7),-1.5e0,9.8,a\($0 / 9)\n" }.joined(),
        "sep=;\r\n# by hand\r\nTime (ms);accX[mg];\"accY (mg)\";accZ (mg)\r\n0;1;2;3\r\n10;1,5;2;3\r\n20;1;2;3\r\n",
        "t\taccel_x\taccel_y\taccel_z\ns\tg\tg\tg\n2024-01-01T00:00:00.000+01:00\t1\t2\t3\n2024-01-01T00:00:00.050+01:00\t1\t2\t3\n",
        "1700000000.00,1700000000.00,1700000000.00\n32.0,32.0,32.0\n" + (0..<20).map { "\($0),-6,64\n" }.joined(),
        "-- Created By ActiGraph date format dd/MM/yyyy at 20 Hz --\nSerial: 1\nTimestamp,Accelerometer X,Accelerometer Y,Accelerometer Z\n"
            + (10..<20).map { "11/12/2024 17:41:\($0).000,0.1,0.2,0.9\n" }.joined(),
        "time_ms,user,accel_x,accel_y,accel_z,gt\n"
            + (0..<30).map { "\($0 % 15 * 50),u\($0 / 15),1,2,3,l\($0 / 4)\n" }.joined(),
        "# time accel_x accel_y accel_z\n" + (0..<9).map { "  0.\($0)  1 2\t3\n" }.joined(),
        "timestamp,seconds_elapsed,accel_z,accel_y,accel_x\r1700000000000000000,0.0,1,2,3\r1700000000050000000,0.05,1,2,3\r",
    ]
    private static let watch = (0..<30).map {
        "1600,\($0 < 20 ? "A" : "B"),\(252_207_666_810_782 + $0 * 50_000_000),-0.36,8.79,1.05;\n"
    }.joined()
    private static let phone =
        (0..<30).map {
            "33,\($0 < 20 ? "Jogging" : "Walking"),\(49_105_962_326_000 + $0 * 50_000_000),-0.69,12.68,0.5;\n"
        }
        .joined() + "33,Walking,0,0,0,0;\n33,Walking,49107962326000,1,2,;33,Walking,49108062326000,1,2,3,;\n"
    private static let edge = """
        {"protected": {"ver": "v1"}, "payload": {"interval_ms": 50, "sensors": [{"name": "accX", "units": "g"}, {"name": "accY"}, \
        {"name": "accZ", "units": "m/s2"}], "values": [[1, 2, 3], [-1.5e0, 2, null], [1, 2, 3], [4, 5, 6]]}}
        """
    private static let windows = (0..<3).map { _ in "  1.0e+00 -2.5e-01 3 4\n" }.joined()

    private static func seeds(_ reader: Reader) -> [[UInt8]] {
        switch reader {
        case .csv, .gzip, .zstd: csv.map { Array($0.utf8) }
        case .wisdm: [Array(watch.utf8)]
        case .wisdmPhone: [Array(phone.utf8)]
        case .inertialSignals: [Array(windows.utf8)]
        case .edgeImpulse: [Array(edge.utf8)]
        case .array:
            [
                npy("<f8", [4, 3], (0..<12).flatMap { little(Double($0).bitPattern) }),
                npy("<i2", [2, 2, 3], (0..<12).flatMap { little(Int16($0)) }),
            ]
        case .raw: [(0..<30).flatMap { little(Int16($0)) }]
        case .utf16: csv.flatMap { [utf16($0), utf16($0, isBigEndian: true), utf16($0, isMarked: false)] }
        }
    }

    /// One input, and how it is to be read.
    private struct Case {
        var bytes: [UInt8]
        var options: ReadingOptions
        /// The files of a folder, where the input is one.
        var files: [String: [UInt8]] = [:]

        init(_ reader: Reader, dice: inout Seeded) {
            var mutate = Mutation(dice: Seeded(state: dice.next()))
            let seed = FuzzTests.seeds(reader).randomElement(using: &dice)!
            bytes = Int.random(in: 0..<8, using: &dice) == 0 ? seed : mutate(seed)
            if reader == .gzip { bytes = Bool.random(using: &dice) ? gzipped(bytes) : mutate(gzipped(seed)) }
            if reader == .zstd { bytes = Bool.random(using: &dice) ? zstandard(bytes) : mutate(zstandard(seed)) }
            if reader == .inertialSignals {
                for axis in ["x", "y", "z"] {
                    files["total_acc_\(axis)_test.txt"] = Int.random(in: 0..<3, using: &dice) == 0 ? mutate(seed) : seed
                }
                let labels = Array("1\n6\n3\n".utf8)
                if Bool.random(using: &dice) {
                    files["y_test.txt"] = Bool.random(using: &dice) ? mutate(labels) : labels
                }
            }
            options = ReadingOptions()
            options.isRaw = reader == .raw
            options.badRows = Bool.random(using: &dice) ? .skip : .refuse
            options.usesModelRate = Bool.random(using: &dice)
            if Int.random(in: 0..<4, using: &dice) == 0 {
                options.logRate = [1, 20, 50, 1e6].randomElement(using: &dice)!
            }
            if Int.random(in: 0..<4, using: &dice) == 0 {
                options.timeUnit = TimeUnit.allCases.randomElement(using: &dice)!
            }
            if Int.random(in: 0..<8, using: &dice) == 0 { options.isLive = true }
            if Int.random(in: 0..<3, using: &dice) == 0 {
                options.columns = [
                    "accel_x": "accX[mg]", "accel_y": "accY (mg)", "accel_z": "accZ (mg)", "time": "Time (ms)",
                ]
            }
            if options.isRaw || reader == .array { (options.timeUnit, options.columns) = (nil, [:]) }
        }

        /// What the log gives, `step` bytes at a time: its samples, the labels, and the refusal at its end.
        func outcome(step: Int, folder: String) throws -> (frames: [Int16], labels: [String?], refusal: String?) {
            var (frames, labels): ([Int16], [String?]) = ([], [])
            let input = model(["accel_x", "accel_y", "accel_z"])
            do {
                let log =
                    files.isEmpty
                    ? try SensorLog(
                        sources: [source(bytes, name: "accel.log", step: step)], input: input, options: options)
                    : try SensorLog(paths: [folder], input: input, options: options)
                while let batch = try log.next() {
                    precondition(batch.frames.count == 3 * batch.tickCount && batch.tickCount > 0)
                    // No input here is long enough for as many.
                    guard frames.count <= 3_000_000 else {
                        Issue.record("ticks without end of \(String(decoding: bytes, as: UTF8.self)), \(options)")
                        return (frames, labels, nil)
                    }
                    frames += batch.frames
                    labels += (0..<batch.tickCount).map(batch.label)
                }
            } catch {
                return (frames, labels, "\(try #require(error as? LogError))")
            }
            return (frames, labels, nil)
        }
    }

    @Test(arguments: Reader.chosen) func anyBytesAreReadOrRefused(_ reader: Reader) throws {
        let folder = try TemporaryFolder(["kept": ""])
        let kept = URL(fileURLWithPath: "build/fuzz/\(reader.rawValue)")
        try FileManager.default.createDirectory(at: kept.deletingLastPathComponent(), withIntermediateDirectories: true)
        let start = Date()
        let deadline = start + (FuzzTests.seconds ?? 0)
        var dice = Seeded(state: FuzzTests.seed)
        var (count, readCount) = (0, 0)
        let watchdog = Watchdog("reader \(reader.rawValue), its input is \(kept.path)")
        defer { watchdog.stop() }
        repeat {
            let state = dice.state
            let input = Case(reader, dice: &dice)
            try Data(input.bytes).write(to: kept)
            for (name, bytes) in input.files {
                try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
            }
            watchdog.feed()
            let whole = try input.outcome(step: .max, folder: folder.path)
            count += 1
            if whole.refusal == nil { readCount += 1 }
            // Live, a log is named by what has come. Of damaged zstd data more or less can be unpacked.
            if input.files.isEmpty, !input.options.isLive, whole.refusal?.contains("zstd data") != true {
                let parts = try input.outcome(step: Int.random(in: 1...9, using: &dice), folder: folder.path)
                #expect(
                    parts.frames == whole.frames && parts.labels == whole.labels && parts.refusal == whole.refusal,
                    "reader \(reader), state \(state): \(parts.refusal ?? "read"), \(whole.refusal ?? "read")")
            }
            for name in input.files.keys { try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)") }
        } while FuzzTests.seconds == nil ? count < 40 : Date() < deadline
        #expect(readCount > 0 && readCount < count, "\(readCount) of \(count) were read")
        guard FuzzTests.seconds != nil else { return }
        let peak = try peakMegabytes()
        print("fuzz \(reader): seed \(FuzzTests.seed), \(count) inputs, \(readCount) read, peak \(peak) MB")
        #expect(peak < 200)
    }

    /// The largest resident memory of this process so far.
    private func peakMegabytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.split(separator: " ").dropFirst().first ?? "")) / 1024
    }
}

/// Ends the process where an input takes longer than 20 seconds.
private final class Watchdog: Sendable {
    private let fed = Mutex(Date())
    private let isStopped = Mutex(false)

    init(_ what: String) {
        Thread.detachNewThread { [self] in
            while !isStopped.withLock({ $0 }) {
                if Date().timeIntervalSince(fed.withLock { $0 }) > 20 { fatalError("hang: \(what)") }
                Thread.sleep(forTimeInterval: 0.2)
            }
        }
    }

    func feed() { fed.withLock { $0 = Date() } }
    func stop() { isStopped.withLock { $0 = true } }
}
