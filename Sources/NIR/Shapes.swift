/// Elements of a shape; nil where a size is below 1 or there are more than 2^24.
func elementCount(_ shape: [Int]) -> Int? {
    var size = 1
    for part in shape {
        if part < 1 || part > 1 << 24 { return nil }
        size *= part  // ≤ 2^48
        if size > 1 << 24 { return nil }
    }
    return size
}

/// A shape fault says why a node cannot read what it gets, and what may be done.
struct ShapeFault: Error {
    let message: String
    var hint: String?
}

extension Node {
    /// The shape of the output for inputs of such shapes, which are added up.
    func outputShape(_ inputs: [[Int]]) throws(ShapeFault) -> [Int] {
        if case .input(let shape) = self {
            if shape.isEmpty { throw ShapeFault(message: "has no shape") }
            return shape
        }
        guard let source = inputs.first else { throw ShapeFault(message: "reads nothing but last tick's values") }
        let count = source.reduce(1, *)
        if inputs.contains(where: { $0 != source }) {
            throw ShapeFault(message: "adds up shapes that differ: \(inputs)")
        }
        func expect(_ wanted: Int, _ shape: [Int]) throws(ShapeFault) -> [Int] {
            if wanted == count { return shape }
            let isMany = source.count > 1 && source[1...].reduce(1, *) == wanted
            throw ShapeFault(
                message: "gets \(source), expected \(wanted) values",
                hint: isMany
                    ? "the \(source[0]) in front looks like a batch or a number of ticks; a graph is of one frame, \(Array(source[1...])): export it with such a sample"
                    : nil)
        }
        switch self {
        case .input: return source
        case .output(let shape):
            if elementCount(shape) != count { throw ShapeFault(message: "gets \(source), its shape says \(shape)") }
            return shape
        case .affine(let weight, _): return try expect(weight.shape[1], [weight.shape[0]])
        case .delayedMatrix(let matrix):
            return try expect(matrix.weight.shape[1], [matrix.weight.shape[0]])
        case .block(let weight, _, let groupCount):
            let (columns, overflow) = weight.shape[1].multipliedReportingOverflow(by: groupCount)
            if overflow { throw ShapeFault(message: "has too many groups") }
            return try expect(columns, [weight.shape[0] * groupCount])
        case .memory(let memory): return [count * memory.order]
        case .activation: return source
        case .scale(let scale), .delay(let scale), .threshold(let scale):
            return scale.count == 1 ? source : try expect(scale.count, source)
        case .neuron(let neuron):
            return neuron.count == 1 && count > 1 ? source : try expect(neuron.count, source)
        case .flatten(let start, let end): return try flattened(source, start, end)
        case .convolution(let convolution): return try convolution.outputShape(source)
        case .pool(let pool): return try pool.outputShape(source)
        case .unknown(let type):
            let isNormalization = type.hasPrefix("BatchNorm")
            throw ShapeFault(
                message: "is of type \"\(type)\", which is not known",
                hint: isNormalization
                    ? "take it into the weights before it, w·γ/√(σ² + ε) and (b − μ)·γ/√(σ² + ε) + β, as snnrt.export does"
                    : nil)
        }
    }

    /// Dimensions `start` … `end` joined. A file that counts the batch, as PyTorch does, is read as it was meant where that is clear.
    private func flattened(_ source: [Int], _ start: Int, _ end: Int) throws(ShapeFault) -> [Int] {
        var (first, last) = (start < 0 ? source.count + start : start, end < 0 ? source.count + end : end)
        if first > 0, first == source.count || last == source.count {
            // One more dimension than there is: the batch, which `end` counts too unless it is from the end.
            (first, last) = (first - 1, end < 0 ? last : last - 1)
        }
        guard first >= 0, last < source.count, first <= last else {
            throw ShapeFault(
                message: "joins dimensions \(start) to \(end) of \(source), which has 0 to \(source.count - 1)",
                hint: "a graph has no batch: PyTorch's start_dim and end_dim count it, so that start_dim 1 is 0 here")
        }
        return Array(source[..<first]) + [source[first...last].reduce(1, *)] + Array(source[(last + 1)...])
    }
}

/// Channels, height and width of what a convolution or a pool reads, height 1 in one dimension.
private func spatial(_ source: [Int], _ isTwoDimensional: Bool) throws(ShapeFault) -> (channels: Int, size: [Int]) {
    let rank = isTwoDimensional ? 3 : 2
    guard source.count == rank else {
        throw ShapeFault(
            message: "gets \(source), expected \(rank) dimensions, channels first",
            hint: source.count == rank + 1
                ? "the \(source[0]) in front looks like a batch or a number of ticks; a graph is of one frame, \(Array(source[1...])): export it with such a sample"
                : nil)
    }
    return (source[0], isTwoDimensional ? Array(source[1...]) : [1, source[1]])
}

extension ConvolutionNode {
    /// The shape of the output for a source of this shape, channels first.
    fileprivate func outputShape(_ source: [Int]) throws(ShapeFault) -> [Int] {
        let (channels, size) = try spatial(source, isTwoDimensional)
        if channels != weight.shape[1] * groups {
            throw ShapeFault(message: "gets \(channels) channels, expected \(weight.shape[1] * groups)")
        }
        let sizes = weight.shape[2...] + stride + padding.joined() + dilation
        if sizes.max()! > 255 { throw ShapeFault(message: "has a kernel, stride, padding or dilation above 255") }
        if let inputSize, inputSize != size {
            throw ShapeFault(message: "gets \(size), its input_shape says \(inputSize)")
        }
        let target = slide(
            size, kernel: Array(weight.shape[2...]), stride: stride, padding: padding, dilation: dilation)
        guard let target else { throw ShapeFault(message: "has a kernel larger than its padded input \(size)") }
        return isTwoDimensional ? [weight.shape[0]] + target : [weight.shape[0], target[1]]
    }
}

extension PoolNode {
    /// The shape of the output for a source of this shape, channels first.
    fileprivate func outputShape(_ source: [Int]) throws(ShapeFault) -> [Int] {
        let (channels, size) = try spatial(source, isTwoDimensional)
        if (kernel + stride + padding).max()! > 255 {
            throw ShapeFault(message: "has a window, stride or padding above 255")
        }
        if zip(padding, kernel).contains(where: { $0 >= $1 }) {
            throw ShapeFault(
                message: "has a padding of \(padding) and a window of \(kernel), expected a padding below the window")
        }
        let target = slide(
            size, kernel: kernel, stride: stride, padding: padding.map { [$0, $0] }, dilation: [1, 1])
        guard let target else { throw ShapeFault(message: "has a window larger than its padded input \(source)") }
        return [channels] + (isTwoDimensional ? target : [target[1]])
    }
}

/// floor( (size + padding − dilation·(kernel − 1) − 1) / stride ) + 1 in both dimensions; nil where the kernel is larger.
private func slide(_ size: [Int], kernel: [Int], stride: [Int], padding: [[Int]], dilation: [Int]) -> [Int]? {
    let target = (0..<2).map { axis -> Int in
        let room = size[axis] + padding[axis][0] + padding[axis][1] - dilation[axis] * (kernel[axis] - 1) - 1
        return room < 0 ? 0 : room / stride[axis] + 1
    }
    return target.contains(0) ? nil : target
}
