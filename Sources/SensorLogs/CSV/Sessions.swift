/// The sessions that columns of a log name, such as those of a user and a device: a change of a cell begins one.
struct Sessions {
    /// The names of the sessions so far.
    private(set) var names: [String] = []
    private let columns: [(index: Int, name: String)]
    /// The cells of the row read last, one per column.
    private var cells: [[UInt8]]
    private var hasChanged = false

    init(_ header: CSVHeader) {
        columns = header.roles.indices.filter { header.roles[$0] == .session }.map { ($0, header.names[$0]) }
        cells = columns.map { _ in [] }
    }

    /// A cell of the row that is being read.
    mutating func take(_ cell: Span<UInt8>, _ column: Int) {
        let at = columns.firstIndex { $0.index == column }!
        if cell.withUnsafeBufferPointer({ $0.elementsEqual(cells[at]) }) { return }
        cells[at] = cell.withUnsafeBufferPointer { Array($0) }
        hasChanged = true
    }

    /// The index of the session of the row whose cells were taken; 0 where no column names one.
    mutating func endRow() -> Int32 {
        if hasChanged {
            names.append(zip(columns, cells).map { "\($0.name) \(string($1.span) ?? "")" }.joined(separator: ", "))
            hasChanged = false
        }
        return Int32(max(0, names.count - 1))
    }
}
