import Foundation

/// A log that is still to be read: a path, or a source that a caller supplied.
struct LogFile {
    /// The path, or the name of the source.
    let path: String
    let byteCount: Int?
    private let source: ByteSource?
    /// What it is where it is no file.
    let folder: LogFolder?
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
            let found = try LogFolder(path: path)
            // A folder's files are counted once it is known which are read.
            (folder, byteCount) = (found, found != nil ? 0 : try ByteSource.byteCount(path: path))
            failure = nil
        } catch {
            (byteCount, failure, folder) = (nil, error, nil)
        }
    }

    init(_ source: ByteSource) {
        path = source.name
        byteCount = source.byteCount
        self.source = source
        (failure, folder) = (nil, nil)
        shouldStop = { false }
    }

    /// The name in messages.
    var name: String { path == "-" ? "standard input" : path }

    /// A twin may be looked for beside it.
    var isOnDisk: Bool { source == nil && byteCount != nil && path != "-" }

    /// A reader that has been looked at before the log's turn; kept where the source can be read but once.
    private var peeked: LineReader?

    /// The log's reader before its turn, of which nothing may be consumed; nil where there is none, or it can be read but once.
    mutating func peek(_ options: ReadingOptions) -> LineReader? {
        if let peeked { return peeked }
        if source == nil, !isOnDisk { return nil }
        let reader = try? reader(Progress(byteCounts: [], report: nil), options)
        if source != nil { peeked = reader }
        return reader
    }

    /// The text files in the same folder, fewer than a hundred.
    func neighbours() -> [String] {
        guard isOnDisk else { return [] }
        let url = URL(fileURLWithPath: path)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return names.sorted().filter {
            $0 != url.lastPathComponent && ["csv", "txt", "tsv"].contains($0.split(separator: ".").last)
        }
        .prefix(100).map { folder.isEmpty ? $0 : folder + "/" + $0 }
    }

    /// Packed data is unpacked, and counted as it was packed.
    func reader(_ progress: Progress, _ options: ReadingOptions) throws(LogError) -> LineReader {
        if let failure { throw failure }
        if let peeked { return peeked }
        let source = if let source { source } else { try ByteSource(path: path, shouldStop: shouldStop) }
        source.advanced = { progress.add($0) }
        return LineReader(try source.decoded(options), isLive: options.isLive)
    }
}

extension LineReader {
    /// The log is text, and not of a format of its own.
    var isText: Bool {
        let isPlain: Bool? = try? withFirstBytes { (bytes) throws(LogError) in
            try refuseBinary(bytes, file: source.name)
            return !EdgeImpulseReader.begin(bytes)
        }
        return isPlain == true && !WISDMPhoneRecord.begin(self, isLive: false) && !WISDMLine.begin(self)
            && InertialSignals.place(of: source.name) == nil
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

/// Opens the first of the pending logs and takes it off the list, and with it those that belong to it: the twin that a
/// WISDM log needs, the other files of windows of inertial signals. `labels` go with it. Also gives the remarks on how its
/// bytes were made out of others.
func openLog(
    _ pending: inout [LogFile], labels: LogFile?, input: LogInput, classes: ClassMatcher, options: ReadingOptions,
    progress: Progress
) throws(LogError) -> (source: RowSource, remarks: [String]) {
    var readers: [LineReader] = []
    let source = try openLog(
        &pending, labels: labels, input: input, classes: classes, options: options, progress: progress,
        opened: &readers)
    var remarks: [String] = []
    for remark in readers.flatMap(\.remarks) where !remarks.contains(remark) { remarks.append(remark) }
    return (source, remarks)
}

private func openLog(
    _ pending: inout [LogFile], labels: LogFile?, input: LogInput, classes: ClassMatcher, options: ReadingOptions,
    progress: Progress, opened: inout [LineReader]
) throws(LogError) -> RowSource {
    let file = pending.removeFirst()
    if let failure = file.failure { throw failure }
    if !options.isRaw, labels == nil, let (signals, named) = inertialSignals(file, &pending) {
        return try InertialSignalsReader(signals, input: input, options: options) { (path) throws(LogError) in
            let file = LogFile(path: path, shouldStop: options.shouldStop)
            if !named.contains(path) { progress.expect(file.byteCount) }
            let reader = try file.reader(progress, options)
            try reader.withFirstBytes { (bytes) throws(LogError) in try refuseBinary(bytes, file: path) }
            opened.append(reader)
            return reader
        }
    }
    let reader = try file.reader(progress, options)
    opened.append(reader)
    if options.format == .auto, try reader.begins(with: NPYHeader.magic) {
        guard options.columns.isEmpty, options.timeUnit == nil else {
            throw LogError(
                .request, file: file.name, "is a NumPy array, which has no columns to map and no times",
                hint: "--labels names the array of its labels, --log-rate its rate")
        }
        return try ArrayReader(
            npy: reader, labels: labels?.reader(progress, options), input: input, classes: classes, options: options)
    }
    if let labels {
        throw LogError(
            .request, file: file.name, "is no NumPy array, so the labels in \(labels.name) cannot go with it",
            hint: "a CSV log has its labels in a column")
    }
    if options.isRaw { return ArrayReader(raw: reader, input: input, options: options) }
    if options.format == .auto, try reader.withFirstBytes({ bytes in EdgeImpulseReader.begin(bytes) }) {
        return try EdgeImpulseReader(reader, input: input, options: options)
    }
    try reader.withFirstBytes { (bytes) throws(LogError) in try refuseBinary(bytes, file: file.name) }
    if options.format != .csv,
        WISDMPhoneRecord.begin(reader, isLive: options.isLive, isStated: options.format == .wisdm)
    {
        return try WISDMPhoneReader(reader, input: input, options: options)
    }
    guard options.format == .wisdm || options.format == .auto && WISDMLine.begin(reader) else {
        let header = try CSVHeader(reader, input: input, options: options)
        if header.missing.isEmpty { return try CSVReader(reader, header, input: input, options: options) }
        let plan = try JoinPlan(header, file, &pending, input: input, options: options, progress: progress)
        opened += plan.readers
        return try plan.reader(reader, header, input: input, options: options)
    }
    return try openWISDM(file, reader, &pending, input: input, options: options, progress: progress, opened: &opened)
}

/// The windows of inertial signals that the file is, or is one of, and the paths among them that were named; these are taken
/// off the list.
private func inertialSignals(
    _ file: LogFile, _ pending: inout [LogFile]
) -> (signals: InertialSignals, named: [String])? {
    if case .inertialSignals(let signals)? = file.folder { return (signals, []) }
    guard file.isOnDisk, InertialSignals.place(of: file.path) != nil else { return nil }
    let paths = LogFolder.together(file.path, pending.map(\.path))
    pending.removeAll { paths.contains($0.path) }
    return (InertialSignals(files: paths), paths)
}

private func openWISDM(
    _ file: LogFile, _ reader: LineReader, _ pending: inout [LogFile], input: LogInput, options: ReadingOptions,
    progress: Progress, opened: inout [LineReader]
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
    if options.replacesTimes {
        notes.append(
            "its times are not used: rows come at \(short(options.logRate ?? input.rate.hertz)) Hz within each activity, as stated"
        )
    }
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
        let reader = try twin.reader(progress, options)
        opened.append(reader)
        try reader.withFirstBytes { (bytes) throws(LogError) in try refuseBinary(bytes, file: twin.path) }
        readers[1 - sensor] = WISDMSectionReader(reader, badRows: options.badRows)
    }
    for i in 0...1 where needed[i] && readers[i] == nil {
        throw LogError(
            .request, file: file.name, "the model also takes the \(names[i]), whose log is not given and not found",
            hint: candidates.first.map { "it was looked for at \($0)" } ?? "name both files, accelerometer first")
    }
    return WISDMReader(readers: readers, sources: sources, hasTimes: !options.replacesTimes, notes: notes)
}
