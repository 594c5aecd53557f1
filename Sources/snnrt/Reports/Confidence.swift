import Compiler
import Glibc
import SNNRuntime

/// Confidence is how probable a result's label is, of a model whose metadata say what its scores are to be divided by: the softmax
/// of the scores at that divisor, of the label.
struct Confidence {
    static let key = "confidence.divisor"
    let divisor: Double

    /// Nil for a model whose scores are not known to be probabilities.
    init?(_ model: Model) {
        guard let divisor = model.metadataValue(Confidence.key).flatMap({ Double($0) }), divisor.isFinite, divisor > 0
        else { return nil }
        self.divisor = divisor
    }

    /// Above 0, 1 at most, in steps of 1/10,000: 1 / Σ exp((score − score of the label) / divisor). A label has the greatest score,
    /// so that no power is above 1 and the sum is at least 1.
    func callAsFunction(_ result: WindowResult) -> Double {
        let greatest = Double(result.scores[result.label])
        let sum = result.scores.reduce(0.0) { $0 + exp((Double($1) - greatest) / divisor) }
        return (10_000 / sum).rounded() / 10_000
    }
}
