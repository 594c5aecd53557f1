/// The sessions that columns of a log name, such as those of a user and a device: a change of a cell begins one.
struct Sessions {
    /// A cell is told apart by as many bytes.
    private static let cellByteCount = 64

    /// The name of the session of the row that was read last; nil where no column names one.
    private(set) var name: String?
    private let columns: [(index: Int, name: String)]
    /// The place of each column among them.
    private let places: [Int]
    /// The cells of the session, and of the row that is being read, one per column.
    private var cells: [[UInt8]]
    private var read: [[UInt8]]
    /// Of the session that was read last.
    private var index: Int32 = 0
    private var hasRow = false

    init(_ header: CSVHeader) {
        columns = header.roles.indices.filter { header.roles[$0] == .session }.map { ($0, header.names[$0]) }
        var places = header.roles.map { _ in 0 }
        for (place, column) in columns.enumerated() { places[column.index] = place }
        self.places = places
        cells = columns.map { _ in [] }
        read = cells
    }

    /// A cell of the row that is being read.
    mutating func take(_ cell: Span<UInt8>, _ column: Int) {
        let cut = cell.extracting(0..<min(cell.count, Sessions.cellByteCount))
        if cut.withUnsafeBufferPointer({ $0.elementsEqual(read[places[column]]) }) { return }
        read[places[column]] = cut.withUnsafeBufferPointer { Array($0) }
    }

    /// The index of the session of the row whose cells were taken, which is used; 0 where no column names one.
    mutating func endRow() -> Int32 {
        if columns.isEmpty || hasRow && read == cells { return index }
        if hasRow { index += 1 }
        hasRow = true
        cells = read
        name = zip(columns, cells).map { "\($0.name) \(string($1.span) ?? shown($1.span))" }.joined(separator: ", ")
        return index
    }
}
