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
        try refuseTableOptions(options, file.name)
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
        try refuseTableOptions(options, file.name)
        return try ArrayReader(
            npy: reader, labels: labels?.reader(progress, options), input: input, classes: classes, options: options)
    }
    if let labels {
        throw LogError(
            .request, file: file.name, "is no NumPy array, so the labels in \(labels.name) cannot go with it",
            hint: "a CSV log has its labels in a column")
    }
    if options.isRaw {
        try refuseTableOptions(options, file.name)
        return ArrayReader(raw: reader, input: input, options: options)
    }
    if options.format == .auto, try reader.withFirstBytes({ bytes in EdgeImpulseReader.begin(bytes) }) {
        try refuseTableOptions(options, file.name)
        return try EdgeImpulseReader(reader, input: input, options: options)
    }
    try reader.withFirstBytes { (bytes) throws(LogError) in try refuseBinary(bytes, file: file.name) }
    if options.format != .csv,
        WISDMPhoneRecord.begin(reader, isLive: options.isLive, isStated: options.format == .wisdm)
    {
        try refuseTableOptions(options, file.name)
        return try WISDMPhoneReader(reader, input: input, options: options)
    }
    guard options.format == .wisdm || options.format == .auto && WISDMLine.begin(reader) else {
        let header = try CSVHeader(reader, input: input, options: options)
        if header.missing.isEmpty { return try CSVReader(reader, header, input: input, options: options) }
        let plan = try JoinPlan(header, file, &pending, input: input, options: options, progress: progress)
        opened += plan.readers
        return try plan.reader(reader, header, input: input, options: options)
    }
    try refuseTableOptions(options, file.name)
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

/// Refuses options that say something of a CSV log's columns and lines, where the log is none.
private func refuseTableOptions(_ options: ReadingOptions, _ file: String) throws(LogError) {
    guard options.only.isEmpty, options.layout == nil, options.headerLine == nil else {
        throw LogError(
            .request, file: file, "is no CSV log: --only, --layout and --header-line say nothing of it",
            hint: "--log-format csv reads it as one")
    }
}
