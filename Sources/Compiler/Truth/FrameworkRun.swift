import NIR

/// A framework run is the float reference on expected windows: what the Outputs show tick by tick, and how spikes compare.
struct FrameworkRun {
    private let fresh: FloatNetwork<Double>
    /// Nodes whose spikes are expected.
    private let watched: [String]

    /// - Throws: what the reference does not run in this dialect.
    init(_ graph: Graph, file: String, dialect: Dialect, dt: Double, _ expected: ExpectedOutputs) throws(NIRError) {
        let fresh = try FloatNetwork<Double>(graph, file: file, dialect: dialect, dt: dt)
        self.fresh = fresh
        // A dialect that reports spikes late shifts them layer by layer.
        watched = dialect.spikeDelay > 0 ? [] : expected.spikes.keys.filter { fresh.values[$0] != nil }.sorted()
    }

    /// One window: what the Outputs show per tick, and how the spikes of watched nodes differ.
    struct Window {
        var values: [[Double]] = []
        var membranes: [[Double]] = []
        /// Σ|given − expected| and Σ|expected| over watched nodes.
        var spikeDifference = 0.0
        var expectedSpikes = 0.0

        func scores(_ rule: ReadoutRule) -> [Double] { rule.scores(of: rule == .membrane ? membranes : values) }
    }

    func window(_ number: Int, of expected: ExpectedOutputs) -> Window {
        var (run, window) = (fresh, Window())
        let (frames, size) = (expected.input[number], expected.input[number].count / expected.tickCount)
        for tick in 0..<expected.tickCount {
            run.tick(Array(frames[tick * size..<(tick + 1) * size]))
            window.values.append(run.shownValues)
            window.membranes.append(run.shownMembranes)
            for node in watched {
                let (given, truth) = (run.values[node]!, expected.spikes[node]![number])
                for (i, value) in given.enumerated() {
                    let wanted = truth[tick * given.count + i]
                    window.spikeDifference += abs(value - wanted)
                    window.expectedSpikes += abs(wanted)
                }
            }
        }
        return window
    }
}

extension Agreement {
    /// The agreement of the float reference, under a reading of the file, with a framework on at most `limit` of its windows.
    ///
    /// - Throws: what the reference does not run.
    public init(
        ofReference graph: Graph, file: String, dialect: Dialect, dt: Double, _ readout: ReadoutRule,
        _ expected: ExpectedOutputs, limit: Int
    ) throws(NIRError) {
        let run = try FrameworkRun(graph, file: file, dialect: dialect, dt: dt, expected)
        let numbers = expected.spread(limit)
        let scores = numbers.map { run.window($0, of: expected).scores(readout) }
        self.init(scores, labels: scores.map(\.greatestIndex), expected, windows: numbers)
    }
}
