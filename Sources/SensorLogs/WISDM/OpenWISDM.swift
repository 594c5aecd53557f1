/// Opens a WISDM log, and its twin where the model takes both sensors.
func openWISDM(
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
