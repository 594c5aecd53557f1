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
            if term.delays.isEmpty,
                let number = terms.firstIndex(where: {
                    $0.source == term.source && $0.isLate == term.isLate && $0.delays.isEmpty
                }), let sum = terms[number].map + term.map
            {
                terms[number].map = sum
            } else {
                terms.append(term)
            }
        }
    }

    /// This signal through a map, plus a bias where there is one; nil where the map and those of the signal do not become
    /// one, or only one of far more weights.
    func mapped(by map: LinearMap, plus bias: [Double]? = nil, _ shape: [Int]) -> Signal? {
        let mappedConstant = map.applied(to: constant)
        var mapped: [Lowered.Term] = []
        for term in terms {
            guard let both = map.after(term.map) else { return nil }
            // Synapses with delays of their own may still be weighted row by row.
            if case .diagonal = map {} else if !term.delays.isEmpty { return nil }
            mapped.append(Lowered.Term(source: term.source, map: both, isLate: term.isLate, delays: term.delays))
        }
        return Signal(
            terms: mapped, constant: bias.map { zip(mappedConstant, $0).map { $0 + $1 } } ?? mappedConstant,
            shape: shape)
    }

    /// The maxima of a convolution's sums, its biases added behind; nil for a signal that is not one convolution with one bias
    /// per channel.
    func maxima(_ pool: PoolNode, _ shape: [Int]) -> Signal? {
        guard terms.count == 1, case .convolution(var map) = terms[0].map, map.maxima == nil else { return nil }
        let (before, behind) = (map.to[1] * map.to[2], shape.reduce(1, *) / shape[0])
        guard constant.indices.allSatisfy({ constant[$0] == constant[$0 / before * before] }) else { return nil }
        map.maxima = (pool, threeDimensional(shape))
        return Signal(
            terms: [Lowered.Term(source: terms[0].source, map: .convolution(map), isLate: terms[0].isLate)],
            constant: (0..<shape.reduce(1, *)).map { constant[$0 / behind * before] }, shape: shape)
    }

    /// This signal with each element so many ticks later, by delays of the synapses; nil for a bias, which is not delayed, and for
    /// convolutions.
    func delayed(by ticks: [Int]) -> Signal? {
        guard constant.allSatisfy({ $0 == 0 }) else { return nil }
        var delayed = self
        for (number, term) in terms.enumerated() {
            if case .convolution = term.map { return nil }
            let (rows, columns) = (term.map.rows, term.map.columns)
            if rows * columns > Lowered.greatestMatrix { return nil }
            let before = term.delays.isEmpty ? Array(repeating: 0, count: rows * columns) : term.delays
            let delays = before.indices.map { before[$0] + ticks[$0 / columns] }
            if delays.max()! > Lowered.greatestDelay { return nil }
            let map = LinearMap.dense(rows: rows, columns: columns, values: term.map.full)
            delayed.terms[number] = Lowered.Term(source: term.source, map: map, isLate: term.isLate, delays: delays)
        }
        return delayed
    }

    var hasConvolution: Bool {
        terms.contains { if case .convolution = $0.map { true } else { false } }
    }

    /// The source, where the signal is nothing but one as it stands, of this tick or of the last.
    var alone: (source: Lowered.Source, isLate: Bool)? {
        guard terms.count == 1, terms[0].delays.isEmpty, case .diagonal(let values) = terms[0].map else { return nil }
        let isAsItStands = values.allSatisfy { $0 == 1 } && constant.allSatisfy { $0 == 0 }
        return isAsItStands ? (terms[0].source, terms[0].isLate) : nil
    }
    /// The source, where the signal is nothing but one as it stands, of this tick.
    var plain: Lowered.Source? { alone.flatMap { $0.isLate ? nil : $0.source } }
}
