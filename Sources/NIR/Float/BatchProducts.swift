extension ExactMatrix {
    /// The matrices of a node that is linear: one per group of a convolution. Nil for others.
    static func all(of node: Node) -> [ExactMatrix]? {
        func one(_ matrix: Tensor) -> [ExactMatrix] {
            [ExactMatrix(matrix.values, rows: matrix.shape[0], columns: matrix.shape[1])]
        }
        switch node {
        case .affine(let weight, _), .block(let weight, _, _): return one(weight)
        case .memory(let memory): return one(memory.a)
        case .convolution(let convolution):
            let shape = convolution.weight.shape
            let (rows, columns) = (shape[0] / convolution.groups, shape[1...].reduce(1, *))
            return (0..<convolution.groups).map { group in
                let first = group * rows * columns
                return ExactMatrix(
                    Array(convolution.weight.values[first..<first + rows * columns]), rows: rows, columns: columns)
            }
        default: return nil
        }
    }
}

extension FloatNetwork {
    /// What a linear node gives for a batch.
    func multiply(_ name: String, _ matrices: [ExactMatrix], _ x: [Scalar]) -> [Scalar] {
        func product(_ x: [Scalar]) -> [Scalar] {
            if let x = x as? [Double], let y = matrices[0].times(x) as? [Scalar] { return y }
            return matrices[0].times(x.map { Double($0) }).map { Scalar($0) }
        }
        func biased(_ y: [Scalar], _ bias: Tensor?) -> [Scalar] {
            guard let bias else { return y }
            return y.indices.map { y[$0] + Scalar(bias.values[$0 % bias.count]) }
        }
        switch graph.nodes[name]! {
        case .affine(_, let bias), .block(_, let bias, _): return biased(product(x), bias)
        case .memory(let memory):
            let order = memory.order
            var y = product(values[name]!)
            for i in y.indices { y[i] += Scalar(memory.b.values[i % order]) * x[i / order] }
            return y
        case .convolution(let convolution):
            let from = schedule.shapes[graph.inputs(of: name).first { schedule.shapes[$0] != nil }!]!
            return convolve(convolution, matrices, x, from, schedule.shapes[name]!)
        default: preconditionFailure("\(name) is not linear")
        }
    }

    /// Each window's convolution as a product per group, of the kernels with what they cover at every place.
    private func convolve(
        _ convolution: ConvolutionNode, _ matrices: [ExactMatrix], _ x: [Scalar], _ from: [Int], _ to: [Int]
    ) -> [Scalar] {
        let taps = Taps(convolution, from: from, to: to)
        let (shape, count, placeCount) = (convolution.weight.shape, from.reduce(1, *), taps.placeCount)
        let (outputs, inputs, area) = (shape[0] / convolution.groups, shape[1], shape[2] * shape[3])
        let width = inputs * area
        var y = [Scalar](repeating: 0, count: x.count / count * to.reduce(1, *))
        for window in 0..<x.count / count {
            var covered = Array(repeating: [Double](repeating: 0, count: placeCount * width), count: matrices.count)
            for element in 0..<count where x[window * count + element] != 0 {
                let value = Double(x[window * count + element])
                taps.forEach(of: element) { channel, position, place in
                    covered[channel / inputs][place * width + channel % inputs * area + position] = value
                }
            }
            for (group, matrix) in matrices.enumerated() {
                let sums = matrix.times(covered[group])
                for output in 0..<outputs {
                    let channel = group * outputs + output
                    let (first, bias) = (
                        (window * to[0] + channel) * placeCount, Scalar(convolution.bias.values[channel])
                    )
                    for place in 0..<placeCount { y[first + place] = Scalar(sums[place * outputs + output]) + bias }
                }
            }
        }
        return y
    }
}
