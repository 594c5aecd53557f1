/// readout: scores over a hop, entries, results (format.md section 9.5), x = rnd( source, shift ), Lr = 2^31 − 1.
/// Every tick
///
///     sum:        score = clamp( score + x, Lr )
///     last value: score = x
///     leaky sum:  score = clamp( tz( score·λ, 15 ) + x, Lr )
///
/// and every hop, the scores being an entry, with n = window / hop
///
///     n = 1:      E = clamp( tz( E·μ, 15 ) + entry, Lr ), the result
///     n > 1:      result = clamp( Σ of the latest n entries, Lr )
package struct Readout {
    package enum Integration: UInt8 { case sum = 1, lastValue, leakySum }

    package internal(set) var source: Slot
    /// Arena offset of the scores, i32, one per source element.
    var state: UInt32 = 0
    /// Arena offset of the evidence: n entries, or E, or nothing.
    var evidence: UInt32 = 0
    /// Ticks that a result is about, leaks apart.
    package let window: UInt32
    /// Ticks from entry to entry.
    package let hop: UInt32
    /// n.
    package let entryCount: UInt32
    /// λ in Q15.
    package let decay: UInt16
    /// μ in Q15.
    package let evidenceDecay: UInt16
    package let integration: Integration
    package let shift: UInt8
    package let resetsNetwork: Bool
    /// Results begin with the first entry, not with the n-th.
    package let isEarly: Bool

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
        let first = model.u8(block &+ 3)
        if first > 1 { throw Refusal(.badValue, at: block &+ 3) }
        isEarly = first == 1
        window = try model.require(model.u32(block &+ 4), in: 1...0x100_0000, at: block &+ 4)
        hop = try model.require(model.u32(block &+ 8), in: 1...window, at: block &+ 8)
        let (count, rest) = quotient(window, hop)
        if rest != 0 || count > (integration == .leakySum ? 1 : 4096) { throw Refusal(.badValue, at: block &+ 8) }
        entryCount = count
        if isEarly && count == 1 { throw Refusal(.badValue, at: block &+ 3) }
        let decay = try model.require(
            model.u16(block &+ 12), in: 0...(integration == .leakySum ? 32768 : 0), at: block &+ 12)
        self.decay = UInt16(truncatingIfNeeded: decay)
        let evidenceDecay = try model.require(model.u16(block &+ 14), in: 0...(count == 1 ? 32768 : 0), at: block &+ 14)
        self.evidenceDecay = UInt16(truncatingIfNeeded: evidenceDecay)
    }

    /// Ticks to a fresh network's first result.
    var ticksToFirstResult: UInt32 { isEarly ? hop : window }

    var stateByteCount: UInt32 { 4 &* source.count }
    /// Values kept from entry to entry: at most 2^12 · 2^16.
    var evidenceCount: UInt32 { (entryCount > 1 ? entryCount : (evidenceDecay > 0 ? 1 : 0)) &* source.count }

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
            case .leakySum: scores[index(element)] = leak(score, decay, plus: x)
            }
        }
        counters.add(events: events)
    }

    /// clamp( tz( sum·decay, 15 ) + x, Lr ); |sum·decay| ≤ 2^46.
    private func leak(_ sum: Int32, _ decay: UInt16, plus x: Int32) -> Int32 {
        clamp(truncateQ15(product(sum, Int32(truncatingIfNeeded: decay))) &+ widen(x), Int32.max)
    }

    /// Ends a hop. `entriesBefore` counts as format.md section 13, part 1, says. Returns whether `result`, one value
    /// per class, was written.
    func completeEntry(
        _ workspace: Workspace, _ entriesBefore: UnsafeMutablePointer<UInt32>, _ result: UnsafeMutablePointer<Int32>
    ) -> Bool {
        let scores = workspace.int32s(state)
        let kept = workspace.int32s(evidence)
        let classes = index(source.count)
        var isResult = true
        if entryCount == 1 {
            for i in 0..<classes {
                result[i] = evidenceDecay == 0 ? scores[i] : leak(kept[i], evidenceDecay, plus: scores[i])
                if evidenceDecay != 0 { kept[i] = result[i] }
            }
        } else {
            let entries = entriesBefore[0]
            let place = index(entries >= entryCount ? entries &- entryCount : entries)
            for i in 0..<classes { kept[place &* classes &+ i] = scores[i] }
            entriesBefore[0] = entries &+ 1 == 2 &* entryCount ? entryCount : entries &+ 1
            isResult = isEarly || entriesBefore[0] >= entryCount
            if isResult {
                for i in 0..<classes {
                    var sum: Int64 = 0  // of at most 2^12 values below 2^31
                    for entry in 0..<index(entryCount) { sum &+= widen(kept[entry &* classes &+ i]) }
                    result[i] = clamp(sum, Int32.max)
                }
            }
        }
        if integration != .leakySum {
            for i in 0..<classes { scores[i] = 0 }
        }
        return isResult
    }
}
