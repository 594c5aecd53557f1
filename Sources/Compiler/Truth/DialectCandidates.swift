import NIR

/// A candidate is one way to read what a file leaves open.
public struct DialectCandidate: Sendable {
    public let dialect: Dialect
    /// Seconds per tick.
    public let dt: Double
    /// Traits in which it departs from what its dialect's name stands for.
    let departures: Int

    /// As the command line spells it.
    public var options: String {
        let named = Dialect.named(dialect.name)!
        var words = ["--dialect \(dialect.name)"]
        if dialect.reset != named.reset { words.append("--reset \(dialect.reset.rawValue)") }
        if dialect.resetDelay != named.resetDelay { words.append("--reset-delay \(dialect.resetDelay.rawValue)") }
        if dialect.firesAtThreshold != named.firesAtThreshold {
            words.append("--comparison \(dialect.firesAtThreshold ? "greater_or_equal" : "greater")")
        }
        if dialect.spikeBits != named.spikeBits { words.append("--spike-bits \(dialect.spikeBits)") }
        return (words + ["--dt \(dt)"]).joined(separator: " ")
    }
}

extension DialectCandidate {
    /// What is already settled, and is not searched.
    public struct Settled: Sendable {
        /// The dialect's name.
        public var dialect: String?
        /// What the command line says of all neurons.
        public var line: Dialect.Traits
        /// Seconds per tick.
        public var dt: Double?

        public init(dialect: String? = nil, line: Dialect.Traits = .init(), dt: Double? = nil) {
            (self.dialect, self.line, self.dt) = (dialect, line, dt)
        }
    }

    /// Every way to read a graph that differs from the others in the numbers that its neurons run with, the plainest first.
    static func all(_ graph: Graph, _ schedule: Schedule, _ settled: Settled) -> [DialectCandidate] {
        var (candidates, known): ([DialectCandidate], Set<Numbers>) = ([], [])
        let resets = settled.line.reset ?? graph.settings.traits.reset
        let delays = settled.line.resetDelay ?? graph.settings.traits.resetDelay
        let bits = settled.line.spikeBits ?? graph.settings.traits.spikeBits
        var all: [DialectCandidate] = []
        for base in Dialect.all where settled.dialect == nil || base.name == settled.dialect {
            for reset in resets.map({ [$0] }) ?? DialectCandidate.resets(of: base) {
                for delay in delays.map({ [$0] }) ?? [.same, .next] {
                    for width in bits.map({ [$0] }) ?? Array(Set([base.spikeBits, 1])).sorted() {
                        var dialect = base
                        // The dialect's own delay may be another for neurons with currents.
                        let isOwn = delay == base.resetDelay
                        dialect.set(
                            Dialect.Traits(reset: reset, resetDelay: isOwn ? nil : delay, spikeBits: width))
                        dialect = dialect.settled(by: graph.settings, line: settled.line)
                        let departures =
                            (reset == base.reset ? 0 : 1) + (delay == base.resetDelay ? 0 : 1)
                            + (width == base.spikeBits ? 0 : 1)
                        for (number, dt) in steps(graph, dialect, settled).enumerated() {
                            all.append(
                                DialectCandidate(
                                    dialect: dialect, dt: dt, departures: departures + (number == 0 ? 0 : 1)))
                        }
                    }
                }
            }
        }
        let likely = Set(graph.resemblances.map(\.dialect))
        func rank(_ candidate: DialectCandidate, _ number: Int) -> (Int, Int, Int) {
            (candidate.departures, likely.contains(candidate.dialect.name) ? 0 : 1, number)
        }
        for candidate in all.enumerated().sorted(by: { rank($0.1, $0.0) < rank($1.1, $1.0) }).map(\.1) {
            if let numbers = Numbers(graph, schedule, candidate), known.insert(numbers).inserted {
                candidates.append(candidate)
            }
        }
        return candidates
    }

    private static func resets(of dialect: Dialect) -> [Dialect.Reset] {
        dialect.reset == .inside ? [.inside] : [.subtract, .zero, .never]
    }

    private static func steps(_ graph: Graph, _ dialect: Dialect, _ settled: Settled) -> [Double] {
        if let dt = settled.dt ?? graph.settings.dt { return [dt] }
        var steps = graph.timeStep(in: dialect).map { [$0] } ?? []
        for dt in [1e-4, 1e-3, 1] where !steps.contains(dt) { steps.append(dt) }
        return steps
    }
}

/// The numbers that a graph's neurons run with: two candidates of equal numbers are one.
private struct Numbers: Hashable {
    private var values: [Double] = []

    /// Nil for what cannot be run: parameters that a dialect has no room for, time constants shorter than a tick.
    init?(_ graph: Graph, _ schedule: Schedule, _ candidate: DialectCandidate) {
        let (dialect, dt) = (candidate.dialect, candidate.dt)
        func code(_ flag: Bool) -> Double { flag ? 1 : 0 }
        values.append(Double(dialect.inputDelay))
        for name in schedule.order {
            switch graph.nodes[name]! {
            case .delay(let times):
                guard let ticks = times.ticks(of: dt) else { return nil }
                values += ticks.map { Double($0) }
            case .neuron(let neuron):
                let own = dialect.of(name)
                let count = schedule.shapes[name]!.reduce(1, *)
                guard let neurons = try? own.neurons(neuron, count: count, dt: dt, file: "", name: name),
                    neurons.allSatisfy({ $0.keep >= 0 && $0.currentKeep >= 0 })
                else { return nil }
                for one in neurons {
                    values += [one.keep, one.gain, one.drive, one.unit, one.currentKeep, one.currentGain]
                }
                if !neuron.kind.fires { continue }
                values += [
                    Double(Dialect.Reset.allCases.firstIndex(of: own.reset)!), code(own.firesAtThreshold),
                    code(own.resetDelay(of: neuron.kind) == .next && own.reset != .never), Double(own.spikeBits),
                    code(own.pauses(neuron.kind)), code(own.holdsBackAfterSubtraction && own.reset == .subtract),
                    code(own.startsAtLeak),
                ]
            default: break
            }
        }
    }
}
