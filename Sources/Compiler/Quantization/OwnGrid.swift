import Glibc

/// A grid of its own is what weights lie on that were trained in few levels: fake-quantized ones, ternary ones. They stay exactly
/// what they are. Weights that a framework rounded to 32-bit floats are as near to their grid as such floats allow.
extension WeightGrid {
    /// Where all weights of a row are whole steps of one size, no more of them than the width holds, the weight that `limit`
    /// stands for on a grid that holds each of them; else nil. A width that goes one step further below zero holds that too.
    func exactReach(_ row: [Double], _ greatest: Double) -> Double? {
        // Rows of a thousand levels are told by Euclid's algorithm, others by trying; the fewest levels come first.
        let isLowest = bits > 2 && !row.contains { $0 > greatest * (1 - 0.5 / Double(limit + 1)) }
        let most = isLowest ? limit + 1 : limit
        for count in Array(1...min(most, 256)) + (most > 256 ? [levels(row, greatest)] : []) where count <= most {
            let step = greatest / Double(count)
            guard row.allSatisfy({ WeightGrid.isWhole($0 / step, levels: count) }) else { continue }
            // More levels than the width needs are of use to thresholds and biases.
            return Double(limit) * step / Double(max(1, limit / count))
        }
        return nil
    }

    /// Whole steps on each side, by the greatest common divisor of the row's weights; beyond any width where there is none.
    private func levels(_ row: [Double], _ greatest: Double) -> Int {
        var divisor = greatest
        for weight in row {
            var (a, b) = (divisor, abs(weight))
            while b > greatest * exp2(-17) { (a, b) = (b, abs(a - b * (a / b).rounded())) }
            divisor = a
        }
        return Int((greatest / divisor).rounded())
    }

    /// Whether a number of steps is whole: to the precision of 32-bit floats where `levels` of them leave no doubt.
    private static func isWhole(_ steps: Double, levels: Int) -> Bool {
        abs(steps - steps.rounded()) <= (levels <= 256 ? Double(levels) * exp2(-22) : 1e-6)
    }

    /// True where a weight of so many steps became exactly the integer that it was.
    func holds(_ steps: Double, _ integer: Double) -> Bool {
        abs(steps - integer) <= Double(limit + 1) * exp2(-22)
    }

    /// True for the one integer that two's complement has below `-limit`, where a weight lies on it.
    func isLastStepBelow(_ steps: Double) -> Bool {
        bits > 2 && steps.rounded() == Double(-limit - 1) && holds(steps, steps.rounded())
    }
}
