import NIR

/// A convolution map is a convolution between shapes of channels, height and width; `factors` multiply the output channels.
struct ConvolutionMap {
    var node: ConvolutionNode
    let from: [Int]
    let to: [Int]
    var factors: [Double]
    /// The windows of the sums whose maxima are given on, and the shape of those.
    var maxima: (pool: PoolNode, to: [Int])?

    /// Shape of the output.
    var shape: [Int] { maxima?.to ?? to }

    /// Weights of an output channel: [input channels of its group, kernel height, kernel width].
    func kernel(_ channel: Int) -> [Double] {
        let size = node.weight.count / to[0]
        return node.weight.values[channel * size..<(channel + 1) * size].map { $0 * factors[channel] }
    }
}

/// A block map is one matrix that `groupCount` groups share: group g reads elements g·columns … and gives g·rows …
struct BlockMap {
    let groupCount: Int
    /// Size of the matrix.
    let rows: Int
    let columns: Int
    /// Row-major.
    let values: [Double]

    /// One value for each of `count` places, if it is the same in every group.
    private static func period(_ factors: [Double], _ count: Int) -> [Double]? {
        factors.indices.allSatisfy { factors[$0] == factors[$0 % count] } ? Array(factors.prefix(count)) : nil
    }

    /// Rows and columns multiplied; nil where the factors differ between groups.
    func scaled(rows rowFactors: [Double], columns columnFactors: [Double]) -> BlockMap? {
        guard let a = BlockMap.period(rowFactors, rows), let b = BlockMap.period(columnFactors, columns) else {
            return nil
        }
        return BlockMap(
            groupCount: groupCount, rows: rows, columns: columns,
            values: values.indices.map { values[$0] * a[$0 / columns] * b[$0 % columns] })
    }
}

/// Channels, height, width; one-dimensional signals have a height of 1.
func threeDimensional(_ shape: [Int]) -> [Int] { shape.count == 3 ? shape : [shape[0], 1, shape[1]] }
