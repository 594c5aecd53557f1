import Foundation
import NIR

/// How a population came out in integers.
public struct PopulationReport: Encodable, Sendable {
    public let name: String
    public let neurons: Int
    /// Integer membrane units per unit of the float network: least and greatest over the rows.
    public let leastScale: Double
    public let greatestScale: Double
    public let fractionBits: Int
    public struct Matrix: Encodable, Sendable {
        public let from: String
        public let rows: Int
        public let columns: Int
        public let weights: Int
        public let bits: Int
        /// 10·log10( Σ w² / Σ (w − ŵ)² ); nil where exact.
        public let signalToNoise: Double?
    }
    public let matrices: [Matrix]
}

/// A population in integers: one grid per row, shared by all matrices that enter it (docs/design.md).
///
/// Row i: U_int = U·G_i·2^f. Matrices from spikes have the grid G_i / 2^s and join by a left shift s; those from
/// analog sources have their own, and join by a multiplier per row.
struct QuantizedPopulation {
    struct Matrix {
        let term: Lowered.Term
        /// Row-major, the diagonal, or the kernels of the output channels.
        let weights: [Int]
        let join: Join
    }
    enum Join {
        case add
        case leftShift(Int)
        case multiplier([Int], shift: Int)
    }

    var matrices: [Matrix]
    /// G_i·2^f.
    var scales: [Double]
    /// The greatest magnitude of a tick's input to a neuron, in the network's own units.
    let greatest: Double
    let fractionBits: Int
    var threshold: [Int]
    var bias: [Int]
    let report: PopulationReport
}

/// Width and grid of weights.
struct WeightGrid {
    /// 1, 2, 4, 8 or 16.
    let bits: Int

    /// Largest magnitude.
    var limit: Int { bits <= 2 ? 1 : 1 << (bits - 1) - 1 }

    /// The weight that `limit` stands for in a row: its greatest, or, for one step on each side, the mean of those worth
    /// keeping (all, for binary).
    func reach(_ row: [Double]) -> Double {
        let magnitudes = row.map(abs).filter { $0 > 0 }
        guard let greatest = magnitudes.max(), greatest > 1e-100 else { return 0 }
        if bits > 2 { return exactReach(row, greatest) ?? greatest }
        let mean = magnitudes.reduce(0, +) / Double(bits == 1 ? row.count : magnitudes.count)
        if bits == 1 { return mean }
        let kept = magnitudes.filter { $0 > 0.7 * mean }
        return kept.reduce(0, +) / Double(kept.count)
    }

    /// Where all weights are whole steps of one size, and few enough, a grid on which they stay exact.
    private func exactReach(_ row: [Double], _ greatest: Double) -> Double? {
        for steps in 1...min(limit, 255) {
            let step = greatest / Double(steps)
            if row.allSatisfy({ abs($0 / step - ($0 / step).rounded()) < 1e-9 }) {
                return Double(limit) * step / Double(limit / steps)
            }
        }
        return nil
    }

    func integer(_ weight: Double, scale: Double) -> Int {
        if bits == 1 { return weight < 0 ? -1 : 1 }
        return max(-limit, min(limit, Int((weight * scale).rounded(.toNearestOrEven))))
    }
}

extension QuantizedPopulation {
    /// - Parameters:
    ///   - window: ticks until the network is reset.
    ///   - units: for analog sources, the float value of one count of each element; nil for spikes.
    ///   - largest: the greatest integer a source element can have.
    init(
        _ population: Lowered.Population, grid: WeightGrid, window: Double, units: (Lowered.Source) -> [Double]?,
        largest: (Lowered.Source) -> Double, sourceName: (Lowered.Source) -> String
    ) throws(CompileError) {
        let (model, count) = (population.neuron, population.rowCount)
        // In units of the membrane: gain taken into the weights, counts of analog sources too.
        var maps: [LinearMap] = []
        for term in population.terms {
            var scaled = term.map.scaled(rows: model.gain)
            if let units = units(term.source) { scaled = scaled?.after(.diagonal(units)) }
            guard let scaled else {
                throw CompileError("\(population.name): its parameters differ between positions of a channel, where a convolution has one grid")
            }
            maps.append(scaled)
        }
        // Neurons of a channel share their grid where a convolution enters, those of all groups where a block does.
        var (place, period) = (1, 0)
        for case .convolution(let map) in maps { place = map.shape[1] * map.shape[2] }
        for case .block(let map) in maps { period = greatestCommonDivisor(period, map.rows) }
        func shared(_ values: [Double], _ choose: (Double, Double) -> Double) -> [Double] {
            let of = { (row: Int) in period > 0 ? row % period : row / place }
            var chosen: [Double] = []
            for row in values.indices {
                if of(row) == chosen.count { chosen.append(values[row]) } else { chosen[of(row)] = choose(chosen[of(row)], values[row]) }
            }
            return values.indices.map { chosen[of($0)] }
        }
        if maps.contains(where: { $0.rowList(place: place).joined().contains { !(abs($0) < 1e30) } }) {
            throw CompileError("\(population.name): has weights beyond 1e30")
        }
        let reaches = maps.map { map in shared(map.rowList(place: place).map(grid.reach), max) }
        let isSpiking = population.terms.map { units($0.source) == nil }
        let leading = isSpiking.contains(true) ? isSpiking : isSpiking.map { _ in true }

        if grid.bits == 1, population.terms.contains(where: { $0.map.hasZeros }) {
            throw CompileError("\(population.name): has weights of 0, which binary weights have not; use 2 bits")
        }
        // The row's grid, by the widest of the leading matrices; one grid for all rows where membranes are compared.
        var reach = (0..<count).map { row in maps.indices.filter { leading[$0] }.map { reaches[$0][row] }.max() ?? 0 }
        if !model.hasRowGrids { reach = Array(repeating: reach.max() ?? 0, count: count) }
        reach = reach.map { $0 > 0 ? $0 : 1 }
        // How much finer each leading matrix may be than that, in powers of two.
        let finer = maps.indices.map { p -> Int in
            guard leading[p], model.hasRowGrids else { return 0 }
            let room = (0..<count).filter { reaches[p][$0] > 0 }.map { reach[$0] / reaches[p][$0] }.min() ?? 1
            return max(0, min(8, Int(log2(min(room, 256) * 1.0000001).rounded(.down))))
        }
        let finest = maps.indices.filter { leading[$0] }.map { finer[$0] }.max() ?? 0
        // Sums that a matrix could make at most, per unit of its grid.
        let sums = maps.indices.map { p in
            let greatest = largest(population.terms[p].source)
            return maps[p].rowList(place: place).map { row in row.reduce(0) { $0 + abs($1) } * greatest }
        }
        let biases = (0..<count).map { population.bias[$0] * model.gain[$0] + model.drive[$0] }
        // In the long run, or over a window, a synaptic current adds up, and so does a membrane without spikes.
        let accumulation = (0..<count).map { model.accumulation($0, over: window) }
        let accumulates = !model.hasRowGrids || !model.currentKeep.isEmpty
        // A grid coarser than the weights', where sums, thresholds or what adds up would not fit; the weights keep theirs.
        func limit(_ row: Int) -> Double {
            let sum = maps.indices.reduce(0) { $0 + sums[$1][row] } + abs(biases[row])
            var limit = sum > 0 ? exp2(29) / sum / (accumulates ? accumulation[row] * 2 : 1) : Double.infinity
            if model.fires && model.threshold[row] > 0 { limit = min(limit, exp2(24) / model.threshold[row]) }
            return limit
        }
        var rowScales = (0..<count).map { row in min(Double(grid.limit) / reach[row] * Double(1 << finest), limit(row)) }
        rowScales = shared(rowScales, min)
        if !model.hasRowGrids { rowScales = Array(repeating: rowScales.min()!, count: count) }
        // Only where the grid is the weights' own can they add or shift without a multiplier.
        let isOwn = (0..<count).allSatisfy { rowScales[$0] == Double(grid.limit) / reach[$0] * Double(1 << finest) }

        var made: [Matrix] = []
        var reports: [PopulationReport.Matrix] = []
        var bounds = [Double](repeating: 0, count: count)
        for (p, map) in maps.enumerated() {
            let own: [Double]
            let join: Join
            if leading[p] && isOwn {
                own = rowScales.map { $0 / Double(1 << (finest - finer[p])) }
                join = finest == finer[p] ? .add : .leftShift(finest - finer[p])
            } else {
                // A row of zeros has any grid; none may make sums that 32 bits do not hold.
                own = (0..<count).map { row in
                    let own = reaches[p][row] > 0 ? Double(grid.limit) / reaches[p][row] : rowScales[row]
                    return sums[p][row] > 0 ? min(own, exp2(30) / sums[p][row]) : own
                }
                let ratios = zip(rowScales, own).map { $0 / $1 }
                let greatest = ratios.max()!
                guard greatest < exp2(30), ratios.allSatisfy(\.isFinite) else {
                    throw CompileError("\(population.name): its inputs differ in weight by more than 2^30 to 1")
                }
                let shift = max(0, min(47, 24 - Int(log2(max(greatest, 1e-9)).rounded(.up))))
                join = .multiplier(ratios.map { Int(($0 * exp2(Double(shift))).rounded()) }, shift: shift)
            }
            let rows = map.rowList(place: place)
            var (signal, noise) = (0.0, 0.0)
            var integers: [[Int]] = []
            var added: [Double] = []
            for row in 0..<count {
                // Rows whose weights are stored once, with the first of them.
                let first =
                    switch map {
                    case .convolution: row / place * place
                    case .block(let map): row % map.rows
                    case .dense, .diagonal: row
                    }
                if first < row {
                    added.append(added[first])
                    bounds[row] += added[row]
                    continue
                }
                let quantized = rows[row].map { grid.integer($0, scale: own[row]) }
                for (w, q) in zip(rows[row], quantized) {
                    signal += w * w
                    noise += (w - Double(q) / own[row]) * (w - Double(q) / own[row])
                }
                let sum = quantized.reduce(0.0) { $0 + Double(abs($1)) } * largest(population.terms[p].source)
                switch join {
                case .add: added.append(sum)
                case .leftShift(let shift): added.append(sum * Double(1 << shift))
                case .multiplier(let multipliers, let shift): added.append(sum * Double(abs(multipliers[row])) / exp2(Double(shift)) + 1)
                }
                bounds[row] += added[row]
                integers.append(quantized)
            }
            made.append(Matrix(term: population.terms[p], weights: integers.flatMap { $0 }, join: join))
            reports.append(
                PopulationReport.Matrix(
                    from: sourceName(population.terms[p].source), rows: map.rows, columns: map.columns,
                    weights: integers.reduce(0) { $0 + $1.count }, bits: grid.bits,
                    signalToNoise: noise == 0 ? nil : 10 * log10(signal / noise)))
        }

        // As many fraction bits as sums and thresholds leave room for: thresholds of 20 bits leave membranes a
        // thousandfold on either side.
        var bits = model.isActivation ? 0 : 12
        func fits(_ f: Int) -> Bool {
            (0..<count).allSatisfy { row in
                let scale = rowScales[row] * exp2(Double(f))
                let drive = bounds[row] * exp2(Double(f)) + abs(biases[row] * scale) + 1
                if drive > Double(Int32.max) { return false }
                if f == 0 { return true }
                if accumulates && drive * accumulation[row] > exp2(30) - 1 { return false }
                return model.threshold.isEmpty || model.threshold[row] * scale <= exp2(20)
            }
        }
        while bits > 0, !fits(bits) { bits -= 1 }
        if let row = (0..<count).first(where: { row in
            bounds[row] + abs(biases[row] * rowScales[row]) + 1 > Double(Int32.max)
                || (model.fires && model.threshold[row] * rowScales[row] * exp2(Double(bits)) >= exp2(30) - 1)
        }) {
            throw CompileError("\(population.name): the sums or the threshold of neuron \(row) do not fit 32 bits; fewer weight or input bits help")
        }
        fractionBits = bits
        let scales = rowScales.map { $0 * exp2(Double(bits)) }
        self.scales = scales
        // The value of a sum's counts, and so of what they can add up to at most.
        greatest = (0..<count).map { (bounds[$0] / rowScales[$0] + abs(biases[$0])) }.max() ?? 0
        threshold = model.threshold.indices.map { Int((model.threshold[$0] * scales[$0]).rounded()) }
        bias = biases.indices.map { Int((biases[$0] * scales[$0]).rounded()) }
        matrices = made
        report = PopulationReport(
            name: population.name, neurons: count, leastScale: scales.min()!, greatestScale: scales.max()!, fractionBits: bits,
            matrices: reports)
    }
}

extension LinearMap {
    var hasZeros: Bool {
        switch self {
        case .diagonal(let values), .dense(_, _, let values): values.contains(0)
        case .block(let map): map.values.contains(0)
        case .convolution(let map): map.convolution.weight.values.contains(0)
        }
    }

    /// Rows; of a diagonal one its one element each, of a block those of its matrix, of a convolution with `place` positions the kernel of its channel.
    func rowList(place: Int) -> [[Double]] {
        switch self {
        case .diagonal(let values): return values.map { [$0] }
        case .dense(let rows, let columns, let values):
            return (0..<rows).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
        case .block(let map):
            return (0..<rows).map { Array(map.values[$0 % map.rows * map.columns..<($0 % map.rows + 1) * map.columns]) }
        case .convolution(let map):
            let kernels = map.factors.indices.map(map.kernel)
            return (0..<rows).map { kernels[$0 / place] }
        }
    }
}

func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
