#if arch(x86_64) || DSP
    import CKernels
#endif

/// What dense, block, sparse and convolution have in common: weights of one encoding from a slot to a current, and how
/// their sums join it (format.md section 9.2).
package struct Synapses {
    package enum Join: UInt8 { case add = 0, leftShift, rightShift, multiplier }

    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// Arena offset of one accumulator i32 per destination, for joins other than add.
    var scratch: UInt32 = 0
    /// File offset of the multipliers i32; 0 without.
    private var multipliers: UInt32 = 0
    package let encoding: Encoding
    package let join: Join
    package let joinShift: UInt8
    package let sourceShift: UInt8

    /// Reads the slots and the first four bytes of the block.
    ///
    /// - Parameter maySaturate: the target may be a synaptic slot.
    init(_ model: Model, _ wires: Wires, _ block: UInt32, maySaturate: Bool = false) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireSource(source.kind == .spikes || source.kind == .analog)
        let isSaturating = maySaturate && target.kind == .synaptic && source.bits <= 16
        try wires.requireTarget(target.kind == .current || isSaturating)

        guard let encoding = Encoding(rawValue: model.u8(block)) else { throw Refusal(.unsupported, at: block) }
        guard let join = Join(rawValue: model.u8(block &+ 1)) else { throw Refusal(.badValue, at: block &+ 1) }
        (self.encoding, self.join) = (encoding, join)
        if isSaturating {
            // |x·w·2^s| ≤ 2^15·2^7·2^8.
            if encoding == .int16 { throw Refusal(.badValue, at: block) }
            if join != .add && join != .leftShift { throw Refusal(.badValue, at: block &+ 1) }
        }
        joinShift = model.u8(block &+ 2)
        let largestShift: UInt8 = join == .add ? 0 : (isSaturating ? 8 : (join == .multiplier ? 47 : 30))
        if joinShift > largestShift { throw Refusal(.badValue, at: block &+ 2) }
        sourceShift = model.u8(block &+ 3)
        if sourceShift > (source.bits == 32 ? 31 : 0) { throw Refusal(.badValue, at: block &+ 3) }
    }

    /// Bytes of a block of `byteCount` whose last field, the reference to multipliers, only that join has.
    static func blockByteCount(_ byteCount: UInt32, join: UInt8) -> UInt32 {
        join == Join.multiplier.rawValue ? byteCount &+ 4 : byteCount
    }

    /// Reads the field that refers to `count` multipliers, if there is one.
    mutating func locateMultipliers(_ model: Model, _ field: UInt32, count: UInt32) throws(Refusal) {
        if join == .multiplier { multipliers = try model.tensor(field, 4 &* count, alignment: 4) }  // count ≤ 2^24
    }

    /// Whether every event adds for itself, to a synaptic slot.
    var isSaturating: Bool { target.kind == .synaptic }

    var scratchByteCount: UInt32 { join == .add || isSaturating ? 0 : 4 &* target.count }

    mutating func place(source: UInt32, target: UInt32, scratch: UInt32) {
        (self.source.place, self.target.place, self.scratch) = (source, target, scratch)
    }

    /// Declared width of a source value, b_s.
    var sourceBits: UInt32 { source.bits == 32 ? 16 : UInt32(truncatingIfNeeded: source.bits) }

    /// Largest magnitude of a source value.
    var sourceLimit: Int32 {
        source.bits == 32
            ? min(32767, roundShift(source.limit, Int32(truncatingIfNeeded: sourceShift))) : source.limit
    }

    /// A source element of 32 bits as the weights see it.
    @inline(__always)
    func narrowed(_ value: Int32) -> Int32 { clamp(roundShift(value, Int32(truncatingIfNeeded: sourceShift)), 32767) }

    /// Where to add weights: the current itself, or accumulators that are 0.
    @inline(__always)
    func beginSums(_ workspace: Workspace) -> UnsafeMutablePointer<Int32> {
        join == .add ? workspace.int32s(target.place) : clearedSums(workspace)
    }

    private func clearedSums(_ workspace: Workspace) -> UnsafeMutablePointer<Int32> {
        clear(workspace.words(scratch), index(target.count))
        return workspace.int32s(scratch)
    }

    /// Brings `count` sums, those of destinations `first` on, onto the population's grid and adds them to the current.
    /// Destination i has multiplier i mod `period`; `first` and `count` are multiples of it.
    @inline(__always)
    func endSums(
        _ workspace: Workspace, _ sums: UnsafeMutablePointer<Int32>, from first: UInt32 = 0, count: UInt32,
        period: UInt32
    ) {
        if join != .add { joinSums(workspace, sums + index(first), first, count, period) }
    }

    private func joinSums(
        _ workspace: Workspace, _ sums: UnsafePointer<Int32>, _ first: UInt32, _ count: UInt32, _ period: UInt32
    ) {
        let current = workspace.int32s(target.place) + index(first)
        let multipliers = (workspace.file + index(multipliers)).assumingMemoryBound(to: Int32.self)
        #if DSP
            if join == .multiplier {
                return snnrt_join_multiplied(
                    current, sums, multipliers, UInt32(truncatingIfNeeded: joinShift), count, period)
            }
        #endif
        let stretch = join == .multiplier ? period : count
        var at: UInt32 = 0
        while at != count {
            joinStretch(current + index(at), sums + index(at), multipliers, stretch, hasVectors: workspace.hasVectors)
            at &+= stretch
        }
    }

    /// current[i] += joined sums[i].
    @inline(__always)
    private func joinStretch(
        _ current: UnsafeMutablePointer<Int32>, _ sums: UnsafePointer<Int32>, _ multipliers: UnsafePointer<Int32>,
        _ count: UInt32,
        hasVectors: Bool
    ) {
        let shift = Int32(truncatingIfNeeded: joinShift)
        var done = 0
        #if arch(x86_64)
            if hasVectors && count >= 8 {
                let shift = UInt32(truncatingIfNeeded: joinShift)
                if join == .multiplier {
                    snnrt_join_multiplied(current, sums, multipliers, shift, count)
                } else {
                    snnrt_join_shifted(current, sums, shift, join == .leftShift ? 1 : 0, count)
                }
                done = index(count & ~7)
            }
        #endif
        switch join {
        case .add: break
        case .leftShift: for i in done..<index(count) { current[i] &+= sums[i] &<< shift }
        case .rightShift: for i in done..<index(count) { current[i] &+= roundShift(sums[i], shift) }
        case .multiplier:
            for i in done..<index(count) {
                current[i] &+= Int32(truncatingIfNeeded: roundShift(product(sums[i], multipliers[i]), shift))
            }
        }
    }

    /// joined_p of format.md section 9.12, given Σ|w| of a destination whose multiplier is number `row`; `unbounded`
    /// where it or bound_p passes 2^31 − 1.
    func joinedBound(_ model: Model, _ magnitudes: UInt32, row: UInt32) -> UInt32 {
        let (high, bound) = magnitudes.multipliedFullWidth(by: sourceLimit.magnitude)
        if high != 0 || bound > largestSum { return unbounded }
        let shift = UInt32(truncatingIfNeeded: joinShift)
        switch join {
        case .add: return bound
        case .leftShift: return bound > largestSum &>> shift ? unbounded : bound &<< shift
        case .rightShift: return (bound &>> shift) &+ 1
        case .multiplier:
            return scaledBound(widen(bound), by: model.i32(multipliers &+ 4 &* row), shift: joinShift)
        }
    }
}

/// ((bound · |scale|) >> shift) + 1, or `unbounded` where that passes 2^31 − 1. The product is below 2^63.
func scaledBound(_ bound: UInt64, by scale: Int32, shift: UInt8) -> UInt32 {
    let scaled = shiftRight(Int64(bitPattern: bound &* widen(scale.magnitude)), Int32(truncatingIfNeeded: shift))
    return scaled >= widen(Int32.max) ? unbounded : UInt32(truncatingIfNeeded: scaled) &+ 1
}
