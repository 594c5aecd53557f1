/// The rows of windows of inertial signals, each window a session of its own: they overlap.
final class InertialSignalsReader: RowSource {
    let name: String
    let hasTimes: Bool
    private(set) var session: String?
    private(set) var labels = Labels()
    private(set) var repairs = Repairs()
    let units: [WrittenUnit?]

    /// The files that are read, and their columns' names.
    private let readers: [(reader: LineReader, columnName: String)]
    /// The file of each channel.
    private let fileOfChannel: [Int]
    private let labelReader: LineReader?
    private let skipsBadRows: Bool
    /// The window being handed out: numbers by file.
    private var values: [[Double]]
    private var tickCount = 0
    private var tick = 0
    private var label: Int32 = -1
    private var line = 0
    private var notes: [Note] = []
    /// The windows dropped, and why the first was.
    private var firstFault: LogError?
    private var faultCount = 0

    /// Refused: a channel that none of the files holds.
    init(
        _ signals: InertialSignals, input: LogInput, options: ReadingOptions,
        open: (String) throws(LogError) -> LineReader
    ) throws(LogError) {
        name = signals.folder.isEmpty ? "inertial signals" : signals.folder
        hasTimes = !options.replacesTimes
        skipsBadRows = options.badRows == .skip
        let there = InertialSignals.columns.indices.filter { signals.paths[$0] != nil }
        let columns = there.map { InertialSignals.columns[$0] }
        let found: [Int]
        do throws(LogError) {
            found = try SensorLogs.columns(of: input, among: columns, mapped: options.columns, file: name)
        } catch {
            guard there.count == 1, let path = signals.paths[there[0]] else { throw error }
            throw LogError(
                error.kind, file: path,
                "holds windows of one channel of UCI's HAR dataset, \(columns[0].name), and the model takes more",
                hint: "name its folder: snnrt infer MODEL \"\(signals.folder.isEmpty ? "." : signals.folder)\"")
        }
        units = found.map { columns[$0].writtenUnit(line: nil, column: nil) }
        let used = Array(Set(found)).sorted()
        fileOfChannel = found.map { used.firstIndex(of: $0)! }
        var readers: [(LineReader, String)] = []
        for column in used { readers.append((try open(signals.paths[there[column]]!), columns[column].name)) }
        self.readers = readers
        values = used.map { _ in [] }
        labelReader = if let path = signals.labelPath { try open(path) } else { nil }
        let rate =
            options.statedRate(input.rate).map { "\(short($0)) Hz, as stated" } ?? "\(short(InertialSignals.hertz)) Hz"
        notes.append("UCI HAR inertial signals at \(rate): each window is a session of its own, they overlap")
        if let labelReader { notes.append("labels from \(labelReader.source.name)") }
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while tick == tickCount { guard try nextWindow() else { return false } }
        for (channel, file) in fileOfChannel.enumerated() { row.values[channel] = values[file][tick] }
        row.time = Double(tick) / InertialSignals.hertz
        row.position = tick
        row.label = label
        row.line = line
        row.startsSession = tick == 0
        session = "window \(line - 1)"
        tick += 1
        return true
    }

    func takeNotes() -> [Note] {
        defer { notes = [] }
        return notes
    }

    /// Reads the next line of each file; false at the end of all. A window with a number that cannot be read is dropped
    /// whole where that is asked for.
    private func nextWindow() throws(LogError) -> Bool {
        line += 1
        tick = 0
        tickCount = 0
        var fault: LogError?
        for (file, (reader, columnName)) in readers.enumerated() {
            values[file].removeAll(keepingCapacity: true)
            var isThere = false
            do throws(LogError) {
                isThere = try read(reader, columnName, into: &values[file])
            } catch {
                guard skipsBadRows, error.kind == .cell || error.kind == .cellCount else { throw error }
                fault = fault ?? error
                continue
            }
            if file > 0, isThere != (tickCount > 0 || fault != nil) {
                throw LogError(
                    .length, file: isThere ? readers[0].reader.source.name : reader.source.name, line: line,
                    "ends before \(isThere ? reader.source.name : readers[0].reader.source.name) does")
            }
            if !isThere { continue }
            if tickCount == 0 { tickCount = values[file].count }
            guard values[file].count == tickCount else {
                throw LogError(
                    .length, file: reader.source.name, line: line,
                    "\(counted(values[file].count, "number")), \(tickCount) in \(readers[0].reader.source.name)")
            }
        }
        let isThere = tickCount > 0 || fault != nil
        if !isThere, let firstFault {
            notes.append(Note("dropped \(counted(faultCount, "window")), the first for \(firstFault.description)"))
            (self.firstFault, faultCount) = (nil, 0)
        }
        try readLabel(isThere: isThere)
        if let fault {
            repairs.unreadableRowCount += tickCount
            if firstFault == nil {
                firstFault = fault
                firstFault?.hint = nil
            }
            faultCount += 1
            tickCount = 0
        }
        return isThere
    }

    private func read(
        _ reader: LineReader, _ columnName: String, into values: inout [Double]
    ) throws(LogError) -> Bool {
        var found: [Double] = []
        let read: Void? = try reader.withNextLine { (line) throws(LogError) in
            let blank = UInt8(ascii: "\n")
            var position = skipBlanks(line, from: 0, separator: blank)
            while position < line.count {
                var end = position
                while end < line.count, line[end] != 0x20, line[end] != 9 { end += 1 }
                guard let (value, stop) = parseDecimal(line, from: position), stop == end, value.isFinite else {
                    throw LogError(
                        .cell, file: reader.source.name, line: reader.line, column: found.count + 1,
                        columnName: columnName,
                        "found \(shown(line.extracting(position..<end))), expected a number",
                        hint: "--skip-bad-rows drops and counts such windows")
                }
                found.append(value)
                position = skipBlanks(line, from: end, separator: blank)
            }
            guard !found.isEmpty else {
                throw LogError(
                    .cellCount, file: reader.source.name, line: reader.line,
                    "a blank line, expected a window of numbers")
            }
        }
        values = found
        return read != nil
    }

    /// The label of the window, from the file of labels. Refused: one that is none, and fewer or more than windows.
    private func readLabel(isThere: Bool) throws(LogError) {
        guard let labelReader else { return }
        let number = try labelReader.withNextLine { (line) throws(LogError) -> Int in
            guard let (value, end) = WISDMLine.integer(line, from: 0), 1...6 ~= value,
                skipBlanks(line, from: end, separator: 0) == line.count
            else {
                throw LogError(
                    .cell, file: labelReader.source.name, line: labelReader.line,
                    "found \(shown(line)), expected the number of an activity, 1 to 6")
            }
            return Int(value)
        }
        guard (number != nil) == isThere else {
            throw LogError(
                .length, file: labelReader.source.name, line: line,
                isThere ? "ends before the windows do" : "goes on behind the last window")
        }
        if let number { label = labels.index(of: InertialSignals.labels[number - 1]) }
    }
}
