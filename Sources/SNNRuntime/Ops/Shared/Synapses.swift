/// What dense, block, sparse and convolution have in common: weights of one encoding from a slot to a current, and how
/// their sums join it (docs/format.md, "Projections").
package struct Synapses {
    /// File offset of the multipliers i32; meaningless without.
    private let multipliers: UInt32
    package let encoding: Encoding
    package let join: Join
    package let joinShift: UInt8
    package let sourceShift: UInt8

    /// The first four bytes of a projection's block.
    package enum Block {
        package static let encoding: UInt32 = 0
        package static let join: UInt32 = 1
        package static let joinShift: UInt32 = 2
        package static let sourceShift: UInt32 = 3
    }

    static let fields: InlineArray<4, Field> = [
        .code(Block.encoding, .u8, 1, 5), .code(Block.join, .u8, 0, 3), .number(Block.joinShift, .u8, 0, 47),
        .number(Block.sourceShift, .u8, 0, 31),
    ]

    /// - Parameter multipliers: where in the block the reference to them is.
    init(_ record: OpRecord, multipliers: UInt32) {
        let (file, block) = (record.file, record.block)
        encoding = Encoding(rawValue: file.u8(block &+ Block.encoding)) ?? .int8
        join = Join(rawValue: file.u8(block &+ Block.join)) ?? .add
        joinShift = file.u8(block &+ Block.joinShift)
        sourceShift = file.u8(block &+ Block.sourceShift)
        self.multipliers = file.section(.data).offset &+ file.u32(block &+ multipliers)
    }

    /// The relations of the first fields.
    func check(_ record: OpRecord) throws(Refusal) {
        // |x·w·2^s| ≤ 2^15·2^7·2^8 into a synaptic slot.
        let isSaturating = record.target.kind == .synaptic
        try record.require(!isSaturating || encoding != .int16, Block.encoding)
        try record.require(!isSaturating || join.rawValue <= Join.leftShift.rawValue, Block.join)
        let largest: UInt8 = join == .add ? 0 : isSaturating ? 8 : join == .multiplier ? 47 : 30
        try record.require(joinShift <= largest, Block.joinShift)
        try record.require(sourceShift == 0 || record.source.isWide, Block.sourceShift)
    }

    /// Refuses a reference to multipliers that are not in use.
    func checkUnusedMultipliers(_ record: OpRecord, _ field: UInt32) throws(Refusal) {
        if join != .multiplier { try record.requireUnused(field) }
    }
    /// Refuses `count` multipliers that do not lie in data.
    func checkMultipliers(_ record: OpRecord, _ field: UInt32, count: UInt32) throws(Refusal) {
        if join == .multiplier { try record.tensor(field, 4 &* count, alignment: 4) }  // count ≤ 2^24
    }

    /// Bytes of one accumulator i32 per destination, for joins other than add.
    func scratchByteCount(_ target: Slot) -> UInt32 { join == .add || target.kind == .synaptic ? 0 : 4 &* target.count }

    /// Bits of `count` multipliers, where there are any.
    func parameterBits(_ count: UInt32) -> UInt64 { join == .multiplier ? 32 &* widen(count) : 0 }

    /// Declared width of a source value, b_s.
    func sourceBits(_ source: Slot) -> UInt32 { source.isWide ? 16 : UInt32(truncatingIfNeeded: source.bits) }

    /// The functions of `snnrt_adders` that add rows for a source: bits 0 to 4 spikes by encoding, 5 to 9 values, 10 values of 32 bits.
    func rows(_ source: Slot) -> UInt32 {
        let place = UInt32(truncatingIfNeeded: encoding.rawValue) &- 1
        return source.isBitmap ? 1 &<< place : 32 &<< place | (source.isWide ? 1 << 10 : 0)
    }

    // MARK: Running

    @inline(__always)
    func joinOperands(_ workspace: Workspace) -> JoinOperands {
        JoinOperands(
            join: join, shift: joinShift,
            multipliers: (workspace.file + index(multipliers)).assumingMemoryBound(to: Int32.self))
    }

    /// A slot's elements, or those of a frame kept of it at `start`, as the weights see them.
    @inline(__always)
    func elements(of slot: Slot, at start: UInt32, _ workspace: Workspace) -> SourceElements {
        SourceElements(
            start: workspace.arena + index(start), storage: slot.isBitmap ? .bitmap : slot.isWide ? .wide : .narrow,
            count: slot.count, shift: sourceShift)
    }

    /// Where to add weights: the current itself, or accumulators that are 0.
    func beginSums(_ target: Slot, _ workspace: Workspace) -> UnsafeMutablePointer<Int32> {
        if join == .add { return workspace.int32s(target.offset) }
        Kernels.clear(workspace.words(workspace.scratch), index(target.count))
        return workspace.int32s(workspace.scratch)
    }

    /// Brings all sums onto the population's grid and adds them to the current. Destination i has multiplier i mod `period`.
    func endSums(_ target: Slot, _ workspace: Workspace, period: UInt32) {
        if join == .add { return }
        Kernels.join(
            workspace.int32s(workspace.scratch), into: workspace.int32s(target.offset), joinOperands(workspace),
            count: target.count, period: period, workspace.level)
    }

    // MARK: Proof

    /// Largest magnitude of a source value.
    @inline(never)
    func limit(_ source: Slot) -> UInt32 {
        let limit =
            source.isWide ? min(32767, roundShift(source.limit, Int32(truncatingIfNeeded: sourceShift))) : source.limit
        return limit.magnitude
    }

    /// joined_p, given the largest magnitude of a source value and Σ|w| of a destination whose multiplier is number `row`; `unbounded` where it or bound_p passes 2^31 − 1.
    @inline(never)
    func joinedBound(_ file: FileView, _ limit: UInt32, _ magnitudes: UInt32, row: UInt32) -> UInt32 {
        let (high, bound) = magnitudes.multipliedFullWidth(by: limit)
        if high != 0 || bound > largestSum { return unbounded }
        let shift = UInt32(truncatingIfNeeded: joinShift)
        switch join {
        case .add: return bound
        case .leftShift: return bound > largestSum &>> shift ? unbounded : bound &<< shift
        case .rightShift: return (bound &>> shift) &+ 1
        case .multiplier: return scaledBound(widen(bound), by: file.i32(multipliers &+ 4 &* row), shift: joinShift)
        }
    }
}

/// Σ|w| into up to 32 destinations, values above 2^31 clipped to it.
struct MagnitudeSums {
    static let capacity: UInt32 = 32
    var sums = InlineArray<32, UInt32>(repeating: 0)

    subscript(i: UInt32) -> UInt32 { sums[unchecked: index(i)] }
    /// Sum i grows by `bound`.
    mutating func join(_ bound: UInt32, _ i: UInt32) {
        sums[unchecked: index(i)] = boundedSum(sums[unchecked: index(i)], bound)
    }

    /// Adds weights `first` on of `runCount` runs to `count` sums from number `place` on.
    @inline(never)
    mutating func add(
        _ weights: WeightTensor, _ file: FileView, from first: UInt32, count: UInt32, to place: UInt32 = 0
    ) {
        withUnsafeMutablePointer(to: &sums) {
            let sums = UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt32.self) + index(place)
            let (stride, count) = (index(weights.runByteCount), index(count))
            var run = file.base + index(weights.offset)
            for j in 0..<weights.runCount {
                if weights.encoding == .int8 {
                    let bytes = (run + index(first)).assumingMemoryBound(to: Int8.self)
                    for i in 0..<count { sums[i] &+= UInt32(truncatingIfNeeded: bytes[i].magnitude) }
                } else {
                    for i in 0..<count {
                        sums[i] &+= weights.encoding.weightCalled(run, index(first) &+ i).magnitude
                    }
                }
                run += stride
                // 2^15 weights of at most 2^15 on top of 2^31 stay below 2^32.
                if j & 0x7fff != 0x7fff && j &+ 1 != weights.runCount { continue }
                for i in 0..<count { sums[i] = min(sums[i], largestSum &+ 1) }
            }
        }
    }
}

#if !hasFeature(Embedded)
    extension Synapses {
        /// How the sums join their current, behind other details.
        var joinDetails: String {
            switch join {
            case .add: ""
            case .leftShift: ", joined << \(joinShift)"
            case .rightShift: ", joined >> \(joinShift)"
            case .multiplier: ", joined by multipliers >> \(joinShift)"
            }
        }
    }
#endif
