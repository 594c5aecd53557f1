/// readout: scores over a window (FORMAT.md section 9.5), x = rnd( source, shift ), Lr = 2^31 − 1:
///
///     sum:        score = clamp( score + x, Lr )
///     last value: score = x
///     leaky sum:  score = clamp( tz( score·λ, 15 ) + x, Lr )
package struct Readout {
    package enum Integration: UInt8 { case sum = 1, lastValue, leakySum }

    package internal(set) var source: Slot
    /// Arena offset of the scores, i32, one per source element.
    var state: UInt32 = 0
    /// Ticks from result to result.
    package let window: UInt32
    /// λ in Q15.
    package let decay: UInt16
    package let integration: Integration
    package let shift: UInt8
    package let resetsNetwork: Bool

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        source = wires.source
        try wires.requireSource(source.kind == .spikes || source.kind == .analog)
        guard let integration = Integration(rawValue: model.u8(block)) else { throw Refusal(.unsupported, at: block) }
        self.integration = integration
        let reset = model.u8(block &+ 1)
        if reset > 1 { throw Refusal(.badValue, at: block &+ 1) }
        resetsNetwork = reset == 1
        shift = model.u8(block &+ 2)
        if shift > 31 { throw Refusal(.badValue, at: block &+ 2) }
        try model.requireZero(block &+ 3, 1)
        window = try model.require(model.u32(block &+ 4), in: 1...0x100_0000, at: block &+ 4)
        let hop = model.u32(block &+ 8)
        if hop != window { throw Refusal(hop > window ? .badValue : .unsupported, at: block &+ 8) }
        let decay = try model.require(model.u16(block &+ 12), in: 0...(integration == .leakySum ? 32768 : 0), at: block &+ 12)
        self.decay = UInt16(truncatingIfNeeded: decay)
        try model.requireZero(block &+ 14, 2)
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let scores = workspace.int32s(state)
        let rounding = Int32(truncatingIfNeeded: shift)
        var events: UInt32 = 0
        for element in 0..<source.count {
            let raw = workspace.value(source, element)
            events &+= raw != 0 ? 1 : 0
            let x = roundShift(raw, rounding)
            let score = scores[index(element)]
            switch integration {
            case .sum: scores[index(element)] = clamp(widen(score) &+ widen(x), Int32.max)
            case .lastValue: scores[index(element)] = x
            case .leakySum:
                let kept = truncateQ15(product(score, Int32(truncatingIfNeeded: decay)))  // |product| ≤ 2^46
                scores[index(element)] = clamp(kept &+ widen(x), Int32.max)
            }
        }
        counters.add(events: events)
    }
}
