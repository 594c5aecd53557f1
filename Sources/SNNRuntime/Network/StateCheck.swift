/// Holds an untrusted state block to the ranges of docs/format.md, "A saved state". It folds over slots and what ops declare.
struct StateCheck {
    let network: Network
    let block: UnsafeRawPointer

    func check() throws(Refusal) {
        let control = network.control.pointee
        let file = network.model.file
        let (header, readout) = network.readout
        try require(word(0) < readout.hop, 0)
        try require(word(4) < (readout.entryCount > 1 ? 2 &* readout.entryCount : 1), 4)
        var at: UInt32 = 8
        for number in 0..<file.slotCount {
            let slot = file.slot(number)
            if slot.isPersistent { at = try checkElements(slot, at, hasNumber: true) }
        }
        for number in 0..<control.opCount {
            if !file.linksLoader(ofOp: number) { throw Refusal(.unsupported) }
            let declaration = file.declaration(ofOp: number)
            if let ring = declaration.ring {
                try require(word(at) < ring.depth, at)
                at = at &+ 4
                for _ in 0..<ring.depth { at = try checkElements(ring.slot, at, hasNumber: false) }
            }
            for i in 0..<declaration.variableCount {
                let variable = declaration.variables[i]
                at = try checkValues(variable.count, at, isWide: variable.isWide, variable.low, variable.high)
            }
        }
        at = try checkValues(readout.evidenceCount(header.source), at, isWide: true, 0 &- Int32.max, Int32.max)
        // The counters lie at a multiple of 8; what is before them is padding.
        let usage = control.usage &- control.state
        for at in at..<usage { try require((block + index(at)).load(as: UInt8.self) == 0, at) }
        try require(word(usage &+ Usage.reserved) == 0, usage &+ Usage.reserved)
    }

    /// The elements of a slot or of a frame of it; spikes of 1 bit have their number before them in a slot. Returns where they end.
    @inline(never)
    private func checkElements(_ slot: Slot, _ start: UInt32, hasNumber: Bool) throws(Refusal) -> UInt32 {
        if !slot.isBitmap {
            let low = slot.kind == .spikes ? 0 : 0 &- slot.limit
            return try checkValues(slot.count, start, isWide: slot.isWide, low, slot.limit)
        }
        var (at, ones): (UInt32, UInt32) = (hasNumber ? start &+ 4 : start, 0)
        for number in 0..<spikeWordCount(slot.count) {
            var bits = word(at)
            let used = slot.count &- 32 &* number
            if used < 32 { try require(bits &>> used == 0, at) }
            while bits != 0 {
                bits &= bits &- 1
                ones &+= 1
            }
            at = at &+ 4
        }
        if hasNumber { try require(word(start) == ones, start) }
        return at
    }

    /// `count` values in low … high, padded with 0 to a multiple of 4 bytes. Returns where they end.
    @inline(never)
    private func checkValues(
        _ count: UInt32, _ start: UInt32, isWide: Bool, _ low: Int32, _ high: Int32
    ) throws(Refusal) -> UInt32 {
        var at = start
        for _ in 0..<count {
            let value = isWide ? Int32(bitPattern: word(at)) : half(at)
            try require(value >= low && value <= high, at)
            at = at &+ (isWide ? 4 : 2)
        }
        if at & 3 == 0 { return at }
        try require(half(at) == 0, at)
        return at &+ 2
    }

    /// `at` counts from the start of the block.
    private func require(_ condition: Bool, _ at: UInt32) throws(Refusal) {
        if !condition { throw Refusal(.badState, at: Record.SavedState.byteCount &+ at) }
    }

    private func word(_ at: UInt32) -> UInt32 { (block + index(at)).loadUnaligned(as: UInt32.self) }
    private func half(_ at: UInt32) -> Int32 { (block + index(at)).loadUnaligned(as: Int16.self).value }
}
