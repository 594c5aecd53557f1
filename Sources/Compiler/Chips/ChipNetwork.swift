import SNNRuntime

/// A chip network is a network in a chip's integers. Populations hear each other's spikes, and on Loihi the input's, a tick late.
struct ChipNetwork {
    struct Term {
        /// A population's number, or nil for the input.
        let source: Int?
        let columns: Int
        /// Row-major, as the chip would hold them, weight shifts and exponents applied.
        let weights: [Int]
        /// 10·log10( Σ w² / Σ (w − ŵ)² ); nil where exact.
        let signalToNoise: Double?
    }

    /// Parameters of neurons, one value per neuron each.
    enum Parameters {
        /// Decays of current and voltage, 0 … 4096.
        case loihi(currentDecay: [Int], voltageDecay: [Int], threshold: [Int], bias: [Int])
        /// Dashes of membrane and synaptic current, 0 … 15.
        case xylo(membraneDash: [Int], synapticDash: [Int], threshold: [Int], bias: [Int])
    }

    struct Population {
        let name: String
        let count: Int
        let terms: [Term]
        let parameters: Parameters
        /// Integers per unit of the network as it was given.
        let scale: Double
    }

    let chip: Chip
    var inputCount: Int
    var populations: [Population]
    /// The population whose spikes are counted.
    var output: Int
    /// On Loihi, a voltage equal to the threshold fires.
    var firesAtThreshold = false
    /// Where the network comes from, for people.
    var origin: [String]
}

extension ChipNetwork {
    /// A packing is the narrowest encoding that loses nothing, and the power of two, 2^8 at most, that all weights have in common.
    struct Packing {
        let shift: Int
        let encoding: Encoding

        init(_ weights: [Int]) {
            let common = weights.reduce(0, |)
            let shift = common == 0 ? 0 : min(8, common.trailingZeroBitCount)
            self.shift = shift
            func fits(_ range: ClosedRange<Int>) -> Bool { weights.allSatisfy { range.contains($0 >> shift) } }
            encoding = fits(-1...1) ? .ternary : fits(-8...7) ? .int4 : fits(-128...127) ? .int8 : .int16
        }
    }
}
