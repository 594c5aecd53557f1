/// Width and grid of weights.
struct WeightGrid {
    /// 1, 2, 4, 8 or 16.
    let bits: Int

    /// Largest magnitude.
    var limit: Int { bits <= 2 ? 1 : 1 << (bits - 1) - 1 }

    /// The weight that `limit` stands for in a row.
    ///
    /// - Parameter activity: mean square of what each weight is multiplied by. With it, the reach of the least squared error
    ///   of the sums; without, the row's greatest weight, or, for one step on each side, the mean of those worth keeping.
    func reach(_ row: [Double], activity: [Double]? = nil) -> Double {
        guard let greatest = row.lazy.map(abs).max(), greatest > 1e-100 else { return 0 }
        if bits > 2, let exact = exactReach(row, greatest) { return exact }
        let plain = bits > 2 ? greatest : meanReach(row)
        guard let activity, bits < 16 else { return plain }
        return leastSquaresReach(row, activity, among: [plain] + ladder(from: greatest))
    }

    /// All weights for binary; for ternary those above 0.7 of the mean magnitude.
    private func meanReach(_ row: [Double]) -> Double {
        let magnitudes = row.map(abs).filter { $0 > 0 }
        let mean = magnitudes.reduce(0, +) / Double(bits == 1 ? row.count : magnitudes.count)
        if bits == 1 { return mean }
        let kept = magnitudes.filter { $0 > 0.7 * mean }
        return kept.reduce(0, +) / Double(kept.count)
    }

    /// Reaches worth trying: clipping pays the more the fewer steps there are.
    private func ladder(from greatest: Double) -> [Double] {
        let least = bits == 8 ? 0.6 : bits == 4 ? 0.3 : 0.08
        var (ladder, reach) = ([Double](), greatest)
        while reach > least * greatest {
            ladder.append(reach)
            reach *= 0.96
        }
        return ladder
    }

    private func leastSquaresReach(_ row: [Double], _ activity: [Double], among reaches: [Double]) -> Double {
        // What has not been seen may come: a hundredth of the mean.
        let floor = 0.01 * activity.reduce(0, +) / Double(activity.count)
        var best = (reach: reaches[0], error: Double.infinity)
        for reach in reaches {
            let (scale, step, limit) = (Double(self.limit) / reach, reach / Double(self.limit), Double(self.limit))
            var error = 0.0
            for (weight, square) in zip(row, activity) {
                let steps = bits == 1 ? (weight < 0 ? -1 : 1) : max(-limit, min(limit, (weight * scale).rounded(.toNearestOrEven)))
                let miss = weight - steps * step
                error += (square + floor) * miss * miss
            }
            if error < best.error { best = (reach, error) }
        }
        return best.reach
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
