/// A rounding choice says which of two ways to make integers a calibration log speaks for: weights and states fitted to the log, or
/// rounded to nearest as without one. The fitted have to lose clearly less on either half of the windows: less is luck.
public struct RoundingChoice: Encodable, Sendable {
    /// Losses on all windows, as the planner counts them.
    public let fittedLoss: Double
    public let nearestLoss: Double
    public let isFitted: Bool

    /// What is fitted loses half as much at most on each part of a log.
    static func speaksForFitted(_ fitted: [Score], nearest: [Score]) -> Bool {
        zip(fitted, nearest).allSatisfy { $0.loss <= 0.5 * $1.loss }
    }
}

extension Calibration {
    /// The way to round that the log speaks for.
    ///
    /// - Parameters:
    ///   - options: with this calibration and `fitsRounding`.
    ///   - compile: makes a model of options.
    public func chooseRounding(
        _ options: CompileOptions, _ compile: (CompileOptions) throws -> Compiled
    ) throws -> RoundingChoice {
        var nearest = options
        nearest.fitsRounding = false
        let halves = halves
        func scores(_ options: CompileOptions) throws -> [Score] {
            let player = try Player(try compile(options).bytes)
            return [halves.first, halves.second].filter { !$0.isEmpty }.map { Score(player, self, $0) }
        }
        let (fitted, plain) = (try scores(options), try scores(nearest))
        func loss(_ scores: [Score]) -> Double { scores.dropFirst().reduce(scores[0], +).loss }
        return RoundingChoice(
            fittedLoss: loss(fitted), nearestLoss: loss(plain),
            isFitted: RoundingChoice.speaksForFitted(fitted, nearest: plain))
    }
}
