import NIR
import SNNRuntime

extension ProgramWriter {
    /// Declares what adds a matrix's sums to the current of a population.
    mutating func addProjection(_ matrix: QuantizedPopulation.Matrix, into population: Int) {
        let source = slot(matrix.term.source)
        let current = placement.slot(.current(population))
        switch matrix.term.map {
        case .convolution(let map): addConvolution(map, matrix, into: population)
        case .dense(let rows, let columns, _) where !matrix.term.delays.isEmpty:
            let (runs, delayCount) = delayedRuns(matrix, into: population, rows: rows, columns: columns)
            let op = SparseOp(
                synapses: synapseFields(matrix, into: population), runs: runs, delayCount: delayCount,
                targetCount: rows)
            program.add(op, from: source, to: current)
        case .dense(let rows, let columns, _) where isList(matrix, into: population, rows: rows, columns: columns):
            let runs = denseRuns(matrix, into: population, rows: rows, columns: columns).map { run in
                run.indices.filter { run[$0] != 0 }.map { SparseOp.Synapse(target: $0, weight: run[$0]) }
            }
            let op = SparseOp(synapses: synapseFields(matrix, into: population), runs: runs, targetCount: rows)
            program.add(op, from: source, to: current)
        case .dense(let rows, let columns, _):
            let op = ProjectionOp(
                kind: .dense, synapses: synapseFields(matrix, into: population),
                weights: denseRuns(matrix, into: population, rows: rows, columns: columns))
            program.add(op, from: source, to: current)
        case .block(let map):
            let runs = (0..<map.columns).map { column in
                (0..<map.rows).map { matrix.weights[$0 * map.columns + column] }
            }
            let op = ProjectionOp(
                kind: .block, synapses: synapseFields(matrix, into: population), groupCount: map.groupCount,
                weights: runs)
            program.add(op, from: source, to: current)
        case .diagonal(let values):
            // Run j is the source's element in place j.
            let isMemory = values.count != network.count(.population(population))
            let places = isMemory ? Array(values.indices) : quantized.order(.population(population))
            let runs = laidOut(Array(values.indices), matrix.term.source).map {
                [SparseOp.Synapse(target: places[$0], weight: matrix.weights[$0])]
            }
            let op = SparseOp(synapses: synapseFields(matrix, into: population), runs: runs, targetCount: values.count)
            program.add(op, from: source, to: current)
        }
    }

    /// The encoding and the join of a matrix; its multipliers in the order of the population's slot.
    private func synapseFields(_ matrix: QuantizedPopulation.Matrix, into population: Int) -> SynapseFields {
        var join = matrix.join
        if case .multiplier(let factors, let shift) = join {
            var rows = laidOut(factors, .population(population))
            if case .convolution(let map) = matrix.term.map { rows = Array(rows.prefix(map.to[0])) }
            if case .block(let map) = matrix.term.map { rows = Array(rows.prefix(map.rows)) }
            join = .multiplier(rows, shift: shift)
        }
        return SynapseFields(
            encoding: Encoding(bits: matrix.bits)!, join: join, sourceShift: quantized.readShift(matrix.term.source))
    }

    /// Columns in the order of the source's slot, rows in that of the population's.
    private func denseRuns(
        _ matrix: QuantizedPopulation.Matrix, into population: Int, rows: Int, columns: Int
    ) -> [[Int]] {
        laidOut(Array(0..<columns), matrix.term.source).map { column in
            laidOut((0..<rows).map { matrix.weights[$0 * columns + column] }, .population(population))
        }
    }

    /// The synapses of each element of the source, delay by delay, and the number of delays.
    private func delayedRuns(
        _ matrix: QuantizedPopulation.Matrix, into population: Int, rows: Int, columns: Int
    ) -> (runs: [[SparseOp.Synapse]], delayCount: Int) {
        let delayCount = matrix.term.delays.max()! + 1
        var runs = [[SparseOp.Synapse]](repeating: [], count: columns * delayCount)
        // Rows in the order of the population's slot, so that targets ascend.
        let order = laidOut(Array(0..<rows), .population(population))
        for (place, column) in laidOut(Array(0..<columns), matrix.term.source).enumerated() {
            for (target, row) in order.enumerated() where matrix.weights[row * columns + column] != 0 {
                let delay = matrix.term.delays[row * columns + column]
                runs[place * delayCount + delay].append(
                    SparseOp.Synapse(target: target, weight: matrix.weights[row * columns + column]))
            }
        }
        return (runs, delayCount)
    }

    /// A matrix is stored as a list of synapses where that takes fewer bytes, or was asked for.
    private func isList(
        _ matrix: QuantizedPopulation.Matrix, into population: Int, rows: Int, columns: Int
    ) -> Bool {
        let name = MatrixName(from: network.name(matrix.term.source), into: network.populations[population].name)
        if options.sparse.contains(name.description) { return true }
        let synapseCount = matrix.bits == 1 ? rows * columns : matrix.weights.count { $0 != 0 }
        let synapseByteCount = (rows > 65536 ? 4 : 2) * synapseCount + synapseCount * matrix.bits / 8
        return 4 * (columns + 1) + synapseByteCount < columns * ((rows * matrix.bits + 7) / 8)
    }

    private mutating func addConvolution(
        _ map: ConvolutionMap, _ matrix: QuantizedPopulation.Matrix, into population: Int
    ) {
        let op = map.op(synapseFields(matrix, into: population), matrix.weights)
        let (source, current) = (slot(matrix.term.source), placement.slot(.current(population)))
        guard let (pool, _) = map.maxima else {
            program.add(op, from: source, to: current)
            return
        }
        let sums = program.addSlot(.current, bits: 32, count: map.to.reduce(1, *))
        program.add(op, from: source, to: sums)
        program.add(PoolOp(.maximum, pool, from: map.to), from: sums, to: current)
    }
}

extension ConvolutionMap {
    /// The op of the convolution with these kernels, [output channels, input channels of a group, height, width].
    func op(_ synapses: SynapseFields, _ kernels: [Int]) -> ConvolutionOp {
        let shape = node.weight.shape
        let (inner, kernelSize) = (shape[1], shape[2] * shape[3])
        let outputs = to[0] / node.groups
        let runs = (0..<from[0]).flatMap { channel in
            let (group, within) = channel.quotientAndRemainder(dividingBy: inner)
            return (0..<kernelSize).map { position in
                (0..<outputs).map { kernels[((group * outputs + $0) * inner + within) * kernelSize + position] }
            }
        }
        return ConvolutionOp(
            synapses: synapses, from: from, targetChannels: to[0], kernel: [shape[2], shape[3]], stride: node.stride,
            padding: Array(node.padding.joined()), dilation: node.dilation, groups: node.groups, weights: runs)
    }
}
