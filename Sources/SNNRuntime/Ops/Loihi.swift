/// loihi: the integer neurons of Loihi (format.md section 9.13), u and v of 24 bits:
///
///     a = c·2^e, or c >> −e;   u = wrap24( tz( u[t−1]·(4096 − δu), 12 ) + a·2^6 )
///     V = clamp( tz( v[t−1]·(4096 − δv), 12 ) + u + b, 2^23 − 1 );   S = V ▷ θ;   v = 0 where S, else V
package struct Loihi {
    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// Arena offset of u, then v, one i32 per neuron each.
    var state: UInt32 = 0
    /// File offset of the parameter block, and of the data section, where arrays lie.
    private let block: UInt32
    private let data: UInt32
    /// P: an array of a parameter has so many elements, and neuron i has element i mod P.
    package let period: UInt32
    /// e.
    package let weightExponent: Int8
    package let firesAtThreshold: Bool
    /// Bit p: parameter number p has one value per neuron.
    private let perNeuron: UInt8

    /// The parameters, in the order of their fields and flags.
    private enum Parameter: UInt8 { case currentDecay = 0, voltageDecay, threshold, bias }
    private static let periodFlag: UInt8 = 16
    /// The greatest v and, but for 1, u.
    static let limit: Int32 = (1 << 23) - 1

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        (self.block, data) = (block, model.section(.data).offset)
        try wires.requireSource(source.kind == .current)
        try wires.requireTarget(target.isBitmap && target.count == source.count)
        let comparison = model.u8(block)
        if comparison > 1 { throw Refusal(.unsupported, at: block) }
        firesAtThreshold = comparison == 1
        weightExponent = Int8(bitPattern: model.u8(block &+ 1))
        if weightExponent < -8 || weightExponent > 7 { throw Refusal(.badValue, at: block &+ 1) }
        perNeuron = model.u8(block &+ 2)
        if perNeuron > 31 { throw Refusal(.badValue, at: block &+ 2) }
        try model.requireZero(block &+ 3, 1)
        period = try model.period(block &+ 20, isGiven: perNeuron & Loihi.periodFlag != 0, of: source.count)
        for number in 0..<4 as Range<UInt8> { _ = try field(Parameter(rawValue: number)!).locate(model) }
        for number in 0..<4 as Range<UInt8> {
            let parameter = Parameter(rawValue: number)!
            try field(parameter).checkElements(model, at: offset(of: parameter, model.base))
        }
    }

    private func isPerNeuron(_ parameter: Parameter) -> Bool { perNeuron &>> parameter.rawValue & 1 != 0 }

    /// A parameter's field, and what it may hold.
    private func field(_ parameter: Parameter) -> NeuronParameter {
        let (width, range): (UInt32, ClosedRange<Int32>)
        switch parameter {
        case .currentDecay, .voltageDecay: (width, range) = (2, 0...4096)
        case .threshold: (width, range) = (4, 0...Loihi.limit)
        case .bias: (width, range) = (4, 0 &- Int32.wideLimit...Int32.wideLimit)
        }
        return NeuronParameter(
            field: block &+ 4 &+ 4 &* UInt32(truncatingIfNeeded: parameter.rawValue), isArray: isPerNeuron(parameter),
            count: period, width: width, range: range)
    }

    /// File offset of a checked parameter: of its array, or of the field itself.
    private func offset(of parameter: Parameter, _ file: UnsafeRawPointer) -> UInt32 {
        let field = block &+ 4 &+ 4 &* UInt32(truncatingIfNeeded: parameter.rawValue)
        return isPerNeuron(parameter) ? data &+ (file + index(field)).load(as: UInt32.self) : field
    }

    /// Parameter bits read per tick.
    var parameterBitCount: UInt64 {
        var bits: UInt64 = 0
        for number in 0..<4 as Range<UInt8> {
            let parameter = Parameter(rawValue: number)!
            bits &+= widen(8 &* field(parameter).width) &* (isPerNeuron(parameter) ? widen(period) : 1)
        }
        return bits
    }

    /// u and v.
    var stateByteCount: UInt32 { 8 &* source.count }

    /// Bits by which a current is shifted to the left at most, a·2^6 included: what the proof of sums allows for.
    var leftShift: UInt8 { 6 &+ UInt8(bitPattern: max(weightExponent, 0)) }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let input = workspace.int32s(source.place)
        let currents = workspace.int32s(state)
        let voltages = currents + index(source.count)
        let currentDecays: Row<UInt16> = row(workspace, .currentDecay)
        let voltageDecays: Row<UInt16> = row(workspace, .voltageDecay)
        let thresholds: Row<Int32> = row(workspace, .threshold)
        let biases: Row<Int32> = row(workspace, .bias)
        let left = Int32(truncatingIfNeeded: leftShift)
        let right = 0 &- Int32(truncatingIfNeeded: min(weightExponent, 0))
        // v ≥ θ is v > θ − 1.
        let slack: Int32 = firesAtThreshold ? 1 : 0
        var spikes = SpikeWriter(workspace, target)
        var changedCount: UInt32 = 0
        var k = 0
        for i in 0..<index(source.count) {
            // |c·2^left| < 2^31: proved at opening. What the sum wraps by is a multiple of 2^24.
            let current = wrap24(decay(currents[i], currentDecays[k]) &+ (input[i] &>> right) &<< left)
            currents[i] = current
            // Below 2^23 + 2^23 + 2^30 in magnitude.
            let reached = clamp(decay(voltages[i], voltageDecays[k]) &+ current &+ biases[k], Loihi.limit)
            let hasFired = reached > thresholds[k] &- slack
            let voltage = hasFired ? 0 : reached
            changedCount &+= voltage != voltages[i] ? 1 : 0
            voltages[i] = voltage
            spikes.put(hasFired ? 1 : 0, i)
            k = k &+ 1 == index(period) ? 0 : k &+ 1
        }
        counters.add(events: spikes.finish())
        if counters.isFull { counters.add(membraneUpdates: changedCount) }
    }

    private func row<Element>(_ workspace: Workspace, _ parameter: Parameter) -> Row<Element> {
        Row(workspace, offset(of: parameter, workspace.file), isArray: isPerNeuron(parameter))
    }
}

/// tz( x·(4096 − decay), 12 ), |x| ≤ 2^23, in 32 bits: x by its upper and its lower 12.
@inline(__always)
private func decay(_ x: Int32, _ decay: UInt16) -> Int32 {
    let kept = 4096 &- UInt32(truncatingIfNeeded: decay)
    let size = x.magnitude
    let decayed = Int32(bitPattern: (size &>> 12) &* kept &+ ((size & 4095) &* kept) &>> 12)
    return x < 0 ? 0 &- decayed : decayed
}

/// The y of −2^23 < y ≤ 2^23 that differs from x by a multiple of 2^24.
@inline(__always)
private func wrap24(_ x: Int32) -> Int32 { ((x &+ Loihi.limit) & 0xff_ffff) &- Loihi.limit }
