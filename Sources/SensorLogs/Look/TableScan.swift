/// What stands in the columns of a CSV log, as far as it is told without a model: read once, from the first row to the last.
public struct TableScan: Sendable {
    public struct Column: Sendable {
        /// As the header has it, or its number from 1.
        public let name: String
        /// By its name, a row of units or the layout; nil where none of them says one.
        public let unit: String?
        /// What reading the log takes it for: a channel's name, `time`, `label`, `session`; nil where nothing.
        public fileprivate(set) var role: String?
        /// Cells that are numbers, dates or clocks, other text, and empty or NaN.
        public fileprivate(set) var numberCount = 0
        public fileprivate(set) var dateCount = 0
        public fileprivate(set) var textCount = 0
        public fileprivate(set) var missingCount = 0
        /// Of the numbers.
        public fileprivate(set) var least = Double.infinity
        public fileprivate(set) var greatest = -Double.infinity
        /// Of the numbers, of every 2^n-th in a long log; nil without numbers.
        public var median: Double? { lowerMedian(kept) }
        /// Texts that occur, the commonest first, with their counts; none where more than `textLimit` do.
        public var texts: [(text: String, count: Int)] {
            counts.count > TableScan.textLimit
                ? [] : counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        }
        fileprivate var kept: [Double] = []
        fileprivate var counts: [String: Int] = [:]
    }

    /// The most texts of a column that are counted.
    public static let textLimit = 64
    /// Numbers kept for the medians of all columns.
    private static let keptLimit = 1 << 20

    /// Separator, header and layout in one line.
    public let layout: String
    public private(set) var columns: [Column]
    public private(set) var rowCount = 0
    /// Rows of another number of cells.
    public private(set) var oddRowCount = 0
    /// The reason for which a log of these columns is refused, where their names alone tell it.
    public private(set) var refusal: LogError?
    /// Channels that no column has.
    public private(set) var missingChannels: [String] = []
    /// Keeps every n-th number of a column.
    private var stride = 1

    /// Nil where the log is no CSV: an array, WISDM, another format of its own, or a pipe. Refused: what cannot be read, and
    /// text without a layout.
    /// - Parameter input: of the model; without one the channels of a watch, as far as there are columns for them.
    public init?(path: String, input: LogInput, options: ReadingOptions) throws(LogError) {
        guard let reader = try LogFile(path: path, shouldStop: options.shouldStop).text(options) else { return nil }
        let header: CSVHeader?
        do throws(LogError) {
            header = try CSVHeader(reader, input: input, options: options)
        } catch { (header, refusal) = (nil, error) }
        let table =
            if let header { header.layout } else {
                try TableLayout(reader, isLive: false, headerLine: options.headerLine) { SensorName($0) != nil }
            }
        layout = CSVReader.words(table, header?.description)
        columns = table.names.indices.map { column in
            let written = splitValueUnit(table.names[column]).unit
            let known = written.flatMap { ValueUnit.isUnit($0) || TimeUnit(spelled: $0) != nil ? $0 : nil }
            let below = column < table.units.count && !table.units[column].isEmpty ? table.units[column] : nil
            return Column(name: table.names[column], unit: known ?? below)
        }
        if let header {
            missingChannels = header.missing.map { input.channels[$0].name }
            for (column, role) in header.roles.enumerated() { columns[column].role = header.words(role, input) }
            if header.timeCandidates.count == 1 { columns[header.timeCandidates[0]].role = "time" }
        }
        while reader.line < table.lastHeadLine { _ = try reader.withNextLine { _ in } }
        try read(reader, table)
    }

    private mutating func read(_ reader: LineReader, _ table: TableLayout) throws(LogError) {
        while true {
            let more: Void? = try reader.withNextLine { line in
                if holdsNoRow(line, separator: table.separator) { return }
                var column = 0
                forEachCell(line, table.separator) { cell in
                    if column < columns.count { take(cell, column, table.decimalSign) }
                    column += 1
                }
                rowCount += 1
                if column != columns.count, column != columns.count + 1 { oddRowCount += 1 }
            }
            guard more != nil else { return }
        }
    }

    private mutating func take(_ cell: Span<UInt8>, _ column: Int, _ decimalSign: UInt8) {
        if let (value, end) = parseDecimal(cell, from: 0, decimalSign: decimalSign), end == cell.count, value.isFinite {
            columns[column].numberCount += 1
            columns[column].least = min(columns[column].least, value)
            columns[column].greatest = max(columns[column].greatest, value)
            if rowCount % stride == 0 { columns[column].kept.append(value) }
            if columns[column].kept.count >= max(64, TableScan.keptLimit / columns.count) { thin() }
            return
        }
        let text = string(cell) ?? shown(cell)
        if ["", "nan", "na", "n/a", "null"].contains(text.lowercased()) {
            columns[column].missingCount += 1
        } else if TimeText(cell) != nil {
            columns[column].dateCount += 1
        } else {
            columns[column].textCount += 1
            if columns[column].counts.count <= TableScan.textLimit { columns[column].counts[text, default: 0] += 1 }
        }
    }

    /// Keeps every other number of those kept, and half as many from here on.
    private mutating func thin() {
        stride *= 2
        for i in columns.indices {
            columns[i].kept = Swift.stride(from: 0, to: columns[i].kept.count, by: 2).map { columns[i].kept[$0] }
        }
    }
}

extension CSVHeader {
    /// A column's role as users read it; nil for one that is not looked at.
    fileprivate func words(_ role: Role, _ input: LogInput) -> String? {
        switch role {
        case .ignored: nil
        case .channel(let index): input.channels[index].name
        case .time, .date, .timePart: "time"
        case .label: "label"
        case .session, .only: "session"
        }
    }
}

extension LogFile {
    /// A reader of the log where it is CSV text on disk; nil where it is something else.
    func text(_ options: ReadingOptions) throws(LogError) -> LineReader? {
        if let failure { throw failure }
        guard isOnDisk, !options.isRaw, options.format != .wisdm else { return nil }
        var file = self
        guard let reader = file.peek(options), reader.isText else { return nil }
        return reader
    }
}
