import SNNSampling

/// Reads sensor logs, one after another, into raw frames for a model.
///
///     let log = try SensorLog(paths: ["watch.csv"], input: input)
///     while let batch = try log.next() {
///         if batch.startsSegment { /* reset the network */ }
///         /* push batch.frames */
///     }
///
/// Pulled by the caller. A log without times, or whose rate is stated, passes through in batches. Else one segment at
/// a time is held in memory, as numbers (`HeldSegment`), since format.md takes its interval over all of its rows; so a
/// pipe gives the frames of a segment only when the segment has ended. Bytes are read through a buffer of fixed
/// size. Not safe for use from several threads at once.
public final class SensorLog {
    private var input: LogInput
    /// With the model's scales, also for raw samples.
    private let declared: LogInput
    private let classes: ClassMatcher
    private let options: ReadingOptions
    private var pending: [LogFile]
    /// The label arrays of the pending logs, one each, or none.
    private var pendingLabels: [LogFile]
    private var segmenter: Segmenter?
    private var source: RowSource?
    private var segmentsBefore = 0
    private var segmentCount = 0
    private var finishedRepairs = Repairs()
    private var failure: LogError?
    private let progress: Progress
    /// The number of the log opened last, counted from 0; a WISDM pair is one. It is −1 before the first.
    public private(set) var logIndex = -1
    /// The path of the log opened last, or both paths of a WISDM pair.
    public private(set) var logName = ""
    /// Logs opened and still to come; the two files of a WISDM pair count as two until they are opened.
    public var logCount: Int { logIndex + 1 + pending.count }

    /// Remarks on which files are read, said with the first segment.
    private var openingNotes: [Note] = []

    /// Remarks on the logs after the last segment of each, e.g. rows at the end that had no partner. Complete
    /// once `next` has returned nil.
    public private(set) var closingNotes: [Note] = []

    /// The repairs so far, over all logs.
    public var repairs: Repairs { finishedRepairs + (source?.repairs ?? Repairs()) }

    /// `paths` are read in their order; `-` is standard input. Two WISDM files of one pair count as one log, wherever
    /// the second stands; if only one is given, the other is looked for beside it. `labels` are the paths of label
    /// arrays, none or one for each log; the logs are NumPy arrays then.
    ///
    /// `progress` is called as bytes are read, with the number of bytes so far and the number to come in all, nil
    /// where that is not known.
    public convenience init(
        paths: [String], labels: [String] = [], input: LogInput, options: ReadingOptions = ReadingOptions(),
        progress: ((_ bytesRead: Int, _ byteCount: Int?) -> Void)? = nil
    ) throws(LogError) {
        guard (paths + labels).count(where: { $0 == "-" }) < 2 else {
            throw LogError(.request, file: "standard input", "is named twice")
        }
        func file(_ path: String) -> LogFile { LogFile(path: path, shouldStop: options.shouldStop) }
        let found = SensorLog.files(of: paths, input: input, options: options)
        try self.init(found.paths.map(file), labels.map(file), input, options, progress)
        openingNotes = found.remarks
    }

    /// The files that the paths stand for: a folder of CSV logs stands for those in it that have channels of the model, but
    /// for what the remarks say. A folder without one stays as it is, to be refused when its turn comes.
    public static func files(
        of paths: [String], input: LogInput, options: ReadingOptions
    ) -> (paths: [String], remarks: [Note]) {
        var files: [String] = []
        var remarks: [Note] = []
        for path in paths {
            if let folder = RecordingFolder(path: path, input: input, options: options) {
                files += folder.paths
                remarks.append(folder.remark)
            } else {
                files.append(path)
            }
        }
        let chosen = RecordingFolder.withGravity(files, input: input, options: options)
        return (chosen.paths, remarks + [chosen.remark].compactMap { $0 })
    }

    /// Logs from wherever a caller has them. WISDM pairs are recognised by the sources' names.
    public convenience init(
        sources: [ByteSource], labels: [ByteSource] = [], input: LogInput, options: ReadingOptions = ReadingOptions(),
        progress: ((_ bytesRead: Int, _ byteCount: Int?) -> Void)? = nil
    ) throws(LogError) {
        try self.init(sources.map(LogFile.init), labels.map(LogFile.init), input, options, progress)
    }

    private init(
        _ files: [LogFile], _ labels: [LogFile], _ input: LogInput, _ options: ReadingOptions,
        _ report: ((Int, Int?) -> Void)?
    ) throws(LogError) {
        precondition(options.batchTickCount > 0, "a batch holds at least one tick")
        guard !files.isEmpty else { throw LogError(.request, file: "no log", "name at least one log to read") }
        guard labels.isEmpty || labels.count == files.count else {
            throw LogError(
                .request, file: labels.last!.path,
                "\(counted(labels.count, "file")) of labels for \(counted(files.count, "log")), expected one for each")
        }
        let channelNames = input.channels.map { $0.name.lowercased() }
        for key in options.columns.keys.sorted()
        where !["time", "label"].contains(key.lowercased())
            && !channelNames.contains(where: { $0.hasPrefix(key.lowercased()) })
        {
            throw LogError(
                .request, file: "column mapping", "the model has no channel \"\(key)\"",
                hint: "its channels: \(input.channels.map(\.name).joined(separator: ", "))")
        }
        try checkStatedUnits(options, input)
        classes = try ClassMatcher(classes: input.classNames, map: options.labelMap)
        self.input = input
        declared = input
        self.options = options
        if options.isRaw {
            for i in input.channels.indices {
                self.input.channels[i].scale = ChannelScale(numerator: 1, denominator: 1)
            }
        }
        pending = files
        pendingLabels = labels
        progress = Progress(byteCounts: (files + labels).map(\.byteCount), report: report)
    }

    /// The ticks being given are the last before a fault: the segment was closed with the rows that it had.
    public var isCutOff: Bool { segmenter?.failure != nil }

    /// The next ticks; nil at the end of the last log. After an error the same error is thrown again, until
    /// `leaveRefused`.
    public func next() throws(LogError) -> Batch? {
        if let failure { throw failure }
        do throws(LogError) {
            while true {
                if segmenter == nil {
                    guard !pending.isEmpty else { return nil }
                    try open()
                }
                if let batch = try segmenter!.next() { return batch }
                try close()
            }
        } catch {
            failure = error
            throw error
        }
    }

    /// Leaves a log that was refused, or that the caller refuses: the next call of `next` goes on with the next one.
    public func leaveRefused() {
        guard failure != nil || segmenter != nil else { return }
        failure = nil
        segmentCount = segmenter?.segmentCount ?? segmentCount
        finishedRepairs = repairs
        source = nil
        segmenter = nil
    }

    private func open() throws(LogError) {
        logIndex += 1
        logName = pending[0].name
        let labels = pendingLabels.isEmpty ? nil : pendingLabels.removeFirst()
        let (source, remarks) = try openLog(
            &pending, labels: labels, input: input, classes: classes, options: options, progress: progress)
        self.source = source
        logName = source.name
        segmentsBefore = segmentCount
        segmenter = Segmenter(
            source, input: input, options: options, classes: classes,
            plausibility: Plausibility(declared, isRaw: options.isRaw), firstIndex: segmentCount, logIndex: logIndex,
            remarks: openingNotes + remarks.map { Note($0) })
        openingNotes = []
    }

    /// Refused: a log that gave no tick.
    private func close() throws(LogError) {
        let source = source!
        let notes = source.takeNotes()
        segmentCount = segmenter!.segmentCount
        guard segmentCount > segmentsBefore else {
            let count = source.repairs.droppedRowCount
            if count == 0, let doubt = notes.last(where: \.isDoubt) {
                throw LogError(.empty, file: source.name, "no row was used: \(doubt.text)")
            }
            guard count > 0, let reason = notes.last?.text else {
                throw LogError(.empty, file: source.name, source.hasHeader ? "has a header and no row" : "holds no row")
            }
            let all = count == 1 ? "the only row was dropped" : "all \(count) rows were dropped"
            let what = reason.hasPrefix("dropped ") ? String(reason.dropFirst("dropped ".count)) : reason
            throw LogError(.empty, file: source.name, "\(all): \(what)")
        }
        closingNotes += (notes + segmenter!.closingDoubts()).map { $0.of(source.name) }
        finishedRepairs = finishedRepairs + source.repairs
        self.source = nil
        segmenter = nil
    }
}
