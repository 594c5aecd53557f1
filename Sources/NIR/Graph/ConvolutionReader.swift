extension NodeReader {
    /// A convolution of one dimension gets a height of 1.
    func convolution(isTwoDimensional: Bool) throws(NIRError) -> ConvolutionNode {
        var weight = try finite("weight")
        guard weight.shape.count == (isTwoDimensional ? 4 : 3), !weight.shape.contains(0) else {
            let expected = isTwoDimensional ? "height, width" : "width"
            throw group.error("weight", "has shape \(weight.shape), expected [outputs, inputs per group, \(expected)]")
        }
        if !isTwoDimensional { weight.shape.insert(1, at: 2) }
        let dilation = try sizes("dilation", isTwoDimensional, least: 1)
        let stride = try sizes("stride", isTwoDimensional, least: 1)
        let groups = try integer("groups")
        if groups < 1 || weight.shape[0] % groups != 0 {
            throw group.error("groups", "is \(groups), which does not divide \(weight.shape[0]) output channels")
        }
        let kernel = Array(weight.shape[2...])
        let hasInputSize = group.has("input_shape")
        let inputSize = hasInputSize ? try sizes("input_shape", isTwoDimensional, least: 1) : nil
        return ConvolutionNode(
            isTwoDimensional: isTwoDimensional, inputSize: inputSize, weight: weight,
            bias: try spread("bias", over: [weight.shape[0]]), stride: stride,
            padding: try padding(isTwoDimensional, kernel: kernel, dilation: dilation, stride: stride),
            dilation: dilation, groups: groups)
    }

    /// [[above, below], [left, right]]; `same` puts the odd one behind, as PyTorch does.
    private func padding(
        _ isTwoDimensional: Bool, kernel: [Int], dilation: [Int], stride: [Int]
    ) throws(NIRError) -> [[Int]] {
        if let text = try? group.string("padding") {
            switch text {
            case "valid": return [[0, 0], [0, 0]]
            case "same":
                if stride != [1, 1] {
                    throw group.error("padding", "is \"same\" with a stride of \(stride), expected a stride of 1")
                }
                return (0..<2).map { axis in
                    let all = dilation[axis] * (kernel[axis] - 1)
                    return [all / 2, all - all / 2]
                }
            default: throw group.error("padding", "is \"\(text)\", expected numbers, \"same\" or \"valid\"")
            }
        }
        return try sizes("padding", isTwoDimensional, least: 0).map { [$0, $0] }
    }
}
