import Testing

@testable import SensorLogs

/// One fault each, with the very place and words.
@Suite struct RefusalTests {
    private let two = model(["accel_x", "gyro_x"])
    private let skip = options { $0.badRows = .skip }

    private func expect(
        _ text: String, _ description: String, _ kind: LogError.Kind, _ options: ReadingOptions = atModelRate,
        location: SourceLocation = #_sourceLocation
    ) {
        let error = refusal(text, two, options)
        #expect(error?.description == description, sourceLocation: location)
        #expect(error?.kind == kind, sourceLocation: location)
    }

    @Test(arguments: [
        ("abc", "\"abc\""), ("", "an empty cell"), ("  ", "an empty cell"), ("1.2.3", "\"1.2.3\""), ("1 2", "\"1 2\""),
        ("nan", "\"nan\""), ("-inf", "\"-inf\""), ("NaN", "\"NaN\""), ("0x10", "\"0x10\""), ("1e", "\"1e\""),
        ("\"x\"", "\"x\""),
        ("--1", "\"--1\""), ("a\u{0}b\u{1B}[31m", "\"a\\x00b\\x1B[31m\""), ("\u{7FD2}1", "\"\u{7FD2}1\""),
        ("1\u{202E}", "\"1\\u{202E}\""),
        (String(repeating: "z", count: 100), "\"" + String(repeating: "z", count: 40) + "…\""),
    ]) func cellsThatAreNoNumbers(_ cell: String, _ found: String) {
        let isNone = found == "an empty cell" || cell.lowercased() == "nan"
        let hint = isNone ? "\n  hint: --skip-bad-rows drops and counts rows without a value" : ""
        expect(
            "t_s,accel_x,what,gyro_x\n0,1,2,3\n\n0.05,1,2,\(cell)\n",
            "log.csv:4: column 4 (gyro_x): found \(found), expected a number\(hint)", .cell)
        expect(
            "t_s,accel_x,gyro_x\n\(cell),2,3\n", "log.csv:2: column 1 (t_s): found \(found), expected a number\(hint)",
            .cell)
    }

    @Test func bytesThatAreNotUTF8() {
        let bytes = Array("accel_x,gyro_x\n1,".utf8) + [0xFF, 0x31, 0xC0] + Array("\n".utf8)
        #expect(
            refusal([source(bytes)], two)?.description
                == "log.csv:2: column 2 (gyro_x): found \"\\xFF1\\xC0\", expected a number")
        let label = Array("accel_x,gyro_x,label\n1,2,".utf8) + [0xFF] + Array("\n".utf8)
        #expect(
            refusal([source(label)], two)?.description
                == "log.csv:2: column 3 (label): found \"\\xFF\", expected a label in UTF-8, of 256 bytes at most")
        // Names may be Latin-1, as Excel writes them.
        let header = Array("accel_x (m/s".utf8) + [0xB2] + Array("),gyro_x,".utf8) + [0xE9] + Array("\n1,2,3\n".utf8)
        #expect(refusal([source(header)], two) == nil)
    }

    @Test func numbersOutOfRange() {
        for cell in ["1e309", "-1e400"] {
            expect(
                "accel_x,gyro_x\n1,\(cell)\n",
                "log.csv:2: column 2 (gyro_x): found \"\(cell)\", expected a number within the range of a double",
                .cell)
        }
    }

    /// What of huge numbers overflows to an infinity is clamped; a NaN is 0; neither traps.
    @Test func hugeNumbersAreSamples() throws {
        #expect(try read("accel_x,gyro_x\n1.7e308,-1.7e308\n", two)[0].frames == [32767, -32768])
        let resampled = try read("t_s,accel_x,gyro_x\n0,-1.7e308,0\n0.1,1.7e308,0\n0.2,1.7e308,0\n", two)
        #expect(resampled[0].frames == [-32768, 0, 32767, 0, 32767, 0, 32767, 0, 32767, 0])
    }

    @Test func decimalCommas() throws {
        #expect(try read("accel_x;gyro_x\n1,5;2\n-1,25;3\n", two)[0].frames == [1500, 2000, -1250, 3000])
        expect(
            "accel_x;gyro_x\n1,5;2\n1.5;2\n1,5;2\n",
            """
            log.csv:3: column 1 (accel_x): found "1.5", expected a number
              hint: numbers are read with a decimal comma, as most have it, not a point
            """, .cell)
    }

    @Test func quotesThatDoNotClose() {
        expect(
            "accel_x,gyro_x\n1,\"2\n",
            "log.csv:2: column 2 (gyro_x): found \"\"2\", expected a closing quote before the next separator", .cell)
        expect(
            "accel_x,\"gyro_x\n1,2\n", "log.csv:1: column 2: found \"\"gyro_x\", a quote that does not close", .header)
    }

    @Test func cellCounts() {
        expect(
            "accel_x,gyro_x,more\n1,2,3\n1\n",
            "log.csv:3: column 2 (gyro_x): the row ends after 1 cell, expected 3 as in the header\n  hint: --skip-bad-rows drops and counts such rows",
            .cellCount)
        expect(
            "accel_x,gyro_x,more\n1,2\n",
            "log.csv:2: column 3 (more): the row ends after 2 cells, expected 3 as in the header\n  hint: --skip-bad-rows drops and counts such rows",
            .cellCount)
        expect(
            "accel_x,gyro_x\n1,2,3,\n",
            "log.csv:2: column 3: 4 cells, expected 2 as in the header\n  hint: --skip-bad-rows drops and counts such rows",
            .cellCount)
    }

    @Test func times() {
        expect(
            "t_ms,accel_x,gyro_x\n1657630877310,1,2\n# c\n1657630877309,1,2\n",
            """
            log.csv:4: column 1 (t_ms): time 1657630877309 ms does not exceed 1657630877310 ms of line 2
              hint: --skip-bad-rows drops and counts such rows
            """, .time)
        expect(
            "accel_x,gyro_x,t\n1,2,0.05\n1,2,0.1\n1,2,0.09\n",
            """
            log.csv:4: column 3 (t): time 0.09 s does not exceed 0.1 s of line 3
              hint: --skip-bad-rows drops and counts such rows
            """, .time)
        expect(
            "t,accel_x,gyro_x\n0,1,2\n1,1,2\n",
            """
            log.csv:2: column 1 (t): cannot tell the unit of time: rows are 1 apart, a tick of the model is 0.05 s
              hint: --log-rate HZ says how many rows a second has; --time-unit cs for 100 Hz, --time-unit s for 1 Hz, \
            --time-unit ms for 1000 Hz
            """, .header)
    }

    @Test func headers() {
        expect("", "log.csv: is empty, expected a header row with column names", .empty)
        expect("\n# only this\n \n", "log.csv: is empty, expected a header row with column names", .empty)
        expect("accel_x,gyro_x\n", "log.csv: has a header and no row", .empty)
        expect("t,accel_x,gyro_x", "log.csv: has a header and no row", .empty)
        expect(
            "#\nvalue,gyro_x\n1,2\n",
            """
            log.csv:2: no column for channel accel_x; columns found: "value", "gyro_x"
              hint: --map accel_x=COLUMN names the column of a channel
            """, .header)
        expect(
            "0.5,-1.25\n1,2\n",
            """
            log.csv:1: no column for channel accel_x, gyro_x; the log has no header and 2 columns
              hint: --map accel_x=N says which column, counted from 1, has a channel
            """, .header)
        expect(
            "accel_x,gyro_x,Accel_X\n1,2,3\n",
            "log.csv:1: columns 1 and 3 are both named \"Accel_X\"\n  hint: --map takes a column by its number, as in --map accel_x=1",
            .header)
        expect(
            "accel_x,gyro_x,label,label\n1,2,3,3\n",
            "log.csv:1: columns 3 and 4 are both named \"label\"\n  hint: --map takes a column by its number, as in --map label=3",
            .header)
        expect(
            "accel_x,gyro_x,time,timestamp_ms\n1,2,3,4\n",
            """
            log.csv:1: two time columns: "time" and "timestamp_ms"
              hint: --map time=COLUMN chooses one
            """, .header)
    }

    @Test func mappings() {
        expect(
            "accel_x,gyro_x\n1,2\n",
            "log.csv:1: no column \"ax\", to which accel_x is mapped; columns found: \"accel_x\", \"gyro_x\"",
            .header, options { $0.columns = ["accel_x": "ax"] })
        expect(
            "v,w\n1,2\n", "log.csv:1: column 1 (v) is asked for twice, the second time as gyro_x", .header,
            options { $0.columns = ["accel_x": "v", "gyro_x": "v"] })
        expect(
            "accel_x,gyro_x\n1,2\n",
            """
            column mapping: the model has no channel "acel_x"
              hint: its channels: accel_x, gyro_x
            """, .request, options { $0.columns = ["acel_x": "v"] })
    }

    @Test func nothingLeftAfterSkipping() {
        expect(
            "accel_x,gyro_x\nx,1\n\n2\n",
            "log.csv: all 2 rows were dropped: 2 rows that could not be read, the first in line 2",
            .empty, skip)
    }

    @Test func headersAreNotSkipped() {
        expect("accel_x\n1\n", refusal("accel_x\n1\n", two)!.description, .header, skip)
    }

    /// A segment that is held is given with the rows before the fault, then the fault.
    @Test(arguments: ["t", "t_s"]) func rowsBeforeAFaultAreGiven(_ time: String) throws {
        let log = try SensorLog(
            sources: [source("\(time),a\n0,1\n0.05,2\n9,3\n9.05,4\n9.1,x\n9.15,6\n")], input: model(["a"]))
        #expect(try log.next()?.frames == [1000, 2000])
        #expect(try log.next()?.frames == [3000, 4000] && log.isCutOff)
        let error = #expect(throws: LogError.self) { _ = try log.next() }
        #expect(error?.line == 6)
    }

    @Test func anErrorStays() throws {
        let log = try SensorLog(sources: [source("accel_x,gyro_x\nx,1\n1,2\n")], input: two)
        for _ in 0..<2 { #expect(throws: LogError.self) { try log.next() } }
    }
}
