/// A population report says how a population came out in integers.
public struct PopulationReport: Encodable, Sendable {
    public let name: String
    public let neurons: Int
    /// Integer membrane units per unit of the float network: least and greatest over the rows.
    public let leastScale: Double
    public let greatestScale: Double
    /// Bits below a count of the grid.
    public let fractionBits: Int
    /// Width of membranes and synaptic currents.
    public let stateBits: Int
    /// The greatest membrane, synaptic current or input of the calibration log, as a share of what the state holds.
    public let peak: Double?
    /// A matrix that enters the population.
    public struct Matrix: Encodable, Sendable {
        /// A population's name, "input" or "pool".
        public let from: String
        public let rows: Int
        public let columns: Int
        /// Weights that are stored.
        public let weights: Int
        /// Width of a weight.
        public let bits: Int
        /// The weights lay on a grid of this width before, and are kept exactly.
        public let isOnGrid: Bool
        /// 10·log10( Σ w² / Σ (w − ŵ)² ); nil where exact.
        public let signalToNoise: Double?
        /// The same ratio of what the weights come to in a membrane, on the calibration log; nil without a log.
        public let sumSignalToNoise: Double?
        /// Share of the weights that lie beyond the grid's ends, by more than half a step.
        public let clipped: Double
    }
    public let matrices: [Matrix]
    public struct Recurrence: Encodable, Sendable {
        /// The degree of the Padé approximation [degree/degree].
        public let degree: Int
        public let substeps: Int
        public let segments: Int
        /// Its impulse response's distance from that of A and B: root mean square over 2 theta, as a share of theirs.
        public let error: Double
    }
    /// How a memory that is not stored as matrices is computed.
    public var recurrence: Recurrence?
}
