import Testing

@testable import SensorLogs

@Suite struct DateTests {
    private let one = model(["a"])
    private let plain = ReadingOptions()

    private func seconds(_ text: String, _ format: TimeFormat = TimeFormat(order: .yearFirst)) -> Double? {
        TimeText(Array(text.utf8).span)?.seconds(format).map { Double($0.whole) + $0.fraction }
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31 23:59:59", -1), ("2000-02-29T12:00:00.25Z", 951_825_600.25),
            ("2023-09-06T08:00:00.000-0400", 1_694_001_600), ("2023-09-06T12:00:00,5", 1_694_001_600.5),
            ("2023-09-06 14:00:00+02:00", 1_694_001_600), ("2023-09-06T14:00+02", 1_694_001_600),
            ("2023/09/06  12:00:00.125 Z", 1_694_001_600.125), ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("2024-12-31T00:00:00Z", 1_735_603_200), ("1600-03-01T00:00:00Z", -11_670_912_000),
            ("2023-09-06T12:00:00.123456789012345678901Z", 1_694_001_600.123456789),
            ("2023/9/6 8:00:00 AM", 1_693_987_200), ("2023-09-06 12:00:00 am", 1_693_958_400),
            ("2023.09.06, 08:00:00:250", 1_693_987_200.25), ("2023-09-06 12:00:00 UTC", 1_694_001_600),
            ("20230906120000", 1_694_001_600), ("20230906T120000.5Z", 1_694_001_600.5),
            ("20230906120000250", 1_694_001_600.25),
            ("20230906 080000-0400", 1_694_001_600),
            ("2023-09-06 14:00:00+0200 [Europe/Berlin]", 1_694_001_600),
            ("2023-09-06 14:00 GMT+0200 (CEST)", 1_694_001_600),
            ("2023-09-06 13:00:00 UTC+1", 1_694_001_600), ("2023:09:06 12:00:00.5", 1_694_001_600.5),
            ("2023-09-06_12-00-00.5", 1_694_001_600.5), ("2023-09-06 12:00:00 p.m.", 1_694_001_600),
            ("23-09-06 12:00:00", 1_694_001_600),
        ] as [(String, Double)]) func dates(_ text: String, _ expected: Double)
    { #expect(seconds(text) == expected) }

    @Test(arguments: [
        "", "2023", "2023-09-06", "2023-13-06T08:00:00", "2023-02-29T08:00:00", "2100-02-29T08:00:00",
        "2023-04-31T08:00:00", "2023-00-10T08:00:00", "2023-01-00T08:00:00",
        "2023-09-06T24:00:00", "2023-09-06T08:60:00", "2023-09-06T08:00:61", "2023-09-06T08:00:00.",
        "2023-09-06T08:00:00x", "2023-09-06T08:00.5", "2023-09/06 08:00:00", "2023-09-06 13:00:00 PM",
        "2023-09-06T08:00:00+1", "2023-09-06T08:00:00+24:00", "2023-09-06T08:00:00+01:60", "06/09/2023 08:00:00",
        "2023-09-06 08:00:00 CET", "2023-09-06_08-00", "2023-09-06 08:00:00+01:00 [Europe", "2023:09:06", "00:04.5",
        "-023-09-06T08:00:00", "2023-09-06T08", "2023-09-06T08:00:00:50",
        "20231-09-06T08:00:00", "2023-009-06T08:00:00", "2023-Xyz-06 08:00:00", "1-2-3-4", "1.5", "...", "::",
        "20231306120000", "2023090612000", "202309061200001", "20230906T1200", "18230906120000",
    ]) func whatIsNoDateWithTheYearInFront(_ text: String) { #expect(seconds(text) == nil) }

    @Test(
        arguments: [
            ("14/03/2025 08:00:00.5", .dayFirst, 1_741_939_200.5), ("3/14/2025 8:00 AM", .monthFirst, 1_741_939_200),
            ("14.3.2025 08:00:00", .dayFirst, 1_741_939_200), ("14-Mar-2025 08:00:00", .dayFirst, 1_741_939_200),
            ("03-14-2025T08:00:00Z", .monthFirst, 1_741_939_200), ("14 March 2025 8:00", .dayFirst, 1_741_939_200),
            ("Fri Mar 14 2025 08:00:00 GMT+0000 (UTC)", .dayFirst, 1_741_939_200),
            ("Friday, 14 Mar 2025 08:00:00 GMT", .dayFirst, 1_741_939_200),
            ("March 14, 2025 8:00 a.m.", .dayFirst, 1_741_939_200), ("14/03/25 08:00", .dayFirst, 1_741_939_200),
            ("14.03.25 08:00", .dayFirst, 1_741_939_200), ("03/14/25 08:00", .monthFirst, 1_741_939_200),
            ("14 03 2025 08:00", .dayFirst, nil), ("Fri Mar 14 08:00:00", .dayFirst, nil),
            ("14/03/2025 08:00", .monthFirst, nil), ("14-Mar-2025 08:00:00", .monthFirst, nil),
            ("2025/03/14 08:00", .dayFirst, nil), ("31/04/2025 08:00", .dayFirst, nil),
        ] as [(String, DateOrder, Double?)])
    func daysAndMonths(_ text: String, _ order: DateOrder, _ expected: Double?) {
        #expect(seconds(text, TimeFormat(order: order)) == expected)
    }

    @Test(
        arguments: [
            ("08:15:00.5", false, 29700.5), ("8:15", false, 29700), ("1:00:00 PM", false, 46800),
            ("30:00:00", false, 108_000),
            ("00:04.5", true, 4.5), ("75:03", true, 4503), ("081500.5", false, 29700.5), ("081500250", false, 29700.25),
            ("81500", false, 29700),
            ("1 days 00:00:01.5", false, 86401.5), ("0 day 8:15", false, nil), ("081561", false, nil),
            ("246000", false, nil), ("1:15:03", true, 4503), ("08:15:00,25", false, 29700.25),
            ("08:75", false, nil), ("2023-09-06 08:15:00", false, nil), ("8", false, nil), ("8:1", false, nil),
        ] as [(String, Bool, Double?)])
    func clocks(_ text: String, _ isMinutes: Bool, _ expected: Double?) {
        #expect(seconds(text, TimeFormat(isMinutes: isMinutes)) == expected)
    }

    @Test(
        arguments: [
            ("dd/mm/yyyy", .dayFirst, nil), ("MM-DD-YYYY hh:mm:ss.ms", .monthFirst, false),
            ("Time (mm:ss.s)", nil, true),
            ("yyyy-MM-dd'T'HH:mm", .yearFirst, false), ("Firmware v0 date format d/M/yyyy at 20 Hz", .dayFirst, nil),
            ("hh:mm:ss.ms", nil, false),
        ] as [(String, DateOrder?, Bool?)])
    func patterns(_ text: String, _ order: DateOrder?, _ isMinutes: Bool?) {
        let pattern = TimePattern(text)
        #expect(pattern?.order == order && pattern?.isMinutes == isMinutes && pattern != nil)
    }

    @Test(arguments: ["", "time", "t (ms)", "a m/s", "gyro_x", "d", "Y-m", "Epoch Period 00:00:00", "m s"])
    func whatIsNoPattern(_ text: String) { #expect(TimePattern(text) == nil) }

    private func log(_ name: String, _ cells: [String]) -> String {
        "\(name),a\n" + cells.map { "\($0),1\n" }.joined()
    }

    /// A minute begins; as numbers the two would be 40 s apart.
    @Test func datesWhoseFieldsStandTogether() throws {
        let wholes = try read(
            log("timestamp", ["20241112174159950", "20241112174200000", "20241112174200050"]), one, plain)
        #expect(wholes.map(\.times) == [[1_731_433_319.95, 1_731_433_320, 1_731_433_320.05]])
        // Nanoseconds of a clock that happen to begin so.
        let uptime = (0..<60).map { String(20_241_112_174_100 + $0 * 50_000_000) }
        #expect(try read(log("uptime", uptime), one, plain)[0].times[1] == 20_241_162_174_100 / 1e9)
    }

    @Test func theLogSettlesDayAndMonth() throws {
        for (first, second, start, words) in [
            ("12/12/2024", "13/12/2024", 1_734_047_999.0, "day/month/year"),
            ("12/12/2024", "12/13/2024", 1_734_047_999, "month/day/year"),
            ("12.11.2024", "12.11.2024", 1_731_455_999, "day/month/year"),
            ("07/07/2024", "07/07/2024", 1_720_396_799, "day/month/year"),
        ] {
            // The second is a few seconds before or after midnight.
            let cells = [
                "\(first) 23:59:59.0", "\(first) 23:59:59.05",
                first == second ? "\(first) 23:59:59.10" : "\(second) 00:00:00",
            ]
            let wholes = try read(log("timestamp", cells), one, plain)
            #expect(wholes[0].times[0] == start)
            #expect(
                wholes[0].segment.notes.contains(
                    "column \"timestamp\" is date and time, \(words); UTC where it names no zone"))
        }
    }

    @Test func whatNothingSettlesIsRefused() throws {
        let cells = (0..<9).map { "11/12/2024 17:41:00.\($0)" }
        #expect(
            refusal(log("Timestamp", cells), one, plain)?.description == """
                log.csv:2: column 1 (Timestamp): the date 11/12/2024 could be 11 December or 12 November
                  hint: --time-format dd/mm/yyyy or mm/dd/yyyy says which; --log-rate HZ does without times
                """)
        for (pattern, start) in [("dd/mm/yyyy", 1_733_938_860.0), ("mm/dd/yyyy hh:mm:ss.s", 1_731_433_260)] {
            let stated = byTimes { $0.timePattern = TimePattern(pattern) }
            #expect(try read(log("Timestamp", cells), one, stated)[0].times[0] == start)
            #expect(try read(log(pattern, cells), one, plain)[0].times[0] == start)
        }
        // A date that can be read in one way only is read so.
        let certain = byTimes { $0.timePattern = TimePattern("dd/mm/yyyy") }
        #expect(try read(log("t", ["2024-11-12 17:41:00"]), one, certain)[0].times == [1_731_433_260])
        // What is stated goes before what a number shows, and such dates are then refused.
        let wrong = refusal(
            log("t", ["14/03/2025 08:00:00"]), one, byTimes { $0.timePattern = TimePattern("mm/dd/yyyy") })
        #expect(
            wrong?.line == 2
                && wrong?.message.hasSuffix("expected a date and time, month/day/year, as in the first rows") == true)
        let clock = (0..<9).map { "08:\(10 + $0)" }
        #expect(
            refusal(log("clock", clock), one, plain)?.hint?.hasPrefix("--time-format hh:mm or mm:ss says which") == true
        )
        #expect(try read(log("clock (mm:ss)", clock), one, plain)[0].times == [490])
    }

    @Test func aPreambleSettlesDayAndMonth() throws {
        let rows = "Timestamp,a\n11/12/2024 17:41:00.000,1\n11/12/2024 17:41:00.050,2\n"
        let wholes = try read("Serial Number: 1\nActiLife date format dd/MM/yyyy at 20 Hz\n" + rows, one, plain)
        #expect(wholes.map(\.times) == [[1_733_938_860, 1_733_938_860.05]])
        #expect(
            refusal(rows, one, plain)?.message == "the date 11/12/2024 could be 11 December or 12 November")
    }

    @Test func aDateAndAClockAreOneTime() throws {
        let text = "dd/mm/yyyy, hh:mm:ss.ms,a\n14/03/2025, 23:59:59.950,1\n15/03/2025, 00:00:00.000,2\n"
        let wholes = try read(text, one, plain)
        #expect(wholes.map(\.times) == [[1_741_996_799.95, 1_741_996_800]])
        #expect(
            wholes[0].segment.notes.contains(
                "columns \"dd/mm/yyyy\" and \"hh:mm:ss.ms\" together are the time: date, day/month/year, and time of a clock, "
                    + "hours:minutes:seconds; UTC where it names no zone"))
        let other = try read("time,date,a\n23:59:59.950,2025-03-14,1\n00:00:00.000,2025-03-15,2\n", one, plain)
        #expect(other.map(\.times) == wholes.map(\.times))
        let doubt = refusal("date,time,a\n01/02/2025,10:00:00,1\n01/02/2025,10:00:01,1\n", one, plain)
        #expect(doubt?.message == "the date 1/2/2025 could be 1 February or 2 January")
    }

    @Test func aClockGoesOnBeyondItsEnd() throws {
        let midnight = try read(log("clock", ["23:59:59.95", "00:00:00.00", "00:00:00.05"]), one, plain)
        #expect(midnight.map(\.times) == [[86399.95, 86400, 86400.05]])
        #expect(
            midnight[0].segment.notes.contains("the clock passes midnight before line 3; its times go on"))
        let hour = try read(log("Time", (0..<40).map { "\($0 < 20 ? "59:59" : "00:00").\($0 % 20 / 2)" }), one, plain)
        #expect(hour.count == 1 && hour[0].times.count == 40)
        #expect(hour[0].segment.notes.contains("the clock begins a new hour before line 22; its times go on"))
    }

    /// Dates that are none in either order, beside ones that are.
    @Test(arguments: ["00/00/2024", "45/45/2024", "00/13/2024", "13/13/2024"])
    func damagedDates(_ date: String) {
        let cells = ["\(date) 17:41:00", "11/12/2024 17:41:00", "11/12/2024 17:41:01"]
        #expect(refusal(log("time", cells), one, plain)?.message.hasPrefix("the date 11/12/2024 could be") == true)
        let only = refusal(log("time", Array(repeating: cells[0], count: 9)), one, plain)
        #expect(only?.kind == .cell && only?.line == 2)
    }

    @Test func noDamageTraps() {
        let seed: UInt64 = 11
        var random = Seeded(state: seed)
        let whole = Array(
            "date,time,stamp,a\n11/12/2024,23:59:59.9,20241112235959,1\n12-Nov-2024,00:00.5 AM,2024-11-12T17:41Z,2\n"
                .utf8)
        for _ in 0..<4000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let i = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[i] = Array("0123456789:/-. ,TZAPM".utf8).randomElement(using: &random)!
                case 1: bytes.remove(at: i)
                default: bytes.insert(bytes.randomElement(using: &random)!, at: i)
                }
            }
            _ = refusal([source(bytes)], one, byTimes { $0.badRows = .skip })
        }
    }
}
