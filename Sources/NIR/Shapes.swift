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

extension Node {
    /// The shape of the output for inputs of such shapes, which are added up; or what is wrong.
    func outputShape(_ inputs: [[Int]]) -> (message: String?, shape: [Int]?) {
        if case .input(let shape) = self {
            return shape.isEmpty ? ("has no shape", nil) : (nil, shape)
        }
        guard let source = inputs.first else { return ("reads nothing but last tick's values", nil) }
        let count = source.reduce(1, *)
        if inputs.contains(where: { $0 != source }) { return ("adds up shapes that differ: \(inputs)", nil) }
        func expect(_ wanted: Int, _ shape: [Int]) -> (String?, [Int]?) {
            wanted == count ? (nil, shape) : ("gets \(source), expected \(wanted) values", nil)
        }
        switch self {
        case .input: return (nil, nil)
        case .output(let shape):
            return elementCount(shape) == count ? (nil, shape) : ("gets \(source), its shape says \(shape)", nil)
        case .affine(let weight, _): return expect(weight.shape[1], [weight.shape[0]])
        case .block(let weight, _, let groupCount):
            let (columns, overflow) = weight.shape[1].multipliedReportingOverflow(by: groupCount)
            return overflow ? ("has too many groups", nil) : expect(columns, [weight.shape[0] * groupCount])
        case .memory(let memory): return (nil, [count * memory.order])
        case .activation: return (nil, source)
        case .scale(let scale), .delay(let scale), .threshold(let scale):
            return scale.count == 1 ? (nil, source) : expect(scale.count, source)
        case .neuron(let neuron): return neuron.count == 1 && count > 1 ? (nil, source) : expect(neuron.count, source)
        case .flatten(let start, let end):
            let (first, last) = (start < 0 ? source.count + start : start, end < 0 ? source.count + end : end)
            guard first >= 0, last < source.count, first <= last else {
                return ("joins dimensions \(start) to \(end) of \(source)", nil)
            }
            return (nil, Array(source[..<first]) + [source[first...last].reduce(1, *)] + Array(source[(last + 1)...]))
        case .convolution(let convolution): return convolution.outputShape(source)
        case .pool(let pool): return pool.outputShape(source)
        case .unknown(let type): return ("is of type \"\(type)\", which is not known", nil)
        }
    }
}

extension ConvolutionNode {
    /// The shape of the output for a source of this shape, channels first; or what is wrong.
    fileprivate func outputShape(_ source: [Int]) -> (message: String?, shape: [Int]?) {
        let rank = isTwoDimensional ? 3 : 2
        guard source.count == rank else {
            return ("gets \(source), expected \(rank) dimensions, channels first", nil)
        }
        if source[0] != weight.shape[1] * groups {
            return ("gets \(source[0]) channels, expected \(weight.shape[1] * groups)", nil)
        }
        let sizes = weight.shape[2...] + stride + padding.joined() + dilation
        if sizes.max()! > 255 { return ("has a kernel, stride, padding or dilation above 255", nil) }
        let size = isTwoDimensional ? Array(source[1...]) : [1, source[1]]
        if let inputSize, inputSize != size { return ("gets \(size), its input_shape says \(inputSize)", nil) }
        let target = slide(
            size, kernel: Array(weight.shape[2...]), stride: stride, padding: padding, dilation: dilation)
        guard let target else { return ("has a kernel larger than its padded input \(size)", nil) }
        return (nil, isTwoDimensional ? [weight.shape[0]] + target : [weight.shape[0], target[1]])
    }
}

extension PoolNode {
    /// The shape of the output for a source of this shape, channels first; or what is wrong.
    fileprivate func outputShape(_ source: [Int]) -> (message: String?, shape: [Int]?) {
        let rank = isTwoDimensional ? 3 : 2
        guard source.count == rank else {
            return ("gets \(source), expected \(rank) dimensions, channels first", nil)
        }
        if (kernel + stride + padding).max()! > 255 { return ("has a window, stride or padding above 255", nil) }
        let target = slide(
            isTwoDimensional ? Array(source[1...]) : [1, source[1]], kernel: kernel, stride: stride,
            padding: padding.map { [$0, $0] }, dilation: [1, 1])
        guard let target else { return ("has a window larger than its padded input \(source)", nil) }
        return (nil, [source[0]] + (isTwoDimensional ? target : [target[1]]))
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
