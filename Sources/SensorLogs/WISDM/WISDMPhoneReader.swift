import SNNSampling

/// The rows of a phone's log in the layout of WISDM v1.1, in their order. A session is a stretch of one subject and one
/// activity whose times do not jump back. The published file is damaged in known ways: lines that cannot be read, rows
/// with the time 0 and rows that do not come after the one before are dropped and counted without being asked for.
final class WISDMPhoneReader: RowSource {
    let name: String
    let hasTimes: Bool
    private(set) var session: String?
    private(set) var labels = Labels()
    private(set) var repairs = Repairs()
    let units: [WrittenUnit?]

    private let reader: LineReader
    /// The axis of each channel.
    private let axes: [Int]
    private let unit: TimeUnit
    private let longestStep: Double
    /// The records of the line read last that are still to be handed out, with their labels.
    private var records: [(record: WISDMPhoneRecord, label: Int32)] = []
    private var nextRecord = 0
    /// The place of the row handed out last in its session.
    private var position = 0
    private var last: (subject: Int64, label: Int32, time: Double)?
    private var notes: [Note]

    private enum Drop: String, CaseIterable {
        case unreadable = "that could not be read"
        case zeroTime = "with the time 0"
        case repeatedTime = "whose time does not exceed the one before"
    }
    /// The rows dropped so far, with the line of the first and the reason.
    private var drops: [Drop: (count: Int, line: Int, reason: String)] = [:]

    /// Refused: a model with channels that are no acceleration, and times whose unit cannot be told.
    init(_ reader: LineReader, input: LogInput, options: ReadingOptions) throws(LogError) {
        self.reader = reader
        name = reader.source.name
        hasTimes = !options.replacesTimes
        longestStep = input.rate.longestStep
        let columns = ["x", "y", "z"].map { NamedColumn(name: "accel_\($0)", meaning: "accel_\($0)", unit: "m/s^2") }
        axes = try SensorLogs.columns(of: input, among: columns, mapped: options.columns, file: name)
        units = axes.map { columns[$0].writtenUnit(line: nil, column: 3 + $0) }
        let (step, found) = WISDMPhoneReader.timeUnit(reader, input, options)
        guard let unit = options.timeUnit ?? found else {
            throw LogError(
                .header, file: name, columnName: "timestamp",
                options.isLive
                    ? "the unit of time must be stated: a live log is not read ahead to infer it"
                    : "cannot tell the unit of time: rows are \(short(step ?? 0)) apart, a tick of the model is "
                        + "\(short(input.rate.period)) s", hint: "--time-unit s, ms, us or ns says it")
        }
        self.unit = unit
        notes = ["WISDM v1.1 raw text: a phone's acceleration in m/s^2, time in \(unit.rawValue)"]
        if let rate = options.statedRate(input.rate), !hasTimes {
            notes.append(Note("its times are not used: rows come at \(short(rate)) Hz within each activity, as stated"))
        } else if options.timeUnit == nil, let step {
            notes[0].text += ": rows are \(plain(step)) \(unit.rawValue) apart"
        }
    }

    /// The median step of the first rows, and the unit by it; nanoseconds, as the dataset says, where no time grows.
    private static func timeUnit(
        _ reader: LineReader, _ input: LogInput, _ options: ReadingOptions
    ) -> (step: Double?, unit: TimeUnit?) {
        if options.timeUnit != nil || options.isLive { return (nil, nil) }
        var times: [Double] = []
        reader.lookAhead { line in
            var position = 0
            if let record = try? WISDMPhoneRecord(line, from: &position, number: 0, file: ""), record.time != 0 {
                times.append(Double(record.time))
            }
            return times.count < 256
        }
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }
        guard let step = lowerMedian(steps) else { return (nil, .nanoseconds) }
        return (step, inferredTimeUnit(step: step, period: input.rate.period))
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while true {
            if nextRecord == records.count { guard try readLine() else { return false } }
            let (record, label) = records[nextRecord]
            nextRecord += 1
            guard record.time != 0 else {
                drop(.zeroTime)
                continue
            }
            let time = unit.seconds(Double(record.time))
            let step = time - (last?.time ?? time)
            row.startsSession = last?.subject != record.subject || last?.label != label || step < -longestStep
            guard row.startsSession || step > 0 else {
                drop(.repeatedTime)
                continue
            }
            if row.startsSession { session = "subject \(record.subject), activity \(labels.names[Int(label)])" }
            last = (record.subject, label, time)
            position = row.startsSession ? 0 : position + 1
            row.time = time
            row.position = position
            row.label = label
            row.line = reader.line
            for (i, axis) in axes.enumerated() { row.values[i] = record.value(ofAxis: axis) }
            return true
        }
    }

    /// Reads up to the next line with a record; false at the end, when all has been said.
    private func readLine() throws(LogError) -> Bool {
        nextRecord = 0
        records.removeAll(keepingCapacity: true)
        while records.isEmpty {
            let read: Void? = try reader.withNextLine { line in
                if holdsNoRow(line) { return }
                var position = 0
                while WISDMPhoneRecord.find(in: line, from: &position) {
                    do throws(LogError) {
                        let record = try WISDMPhoneRecord(line, from: &position, number: reader.line, file: name)
                        guard let label = labels.index(of: line.extracting(record.activity)), label >= 0 else {
                            drop(.unreadable, "a label that is too long, or one of too many")
                            continue
                        }
                        records.append((record, label))
                    } catch {
                        drop(.unreadable, error.message)
                    }
                }
            }
            if read == nil {
                tellDrops()
                return false
            }
        }
        return true
    }

    private func drop(_ kind: Drop, _ reason: String = "") {
        drops[kind, default: (0, reader.line, reason)].count += 1
        if kind == .repeatedTime { repairs.repeatedTimeRowCount += 1 } else { repairs.unreadableRowCount += 1 }
    }

    private func tellDrops() {
        let told = Drop.allCases.compactMap { kind in
            drops[kind].map {
                "\(counted($0.count, "row")) \(kind.rawValue), the first in line \($0.line)"
                    + ($0.reason.isEmpty ? "" : " (\($0.reason))")
            }
        }
        if !told.isEmpty { notes.append("dropped \(told.joined(separator: "; "))") }
        drops = [:]
    }

    func takeNotes() -> [Note] {
        defer { notes = [] }
        return notes
    }
}
