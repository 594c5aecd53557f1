/// lif: populations of leaky neurons (format.md section 9.3), in three loops by what happens after a spike
/// (LIFLoops.swift): reset in the next tick, reset in the same tick, or no spikes at all.
package struct LIF {
    package enum Model: UInt8 {
        case lif = 1, cubaLIF, li, cubaLI, alif, cubaALIF

        /// Has a synaptic current Y.
        package var isCuBa: Bool { self == .cubaLIF || self == .cubaLI || self == .cubaALIF }
        package var fires: Bool { self != .li && self != .cubaLI }
        /// Has a threshold that steps up with every spike and decays, A.
        package var isAdaptive: Bool { self == .alif || self == .cubaALIF }
    }

    package enum Reset: UInt8 {
        case none = 0, subtractNextTick, zeroNextTick, subtractSameTick, zeroSameTick

        package var isNextTick: Bool { self == .subtractNextTick || self == .zeroNextTick }
    }

    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// Arena offset of the op's variables, one array each, in the order U, Y, A, C. LI and CuBa-LI keep U in the
    /// output slot.
    var state: UInt32 = 0
    /// File offset of the parameter block.
    private let block: UInt32
    /// File offset of the data section, where arrays lie.
    private let data: UInt32
    package let refractoryTicks: UInt16
    package let model: Model
    package let reset: Reset
    package let firesAtThreshold: Bool
    package let fractionBits: UInt8
    package let isWide: Bool
    /// Bit p: parameter number p has one value per neuron.
    let perNeuron: UInt8
    /// P: an array of a parameter has so many elements, and neuron i has element i mod P.
    package let period: UInt32

    /// The parameters, in the order of their fields and flags.
    enum Parameter: UInt8 { case beta = 0, alpha, theta, bias, rho, kappa }

    private static let periodFlag: UInt8 = 64

    /// Bytes of the parameter block, by its first byte and its flags.
    static func blockByteCount(_ model: UInt8, _ flags: UInt8) -> UInt32 {
        (Model(rawValue: model)?.isAdaptive == true ? 32 : 24) &+ (flags & periodFlag != 0 ? 4 : 0)
    }

    init(_ file: SNNRuntime.Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        (self.block, data) = (block, file.section(.data).offset)
        try wires.requireSource(source.kind == .current)
        let width = file.u8(block &+ 3)
        let found = Model(rawValue: file.u8(block))
        var fits = target.count == source.count
        if found?.fires == true { fits = fits && target.kind == .spikes }
        if found?.fires == false {
            fits = fits && target.kind == .analog && target.isPersistent && target.bits >= 16 && target.bits == width
        }
        try wires.requireTarget(fits)

        guard let model = found else { throw Refusal(.unsupported, at: block) }
        guard let reset = Reset(rawValue: file.u8(block &+ 1)) else { throw Refusal(.unsupported, at: block &+ 1) }
        (self.model, self.reset) = (model, reset)
        if model.fires == (reset == .none) { throw Refusal(.badValue, at: block &+ 1) }
        if reset.isNextTick && (model.isAdaptive || target.bits > 1) { throw Refusal(.unsupported, at: block &+ 1) }
        let comparison = file.u8(block &+ 2)
        if comparison > 1 { throw Refusal(.unsupported, at: block &+ 2) }
        firesAtThreshold = comparison == 1
        if firesAtThreshold && !model.fires { throw Refusal(.badValue, at: block &+ 2) }
        if width != 16 && width != 32 { throw Refusal(.badValue, at: block &+ 3) }
        isWide = width == 32
        fractionBits = file.u8(block &+ 4)
        if fractionBits > 15 { throw Refusal(.badValue, at: block &+ 4) }
        let flags = file.u8(block &+ 5)
        perNeuron = flags
        var allowed = LIF.periodFlag
        for number in 0..<6 as Range<UInt8> where LIF.has(model, Parameter(rawValue: number)!) {
            allowed |= 1 &<< number
        }
        if flags & ~allowed != 0 { throw Refusal(.badValue, at: block &+ 5) }
        let refractory = file.u16(block &+ 6)
        if refractory > (model.fires ? 32767 : 0) { throw Refusal(.badValue, at: block &+ 6) }
        if refractory > 0 && reset.isNextTick { throw Refusal(.unsupported, at: block &+ 6) }
        refractoryTicks = UInt16(truncatingIfNeeded: refractory)

        period =
            flags & LIF.periodFlag == 0
            ? source.count : try file.period(block &+ LIF.blockByteCount(model.rawValue, 0), of: source.count)

        let fieldCount: UInt8 = model.isAdaptive ? 6 : 4
        for number in 0..<fieldCount { _ = try field(Parameter(rawValue: number)!).locate(file) }
        for number in 0..<fieldCount {
            let parameter = Parameter(rawValue: number)!
            try field(parameter).checkElements(file, at: offset(of: parameter, file.base))
        }
    }

    // MARK: Parameters

    private static func has(_ model: Model, _ parameter: Parameter) -> Bool {
        switch parameter {
        case .beta, .bias: return true
        case .alpha: return model.isCuBa
        case .theta: return model.fires
        case .rho, .kappa: return model.isAdaptive
        }
    }

    @inline(__always)
    func isPerNeuron(_ parameter: Parameter) -> Bool { perNeuron &>> parameter.rawValue & 1 != 0 }

    /// A parameter's field, and what it may hold: 0 where the model does not have it.
    private func field(_ parameter: Parameter) -> NeuronParameter {
        var (width, range): (UInt32, ClosedRange<Int32>) = (2, 0...32768)
        switch parameter {
        case .beta, .alpha, .rho: break
        case .theta, .kappa: (width, range) = (isWide ? 4 : 2, 0...limit)
        case .bias: (width, range) = (4, Int32.min...Int32.max)
        }
        if !LIF.has(model, parameter) { range = 0...0 }
        let offset = block &+ 8 &+ 4 &* UInt32(truncatingIfNeeded: parameter.rawValue)
        return NeuronParameter(
            field: offset, isArray: isPerNeuron(parameter), count: period, width: width, range: range)
    }

    /// File offset of a checked parameter: of its array, or of the field itself.
    @inline(__always)
    func offset(of parameter: Parameter, _ file: UnsafeRawPointer) -> UInt32 {
        let field = block &+ 8 &+ 4 &* UInt32(truncatingIfNeeded: parameter.rawValue)
        return isPerNeuron(parameter) ? data &+ (file + index(field)).load(as: UInt32.self) : field
    }

    /// Parameter bits read per tick: 16 per decay, the state's width per threshold and step, 32 per bias.
    var parameterBitCount: UInt64 {
        var bits: UInt64 = 0
        for number in 0..<6 as Range<UInt8> {
            let parameter = Parameter(rawValue: number)!
            if !LIF.has(model, parameter) { continue }
            bits &+= widen(8 &* field(parameter).width) &* (isPerNeuron(parameter) ? widen(period) : 1)
        }
        return bits
    }

    // MARK: State

    /// L.
    var limit: Int32 { isWide ? Int32.wideLimit : Int32.narrowLimit }

    /// Variables per neuron beyond the output slot.
    var variableCount: UInt32 {
        (model.fires ? 1 : 0) &+ (model.isCuBa ? 1 : 0) &+ (model.isAdaptive ? 1 : 0) &+ (refractoryTicks > 0 ? 1 : 0)
    }
    var variableByteCount: UInt32 { paddedByteCount(source.count, isWide: isWide) }
    var stateByteCount: UInt32 { variableCount &* variableByteCount }
    /// Bits of the variables, as counted by format.md section 14.
    var stateBitCount: UInt32 { variableCount &* (isWide ? 32 : 16) &* source.count }  // ≤ 2^31

    /// What a variable may hold; U and Y are symmetric, A and C never negative.
    func range(ofVariable number: UInt32) -> ClosedRange<Int32> {
        let symmetricCount: UInt32 = (model.fires ? 1 : 0) &+ (model.isCuBa ? 1 : 0)
        if number < symmetricCount { return 0 &- limit...limit }
        return model.isAdaptive && number == symmetricCount ? 0...limit : 0...Int32(truncatingIfNeeded: refractoryTicks)
    }
}
