import Glibc
import NIR

/// A dialect search finds the reading of a file that reproduces what a framework gave: dialect, resets, step and readout.
public struct DialectSearch {
    /// The reading that was taken, and how near it comes.
    public struct Finding: Sendable {
        public let candidate: DialectCandidate
        public let readout: ReadoutRule
        /// What is left between reference and framework (`Agreement`), or the share of labels that differ.
        public let distance: Double
        /// It was judged by scores, not by labels alone.
        public let isByScores: Bool
        /// The windows that it was judged by.
        public let windowCount: Int
        /// Readings that were tried, and those of them that give the same.
        public let tried: Int
        public let equals: [DialectCandidate]
    }

    /// The most distance at which a reading counts as reproducing: rounding in 32 bits moves a spike now and then.
    public static let tolerance = 0.02
    /// Windows that readings are judged by: by scores, and by labels alone, which say less.
    static let (windowsByScores, windowsByLabels) = (16, 256)
    /// Among hundreds of readings one may have the labels of a few windows by luck.
    static let leastWindowsByLabels = 32

    private let graph: Graph
    private let schedule: Schedule
    private let file: String
    private let expected: ExpectedOutputs
    private let readouts: [ReadoutRule]
    private let candidates: [DialectCandidate]

    /// - Parameters:
    ///   - expected: with input.
    ///   - readouts: those that may be taken, the plainest first.
    ///   - file: the graph's name, for messages.
    public init(
        _ graph: Graph, _ schedule: Schedule, file: String, _ expected: ExpectedOutputs,
        settled: DialectCandidate.Settled, readouts: [ReadoutRule]
    ) {
        (self.graph, self.schedule, self.file, self.expected) = (graph, schedule, file, expected)
        self.readouts = readouts
        candidates = DialectCandidate.all(graph, schedule, settled)
    }

    /// A search among the readouts of one reading.
    public init(
        _ graph: Graph, _ schedule: Schedule, file: String, _ expected: ExpectedOutputs, dialect: Dialect, dt: Double,
        readouts: [ReadoutRule]
    ) {
        (self.graph, self.schedule, self.file, self.expected) = (graph, schedule, file, expected)
        self.readouts = readouts
        candidates = [DialectCandidate(dialect: dialect, dt: dt, departures: 0)]
    }

    /// One candidate with what it gave so far.
    private struct Trial {
        let candidate: DialectCandidate
        let run: FrameworkRun
        var windows: [FrameworkRun.Window] = []
        var readout = ReadoutRule.sum
        var distance = Double.infinity
        /// |log| of the factor that brings the scores to the framework's: of readings that come equally near, sum and mean, the one is
        /// meant that needs none.
        var misfit = 0.0

        /// Distances nearer to one another than this differ by round-off: √(1 − …) is known to √ε.
        private static let roundOff = 1e-6

        func isNearer(than other: Trial) -> Bool {
            abs(distance - other.distance) < Trial.roundOff || distance == other.distance
                ? misfit < other.misfit - Trial.roundOff : distance < other.distance
        }
    }

    /// - Throws: that none reproduces what was expected, or that several which differ do; each with the nearest.
    public func run(progress: (String) -> Void = { _ in }) throws(CompileError) -> Finding {
        if expected.isOneLabel && expected.scores.isEmpty {
            throw CompileError("the expected labels are all the same, which tells no dialect from another")
        }
        if candidates.count > 1, expected.scores.joined().allSatisfy({ $0 == 0 }), !expected.scores.isEmpty {
            throw CompileError("the expected scores are all 0, which tells no dialect from another")
        }
        let fresh = candidates.compactMap { candidate in
            (try? FrameworkRun(graph, file: file, dialect: candidate.dialect, dt: candidate.dt, expected)).map {
                Trial(candidate: candidate, run: $0)
            }
        }
        var trials: [Trial] = []
        if !expected.scores.isEmpty {
            trials = fresh
            let numbers = loudestFirst(expected.spread(DialectSearch.windowsByScores))
            let stages = [(1, 0.7), (4, 0.3), (numbers.count, .infinity)]
            for (count, limit) in stages {
                advance(&trials, to: Array(numbers.prefix(count)), progress) { self.distance($0, $1, numbers) }
                trials.removeAll { $0.distance > limit }
            }
            if let finding = try choose(trials, numbers, byScores: true) { return finding }
        }
        // One score has no label.
        if expected.isOneScore { throw none(trials) }
        // Scores that no factor brings to the network's, a softmax's, have labels all the same.
        let numbers = expected.spread(DialectSearch.windowsByLabels)
        var nearest = fresh
        let probe = Array(numbers.enumerated().filter { $0.offset % 8 == 0 }.map(\.element))
        let order = probe + numbers.filter { !probe.contains($0) }
        for (count, limit) in [(min(32, order.count), 0.3), (order.count, .infinity)] {
            advance(&nearest, to: Array(order.prefix(count)), progress) { self.labelDistance($0, $1, order) }
            nearest.removeAll { $0.distance > limit }
        }
        if !expected.isOneLabel, order.count >= DialectSearch.leastWindowsByLabels,
            let finding = try choose(nearest, order, byScores: false)
        {
            return finding
        }
        throw none(nearest.isEmpty ? trials : nearest)
    }

    private func loudestFirst(_ numbers: [Int]) -> [Int] {
        func loudness(_ number: Int) -> Double { expected.scores[number].reduce(0) { $0 + $1 * $1 } }
        return numbers.sorted { loudness($0) > loudness($1) }
    }

    /// Plays windows that were not played yet, and judges by all of them.
    private func advance(
        _ trials: inout [Trial], to numbers: [Int], _ progress: (String) -> Void,
        by distance: ([FrameworkRun.Window], ReadoutRule) -> (distance: Double, misfit: Double)?
    ) {
        for i in trials.indices {
            progress("trying \(trials[i].candidate.options), \(i + 1) of \(trials.count)")
            for number in numbers.dropFirst(trials[i].windows.count) {
                trials[i].windows.append(trials[i].run.window(number, of: expected))
            }
            var best = trials[i]
            (best.distance, best.misfit) = (.infinity, 0)
            for rule in readouts {
                guard let found = distance(trials[i].windows, rule) else { continue }
                var trial = trials[i]
                (trial.readout, trial.distance, trial.misfit) = (rule, found.distance, found.misfit)
                if trial.isNearer(than: best) { best = trial }
            }
            trials[i] = best
        }
    }

    private func scores(_ windows: [FrameworkRun.Window], _ rule: ReadoutRule) -> [[Double]]? {
        let scores = windows.map { $0.scores(rule) }
        return scores.joined().allSatisfy(\.isFinite) ? scores : nil
    }

    private func distance(
        _ windows: [FrameworkRun.Window], _ rule: ReadoutRule, _ numbers: [Int]
    ) -> (distance: Double, misfit: Double)? {
        guard let given = scores(windows, rule) else { return nil }
        let ofScores = Agreement.fit(given, zip(numbers, given).map { expected.scores[$0.0] })
        let (difference, spikes) = windows.reduce((0.0, 0.0)) {
            ($0.0 + $1.spikeDifference, $0.1 + $1.expectedSpikes)
        }
        return (max(ofScores.distance, difference / max(1, spikes)), abs(log(ofScores.factor ?? 1)))
    }

    private func labelDistance(
        _ windows: [FrameworkRun.Window], _ rule: ReadoutRule, _ numbers: [Int]
    ) -> (distance: Double, misfit: Double)? {
        guard let given = scores(windows, rule) else { return nil }
        let wrong = zip(numbers, given).count { expected.labels[$0] != $1.greatestIndex }
        return (Double(wrong) / Double(given.count), 0)
    }

    /// The one that reproduces, with all that give the same; nil where none does.
    private func choose(
        _ trials: [Trial], _ numbers: [Int], byScores: Bool
    ) throws(CompileError) -> Finding? {
        let near = trials.filter { $0.distance <= DialectSearch.tolerance }
        guard let least = near.map(\.distance).min() else { return nil }
        // Candidates stand with the plainest first.
        let best = near.dropFirst().reduce(near[0]) { $1.isNearer(than: $0) ? $1 : $0 }
        let outputs = scores(best.windows, best.readout)!
        var (equals, rivals): ([DialectCandidate], [Trial]) = ([], [])
        for trial in near {
            let (factor, distance) = Agreement.fit(scores(trial.windows, trial.readout)!, outputs)
            if distance < 1e-6 {
                // What has the same labels, but other scores, is neither the same nor a rival.
                if !byScores || abs((factor ?? 1) - 1) < 1e-6 { equals.append(trial.candidate) }
            } else if trial.distance < max(3 * least, 1e-5) {
                rivals.append(trial)
            }
        }
        if let rival = rivals.first {
            throw CompileError(
                "\(options(best)) and \(options(rival)) give different outputs, and both come near what was expected (\(share(best.distance)) and \(share(rival.distance)) off); say which with --dialect, or expect more windows"
            )
        }
        if byScores, expected.isFlat,
            let other = equals.first(where: { $0.dialect.name != best.candidate.dialect.name })
        {
            throw CompileError(
                "the expected scores are all the same number, which \(options(best)) and \(other.options) give both; say which with --dialect, or expect windows that differ"
            )
        }
        let plainest = near.first { $0.candidate.options == equals[0].options }!
        return Finding(
            candidate: plainest.candidate, readout: plainest.readout, distance: plainest.distance,
            isByScores: byScores,
            windowCount: min(numbers.count, plainest.windows.count), tried: candidates.count,
            equals: Array(equals.dropFirst()))
    }

    private func none(_ trials: [Trial]) -> CompileError {
        let nearest = trials.sorted { $0.distance < $1.distance }.prefix(3).map {
            "\(options($0)) (\(share($0.distance)) off)"
        }
        let list = nearest.isEmpty ? "none came near" : "nearest: \(nearest.joined(separator: ", "))"
        let unit =
            expected.isOneScore
            ? " One score is compared as it stands: is it the network's own output, not scaled?" : ""
        return CompileError(
            "none of \(candidates.count) readings of the file gives what was expected; \(list). Do input and scores belong to this network, with dropout off and states fresh at each window?\(unit)"
        )
    }

    private func options(_ trial: Trial) -> String { "\(trial.candidate.options), readout \(trial.readout)" }

    private func share(_ distance: Double) -> String {
        let tenths = (distance * 1000).rounded() / 10
        return "\(tenths) %"
    }
}
