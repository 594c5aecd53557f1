/// What pruning left out.
public struct PruningReport: Encodable, Sendable {
    public struct Population: Encodable, Sendable {
        public let name: String
        public let neurons: Int
        /// Left out because they never fire, and because nothing reads them.
        public let silent: Int
        public let unread: Int
    }
    public var populations: [Population] = []
    /// Weights of all matrices, each as often as it is stored.
    public var weightsBefore = 0
    public var weightsAfter = 0
}

/// What may be left out of a quantized network without changing a result: neurons that never fire, and neurons that
/// nothing reads. Decided on the integers, behind quantization, so that what stays keeps its grids and its bits.
///
/// A neuron never fires if its membrane, bounded by the positive weights from neurons that may fire, stays at or below the
/// threshold; or if the caller saw it silent on calibration data, and then those data are all that vouch for it.
struct Pruning {
    /// Per population, in NIR's order: whether a neuron stays.
    private(set) var stays: [[Bool]]
    /// The same when only those that never fire were gone.
    private var fires: [[Bool]] = []

    private let lowered: Lowered
    private let quantized: [QuantizedPopulation]

    /// - Parameters:
    ///   - silent: neurons, by their node's name, that did not fire on calibration data.
    ///   - isFixed: populations whose neurons lie where convolutions and pools expect them.
    ///   - largest: the greatest integer that an element of a source can have.
    init(
        _ lowered: Lowered, _ quantized: [QuantizedPopulation], silent: [String: Set<Int>], isFixed: (Int) -> Bool,
        largest: (Lowered.Source) -> Double
    ) {
        (self.lowered, self.quantized) = (lowered, quantized)
        let prunable = lowered.populations.indices.filter {
            $0 != lowered.output && !isFixed($0) && !lowered.populations[$0].isMemory
        }
        // What may fire makes others that may.
        stays = lowered.populations.indices.map { number in
            Array(
                repeating: isFixed(number) || !lowered.populations[number].neuron.fires,
                count: lowered.populations[number].count)
        }
        var before: [[Bool]]
        repeat {
            before = stays
            for (number, population) in lowered.populations.enumerated() {
                let silent = silent[population.name] ?? []
                for neuron in 0..<population.count where !stays[number][neuron] && !silent.contains(neuron) {
                    stays[number][neuron] = mayFire(number, neuron, largest)
                }
            }
        } while stays != before
        stays[lowered.output] = stays[lowered.output].map { _ in true }
        fires = stays
        for (number, isRead) in read(beside: prunable).enumerated() {
            stays[number] = zip(stays[number], isRead).map { $0 && $1 }
        }
        for number in prunable where !stays[number].contains(true) { stays[number][0] = true }
        // Shared matrices and diagonals need their elements in step: what one end keeps comes back.
        repeat {
            before = stays
            for number in lowered.populations.indices { keepShapes(number) }
        } while stays != before
    }

    /// V[t] ≤ keep·V[t-1] + I[t] + b and I[t] ≤ keep'·I[t-1] + x, truncation toward zero included: I ≤ x / (1 − keep') and
    /// V ≤ (I + b) / (1 − keep). A positive bias may enter with x.
    private func mayFire(_ number: Int, _ neuron: Int, _ largest: (Lowered.Source) -> Double) -> Bool {
        let (model, integers) = (lowered.populations[number].neuron, quantized[number])
        var drive = 0.0
        for matrix in integers.matrices {
            let isAnalog = lowered.isAnalog(matrix.term.source)
            var sum = 0.0
            for (element, weight) in matrix.row(neuron)
            where stays(matrix.term.source, element) && (weight > 0 || isAnalog) {
                sum += Double(abs(weight)) * largest(matrix.term.source)
            }
            switch matrix.join {
            case .add: drive += sum
            case .leftShift(let shift): drive += sum * Double(1 << shift)
            case .multiplier(let factors, let shift):
                drive += sum == 0 ? 0 : sum * Double(abs(factors[neuron])) / Double(1 << shift) + 1
            }
        }
        func settled(_ drive: Double, _ keep: [Double]) -> Double {
            drive <= 0 || keep.isEmpty ? drive : drive * 32768 / max(0, 32768 - (keep[neuron] * 32768).rounded())
        }
        let bias = Double(integers.bias[neuron])
        let current = settled(drive * Double(1 << integers.fractionBits) + max(bias, 0), model.currentKeep)
        return settled(current + min(bias, 0), model.keep) > Double(integers.threshold[neuron]) - 1
    }

    private func stays(_ source: Lowered.Source, _ element: Int) -> Bool {
        guard case .population(let number) = lowered.root(source) else { return true }
        return stays[number][element]
    }

    /// Which neurons a result depends on: those of the output and of populations that stay whole, and what these read, by
    /// weights other than 0 and over any number of ticks.
    private func read(beside prunable: [Int]) -> [[Bool]] {
        var isRead = stays.indices.map { number in
            prunable.contains(number) ? stays[number].map { _ in false } : stays[number]
        }
        var pending = isRead.indices.filter { !prunable.contains($0) }.flatMap { number in
            (0..<lowered.populations[number].rowCount).map { (number, $0) }
        }
        while let (number, neuron) = pending.popLast() {
            for matrix in quantized[number].matrices {
                guard case .population(let source) = lowered.root(matrix.term.source) else { continue }
                for (element, weight) in matrix.row(neuron)
                where weight != 0 && stays[source][element] && !isRead[source][element] {
                    isRead[source][element] = true
                    pending.append((source, element))
                }
            }
        }
        return isRead
    }

    private mutating func keepShapes(_ number: Int) {
        for term in lowered.populations[number].terms {
            if case .dense = term.map { continue }
            guard case .population(let source) = lowered.root(term.source), !lowered.populations[number].isMemory else {
                // The input, pools and memories keep all of theirs.
                if case .population(let source) = lowered.root(term.source) {
                    stays[source] = stays[source].map { _ in true }
                }
                stays[number] = stays[number].map { _ in true }
                continue
            }
            switch term.map {
            case .diagonal:
                let both = zip(stays[source], stays[number]).map { $0 || $1 }
                (stays[source], stays[number]) = (both, both)
            case .block(let map):
                // Whole groups, and the same places in each.
                func groups(_ of: [Bool], _ size: Int) -> [Bool] {
                    (0..<map.groupCount).map { of[$0 * size..<($0 + 1) * size].contains(true) }
                }
                let group = zip(groups(stays[source], map.columns), groups(stays[number], map.rows)).map { $0 || $1 }
                for (population, size) in [(source, map.columns), (number, map.rows)] {
                    var places = (0..<size).map { place in
                        (0..<map.groupCount).contains { stays[population][$0 * size + place] }
                    }
                    if !places.contains(true) { places[0] = true }
                    stays[population] = stays[population].indices.map { group[$0 / size] && places[$0 % size] }
                }
            case .dense, .convolution: break
            }
        }
    }
}

extension Pruning {
    /// The network without what goes.
    var pruned: (Lowered, [QuantizedPopulation]) {
        var smaller = lowered
        for (number, delay) in lowered.delays.enumerated() {
            guard case .population(let source) = lowered.root(delay.source) else { continue }
            smaller.delays[number] = Lowered.Delay(source: delay.source, ticks: kept(delay.ticks, stays[source]))
        }
        let populations = quantized.indices.map { number in
            let (old, integers) = (lowered.populations[number], quantized[number])
            let rows = old.isMemory ? Array(repeating: true, count: old.rowCount) : stays[number]
            let matrices = integers.matrices.map { pruned($0, rows) }
            var neuron = old.neuron
            neuron.keep(rows)
            // A population of any shape is a list once some are missing.
            smaller.populations[number] = Lowered.Population(
                name: old.name, neuron: neuron, shape: rows.contains(false) ? [rows.count { $0 }] : old.shape,
                terms: matrices.map(\.term),
                bias: kept(old.bias, rows))
            var left = integers
            left.matrices = matrices
            (left.scales, left.threshold, left.bias) = (
                kept(integers.scales, rows), kept(integers.threshold, rows), kept(integers.bias, rows)
            )
            return left
        }
        return (smaller, populations)
    }

    var report: PruningReport {
        let populations = stays.indices.map { number in
            let gone = zip(stays[number], fires[number]).filter { !$0.0 }
            let unread = gone.count { $0.1 }
            return PruningReport.Population(
                name: lowered.populations[number].name, neurons: stays[number].count, silent: gone.count - unread,
                unread: unread)
        }
        func weights(_ populations: [QuantizedPopulation]) -> Int {
            populations.reduce(0) { $1.matrices.reduce($0) { $0 + $1.weights.count } }
        }
        return PruningReport(
            populations: populations, weightsBefore: weights(quantized), weightsAfter: weights(pruned.1))
    }

    private func pruned(_ matrix: QuantizedPopulation.Matrix, _ rows: [Bool]) -> QuantizedPopulation.Matrix {
        var columns = Array(repeating: true, count: matrix.term.map.columns)
        if case .population(let source) = lowered.root(matrix.term.source) { columns = stays[source] }
        if !rows.contains(false) && !columns.contains(false) { return matrix }
        var term = matrix.term
        var weights = matrix.weights
        func cut<Value>(_ values: [Value], _ rows: [Bool], _ columns: [Bool]) -> [Value] {
            values.indices.filter { rows[$0 / columns.count] && columns[$0 % columns.count] }.map { values[$0] }
        }
        switch term.map {
        case .diagonal(let values):
            term.map = .diagonal(kept(values, rows))
            weights = kept(weights, rows)
        case .dense(_, _, let values):
            let staying = (rows.count { $0 }, columns.count { $0 })
            term.map = .dense(rows: staying.0, columns: staying.1, values: cut(values, rows, columns))
            weights = cut(weights, rows, columns)
        case .block(let map):
            // The same places in every group that stays.
            let group = rows.firstIndex(of: true)! / map.rows
            let (own, read) = (
                Array(rows[group * map.rows..<(group + 1) * map.rows]),
                Array(columns[group * map.columns..<(group + 1) * map.columns])
            )
            let staying = (own.count { $0 }, read.count { $0 })
            term.map = .block(
                BlockMap(
                    groupCount: rows.count { $0 } / staying.0, rows: staying.0, columns: staying.1,
                    values: cut(map.values, own, read)))
            weights = cut(weights, own, read)
        case .convolution: break
        }
        guard case .multiplier(let factors, let shift) = matrix.join else {
            return QuantizedPopulation.Matrix(term: term, bits: matrix.bits, weights: weights, join: matrix.join)
        }
        return QuantizedPopulation.Matrix(
            term: term, bits: matrix.bits, weights: weights, join: .multiplier(kept(factors, rows), shift: shift))
    }
}

private func kept<Value>(_ values: [Value], _ stays: [Bool]) -> [Value] {
    values.isEmpty ? values : zip(values, stays).filter(\.1).map(\.0)
}

extension Lowered.Population {
    fileprivate var isMemory: Bool { if case .memory = neuron.kind { true } else { false } }
}

extension NeuronModel {
    fileprivate mutating func keep(_ stays: [Bool]) {
        for row in [\Self.keep, \Self.gain, \Self.currentKeep, \Self.threshold, \Self.drive] {
            self[keyPath: row] = kept(self[keyPath: row], stays)
        }
    }
}

extension Lowered {
    /// What a source shows, delays apart.
    func root(_ source: Source) -> Source {
        if case .delay(let number) = source { return root(delays[number].source) }
        return source
    }

    /// Whether its elements may be other than 0 and 1.
    func isAnalog(_ source: Source) -> Bool {
        guard case .population(let number) = root(source) else { return true }
        return !populations[number].neuron.fires
    }
}

extension QuantizedPopulation.Matrix {
    /// The source elements and integer weights of a neuron. Empty for a convolution, whose ends are never pruned.
    func row(_ neuron: Int) -> [(element: Int, weight: Int)] {
        switch term.map {
        case .diagonal: return [(neuron, weights[neuron])]
        case .dense(_, let columns, _): return (0..<columns).map { ($0, weights[neuron * columns + $0]) }
        case .block(let map):
            let (group, row) = neuron.quotientAndRemainder(dividingBy: map.rows)
            return (0..<map.columns).map { (group * map.columns + $0, weights[row * map.columns + $0]) }
        case .convolution: return []
        }
    }
}
