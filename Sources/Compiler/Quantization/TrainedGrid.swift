import Glibc
import NIR

extension CompileOptions {
    /// Takes on the integers that a network states it was trained with. What the user said goes before.
    ///
    /// - Parameters:
    ///   - keepsWeights: the user has given a width for all weights.
    ///   - keepsState: the user has given a width for all states.
    public mutating func adopt(_ grids: [String: StatedGrid], keepsWeights: Bool, keepsState: Bool) {
        for (name, grid) in grids {
            steps[name] = grid.steps
            if let bits = grid.weightBits, !keepsWeights && weights.exceptions[name] == nil {
                weights.exceptions[name] = bits
            }
            if let bits = grid.stateBits, !keepsState && state.exceptions[name] == nil {
                state.exceptions[name] = bits == 16 ? .narrow : .wide
            }
            if fractionBits[name] == nil { fractionBits[name] = grid.fractionBits }
        }
    }
}

extension PopulationQuantizer {
    /// The row's grid as the network states it: every matrix lies on it, or on one coarser by a power of two, by which its sums are
    /// shifted to the left. Nil where nothing is stated.
    ///
    /// - Throws: weights that do not lie on it.
    func statedGrid() throws(CompileError) -> RowGrid? {
        guard let stated = settings.steps else { return nil }
        guard stated.count == 1 || stated.count == count else {
            throw CompileError(
                "\(population.name): snnrt.step has \(stated.count) elements, expected one or \(count)")
        }
        let steps = stated.count == count ? stated : Array(repeating: stated[0], count: count)
        if sharing.shared(steps, min) != steps || (!model.hasRowGrids && Set(steps).count > 1) {
            throw CompileError(
                "\(population.name): its neurons share a grid, and snnrt.step has several; quantize it with grid=\"tensor\""
            )
        }
        let shifts = try maps.indices.map { (matrix) throws(CompileError) in try shift(of: matrix, on: steps) }
        let headroom = shifts.max() ?? 0
        return RowGrid(
            scales: steps.map { 1 / $0 }, leads: maps.map { _ in true }, finer: shifts.map { headroom - $0 },
            headroom: headroom, isOwn: true)
    }

    /// The least shift by which a matrix's weights fit their width, if they are whole then.
    private func shift(of matrix: Int, on steps: [Double]) throws(CompileError) -> Int {
        let (rows, grid) = (rows[matrix], grids[matrix])
        func inSteps(_ row: Int) -> [Double] { rows.list[row].map { $0 / steps[rows.first(row)] } }
        let all = rows.list.indices.map(inSteps)
        let reach = all.joined().reduce(0.0) { max($0, $1 < 0 ? -$1 / Double(-grid.lowest) : $1 / Double(grid.limit)) }
        let shift = reach > 1 ? Int(log2(reach * (1 - 1e-9)).rounded(.up)) : 0
        let scale = exp2(-Double(shift))
        let isHeld = all.joined().allSatisfy { steps in
            let integer = (steps * scale).rounded()
            return grid.holds(steps * scale, integer) && (grid.bits > 1 || integer != 0)
        }
        if shift <= 30 && isHeld { return shift }
        throw CompileError(
            "\(population.name): its weights from \(sources[matrix].name) do not lie on the grid of \(grid.bits) bits that its snnrt.step states; keep the network's own --weights and --count"
        )
    }
}

extension WeightGrid {
    /// The least integer.
    fileprivate var lowest: Int { bits > 2 ? -limit - 1 : -limit }
}
