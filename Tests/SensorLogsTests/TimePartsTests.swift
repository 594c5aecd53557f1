import Testing

@testable import SensorLogs

/// Times in several columns, and times that begin anew.
@Suite struct TimePartsTests {
    private let one = model(["a"])
    private let plain = ReadingOptions()

    /// 60 rows at 20 Hz, from 58.5 seconds past 7:59 on.
    private func log(_ header: String, _ cells: (_ second: Int, _ millisecond: Int) -> String) -> String {
        "\(header),a\n" + (0..<60).map { "\(cells((58500 + $0 * 50) / 1000, (58500 + $0 * 50) % 1000)),1\n" }.joined()
    }

    private func clock(_ second: Int) -> String { second < 60 ? "07:59:\(second)" : "08:00:0\(second - 60)" }

    @Test func aFractionInAColumnOfItsOwn() throws {
        let logs = [
            log("Date,Time,ms") { "2024-03-14,\(clock($0)),\($1)" },
            log("datetime,Milliseconds") { "2024-03-14 \(clock($0)),\($1)" },
            log("sec,usec") { "\(1_710_403_140 + $0),\($1 * 1000)" },
            log("stamp.secs,stamp.nsecs") { "\(1_710_403_140 + $0),\($1)000000" },
            log("timestamp,timestamp_ms") { "\(1_710_403_140 + $0),\($1)" },
            log("time_ms,time_s") { "\($1),\(1_710_403_140 + $0)" },
        ]
        for text in logs {
            let wholes = try read(text, one, plain)
            #expect(
                wholes.count == 1 && wholes[0].times[0] == 1_710_403_198.5 && wholes[0].times[59] == 1_710_403_201.45)
            #expect(wholes[0].segment.notes.contains { $0.contains("together are the time: ") })
        }
    }

    @Test func hoursMinutesAndSeconds() throws {
        let logs = [
            log("hour,minute,second,millisecond") { "\($0 < 60 ? 7 : 8),\($0 < 60 ? 59 : 0),\($0 % 60),\($1)" },
            log("Hours,Minutes,Seconds") {
                "\($0 < 60 ? 7 : 8),\($0 < 60 ? 59 : 0),\(Double($0 % 60) + Double($1) / 1000)"
            },
        ]
        for text in logs {
            let wholes = try read(text, one, plain)
            #expect(wholes.count == 1 && wholes[0].times[0] == 28798.5 && wholes[0].times[59] == 28801.45)
        }
    }

    @Test func whatIsNoPart() throws {
        // Both have elapsed since the beginning: the finer one is the time.
        let both = log("time_s,time_ms") { "\($0 - 58),\(($0 - 58) * 1000 + $1)" }
        #expect(try read(both, one, plain)[0].times[59] == 3.45)
        // Up to the first row that says so, it could be a part.
        let late = "time_s,time_ms,a\n" + (0..<600).map { "\($0 * 2 / 1000),\($0 * 2),1\n" }.joined()
        let error = refusal(late, one, plain)
        #expect(
            error?.description == """
                log.csv:502: column 2 (time_ms): found "1000", expected a part of "time_s" below 1000, as in the first rows
                  hint: --map time=time_ms or time=time_s chooses one of them as the time
                """)
        #expect(try read(late, one, options { $0.columns = ["time": "time_ms"] })[0].times.count == 24)
        // A column that begins anew each second is none beside one that goes on.
        let other = log("clock,elapsed") { "\(clock($0)),\($1)" }
        let notes = try read(other, one, plain)[0].segment.notes
        #expect(notes.contains { $0.contains("\"clock\" is taken as the time") })
    }

    @Test func aClockWithoutColons() throws {
        let padded = log("time") { "\(clock($0).filter { $0 != ":" }).\("\(1000 + $1)".dropFirst())" }
        let milliseconds = padded.replacing(".", with: "").replacing("a\n0", with: "a\n")
        for text in [padded, padded.replacing("\n0", with: "\n"), milliseconds] {
            let wholes = try read(text, one, plain)
            #expect(wholes.count == 1 && abs(wholes[0].times[59] - 28801.45) < 1e-9)
        }
        // The first rows leave it open.
        let rows = (0..<400).map { "\($0 < 300 ? 120_044_950 + $0 * 50 : 120_100_000 + ($0 - 300) * 50)" }
        let open = "time,a\n" + rows.map { "\($0.prefix(6)).\($0.suffix(3)),1\n" }.joined()
        let error = refusal(open, one, plain)
        #expect(
            error?.message
                == "time goes from 120059.9 to 120100, as hours, minutes and seconds do at the end of a minute"
                && error?.hint == "--time-format hhmmss reads them so; --time-unit s reads them as numbers")
        let gap = open.split(separator: "\n").filter { !$0.hasPrefix("120059") && !$0.hasPrefix("120100") }
        let doubts = try read(gap.joined(separator: "\n"), one, plain).flatMap(\.segment.notes).filter(\.isDoubt)
        #expect(doubts.count { $0.hasPrefix("times such as 120101 in line 283 could be a clock's") } == 1)
        #expect(try read(open, one, options { $0.timePattern = TimePattern("hhmmss") }).count == 1)
        #expect(try read(open, one, options { $0.timeUnit = .seconds }).count == 2)
    }

    @Test(
        arguments: [
            ("micros", 4_294_000_000, 50000, 4_294_967_296), ("millis", 65000, 50, 65536),
            ("t_ms", 86_399_000, 50, 86_400_000),
        ] as [(String, Int, Int, Int)])
    func aCounterThatBeginsAnew(_ name: String, _ first: Int, _ step: Int, _ end: Int) throws {
        let text = "\(name),a\n" + (0..<60).map { "\((first + $0 * step) % end),1\n" }.joined()
        let wholes = try read(text, one, plain)
        #expect(wholes.count == 1 && zip(wholes[0].times, wholes[0].times.dropFirst()).allSatisfy { $1 - $0 > 0.049 })
        #expect(wholes[0].segment.notes.contains { $0.contains("begins anew") && $0.contains("its times go on") })
    }

    @Test func aRestartIsNone() throws {
        // A minute each, from 0 on: two recordings, and so are two that end elsewhere.
        for count in [1200, 700] {
            let rows = (0..<count * 2).map { "\(Double($0 % count) / 20),1\n" }.joined()
            #expect(try read("t_s,a\n" + rows, one, plain).count == 2)
        }
    }

    @Test func timesOfArrivalAreTheLesserChoice() throws {
        let rows = (0..<60).map { "\($0 / 8 * 400_000_000 + $0 % 8 * 30000),\(1000 + $0 * 50),1\n" }.joined()
        let notes = try read("server_timestamp,device_timestamp,a\n" + rows, one, plain)[0].segment.notes
        #expect(notes.contains("column \"device_timestamp\" taken as time in ms: rows are 50 ms apart"))
    }

    @Test func clocksThatAreSetBack() throws {
        let hours = ["12:59:59.%", "1:00:00.%"]
        let clock =
            "time,a\n" + hours.flatMap { hour in (0..<10).map { hour.replacing("%", with: "\($0),1\n") } }.joined()
        #expect(try read(clock, one, plain).count == 1)
        let days = ["2024-10-27 02:59:59.%", "2024-10-27 02:00:00.%"]
        let date = "time,a\n" + days.flatMap { day in (0..<10).map { day.replacing("%", with: "\($0),1\n") } }.joined()
        let wholes = try read(date, one, plain)
        #expect(wholes.count == 1)
        #expect(wholes[0].segment.notes.contains("the clock is set back by an hour before line 12; its times go on"))
    }

    @Test func rowsPassedOverHaveNoSay() throws {
        let text = "t_ms,sensor,a\n" + (0..<60).map { "\($0 * 25),\($0 % 2 == 0 ? "A" : "B"),1\n" }.joined()
        let wholes = try read(text, one, options { $0.only = ["sensor": "A"] })
        #expect(wholes[0].times.count == 30)
        let unnamed = text.replacing("t_ms", with: "time")
        let notes = try read(unnamed, one, options { $0.only = ["sensor": "A"] })[0].segment.notes
        #expect(notes.contains("column \"time\" taken as time in ms: rows are 50 ms apart"))
    }

    @Test func droppedRowsAreToldOnce() throws {
        let rows = (0..<60).map { "\($0 * 50 + $0 / 20 * 5000),\($0 % 10 == 3 ? "x" : "1")\n" }.joined()
        let wholes = try read("t_ms,a\n" + rows, one, options { $0.badRows = .skip })
        let told = wholes.flatMap(\.segment.notes).filter { $0.hasPrefix("dropped") }
        #expect(wholes.count == 3 && told.map(\.text) == ["dropped 6 rows that could not be read, the first in line 5"])
    }
}
