import Glibc
import NIR

/// A population quantizer makes integers of one population.
struct PopulationQuantizer {
    /// A source is what a matrix reads, as integers.
    struct Source {
        let name: String
        /// For analog sources, the float value of one count of each element; nil for spikes.
        let units: [Double]?
        /// The greatest integer an element can have.
        let largest: Double
        /// The greatest that its slot could hold: what the file's reader takes for it as it proves sums.
        let slotLimit: Double
        /// The mean of each element of an analog source in the calibration log, in counts.
        let means: [Double]?
        /// The mean square of each, up to a common factor.
        var activity: [Double]?
        /// How the weights of a row round together; nil without a log, and where it is not known.
        var feedback: Feedback?
        /// Weights are rounded so that what is known of the sources changes least; else to nearest.
        var isFitted = true
    }
    struct Settings {
        /// Width of the weights of each matrix.
        var weightBits: [Int]
        var grid: GridKind
        var state: StateBits
        var fractionBits: Int?
        /// Ticks until the network is reset.
        var window: Double
        /// How far each neuron's state reached in the calibration log, in units of the membrane; nil without a log.
        var peaks: [Double]?
        /// That decides about scales and widths; else it is only reported.
        var isFitted = true
        /// How much further it may reach before it saturates.
        var margin = 1.0
        /// The greatest magnitude of a state, where not what its width holds.
        var stateLimit: Double?
        /// The scale of all rows of a population without spikes, where others count on it already; beyond, it saturates.
        var scale: Double?
        /// The weight that a count stands for, one for all rows or one for each, where the network states it.
        var steps: [Double]?
    }

    let population: Lowered.Population
    let sources: [Source]
    let settings: Settings
    let grids: [WeightGrid]
    /// The matrices in units of the membrane and of a count: gain and units are taken into the weights.
    let maps: [LinearMap]
    let rows: [StoredRows]
    /// Which neurons share a grid.
    let sharing: Sharing
    let biases: [Double]
    /// Greatest sum of each row of each matrix, in units of the membrane.
    let sums: [[Double]]
    /// The weight that the grid's greatest integer stands for, per matrix and row.
    let reaches: [[Double]]
    /// How far each neuron's state has to reach, margin included; nil without a calibration log.
    let stateReach: [Double]?
    /// How much a synaptic current, and a membrane without spikes, adds up in the long run or over a window.
    let accumulation: [Double]

    func limit(ofState bits: Int) -> Double { settings.stateLimit ?? QuantizedPopulation.limit(ofState: bits) }
    var model: NeuronModel { population.neuron }
    var count: Int { population.rowCount }
    var accumulates: Bool { !model.hasRowGrids || !model.currentKeep.isEmpty }

    init(_ population: Lowered.Population, _ sources: [Source], _ settings: Settings) throws(CompileError) {
        (self.population, self.sources, self.settings) = (population, sources, settings)
        grids = settings.weightBits.map { WeightGrid(bits: $0) }
        var maps: [LinearMap] = []
        for (term, source) in zip(population.terms, sources) {
            var scaled = term.map.scaled(rows: population.neuron.gain)
            if let units = source.units { scaled = scaled?.after(.diagonal(units)) }
            guard let scaled else {
                throw CompileError(
                    "\(population.name): its parameters differ between positions of a channel, where a convolution has one grid"
                )
            }
            maps.append(scaled)
        }
        var sharing = Sharing()
        for case .convolution(let map) in maps { sharing.positionCount = map.shape[1] * map.shape[2] }
        for case .block(let map) in maps { sharing.period = greatestCommonDivisor(sharing.period, map.rows) }
        let rows = maps.map(\.storedRows)
        if rows.contains(where: { $0.list.joined().contains { !(abs($0) < 1e30) } }) {
            throw CompileError("\(population.name): has weights beyond 1e30")
        }
        for (grid, term) in zip(grids, population.terms) where grid.bits == 1 && term.map.hasZeros {
            throw CompileError("\(population.name): has weights of 0, which binary weights have not; use 2 bits")
        }
        (self.maps, self.rows, self.sharing) = (maps, rows, sharing)
        let grids = self.grids
        reaches = maps.indices.map { matrix in
            sharing.shared(
                PopulationQuantizer.reaches(rows[matrix], grids[matrix], settings.grid, maps[matrix], sources[matrix]),
                max)
        }
        stateReach = settings.isFitted ? settings.peaks.map { $0.map { $0 * settings.margin } } : nil
        let neuron = population.neuron
        biases = (0..<population.rowCount).map { population.bias[$0] * neuron.gain[$0] + neuron.drive[$0] }
        sums = zip(rows, sources).map { rows, source in
            rows.spread(rows.list.map { $0.reduce(0) { $0 + abs($1) } * source.largest })
        }
        accumulation = (0..<population.rowCount).map { neuron.accumulation($0, over: settings.window) }
    }

    /// - Throws: sums or thresholds that 32 bits do not hold.
    func quantized() throws(CompileError) -> QuantizedPopulation {
        guard case .neurons = model.kind, settings.scale == nil else { return try quantized(stateBits: 32).population }
        if settings.state != .automatic { return try quantized(stateBits: settings.state.rawValue).population }
        if stateReach != nil, let narrow = try? quantized(stateBits: 16), narrow.isComfortable {
            return narrow.population
        }
        return try quantized(stateBits: 32).population
    }

    /// Comfortable: no matrix had to give up its grid for the state, and enough fraction bits are left.
    func quantized(stateBits: Int) throws(CompileError) -> (
        population: QuantizedPopulation, isComfortable: Bool
    ) {
        let grid = try statedGrid() ?? rowGrid(stateBits: stateBits)
        var (bounds, proved) = (
            [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
        )
        var biases = self.biases
        var matrices: [QuantizedPopulation.Matrix] = []
        var reports: [PopulationReport.Matrix] = []
        for matrix in maps.indices {
            let (own, join) = try self.join(matrix, grid)
            let (weights, report) = self.integers(matrix, own)
            let rowSums = rows[matrix].spread(weights.map { $0.reduce(0.0) { $0 + Double(abs($1)) } })
            for row in 0..<count {
                bounds[row] += join.bound(rowSums[row] * sources[matrix].largest, row)
                proved[row] += join.bound(rowSums[row] * sources[matrix].slotLimit, row)
            }
            // What rounding takes from the mean of an analog sum, the bias gives back.
            if sources[matrix].isFitted, grids[matrix].bits < 16,
                let means = sources[matrix].means.map({ maps[matrix].sourceMeans($0) })
            {
                let lost = rows[matrix].list.indices.map { i in
                    let scale = own[rows[matrix].first(i)]
                    return zip(zip(rows[matrix].list[i], weights[i]), means(i)).reduce(0) {
                        $0 + ($1.0.0 - Double($1.0.1) / scale) * $1.1
                    }
                }
                for (row, loss) in rows[matrix].spread(lost).enumerated() { biases[row] += loss }
            }
            matrices.append(
                .init(
                    term: population.terms[matrix], bits: grids[matrix].bits, weights: weights.flatMap { $0 },
                    join: join))
            reports.append(report)
        }
        let fractionBits = try self.fractionBits(
            grid.scales, bounds, proved: proved, biases, stateBits: stateBits)
        let scales = grid.scales.map { $0 * exp2(Double(fractionBits)) }
        let limit = limit(ofState: stateBits)
        let report = PopulationReport(
            name: population.name, neurons: count, leastScale: scales.min()!, greatestScale: scales.max()!,
            fractionBits: fractionBits, stateBits: stateBits,
            peak: settings.peaks.map { zip($0, scales).map(*).max()! / limit }, matrices: reports)
        let integers = QuantizedPopulation(
            matrices: matrices, scales: scales,
            greatest: (0..<count).map { bounds[$0] / grid.scales[$0] + abs(biases[$0]) }.max() ?? 0,
            stateBits: stateBits, fractionBits: fractionBits,
            threshold: model.threshold.indices.map { Int((model.threshold[$0] * scales[$0]).rounded()) },
            thresholdStep: model.thresholdStep.indices.map { Int((model.thresholdStep[$0] * scales[$0]).rounded()) },
            bias: biases.indices.map { Int((biases[$0] * scales[$0]).rounded()) }, report: report)
        return (integers, grid.isOwn && fractionBits >= StateBits.leastFraction)
    }

    /// A matrix's weights as integers, row by stored row, on the grid `own` of each row.
    private func integers(_ matrix: Int, _ own: [Double]) -> (weights: [[Int]], PopulationReport.Matrix) {
        let (grid, list) = (grids[matrix], rows[matrix].list)
        let feedback = grid.bits < 16 ? sources[matrix].feedback : nil
        var (signal, noise, clippedCount) = (0.0, 0.0, 0)
        var (sumSignal, sumNoise, isOnGrid) = (0.0, 0.0, true)
        let weights = list.indices.map { i -> [Int] in
            let scale = own[rows[matrix].first(i)]
            let quantized =
                (sources[matrix].isFitted ? feedback?.rounded(list[i], grid, scale: scale).integers : nil)
                ?? list[i].map { grid.integer($0, scale: scale) }
            if let feedback {
                sumSignal += feedback.power(list[i])
                sumNoise += feedback.power(zip(list[i], quantized).map { $0 - Double($1) / scale })
            }
            for (w, q) in zip(list[i], quantized) {
                signal += w * w
                noise += (w - Double(q) / scale) * (w - Double(q) / scale)
                isOnGrid = isOnGrid && grid.holds(w * scale, Double(q))
                clippedCount += abs(w) * scale > Double(grid.limit) + 0.5 && !grid.isLastStepBelow(w * scale) ? 1 : 0
            }
            return quantized
        }
        let weightCount = weights.reduce(0) { $0 + $1.count }
        let report = PopulationReport.Matrix(
            from: sources[matrix].name, rows: maps[matrix].rows, columns: maps[matrix].columns, weights: weightCount,
            bits: grid.bits,
            isOnGrid: isOnGrid, signalToNoise: isOnGrid ? nil : 10 * log10(signal / noise),
            sumSignalToNoise: feedback == nil || isOnGrid ? nil : 10 * log10(sumSignal / sumNoise),
            clipped: Double(clippedCount) / Double(weightCount))
        return (weights, report)
    }
}
