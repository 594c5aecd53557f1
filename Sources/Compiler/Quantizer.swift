import Foundation
import NIR

/// A population in integers: one grid per row, which all matrices that enter it join (docs/design.md).
///
/// Row i: U_int = U·G_i·2^f. A matrix on a grid of G_i / 2^s joins by a left shift s, on one of its own by a multiplier per
/// row.
struct QuantizedPopulation {
    struct Matrix {
        let term: Lowered.Term
        let bits: Int
        /// Row-major, the diagonal, the matrix that groups share, or the kernels of the output channels.
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
    /// Width of the state: 16 or 32.
    let stateBits: Int
    let fractionBits: Int
    var threshold: [Int]
    var bias: [Int]
    var report: PopulationReport

    /// The greatest magnitude that a state of this width holds.
    static func limit(ofState bits: Int) -> Double { bits == 16 ? 32767 : exp2(30) - 1 }
}

/// Makes integers of one population.
struct PopulationQuantizer {
    /// What a matrix reads.
    struct Source {
        let name: String
        /// For analog sources, the float value of one count of each element; nil for spikes.
        let units: [Double]?
        /// The greatest integer an element can have.
        let largest: Double
        /// Of analog sources, the mean of each element in the calibration log, in counts.
        let means: [Double]?
        /// The mean square of each, up to a common factor.
        let activity: [Double]?
        /// How the weights of a row round together; nil without a log, and where it is not known.
        let feedback: Feedback?
    }
    struct Settings {
        /// Per matrix.
        var weightBits: [Int]
        var grid: GridKind
        var state: StateBits
        var fractionBits: Int?
        /// Ticks until the network is reset.
        var window: Double
        /// Per neuron: how far the state reached in the calibration log, in units of the membrane; nil without one.
        var peaks: [Double]?
        /// How much further it may reach before it saturates.
        var margin = 1.0
        /// The greatest magnitude of a state, where not what its width holds.
        var stateLimit: Double?
        /// Of all rows of a population without spikes, where others count on it already; beyond, it saturates.
        var scale: Double?
    }

    private let population: Lowered.Population
    private let sources: [Source]
    private let settings: Settings
    private let grids: [WeightGrid]
    /// Per matrix, in units of the membrane and of a count: gain and units taken into the weights.
    private let maps: [LinearMap]
    private let rows: [Rows]
    /// Which neurons share a grid.
    private let sharing: Sharing
    private let biases: [Double]
    /// Greatest sum of each row of each matrix, in units of the membrane.
    private let sums: [[Double]]
    /// Per matrix and row, the weight that the grid's greatest integer stands for.
    private let reaches: [[Double]]
    /// Per neuron: how far the state has to reach, margin included; nil without a calibration log.
    private let stateReach: [Double]?
    /// How much a synaptic current, and a membrane without spikes, adds up in the long run or over a window.
    private let accumulation: [Double]

    private func limit(ofState bits: Int) -> Double { settings.stateLimit ?? QuantizedPopulation.limit(ofState: bits) }
    private var model: NeuronModel { population.neuron }
    private var count: Int { population.rowCount }
    private var accumulates: Bool { !model.hasRowGrids || !model.currentKeep.isEmpty }

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
        for case .convolution(let map) in maps { sharing.place = map.shape[1] * map.shape[2] }
        for case .block(let map) in maps { sharing.period = greatestCommonDivisor(sharing.period, map.rows) }
        let rows = maps.map(\.rowList)
        if rows.contains(where: { $0.list.joined().contains { !(abs($0) < 1e30) } }) {
            throw CompileError("\(population.name): has weights beyond 1e30")
        }
        for (grid, term) in zip(grids, population.terms) where grid.bits == 1 && term.map.hasZeros {
            throw CompileError("\(population.name): has weights of 0, which binary weights have not; use 2 bits")
        }
        (self.maps, self.rows, self.sharing) = (maps, rows, sharing)
        let grids = self.grids
        reaches = maps.indices.map { p in
            sharing.shared(PopulationQuantizer.reaches(rows[p], grids[p], settings.grid, maps[p], sources[p]), max)
        }
        stateReach = settings.peaks.map { $0.map { $0 * settings.margin } }
        let neuron = population.neuron
        biases = (0..<population.rowCount).map { population.bias[$0] * neuron.gain[$0] + neuron.drive[$0] }
        sums = zip(rows, sources).map { rows, source in
            rows.spread(rows.list.map { $0.reduce(0) { $0 + abs($1) } * source.largest })
        }
        accumulation = (0..<population.rowCount).map { neuron.accumulation($0, over: settings.window) }
    }

    func quantized() throws(CompileError) -> QuantizedPopulation {
        guard case .neurons = model.kind, settings.scale == nil else { return try quantized(stateBits: 32).population }
        if settings.state != .automatic { return try quantized(stateBits: settings.state.rawValue).population }
        if stateReach != nil, let narrow = try? quantized(stateBits: 16), narrow.isComfortable {
            return narrow.population
        }
        return try quantized(stateBits: 32).population
    }

    /// Comfortable: no matrix had to give up its grid for the state, and enough fraction bits are left.
    private func quantized(stateBits: Int) throws(CompileError) -> (
        population: QuantizedPopulation, isComfortable: Bool
    ) {
        let grid = rowGrid(stateBits: stateBits)
        var bounds = [Double](repeating: 0, count: count)
        var biases = self.biases
        var matrices: [QuantizedPopulation.Matrix] = []
        var reports: [PopulationReport.Matrix] = []
        for p in maps.indices {
            let (own, join) = try self.join(p, grid)
            let (weights, report) = integers(p, own)
            let added = zip(rows[p].spread(weights.map { $0.reduce(0.0) { $0 + Double(abs($1)) } }), 0..<count).map {
                sum, row in
                let bound = sum * sources[p].largest
                switch join {
                case .add: return bound
                case .leftShift(let shift): return bound * Double(1 << shift)
                case .multiplier(let multipliers, let shift):
                    return bound * Double(abs(multipliers[row])) / exp2(Double(shift)) + 1
                }
            }
            for row in 0..<count { bounds[row] += added[row] }
            // What rounding takes from the mean of an analog sum, the bias gives back.
            if let means = sources[p].means.map({ maps[p].met($0) }), grids[p].bits < 16 {
                let lost = rows[p].list.indices.map { i in
                    let scale = own[rows[p].first(i)]
                    return zip(zip(rows[p].list[i], weights[i]), means(i)).reduce(0) {
                        $0 + ($1.0.0 - Double($1.0.1) / scale) * $1.1
                    }
                }
                for (row, loss) in rows[p].spread(lost).enumerated() { biases[row] += loss }
            }
            matrices.append(
                .init(term: population.terms[p], bits: grids[p].bits, weights: weights.flatMap { $0 }, join: join))
            reports.append(report)
        }
        let fractionBits = try self.fractionBits(grid.scales, bounds, biases, stateBits: stateBits)
        let scales = grid.scales.map { $0 * exp2(Double(fractionBits)) }
        let limit = limit(ofState: stateBits)
        let report = PopulationReport(
            name: population.name, neurons: count, leastScale: scales.min()!, greatestScale: scales.max()!,
            fractionBits: fractionBits, stateBits: stateBits,
            peak: settings.peaks.map { zip($0, scales).map(*).max()! / limit }, matrices: reports)
        let made = QuantizedPopulation(
            matrices: matrices, scales: scales,
            greatest: (0..<count).map { bounds[$0] / grid.scales[$0] + abs(biases[$0]) }.max() ?? 0,
            stateBits: stateBits, fractionBits: fractionBits,
            threshold: model.threshold.indices.map { Int((model.threshold[$0] * scales[$0]).rounded()) },
            bias: biases.indices.map { Int((biases[$0] * scales[$0]).rounded()) }, report: report)
        return (made, grid.isOwn && fractionBits >= StateBits.leastFraction)
    }

    // MARK: Grids

    private struct RowGrid {
        /// G_i.
        let scales: [Double]
        /// Per matrix: whether its grid is G_i / 2^(headroom − finer).
        let leads: [Bool]
        let finer: [Int]
        let headroom: Int
        /// Whether leading matrices lie on it as they would on a grid of their own, and so join by a shift.
        let isOwn: Bool
    }

    /// The row's grid, by the widest of the leading matrices; one grid for all rows where membranes are compared.
    private func rowGrid(stateBits: Int) -> RowGrid {
        var leads = leading
        var widest = (0..<count).map { row in maps.indices.filter { leads[$0] }.map { reaches[$0][row] }.max() ?? 0 }
        if !model.hasRowGrids { widest = Array(repeating: widest.max() ?? 0, count: count) }
        widest = widest.map { $0 > 0 ? $0 : 1 }
        // How much finer each leading matrix may be than that, in powers of two; one that wants more has a grid of its own.
        let rooms = maps.indices.map { p in
            (0..<count).filter { reaches[p][$0] > 0 }.map { widest[$0] / reaches[p][$0] }.min() ?? 1
        }
        leads = leads.indices.map { leads[$0] && rooms[$0] <= 256 }
        let finer = maps.indices.map { p in
            leads[p] && model.hasRowGrids ? max(0, Int(log2(rooms[p] * 1.0000001).rounded(.down))) : 0
        }
        let first = leads.firstIndex(of: true)
        let own = widest.map { (first.map { Double(grids[$0].limit) } ?? 1) / $0 }
        var headroom = maps.indices.filter { leads[$0] }.map { finer[$0] }.max() ?? 0
        if isMixed || stateReach != nil {
            // Sums on other grids are rounded to this one: to a sixteenth of their steps.
            for p in maps.indices where !leads[p] {
                let ratio =
                    (0..<count).filter { reaches[p][$0] > 0 }.map { Double(grids[p].limit) / reaches[p][$0] / own[$0] }
                    .max() ?? 0
                headroom = max(headroom, min(12, Int(log2(max(1, 16 * ratio)).rounded(.up))))
            }
        }
        let wanted = own.map { $0 * Double(1 << headroom) }
        var scales = (0..<count).map { min(wanted[$0], greatestScale($0, stateBits: stateBits)) }
        scales = sharing.shared(scales, min)
        if !model.hasRowGrids { scales = Array(repeating: scales.min()!, count: count) }
        if let scale = settings.scale { scales = scales.map { _ in scale } }
        return RowGrid(scales: scales, leads: leads, finer: finer, headroom: headroom, isOwn: scales == wanted)
    }

    /// Whether matrices have grids of their own: of different widths, or of few steps and fitted to a calibration log.
    private var isMixed: Bool {
        Set(settings.weightBits).count > 1
            || (maps.count > 1 && stateReach != nil && settings.weightBits.contains { $0 <= 4 })
    }

    /// Matrices that set the row's grid: from spikes, if there are any, of the greatest width.
    private var leading: [Bool] {
        let spiking = sources.map { $0.units == nil }
        let candidates = spiking.contains(true) ? spiking : spiking.map { _ in true }
        if !isMixed { return candidates }
        let widest = maps.indices.filter { candidates[$0] }.map { grids[$0].bits }.max()
        var leads = maps.indices.map { candidates[$0] && grids[$0].bits == widest }
        if stateReach != nil, let widest, widest <= 4, let first = leads.firstIndex(of: true) {
            leads = leads.indices.map { $0 == first }
        }
        return leads
    }

    /// Per row, the weight that the grid's greatest integer stands for.
    private static func reaches(_ rows: Rows, _ grid: WeightGrid, _ kind: GridKind, _ map: LinearMap, _ source: Source)
        -> [Double]
    {
        let activity = source.activity.map { map.met($0) }
        func loss(_ i: Int, _ reach: Double) -> Double {
            if let feedback = source.feedback {
                return feedback.rounded(rows.list[i], grid, scale: Double(grid.limit) / reach).loss
            }
            return grid.loss(rows.list[i], activity: activity!(i), reach: reach)
        }
        if kind == .row {
            return rows.spread(
                rows.list.indices.map { i in grid.reach(rows.list[i], loss: activity == nil ? nil : { loss(i, $0) }) })
        }
        let shared = grid.reach(
            Array(rows.list.joined()),
            loss: activity == nil ? nil : { reach in rows.list.indices.reduce(0) { $0 + loss($1, reach) } })
        return rows.spread(rows.list.map { _ in shared })
    }

    /// The finest grid of a row on which sums, thresholds and what adds up fit; matrices keep their own.
    private func greatestScale(_ row: Int, stateBits: Int) -> Double {
        let (isNarrow, state) = (stateBits == 16, limit(ofState: stateBits))
        let sum = maps.indices.reduce(0) { $0 + sums[$1][row] } + abs(biases[row])
        let isBounded = accumulates && (!isNarrow || !model.fires) && (!isNarrow || stateReach == nil)
        var limit = sum > 0 ? exp2(29) / sum : Double.infinity
        if sum > 0 && isBounded { limit = (state + 1) / 2 / sum / (accumulation[row] * 2) }
        if let stateReach, stateReach[row] > 0 { limit = min(limit, state / stateReach[row]) }
        if model.fires && model.threshold[row] > 0 {
            let bits = !isNarrow ? 24.0 : stateReach == nil ? 12 : 14
            limit = min(limit, exp2(bits) / model.threshold[row])
        }
        return limit
    }

    /// A matrix's grid per row, and how it joins the row's.
    private func join(_ p: Int, _ grid: RowGrid) throws(CompileError) -> (own: [Double], QuantizedPopulation.Join) {
        if grid.leads[p] && grid.isOwn {
            let shift = grid.headroom - grid.finer[p]
            return (grid.scales.map { $0 / Double(1 << shift) }, shift == 0 ? .add : .leftShift(shift))
        }
        // A row of zeros has any grid; none may make sums that 32 bits do not hold.
        let own = (0..<count).map { row in
            let own = reaches[p][row] > 0 ? Double(grids[p].limit) / reaches[p][row] : grid.scales[row]
            return sums[p][row] > 0 ? min(own, exp2(30) / sums[p][row]) : own
        }
        let ratios = zip(grid.scales, own).map { $0 / $1 }
        let greatest = ratios.max()!
        guard greatest < exp2(30), ratios.allSatisfy(\.isFinite) else {
            throw CompileError("\(population.name): its inputs differ in weight by more than 2^30 to 1")
        }
        let shift = max(0, min(47, 24 - Int(log2(max(greatest, 1e-9)).rounded(.up))))
        return (own, .multiplier(ratios.map { Int(($0 * exp2(Double(shift))).rounded()) }, shift: shift))
    }

    // MARK: Integers

    private func integers(_ p: Int, _ own: [Double]) -> (weights: [[Int]], PopulationReport.Matrix) {
        let (grid, list) = (grids[p], rows[p].list)
        let feedback = grid.bits < 16 ? sources[p].feedback : nil
        var (signal, noise, clippedCount) = (0.0, 0.0, 0)
        var (sumSignal, sumNoise) = (0.0, 0.0)
        let weights = list.indices.map { i -> [Int] in
            let scale = own[rows[p].first(i)]
            let quantized =
                feedback?.rounded(list[i], grid, scale: scale).integers
                ?? list[i].map { grid.integer($0, scale: scale) }
            if let feedback {
                sumSignal += feedback.power(list[i])
                sumNoise += feedback.power(zip(list[i], quantized).map { $0 - Double($1) / scale })
            }
            for (w, q) in zip(list[i], quantized) {
                signal += w * w
                noise += (w - Double(q) / scale) * (w - Double(q) / scale)
                clippedCount += abs(w) * scale > Double(grid.limit) + 0.5 ? 1 : 0
            }
            return quantized
        }
        let weightCount = weights.reduce(0) { $0 + $1.count }
        let report = PopulationReport.Matrix(
            from: sources[p].name, rows: maps[p].rows, columns: maps[p].columns, weights: weightCount, bits: grid.bits,
            signalToNoise: noise == 0 ? nil : 10 * log10(signal / noise),
            sumSignalToNoise: feedback == nil || sumNoise == 0 ? nil : 10 * log10(sumSignal / sumNoise),
            clipped: Double(clippedCount) / Double(weightCount))
        return (weights, report)
    }

    /// As many as sums and thresholds leave room for, 12 at most, or those asked for.
    private func fractionBits(_ scales: [Double], _ bounds: [Double], _ biases: [Double], stateBits: Int)
        throws(CompileError) -> Int
    {
        let limit = limit(ofState: stateBits)
        func drive(_ row: Int, _ f: Int) -> Double {
            bounds[row] * exp2(Double(f)) + abs(biases[row] * scales[row] * exp2(Double(f))) + 1
        }
        func threshold(_ row: Int, _ f: Int) -> Double {
            model.fires ? model.threshold[row] * scales[row] * exp2(Double(f)) : 0
        }
        /// Proved: no sum overflows, no threshold is out of reach.
        func isProved(_ f: Int) -> Bool {
            (0..<count).allSatisfy { drive($0, f) <= Double(Int32.max) && threshold($0, f) < limit }
        }
        /// Membranes do not saturate: by calibration, or by bounds; thresholds of 20 bits (of 12 in 16) leave them a
        /// thousandfold (an eightfold) on either side.
        func isRoomy(_ f: Int) -> Bool {
            (0..<count).allSatisfy { row in
                if let stateReach { return stateReach[row] * scales[row] * exp2(Double(f)) <= limit }
                if accumulates && (stateBits == 32 || !model.fires) && drive(row, f) * accumulation[row] > limit {
                    return false
                }
                return threshold(row, f) <= exp2(stateBits == 32 ? 20 : 12)
            }
        }
        guard isProved(0) else {
            let row = (0..<count).first { drive($0, 0) > Double(Int32.max) || threshold($0, 0) >= limit }!
            throw CompileError(
                "\(population.name): the sums or the threshold of neuron \(row) do not fit 32 bits; fewer weight or input bits help"
            )
        }
        if let asked = settings.fractionBits {
            guard isProved(asked) else {
                let most = (0...15).last(where: isProved)!
                throw CompileError(
                    "\(population.name): \(asked) fraction bits, where its sums and thresholds leave room for \(most)")
            }
            return asked
        }
        return model.isActivation || settings.scale != nil ? 0 : (1...12).last { isProved($0) && isRoomy($0) } ?? 0
    }
}

/// Which neurons share a grid: those of a channel, side by side, where a convolution enters; those of all groups where a block
/// does.
private struct Sharing {
    var place = 1
    var period = 0

    func shared(_ values: [Double], _ choose: (Double, Double) -> Double) -> [Double] {
        func group(_ row: Int) -> Int { period > 0 ? row % period : row / place }
        var chosen: [Double] = []
        for (row, value) in values.enumerated() {
            if group(row) == chosen.count {
                chosen.append(value)
            } else {
                chosen[group(row)] = choose(chosen[group(row)], value)
            }
        }
        return values.indices.map { chosen[group($0)] }
    }
}

/// The rows of a map that are stored, and which of them neurons have in common: the positions of a channel, or the groups of a
/// block.
struct Rows {
    let list: [[Double]]
    /// Neurons of each, side by side.
    var share = 1
    /// Times that the list is repeated.
    var repeats = 1

    /// The first neuron of a stored row.
    func first(_ stored: Int) -> Int { stored * share }

    /// One value per stored row, for every neuron.
    func spread<Value>(_ values: [Value]) -> [Value] {
        if share * repeats == 1 { return values }
        return (0..<repeats).flatMap { _ in values.flatMap { Array(repeating: $0, count: share) } }
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

    /// Of a diagonal the one element each, of a block those of its matrix, of a convolution the kernel of each channel.
    var rowList: Rows {
        func cut(_ values: [Double], _ columns: Int) -> [[Double]] {
            stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
        }
        switch self {
        case .diagonal(let values): return Rows(list: cut(values, 1))
        case .dense(_, let columns, let values): return Rows(list: cut(values, columns))
        case .block(let map): return Rows(list: cut(map.values, map.columns), repeats: map.groupCount)
        case .convolution(let map):
            return Rows(list: map.factors.indices.map(map.kernel), share: map.shape[1] * map.shape[2])
        }
    }

    /// Means, or mean squares, of what the weights of a stored row are multiplied by, from those of the source's elements.
    func met(_ source: [Double]) -> ((Int) -> [Double]) {
        switch self {
        case .diagonal: return { [source[$0]] }
        case .dense: return { _ in source }
        case .block(let map):
            let means = (0..<map.columns).map { column in
                (0..<map.groupCount).reduce(0) { $0 + source[$1 * map.columns + column] } / Double(map.groupCount)
            }
            return { _ in means }
        case .convolution(let map):
            // Every element of a kernel meets (nearly) every position of its channel.
            let (shape, places) = (map.convolution.weight.shape, map.from[1] * map.from[2])
            let means = (0..<map.from[0]).map { source[$0 * places..<($0 + 1) * places].reduce(0, +) / Double(places) }
            let perGroup = map.to[0] / map.convolution.groups
            return { channel in
                (0..<shape[1]).flatMap {
                    Array(repeating: means[channel / perGroup * shape[1] + $0], count: shape[2] * shape[3])
                }
            }
        }
    }
}

func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
