/// A log that is still to be read: a path, or a source that a caller supplied.
struct LogFile {
    /// The path, or the name of the source.
    let path: String
    let byteCount: Int?
    private let source: ByteSource?
    /// The reason for which it could not be opened; thrown when its turn comes.
    let failure: LogError?
    private let shouldStop: @Sendable () -> Bool

    /// Looks at the path, to know its size; it is opened when the log's turn comes, since the writer of a named pipe
    /// may wait for the log before.
    init(path: String, shouldStop: @escaping @Sendable () -> Bool) {
        self.path = path
        self.shouldStop = shouldStop
        source = nil
        do throws(LogError) {
            (byteCount, failure) = (try ByteSource.byteCount(path: path), nil)
        } catch {
            (byteCount, failure) = (nil, error)
        }
    }

    init(_ source: ByteSource) {
        path = source.name
        byteCount = source.byteCount
        self.source = source
        failure = nil
        shouldStop = { false }
    }

    /// The name in messages.
    var name: String { path == "-" ? "standard input" : path }

    /// A twin may be looked for beside it.
    var isOnDisk: Bool { source == nil && byteCount != nil && path != "-" }

    func reader(_ progress: Progress) throws(LogError) -> LineReader {
        if let failure { throw failure }
        let source = if let source { source } else { try ByteSource(path: path, shouldStop: shouldStop) }
        return LineReader(source) { progress.add($0) }
    }
}

/// Bytes read over all logs, told to the caller.
final class Progress {
    private var bytesRead = 0
    private var byteCount: Int?
    private let report: ((Int, Int?) -> Void)?

    init(byteCounts: [Int?], report: ((Int, Int?) -> Void)?) {
        byteCount = byteCounts.reduce(0) { sum, count in sum.flatMap { sum in count.map { sum + $0 } } }
        self.report = report
    }

    func add(_ count: Int) {
        bytesRead += count
        report?(bytesRead, byteCount)
    }

    /// A file that was found along the way.
    func expect(_ more: Int?) { byteCount = byteCount.flatMap { sum in more.map { sum + $0 } } }
}

/// Opens the first of the pending logs and takes it off the list, and with it the twin that a WISDM log needs.
/// `labels` go with it.
func openLog(
    _ pending: inout [LogFile], labels: LogFile?, input: LogInput, classes: ClassMatcher, options: ReadingOptions,
    progress: Progress
) throws(LogError) -> RowSource {
    let file = pending.removeFirst()
    let reader = try file.reader(progress)
    if options.format == .auto, try reader.begins(with: NPYHeader.magic) {
        guard options.columns.isEmpty, options.timeUnit == nil else {
            throw LogError(
                .request, file: file.name, "is a NumPy array, which has no columns to map and no times",
                hint: "--labels names the array of its labels, --log-rate its rate")
        }
        return try ArrayReader(
            npy: reader, labels: labels?.reader(progress), input: input, classes: classes, options: options)
    }
    if let labels {
        throw LogError(
            .request, file: file.name, "is no NumPy array, so the labels in \(labels.name) cannot go with it",
            hint: "a CSV log has its labels in a column")
    }
    if options.isRaw { return ArrayReader(raw: reader, input: input, options: options) }
    try reader.withFirstBytes { (bytes) throws(LogError) in try refuseBinary(bytes, file: file.name) }
    let isWISDM =
        switch options.format {
        case .csv: false
        case .wisdm: true
        case .auto: try reader.withFirstBytes { (bytes) throws(LogError) in WISDMLine.begins(bytes) }
        }
    guard isWISDM else { return try CSVReader(reader, input: input, options: options) }
    return try openWISDM(file, reader, &pending, input: input, options: options, progress: progress)
}

private func openWISDM(
    _ file: LogFile, _ reader: LineReader, _ pending: inout [LogFile], input: LogInput, options: ReadingOptions,
    progress: Progress
) throws(LogError) -> RowSource {
    guard !options.isLive else {
        throw LogError(
            .request, file: file.name,
            "a WISDM log is put in order and joined before it is used: it cannot be read live")
    }
    let names = ["accelerometer", "gyroscope"]
    let sources = try WISDMReader.sources(of: input, columns: options.columns, file: file.name)
    let needed = [0, 1].map { sensor in sources.contains { WISDMReader.channels[$0].sensor == sensor } }
    var notes: [Note] = ["WISDM raw text"]
    var readers: [WISDMSectionReader?] = [nil, nil]

    let candidates = WISDMTwin.candidates(for: file.path)
    var twin: LogFile?
    if let index = pending.firstIndex(where: { candidates.contains($0.path) }) {
        twin = pending.remove(at: index)
    } else if WISDMTwin.sensor(of: file.path) == nil, needed == [true, true], let next = pending.first,
        WISDMTwin.sensor(of: next.path) == nil
    {
        twin = pending.removeFirst()
        notes.append(
            .doubt("names do not tell the sensors: \(file.path) taken as accelerometer, \(next.path) as gyroscope"))
    } else if file.isOnDisk, needed == [true, true] || !needed[WISDMTwin.sensor(of: file.path) ?? 0],
        let path = candidates.first(where: WISDMTwin.exists)
    {
        twin = LogFile(path: path, shouldStop: options.shouldStop)
        progress.expect(twin!.byteCount)
        notes.append("\(names[1 - WISDMTwin.sensor(of: file.path)!]) found at \(path)")
    }
    // A single file whose name tells nothing is taken as the one that is needed.
    let sensor = WISDMTwin.sensor(of: file.path) ?? (needed[0] ? 0 : 1)
    if needed[sensor] { readers[sensor] = WISDMSectionReader(reader, badRows: options.badRows) }
    if needed[1 - sensor], let twin {
        let reader = try twin.reader(progress)
        try reader.withFirstBytes { (bytes) throws(LogError) in try refuseBinary(bytes, file: twin.path) }
        readers[1 - sensor] = WISDMSectionReader(reader, badRows: options.badRows)
    }
    for i in 0...1 where needed[i] && readers[i] == nil {
        throw LogError(
            .request, file: file.name, "the model also takes the \(names[i]), whose log is not given and not found",
            hint: candidates.first.map { "it was looked for at \($0)" } ?? "name both files, accelerometer first")
    }
    return WISDMReader(readers: readers, sources: sources, notes: notes)
}
