import Glibc
import NIR

/// A row grid is what the sums of each row are counted in, and how the matrices lie on it.
struct RowGrid {
    /// G_i.
    let scales: [Double]
    /// Matrices whose grid is G_i / 2^(headroom − finer).
    let leads: [Bool]
    let finer: [Int]
    let headroom: Int
    /// Leading matrices lie on it as they would on a grid of their own, and so join by a shift.
    let isOwn: Bool
}

extension PopulationQuantizer {
    /// The row's grid, by the widest of the leading matrices; one grid for all rows where membranes are compared.
    func rowGrid(stateBits: Int) -> RowGrid {
        var leads = leading
        var widest = (0..<count).map { row in maps.indices.filter { leads[$0] }.map { reaches[$0][row] }.max() ?? 0 }
        if !model.hasRowGrids { widest = Array(repeating: widest.max() ?? 0, count: count) }
        widest = widest.map { $0 > 0 ? $0 : 1 }
        // How much finer each leading matrix may be than that, in powers of two; one that wants more has a grid of its own.
        let rooms = maps.indices.map { matrix in
            (0..<count).filter { reaches[matrix][$0] > 0 }.map { widest[$0] / reaches[matrix][$0] }.min() ?? 1
        }
        leads = leads.indices.map { leads[$0] && rooms[$0] <= 256 }
        let finer = maps.indices.map { matrix in
            leads[matrix] && model.hasRowGrids ? max(0, Int(log2(rooms[matrix] * 1.0000001).rounded(.down))) : 0
        }
        let first = leads.firstIndex(of: true)
        let own = widest.map { (first.map { Double(grids[$0].limit) } ?? 1) / $0 }
        var headroom = maps.indices.filter { leads[$0] }.map { finer[$0] }.max() ?? 0
        if isMixed || stateReach != nil {
            // Sums on other grids are rounded to this one: to a sixteenth of their steps.
            for matrix in maps.indices where !leads[matrix] {
                let ratio =
                    (0..<count).filter { reaches[matrix][$0] > 0 }.map {
                        Double(grids[matrix].limit) / reaches[matrix][$0] / own[$0]
                    }
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

    /// Matrices have grids of their own: of different widths, or of few steps and fitted to a calibration log.
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

    /// The weight that the grid's greatest integer stands for, per row.
    static func reaches(_ rows: StoredRows, _ grid: WeightGrid, _ kind: GridKind, _ map: LinearMap, _ source: Source)
        -> [Double]
    {
        let activity = source.activity.map { map.sourceMeans($0) }
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
        if model.fires && model.greatestThreshold(row) > 0 {
            let bits = !isNarrow ? 24.0 : stateReach == nil ? 12 : 14
            limit = min(limit, exp2(bits) / model.greatestThreshold(row))
        }
        return limit
    }

    /// A matrix's grid per row, and how it joins the row's.
    func join(_ matrix: Int, _ grid: RowGrid) throws(CompileError) -> (own: [Double], QuantizedPopulation.Join) {
        if grid.leads[matrix] && grid.isOwn {
            let shift = grid.headroom - grid.finer[matrix]
            return (grid.scales.map { $0 / Double(1 << shift) }, shift == 0 ? .add : .leftShift(shift))
        }
        // A row of zeros has any grid; none may make sums that 32 bits do not hold.
        let own = (0..<count).map { row in
            let own = reaches[matrix][row] > 0 ? Double(grids[matrix].limit) / reaches[matrix][row] : grid.scales[row]
            return sums[matrix][row] > 0 ? min(own, exp2(30) / sums[matrix][row]) : own
        }
        let ratios = zip(grid.scales, own).map { $0 / $1 }
        let greatest = ratios.max()!
        guard greatest < exp2(30), ratios.allSatisfy(\.isFinite) else {
            throw CompileError("\(population.name): its inputs differ in weight by more than 2^30 to 1")
        }
        let shift = max(0, min(47, 24 - Int(log2(max(greatest, 1e-9)).rounded(.up))))
        return (own, .multiplier(ratios.map { Int(($0 * exp2(Double(shift))).rounded()) }, shift: shift))
    }
}
