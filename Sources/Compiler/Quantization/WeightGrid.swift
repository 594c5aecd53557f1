/// A weight grid is the width of weights and the integers that they can have.
struct WeightGrid {
    /// 1, 2, 4, 8 or 16.
    let bits: Int

    /// Largest magnitude.
    var limit: Int { bits <= 2 ? 1 : 1 << (bits - 1) - 1 }

    /// The weight that `limit` stands for in a row.
    ///
    /// - Parameter loss: of a reach, the squared error of the row's sums. With it, the reach of the least; without, the row's
    ///   greatest weight, or, for one step on each side, the mean of those worth keeping.
    func reach(_ row: [Double], loss: ((Double) -> Double)? = nil) -> Double {
        guard let greatest = row.lazy.map(abs).max(), greatest > 1e-100 else { return 0 }
        if bits > 2, let exact = exactReach(row, greatest) { return exact }
        let plain = bits > 2 ? greatest : meanReach(row)
        guard let loss, bits < 16 else { return plain }
        let losses = ([plain] + ladder(from: greatest)).map { (reach: $0, loss: loss($0)) }
        return losses.min { $0.loss < $1.loss }!.reach
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

    /// Squared error of a row's sums, of sources that have nothing to do with each other. `activity`: mean square of each.
    func loss(_ row: [Double], activity: [Double], reach: Double) -> Double {
        // What has not been seen may come: a hundredth of the mean.
        let floor = 0.01 * activity.reduce(0, +) / Double(activity.count)
        let (limit, scale, step) = (Double(self.limit), Double(self.limit) / reach, reach / Double(self.limit))
        var loss = 0.0
        for (weight, square) in zip(row, activity) {
            let steps =
                bits == 1 ? (weight < 0 ? -1 : 1) : max(-limit, min(limit, (weight * scale).rounded(.toNearestOrEven)))
            let miss = weight - steps * step
            loss += (square + floor) * miss * miss
        }
        return loss
    }

    func integer(_ weight: Double, scale: Double) -> Int {
        if bits == 1 { return weight < 0 ? -1 : 1 }
        let steps = weight * scale
        if isLastStepBelow(steps) { return -limit - 1 }
        return max(-limit, min(limit, Int(steps.rounded(.toNearestOrEven))))
    }
}
