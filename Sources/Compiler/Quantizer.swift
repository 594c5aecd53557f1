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

    let matrices: [Matrix]
    /// G_i·2^f.
    let scales: [Double]
    let fractionBits: Int
    let threshold: [Int]
    let bias: [Int]
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
        guard let greatest = magnitudes.max() else { return 0 }
        if bits > 2 { return greatest }
        let mean = magnitudes.reduce(0, +) / Double(bits == 1 ? row.count : magnitudes.count)
        if bits == 1 { return mean }
        let kept = magnitudes.filter { $0 > 0.7 * mean }
        return kept.reduce(0, +) / Double(kept.count)
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
        let (model, count) = (population.neuron, population.count)
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
        // Neurons of a channel share their grid where a convolution enters.
        var place = 1
        for case .convolution(let map) in maps { place = map.to[1] * map.to[2] }
        let reaches = maps.map { map in
            let each = map.rowList(place: place).map(grid.reach)
            return each.indices.map { row in each[row / place * place..<(row / place + 1) * place].max()! }
        }
        let isSpiking = population.terms.map { units($0.source) == nil }
        let leading = isSpiking.contains(true) ? isSpiking : isSpiking.map { _ in true }

        // The row's grid, by the widest of the leading matrices; one grid for all rows where membranes are compared.
        var reach = (0..<count).map { row in maps.indices.filter { leading[$0] }.map { reaches[$0][row] }.max() ?? 0 }
        if !model.fires { reach = Array(repeating: reach.max() ?? 0, count: count) }
        reach = reach.map { $0 > 0 ? $0 : 1 }
        // How much finer each leading matrix may be than that, in powers of two.
        let finer = maps.indices.map { p -> Int in
            guard leading[p], model.fires else { return 0 }
            let room = (0..<count).filter { reaches[p][$0] > 0 }.map { reach[$0] / reaches[p][$0] }.min() ?? 1
            return max(0, min(8, Int(log2(room * 1.0000001).rounded(.down))))
        }
        let finest = maps.indices.filter { leading[$0] }.map { finer[$0] }.max() ?? 0
        let rowScales = reach.map { Double(grid.limit) / $0 * Double(1 << finest) }

        var made: [Matrix] = []
        var reports: [PopulationReport.Matrix] = []
        var bounds = [Double](repeating: 0, count: count)
        for (p, map) in maps.enumerated() {
            let own: [Double]
            let join: Join
            if leading[p] {
                own = rowScales.map { $0 / Double(1 << (finest - finer[p])) }
                join = finest == finer[p] ? .add : .leftShift(finest - finer[p])
            } else {
                own = reaches[p].map { $0 > 0 ? Double(grid.limit) / $0 : 1 }
                let ratios = zip(rowScales, own).map { $0 / $1 }
                let shift = max(0, min(47, 24 - Int(log2(ratios.max()!).rounded(.up))))
                join = .multiplier(ratios.map { Int(($0 * exp2(Double(shift))).rounded()) }, shift: shift)
            }
            let rows = map.rowList(place: place)
            var isConvolution = false
            if case .convolution = map { isConvolution = true }
            var (signal, noise, added) = (0.0, 0.0, 0.0)
            var integers: [[Int]] = []
            for row in 0..<count {
                if isConvolution && row % place != 0 {
                    bounds[row] += added
                    continue
                }
                let quantized = rows[row].map { grid.integer($0, scale: own[row]) }
                for (w, q) in zip(rows[row], quantized) {
                    signal += w * w
                    noise += (w - Double(q) / own[row]) * (w - Double(q) / own[row])
                }
                let sum = quantized.reduce(0.0) { $0 + Double(abs($1)) } * largest(population.terms[p].source)
                switch join {
                case .add: added = sum
                case .leftShift(let shift): added = sum * Double(1 << shift)
                case .multiplier(let multipliers, let shift): added = sum * Double(abs(multipliers[row])) / exp2(Double(shift)) + 1
                }
                bounds[row] += added
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
        let biases = (0..<count).map { population.bias[$0] * model.gain[$0] + model.drive[$0] }
        let room = Double(Int32.max)
        var bits = 12
        func fits(_ f: Int) -> Bool {
            (0..<count).allSatisfy { row in
                let scale = rowScales[row] * exp2(Double(f))
                let drive = bounds[row] * exp2(Double(f)) + abs(biases[row] * scale) + 1
                if drive > room { return false }
                if f == 0 { return true }
                // Where a current or a membrane without spikes adds up, in the long run or over a window, 30 bits hold it.
                let current = model.currentKeep.isEmpty ? 1 : min(window, 1 / (1 - model.currentKeep[row]))
                let membrane = model.fires ? 1 : min(window, 1 / (1 - model.keep[row]))
                if (model.fires && model.currentKeep.isEmpty ? 0 : drive * current * membrane) > exp2(30) - 1 { return false }
                return model.threshold.isEmpty || model.threshold[row] * scale <= exp2(20)
            }
        }
        while bits > 0, !fits(bits) { bits -= 1 }
        guard fits(bits), (0..<count).allSatisfy({ model.threshold.isEmpty || model.threshold[$0] * rowScales[$0] < exp2(30) - 1 }) else {
            throw CompileError("\(population.name): its sums or thresholds do not fit 32 bits; fewer weight bits help")
        }
        fractionBits = bits
        let scales = rowScales.map { $0 * exp2(Double(bits)) }
        self.scales = scales
        threshold = model.threshold.indices.map { Int((model.threshold[$0] * scales[$0]).rounded()) }
        bias = biases.indices.map { Int((biases[$0] * scales[$0]).rounded()) }
        matrices = made
        report = PopulationReport(
            name: population.name, neurons: count, leastScale: scales.min()!, greatestScale: scales.max()!, fractionBits: bits,
            matrices: reports)
    }
}

extension LinearMap {
    /// Rows; of a diagonal one its one element each, of a convolution with `place` positions the kernel of its channel.
    func rowList(place: Int) -> [[Double]] {
        switch self {
        case .diagonal(let values): return values.map { [$0] }
        case .dense(let rows, let columns, let values):
            return (0..<rows).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
        case .convolution(let map):
            let kernels = map.factors.indices.map(map.kernel)
            return (0..<rows).map { kernels[$0 / place] }
        }
    }
}
