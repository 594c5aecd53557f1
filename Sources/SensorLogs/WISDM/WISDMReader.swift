/// The rows of a pair of WISDM logs, accelerometer and gyroscope, joined on equal times within a section, which is
/// one subject doing one activity. A model that takes channels of one sensor only needs only that one's file.
final class WISDMReader: RowSource {
    /// The six channels of a pair and where their values stand: sensor 0 is the accelerometer.
    static let channels: [(name: String, sensor: Int, axis: Int)] = [
        ("accel_x", 0, 0), ("accel_y", 0, 1), ("accel_z", 0, 2),
        ("gyro_x", 1, 0), ("gyro_y", 1, 1), ("gyro_z", 1, 2),
    ]

    let name: String
    /// The sections are joined on their times, which are then used, unless a rate is stated.
    let hasTimes: Bool
    private(set) var session: String?
    private(set) var labels = Labels()
    private(set) var repairs = Repairs()
    /// The rows that were dropped outside all sections have been told of.
    private var hasToldRest = false

    /// Index into `channels`, one per channel of the model.
    private let sources: [Int]
    /// Indexed by sensor; nil where no channel needs it.
    private let readers: [WISDMSectionReader?]
    /// Sections of the gyroscope passed over in search of the accelerometer's, in their order.
    private var waiting: [WISDMSection] = []
    /// The section being handed out: by sensor, and the rows of each that go together.
    private var sections: [WISDMSection?] = [nil, nil]
    private var pairs: [(accel: Int, gyro: Int)] = []
    private var nextPair = 0
    private var label: Int32 = -1
    private var notes: [Note]

    /// `readers` by sensor, accelerometer first; those of needed sensors must be there.
    init(readers: [WISDMSectionReader?], sources: [Int], hasTimes: Bool, notes: [Note]) {
        self.hasTimes = hasTimes
        self.readers = readers
        self.sources = sources
        self.notes = notes
        name = readers.compactMap { $0?.reader.source.name }.joined(separator: " + ")
    }

    var units: [WrittenUnit?] {
        sources.map { source in
            let channel = WISDMReader.channels[source]
            return WrittenUnit(
                text: channel.sensor == 0 ? "m/s^2" : "rad/s", line: nil, column: 3 + channel.axis,
                columnName: channel.name)
        }
    }

    /// The channels of the model among the six. Refused: a channel that is none of them.
    static func sources(
        of input: LogInput, columns: [String: String], file: String
    ) throws(LogError) -> [Int] {
        let all = channels.map(\.name).joined(separator: ", ")
        var found: [Int] = []
        for channel in input.channels {
            let name = columns.first { $0.key.lowercased() == channel.name.lowercased() }?.value ?? channel.name
            guard let index = channels.firstIndex(where: { $0.name == name.lowercased() }) else {
                throw LogError(
                    .header, file: file, "a WISDM log has no channel \(name); it has \(all)",
                    hint: "--map \(channel.name)=accel_x, for example, says what to take")
            }
            found.append(index)
        }
        return found
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        row.startsSession = false
        while nextPair == pairs.count {
            guard try nextSection() else { return false }
            row.startsSession = true
        }
        let pair = pairs[nextPair]
        row.position = nextPair
        nextPair += 1
        for (i, source) in sources.enumerated() {
            let channel = WISDMReader.channels[source]
            let index = channel.sensor == 0 ? pair.accel : pair.gyro
            row.values[i] = sections[channel.sensor]!.values[3 * index + channel.axis]
        }
        let leading = sections[0] ?? sections[1]!
        let index = sections[0] != nil ? pair.accel : pair.gyro
        row.time = Double(leading.times[index]) / 1e9
        row.line = leading.lines[index]
        row.label = label
        return true
    }

    func takeNotes() -> [Note] {
        defer { notes = [] }
        return notes
    }

    /// Takes the next section, or pair of sections; false at the end of the accelerometer's, or only, file.
    private func nextSection() throws(LogError) -> Bool {
        pairs = []
        nextPair = 0
        let accel = try readers[0]?.next()
        if readers[0] != nil, accel == nil {
            try dropRemainingGyroscope()
            tellRest()
            return false
        }
        let gyro = if let accel { try matching(accel.key) } else { try readers[1]?.next() }
        guard let key = accel?.key ?? gyro?.key else {
            tellRest()
            return false
        }
        sections = [accel, gyro]
        let activity = WISDMLine.activityName(key.activity)!
        session = "subject \(key.subject), activity \(activity) (\(Unicode.Scalar(key.activity)))"
        label = labels.index(of: activity)
        for section in [accel, gyro].compactMap({ $0 }) { note(section.repairs, of: section) }
        guard let accel, readers[1] != nil else {
            pairs = (accel ?? gyro!).times.indices.map { ($0, $0) }
            return true
        }
        guard let gyro else {
            unmatched(
                accel.count, "the gyroscope has no section of \(session!): \(counted(accel.count, "row")) left out")
            return true
        }
        join(accel, gyro)
        return true
    }

    /// The gyroscope's next section of that subject and activity, or nil. Those passed over wait for their turn.
    private func matching(_ key: WISDMSection.Key) throws(LogError) -> WISDMSection? {
        guard let reader = readers[1] else { return nil }
        if let index = waiting.firstIndex(where: { $0.key == key }) { return waiting.remove(at: index) }
        while let section = try reader.next() {
            if section.key == key { return section }
            waiting.append(section)
        }
        return nil
    }

    private func join(_ accel: WISDMSection, _ gyro: WISDMSection) {
        var i = 0
        var j = 0
        while i < accel.count, j < gyro.count {
            if accel.times[i] == gyro.times[j] {
                pairs.append((i, j))
                i += 1
                j += 1
            } else if accel.times[i] < gyro.times[j] {
                i += 1
            } else {
                j += 1
            }
        }
        let accelOnly = accel.count - pairs.count
        let gyroOnly = gyro.count - pairs.count
        if accelOnly + gyroOnly > 0 {
            unmatched(
                accelOnly + gyroOnly,
                "left out, without a partner at the same time: \(accelOnly) of \(accel.count) accelerometer rows, "
                    + "\(gyroOnly) of \(gyro.count) gyroscope rows")
        }
    }

    private func dropRemainingGyroscope() throws(LogError) {
        guard let reader = readers[1] else { return }
        while let section = try reader.next() { waiting.append(section) }
        for section in waiting {
            unmatched(
                section.count,
                "the accelerometer has no section of subject \(section.key.subject), activity "
                    + "\(WISDMLine.activityName(section.key.activity)!): \(counted(section.count, "row")) left out")
        }
        waiting = []
    }

    private func tellRest() {
        if hasToldRest { return }
        hasToldRest = true
        let rest = readers.compactMap { $0?.rest }.reduce(Repairs(), +)
        repairs = repairs + rest
        if rest.unreadableRowCount > 0 {
            notes.append("dropped \(counted(rest.unreadableRowCount, "row")) that could not be read")
        }
    }

    private func unmatched(_ count: Int, _ note: String) {
        repairs.unmatchedRowCount += count
        notes.append(note)
    }

    private func note(_ section: Repairs, of: WISDMSection) {
        repairs = repairs + section
        let place = "from line \(of.lines.first ?? 0)"
        if section.unreadableRowCount > 0 {
            notes.append("dropped \(counted(section.unreadableRowCount, "row")) that could not be read, \(place)")
        }
        if section.unorderedRowCount > 0 {
            notes.append("\(counted(section.unorderedRowCount, "row")) out of order, sorted by time, \(place)")
        }
        if section.duplicateRowCount > 0 {
            notes.append("dropped \(counted(section.duplicateRowCount, "row")) with a time already there, \(place)")
        }
    }
}
