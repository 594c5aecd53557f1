/// A chip layout says which signals of a chip's network lie channels last, position after position: those that convolutions
/// read and write.
struct ChipLayout {
    /// Channels; nil for the order of the network.
    let input: Int?
    let populations: [Int?]

    /// - Throws: a signal that convolutions see with different numbers of channels.
    init(_ network: ChipNetwork) throws(CompileError) {
        var input: Int?
        var populations = [Int?](repeating: nil, count: network.populations.count)
        func note(_ known: inout Int?, _ count: Int, _ name: String) throws(CompileError) {
            if let known, known != count {
                throw CompileError(
                    "\(name): convolutions see it with \(known) and with \(count) channels", node: name)
            }
            known = count
        }
        for (number, population) in network.populations.enumerated() {
            for term in population.terms {
                guard case .convolution(let map) = term.form else { continue }
                if let source = term.source {
                    try note(&populations[source], map.from[0], network.populations[source].name)
                } else {
                    try note(&input, map.from[0], "the input")
                }
                try note(&populations[number], map.to[0], population.name)
            }
        }
        (self.input, self.populations) = (input, populations)
    }

    /// The place of each of `count` elements that have so many channels.
    static func places(_ count: Int, channels: Int?) -> [Int] {
        guard let channels else { return Array(0..<count) }
        return (0..<count).map { $0 % (count / channels) * channels + $0 / (count / channels) }
    }

    /// Values of elements in the order in which they lie.
    static func laidOut<Value>(_ values: [Value], channels: Int?) -> [Value] {
        var placed = values
        for (i, place) in places(values.count, channels: channels).enumerated() { placed[place] = values[i] }
        return placed
    }
}

extension ChipNetwork {
    /// This network with convolutions of several positions into the output as matrices: scores go in the network's order,
    /// channels first.
    ///
    /// - Throws: a matrix of more than 2^24 weights.
    func withOutputInOrder() throws(CompileError) -> ChipNetwork {
        var network = self
        let shown = populations[output]
        for (index, term) in shown.terms.enumerated() {
            guard case .convolution(let map) = term.form, map.to[1] * map.to[2] > 1, outputGroups == nil else {
                continue
            }
            let columns = map.from.reduce(1, *)
            if shown.count * columns > 1 << 24 {
                throw CompileError(
                    "\(shown.name): an output of a convolution with more than 2^24 weights as a matrix",
                    node: shown.name)
            }
            network.populations[output].terms[index] = Term(
                source: term.source, isLate: term.isLate, form: .matrix(columns: columns, isList: true),
                weights: map.matrix(term.weights), signalToNoise: term.signalToNoise)
        }
        return network
    }
}

extension ConvolutionMap {
    /// The convolution with these kernels as a matrix [elements of the target, elements of the source], channels first.
    func matrix(_ kernels: [Int]) -> [Int] {
        let (shape, columns) = (node.weight.shape, from.reduce(1, *))
        let outputs = shape[0] / node.groups
        var matrix = [Int](repeating: 0, count: to.reduce(1, *) * columns)
        for output in 0..<to[0] {
            for row in 0..<to[1] {
                for column in 0..<to[2] {
                    let target = (output * to[1] + row) * to[2] + column
                    for inner in 0..<shape[1] {
                        for ky in 0..<shape[2] {
                            let y = row * node.stride[0] - node.padding[0][0] + ky * node.dilation[0]
                            if y < 0 || y >= from[1] { continue }
                            for kx in 0..<shape[3] {
                                let x = column * node.stride[1] - node.padding[1][0] + kx * node.dilation[1]
                                if x < 0 || x >= from[2] { continue }
                                let source = ((output / outputs * shape[1] + inner) * from[1] + y) * from[2] + x
                                matrix[target * columns + source] +=
                                    kernels[((output * shape[1] + inner) * shape[2] + ky) * shape[3] + kx]
                            }
                        }
                    }
                }
            }
        }
        return matrix
    }
}
