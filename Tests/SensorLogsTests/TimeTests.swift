import Testing

@testable import SensorLogs

@Suite struct TimeTests {
    private let one = model(["a"])
    private let plain = ReadingOptions()

    private func notes(_ text: String, _ options: ReadingOptions = ReadingOptions()) throws -> [String] {
        try read(text, one, options)[0].segment.notes.map(\.text)
    }

    private func date(_ text: String) -> Double? { parseDateTime(Array(text.utf8).span) }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31 23:59:59", -1), ("2000-02-29T12:00:00.25Z", 951_825_600.25),
            ("2023-09-06T08:00:00.000-0400", 1_694_001_600), ("2023-09-06T12:00:00,5", 1_694_001_600.5),
            ("2023-09-06 14:00:00+02:00", 1_694_001_600), ("2023-09-06T14:00+02", 1_694_001_600),
            ("2023/09/06  12:00:00.125 Z", 1_694_001_600.125), ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("2024-12-31T00:00:00Z", 1_735_603_200), ("1600-03-01T00:00:00Z", -11_670_912_000),
            ("2023-09-06T12:00:00.123456789012345678901Z", 1_694_001_600.123456789),
        ] as [(String, Double)]) func dates(_ text: String, _ seconds: Double)
    { #expect(date(text) == seconds) }

    @Test(arguments: [
        "", "2023", "2023-09-06", "2023-13-06T08:00:00", "2023-02-29T08:00:00", "2100-02-29T08:00:00",
        "2023-04-31T08:00:00",
        "2023-09-06T24:00:00", "2023-09-06T08:60:00", "2023-09-06T08:00:61", "2023-09-06T08:00:00.",
        "2023-09-06T08:00:00x",
        "2023-09-06T08:00:00+1", "2023-09-06T08:00:00+24:00", "2023-09-06T08:00:00+01:60", "06/09/2023 08:00:00",
        "00:04.5",
        "2023-09-06T8:00:00", "-023-09-06T08:00:00", "2023-09-06T08",
    ]) func whatIsNoDate(_ text: String) { #expect(date(text) == nil) }

    @Test func datesAreTimes() throws {
        let text = """
            timestamp,a
            2023-09-06T08:00:00.000-0400,1
            2023-09-06T08:00:00.050-0400,2

            """
        let wholes = try read(text, one, plain)
        #expect(wholes[0].frames == [1000, 2000] && wholes[0].times == [1_694_001_600, 1_694_001_600.05])
        #expect(wholes[0].segment.notes.contains("column \"timestamp\" is date and time; UTC where it names no zone"))
        #expect(
            refusal(text + "50,3\n", one, plain)?.description
                == "log.csv:4: column 1 (timestamp): found \"50\", expected a date and time, as in the first row")
        let stated = refusal(text, one, options { $0.timeUnit = .milliseconds })
        #expect(stated?.message == "holds dates, which have no unit to be stated" && stated?.line == 1)
        let slashes = refusal("timestamp,a\n06/09/2023 08:00:00,1\n", one, plain)
        #expect(slashes?.kind == .cell && slashes?.hint?.hasPrefix("dates are read as 2024-11-12") == true)
    }

    @Test(arguments: ["Creation_Time", "S_Timestamp_CAL", "my clock (ms)", "elapsed_ms", "DATE", "uptime"])
    func aColumnNamedForTimeIsTakenWhereItGrows(_ name: String) throws {
        let rows = (0..<40).map { "\($0 * 50),\($0 % 7)\n" }.joined()
        let wholes = try read("\(name),a\n" + rows, one, plain)
        #expect(wholes[0].times == (0..<40).map { Double($0) * 50 / 1000 })
        #expect(wholes[0].segment.notes.contains { $0.contains("\"\(name)\"") && $0.contains("time in ms") })
        let constant = "\(name),a\n" + (0..<40).map { "5,\($0)\n" }.joined()
        #expect(
            refusal(constant, one, plain)?.description == """
                log.csv:1: no column with times: column 1 (\(name)) begins with "5", and is not read as time or does not grow
                  hint: --map time=COLUMN names one; --log-rate HZ says how many rows a second has, --log-rate model that they \
                come at the model's 20 Hz
                """)
    }

    @Test func ofSeveralTheFinestThatGrowsIsTaken() throws {
        let rows = (0..<40).map { "\($0 / 20),\(1_000_000 + $0 * 50_000_000),7,\($0 * 50),\($0)\n" }.joined()
        let text = "timestamp,Creation_Time,date,Arrival_Time,a\n" + rows
        let said = try notes(text)
        #expect(
            said.contains(
                "\"Creation_Time\" is taken as the time, as the finest column that grows, not \"Arrival_Time\" or "
                    + "\"timestamp\": --map time=COLUMN chooses another"))
        #expect(said.contains("column \"Creation_Time\" taken as time in ns: rows are 50000000 ns apart"))
        let mapped = try notes(text, options { $0.columns = ["time": "Arrival_Time"] })
        #expect(mapped.contains("column \"Arrival_Time\" taken as time in ms: rows are 50 ms apart"))
        // A date is the coarser one; a column of words is none.
        let dated = (0..<9).map { "2024-01-01 00:00:00.\($0)00,\($0 * 100),x\($0),1\n" }.joined()
        #expect(try notes("date,t_ms,datetime,a\n" + dated).contains("column \"t_ms\" is time in ms"))
    }

    @Test func aLogWithoutTimesIsRefusedUnlessItsRateIsStated() throws {
        let text = "a\n1\n2\n3\n"
        let error = refusal(text, one, plain)
        #expect(error?.kind == .header && error?.line == 1 && error?.message == "no column with times")
        #expect(try read(text, one, atModelRate)[0].frames == [1000, 2000, 3000])
        #expect(try read(text, one, options { $0.isLive = true })[0].frames == [1000, 2000, 3000])
        let stated = try notes(text, options { ($0.usesModelRate, $0.logRate) = (false, 40) })
        #expect(
            stated == [
                "CSV, separated by comma", "no time column: rows come at 40 Hz, as stated", "resampled 40 Hz -> 20 Hz",
            ])
        // A column that is no time does not stand in the way of a stated rate.
        let clock = try notes("time,a\n00:01.5,1\n00:01.6,2\n", options { $0.logRate = 20 })
        #expect(clock.contains("column \"time\" is not read as time: it begins with \"00:01.5\""))
        #expect(refusal("a\n", one, plain)?.message == "has a header and no row")
    }

    @Test func aLiveLogIsNotReadAhead() throws {
        let live = options { ($0.isLive, $0.timeUnit) = (true, .milliseconds) }
        #expect(try read("uptime,a\n0,1\n50,2\n", one, live)[0].times == [0, 0.05])
        #expect(try read("uptime,t,a\n9,0,1\n9,50,2\n", one, live)[0].times == [0, 0.05])
        #expect(refusal("uptime,clock,a\n0,0,1\n", one, live)?.message == "two time columns: \"uptime\" and \"clock\"")
    }
}
