#if arch(x86_64) || DSP
    import CKernels
#endif

/// activation: populations without spikes (format.md section 9.11), z = rnd( (c + b)·m, s ), v = clamp( z, 32767 ):
///
///     clip:     y = z limited to lo … hi
///     tanh:     y = clamp( rnd( sign(v)·T( |v|, 7 ), 16 − bits ), limit )
///     sigmoid:  y = clamp( rnd( rnd( 32768 + sign(v)·T( |v|, 8 ), 1 ), 16 − bits ), limit )
package struct Activation {
    package enum Function: UInt8 { case clip = 1, tanh, sigmoid }

    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// File offsets: an array where the flag is set, else the field itself.
    private let multiplier: UInt32
    let bias: UInt32
    /// Elements of an array: element i mod period is neuron i's.
    package let period: UInt32
    package let lowerBound: Int16
    package let upperBound: Int16
    package let function: Function
    package let shift: UInt8
    /// Bit 0 multiplier, bit 1 bias.
    private let perNeuron: UInt8

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireSource(source.kind == .current)
        try wires.requireTarget(target.kind == .analog && target.bits <= 16 && target.count == source.count)
        guard let function = Function(rawValue: model.u8(block)) else { throw Refusal(.unsupported, at: block) }
        self.function = function
        shift = model.u8(block &+ 1)
        if shift > 47 { throw Refusal(.badValue, at: block &+ 1) }
        let flags = model.u8(block &+ 2)
        if flags > 7 { throw Refusal(.badValue, at: block &+ 2) }
        perNeuron = flags
        try model.requireZero(block &+ 3, 1)
        period = try model.period(block &+ 16, isGiven: flags & 4 != 0, of: source.count)
        let (count, field) = (period, block &+ 4)
        func parameter(_ number: UInt32) -> NeuronParameter {
            NeuronParameter(
                field: field &+ 4 &* number, isArray: flags &>> UInt8(truncatingIfNeeded: number) & 1 != 0,
                count: count, width: 4,
                range: Int32.min...Int32.max)
        }
        multiplier = try parameter(0).locate(model)
        bias = try parameter(1).locate(model)
        let limit = function == .clip ? target.limit : 0
        let (low, high) = (model.i16(block &+ 12), model.i16(block &+ 14))
        if low > limit || low < 0 &- limit { throw Refusal(.badValue, at: block &+ 12) }
        if high > limit || high < low { throw Refusal(.badValue, at: block &+ 14) }
        (lowerBound, upperBound) = (Int16(truncatingIfNeeded: low), Int16(truncatingIfNeeded: high))
    }

    var hasBiasPerNeuron: Bool { perNeuron & 2 != 0 }
    /// 32 for each multiplier and each bias.
    var parameterBitCount: UInt64 {
        32 &* ((perNeuron & 1 != 0 ? widen(period) : 1) &+ (hasBiasPerNeuron ? widen(period) : 1))
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let input = workspace.int32s(source.place)
        let outputs = workspace.int16s(target.place)
        let multipliers = Row<Int32>(workspace, multiplier, isArray: perNeuron & 1 != 0)
        let biases = Row<Int32>(workspace, bias, isArray: hasBiasPerNeuron)
        let (done, clipped) = clipWithVectors(workspace)
        var events = clipped
        var k = done
        for i in done..<index(source.count) {
            // |c + b| < 2^31: proved at opening. The product is within 2^62.
            let scaled = roundShift(product(input[i] &+ biases[k], multipliers[k]), Int32(truncatingIfNeeded: shift))
            let y = value(clamp(scaled, Int32.max))
            outputs[i] = Int16(truncatingIfNeeded: y)
            events &+= y != 0 ? 1 : 0
            k = k &+ 1 == index(period) ? 0 : k &+ 1
        }
        counters.add(events: events)
    }

    /// Neurons 0 ..< done, by the loops of CKernels. Returns how many those are, and how many of their outputs are not 0.
    @inline(__always)
    private func clipWithVectors(_ workspace: Workspace) -> (done: Int, events: UInt32) {
        #if arch(x86_64) || DSP
            let (input, outputs) = (workspace.int32s(source.place), workspace.int16s(target.place))
            let multipliers = (workspace.file + index(multiplier)).assumingMemoryBound(to: Int32.self)
            let biases = (workspace.file + index(bias)).assumingMemoryBound(to: Int32.self)
            let (arrays, shift) = (UInt32(truncatingIfNeeded: perNeuron), UInt32(truncatingIfNeeded: self.shift))
            let (low, high) = (Int32(truncatingIfNeeded: lowerBound), Int32(truncatingIfNeeded: upperBound))
        #endif
        #if arch(x86_64)
            if !workspace.hasVectors || function != .clip || period != source.count { return (0, 0) }
            let events = snnrt_clip(input, outputs, multipliers, biases, arrays, shift, low, high, source.count)
            return (index(source.count & ~7), events)
        #elseif DSP
            if function != .clip { return (0, 0) }
            let events = snnrt_clip(input, outputs, multipliers, biases, arrays, shift, low, high, source.count, period)
            return (index(source.count), events)
        #else
            return (0, 0)
        #endif
    }

    @inline(__always)
    private func value(_ z: Int32) -> Int32 {
        let (low, high) = (Int32(truncatingIfNeeded: lowerBound), Int32(truncatingIfNeeded: upperBound))
        if function == .clip { return min(max(z, low), high) }
        let v = clamp(z, 32767)
        let magnitude = tanhQ15(v < 0 ? 0 &- v : v, function == .tanh ? 7 : 8)
        let signed = v < 0 ? 0 &- magnitude : magnitude
        let narrowing = 16 &- Int32(truncatingIfNeeded: target.bits)
        let q15 = function == .tanh ? signed : roundShift(32768 &+ signed, 1)
        return clamp(roundShift(q15, narrowing), target.limit)
    }
}
