/// What an op declares beside its fields: its needs and its costs, as data. Layout, saving, restoring, accounting and the proof of
/// sums fold over declarations and know no op.
struct Declaration {
    /// The function that ticks the op.
    var loop = Loop.readout
    /// Bit i: it adds rows by function i of `snnrt_adders`.
    var rows: UInt32 = 0

    /// An empty one at `place`, written there instead of copied, which would take its size on the stack again.
    @inline(__always)
    static func begin(at place: UnsafeMutablePointer<Declaration>) {
        Kernels.clear(
            UnsafeMutableRawPointer(place).assumingMemoryBound(to: UInt32.self), MemoryLayout<Declaration>.size &>> 2)
        (place.pointee.ring, place.pointee.work, place.pointee.projection, place.pointee.reading) = (nil, nil, nil, nil)
        (place.pointee.weightCopies, place.pointee.passes) = (1, 1)
        (place.pointee.weights[0].encoding, place.pointee.weights[1].encoding) = (.int8, .int8)
    }

    // MARK: State

    /// The op's own variables, one array behind the other.
    private(set) var variables = InlineArray<4, StateVariable>(repeating: StateVariable())
    private(set) var variableCount = 0
    /// Frames that the op keeps of its source; it then has no other variables.
    var ring: FrameRing?
    /// Working memory, needed only while the op runs.
    var scratchByteCount: UInt32 = 0

    // MARK: Costs (docs/format.md, "Accounting")

    /// n.
    var synapses: UInt64 = 0
    /// Steps of a tick at worst; nil: n.
    var work: UInt64?
    /// Looks at every source element, at worst (docs/format.md, "Operations at worst").
    var passes: UInt32 = 1
    /// The same of elements of the target.
    var targetPasses: UInt32 = 0
    /// b_w and b_s.
    var weightBits: UInt32 = 0
    var sourceBits: UInt32 = 0
    var operationsPerEvent: UInt32 = 0
    var neurons: UInt64 = 0
    /// Parameter bits read in every tick, weights apart.
    var parameterBits: UInt64 = 0
    /// Weights as stored, of which `weightCopies` groups or units share each.
    var weights = InlineArray<2, WeightTensor>(repeating: WeightTensor())
    var weightCopies: UInt32 = 1
    /// Bits of factors that are no weights.
    var factorBits: UInt64 = 0
    /// The output slot is the op's state: it is read too.
    var readsTarget = false
    /// The input slot decays: it is written too.
    var writesSource = false
    /// Bits of evidence that every result moves.
    var evidenceBitsRead: UInt64 = 0
    var evidenceBitsWritten: UInt64 = 0

    // MARK: Proof

    /// Of an op that reads a current: what it makes of a sum.
    var reading: SumReading?
    /// Of a projection: destinations that differ in their weights, and how their sums join the current.
    var rowCount: UInt32 = 0
    /// Runs of weights that may meet a destination: what its row is summed over.
    var runsPerRow: UInt32 = 0
    var projection: Synapses?

    /// A variable of `count` elements of 32 or 16 bits in low … high.
    mutating func addVariable(_ name: UInt8, _ count: UInt32, isWide: Bool, _ low: Int32, _ high: Int32) {
        variables[variableCount] = StateVariable(name: name, isWide: isWide, count: count, low: low, high: high)
        variableCount &+= 1
    }

    /// Weights as stored, once.
    var storedWeights: UInt64 { weights[0].weightCount &+ weights[1].weightCount }
    var storedWeightBits: UInt64 { storedWeights &* widen(weights[0].encoding.bits) &+ factorBits }

    /// n·b_w·b_s·T, or 2^64 − 1 where that is more.
    func sAce(ticksPerResult: UInt32) -> UInt64 {
        saturatingProduct(saturatingProduct(synapses, weightBits &* sourceBits), ticksPerResult)
    }

    /// Bytes of the op's own state; `unbounded` where no arena has so many.
    var stateByteCount: UInt32 {
        if let ring { return ring.byteCount }
        var bytes: UInt32 = 0
        for i in 0..<variableCount { bytes &+= variables[i].byteCount }  // ≤ 4·2^26
        return bytes
    }

    /// Bits of the op's own state that a tick reads, and writes: of frames kept one is read and one written.
    var stateBits: UInt64 {
        if let ring { return widen(ring.slot.bitCount) }
        var bits: UInt64 = 0
        for i in 0..<variableCount { bits &+= widen(variables[i].count &* (variables[i].isWide ? 32 : 16)) }  // ≤ 2^29
        return bits
    }
}

/// One of an op's state variables: an array in the state block.
package struct StateVariable {
    /// The letter of its equation, in ASCII.
    package var name: UInt8 = 0
    package var isWide = false
    package var count: UInt32 = 0
    /// What its elements may hold.
    var low: Int32 = 0
    var high: Int32 = 0

    var byteCount: UInt32 { paddedByteCount(count, isWide: isWide) }
}

/// c·2^f + b: what an op makes of a current, element i having bias i mod count; none with a count of 0.
struct SumReading {
    let fractionBits: UInt32
    /// File offset of the biases i32.
    let biases: UInt32
    let biasCount: UInt32

    init(fractionBits: UInt8 = 0, biases: UInt32 = 0, count: UInt32 = 0) {
        self.fractionBits = UInt32(truncatingIfNeeded: fractionBits)
        (self.biases, biasCount) = (biases, count)
    }
}
