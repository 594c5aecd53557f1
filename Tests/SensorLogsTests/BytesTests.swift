import Testing

@testable import SensorLogs

/// What lies below lines: packed data, encodings, ends of lines.
@Suite struct BytesTests {
    private let text = "t_ms,a,label\n" + (0..<3000).map { "\($0 * 50),\($0 % 7).25,l\($0 / 100)\n" }.joined()

    private func wholes(_ bytes: [UInt8], step: Int = .max, _ options: ReadingOptions = atModelRate) throws -> [Whole] {
        try read(SensorLog(sources: [source(bytes, step: step)], input: model(["a"]), options: options))
    }

    private func error(_ bytes: [UInt8], _ options: ReadingOptions = atModelRate) -> LogError? {
        refusal([source(bytes)], model(["a"]), options)
    }

    @Test(arguments: [1, 2, 7, 1000, .max]) func packedLogsAreThoseInside(_ step: Int) throws {
        let bytes = Array(text.utf8)
        let expected = try wholes(bytes)
        let half = bytes.count / 2
        for (packed, remark) in [
            (gzipped(bytes), "gzip data, unpacked"), (zstandard(bytes), "zstd data, unpacked"),
            (gzipped(Array(bytes[..<half])) + gzipped(Array(bytes[half...])) + [0, 0, 0], "gzip data, unpacked"),
            (zstandard(Array(bytes[..<half])) + zstandard(Array(bytes[half...])), "zstd data, unpacked"),
            // A frame without data, as pzstd writes it.
            ([0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4] + zstandard(bytes), "zstd data, unpacked"),
        ] {
            let got = try wholes(packed, step: step)
            #expect(got == expected && got[0].segment.notes.contains(remark))
        }
        #expect(try wholes(gzipped(utf16(text)), step: step) == expected)
    }

    @Test func whatIsPackedMayBeAnyLog() throws {
        let array = npy("<f8", [2, 1], little((1.5).bitPattern) + little((-2.0).bitPattern))
        let frames = little(Int16(7)) + little(Int16(-7))
        for packed in [gzipped, zstandard] {
            #expect(try wholes(packed(array))[0].frames == [1500, -2000])
            #expect(try wholes(packed(frames), options { $0.isRaw = true })[0].frames == [7, -7])
            #expect(error(packed(packed(Array(text.utf8))))?.message.contains("packed once more") == true)
        }
        // Frames that begin as UTF-16 would are frames.
        #expect(try wholes([0xFF, 0xFE, 0x61, 0], options { $0.isRaw = true })[0].frames == [-257, 97])
    }

    @Test func whatStandsBeforeADamageIsUsed() throws {
        // Long enough for several blocks of zstd.
        let bytes = Array(text.utf8) + (3000..<20000).flatMap { Array("\($0 * 50),\($0 % 7).25,x\n".utf8) }
        for (packed, word) in [(gzipped(bytes), "gzip"), (zstandard(bytes), "zstd")] {
            var flipped = packed
            flipped[packed.count - 3] ^= 1
            for (damaged, message) in [
                (Array(packed.dropLast(5)), "its \(word) data end early"), (flipped, "its \(word) data are damaged"),
                (packed + Array("more".utf8), word == "gzip" ? "goes on behind the end" : "its zstd data are damaged"),
            ] {
                for policy in [BadRowPolicy.refuse, .skip] {
                    let log = try SensorLog(
                        sources: [source(damaged)], input: model(["a"]), options: byTimes { $0.badRows = policy })
                    #expect(try log.next() != nil && log.isCutOff, "\(message)")
                    let error = #expect(throws: LogError.self) { while try log.next() != nil {} }
                    #expect(error?.message.hasPrefix(message) == true, "\(String(describing: error))")
                }
            }
        }
        #expect(error(gzipped(bytes) + [1])?.message.hasSuffix("behind \(bytes.count) unpacked bytes") == true)
        #expect(error(Array(gzipped(bytes).prefix(3)))?.message.hasPrefix("its gzip data end early, behind 0") == true)
        #expect(error([0x28, 0xB5, 0x2F, 0xFD, 0x04, 0xB0, 0, 0])?.message.contains("more than 128 MiB") == true)
    }

    /// Half a gigabyte of one line in half a megabyte: refused after the first of it.
    @Test func aBombIsRefusedEarly() {
        let bomb = gzipped([UInt8](repeating: 0x37, count: 1 << 24))
        let many = Array(repeatElement(bomb, count: 32).joined())
        var position = 0
        let source = ByteSource(name: "bomb.gz") { (buffer) throws(LogError) in
            let count = min(1024, many.count - position)
            buffer.copyBytes(from: many[position..<position + count])
            position += count
            return count
        }
        #expect(refusal([source], model(["a"]))?.kind == .lineTooLong)
        #expect(position < 1 << 14, "\(position) of \(many.count) bytes read")
    }

    @Test(arguments: [1, 2, 3, 5, 4097, .max]) func utf16IsReadAsUTF8(_ step: Int) throws {
        let text = "a,größe \u{7FD2} 🕺,label\n1,2,🕺é\n2,3,x\n"
        let expected = try read(text)
        for isBigEndian in [false, true] {
            for isMarked in [false, true] {
                let got = try wholes(utf16(text, isBigEndian: isBigEndian, isMarked: isMarked), step: step)
                #expect(got == expected && got[0].labels == ["🕺é", "x"])
                #expect(got[0].segment.notes.contains("UTF-16 text, read as UTF-8"))
            }
        }
    }

    @Test func utf16ThatIsNone() throws {
        let good = utf16("a\n1\n")
        for (bytes, message) in [
            (good + [0x32], "a single byte at its end, at byte 10"),
            (good + [0, 0xD8], "half a surrogate pair at its end, at byte 10"),
            (good + [0, 0xDC, 0x31, 0], "half a surrogate pair, at byte 10"),
            (good + [0, 0xD8, 0x31, 0], "half a surrogate pair, at byte 10"),
        ] {
            let log = try SensorLog(sources: [source(bytes)], input: model(["a"]), options: atModelRate)
            #expect(try log.next()?.frames == [1000])
            let error = #expect(throws: LogError.self) { _ = try log.next() }
            #expect(error?.message == "is UTF-16 text with " + message)
        }
        // Zeros elsewhere are no text.
        for bytes in [[1, 0, 2, 0, 3, 0], [0x61, 0, 0, 0, 0x62, 0], [0x61, 0, 0x62], [0, 0, 0, 0]] as [[UInt8]] {
            #expect(error(bytes)?.message.contains("is binary") == true, "\(bytes)")
        }
    }

    @Test(arguments: [1, 2, 5, .max]) func linesEndInCRAlone(_ step: Int) throws {
        let expected = try read(text)
        let cr = Array(text.replacing("\n", with: "\r").utf8)
        for bytes in [cr, cr.dropLast(), [0xEF, 0xBB, 0xBF] + cr] {
            let got = try wholes(bytes, step: step)
            #expect(got == expected && got[0].segment.notes.contains("its lines end in CR alone"))
            #expect(got[0].segment.lastLine == 3001)
        }
        #expect(try wholes(gzipped(cr), step: step) == expected)
        // Where there is a LF, a CR is none: at a line's end it belongs to it, within one it is in a cell.
        let crlf = try wholes(Array(text.replacing("\n", with: "\r\n").utf8), step: step)
        #expect(crlf == expected && !crlf[0].segment.notes.contains("its lines end in CR alone"))
        #expect(error(Array("a\n1\r2\n".utf8))?.message == "found \"1\\x0D2\", expected a number")
        #expect(error(Array("a\r1\r2\rx\r3\r".utf8))?.line == 4)
    }

    /// Lines are found also where nobody looked at the first bytes before.
    @Test(arguments: [1, .max]) func aReaderSettlesItsLines(_ step: Int) throws {
        for bytes in ["\u{FEFF}ab\rc\r", "ab\r\nc\n", "ab\nc"].map({ Array($0.utf8) }) {
            let reader = LineReader(source(bytes, step: step))
            var ahead: [String] = []
            reader.lookAhead { line in
                ahead.append(string(line)!)
                return true
            }
            var lines: [String] = []
            while let line = try reader.withNextLine({ string($0)! }) { lines.append(line) }
            #expect(lines == ["ab", "c"] && ahead == lines)
        }
    }

    @Test func progressIsOfThePackedBytes() throws {
        let packed = gzipped(Array(text.utf8))
        var last: (Int, Int?) = (0, nil)
        let log = try SensorLog(sources: [source(packed)], input: model(["a"])) { last = ($0, $1) }
        _ = try read(log)
        #expect(last.0 == packed.count && last.1 == packed.count)
    }
}
