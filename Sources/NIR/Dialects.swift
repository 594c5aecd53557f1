extension Dialect {
    /// One per framework as the NIR paper ran its files there, and NAME-export for the files of a framework's own exporter
    /// where those mean something else.
    public static let all: [Dialect] = [
        Dialect(name: "norse", step: .difference, reset: .zero, resetDelay: .same, startsAtLeak: true),
        // Its τ are multiplied by dt once more: dt is 1e-3 in both of its defaults.
        Dialect(
            name: "norse-export", step: .difference, reset: .zero, resetDelay: .same, synapse: .jump,
            startsAtLeak: true, clock: .fixed(1e-6)),
        Dialect(
            name: "snntorch", step: .unitInput, reset: .zero, resetDelay: .same, losesInputAtReset: true,
            holdsBackAfterSubtraction: true),
        Dialect(
            name: "spyx", step: .euler, reset: .subtract, resetDelay: .next, currentResetDelay: .same, spikeDelay: 1),
        Dialect(
            name: "spyx-export", step: .sum, reset: .subtract, resetDelay: .next, synapse: .jump,
            currentResetDelay: .same, clock: .fixed(1),
            spikeDelay: 1),
        Dialect(
            name: "spikingjelly", step: .difference, reset: .zero, resetDelay: .same, firesAtThreshold: true,
            integratesSeconds: true,
            startsAtLeak: true),
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
        // What snnrt's own writers make of a trained network; resets are said beside it.
        Dialect(name: "snnrt", step: .euler, reset: .subtract, resetDelay: .same),
        Dialect(name: "spinnaker2", step: .euler, reset: .zero, resetDelay: .same),
        Dialect(name: "lava", step: .difference, reset: .zero, resetDelay: .same, inputDelay: 1),
        Dialect(name: "exact", step: .exponential, reset: .inside, resetDelay: .same),
    ]

    /// Nil for a name that no dialect has.
    public static func named(_ name: String) -> Dialect? { all.first { $0.name == name } }
}
