import Testing

@testable import SensorLogs

@Suite struct CSVTests {
    private let two = model(["a", "b"])

    @Test(arguments: [",", ";", "\t"]) func separatorsAreDetectedAndStated(_ separator: String) throws {
        let text = "a,x,b\n1,9,2\n3,9,4\n".replacing(",", with: separator)
        let wholes = try read(text, two)
        #expect(wholes[0].frames == [1000, 2000, 3000, 4000])
        let name = [",": "comma", ";": "semicolon", "\t": "tab"][separator]!
        #expect(wholes[0].segment.notes.contains("CSV, separated by \(name)"))
    }

    @Test func whatIsTolerated() throws {
        for text in [
            "\u{FEFF}a,b\n1,2\n3,4", "A , B\r\n1,2\r\n3,4\r\n", "\"a\",\" b \"\n\"1\",2\n 3 ,\t\"4\" \n",
            "# made by a watch\n\n  \na,b\n\n1,2\n# pause\n   \n3,4\n\n", "b,a\n2,1\n4,3", "a,b\n1.,+2\n.3e1,4",
            "a,b,\"c,\"\"d\"\n1,2,\"x, \"\"y\"\"\"\n3,4,", "a,b,note,note\n1,2,ü\u{0},\n3,4,,text",
        ] {
            let wholes = try read(text, two)
            #expect(wholes.map(\.frames) == [[1000, 2000, 3000, 4000]], "\(text)")
            #expect(wholes[0].times == [0, 0.05])
        }
    }

    @Test func withoutTimesRowsAreTicks() throws {
        let wholes = try read("a,label\n1,walk\n2,walk\n3,\n4,run\n", model(["a"]), options { $0.batchTickCount = 3 })
        #expect(wholes.count == 1 && wholes[0].frames == [1000, 2000, 3000, 4000])
        #expect(wholes[0].labels == ["walk", "walk", nil, "run"])
        #expect(wholes[0].times == [0, 0.05, 0.1, 3 * 1 / 20.0])
        #expect(wholes[0].segment.firstLine == 2 && wholes[0].segment.lastLine == 5)
        #expect(wholes[0].segment.interval == nil && !wholes[0].segment.isResampled)
        let log = try SensorLog(sources: [source("a\n1\n")], input: model(["a"]), options: atModelRate)
        #expect(
            try log.next()?.segment.notes.contains("no time column: each row is one tick at 20 Hz, as stated") == true)
    }

    @Test func mapping() throws {
        let text = "x_acc,when,t,y_acc,what,label\n1,0,z,2,p,0\n3,50,z,4,q,0\n"
        let wholes = try read(
            text, two,
            options { $0.columns = ["A": "X_acc", "b": "y_acc", "time": "when", "label": "what"] })
        #expect(wholes[0].frames == [1000, 2000, 3000, 4000])
        #expect(wholes[0].times == [0, 0.05] && wholes[0].labels == ["p", "q"])
        // A channel may have a name that otherwise means time or label.
        let named = try read("t,label\n1,2\n3,4\n", model(["t", "label"]))
        #expect(named[0].frames == [1000, 2000, 3000, 4000] && named[0].labels == [nil, nil])
    }

    @Test(arguments: [
        ("time_ms", TimeUnit.milliseconds), ("Time (ms)", .milliseconds), ("t[us]", .microseconds),
        ("timestamp_ns", .nanoseconds),
        ("TIMESTAMP [ s ]", nil), ("t_s", .seconds), ("time(µs)", .microseconds), ("t", nil), ("timestamp", nil),
    ]) func unitsInColumnNames(_ name: String, _ unit: TimeUnit?) {
        #expect(splitTimeUnit(name).unit == unit)
        if unit != nil { #expect(timeColumnNames.contains(splitTimeUnit(name).base)) }
    }

    @Test func unitsOfTime() throws {
        for (unit, step) in [
            (TimeUnit.seconds, "0.0%d"), (.milliseconds, "%d"), (.microseconds, "%d000"), (.nanoseconds, "%d000000"),
        ] {
            let times = [10, 60].map { step.replacing("%d", with: "\($0)") }
            let rows = ",a\n\(times[0]),1\n\(times[1]),2\n"
            for (name, override) in [("time", nil), ("time_\(unit.rawValue)", nil), ("time_s", unit)]
                as [(String, TimeUnit?)]
            {
                let wholes = try read(name + rows, model(["a"]), options { $0.timeUnit = override })
                #expect(wholes[0].times == [0.01, 0.06], "\(name)")
            }
            let inferred = try read("time" + rows)[0].segment.notes
            #expect(inferred.contains { $0.contains("taken as time in \(unit.rawValue)") })
        }
        // 100 Hz and 4 Hz logs of a 20 Hz model are still told.
        #expect(inferredTimeUnit(step: 10, period: 0.05) == .milliseconds)
        #expect(inferredTimeUnit(step: 0.25, period: 0.05) == .seconds)
        #expect(inferredTimeUnit(step: 1, period: 0.05) == nil)
        #expect(inferredTimeUnit(step: 1, period: 1) == .seconds)
    }

    @Test func rowsHeldForTheUnitAreNotLost() throws {
        for count in [1, 2, 255, 256, 257, 600] {
            let text = "time,a\n" + (0..<count).map { "\($0 * 50),\($0)\n" }.joined()
            let wholes = try read(text)
            #expect(wholes.map(\.times.count) == [count])
            #expect(wholes[0].frames == (0..<count).map { Int16(min($0 * 1000, 32767)) })
        }
    }

    @Test func skippingCountsAndStates() throws {
        let text =
            "t_ms,a\n0,1\n50,x\n50,2\n50,9\n100,3\n20,8\n150\n150,1,1\n150,4\n"
            + (4..<30).map { "\($0 * 50),7\n" }.joined()
        let log = try SensorLog(sources: [source(text)], input: model(["a"]), options: byTimes { $0.badRows = .skip })
        let wholes = try read(log)
        #expect(wholes.map { Array($0.frames.prefix(6)) } == [[1000, 2000, 9000, 3000, 4000, 7000]])
        #expect(
            Array(wholes[0].times.prefix(5)) == [0, 0.05, 0.05 + 0.05 / 2, 0.1, 0.15] && wholes[0].times.count == 31)
        var repairs = Repairs()
        repairs.unreadableRowCount = 3
        repairs.repeatedTimeRowCount = 1
        #expect(log.repairs == repairs)
        #expect(
            wholes[0].segment.notes.contains(
                "dropped 3 rows that could not be read and 1 row whose time does not exceed the one before, "
                    + "the first in line 3"))
        #expect(wholes[0].segment.repeatedTimeCount == 1)
        // The same where the unit is found.
        let inferred = try read(text.replacing("t_ms", with: "t"), model(["a"]), options { $0.badRows = .skip })
        #expect(inferred == wholes)
    }

    @Test func severalLogsAreSeveralSegments() throws {
        let log = try SensorLog(
            sources: [source("a\n1\n", name: "1.csv"), source("t_s,a\n3,2\n3.05,3\n", name: "2.csv")],
            input: model(["a"]), options: atModelRate)
        let wholes = try read(log)
        #expect(wholes.map(\.frames) == [[1000], [2000, 3000]])
        #expect(wholes.map(\.segment.file) == ["1.csv", "2.csv"] && wholes.map(\.segment.index) == [0, 1])
        let end = try log.next()
        #expect(end.map(\.frames) == nil)
    }
}
