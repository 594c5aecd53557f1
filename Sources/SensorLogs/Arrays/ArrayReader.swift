/// The rows of a binary log, without times: a NumPy array of (ticks, channels) or (windows, ticks, channels), each
/// window a session; or raw frames of int16, as many as come.
final class ArrayReader: RowSource {
    let name: String
    let hasTimes = false
    private(set) var session: String?
    private(set) var labels = Labels()
    private(set) var repairs = Repairs()

    private let reader: LineReader
    private let channels: [LogInput.Channel]
    private let type: NumberType
    /// The number of windows; nil where there is a single one, which the log does not number.
    private let windowCount: Int?
    /// The ticks of each window; nil where it ends with the bytes.
    private let tickCount: Int?
    private let isRaw: Bool
    private let skipsBadRows: Bool
    private let labelReader: LabelReader?
    /// The window of the next row, and the row's tick in it.
    private var window = 0
    private var tick = 0
    /// No row of this window has been handed out.
    private var startsWindow = true
    private var windowLabel: Int32 = -1
    private var notes: [Note]
    /// Drops since the notes were last taken, and the index of the first.
    private var noted = (count: 0, first: [0])

    /// A NumPy array, from its header on. Refused: what `NPYHeader` refuses, text, another shape or channel count,
    /// labels that do not fit.
    init(
        npy reader: LineReader, labels: LineReader?, input: LogInput, classes: ClassMatcher, options: ReadingOptions
    ) throws(LogError) {
        name = reader.source.name
        let header = try NPYHeader(reader)
        func refuse(_ message: String, hint: String? = nil) -> LogError {
            LogError(.header, file: reader.source.name, message, hint: hint)
        }
        guard case .number(let type) = header.element else { throw refuse("holds text, expected sensor values") }
        guard !options.isRaw || type.isInteger else {
            throw refuse(
                "holds \(type), expected integers: raw samples are counts",
                hint: "without --raw, values are taken in the channels' units")
        }
        let channelCount = input.channels.count
        let expected = "(ticks, \(channelCount)) or (windows, ticks, \(channelCount))"
        guard 2...3 ~= header.shape.count else {
            throw refuse(
                "holds an array of shape \(header.shapeText), expected \(expected)",
                hint: header.shape.count == 1 && channelCount == 1 ? "save array.reshape(-1, 1)" : nil)
        }
        guard header.shape.last == channelCount else {
            let names = input.channels.map(\.name).joined(separator: ", ")
            throw refuse(
                "holds an array of shape \(header.shapeText), expected \(expected): the model's channels are \(names)")
        }
        windowCount = header.shape.count == 3 ? header.shape[0] : nil
        tickCount = header.shape[header.shape.count - 2]
        self.type = type
        self.reader = reader
        channels = input.channels
        isRaw = options.isRaw
        skipsBadRows = options.badRows == .skip
        labelReader =
            if let labels {
                try LabelReader(
                    labels, windowCount: windowCount, tickCount: tickCount!, classNames: input.classNames, classes)
            } else { nil }
        notes = ["NumPy array of shape \(header.shapeText), \(type)\(options.isRaw ? ", raw samples" : "")"]
        noteRate(input, options)
        if type.isInteger, !options.isRaw {
            notes.append("its integers are taken in the channels' units; --raw takes them as samples, in counts")
        }
    }

    /// Raw frames.
    init(raw reader: LineReader, input: LogInput, options: ReadingOptions) {
        name = reader.source.name
        self.reader = reader
        channels = input.channels
        type = .int16
        (windowCount, tickCount, labelReader) = (nil, nil, nil)
        isRaw = true
        skipsBadRows = options.badRows == .skip
        notes = ["raw frames of \(counted(channels.count, "channel"))"]
        noteRate(input, options)
    }

    private func noteRate(_ input: LogInput, _ options: ReadingOptions) {
        if options.logRate == nil { notes[0].text += ": each row is one tick at \(short(input.rate.hertz)) Hz" }
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while true {
            if tick == tickCount {
                window += 1
                tick = 0
            }
            if tickCount != nil, window == windowCount ?? 1 {
                try expectEnd()
                return false
            }
            if tick == 0 { startsWindow = true }
            if let labelReader, tick == 0 || labelReader.isPerTick { windowLabel = try labelReader.next(&labels) }
            do throws(LogError) {
                guard try readRow(&row) else { return false }
            } catch {
                guard skipsBadRows, error.kind == .cell || error.kind == .cellCount else { throw error }
                if noted.count == 0 { noted.first = index }
                noted.count += 1
                repairs.unreadableRowCount += 1
                tick += 1
                continue
            }
            row.position = tick
            tick += 1
            row.line = window * (tickCount ?? 0) &+ tick
            row.label = windowLabel
            row.startsSession = startsWindow
            if startsWindow, windowCount != nil { session = "window \(window)" }
            startsWindow = false
            return true
        }
    }

    func takeNotes() -> [Note] {
        if noted.count > 0 {
            notes.append("dropped \(counted(noted.count, "tick")) that could not be read, the first at \(noted.first)")
            noted.count = 0
        }
        defer { notes = [] }
        return notes
    }

    private var index: [Int] { windowCount == nil ? [tick] : [window, tick] }

    /// The values of the next row; false at the end of raw frames.
    private func readRow(_ row: inout Row) throws(LogError) -> Bool {
        let byteCount = type.byteCount
        let rowByteCount = byteCount * channels.count
        let count = try reader.withNextBytes(rowByteCount) { (bytes) throws(LogError) in
            if bytes.count < rowByteCount { return bytes.count }
            for i in channels.indices {
                let value = type.value(bytes, at: i * byteCount)
                guard value.isFinite else { throw fault(value, i, "a finite number") }
                guard !isRaw || -32768...32767 ~= value else { throw fault(value, i, "a raw sample, -32768 to 32767") }
                row.values[i] = value
            }
            return rowByteCount
        }
        if count == rowByteCount { return true }
        guard let tickCount else {
            guard let count else {
                if tick > 0 { return false }
                throw LogError(.empty, file: name, "is empty, expected frames of \(rowByteCount) bytes")
            }
            throw LogError(
                .cellCount, file: name,
                "ends within a frame: \(count) of \(rowByteCount) bytes behind \(counted(tick, "whole frame"))",
                hint: "is it int16, \(counted(channels.count, "channel")) a frame? "
                    + "--skip-bad-rows drops what is left over")
        }
        let whole = windowCount.map { "\($0) windows of " } ?? ""
        throw LogError(
            .length, file: name, index: index, "the file ends here, expected \(whole)\(counted(tickCount, "tick"))")
    }

    private func fault(_ value: Double, _ channel: Int, _ expected: String) -> LogError {
        LogError(
            .cell, file: name, columnName: channels[channel].name, index: index + [channel],
            "found \(plain(value)), expected \(expected)",
            hint: "--skip-bad-rows drops and counts such ticks")
    }

    private func expectEnd() throws(LogError) {
        try labelReader?.expectEnd()
        try reader.expectEnd()
    }
}

extension LineReader {
    /// Refused: bytes behind the last element of an array.
    func expectEnd() throws(LogError) {
        let more: Void? = try withNextBytes(1) { _ in }
        guard more == nil else {
            throw LogError(
                .length, file: source.name, "goes on behind the last element of its array",
                hint: "one array to a file, as numpy.save writes it")
        }
    }
}
