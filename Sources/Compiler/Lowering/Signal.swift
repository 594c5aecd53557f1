import NIR

/// A signal is what a node of the graph gives: a sum of maps of sources, plus a constant.
struct Signal {
    var terms: [Lowered.Term]
    /// What is added to each element.
    var constant: [Double]
    var shape: [Int]
}

extension Signal {
    /// A source as it stands, of this tick.
    init(_ source: Lowered.Source, _ shape: [Int]) {
        let count = shape.reduce(1, *)
        let term = Lowered.Term(source: source, map: .diagonal(Array(repeating: 1, count: count)), isLate: false)
        self.init(terms: [term], constant: Array(repeating: 0, count: count), shape: shape)
    }

    mutating func add(_ other: Signal) {
        constant = zip(constant, other.constant).map { $0 + $1 }
        for term in other.terms {
            if let number = terms.firstIndex(where: { $0.source == term.source && $0.isLate == term.isLate }),
                let sum = terms[number].map + term.map
            {
                terms[number].map = sum
            } else {
                terms.append(term)
            }
        }
    }

    /// This signal through a map, plus a bias where there is one.
    ///
    /// - Parameter name: the node that maps, for messages.
    /// - Throws: a convolution of what is not a plain signal.
    func mapped(by map: LinearMap, plus bias: [Double]?, _ shape: [Int], _ name: String) throws(CompileError) -> Signal
    {
        if case .convolution = map, constant.contains(where: { $0 != 0 }) {
            throw CompileError("\(name): convolves a signal with a bias; put neurons between the two")
        }
        let mappedConstant = map.applied(to: constant)
        var mapped: [Lowered.Term] = []
        for term in terms {
            guard let both = map.after(term.map) else {
                throw CompileError(
                    "\(name): a weighted signal before or behind a convolution or its maxima; put neurons between the two"
                )
            }
            mapped.append(Lowered.Term(source: term.source, map: both, isLate: term.isLate))
        }
        return Signal(
            terms: mapped, constant: bias.map { zip(mappedConstant, $0).map { $0 + $1 } } ?? mappedConstant,
            shape: shape)
    }

    /// The maxima of a convolution's sums, its biases added behind.
    ///
    /// - Parameter name: the node that takes maxima, for messages.
    /// - Throws: a signal that is not one convolution.
    func maxima(_ pool: PoolNode, _ shape: [Int], _ name: String) throws(CompileError) -> Signal {
        guard terms.count == 1, case .convolution(var map) = terms[0].map, map.maxima == nil else {
            throw CompileError(
                "\(name): the maxima of a sum or of a weighted signal other than one convolution; put neurons between the two"
            )
        }
        let (before, behind) = (map.to[1] * map.to[2], shape.reduce(1, *) / shape[0])
        map.maxima = (pool, threeDimensional(shape))
        return Signal(
            terms: [Lowered.Term(source: terms[0].source, map: .convolution(map), isLate: terms[0].isLate)],
            constant: (0..<shape.reduce(1, *)).map { constant[$0 / behind * before] }, shape: shape)
    }

    /// The source, where the signal is nothing but one as it stands, of this tick or of the last.
    var alone: (source: Lowered.Source, isLate: Bool)? {
        guard terms.count == 1, case .diagonal(let values) = terms[0].map else { return nil }
        let isAsItStands = values.allSatisfy { $0 == 1 } && constant.allSatisfy { $0 == 0 }
        return isAsItStands ? (terms[0].source, terms[0].isLate) : nil
    }
    /// The source, where the signal is nothing but one as it stands, of this tick.
    var plain: Lowered.Source? { alone.flatMap { $0.isLate ? nil : $0.source } }
}
