/// A pruned network is a quantized one without what no result needs.
struct Pruned {
    let quantized: Quantized
    /// The neurons that are left of each population.
    let orders: [NodePlace.Order]
    let report: PruningReport
}

extension Pruned {
    /// A network of which nothing is left out.
    init(whole quantized: Quantized) {
        self.init(
            quantized: quantized, orders: quantized.network.populations.map { _ in .nir }, report: PruningReport())
    }
}

extension Pruning {
    /// The network without what goes.
    var pruned: Pruned {
        let smaller = smallerNetwork
        return Pruned(
            quantized: smaller,
            orders: stays.map { stays in .of(stays.indices.filter { stays[$0] }, of: stays.count) },
            report: report(smaller))
    }

    private var smallerNetwork: Quantized {
        var smaller = quantized
        for (number, delay) in quantized.network.delays.enumerated() {
            guard case .population(let source) = quantized.network.undelayed(delay.source) else { continue }
            smaller.network.delays[number] = Lowered.Delay(
                source: delay.source, ticks: kept(delay.ticks, stays[source]))
        }
        for number in quantized.populations.indices {
            let (old, integers) = (quantized.network.populations[number], quantized.populations[number])
            let rows = old.isMemory ? Array(repeating: true, count: old.rowCount) : stays[number]
            let matrices = integers.matrices.map { pruned($0, rows) }
            var neuron = old.neuron
            neuron.keep(rows)
            // A population of any shape is a list once some are missing.
            smaller.network.populations[number] = Lowered.Population(
                name: old.name, neuron: neuron, shape: rows.contains(false) ? [rows.count { $0 }] : old.shape,
                terms: matrices.map(\.term),
                bias: kept(old.bias, rows), isNode: old.isNode, isStart: old.isStart)
            var left = integers
            left.matrices = matrices
            (left.scales, left.threshold, left.bias) = (
                kept(integers.scales, rows), kept(integers.threshold, rows), kept(integers.bias, rows)
            )
            left.thresholdStep = kept(integers.thresholdStep, rows)
            smaller.populations[number] = left
        }
        return smaller
    }

    private func report(_ smaller: Quantized) -> PruningReport {
        let populations = stays.indices.map { number in
            let gone = zip(stays[number], fires[number]).filter { !$0.0 }
            let unread = gone.count { $0.1 }
            return PruningReport.Population(
                name: quantized.network.populations[number].name, neurons: stays[number].count,
                silent: gone.count - unread,
                unread: unread)
        }
        func weights(_ populations: [QuantizedPopulation]) -> Int {
            populations.reduce(0) { $1.matrices.reduce($0) { $0 + $1.weights.count } }
        }
        return PruningReport(
            populations: populations, weightsBefore: weights(quantized.populations),
            weightsAfter: weights(smaller.populations))
    }

    private func pruned(_ matrix: QuantizedPopulation.Matrix, _ rows: [Bool]) -> QuantizedPopulation.Matrix {
        var columns = Array(repeating: true, count: matrix.term.map.columns)
        if case .population(let source) = quantized.network.undelayed(matrix.term.source) { columns = stays[source] }
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
            if !term.delays.isEmpty { term.delays = cut(term.delays, rows, columns) }
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

/// The values of what stays; none where there are none.
private func kept<Value>(_ values: [Value], _ stays: [Bool]) -> [Value] {
    values.isEmpty ? values : zip(values, stays).filter(\.1).map(\.0)
}

extension NeuronModel {
    fileprivate mutating func keep(_ stays: [Bool]) {
        for row in [
            \Self.keep, \Self.gain, \Self.currentKeep, \Self.threshold, \Self.drive, \Self.thresholdKeep,
            \Self.thresholdStep,
        ] {
            self[keyPath: row] = kept(self[keyPath: row], stays)
        }
    }
}
