/// A linear map is a matrix, a diagonal one, one that groups share, or a convolution.
enum LinearMap {
    case dense(rows: Int, columns: Int, values: [Double])
    case diagonal([Double])
    case block(BlockMap)
    case convolution(ConvolutionMap)

    var rows: Int {
        switch self {
        case .dense(let rows, _, _): rows
        case .diagonal(let values): values.count
        case .block(let map): map.groupCount * map.rows
        case .convolution(let map): map.shape.reduce(1, *)
        }
    }
    var columns: Int {
        switch self {
        case .dense(_, let columns, _): columns
        case .diagonal(let values): values.count
        case .block(let map): map.groupCount * map.columns
        case .convolution(let map): map.from.reduce(1, *)
        }
    }

    /// This map after `first`; nil where one is a convolution that the other cannot be taken into, or not without many more
    /// weights.
    func after(_ first: LinearMap) -> LinearMap? {
        switch (self, first) {
        case (.diagonal(let a), .block(let map)):
            return map.scaled(rows: a, columns: Array(repeating: 1, count: first.columns)).map { .block($0) }
                ?? after(first.spread)
        case (.block(let map), .diagonal(let b)):
            return map.scaled(rows: Array(repeating: 1, count: rows), columns: b).map { .block($0) }
                ?? spread.after(first)
        case (.diagonal(let a), .convolution(var map)):
            // One factor per output channel, or none; maxima stay such under positive ones.
            let positionCount = map.shape[1] * map.shape[2]
            let isPerChannel = a.indices.allSatisfy {
                a[$0] == a[$0 / positionCount * positionCount] && (a[$0] >= 0 || map.maxima == nil)
            }
            guard isPerChannel else { return nil }
            map.factors = map.factors.indices.map { map.factors[$0] * a[$0 * positionCount] }
            return .convolution(map)
        case (.convolution(var map), .diagonal(let b)):
            if let factor = b.first, b.allSatisfy({ $0 == factor }) {
                map.factors = map.factors.map { $0 * factor }
                return .convolution(map)
            }
            return map.scaled(inputs: b).map { .convolution($0) }
        case (.convolution(let map), .convolution(let inner)): return map.after(inner).map { .convolution($0) }
        case (.dense(let rows, _, let values), .convolution(let map)): return map.matrix(under: values, rows: rows)
        case (.block, .convolution): return spread.after(first)
        case (.convolution, _): return nil
        case (.block, _), (_, .block): return spread.after(first.spread)
        case (.diagonal(let a), .diagonal(let b)): return .diagonal(zip(a, b).map { $0 * $1 })
        case (.diagonal(let a), .dense(let rows, let columns, let values)):
            return .dense(rows: rows, columns: columns, values: values.indices.map { values[$0] * a[$0 / columns] })
        case (.dense(let rows, let columns, let values), .diagonal(let b)):
            return .dense(rows: rows, columns: columns, values: values.indices.map { values[$0] * b[$0 % columns] })
        case (.dense(let rows, let inner, let a), .dense(_, let columns, let b)):
            var values = [Double](repeating: 0, count: rows * columns)
            for row in 0..<rows {
                for k in 0..<inner where a[row * inner + k] != 0 {
                    let factor = a[row * inner + k]
                    for column in 0..<columns { values[row * columns + column] += factor * b[k * columns + column] }
                }
            }
            return .dense(rows: rows, columns: columns, values: values)
        }
    }

    /// M·x, of a convolution before its maxima.
    func applied(to x: [Double]) -> [Double] {
        switch self {
        case .diagonal(let values): return zip(values, x).map { $0 * $1 }
        case .dense(let rows, let columns, let values):
            return (0..<rows).map { row in (0..<columns).reduce(0) { $0 + values[row * columns + $1] * x[$1] } }
        case .block(let map):
            let one = LinearMap.dense(rows: map.rows, columns: map.columns, values: map.values)
            return (0..<map.groupCount).flatMap { one.applied(to: Array(x[$0 * map.columns..<($0 + 1) * map.columns])) }
        case .convolution(let map):
            var y = [Double](repeating: 0, count: map.to.reduce(1, *))
            if x.contains(where: { $0 != 0 }) { map.forEachWeight { y[$0] += $2 * x[$1] } }
            return y
        }
    }

    /// The sum; nil where one is a convolution.
    static func + (a: LinearMap, b: LinearMap) -> LinearMap? {
        switch (a, b) {
        case (.diagonal(let x), .diagonal(let y)): return .diagonal(zip(x, y).map { $0 + $1 })
        case (.convolution, _), (_, .convolution): return nil
        default:
            let (x, y) = (a.full, b.full)
            return .dense(rows: a.rows, columns: a.columns, values: zip(x, y).map { $0 + $1 })
        }
    }

    /// Row-major values.
    var full: [Double] {
        switch self {
        case .dense(_, _, let values): return values
        case .block(let map):
            var full = [Double](repeating: 0, count: rows * columns)
            for group in 0..<map.groupCount {
                for (index, value) in map.values.enumerated() {
                    let (row, column) = index.quotientAndRemainder(dividingBy: map.columns)
                    full[(group * map.rows + row) * columns + group * map.columns + column] = value
                }
            }
            return full
        case .diagonal(let values):
            var full = [Double](repeating: 0, count: values.count * values.count)
            for (i, value) in values.enumerated() { full[i * values.count + i] = value }
            return full
        case .convolution: return []
        }
    }

    /// A block as the matrix it stands for.
    var spread: LinearMap {
        guard case .block(let map) = self else { return self }
        if map.values.count == 1 { return .diagonal(Array(repeating: map.values[0], count: map.groupCount)) }
        return .dense(rows: rows, columns: columns, values: full)
    }

    /// This map in the form that takes the least: a matrix as what groups share, or as a diagonal, where it is exactly that.
    var compact: LinearMap {
        guard case .dense(let rows, let columns, let values) = self else { return self }
        if rows == columns, values.indices.allSatisfy({ values[$0] == 0 || $0 % (columns + 1) == 0 }) {
            return .diagonal((0..<rows).map { values[$0 * (columns + 1)] })
        }
        for groupCount in stride(from: min(rows, columns), to: 1, by: -1)
        where rows % groupCount == 0 && columns % groupCount == 0 {
            let (blockRows, blockColumns) = (rows / groupCount, columns / groupCount)
            let isShared = (0..<rows).allSatisfy { row in
                let first = row / blockRows * blockColumns
                return (0..<columns).allSatisfy { column in
                    let value = values[row * columns + column]
                    let isInside = column >= first && column < first + blockColumns
                    return value == (isInside ? values[row % blockRows * columns + column - first] : 0)
                }
            }
            if !isShared { continue }
            let block = (0..<blockRows).flatMap { values[$0 * columns..<$0 * columns + blockColumns] }
            return .block(BlockMap(groupCount: groupCount, rows: blockRows, columns: blockColumns, values: block))
        }
        return self
    }

    /// Rows multiplied by a factor each; nil where a convolution has one factor per channel only.
    func scaled(rows factors: [Double]) -> LinearMap? { LinearMap.diagonal(factors).after(self) }
}
