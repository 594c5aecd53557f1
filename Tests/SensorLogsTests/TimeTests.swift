import Testing

@testable import SensorLogs

@Suite struct TimeTests {
    private let one = model(["a"])
    private let plain = ReadingOptions()

    private func notes(_ text: String, _ options: ReadingOptions = ReadingOptions()) throws -> [String] {
        try read(text, one, options)[0].segment.notes.map(\.text)
    }

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
                == "log.csv:4: column 1 (timestamp): found \"50\", expected a date and time, as in the first rows")
        let stated = refusal(text, one, options { $0.timeUnit = .milliseconds })
        #expect(stated?.message == "holds dates, which have no unit to be stated" && stated?.line == 1)
        let short = refusal("timestamp,a\n2023-09-06 08:00:00 CET,1\n", one, plain)
        #expect(short?.kind == .cell && short?.hint?.hasPrefix("dates are read as 2024-11-12") == true)
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
        #expect(
            try notes(text, atModelRate)
                == ["CSV, separated by comma", "no time column: each row is one tick at 20 Hz, as stated"])
        #expect(try read(text, one, options { $0.isLive = true })[0].frames == [1000, 2000, 3000])
        let stated = try notes(text, options { ($0.usesModelRate, $0.logRate) = (false, 40) })
        #expect(
            stated == [
                "CSV, separated by comma", "no time column: rows come at 40 Hz, as stated", "resampled 40 Hz -> 20 Hz",
            ])
        #expect(refusal("a\n", one, plain)?.message == "has a header and no row")
    }

    @Test func aColumnOfDatesNeedsNoName() throws {
        let text = ",a,by\n0,1,x\n1,2,x\n".replacing("\n0", with: "\n2024-11-12 17:41:00.00").replacing(
            "\n1", with: "\n2024-11-12 17:41:00.05")
        #expect(try read(text, one, plain)[0].times == [1_731_433_260, 1_731_433_260.05])
        // An index grows, too.
        let index = "index,a\n" + (0..<30).map { "\($0),1\n" }.joined()
        #expect(refusal(index, one, plain)?.message == "no column with times")
    }

    @Test func aNameThatStatesAnotherUnitThanTheRows() throws {
        let rows = (0..<30).map { "\(Double($0) / 20),1\n" }.joined()
        #expect(
            refusal("time_ms,a\n" + rows, one, plain)?.description == """
                log.csv:2: column 1 (time_ms): the unit of time is ms by its name, but rows are 0.05 apart, as of s; a tick of the \
                model is 0.05 s
                  hint: --time-unit s or ms says which
                """)
        #expect(try read("time_ms,a\n" + rows, one, byTimes { $0.timeUnit = .seconds })[0].times[29] == 1.45)
        #expect(try read("time_ms,a\n" + rows, one, byTimes { $0.timeUnit = .milliseconds })[0].times.count == 1)
    }

    @Test(arguments: [
        ("Time (min)", 1200.0), ("t_h", 72000), ("elapsed [days]", 1_728_000), ("Zeit (ms)", 0.02), ("millis", 0.02),
    ])
    func otherNamesAndUnits(_ name: String, _ perTick: Double) throws {
        let rows = (0..<40).map { "\(Double($0) / perTick),1\n" }.joined()
        let wholes = try read("\(name),a\n" + rows, one, plain)
        #expect(wholes.map(\.times.count) == [40] && abs(wholes[0].times[39] - 1.95) < 1e-9)
    }

    @Test(arguments: ["7", "1999-01-01", "yesterday", "", "00:01.5"]) func aStatedRateReplacesTimes(_ cell: String)
        throws
    {
        let log = try SensorLog(
            sources: [source("time,a,date\n" + (0..<4).map { "\(cell),\($0),\(cell)\n" }.joined())], input: one,
            options: byTimes { $0.logRate = 10 })
        let stated = try read(log)
        #expect(stated.map(\.frames) == [[0, 500, 1000, 1500, 2000, 2500, 3000]] && stated[0].times[6] == 0.3)
        #expect(
            stated[0].segment.notes.contains(
                "columns \"time\", \"date\" not used: rows come at 10 Hz, as stated"))
        let atRate = try SensorLog(sources: [source("t_s,a\n0,1\n9,2\n5,3\n")], input: one, options: atModelRate)
        let ticks = try read(atRate)
        #expect(ticks.map(\.frames) == [[1000, 2000, 3000]] && ticks[0].times == [0, 0.05, 0.1])
        #expect(
            ticks[0].segment.notes.contains("column \"t_s\" not used: each row is one tick at 20 Hz, as stated"))
    }

    @Test func timesThatStandStillOrRunBackwards() {
        let still = refusal("time,a\n" + String(repeating: "5,1\n", count: 30), one, plain)
        #expect(
            still?.description == """
                log.csv:2: column 1 (time): the first 30 rows have the same time
                  hint: --map time=COLUMN names another column; --log-rate HZ says how many rows a second has instead
                """)
        let newestFirst = "t_s,a\n" + (0..<30).map { "\(2 - Double($0) / 20),1\n" }.joined()
        let interleaved = "t_s,a\n" + (0..<30).map { "\(Double($0) / 20 + ($0 % 2 == 0 ? 0 : 100)),1\n" }.joined()
        for (text, count) in [(newestFirst, 29), (interleaved, 14)] {
            let error = refusal(text, one, plain)
            #expect(error?.message == "time goes back \(count) times within 30 rows")
            #expect(error?.kind == .header && error?.line == 2)
        }
    }

    @Test func aLiveLogIsNotReadAhead() throws {
        let live = options { ($0.isLive, $0.timeUnit) = (true, .milliseconds) }
        #expect(try read("uptime,a\n0,1\n50,2\n", one, live)[0].times == [0, 0.05])
        #expect(try read("uptime,t,a\n9,0,1\n9,50,2\n", one, live)[0].times == [0, 0.05])
        #expect(refusal("uptime,clock,a\n0,0,1\n", one, live)?.message == "two time columns: \"uptime\" and \"clock\"")
    }
}
