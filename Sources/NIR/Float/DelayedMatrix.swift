/// A delayed matrix in floating point keeps the frames that its slowest weight still has to hear.
struct DelayedMatrix<Scalar: BinaryFloatingPoint> {
    private let (rowCount, columnCount): (Int, Int)
    private let weights: [Scalar]
    private let delays: [Int]
    /// The latest first.
    private var frames: [[Scalar]] = []

    init(_ node: DelayedMatrixNode) {
        (rowCount, columnCount) = (node.weight.shape[0], node.weight.shape[1])
        (weights, delays) = (node.weight.values.map { Scalar($0) }, node.delays)
    }

    mutating func tick(_ x: [Scalar]) -> [Scalar] {
        frames.insert(x, at: 0)
        if frames.count > delays.max()! + 1 { frames.removeLast() }
        // Rows of each window of a batch.
        return (0..<x.count / columnCount * rowCount).map { place in
            let (window, row) = place.quotientAndRemainder(dividingBy: rowCount)
            let first = (window - row) * columnCount
            var sum = Scalar(0)
            for index in row * columnCount..<(row + 1) * columnCount where delays[index] < frames.count {
                sum += weights[index] * frames[delays[index]][first + index]
            }
            return sum
        }
    }
}
