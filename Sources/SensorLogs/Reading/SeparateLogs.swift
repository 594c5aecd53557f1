extension SensorLog {
    /// The logs among `paths` that can be read apart from each other, in their order: the places of the paths of each, two
    /// for a WISDM pair. Nil where that cannot be known before they are read one after the other: pipes, WISDM files
    /// whose names do not tell the sensors, CSV files that have some of the channels only, folders of them.
    public static func separateLogs(paths: [String], input: LogInput, options: ReadingOptions) -> [[Int]]? {
        var logs: [[Int]] = []
        var isTaken = paths.map { _ in false }
        for (place, path) in paths.enumerated() where !isTaken[place] {
            let file = LogFile(path: path, shouldStop: options.shouldStop)
            if file.isPipe || RecordingFolder.isOne(path) { return nil }
            var log = [place]
            for path in LogFolder.together(path, Array(paths[(place + 1)...])).dropFirst() {
                let other = paths.indices.first { $0 > place && !isTaken[$0] && paths[$0] == path }!
                isTaken[other] = true
                log.append(other)
            }
            if file.isWISDM(options) {
                if WISDMTwin.sensor(of: path) == nil { return nil }
                let candidates = WISDMTwin.candidates(for: path)
                let twin = paths.indices.first { $0 > place && !isTaken[$0] && candidates.contains(paths[$0]) }
                if let twin {
                    isTaken[twin] = true
                    log.append(twin)
                }
            } else if file.lacksChannels(input, options) {
                return nil
            }
            logs.append(log)
        }
        return logs
    }
}

extension LogFile {
    /// The log is CSV, and other files have some of the channels.
    fileprivate func lacksChannels(_ input: LogInput, _ options: ReadingOptions) -> Bool {
        var file = self
        guard !options.isRaw, let reader = file.peek(options), reader.isText,
            let header = try? CSVHeader(reader, input: input, options: options)
        else { return false }
        return !header.missing.isEmpty
    }

    /// The log can be read but once.
    fileprivate var isPipe: Bool { path == "-" || (byteCount == nil && failure == nil) }

    /// The log is one of WISDM's, as `openLog` will find; false for a log that it will refuse.
    fileprivate func isWISDM(_ options: ReadingOptions) -> Bool {
        if options.isRaw || options.format == .csv || folder != nil { return false }
        guard let reader = try? reader(Progress(byteCounts: [], report: nil), options) else { return false }
        guard (try? reader.withFirstBytes({ _ in })) != nil,
            !WISDMPhoneRecord.begin(reader, isLive: options.isLive, isStated: options.format == .wisdm)
        else { return false }
        return options.format == .wisdm || WISDMLine.begin(reader)
    }
}
