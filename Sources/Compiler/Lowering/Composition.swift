import NIR

/// These functions take maps into a convolution, or a convolution into maps, where the result is exactly the two in a row.
extension ConvolutionMap {
    /// Two maps in a row become one of at most so many times their weights; beyond, neurons that forget stand between.
    private static let greatestGrowth = 4

    /// A pool that sums or averages is a convolution of each channel for itself. Averages count padding, as PyTorch does.
    init(_ pool: PoolNode, from: [Int], to: [Int]) {
        let area = pool.kernel[0] * pool.kernel[1]
        let weight = Tensor(
            shape: [to[0], 1] + pool.kernel,
            values: Array(repeating: pool.isAverage ? 1 / Double(area) : 1, count: to[0] * area))
        self.init(
            node: ConvolutionNode(
                isTwoDimensional: pool.isTwoDimensional, weight: weight,
                bias: Tensor(shape: [to[0]], values: Array(repeating: 0, count: to[0])), stride: pool.stride,
                padding: pool.padding.map { [$0, $0] }, dilation: [1, 1], groups: to[0]),
            from: from, to: to, factors: Array(repeating: 1, count: to[0]))
    }

    /// This convolution of elements that are multiplied by one factor per channel; nil where those of a channel differ.
    func scaled(inputs factors: [Double]) -> ConvolutionMap? {
        let positionCount = from[1] * from[2]
        guard factors.indices.allSatisfy({ factors[$0] == factors[$0 / positionCount * positionCount] }) else {
            return nil
        }
        let (inner, area) = (node.weight.shape[1], node.weight.shape[2] * node.weight.shape[3])
        let outputs = to[0] / node.groups
        var scaled = self
        scaled.node.weight.values = node.weight.values.indices.map { index in
            let (output, within) = (index / (inner * area), index / area % inner)
            return node.weight.values[index] * factors[(output / outputs * inner + within) * positionCount]
        }
        return scaled
    }

    /// The one convolution that is `first` and then this one; nil where the padding between them makes none of it, or where it
    /// has many more weights.
    func after(_ first: ConvolutionMap) -> ConvolutionMap? {
        guard maxima == nil, first.maxima == nil, first.to == from else { return nil }
        let axes = (0..<2).compactMap { Axis(first, self, $0) }
        guard axes.count == 2 else { return nil }
        let groupCount = greatestCommonDivisor(first.node.groups, node.groups)
        let shape = [to[0], first.from[0] / groupCount, axes[0].kernel, axes[1].kernel]
        let weightCount = shape.reduce(1, *)
        guard weightCount <= ConvolutionMap.greatestGrowth * (node.weight.count + first.node.weight.count) else {
            return nil
        }
        var values = [Double](repeating: 0, count: weightCount)
        let (own, inner) = (node.weight.shape, first.node.weight.shape)
        let kernels = (0..<first.to[0]).map(first.kernel)
        for output in 0..<to[0] {
            let weights = kernel(output)
            let firstChannel = output / (to[0] / groupCount) * shape[1]
            for (index, weight) in weights.enumerated() where weight != 0 {
                let (within, position) = index.quotientAndRemainder(dividingBy: own[2] * own[3])
                let channel = output / (to[0] / node.groups) * own[1] + within
                let source = channel / (first.to[0] / first.node.groups) * inner[1] - firstChannel
                for (innerIndex, innerWeight) in kernels[channel].enumerated() {
                    let (innerWithin, innerPosition) = innerIndex.quotientAndRemainder(dividingBy: inner[2] * inner[3])
                    let row = axes[0].place(position / own[3], innerPosition / inner[3])
                    let column = axes[1].place(position % own[3], innerPosition % inner[3])
                    values[((output * shape[1] + source + innerWithin) * shape[2] + row) * shape[3] + column] +=
                        weight * innerWeight
                }
            }
        }
        let joined = ConvolutionNode(
            isTwoDimensional: node.isTwoDimensional, weight: Tensor(shape: shape, values: values), bias: node.bias,
            stride: axes.map(\.stride), padding: axes.map(\.padding), dilation: axes.map(\.dilation),
            groups: groupCount)
        return ConvolutionMap(node: joined, from: first.from, to: to, factors: Array(repeating: 1, count: to[0]))
    }

    /// The matrix `values` behind this convolution, as one matrix; nil where that has many more weights.
    func matrix(under values: [Double], rows: Int) -> LinearMap? {
        let (inner, columns) = (to.reduce(1, *), from.reduce(1, *))
        guard maxima == nil,
            rows * columns <= ConvolutionMap.greatestGrowth * (node.weight.count + rows * inner)
        else { return nil }
        var product = [Double](repeating: 0, count: rows * columns)
        forEachWeight { target, source, weight in
            for row in 0..<rows { product[row * columns + source] += values[row * inner + target] * weight }
        }
        return .dense(rows: rows, columns: columns, values: product)
    }

    /// Every weight where it acts, by the elements of target and source, channels first.
    func forEachWeight(_ body: (_ target: Int, _ source: Int, _ weight: Double) -> Void) {
        let (inner, height, width) = (node.weight.shape[1], node.weight.shape[2], node.weight.shape[3])
        for output in 0..<to[0] {
            let kernel = kernel(output)
            let firstChannel = output / (to[0] / node.groups) * inner
            for (index, weight) in kernel.enumerated() where weight != 0 {
                let (within, position) = index.quotientAndRemainder(dividingBy: height * width)
                let (down, right) = (
                    position / width * node.dilation[0] - node.padding[0][0],
                    position % width * node.dilation[1] - node.padding[1][0]
                )
                for y in 0..<to[1] {
                    let row = y * node.stride[0] + down
                    if row < 0 || row >= from[1] { continue }
                    for x in 0..<to[2] {
                        let column = x * node.stride[1] + right
                        if column < 0 || column >= from[2] { continue }
                        body(
                            (output * to[1] + y) * to[2] + x,
                            ((firstChannel + within) * from[1] + row) * from[2] + column, weight)
                    }
                }
            }
        }
    }
}

/// An axis is one dimension of two convolutions in a row, s₁·(s₂·y + d₂·i − p₂) + d₁·t − p₁, as that of one:
/// s₁s₂·y + (s₁d₂·i + d₁·t) − (s₁p₂ + p₁).
private struct Axis {
    let stride: Int
    /// Before and behind.
    let padding: [Int]
    let dilation: Int
    let kernel: Int
    private let steps: (outer: Int, inner: Int)

    /// Nil where an element between the two that is padding would be other than 0, and sizes that the format has not.
    init?(_ first: ConvolutionMap, _ second: ConvolutionMap, _ axis: Int) {
        let (inner, outer) = (first.node, second.node)
        let (innerKernel, outerKernel) = (inner.weight.shape[2 + axis], outer.weight.shape[2 + axis])
        let (size, between, target) = (first.from[1 + axis], second.from[1 + axis], second.to[1 + axis])
        let steps = (outer: inner.stride[axis] * outer.dilation[axis], inner: inner.dilation[axis])
        for y in 0..<target {
            for i in 0..<outerKernel {
                let middle = outer.stride[axis] * y + outer.dilation[axis] * i - outer.padding[axis][0]
                if 0..<between ~= middle { continue }
                let start = inner.stride[axis] * middle - inner.padding[axis][0]
                if (0..<innerKernel).contains(where: { 0..<size ~= start + steps.inner * $0 }) { return nil }
            }
        }
        self.steps = steps
        stride = inner.stride[axis] * outer.stride[axis]
        let extent = steps.outer * (outerKernel - 1) + steps.inner * (innerKernel - 1)
        dilation = max(
            1,
            greatestCommonDivisor(outerKernel > 1 ? steps.outer : 0, innerKernel > 1 ? steps.inner : 0))
        kernel = extent / dilation + 1
        let before = inner.stride[axis] * outer.padding[axis][0] + inner.padding[axis][0]
        padding = [before, max(0, stride * (target - 1) + extent - before - (size - 1))]
        let room = size + padding[0] + padding[1] - extent - 1
        if ([stride, dilation, kernel] + padding).max()! > 255 || room / stride + 1 != target { return nil }
    }

    /// The place in the kernel of an element of either's.
    func place(_ outer: Int, _ inner: Int) -> Int { (outer * steps.outer + inner * steps.inner) / dilation }
}
