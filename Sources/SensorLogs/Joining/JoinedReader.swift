import SNNSampling

/// The rows of several CSV logs of one recording, each of which has some of the model's channels, joined on time: format.md,
/// section 17. The first file gives the rows; the values of the others lie on the line between their rows around it, or are
/// those of a row at most one and a half ticks away where there is none on one side.
final class JoinedReader: RowSource {
    let name: String
    let hasTimes = true
    let hasHeader = true
    let session: String? = nil
    var labels: Labels { parts[labelPart].reader.labels }
    var units: [WrittenUnit?] { owners.indices.map { parts[owners[$0]].reader.units[$0] } }

    private var parts: [JoinedPart]
    /// The part that has each channel.
    private let owners: [Int]
    /// The part whose labels are taken.
    private let labelPart: Int
    private let rate: TickRate
    private var notes: [Note] = []
    /// Rows of the first file that the others have no values for.
    private var unmatchedCount = 0
    private var times: (first: Double, last: Double)?
    private var isAtEnd = false

    /// - Parameters:
    ///   - readers: the first gives the rows.
    ///   - owners: the index of the reader that has each channel.
    /// Refused: a file without times.
    init(_ readers: [CSVReader], owners: [Int], hasLabel: [Bool], rate: TickRate) throws(LogError) {
        name = ([readers[0].name] + readers.dropFirst().map { lastPart($0.name) }).joined(separator: " + ")
        parts = readers.map { JoinedPart($0, channelCount: owners.count, rate: rate) }
        self.owners = owners
        labelPart = hasLabel.firstIndex(of: true) ?? 0
        self.rate = rate
        for reader in readers where !reader.hasTimes {
            throw LogError(
                .header, file: reader.name, "has no times, on which the files of one recording are joined",
                hint: "--map time=COLUMN names the column that has them")
        }
    }

    var repairs: Repairs {
        var sum = parts.map(\.reader.repairs).reduce(Repairs(), +)
        sum.unmatchedRowCount += unmatchedCount
        return sum
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        row.startsSession = false
        while try parts[0].advance() {
            let time = parts[0].after.time
            var isMatched = true
            for i in 1..<parts.count where try !bracket(i, time) { isMatched = false }
            if times == nil { tellClocks() }
            guard isMatched else {
                unmatchedCount += 1
                continue
            }
            row.time = time
            row.line = parts[0].after.line
            row.label = labelPart == 0 ? parts[0].after.label : label(parts[labelPart], time)
            for (channel, owner) in owners.enumerated() { row.values[channel] = value(parts[owner], channel, time) }
            times = (times?.first ?? time, time)
            return true
        }
        try end()
        return false
    }

    /// Moves a part's rows so that the time lies between them; false where none of its rows is near enough.
    private func bracket(_ i: Int, _ time: Double) throws(LogError) -> Bool {
        while parts[i].rowCount == 0 || parts[i].hasAfter && parts[i].after.time < time {
            guard try parts[i].advance() else { break }
        }
        return parts[i].isBetween(time, rate.longestStep) || parts[i].nearest(time, within: 1.5 * rate.period) != nil
    }

    private func value(_ part: JoinedPart, _ channel: Int, _ time: Double) -> Double {
        guard part.isBetween(time, rate.longestStep) else {
            return part.nearest(time, within: 1.5 * rate.period)!.values[channel]
        }
        if part.after.time == time { return part.after.values[channel] }
        return interpolated(
            before: part.before.values[channel], after: part.after.values[channel], timeBefore: part.before.time,
            timeAfter: part.after.time, time: time)
    }

    private func label(_ part: JoinedPart, _ time: Double) -> Int32 {
        part.hasBefore && part.after.time != time ? part.before.label : part.after.label
    }

    func takeNotes() -> [Note] {
        defer { notes = [] }
        let others = parts.dropFirst().flatMap { part in
            part.reader.takeNotes().map { $0.of(lastPart(part.reader.name)) }
        }
        return parts[0].reader.takeNotes() + others + notes
    }

    /// Says how far apart the clocks begin, once each file has given a row.
    private func tellClocks() {
        guard notes.isEmpty, unmatchedCount == 0 else { return }
        for part in parts.dropFirst() where part.rowCount > 0 {
            let offset = part.firstTime - parts[0].firstTime
            let size = abs(offset) < 1 ? "\(short(abs(offset) * 1000)) ms" : "\(short(abs(offset))) s"
            notes.append(
                "joined on time: \(lastPart(part.reader.name)) begins \(size) \(offset < 0 ? "before" : "after") "
                    + "\(lastPart(parts[0].reader.name)), whose rows are taken; the other's values lie between its rows"
            )
        }
    }

    /// Refused: files that do not overlap in time.
    private func end() throws(LogError) {
        if isAtEnd { return }
        isAtEnd = true
        for i in parts.indices.dropFirst() { while try parts[i].advance() {} }
        guard parts[0].rowCount > 0 else { return }
        func span(_ part: JoinedPart) -> String {
            "\(lastPart(part.reader.name)) from \(plain(part.firstTime)) to \(plain(part.lastTime)) s"
        }
        guard let times else {
            throw LogError(
                .header, file: name, "the files do not overlap in time: \(parts.map(span).joined(separator: ", "))",
                hint: "are they of one recording, with one clock? --map time=COLUMN chooses another")
        }
        for part in parts where part.repeatedTimeCount > 0 {
            notes.append(
                Note(
                    "\(lastPart(part.reader.name)): \(counted(part.repeatedTimeCount, "row")) with the time of the row before, "
                        + "spread evenly up to the next time"))
        }
        let whole = parts[0].lastTime - parts[0].firstTime
        let overlap = "the files overlap for \(short(times.last - times.first)) s of \(short(whole)) s"
        let left =
            unmatchedCount == 0
            ? ""
            : ": left out \(counted(unmatchedCount, "row")) of \(lastPart(parts[0].reader.name)) without others around"
        notes.append(Note(overlap + left, isDoubt: unmatchedCount * 2 > parts[0].rowCount))
    }
}

/// The last part of a path.
func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
