/// Finds the columns of a model's channels in a table: as mapped, by the channel's name, by the layout's description, by the
/// sensor and axis that names say.
struct ColumnFinder {
    private let layout: TableLayout
    private let description: LayoutDescription?
    private let file: String
    private let input: LogInput
    private let columns: [String: String]
    private let fault: (String, String?) -> LogError
    private let lowered: [String]
    /// What was taken by other than its own name.
    private(set) var notes: [String] = []

    init(
        _ layout: TableLayout, _ description: LayoutDescription?, file: String, input: LogInput,
        columns: [String: String],
        fault: @escaping (String, String?) -> LogError
    ) {
        (self.layout, self.description, self.file, self.input) = (layout, description, file, input)
        (self.columns, self.fault) = (columns, fault)
        lowered = layout.names.map { $0.lowercased() }
    }

    /// The columns, for a message.
    var found: String {
        if layout.headerLine == nil { return "the log has no header and \(counted(layout.names.count, "column"))" }
        let listed = layout.names.prefix(20).map { shown(Array($0.utf8).span) }.joined(separator: ", ")
        return "columns found: " + listed + (layout.names.count > 20 ? " and \(layout.names.count - 20) more" : "")
    }

    /// The one column of that name; nil if there is none.
    func column(_ name: String) throws(LogError) -> Int? {
        let found = lowered.indices.filter { lowered[$0] == name.lowercased() }
        guard found.count < 2 else {
            throw fault(
                "columns \(found[0] + 1) and \(found[1] + 1) are both named \"\(layout.names[found[1]])\"",
                "--map takes a column by its number, as in --map \(name)=\(found[0] + 1)")
        }
        return found.first
    }

    /// The columns that are mapped to a channel, `time` or `label`; nil where none is.
    func mapped(_ key: String) throws(LogError) -> [Int]? {
        guard let target = columns.first(where: { $0.key.lowercased() == key.lowercased() })?.value else { return nil }
        if let column = try column(target) { return [column] }
        if let found = layout.columns(named: target) { return found }
        throw fault("no column \"\(target)\", to which \(key) is mapped; \(found)", nil)
    }

    /// A channel's columns: as mapped, by its name, by its name and a unit, or as the layout's description has it.
    mutating func columns(of channel: LogInput.Channel) throws(LogError) -> [Int]? {
        if let mapped = try mapped(channel.name) { return mapped }
        if let mapped = try mappedByStem(channel) { return [mapped] }
        if let column = try column(channel.name) { return [column] }
        if let column = try columnWithUnit(channel) { return [column] }
        return description?.columns(of: channel.name, in: layout)
    }

    /// The one column whose name without its unit is the channel's.
    private func columnWithUnit(_ channel: LogInput.Channel) throws(LogError) -> Int? {
        let quantity = ValueUnit.spelled(channel.unit)?.quantity
        let found = layout.names.indices.filter {
            let (base, unit) = splitValueUnit(layout.names[$0], quantity: quantity)
            return base.lowercased() == channel.name.lowercased() && unit.map(ValueUnit.isUnit) == true
        }
        guard found.count < 2 else {
            throw fault(
                "columns \(found[0] + 1) and \(found[1] + 1), \"\(layout.names[found[0]])\" and \"\(layout.names[found[1]])\", "
                    + "could both be \(channel.name)", "--map \(channel.name)=COLUMN chooses one")
        }
        return found.first
    }

    /// `--map accel=hand_acc16`: the column of the channel's axis among those whose names hold that text.
    private func mappedByStem(_ channel: LogInput.Channel) throws(LogError) -> Int? {
        guard let key = longestKey(columns.keys, of: channel.name), key.lowercased() != channel.name.lowercased(),
            let target = columns[key], let axis = SensorName(channel.name)?.axis
        else { return nil }
        let found = layout.names.indices.filter {
            lowered[$0].contains(target.lowercased()) && SensorName(layout.names[$0])?.axis == axis
        }
        guard found.count == 1 else {
            let what = found.isEmpty ? "no column" : "more than one column"
            throw fault(
                "\(what) of axis \(axis.rawValue) has \"\(target)\" in its name, to which \(key) is mapped; \(self.found)",
                nil)
        }
        return found[0]
    }

    /// The columns of channels that have none yet, by name of channel: of the one sensor among the columns that measures what
    /// they take. Refused: several such sensors, and one that leaves out gravity.
    mutating func columnsBySensor(
        _ channels: [LogInput.Channel], except roles: [CSVHeader.Role]
    ) throws(LogError) -> [String: Int] {
        var taken: [String: Int] = [:]
        for quantity in [ValueUnit.Quantity.acceleration, .angularRate, .magneticField] {
            let wanted = channels.filter { SensorName($0.name)?.quantity == quantity }
            let axes = wanted.map { SensorName($0.name)!.axis }
            guard !wanted.isEmpty, Set(axes).count == axes.count else { continue }
            let sensors = sensors(of: quantity, axes, except: roles)
            let whole = sensors.filter { !$0.name.isPartial && !$0.isPartialFile }
            if whole.isEmpty, let partial = sensors.first { throw withoutGravity(wanted, partial, among: sensors) }
            // The plain name, and what does not come beside better values, goes first.
            let plain = whole.filter(\.name.isPlain)
            let better = plain.isEmpty ? whole.filter { !$0.name.isSecondary } : plain
            let best = better.isEmpty ? whole : better
            guard let sensor = best.first else { continue }
            guard best.count == 1 else {
                let names = best.map { "\"\(layout.names[$0.columns[0]])\"" }
                throw fault(
                    "\(names.dropLast().joined(separator: ", ")) and \(names.last!) could all be \(wanted[0].name)",
                    mapping(wanted, best[0].columns) + " takes the first of them")
            }
            for (channel, column) in zip(wanted, sensor.columns) { taken[channel.name] = column }
            let names = sensor.columns.map { "\"\(layout.names[$0])\"" }.joined(separator: ", ")
            notes.append("\(wanted.map(\.name).joined(separator: ", ")) from columns \(names)" + sensor.reason)
        }
        return taken
    }

    private struct Sensor {
        /// One per axis.
        let columns: [Int]
        /// Of the first.
        let name: SensorName
        /// The file's name says that gravity is left out.
        var isPartialFile = false
        let reason: String
    }

    /// The refusal of acceleration without gravity, with what leads to the whole where the log has it.
    private func withoutGravity(_ wanted: [LogInput.Channel], _ partial: Sensor, among sensors: [Sensor]) -> LogError {
        let names = partial.columns.map { "\"\(layout.names[$0])\"" }.joined(separator: ", ")
        var hint = "the app can log both together; \(mapping(wanted, partial.columns)) takes it all the same"
        if let gravity = sensors.first(where: \.name.isGravity), let user = sensors.first(where: { !$0.name.isGravity })
        {
            let sums = zip(wanted, zip(gravity.columns, user.columns)).map {
                "--map \"\($0.name)=\(layout.names[$1.0]) + \(layout.names[$1.1])\""
            }
            hint = "\(sums.joined(separator: " ")) adds them"
        }
        return fault(
            "\(names): acceleration without gravity, or gravity alone, where \(wanted[0].name) is both; \(found)", hint)
    }

    /// --map for channels and their columns, as a shell takes it.
    private func mapping(_ channels: some Sequence<LogInput.Channel>, _ columns: some Sequence<Int>) -> String {
        zip(channels, columns).map { channel, column in
            let name = lowered.count { $0 == lowered[column] } > 1 ? "\(column + 1)" : layout.names[column]
            let pair = "\(channel.name)=\(name)"
            return "--map "
                + (pair.allSatisfy { $0.isLetter || $0.isNumber || "_-.=[]/:".contains($0) } ? pair : "\"\(pair)\"")
        }.joined(separator: " ")
    }

    /// Sensors of that quantity which have all the axes; where no name says one, three bare axes of a file that does.
    private func sensors(
        of quantity: ValueUnit.Quantity, _ axes: [SensorName.Axis], except roles: [CSVHeader.Role]
    ) -> [Sensor] {
        var stems: [[String]] = []
        var places: [[String]: Int] = [:]
        var columns: [[SensorName.Axis: [Int]]] = []
        for column in layout.names.indices where roles[column] == .ignored && layout.headerLine != nil {
            guard let name = SensorName(layout.names[column]), !name.isDerived,
                name.quantity == quantity || name.quantity == nil && name.stem.isEmpty
            else { continue }
            if let at = places[name.stem] {
                columns[at][name.axis, default: []].append(column)
            } else {
                places[name.stem] = stems.count
                stems.append(name.stem)
                columns.append([name.axis: [column]])
            }
        }
        let fileSensor = SensorName.sensor(ofPath: file)
        var named: [Sensor] = []
        var bare: [Sensor] = []
        for (stem, byAxis) in zip(stems, columns) {
            let found = axes.compactMap { byAxis[$0]?.first }
            guard found.count == axes.count, axes.allSatisfy({ byAxis[$0]!.count == 1 }) else { continue }
            let name = SensorName(layout.names[found[0]])!
            if name.quantity == quantity {
                named.append(Sensor(columns: found, name: name, reason: stem.isEmpty ? ", by their unit" : ""))
            } else if let fileSensor, fileSensor.quantity == quantity {
                bare.append(
                    Sensor(
                        columns: found, name: name, isPartialFile: fileSensor.isPartial, reason: ", by the file's name")
                )
            }
        }
        return named.isEmpty ? bare : named
    }

    /// The error for channels that no column and no other file has. --map is offered for columns that nothing has taken.
    func refusal(_ missing: [LogInput.Channel], _ roles: [CSVHeader.Role]) -> LogError {
        let free = layout.names.indices.filter {
            roles[$0] == .ignored && layout.isNumeric[$0] && !couldBeTime(layout.names[$0])
        }
        let names = missing.map(\.name)
        let bare = SensorName.Axis.allCases.compactMap { axis in free.first { lowered[$0] == axis.rawValue } }
        let hint: String
        if bare.count == 3, names.count >= 3 {
            hint =
                "nothing says which sensor \(bare.map { "\"\(layout.names[$0])\"" }.joined(separator: ", ")) are; "
                + "\(mapping(missing, bare)) if they are \(names.prefix(3).joined(separator: ", "))"
        } else if free.count >= missing.count {
            let column =
                layout.headerLine == nil ? "N says which column, counted from 1, has" : "COLUMN names the column of"
            hint = "--map \(names[0])=\(column) a channel"
        } else if missing.count == input.channels.count {
            hint =
                "the log has \(counted(free.count, "column")) of numbers where the model takes \(names.count)"
                + (layout.headerLine.map { "; --header-line N if its header is another line than \($0)" } ?? "")
        } else {
            hint =
                "this log has \(input.channels.count - missing.count) of the model's \(input.channels.count) channels; name the "
                + "other sensor's file too, and they are joined on time, or use a model of these channels"
        }
        return fault("no column for channel \(names.joined(separator: ", ")); \(found)", hint)
    }

    /// The doubt that accelerometer and gyroscope are of different places, where the names of their columns say so.
    func doubt(_ roles: [CSVHeader.Role]) -> Note? {
        var places: [(words: Set<String>, column: String)] = []
        for i in input.channels.indices {
            guard let column = roles.firstIndex(of: .channel(i)), let name = SensorName(layout.names[column]),
                name.quantity != nil
            else { continue }
            let words = Set(name.stem).intersection(SensorName.places)
            if !words.isEmpty, !places.contains(where: { $0.words == words }) {
                places.append((words, layout.names[column]))
            }
        }
        guard places.count > 1 else { return nil }
        return .doubt(
            "\"\(places[0].column)\" and \"\(places[1].column)\" are of different places: --map accel=TEXT --map gyro=TEXT take the "
                + "columns with a text in their names")
    }
}
