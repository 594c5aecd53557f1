/// The columns of a CSV log: which of them is which.
struct CSVHeader {
    enum Role: Equatable {
        case ignored
        /// Index of the model's channel; the columns of one channel are added.
        case channel(Int)
        case time
        /// The date, where times are those of a clock.
        case date
        /// What the column of the time lacks, in a unit of its own.
        case timePart(TimePart)
        case label
        /// A change of its cells begins a session.
        case session
        /// Rows with another cell than this are passed over.
        case only(String)
    }

    let layout: TableLayout
    let description: LayoutDescription?
    var separator: UInt8 { layout.separator }
    var names: [String] { layout.names }
    /// The role of each column.
    private(set) var roles: [Role]
    /// Columns whose names could be a time column's; the one that was mapped, where one was.
    private(set) var timeCandidates: [Int] = []
    private(set) var isTimeMapped = false
    /// The channels without a column.
    private(set) var missing: [Int] = []
    /// The units of the channels: by the layout, their columns' names or a row of units.
    private(set) var units: [WrittenUnit?] = []
    /// The error for channels without a column, once no other file has them.
    private(set) var refusal: LogError?
    /// What was taken by other than its own name.
    private(set) var notes: [Note] = []

    var timeColumn: Int? { roles.firstIndex(of: .time) }
    /// The line to name in messages on columns.
    var line: Int { layout.headerLine ?? layout.lastHeadLine + 1 }

    private static let labelNames = [
        "label", "labels", "activity", "class", "gt", "ground_truth", "groundtruth", "annotation", "activity_label",
        "activity label", "activitylabel", "activity_name", "activity name", "activity_code", "activity_id",
        "activityid",
    ]
    /// Whose cells, also numbers, set recordings apart.
    private static let sessionNames: Set<String> = [
        "user", "userid", "subject", "subjectid", "participant", "participantid", "person", "personid", "device",
        "deviceid", "session", "sessionid", "recording", "recordingid", "trial", "mac", "macaddress", "serial",
        "serialnumber", "uuid", "node", "nodeid", "sensor", "sensorid", "sensorname", "sensorlocation", "imu", "imuid",
        "board", "boardid", "position", "location", "placement", "side", "hand", "limb", "tag", "address", "id",
    ]

    /// Looks at a log, of which nothing is consumed. Refused: what has no layout, a name that two columns have where one of them
    /// is needed, a mapping to a column that is not there, a channel that several columns could be.
    init(_ reader: LineReader, input: LogInput, options: ReadingOptions) throws(LogError) {
        let file = reader.source.name
        let channels = input.channels.map { $0.name.lowercased() }
        var layout = try TableLayout(reader, isLive: options.isLive, headerLine: options.headerLine) { name in
            channels.contains(name.lowercased()) || options.columns.values.contains(name)
                || SensorName(name)?.quantity != nil || couldBeTime(name)
        }
        description = try LayoutDescription.of(layout, options: options)
        layout.name(description?.names)
        self.layout = layout
        let line = layout.headerLine ?? layout.lastHeadLine + 1
        let fault = { (message: String, hint: String?) in
            LogError(.header, file: file, line: line, message, hint: hint)
        }
        roles = layout.names.map { _ in .ignored }
        var finder = ColumnFinder(layout, description, file: file, input: input, columns: options.columns, fault: fault)
        for (i, channel) in input.channels.enumerated() {
            if let found = try finder.columns(of: channel) {
                for column in found { try take(column, as: .channel(i), for: channel.name, fault) }
            } else {
                missing.append(i)
            }
        }
        let bySensor = try finder.columnsBySensor(missing.map { input.channels[$0] }, except: roles)
        missing.removeAll { channel in
            guard let column = bySensor[input.channels[channel].name] else { return false }
            roles[column] = .channel(channel)
            return true
        }
        notes = finder.notes.map { Note($0) } + [finder.doubt(roles)].compactMap { $0 }
        if let description {
            notes += description.remarks(file, isMapped: input.channels.contains { options.maps($0.name) })
        }
        if !missing.isEmpty { refusal = finder.refusal(missing.map { input.channels[$0] }, roles) }

        func mapped(_ key: String, as role: Role) throws(LogError) -> Bool {
            guard let column = try finder.mapped(key)?.first else { return false }
            try take(column, as: role, for: key, fault)
            return true
        }
        if !channels.contains("time") { isTimeMapped = try mapped("time", as: .time) }
        if !isTimeMapped, let name = description?.time?.column, let column = layout.columns(named: name)?.first,
            roles[column] == .ignored
        {
            roles[column] = .time
            isTimeMapped = true
        }
        timeCandidates =
            isTimeMapped
            ? [roles.firstIndex(of: .time)!]
            : layout.names.indices.filter { roles[$0] == .ignored && couldBeTime(layout.names[$0]) }
        if !channels.contains("label") {
            let isMapped = try mapped("label", as: .label)
            if !isMapped { try findLabel(finder, fault) }
        }
        for (name, cell) in options.only.sorted(by: { $0.key < $1.key }) {
            guard let column = layout.columns(named: name)?.first else {
                throw fault("no column \"\(name)\", as --only has it; \(finder.found)", nil)
            }
            try take(column, as: .only(cell), for: name, fault)
        }
        try findSessions(fault)
        if layout.unitsLine != nil { notes.append("line \(layout.unitsLine!) is a row of units") }
        units = input.channels.enumerated().map { unit($0, $1) }
        doubtPartUnits(input, options)
    }

    private mutating func take(
        _ column: Int, as role: Role, for name: String, _ fault: (String, String?) -> LogError
    ) throws(LogError) {
        guard roles[column] == .ignored else {
            throw fault("column \(column + 1) (\(names[column])) is asked for twice, the second time as \(name)", nil)
        }
        roles[column] = role
    }

    /// The column of labels: by the layout, or by the first of the usual names that one has.
    private mutating func findLabel(_ finder: ColumnFinder, _ fault: (String, String?) -> LogError) throws(LogError) {
        if let name = description?.label?.column, let column = layout.columns(named: name)?.first {
            if roles[column] == .ignored { roles[column] = .label }
            return
        }
        for name in CSVHeader.labelNames {
            guard let column = try finder.column(name), roles[column] == .ignored else { continue }
            roles[column] = .label
            if name != "label" {
                notes.append("column \"\(names[column])\" is taken as the label: --map label=COLUMN chooses another")
            }
            return
        }
    }

    /// The columns that set stretches of rows apart. Refused: those whose cells alternate, as where rows of several devices
    /// were put in order of time. A column of texts that does so is doubted whatever its name.
    private mutating func findSessions(_ fault: (String, String?) -> LogError) throws(LogError) {
        let rows = layout.firstRows.filter { row in
            roles.indices.allSatisfy { column in
                guard case .only(let cell) = roles[column] else { return true }
                return column < row.count && row[column] == cell
            }
        }
        let described = description?.session?.compactMap { layout.columns(named: $0)?.first } ?? []
        for column in names.indices where roles[column] == .ignored {
            let name = names[column].lowercased().filter { $0.isLetter || $0.isNumber }
            let isNamed = described.contains(column) || CSVHeader.sessionNames.contains(name)
            guard isNamed || column < layout.isNumeric.count && !layout.isNumeric[column] else { continue }
            let cells = rows.compactMap { column < $0.count && !$0[column].isEmpty ? $0[column] : nil }
            let changes = zip(cells, cells.dropFirst()).count { $0 != $1 }
            guard changes * 8 > cells.count else {
                if isNamed { roles[column] = .session }
                continue
            }
            // As many values as rows number them; few that come again are interleaved.
            let values = Set(cells)
            guard values.count * 4 < cells.count else { continue }
            let commonest = values.sorted { one, other in
                (cells.count { $0 == other }, one) < (cells.count { $0 == one }, other)
            }
            let shown = commonest.prefix(4).map { "\"\($0)\"" }.joined(separator: ", ")
            let what =
                "column \(column + 1) (\(names[column])) changes from row to row between \(shown): the rows of several "
                + "recordings are mixed"
            let pair = "\(names[column])=\(commonest[0])"
            let option = "--only " + (pair.contains(" ") ? "\"\(pair)\"" : pair)
            if isNamed { throw fault(what, "\(option) reads the rows of one of them") }
            notes.append(.doubt("\(what)? \(option) reads the rows of one of them"))
        }
        let columns = roles.indices.filter { roles[$0] == .session }.map { "\"\(names[$0])\"" }
        if !columns.isEmpty {
            notes.append("rows with the same \(columns.joined(separator: " and ")) are a session of their own")
        }
    }

    /// Doubts a sensor of which some axes name a unit and others do not.
    private mutating func doubtPartUnits(_ input: LogInput, _ options: ReadingOptions) {
        for quantity in [ValueUnit.Quantity.acceleration, .angularRate] {
            let axes = input.channels.indices.filter {
                SensorName(input.channels[$0].name)?.quantity == quantity && roles.contains(.channel($0))
            }
            let said = axes.compactMap { units[$0]?.text }
            guard let unit = said.first, said.count < axes.count, !options.states(input.channels[axes[0]].name) else {
                continue
            }
            let name = input.channels[axes[0]].name.split(separator: "_").first ?? "accel"
            notes.append(
                .doubt(
                    "\(said.count) of \(axes.count) axes name a unit: --unit \(name)=\(unit) if the others are in it too"
                ))
        }
    }

    private func unit(_ index: Int, _ channel: LogInput.Channel) -> WrittenUnit? {
        guard let column = roles.firstIndex(of: .channel(index)) else { return nil }
        let quantity = ValueUnit.spelled(channel.unit)?.quantity
        func written(_ text: String, line: Int?) -> WrittenUnit {
            WrittenUnit(text: text, line: line ?? self.line, column: column, columnName: names[column])
        }
        if let described = description?.unit(ofChannel: channel.name) {
            var unit = written(described.text, line: nil)
            unit.scale = described.scale
            return unit
        }
        // The model's own name says nothing of the log.
        if names[column].lowercased() != channel.name.lowercased(),
            let text = splitValueUnit(names[column], quantity: quantity).unit
        {
            return written(text, line: nil)
        }
        if SensorName(names[column])?.stem == ["gf"] { return written("g", line: nil) }
        guard column < layout.units.count, !layout.units[column].isEmpty else { return nil }
        return written(layout.units[column], line: layout.unitsLine)
    }

    mutating func takeTime(_ column: Int, date: Int?, parts: [TimePart]) {
        roles[column] = .time
        for part in parts { roles[part.column] = .timePart(part) }
        if let date { roles[date] = .date }
    }

    /// The unit that the layout, the time column's name or a row of units says.
    var timeUnit: TimeUnit? {
        timeColumn.flatMap { column in
            description?.time?.unit.flatMap(TimeUnit.init(spelled:)) ?? splitTimeUnit(names[column]).unit
                ?? (layout.units.isEmpty ? nil : TimeUnit(spelled: layout.units[column]))
        }
    }
}
