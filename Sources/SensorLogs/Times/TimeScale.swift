/// The seconds that a column's numbers mean.
struct TimeScale: Equatable {
    var unit = TimeUnit.seconds
    /// The number that is 1970-01-01T00:00:00Z, where numbers count from a day before it; else 0.
    var origin = 0.0

    func seconds(_ written: Double) -> Double { unit.seconds(written - origin) }

    /// The scales of numbers that say a date: since 1970, FILETIME since 1601, .NET's ticks since the year 1, Excel's days and
    /// MATLAB's. No number is a date of this century in two of them.
    private static let ofDates =
        [.seconds, .milliseconds, .microseconds, .nanoseconds, .hundredNanoseconds].map { TimeScale(unit: $0) } + [
            TimeScale(unit: .hundredNanoseconds, origin: 116_444_736_000_000_000),
            TimeScale(unit: .hundredNanoseconds, origin: 621_355_968_000_000_000),
            TimeScale(unit: .days, origin: 25569), TimeScale(unit: .days, origin: 719_529),
        ]

    /// The scale in which a number is a date from 2001 to 2099, if rows `spacing` apart then come at a rate that a log can
    /// have: not much below the model's. Counters of another unit can have such numbers, too, but are too far apart then.
    static func ofDate(_ number: Double, spacing: Double, period: Double) -> TimeScale? {
        ofDates.first { scale in
            // Seconds since 1980, 1989 or 2001 are told by the same rule: their unit is all that counts.
            let first = scale == TimeScale() ? 5e8 : 978_307_200
            return (first..<4_102_444_800).contains(scale.seconds(number))
                && (1e-5...10 * period).contains(scale.unit.seconds(spacing))
        }
    }

    /// The unit in which rows come at one of the rates, but for a tenth.
    static func unit(spacing: Double, rates: [Double]) -> TimeUnit? {
        TimeUnit.allCases.first { unit in rates.contains { isNear(1 / unit.seconds(spacing), $0) } }
    }

    /// What `--time-unit` could say: the units in which rows come at a rate that a log can have, that nearest to the model's
    /// first.
    static func choices(spacing: Double, period: Double) -> String? {
        let units = TimeUnit.allCases.filter { (period / 200...period * 20).contains($0.seconds(spacing)) }
        func distance(_ unit: TimeUnit) -> Double {
            let ratio = unit.seconds(spacing) / period
            return max(ratio, 1 / ratio)
        }
        let words = units.sorted { distance($0) < distance($1) }.prefix(3).map {
            "--time-unit \($0.rawValue) for \(short(1 / $0.seconds(spacing))) Hz"
        }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

/// Two rates that differ by a tenth at most.
func isNear(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 0.1 * other }

extension TimeColumn {
    /// Finds the scale of numbers, first of all by what is stated; then by the column's name, unless a date or the rows' spacing says
    /// otherwise, which is refused; then by a date, a rate that the log names, and the spacing against the model's period.
    static func scale(
        _ candidate: TimeCandidate, _ written: Stamps, name: String, named: TimeUnit?, rates: [Double], period: Double,
        options: ReadingOptions, refuse: (String, String) -> LogError
    ) throws(LogError) -> (scale: TimeScale, note: Note) {
        let (spacing, column) = (written.spacing, "column \"\(name)\"")
        let first = candidate.times.lazy.compactMap { $0 }.first ?? 0
        let date = spacing > 0 ? TimeScale.ofDate(first, spacing: spacing, period: period) : nil
        if let unit = options.timeUnit {
            let scale = date?.unit == unit ? date! : TimeScale(unit: unit)
            return (scale, "\(column) is time in \(unit.rawValue)")
        }
        let byRate = spacing > 0 ? TimeScale.unit(spacing: spacing, rates: rates) : nil
        let inferred = date?.unit ?? byRate ?? (spacing > 0 ? inferredTimeUnit(step: spacing, period: period) : nil)
        if let named {
            let isPossible = (0.1...10).contains(named.seconds(spacing) / period)
            if let inferred, inferred != named, date != nil || !isPossible {
                let why =
                    date == nil
                    ? "but rows are \(short(spacing)) apart, as of \(inferred.rawValue); a tick of the model is \(short(period)) s"
                    : "but \(plain(first)) is a date in \(inferred.rawValue)"
                throw refuse(
                    "the unit of time is \(named.rawValue) by its name, \(why)",
                    "--time-unit \(inferred.rawValue) or \(named.rawValue) says which")
            }
            return (date ?? TimeScale(unit: named), "\(column) is time in \(named.rawValue)")
        }
        if options.isLive {
            throw refuse(
                "the unit of time must be stated: a live log is not read ahead to infer it",
                "--time-unit s, ms, us or ns says it; so does a column name such as time_ms")
        }
        if let odd = oddUnit(name) {
            throw refuse(
                "the unit of time is \"\(odd)\" by its name, which is none that is known",
                "--log-rate HZ says how many rows a second has"
                    + (TimeScale.choices(spacing: spacing, period: period).map { "; \($0)" } ?? ""))
        }
        if spacing == 0 { return (TimeScale(), "\(column) has no two increasing times; taken as seconds") }
        guard let inferred else {
            let choices = TimeScale.choices(spacing: spacing, period: period)
            throw refuse(
                "cannot tell the unit of time: rows are \(short(spacing)) apart, a tick of the model is "
                    + "\(short(period)) s",
                "--log-rate HZ says how many rows a second has" + (choices.map { "; \($0)" } ?? ""))
        }
        let rate = short(1 / inferred.seconds(spacing))
        let apart = "rows are \(distance(spacing, at: first)) \(inferred.rawValue) apart"
        var note: Note =
            "\(column) taken as time in \(inferred.rawValue): \(apart)"
        if let date, date.unit != inferredTimeUnit(step: spacing, period: period) {
            note =
                "\(column) taken as time in \(inferred.rawValue): \(plain(first)) is a date so, and \(apart)"
        } else if date == nil, byRate != nil, byRate != inferredTimeUnit(step: spacing, period: period) {
            note.text += ", which is the \(rate) Hz that a line before the header names"
        } else if date == nil, byRate == nil, inferred.seconds(spacing) > 1.5 * period {
            note = .doubt(
                note.text + ", which is \(rate) Hz, below the model's \(short(1 / period)) Hz: is it another unit? "
                    + "--time-unit \(inferred.rawValue) says that it is this one")
        }
        return (date ?? TimeScale(unit: inferred), note)
    }

    /// A distance between numbers, of which as doubles only the first digits are true where they are large.
    private static func distance(_ spacing: Double, at number: Double) -> String {
        var digit = 1.0
        while abs(number) > 0x1p53, spacing >= 1000 * digit { digit *= 10 }
        return digit > 1 ? short((spacing / digit).rounded() * digit) : short(spacing)
    }

    /// The unit in brackets in a name, where it counts time in what is no unit: `time (10us)`, `t [ticks]`.
    private static func oddUnit(_ name: String) -> String? {
        guard let match = name.lowercased().firstMatch(of: /[\[(]([^\])]+)[\])]\s*$/) else { return nil }
        let text = match.1
        let isOdd =
            text.wholeMatch(of: /(1\/)?[0-9]+ ?([mun\u{b5}\u{3bc}]?s|hz)?|ticks?|samples?|counts?|frames?/) != nil
        return isOdd ? String(text) : nil
    }

    /// Doubts about the rate at which rows come, in seconds: one that a line before the header names differently, and rows that
    /// come in bursts.
    static func doubts(_ stamps: Stamps, _ times: [Double], rates: [Double], longestStep: Double) -> [Note] {
        guard stamps.spacing > 0 else { return [] }
        var notes: [Note] = []
        let hertz = 1 / stamps.spacing
        if let other = rates.first, !rates.contains(where: { isNear(hertz, $0) }) {
            notes.append(
                .doubt(
                    "rows come at \(short(hertz)) Hz by their times, and a line before the header names \(short(other)) Hz"
                ))
        }
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 >= 0 && $0 <= max(1, longestStep) }
        let mean = steps.reduce(0, +) / Double(max(1, steps.count))
        if steps.count >= 16, mean > 3 * stamps.spacing {
            notes.append(
                .doubt(
                    "rows come in bursts, most \(short(stamps.spacing * 1000)) ms apart and \(short(mean * 1000)) ms on average: "
                        + "are their times those of their arrival? --log-rate HZ spreads them evenly"))
        }
        return notes
    }
}
