import SNNRuntime

/// A chip network is a network in a chip's integers. Populations hear each other's spikes in the tick that `Term.isLate` says.
struct ChipNetwork {
    struct Term {
        enum Form {
            /// A matrix [rows, columns], stored as a list of its synapses where `isList`.
            case matrix(columns: Int, isList: Bool = false)
            /// Kernels [output channels, input channels of a group, height, width].
            case convolution(ConvolutionMap)
            /// One weight for each element.
            case diagonal
        }

        /// A population's number, or nil for the input.
        let source: Int?
        /// Reads last tick's spikes.
        let isLate: Bool
        let form: Form
        /// In the form's order, row-major, as the chip would hold them, weight shifts and exponents applied.
        let weights: [Int]
        /// 10·log10( Σ w² / Σ (w − ŵ)² ); nil where exact.
        let signalToNoise: Double?
    }

    /// Parameters of neurons, one value per neuron each.
    enum Parameters {
        /// Decays of current and voltage, 0 … 4096; weights count 2^exponent times.
        case loihi(exponent: Int = 0, currentDecay: [Int], voltageDecay: [Int], threshold: [Int], bias: [Int])
        /// Dashes of membrane and synaptic current, 0 … 15.
        case xylo(membraneDash: [Int], synapticDash: [Int], threshold: [Int], bias: [Int])
    }

    struct Population {
        let name: String
        /// Channels first.
        let shape: [Int]
        var terms: [Term]
        let parameters: Parameters
        /// Integers per unit of the network as it was given.
        let scale: Double
        /// Ticks by which each neuron's spikes leave late; empty for none.
        var delays: [Int] = []

        var count: Int { shape.reduce(1, *) }
    }

    let chip: Chip
    /// Channels first.
    var inputShape: [Int]
    /// What the input op makes of a sample: a multiplier for each channel, or one for all, and a shift to the right.
    var input: (multipliers: [Int], shift: Int) = ([1], 0)
    var populations: [Population]
    /// The population whose spikes are counted.
    var output: Int
    /// So many groups of its neurons are a score each; nil where each neuron is one.
    var outputGroups: Int?
    /// On Loihi, a voltage equal to the threshold fires.
    var firesAtThreshold = false
    /// Where the network comes from, for people.
    var origin: [String]

    var inputCount: Int { inputShape.reduce(1, *) }
    /// The input op stands behind all that reads it.
    var isInputLate: Bool { populations.contains { $0.terms.contains { $0.source == nil && $0.isLate } } }
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

        var synapses: SynapseFields {
            SynapseFields(encoding: encoding, join: shift == 0 ? .add : .leftShift(shift))
        }
    }
}
