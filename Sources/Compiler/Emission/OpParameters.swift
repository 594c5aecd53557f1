import SNNRuntime

/// The parameters of an op as they go into its block of the file (format.md, the section of the kind).
protocol OpParameters: Sendable {
    var kind: OpKind { get }
    var blockByteCount: UInt32 { get }
    /// The format's first minor version that has what the op says.
    var formatMinor: UInt32 { get }
    /// Fills the block's fields; arrays go to the data section in the order in which they are put.
    func write(to block: inout BlockWriter)
}

extension OpParameters {
    var formatMinor: UInt32 { Record.Header.firstMinor }
}

/// A parameter of neurons is one value that all share, or an array of values: one for each neuron, or for each of a period.
enum Parameter: Equatable, Sendable {
    case shared(Int)
    case array([Int])

    /// Absent where there are no values.
    static let absent = Parameter.shared(0)

    /// One value if all are equal.
    init(_ values: [Int]) {
        self = Set(values).count > 1 ? .array(values) : .shared(values.first ?? 0)
    }

    /// Rows of values as parameters. Where every row repeats after `period` elements, arrays hold that many.
    ///
    /// - Parameter period: 0 for none.
    /// - Returns: the parameters, and the period of their arrays, 0 where an array has an element for each neuron or there is none.
    static func folded(_ rows: [[Int]], period: Int) -> (parameters: [Parameter], period: Int) {
        let isPeriodic = period > 0 && rows.allSatisfy { row in row.indices.allSatisfy { row[$0] == row[$0 % period] } }
        let parameters = rows.map { row -> Parameter in
            guard isPeriodic, case .array(let values) = Parameter(row) else { return Parameter(row) }
            return .array(Array(values.prefix(period)))
        }
        let hasArray = parameters.contains { if case .array = $0 { true } else { false } }
        return (parameters, isPeriodic && hasArray ? period : 0)
    }
}

/// The width of an array's elements.
enum ElementWidth { case two, four }
