/// xylo: the integer neurons of Xylo (docs/format.md, "xylo") behind a synaptic slot y of P currents each,
/// d(x, k) = x >> k, but 1 where that is 0 and x > 0:
///
///     y −= d( y, synaptic dash );   V = sat16( V[t−1] + sat16( sat16( −d( V[t−1], membrane dash ) + Σ y ) + b ) )
///     while V ≥ θ and S < smax:  V −= θ,  S += 1;   an alias is given S spikes more, smax at most
package struct Xylo: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 24
        /// Bits 0 … 3 arrays, bit 4 aliases.
        package static let flags: UInt32 = 0
        package static let reserved: UInt32 = 1
        package static let membraneDash: UInt32 = 4
        package static let synapticDash: UInt32 = 8
        package static let threshold: UInt32 = 12
        package static let bias: UInt32 = 16
        package static let aliases: UInt32 = 20
    }

    private static let noAlias: UInt32 = 65535
    private static let synapticFlag: UInt8 = 2
    static let fields: InlineArray<6, Field> = [
        .flags(Block.flags, 31), .reserved(Block.reserved, .u24),
        .parameter(Block.membraneDash, 0, .u16, 0, 15), .parameter(Block.synapticDash, 1, .u16, 0, 15),
        .parameter(Block.threshold, 2, .i16, 0, 32767), .parameter(Block.bias, 3, .i32, -32768, 32767),
    ]

    /// File offset of the parameter block.
    private let block: UInt32
    /// P: synaptic currents of a neuron.
    package let currentCount: UInt8
    package let flags: UInt8

    init(_ record: OpRecord) {
        block = record.block
        currentCount = record.source.count == record.target.count ? 1 : 2
        flags = record.file.u8(block &+ Block.flags)
    }

    package var hasAliases: Bool { flags & 16 != 0 }
    private var arrays: UInt8 { flags & 15 }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Xylo(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(.synaptic)
        let (currents, neurons) = (record.source.count, record.target.count)
        try record.requireTarget(record.target.kind == .spikes && (currents == neurons || currents == 2 &* neurons))
        let (file, count) = (record.file, record.target.count)
        try record.require(!hasAliases || record.target.bits > 1, Block.flags)
        if !hasAliases { try record.requireUnused(Block.aliases) }
        let synaptic = (other: Xylo.synapticFlag, otherCount: record.source.count)
        try record.requireArrays(
            Xylo.fields.span, arrays, count: count, other: synaptic.other, otherCount: synaptic.otherCount)
        let aliases = hasAliases ? try record.tensor(Block.aliases, 2 &* count, alignment: 2) : 0
        try record.requireElements(
            Xylo.fields.span, arrays, count: count, other: synaptic.other, otherCount: synaptic.otherCount)
        if !hasAliases { return }
        for i in 0..<count {
            let alias = file.u16(aliases &+ 2 &* i)
            if alias >= count && alias != Xylo.noAlias { throw Refusal(.badValue, at: aliases &+ 2 &* i) }
        }
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Xylo(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .xylo
        let count = record.target.count
        declaration.addVariable(0x56 /* V */, count, isWide: false, -32768, 32767)
        declaration.writesSource = true
        declaration.targetPasses = 3
        declaration.neurons = widen(count)
        declaration.parameterBits =
            record.file.parameterBits(
                Xylo.fields.span, arrays, count: count, other: Xylo.synapticFlag, otherCount: record.source.count)
            &+ (hasAliases ? 16 &* widen(count) : 0)
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let population = XyloPopulation(
            membranes: workspace.int16s(header.state), currents: workspace.int16s(header.source.offset),
            membraneDashes: workspace.parameter(block &+ Block.membraneDash, isArray: flags & 1 != 0),
            synapticDashes: workspace.parameter(block &+ Block.synapticDash, isArray: flags & 2 != 0),
            thresholds: workspace.parameter(block &+ Block.threshold, isArray: flags & 4 != 0),
            biases: workspace.parameter(block &+ Block.bias, isArray: flags & 8 != 0),
            spikes: SpikeWriter(workspace.arena + index(header.target.offset), isGraded: header.target.bits > 1),
            count: header.target.count, currentCount: currentCount, arrays: arrays, spikeBits: header.target.bits,
            limit: header.target.limit)
        if hasAliases {
            tickWithAliases(population, workspace, counters)
        } else {
            counters.add(Kernels.fireXylo(population, workspace.level))
        }
    }

    /// One neuron after the other: an alias makes it wait for those before it.
    @inline(never)
    private func tickWithAliases(_ p: XyloPopulation, _ workspace: Workspace, _ counters: Counters) {
        let aliases = workspace.tensor(block &+ Block.aliases).assumingMemoryBound(to: UInt16.self)
        let (given, count) = (p.spikes.values, index(p.count))
        var counts = NeuronCounts()
        for i in 0..<count { given[i] = 0 }
        for i in 0..<count {
            let fired = Kernels.fireXylo(p, i, given: given[i].value, &counts.changes)
            given[i] = Int16(truncatingIfNeeded: fired)  // ≤ 2^8 − 1
            let alias = UInt32(truncatingIfNeeded: aliases[i])
            if alias == Xylo.noAlias { continue }
            given[index(alias)] = Int16(truncatingIfNeeded: min(given[index(alias)].value &+ fired, p.limit))
        }
        for i in 0..<count { counts.events &+= given[i] != 0 ? 1 : 0 }
        counters.add(counts)
    }
}

#if !hasFeature(Embedded)
    extension Xylo {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            let currents = currentCount == 1 ? "1 synaptic current" : "\(currentCount) synaptic currents"
            return "\(currents) a neuron\(hasAliases ? ", aliases" : "")"
        }
    }
#endif
