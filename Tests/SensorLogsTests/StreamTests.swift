import Foundation
import Testing

@testable import SensorLogs

@Suite struct StreamTests {
    private let one = model(["a"])

    /// A source of `byteCount` bytes that exist only while they are read: the start, then one letter again and again.
    private func endless(_ start: String, letter: UInt8, byteCount: Int, consumed: Counter) -> ByteSource {
        let head = Array(start.utf8)
        return ByteSource(name: "huge.csv", byteCount: byteCount) { (buffer) throws(LogError) in
            let count = min(buffer.count, byteCount - consumed.count)
            for i in 0..<count {
                buffer[i] = consumed.count + i < head.count ? head[consumed.count + i] : letter
            }
            consumed.count += count
            return count
        }
    }

    private final class Counter { var count = 0 }

    @Test func aGigabyteOfOneLineFailsEarly() {
        for (start, line) in [("a\n1\n", 3), ("", 1), ("#", 1), ("a,label\n1,", 2)] {
            let consumed = Counter()
            let error = refusal(
                [endless(start, letter: UInt8(ascii: "7"), byteCount: 1 << 30, consumed: consumed)], one)
            #expect(
                error?.description == """
                    huge.csv:\(line): no end of line within 1048576 bytes
                      hint: is this a text log with one row per line?
                    """)
            #expect(consumed.count <= 3 << 19, "read \(consumed.count) bytes")
        }
        // Not a bad row that could be skipped, either.
        let consumed = Counter()
        let error = refusal(
            [endless("a\n", letter: UInt8(ascii: "7"), byteCount: 1 << 30, consumed: consumed)], one,
            options { $0.badRows = .skip })
        #expect(error?.kind == .lineTooLong && consumed.count <= 3 << 19)
        // Zeros are told apart from text.
        let zeros = Counter()
        #expect(refusal([endless("", letter: 0, byteCount: 1 << 30, consumed: zeros)], one)?.kind == .notText)
        #expect(zeros.count <= 1 << 19)
    }

    @Test func theLongestLineIsRead() throws {
        let longest = String(repeating: " ", count: LineReader.longestLine - 1) + "5"
        #expect(try read("a\n\(longest)\n6\n")[0].frames == [5000, 6000])
        #expect(try read("a\n4\n\(longest)")[0].frames == [4000, 5000])
        #expect(refusal("a\n \(longest)\n")?.line == 2)
    }

    @Test func howBytesArriveDoesNotMatter() throws {
        let text = "\u{FEFF}t_ms,a,label\r\n" + (0..<3000).map { "\($0 * 50),\($0 % 7).25,l\($0 / 100)\r\n" }.joined()
        let expected = try read(text)
        #expect(expected[0].times.count == 3000)
        for step in [1, 2, 3, 7, 1000, 4097] {
            #expect(
                try read(SensorLog(sources: [source(text, step: step)], input: one, options: byTimes())) == expected)
        }
        for limit in [1, 7, 2999, 3000, 3001] {
            let log = try SensorLog(sources: [source(text)], input: one, options: byTimes { $0.batchTickCount = limit })
            #expect(try read(log) == expected)
        }
        // Longer than the reader's buffer, without times: batches come before the log has been read.
        var bytesRead = 0
        let long = "a\n" + String(repeating: "1.5\n", count: 1 << 20)
        let log = try SensorLog(sources: [source(long)], input: one, options: atModelRate) { read, _ in bytesRead = read
        }
        #expect(try log.next()?.tickCount == 4096)
        #expect(bytesRead < long.utf8.count / 2)
        #expect(try countTicks(log, after: 4096) == (1 << 20) - 4096)
    }

    private func countTicks(_ log: SensorLog, after: Int) throws -> Int {
        var count = 0
        while let batch = try log.next() {
            #expect(!batch.startsSegment && batch.firstTick == after + count)
            #expect(batch.frames.allSatisfy { $0 == 1500 })
            count += batch.tickCount
        }
        return count
    }

    @Test func progressCountsBytes() throws {
        let (first, second) = ("a\n1\n", "a\n2\n3\n")
        var reports: [[Int?]] = []
        let log = try SensorLog(sources: [source(first, step: 3), source(second)], input: one, options: atModelRate) {
            reports.append([$0, $1])
        }
        _ = try read(log)
        #expect(reports == [[3, 10], [4, 10], [10, 10]])
        // The labels of a log, too.
        let (array, labels) = (npy("|i1", [2, 1], [1, 2]), npy("|i1", [2], [0, 0]))
        reports = []
        let labelled = try SensorLog(
            sources: [source(array)], labels: [source(labels)], input: one, options: atModelRate
        ) {
            reports.append([$0, $1])
        }
        _ = try read(labelled)
        #expect(reports.last == [array.count + labels.count, array.count + labels.count])
        var totals: [Int?] = []
        let unknown = ByteSource(name: "pipe") { (_) throws(LogError) in 0 }
        let piped = try SensorLog(sources: [source(first), unknown], input: one, options: atModelRate) {
            totals.append($1)
        }
        #expect(throws: LogError.self) { try read(piped) }
        #expect(totals == [nil])
    }

    @Test func filesAreOpenedAndRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("snnrt-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func refuse(_ paths: [String]) -> LogError? {
            do throws(LogError) {
                let log = try SensorLog(paths: paths, input: one, options: atModelRate)
                while try log.next() != nil {}
                return nil
            } catch { return error }
        }
        let log = folder.appendingPathComponent("a.csv").path
        try "a\n1\n2\n".write(toFile: log, atomically: true, encoding: .utf8)
        #expect(
            try read(SensorLog(paths: [log, log], input: one, options: atModelRate)).map(\.frames) == [
                [1000, 2000], [1000, 2000],
            ])
        #expect(refuse([log, log + "x"])?.description == "\(log)x: cannot be opened: No such file or directory")
        // A folder stands for its logs.
        #expect(refuse([folder.path]) == nil)
        let empty = folder.appendingPathComponent("empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        #expect(
            refuse([empty.path])?.description == """
                \(empty.path): is a folder in which no CSV file has a channel of the model
                  hint: name the logs in it; snnrt look FILE shows what is in one
                """)
        #expect(refuse(["-", log, "-"])?.description == "standard input: is named twice")
        #expect(refuse([])?.kind == .request)
        if getuid() != 0 {
            chmod(log, 0)
            #expect(refuse([log])?.description == "\(log): cannot be opened: Permission denied")
        }
    }

    @Test func whatIsNoTextIsNamed() {
        for (bytes, word) in [
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"), ([0x50, 0x4B, 3, 4], "zip"), ([0xFF, 0xFE, 0, 0], "UTF-32"),
            (Array("a,b\u{0}\n1,2\n".utf8), "a zero byte at offset 3"),
            ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0], "offset 7"),
        ] as [([UInt8], String)] {
            let error = refusal([source(bytes)], one)
            #expect(
                error?.kind == .notText && error?.message.contains(word) == true,
                "\(word): \(String(describing: error))")
        }
    }

    @Test func aRefusedLogIsLeftForTheNext() throws {
        let log = try SensorLog(
            sources: [source("a\n1\nx\n", name: "1"), source("b\n", name: "2"), source("a\n3\n", name: "3")],
            input: one, options: atModelRate)
        // The row before the fault is given first.
        #expect(try log.next()?.frames == [1000] && log.isCutOff)
        #expect(throws: LogError.self) { try log.next() }
        log.leaveRefused()
        #expect(!log.isCutOff)
        #expect(throws: LogError.self) { try log.next() }
        #expect(log.logIndex == 1 && log.logName == "2" && log.logCount == 3)
        log.leaveRefused()
        let last = try log.next()
        #expect(last?.frames == [3000] && last?.segment.log == 2 && last?.segment.index == 1)
        #expect(try log.next() == nil)
    }

    @Test func noTruncationAndNoDamageTraps() {
        let seed: UInt64 = 5
        var random = Seeded(state: seed)
        let csv = Array(
            "\u{FEFF}t_ms,accel_x,\"gyro_x\",label\r\n0,1,2,x\r\n50,-1.5e0,\"2\",y\n#\n100,3,4,\n400,1,2,z\n410,1,2,z\n"
                .utf8)
        let wisdm = Array("1600,A,1000000000,1,2,3;\n1600,A,1050000000,1,2,3E-4;\n1600,B,1000000000,4,5,6;\n".utf8)
        let array = npy("<f4", [2, 3, 1], (0..<6).flatMap { little(Float($0).bitPattern) })
        for (name, whole, input) in [
            ("csv", csv, model(["accel_x", "gyro_x"])), ("accel", wisdm, model(["accel_x"])), ("npy", array, one),
        ] {
            for length in 0...whole.count { _ = refusal([source(Array(whole.prefix(length)), name: name)], input) }
            for _ in 0..<3000 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let i = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[i] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: i)
                    default:
                        bytes.insert(Array("0123456789,;\"-.eE#\n\r\t ".utf8).randomElement(using: &random)!, at: i)
                    }
                }
                _ = refusal(
                    [source(bytes, name: name)], input,
                    options {
                        $0.badRows = Bool.random(using: &random) ? .skip : .refuse
                        $0.usesModelRate = Bool.random(using: &random)
                    })
            }
        }
    }
}
