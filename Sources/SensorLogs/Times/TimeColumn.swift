import SNNSampling

/// The times of a CSV log, by one look at its first rows: their column, how its cells are read, and what their stamps
/// are like.
struct TimeColumn {
    /// Nil where no column is, or none is read.
    private(set) var column: Int?
    /// Nil where times are numbers.
    private(set) var format: TimeFormat?
    /// Of the dates beside the times, where they have a column of their own.
    private(set) var dateFormat: TimeFormat?
    /// Numbers that a clock's hhmmss could be, too.
    private(set) var couldBeClock = false
    /// Of numbers to which parts of other columns are added.
    private(set) var wholeUnit: TimeUnit?
    /// Of other numbers.
    private(set) var scale = TimeScale()
    /// The first row's time and the rows a second, where the layout says them and no column has times.
    private(set) var even: (start: Double, hertz: Double)?
    /// Seconds after which a clock without a date begins anew.
    var cycle: Double? {
        guard dateFormat == nil else { return nil }
        return wholeUnit.map { $0 == .hours ? 86400 : nil } ?? format?.cycle
    }
    var hasTimes: Bool { column != nil || even != nil }
    /// In seconds.
    private(set) var stamps = Stamps()
    private(set) var notes: [Note] = []

    /// Gives the header its time column, unless the rate is stated instead. Refused: none, of a log that is not live; two with
    /// usual names, neither of which grows, and, live, several; dates that can be read in two ways; times that stand
    /// still or run backwards; a unit that is not said and cannot be told.
    ///
    /// - Parameter even: as the layout says them.
    init(
        _ header: inout CSVHeader, _ reader: LineReader, rate: TickRate, even: (start: Double, hertz: Double)?,
        options: ReadingOptions
    ) throws(LogError) {
        let headerLine = header.line
        if options.replacesTimes {
            noteRate(rate, options, header.timeCandidates.map { "\"\(header.names[$0])\"" })
            return
        }
        let look = TimeLook(
            reader, header, rowCount: options.isLive ? 1 : TimeLook.rowCount, preamble: header.layout.preamble,
            options: options)
        let file = reader.source.name
        guard let candidate = try choose(look, header, file: file, line: headerLine, isLive: options.isLive) else {
            if let even, !options.isLive {
                self.even = even
                notes.append("no time column: rows come at \(short(even.hertz)) Hz, as the layout says")
                return
            }
            guard look.rowCount == 0 || options.isLive else {
                throw noColumn(look, header, file: file, line: headerLine, rate: rate)
            }
            noteRate(rate, options, [])
            return
        }
        let column = candidate.column
        func refuse(_ line: Int, _ message: String, hint: String?) -> LogError {
            LogError(
                .header, file: file, line: line, column: column + 1, columnName: header.names[column], message,
                hint: hint)
        }
        let instead = options.isLive ? "" : "; --log-rate HZ does without times"
        let isClock = candidate.format?.cycle != nil || candidate.wholeUnit == .hours
        let date = !isClock ? nil : look.candidates.first { $0.isDateOnly }
        couldBeClock = candidate.couldBeClock && options.timeUnit == nil
        if let doubt = candidate.doubt ?? date?.doubt {
            throw refuse(look.line, doubt.message, hint: doubt.hint + instead)
        }
        (self.column, format, dateFormat) = (column, candidate.format, date?.format)
        wholeUnit = candidate.wholeUnit
        header.takeTime(column, date: date?.column, parts: candidate.parts)

        let written = Stamps(candidate.times.compactMap { $0 })
        if written.standsStill, !options.isLive {
            throw refuse(
                look.line, "the first \(look.rowCount) rows have the same time",
                hint: "--map time=COLUMN names another column; --log-rate HZ says how many rows a second has instead")
        }
        if written.fallCount >= 8, written.fallCount * 3 >= written.differenceCount {
            throw refuse(
                look.line, "time goes back \(written.fallCount) times within \(look.rowCount) rows",
                hint: "the rows of a log come in the order of their times, and those of one recording together")
        }
        let rates = options.isLive ? [] : ratesNamed(in: header.layout.preamble)
        if format != nil || wholeUnit != nil {
            guard options.timeUnit == nil else {
                throw refuse(
                    headerLine,
                    format.map { "holds \($0.hasDate ? "dates" : "times of a clock"), which have no unit to be stated" }
                        ?? "is one of several that together are the time, in units of their own",
                    hint: "leave out --time-unit")
            }
            notes.append(Note(TimeColumn.words(candidate, date, header)))
        } else {
            let found = try TimeColumn.scale(
                candidate, written, name: header.names[column], named: header.timeUnit, rates: rates,
                period: rate.period, options: options
            ) { refuse(options.isLive ? headerLine : look.line, $0, hint: $1) }
            scale = found.scale
            notes.append(found.note)
        }
        stamps = written.inSeconds(from: scale.unit)
        if options.isLive { return }
        let times = candidate.times.compactMap { $0 }.map(scale.seconds)
        notes += TimeColumn.doubts(stamps, times, rates: rates, longestStep: stamps.longestStep(rate.longestStep))
    }

    /// What columns of dates, clocks and parts have as the time.
    private static func words(_ time: TimeCandidate, _ date: TimeCandidate?, _ header: CSVHeader) -> String {
        let columns = ([date?.column, time.column] + time.parts.reversed().map(\.column)).compactMap { $0 }
        let names = columns.map { "\"\(header.names[$0])\"" }.joined(separator: " and ")
        let units = ([time.wholeUnit] + time.parts.reversed().map(\.unit)).compactMap { $0?.rawValue }
        let formats = [date?.format?.words, time.format?.words].compactMap { $0 }
        let zone = date != nil || time.format?.hasDate == true ? "; UTC where it names no zone" : ""
        let words = (formats + units).joined(separator: ", and ") + zone
        return columns.count > 1 ? "columns \(names) together are the time: \(words)" : "column \(names) is \(words)"
    }

    /// A mapped column, or the only one with the usual name, is believed; else the finest that grows is taken.
    private mutating func choose(
        _ look: TimeLook, _ header: CSVHeader, file: String, line: Int, isLive: Bool
    ) throws(LogError) -> TimeCandidate? {
        let others = look.candidates.filter { !$0.isDateOnly }
        let candidates = others.isEmpty ? look.candidates : others
        let usual = candidates.filter { timeColumnNames.contains(splitTimeUnit(header.names[$0.column]).base) }
        if header.isTimeMapped || candidates.count == 1 && usual.count == 1 { return candidates[0] }
        if !isLive, let sum = TimeCandidate(together: candidates, names: header.names) { return sum }
        if isLive, candidates.count == 1 || usual.count == 1 { return usual.first ?? candidates[0] }
        let growing = isLive ? [] : candidates.compactMap(Growth.init).sorted().map(\.candidate)
        if let finest = growing.first {
            if growing.count > 1 {
                let others = growing.dropFirst().map { "\"\(header.names[$0.column])\"" }
                notes.append(
                    "\"\(header.names[finest.column])\" is taken as the time, as the finest column that grows, not "
                        + "\(others.joined(separator: " or ")): --map time=COLUMN chooses another")
            }
            return finest
        }
        if usual.count > 1 || isLive && candidates.count > 1 {
            let names = (usual.count > 1 ? usual : candidates).prefix(2).map { "\"\(header.names[$0.column])\"" }
            throw LogError(
                .header, file: file, line: line, "two time columns: \(names[0]) and \(names[1])",
                hint: "--map time=COLUMN chooses one")
        }
        return usual.first
    }

    private func noColumn(
        _ look: TimeLook, _ header: CSVHeader, file: String, line: Int, rate: TickRate
    ) -> LogError {
        var message = "no column with times"
        if !look.candidates.isEmpty {
            let cells = zip(look.candidates, look.shownCells).prefix(4).map { candidate, shown in
                "column \(candidate.column + 1) (\(header.names[candidate.column])) begins with \(shown)"
            }
            message += ": \(cells.joined(separator: ", ")), and is not read as time or does not grow"
        }
        return LogError(
            .header, file: file, line: line, message,
            hint: (header.roles.contains(.ignored) ? "--map time=COLUMN names one; " : "")
                + "--log-rate HZ says how many rows a second has, --log-rate model that they "
                + "come at the model's \(short(rate.hertz)) Hz")
    }

    /// Says at what rate the rows of a log without times come, or of one whose columns with times are not used.
    private mutating func noteRate(_ rate: TickRate, _ options: ReadingOptions, _ unused: [String]) {
        let what =
            unused.isEmpty
            ? "no time column"
            : "\(unused.count == 1 ? "column" : "columns") \(unused.joined(separator: ", ")) not used"
        if let logRate = options.logRate {
            notes.append("\(what): rows come at \(short(logRate)) Hz, as stated")
        } else {
            notes.append(
                "\(what): each row is one tick at \(short(rate.hertz)) Hz"
                    + (options.usesModelRate ? ", as stated" : ""))
        }
    }
}

/// Dates that are read, for messages.
let datesRead =
    "2024-11-12 17:41:00.000, 2024-11-12T17:41:00+01:00, 12/11/2024 17:41:00 or 17:41:00.000, zones as Z, UTC, GMT or by "
    + "their hours"

/// Words that the name of a time column holds.
private let timeWords = ["time", "date", "stamp", "clock", "elapsed"]
/// Words of which one alone makes such a name.
private let wholeTimeWords: Set<String> = [
    "epoch", "ts", "hour", "minute", "minutes", "second", "millisecond", "microsecond", "nanosecond", "hours", "nsec",
    "usecs", "nsecs", "sec", "secs", "seconds", "ms", "msec", "millis", "milliseconds", "us", "usec", "micros",
    "microseconds",
    "ns", "nanos", "nanoseconds", "zeit", "uhrzeit", "datum", "zeitstempel", "temps", "heure", "tiempo", "fecha",
    "hora",
    "tempo",
]

/// The name could be a time column's.
func couldBeTime(_ name: String) -> Bool {
    var base = splitTimeUnit(name).base
    if let open = base.firstIndex(where: { $0 == "(" || $0 == "[" }) {
        base = base[..<open].split(separator: " ").joined(separator: " ")
    }
    // "update" and "candidate" hold a date by chance.
    let told = ["update", "candidate", "validate", "runtime"].reduce(base) { $0.replacing($1, with: "") }
    return timeColumnNames.contains(base) || timeWords.contains { told.contains($0) } || wholeTimeWords.contains(base)
        || TimePattern(name) != nil
}
