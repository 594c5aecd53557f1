/// lif: populations of leaky neurons (docs/format.md, "lif"), in three loops by what happens after a spike
/// (Kernels): reset in the next tick, reset in the same tick, or no spikes at all.
package struct LIF: OpBody {
    package enum Variant: UInt8 {
        case lif = 1, cubaLIF, li, cubaLI, alif, cubaALIF

        /// Has a synaptic current Y.
        package var isCuBa: Bool { self == .cubaLIF || self == .cubaLI || self == .cubaALIF }
        package var fires: Bool { self != .li && self != .cubaLI }
        /// Has a threshold that steps up with every spike and decays, A.
        package var isAdaptive: Bool { self == .alif || self == .cubaALIF }

        /// Array flags of the parameters that it has.
        var parameters: UInt8 {
            (1 << 0) | (1 << 3) | (isCuBa ? 1 << 1 : 0) | (fires ? 1 << 2 : 0) | (isAdaptive ? 3 << 4 : 0)
        }
    }

    package enum Reset: UInt8 {
        case none = 0, subtractNextTick, zeroNextTick, subtractSameTick, zeroSameTick

        package var isNextTick: Bool { self == .subtractNextTick || self == .zeroNextTick }
    }

    package enum Block {
        package static let byteCount: UInt32 = 36
        package static let variant: UInt32 = 0
        package static let reset: UInt32 = 1
        package static let comparison: UInt32 = 2
        package static let stateWidth: UInt32 = 3
        package static let fractionBits: UInt32 = 4
        package static let arrayFlags: UInt32 = 5
        package static let refractoryTicks: UInt32 = 6
        /// β.
        package static let decay: UInt32 = 8
        /// α.
        package static let synapticDecay: UInt32 = 12
        package static let threshold: UInt32 = 16
        package static let bias: UInt32 = 20
        /// ρ.
        package static let thresholdDecay: UInt32 = 24
        /// κ.
        package static let thresholdStep: UInt32 = 28
        package static let period: UInt32 = 32
    }

    static let fields: InlineArray<14, Field> = [
        .code(Block.variant, .u8, 1, 6), .code(Block.reset, .u8, 0, 4), .code(Block.comparison, .u8, 0, 1),
        .either(Block.stateWidth, 16, 32), .number(Block.fractionBits, .u8, 0, 15), .flags(Block.arrayFlags, 63),
        .number(Block.refractoryTicks, .u16, 0, 32767),
        .parameter(Block.decay, 0, .u16, 0, 32768), .parameter(Block.synapticDecay, 1, .u16, 0, 32768),
        .stateParameter(Block.threshold, 2), .parameter(Block.bias, 3, .i32, Int32.min, Int32.max),
        .parameter(Block.thresholdDecay, 4, .u16, 0, 32768), .stateParameter(Block.thresholdStep, 5),
        .number(Block.period, .u32, 0, 1 << 24),
    ]

    /// File offset of the parameter block.
    private let block: UInt32
    /// P: an array of a parameter has so many elements, and neuron i has element i mod P.
    package let period: UInt32
    package let refractoryTicks: UInt16
    package let variant: Variant
    package let reset: Reset
    package let firesAtThreshold: Bool
    package let fractionBits: UInt8
    package let isWide: Bool
    /// Bit p: parameter number p is an array.
    package let arrayFlags: UInt8

    init(_ record: OpRecord) {
        let (file, block) = (record.file, record.block)
        self.block = block
        variant = Variant(rawValue: file.u8(block &+ Block.variant)) ?? .lif
        reset = Reset(rawValue: file.u8(block &+ Block.reset)) ?? .none
        firesAtThreshold = file.u8(block &+ Block.comparison) == 1
        isWide = file.u8(block &+ Block.stateWidth) == 32
        fractionBits = file.u8(block &+ Block.fractionBits)
        arrayFlags = file.u8(block &+ Block.arrayFlags)
        refractoryTicks = UInt16(truncatingIfNeeded: file.u16(block &+ Block.refractoryTicks))
        let stated = file.u32(block &+ Block.period)
        period = stated == 0 ? record.source.count : stated
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.checkExtent(Block.byteCount)
        let isWide = record.file.u8(record.block &+ Block.stateWidth) == 32
        try record.file.check(fields.span, at: record.block, isWide: isWide)
        try LIF(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(.current)
        let target = record.target
        let fits =
            variant.fires
            ? target.kind == .spikes
            : target.kind == .analog && target.isPersistent && target.bits == (isWide ? 32 : 16)
        try record.requireTarget(fits && target.count == record.source.count)
        try record.require(variant.fires != (reset == .none), Block.reset)
        try record.requireReserved(
            !reset.isNextTick || !(variant.isAdaptive || record.target.bits > 1), Block.reset)
        try record.require(variant.fires || !firesAtThreshold, Block.comparison)
        try record.require(variant.fires || refractoryTicks == 0, Block.refractoryTicks)
        try record.requireReserved(!reset.isNextTick || refractoryTicks == 0, Block.refractoryTicks)
        for number in 0..<6 as Range<UInt8> where variant.parameters & (1 &<< number) == 0 {
            let field = Block.decay &+ 4 &* UInt32(truncatingIfNeeded: number)
            try record.require(arrayFlags & (1 &<< number) == 0, field)
            try record.requireUnused(field)
        }
        try record.requirePeriod(Block.period, of: record.source.count)
        try record.requireArrays(LIF.fields.span, arrayFlags, count: period, isWide: isWide)
        try record.requireElements(LIF.fields.span, arrayFlags, count: period, isWide: isWide)
    }

    /// L.
    private var limit: Int32 { isWide ? Int32.wideLimit : Int32.narrowLimit }
    private var isRefractory: Bool { refractoryTicks > 0 }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        LIF(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop =
            reset == .none ? .integrate : reset.isNextTick ? (isWide ? .resetLaterWide : .resetLater) : .resetNow
        let count = record.source.count
        // U is the output slot of LI and CuBa-LI.
        declaration.readsTarget = !variant.fires
        if variant.fires { declaration.addVariable(0x55 /* U */, count, isWide: isWide, 0 &- limit, limit) }
        if variant.isCuBa { declaration.addVariable(0x59 /* Y */, count, isWide: isWide, 0 &- limit, limit) }
        if variant.isAdaptive { declaration.addVariable(0x41 /* A */, count, isWide: isWide, 0, limit) }
        if isRefractory {
            let most = Int32(truncatingIfNeeded: refractoryTicks)
            declaration.addVariable(0x43 /* C */, count, isWide: isWide, 0, most)
        }
        declaration.neurons = widen(count)
        declaration.parameterBits = record.file.parameterBits(
            LIF.fields.span, arrayFlags, present: variant.parameters, count: period, isWide: isWide)
        let hasBiases = arrayFlags & 8 != 0
        declaration.reading = SumReading(
            fractionBits: fractionBits, biases: record.file.parameter(block &+ Block.bias, isArray: hasBiases),
            count: hasBiases ? period : 1)
    }

    /// Inlined, as a projection's, where a kernel does it all.
    @inline(__always)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let population = population(header.pointee, workspace, counters)
        switch reset {
        case .none: counters.add(Kernels.integrate(population, workspace.level))
        case .subtractNextTick, .zeroNextTick: counters.add(Kernels.fireAndResetLater(population, workspace.level))
        case .subtractSameTick, .zeroSameTick: counters.add(Kernels.fireAndReset(population, workspace.level))
        }
    }

    /// A tick by one of the three loops alone.
    @inline(__always)
    static func tick(
        _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32,
        _ loop: (Population, ProcessorLevel) -> NeuronCounts
    ) {
        let workspace = workspace.assumingMemoryBound(to: Workspace.self).pointee
        let counters = Counters(first: counters.assumingMemoryBound(to: UInt64.self), isFull: isFull != 0)
        let body = (step + MemoryLayout<OpHeader>.stride).assumingMemoryBound(to: LIF.self)
        let population = body.pointee.populationCalled(
            step.assumingMemoryBound(to: OpHeader.self), workspace, counters)
        counters.add(loop(population, workspace.level))
    }

    @inline(never)
    private func populationCalled(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters)
        -> Population
    { population(header.pointee, workspace, counters) }

    /// The variables lie one behind the other, in the order U, Y, A, C.
    @inline(__always)
    private func population(_ header: OpHeader, _ workspace: Workspace, _ counters: Counters) -> Population {
        let isAdaptive = variant.isAdaptive
        let betas: UnsafePointer<UInt16> = parameter(workspace, Block.decay, 1)
        let byteCount = index(paddedByteCount(header.source.count, isWide: isWide))
        let first = workspace.arena + index(header.state)
        let membranes = variant.fires ? first : workspace.arena + index(header.target.offset)
        let currents = variant.fires ? first + byteCount : first
        let adaptations = variant.isCuBa ? currents + byteCount : currents
        return Population(
            membranes: membranes, synapticCurrents: currents, adaptations: adaptations,
            countdowns: variant.isAdaptive ? adaptations + byteCount : adaptations,
            input: workspace.int32s(header.source.offset),
            betas: betas, alphas: variant.isCuBa ? parameter(workspace, Block.synapticDecay, 2) : betas,
            thetas: UnsafeRawPointer(parameter(workspace, Block.threshold, 4) as UnsafePointer<UInt8>),
            biases: parameter(workspace, Block.bias, 8),
            rhos: isAdaptive ? parameter(workspace, Block.thresholdDecay, 16) : betas,
            kappas: isAdaptive
                ? UnsafeRawPointer(parameter(workspace, Block.thresholdStep, 32) as UnsafePointer<UInt8>)
                : UnsafeRawPointer(betas),
            spikes: SpikeWriter(workspace.arena + index(header.target.offset), isGraded: header.target.bits > 1),
            count: header.source.count, period: period, refractoryTicks: refractoryTicks, arrays: arrayFlags,
            fractionBits: fractionBits, spikeBits: header.target.bits, isWide: isWide, isCuBa: variant.isCuBa,
            isAdaptive: isAdaptive, firesAtThreshold: firesAtThreshold,
            subtracts: reset == .subtractNextTick || reset == .subtractSameTick, countsChanges: counters.isFull)
    }

    @inline(__always)
    private func parameter<Element>(_ workspace: Workspace, _ field: UInt32, _ flag: UInt8) -> UnsafePointer<Element> {
        workspace.parameter(block &+ field, isArray: arrayFlags & flag != 0)
    }
}

#if !hasFeature(Embedded)
    extension LIF {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            let name =
                switch variant {
                case .lif: "LIF"
                case .cubaLIF: "CuBa-LIF"
                case .li: "LI"
                case .cubaLI: "CuBa-LI"
                case .alif: "ALIF"
                case .cubaALIF: "CuBa-ALIF"
                }
            let resets =
                switch reset {
                case .none: ""
                case .subtractNextTick: ", reset subtracts in the next tick"
                case .zeroNextTick: ", reset to zero in the next tick"
                case .subtractSameTick: ", reset subtracts in the same tick"
                case .zeroSameTick: ", reset to zero in the same tick"
                }
            let comparison = firesAtThreshold ? ", fires at the threshold" : ""
            let refractory = refractoryTicks > 0 ? ", refractory for \(refractoryTicks) ticks" : ""
            let widths = "\(isWide ? 32 : 16)-bit state, \(fractionBits) fraction bits"
            return "\(name), \(widths)\(comparison)\(resets)\(refractory)"
        }
    }
#endif
