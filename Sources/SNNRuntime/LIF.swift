/// lif: populations of leaky neurons (FORMAT.md section 9.3). L is 32767 or 2^30 − 1, by the state width:
///
///     I = clamp( c·2^f + b, L );   R = U[t−1] > θ
///     D = tz( U[t−1]·β, 15 ), or 0 where R resets to zero;   P = θ where R subtracts, else 0
///     LIF:       U = clamp( D − P + I, L )
///     CuBa-LIF:  Y = clamp( tz( Y[t−1]·α, 15 ) + I, L );  U = clamp( D − P + Y, L )
///     S = U > θ
///     LI:        U = clamp( tz( U[t−1]·β, 15 ) + I, L ), which is the output
package struct LIF {
    package enum Model: UInt8 { case lif = 1, cubaLIF, li }
    package enum Reset: UInt8 { case none = 0, subtractNextTick, zeroNextTick }

    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// Arena offset of U, then Y. LI keeps U in its output slot.
    var state: UInt32 = 0
    /// File offsets of the parameters: an array where the flag is set, else the field itself.
    let beta: UInt32
    let alpha: UInt32
    let theta: UInt32
    let bias: UInt32
    package let model: Model
    package let reset: Reset
    package let fractionBits: UInt8
    package let isWide: Bool
    /// Bit 0 β, 1 α, 2 θ, 3 bias: one value per neuron.
    package let perNeuron: UInt8

    init(_ file: SNNRuntime.Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireSource(source.kind == .current)
        let width = file.u8(block &+ 3)
        let fits: Bool
        switch Model(rawValue: file.u8(block)) {
        case .lif, .cubaLIF: fits = target.kind == .spikes
        case .li: fits = target.kind == .analog && target.isPersistent && target.bits >= 16 && target.bits == width
        case nil: fits = true
        }
        try wires.requireTarget(fits && target.count == source.count)

        guard let model = Model(rawValue: file.u8(block)) else { throw Refusal(.unsupported, at: block) }
        guard let reset = Reset(rawValue: file.u8(block &+ 1)) else { throw Refusal(.unsupported, at: block &+ 1) }
        (self.model, self.reset) = (model, reset)
        if (model == .li) != (reset == .none) { throw Refusal(.badValue, at: block &+ 1) }
        if file.u8(block &+ 2) != 0 { throw Refusal(.unsupported, at: block &+ 2) }
        if width != 16 && width != 32 { throw Refusal(.badValue, at: block &+ 3) }
        isWide = width == 32
        fractionBits = file.u8(block &+ 4)
        if fractionBits > 15 { throw Refusal(.badValue, at: block &+ 4) }
        let flags = file.u8(block &+ 5)
        perNeuron = flags
        if perNeuron & 0xf0 != 0 || (perNeuron & 2 != 0 && model != .cubaLIF) || (perNeuron & 4 != 0 && model == .li) {
            throw Refusal(.badValue, at: block &+ 5)
        }
        if file.u16(block &+ 6) != 0 { throw Refusal(.unsupported, at: block &+ 6) }

        let limit = isWide ? Int32.wideLimit : Int32.narrowLimit
        let decays: ClosedRange<Int32> = 0...32768
        func parameter(_ flag: UInt8, _ field: UInt32, _ width: UInt32, _ range: ClosedRange<Int32>) -> NeuronParameter {
            NeuronParameter(
                field: block &+ field, isArray: flags & flag != 0, count: wires.source.count, width: width, range: range)
        }
        let parameters: InlineArray<4, NeuronParameter> = [
            parameter(1, 8, 2, decays), parameter(2, 12, 2, model == .cubaLIF ? decays : 0...0),
            parameter(4, 16, isWide ? 4 : 2, model == .li ? 0...0 : 0...limit),
            parameter(8, 20, 4, Int32.min...Int32.max),
        ]
        beta = try parameters[0].locate(file)
        alpha = try parameters[1].locate(file)
        theta = try parameters[2].locate(file)
        bias = try parameters[3].locate(file)
        try parameters[0].checkElements(file, at: beta)
        try parameters[1].checkElements(file, at: alpha)
        try parameters[2].checkElements(file, at: theta)
    }

    /// State words per neuron beyond the output slot: U, and Y for CuBa.
    var stateVariableCount: UInt32 {
        switch model {
        case .lif: return 1
        case .cubaLIF: return 2
        case .li: return 0
        }
    }
    var variableByteCount: UInt32 { paddedByteCount(source.count, isWide: isWide) }
    var stateByteCount: UInt32 { stateVariableCount &* variableByteCount }
    /// Bits of U and Y, as counted by FORMAT.md section 14.
    var stateBitCount: UInt32 { stateVariableCount &* (isWide ? 32 : 16) &* source.count }  // ≤ 2^30

    func tick(_ workspace: Workspace, _ counters: Counters) {
        if isWide { tick(workspace, counters, as: Int32.self) } else { tick(workspace, counters, as: Int16.self) }
    }

    @inline(__always)
    private func tick<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        // Literal arguments, so that each model has its own straight loop.
        switch model {
        case .lif: spike(workspace, counters, as: State.self, hasSynapticState: false)
        case .cubaLIF: spike(workspace, counters, as: State.self, hasSynapticState: true)
        case .li: integrate(workspace, counters, as: State.self)
        }
    }

    @inline(__always)
    private func spike<State: StateWidth>(
        _ workspace: Workspace, _ counters: Counters, as: State.Type, hasSynapticState: Bool
    ) {
        let membranes = (workspace.arena + index(state)).assumingMemoryBound(to: State.self)
        let currents = (workspace.arena + index(state &+ variableByteCount)).assumingMemoryBound(to: State.self)
        let input = workspace.int32s(source.place)
        let betas = Row<UInt16>(workspace, beta, perNeuron & 1)
        let alphas = Row<UInt16>(workspace, alpha, perNeuron & 2)
        let thetas = Row<State>(workspace, theta, perNeuron & 4)
        let biases = Row<Int32>(workspace, bias, perNeuron & 8)
        let shift = Int32(truncatingIfNeeded: fractionBits)
        let isSubtracting = reset == .subtractNextTick
        let words = workspace.words(target.place)
        let count = index(source.count)
        var spikeCount: UInt32 = 0
        var changedCount: UInt32 = 0

        var first = 0
        while first < count {
            var word: UInt32 = 0
            for i in first..<min(first &+ 32, count) {
                let membrane = membranes[i].value
                let threshold = thetas[i].value
                let hasFired = membrane > threshold
                // |c·2^f + b| < 2^31: proved at opening.
                var drive = clamp((input[i] &<< shift) &+ biases[i], State.limit)
                if hasSynapticState {
                    drive = clamp(State.decay(currents[i].value, alphas[i]) &+ drive, State.limit)
                    currents[i] = State(narrowing: drive)
                }
                let kept = hasFired && !isSubtracting ? 0 : State.decay(membrane, betas[i])
                let penalty = hasFired && isSubtracting ? threshold : 0
                // Where it fired 0 ≤ kept ≤ L and 0 ≤ θ ≤ L, so |kept − θ| ≤ L and the sum is within 2L < 2^31.
                let updated = clamp(kept &- penalty &+ drive, State.limit)
                membranes[i] = State(narrowing: updated)
                if counters.isFull { changedCount &+= updated != membrane ? 1 : 0 }
                let spikes: UInt32 = updated > threshold ? 1 : 0
                word |= spikes &<< UInt32(truncatingIfNeeded: i &- first)
                spikeCount &+= spikes
            }
            words[(first &>> 5) &+ 1] = word
            first &+= 32
        }
        words[0] = spikeCount
        counters.add(events: spikeCount)
        if counters.isFull { counters.add(membraneUpdates: changedCount) }
    }

    @inline(__always)
    private func integrate<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        let membranes = (workspace.arena + index(target.place)).assumingMemoryBound(to: State.self)
        let input = workspace.int32s(source.place)
        let betas = Row<UInt16>(workspace, beta, perNeuron & 1)
        let biases = Row<Int32>(workspace, bias, perNeuron & 8)
        let shift = Int32(truncatingIfNeeded: fractionBits)
        var events: UInt32 = 0
        var changedCount: UInt32 = 0
        for i in 0..<index(source.count) {
            let membrane = membranes[i].value
            let drive = clamp((input[i] &<< shift) &+ biases[i], State.limit)
            let updated = clamp(State.decay(membrane, betas[i]) &+ drive, State.limit)  // |sum| ≤ 2L < 2^31
            membranes[i] = State(narrowing: updated)
            events &+= updated != 0 ? 1 : 0
            changedCount &+= updated != membrane ? 1 : 0
        }
        counters.add(events: events)
        if counters.isFull { counters.add(membraneUpdates: changedCount) }
    }
}

/// Width of a membrane: 16 bits with limit 32767, or 32 with limit 2^30 − 1.
protocol StateWidth {
    static var limit: Int32 { get }
    var value: Int32 { get }
    /// |x| ≤ limit.
    init(narrowing x: Int32)
    /// tz( x·decay, 15 ), decay ≤ 2^15.
    static func decay(_ x: Int32, _ decay: UInt16) -> Int32
}

extension Int16: StateWidth {
    static var limit: Int32 { Int32.narrowLimit }
    @inline(__always) var value: Int32 { Int32(truncatingIfNeeded: self) }
    @inline(__always) init(narrowing x: Int32) { self = Int16(truncatingIfNeeded: x) }
    /// |x·decay| ≤ 32767·2^15 < 2^30.
    @inline(__always) static func decay(_ x: Int32, _ decay: UInt16) -> Int32 {
        truncateQ15(x &* Int32(truncatingIfNeeded: decay))
    }
}

extension Int32: StateWidth {
    static var narrowLimit: Int32 { 32767 }
    static var wideLimit: Int32 { (1 << 30) - 1 }
    static var limit: Int32 { wideLimit }
    @inline(__always) var value: Int32 { self }
    @inline(__always) init(narrowing x: Int32) { self = x }
    /// |x·decay| < 2^45: 64 bits.
    @inline(__always) static func decay(_ x: Int32, _ decay: UInt16) -> Int32 {
        Int32(truncatingIfNeeded: truncateQ15(product(x, Int32(truncatingIfNeeded: decay))))
    }
}

/// A parameter in the file: one element per neuron, or one for all (step 0).
struct Row<Element> {
    private let first: UnsafePointer<Element>
    private let step: Int

    @inline(__always)
    init(_ workspace: Workspace, _ offset: UInt32, _ flag: UInt8) {
        first = (workspace.file + index(offset)).assumingMemoryBound(to: Element.self)
        step = flag == 0 ? 0 : 1
    }
    @inline(__always)
    subscript(i: Int) -> Element { first[i &* step] }
}

/// A parameter field of a population: a value for all, or a reference to one per neuron.
struct NeuronParameter {
    /// File offset of the field.
    let field: UInt32
    let isArray: Bool
    /// Neurons.
    let count: UInt32
    /// Bytes of an array's element.
    let width: UInt32
    /// What every value must lie in.
    let range: ClosedRange<Int32>

    /// File offset of the value or the array: the field itself, or what it refers to.
    func locate(_ model: Model) throws(Refusal) -> UInt32 {
        if isArray { return try model.tensor(field, width &* count, alignment: width) }
        let value = model.i32(field)
        if value < range.lowerBound || value > range.upperBound { throw Refusal(.badValue, at: field) }
        return field
    }

    /// Elements of 2 bytes are read unsigned: decays reach 32768, and a negative threshold is above its range.
    func checkElements(_ model: Model, at array: UInt32) throws(Refusal) {
        if !isArray { return }
        for i in 0..<count {
            let at = array &+ width &* i
            let value = width == 4 ? model.i32(at) : Int32(bitPattern: model.u16(at))
            if value < range.lowerBound || value > range.upperBound { throw Refusal(.badValue, at: at) }
        }
    }
}
