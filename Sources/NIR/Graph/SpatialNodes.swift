/// A convolution node is Conv1d or Conv2d; the former has a height of 1 throughout.
public struct ConvolutionNode: Sendable {
    public var isTwoDimensional: Bool
    /// Height and width of the source, where the file says them.
    public var inputSize: [Int]?
    /// [output channels, input channels / groups, kernel height, kernel width].
    public var weight: Tensor
    /// [output channels].
    public var bias: Tensor
    public var stride: [Int]
    /// Above and below, left and right: [[above, below], [left, right]].
    public var padding: [[Int]]
    public var dilation: [Int]
    public var groups: Int
}

/// A pool node is SumPool2d, AvgPool2d or the maximum of a window; in one dimension it has a height of 1.
public struct PoolNode: Sendable {
    public enum Function: Sendable { case sum, average, maximum }

    public var function: Function
    public var isTwoDimensional = true
    public var kernel: [Int]
    public var stride: [Int]
    /// On both sides of each dimension.
    public var padding: [Int]

    public var isAverage: Bool { function == .average }
}
