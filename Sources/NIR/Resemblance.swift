import Glibc

extension Graph {
    /// A framework whose exporter writes time constants and resistances as a file has them.
    public struct Resemblance: Equatable, Sendable {
        public let framework: String
        /// The dialect of its exporter's files.
        public let dialect: String
        /// What of the file speaks for it.
        public let reason: String
    }

    /// The frameworks whose exporters' patterns the neurons show: guesses, for a user who knows what wrote the file.
    public var resemblances: [Resemblance] {
        var pairs: [(tau: Double, r: Double)] = []
        var resistances: [Double] = []
        for case .neuron(let neuron) in nodes.values {
            if let tau = neuron.tau {
                pairs += zip(tau.values, neuron.resistance.values).map { ($0, $1) }
            } else {
                resistances += neuron.resistance.values
            }
        }
        func near(_ value: Double, _ wanted: Double) -> Bool { abs(value - wanted) <= 1e-4 * abs(wanted) }
        func all(_ holds: ((tau: Double, r: Double)) -> Bool) -> Bool { !pairs.isEmpty && pairs.allSatisfy(holds) }
        var found: [Resemblance] = []
        func add(_ framework: String, _ dialect: String, _ reason: String) {
            found.append(Resemblance(framework: framework, dialect: dialect, reason: reason))
        }
        if all({ near($0.tau / $0.r, 1e-4) }) {
            add("snnTorch", "snntorch-export", "tau/R is 1e-4 s throughout")
            add("SpikingJelly with decay_input=False", "spikingjelly-export", "tau/R is 1e-4 s throughout")
        }
        if all({ $0.r == 1 && $0.tau > 0.1 })
            || pairs.isEmpty && !resistances.isEmpty && resistances.allSatisfy({ $0 == 1 })
        {
            add(
                "Sinabs", "sinabs-export",
                "R is 1 and tau counts ticks; with norm_input=False sinabs-export-unnormalized")
        }
        if all({ $0.r == 1 && $0.tau < 1e-2 }) {
            add("Norse", "norse-export", "R is 1 and tau is short")
            add("SpikingJelly", "spikingjelly-export", "R is 1 and tau is short")
        }
        if all({ $0.r < 1 && $0.tau > 1 && near($0.r, 1 - 1 / $0.tau) }) {
            add("Spyx", "spyx-export", "R is 1 - 1/tau")
        }
        if !resistances.isEmpty && resistances.allSatisfy({ near($0, 1e4) }) {
            add("SpikingJelly", "spikingjelly-export", "R of the IF nodes is 1e4")
        }
        if let rockpool = Dialect.named("rockpool-export"), all({ $0.r != 1 && !near($0.tau / $0.r, 1e-4) }),
            let dt = timeStep(in: rockpool), all({ near($0.r, exp(-dt / $0.tau) / (dt / $0.tau)) })
        {
            add("Rockpool", "rockpool-export", "R is e^(-k)/k for one k = dt/tau")
        }
        return found
    }

    /// True where a dialect makes a difference: there are neurons.
    public var hasNeurons: Bool {
        nodes.values.contains { if case .neuron = $0 { true } else { false } }
    }
}
