/// A convolution node is Conv1d or Conv2d; the former has a height of 1 throughout.
public struct ConvolutionNode: Sendable {
    public var isTwoDimensional: Bool
    /// Height and width of the source, where the file says them.
    public var inputSize: [Int]?
    /// [output channels, input channels / groups, kernel height, kernel width].
    public var weight: Tensor
    /// [output channels].
    public var bias: Tensor
    /// Vertical and horizontal.
    public var stride: [Int]
    /// Above and below, left and right: [[above, below], [left, right]].
    public var padding: [[Int]]
    /// Vertical and horizontal.
    public var dilation: [Int]
    /// Groups of channels that do not see each other; 1 for none.
    public var groups: Int

    public init(
        isTwoDimensional: Bool, inputSize: [Int]? = nil, weight: Tensor, bias: Tensor, stride: [Int], padding: [[Int]],
        dilation: [Int], groups: Int
    ) {
        (self.isTwoDimensional, self.inputSize, self.weight, self.bias) = (isTwoDimensional, inputSize, weight, bias)
        (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
    }
}

/// A pool node is SumPool2d, AvgPool2d or the maximum of a window; in one dimension it has a height of 1.
public struct PoolNode: Sendable {
    public enum Function: Sendable { case sum, average, maximum }

    public var function: Function
    public var isTwoDimensional = true
    /// Height and width of the window.
    public var kernel: [Int]
    /// Vertical and horizontal.
    public var stride: [Int]
    /// On both sides of each dimension.
    public var padding: [Int]

    public var isAverage: Bool { function == .average }
}
