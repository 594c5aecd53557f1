/// Finds the files that have the channels which a CSV log lacks, among the logs that are still to be read.
struct JoinPlan {
    /// The files beside the first, and their headers.
    private var partners: [(reader: LineReader, header: CSVHeader)] = []
    /// The files' readers, but for the first.
    var readers: [LineReader] { partners.map(\.reader) }
    /// The index of the file that has each channel; nil where none has.
    private var owners: [Int?]

    /// Takes partners off the pending logs. Refused: channels that no file has, and several files that could have them.
    init(
        _ first: CSVHeader, _ file: LogFile, _ pending: inout [LogFile], input: LogInput, options: ReadingOptions,
        progress: Progress
    ) throws(LogError) {
        owners = input.channels.indices.map { first.missing.contains($0) ? nil : 0 }
        guard owners.contains(0), !options.isLive else { throw first.refusal! }
        var candidates: [(file: LogFile, header: CSVHeader)] = []
        for (i, other) in pending.enumerated() {
            guard let reader = pending[i].peek(options), reader.isText,
                let header = try? CSVHeader(reader, input: input, options: options),
                !header.missing.isEmpty, header.missing.count < input.channels.count,
                Set(header.missing).isSuperset(of: owners.indices.filter { owners[$0] != nil })
            else { continue }
            candidates.append((other, header))
        }
        while let missing = owners.firstIndex(of: nil) {
            let having = candidates.filter { !$0.header.missing.contains(missing) }
            let near = having.filter { JoinPlan.recording($0.file.path) == JoinPlan.recording(file.path) }
            guard let partner = near.count == 1 ? near.first : having.count == 1 ? having.first : nil else {
                if having.isEmpty { throw JoinPlan.refusal(first, beside: file, input: input, options: options) }
                throw LogError(
                    .request, file: file.name,
                    "\(having.map(\.file.path).joined(separator: " and ")) could both have \(input.channels[missing].name)",
                    hint: "name the files of one recording alone")
            }
            let index = pending.firstIndex { $0.path == partner.file.path }!
            let reader = try pending.remove(at: index).reader(progress, options)
            for channel in owners.indices where owners[channel] == nil && !partner.header.missing.contains(channel) {
                owners[channel] = partners.count + 1
            }
            partners.append((reader, partner.header))
            candidates.removeAll { $0.file.path == partner.file.path }
        }
    }

    func reader(
        _ reader: LineReader, _ header: CSVHeader, input: LogInput, options: ReadingOptions
    ) throws(LogError) -> JoinedReader {
        guard !options.replacesTimes else {
            throw LogError(
                .request, file: header.refusal!.file,
                "has some of the model's channels only, and files are joined on their times",
                hint: "leave out --log-rate")
        }
        var readers = [try CSVReader(reader, header, input: input, options: options)]
        for partner in partners {
            readers.append(try CSVReader(partner.reader, partner.header, input: input, options: options))
        }
        let headers = [header] + partners.map(\.header)
        return try JoinedReader(
            readers, owners: owners.map { $0! }, hasLabel: headers.map { $0.roles.contains(.label) }, rate: input.rate)
    }

    /// What the names of the files of one recording have in common: their words without those of sensors.
    private static func recording(_ path: String) -> [String] {
        SensorName.words(of: path).filter { SensorName.quantity(of: [$0]) == nil && $0 != "total" }
    }

    /// The refusal of the first file, with the files beside it that have what it lacks.
    private static func refusal(
        _ first: CSVHeader, beside file: LogFile, input: LogInput, options: ReadingOptions
    ) -> LogError {
        var refusal = first.refusal!
        let beside = file.neighbours().filter { path in
            guard recording(path) == recording(file.path) else { return false }
            var other = LogFile(path: path, shouldStop: options.shouldStop)
            guard let reader = other.peek(options), reader.isText,
                let header = try? CSVHeader(reader, input: input, options: options)
            else { return false }
            return !header.missing.isEmpty && header.missing.count < input.channels.count
                && first.missing.contains { !header.missing.contains($0) }
        }
        if let path = beside.first {
            refusal.hint =
                "\(path) has other channels: if it is of the same recording, name both files, and they are joined on time"
        }
        return refusal
    }
}
