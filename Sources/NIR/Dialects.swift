extension Dialect {
    /// NAME is a framework's own step with its own defaults, on τ and R as NIR means them; NAME-export is for the files of its own
    /// exporter, whose τ, R, w_in and dt may mean something else. Those of
    /// frameworks come before what the project itself writes.
    public static let all: [Dialect] = [
        Dialect(name: "norse", step: .difference, reset: .zero, resetDelay: .same, startsAtLeak: true),
        // Its τ are multiplied by dt once more: dt is 1e-3 in both of its defaults.
        Dialect(
            name: "norse-export", step: .difference, reset: .zero, resetDelay: .same, synapse: .jump,
            startsAtLeak: true, clock: .fixed(1e-6)),
        Dialect(
            name: "snntorch", step: .unitInput, reset: .subtract, resetDelay: .next, losesInputAtReset: true,
            holdsBackAfterSubtraction: true),
        // What it writes reads as its own step: only dt is always 1e-4.
        Dialect(
            name: "snntorch-export", step: .unitInput, reset: .subtract, resetDelay: .next, losesInputAtReset: true,
            holdsBackAfterSubtraction: true, clock: .fixed(1e-4)),
        Dialect(
            name: "spyx", step: .euler, reset: .subtract, resetDelay: .next, currentResetDelay: .same, spikeDelay: 1),
        Dialect(
            name: "spyx-export", step: .sum, reset: .subtract, resetDelay: .next, synapse: .jump,
            currentResetDelay: .same, clock: .fixed(1),
            spikeDelay: 1),
        Dialect(
            name: "spikingjelly", step: .difference, reset: .zero, resetDelay: .same, firesAtThreshold: true,
            startsAtLeak: true),
        // Its IF nodes have R = 1/dt; with decay_input R is 1, which does not say dt.
        Dialect(
            name: "spikingjelly-export", step: .difference, reset: .zero, resetDelay: .same, firesAtThreshold: true,
            integratesSeconds: true, startsAtLeak: true, clock: .ratioOr(1e-4)),
        Dialect(name: "rockpool", step: .exponentialDecay, reset: .subtract, resetDelay: .same),
        Dialect(
            name: "rockpool-export", step: .exponentialSum, reset: .subtract, resetDelay: .same,
            synapse: .jumpThenDecay,
            firesAtThreshold: true, spikeBits: 4, clock: .decayedRatio),
        Dialect(name: "sinabs", step: .exponentialDecay, reset: .subtract, resetDelay: .same),
        Dialect(
            name: "sinabs-export", step: .exponential, reset: .subtract, resetDelay: .same, firesAtThreshold: true,
            spikeBits: 4,
            clock: .fixed(1)),
        Dialect(
            name: "sinabs-export-unnormalized", step: .exponentialSum, reset: .subtract, resetDelay: .same,
            firesAtThreshold: true,
            spikeBits: 4, clock: .fixed(1)),
        Dialect(name: "nengo", step: .exponentialInThresholds, reset: .zero, resetDelay: .same),
        Dialect(name: "spinnaker2", step: .euler, reset: .zero, resetDelay: .same),
        Dialect(name: "lava", step: .difference, reset: .zero, resetDelay: .same, inputDelay: 1),
        Dialect(name: "snnrt", step: .canonical, reset: .subtract, resetDelay: .next),
        Dialect(name: "exact", step: .exponential, reset: .inside, resetDelay: .same),
    ]

    /// Nil for a name that no dialect has.
    public static func named(_ name: String) -> Dialect? { all.first { $0.name == name } }
}
