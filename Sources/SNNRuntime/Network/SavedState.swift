// Saving, restoring and cloning state, and the self-test: format.md sections 11 and 18.

private let savedMagic: UInt32 = 0x534e_4e53  // "SNNS"
private let savedHeaderByteCount: UInt32 = 16

extension Network {
    /// Bytes that `save` writes.
    public var savedByteCount: Int { Int(truncatingIfNeeded: savedHeaderByteCount) &+ stateBlock.count &+ 4 }

    /// Writes the network's state with what it belongs to, to be restored here or on another machine.
    ///
    /// - Parameter buffer: at least `savedByteCount` bytes, of any alignment; refused as a bad argument else.
    public func save(to buffer: UnsafeMutableRawBufferPointer) throws(Refusal) {
        guard let start = buffer.baseAddress, buffer.count >= savedByteCount else { throw Refusal(.badArgument) }
        let block = stateBlock
        start.storeBytes(of: savedMagic, as: UInt32.self)
        start.storeBytes(of: 1 | accounting.rawValue &<< 16, toByteOffset: 4, as: UInt32.self)
        start.storeBytes(of: model.checksum, toByteOffset: 8, as: UInt32.self)
        start.storeBytes(of: UInt32(truncatingIfNeeded: block.count), toByteOffset: 12, as: UInt32.self)
        (start + 16).copyMemory(from: block.baseAddress!, byteCount: block.count)
        let body = savedByteCount &- 4
        start.storeBytes(of: crc32c(UnsafeRawPointer(start), body, after: 0), toByteOffset: body, as: UInt32.self)
    }

    /// Continues from a saved state. It is untrusted: whatever is not a state that this network could be in is
    /// refused, with the offset of the byte at fault, and the network then stays as it was.
    public func restore(from saved: UnsafeRawBufferPointer) throws(Refusal) {
        guard let start = saved.baseAddress else { throw Refusal(.badArgument) }
        let body = savedByteCount &- 4
        if saved.count < 16 || word(start, 0) != savedMagic || word(start, 4) & 0xffff != 1 {
            throw Refusal(.notAState)
        }
        if word(start, 4) &>> 16 != accounting.rawValue { throw Refusal(.otherModel, at: 6) }
        if word(start, 8) != model.checksum { throw Refusal(.otherModel, at: 8) }
        if word(start, 12) != UInt32(truncatingIfNeeded: stateBlock.count) { throw Refusal(.badState, at: 12) }
        if saved.count < savedByteCount { throw Refusal(.badState, at: saturatedCount(saved.count)) }
        let trailer = UInt32(truncatingIfNeeded: body)
        if word(start, trailer) != crc32c(start, body, after: 0) { throw Refusal(.badState, at: trailer) }
        try StateChecker(network: self, block: start + 16).check()
        UnsafeMutableRawPointer(mutating: stateBlock.baseAddress!).copyMemory(
            from: start + 16, byteCount: stateBlock.count)
        forgetTick()
    }

    /// Copies the whole network, its latest result included, into other memory of the same size (8-byte aligned).
    /// Arenas hold offsets, so their bytes are the network wherever they lie.
    public func clone(in memory: UnsafeMutableRawBufferPointer) throws(Refusal) -> Network {
        guard let target = memory.baseAddress else { throw Refusal(.badArgument) }
        if UInt(bitPattern: target) & 7 != 0 { throw Refusal(.misaligned) }
        if memory.count < arenaByteCount { throw Refusal(.arenaTooSmall) }
        target.copyMemory(from: UnsafeRawPointer(arena), byteCount: arenaByteCount)
        guard let copy = Network(openedIn: target) else { throw Refusal(.notANetwork) }
        return copy
    }

    /// Runs the input that the file carries on a fresh network in `memory` and compares the output checksum.
    public static func runSelfTest(_ model: Model, in memory: UnsafeMutableRawBufferPointer) throws(Refusal) {
        guard let test = model.selfTest, test.frameCount >= model.ticksToFirstResult else { throw Refusal(.noSelfTest) }
        let network = try Network(model, in: memory)
        var frames = test.frames
        var left = index(test.frameCount)
        while left > 0 {
            let taken = network.push(frames, frameCount: left).taken
            frames += taken &* index(model.channelCount)
            left &-= taken
        }
        if network.outputChecksum != test.checksum { throw Refusal(.selfTestFailed) }
    }
}

/// Holds an untrusted state block to the ranges of format.md section 13.
private struct StateChecker {
    let network: Network
    let block: UnsafeRawPointer
    private let scoreRange = -Int32.max...Int32.max

    func check() throws(Refusal) {
        let control = network.control.pointee
        let model = network.model
        let readout = network.readout
        try require(word(block, 0) < readout.hop, 0)
        try require(word(block, 4) < (readout.entryCount > 1 ? 2 &* readout.entryCount : 1), 4)
        var end: UInt32 = 8
        for number in 0..<model.slotCount {
            let slot = network.placedSlot(number)
            if !slot.isPersistent { continue }
            let offset = slot.place &- control.state
            end = offset &+ slot.byteCount
            if slot.isBitmap {
                let ones = try countBits(slot, offset &+ 4)
                try require(word(block, offset) == ones, offset)
            } else {
                try checkElements(slot, offset)
            }
        }
        for number in 0..<model.opCount {
            switch network.program[index(number)] {
            case .lif(let op):
                var offset = op.state &- control.state
                for variable in 0..<op.variableCount {
                    if op.isWide {
                        try checkWords(op.source.count, offset, op.range(ofVariable: variable))
                    } else {
                        try checkHalves(op.source.count, offset, op.range(ofVariable: variable))
                    }
                    offset = offset &+ op.variableByteCount
                }
                end = max(end, offset)
            case .readout(let op):
                let offset = op.state &- control.state
                try checkWords(op.source.count, offset, scoreRange)
                end = offset &+ op.stateByteCount
            case .sparse(let op):
                if let ring = op.ring { end = max(end, try checkRing(ring)) }
            case .delay(let op): end = max(end, try checkRing(op.ring))
            case .loihi(let op):
                let (offset, count) = (op.state &- control.state, op.source.count)
                try checkWords(count, offset, 0 &- Loihi.limit...Loihi.limit &+ 1)
                try checkWords(count, offset &+ 4 &* count, 0 &- Loihi.limit...Loihi.limit)
                end = max(end, offset &+ op.stateByteCount)
            case .xylo(let op):
                let offset = op.state &- control.state
                try checkHalves(op.target.count, offset, -32768...32767)
                end = max(end, offset &+ op.stateByteCount)
            case .input, .projection, .memory, .recurrence, .convolution, .pool, .activation: break
            }
        }
        let evidence = readout.evidence &- control.state
        try checkWords(readout.evidenceCount, evidence, scoreRange)
        end = evidence &+ 4 &* readout.evidenceCount
        // The counters lie at a multiple of 8; what is before them is padding.
        let usage = control.usage &- control.state
        for at in end..<usage { try require((block + index(at)).load(as: UInt8.self) == 0, at) }
        try require(word(block, usage &+ 20) == 0, usage &+ 20)
    }

    /// Frames kept. Returns where the ring ends.
    private func checkRing(_ ring: FrameRing) throws(Refusal) -> UInt32 {
        let start = ring.state &- network.control.pointee.state
        try require(word(block, start) < ring.depth, start)
        for number in 0..<ring.depth {
            let frame = start &+ 4 &+ number &* ring.frameByteCount
            if ring.slot.isBitmap {
                _ = try countBits(ring.slot, frame)
            } else {
                try checkElements(ring.slot, frame)
            }
        }
        return start &+ ring.byteCount
    }

    /// Elements that are not single bits.
    private func checkElements(_ slot: Slot, _ offset: UInt32) throws(Refusal) {
        let range = (slot.kind == .spikes ? 0 : 0 &- slot.limit)...slot.limit
        if slot.bits == 32 {
            try checkWords(slot.count, offset, range)
        } else {
            try checkHalves(slot.count, offset, range)
        }
    }

    /// The ones among a slot's bits, which start at `offset`.
    private func countBits(_ slot: Slot, _ offset: UInt32) throws(Refusal) -> UInt32 {
        var ones: UInt32 = 0
        for number in 0..<spikeWordCount(slot.count) {
            let at = offset &+ 4 &* number
            var bits = word(block, at)
            let used = slot.count &- 32 &* number
            if used < 32 { try require(bits &>> used == 0, at) }
            while bits != 0 {
                bits &= bits &- 1
                ones &+= 1
            }
        }
        return ones
    }

    private func checkWords(_ count: UInt32, _ offset: UInt32, _ range: ClosedRange<Int32>) throws(Refusal) {
        for i in 0..<count {
            let value = Int32(bitPattern: word(block, offset &+ 4 &* i))
            try require(value >= range.lowerBound && value <= range.upperBound, offset &+ 4 &* i)
        }
    }

    private func checkHalves(_ count: UInt32, _ offset: UInt32, _ range: ClosedRange<Int32>) throws(Refusal) {
        for i in 0..<count {
            let at = offset &+ 2 &* i
            let value = Int32(truncatingIfNeeded: (block + index(at)).loadUnaligned(as: Int16.self))
            try require(value >= range.lowerBound && value <= range.upperBound, at)
        }
        if count & 1 != 0 {
            let at = offset &+ 2 &* count
            try require((block + index(at)).loadUnaligned(as: Int16.self) == 0, at)
        }
    }

    /// `at` counts from the start of the block.
    private func require(_ condition: Bool, _ at: UInt32) throws(Refusal) {
        if !condition { throw Refusal(.badState, at: savedHeaderByteCount &+ at) }
    }
}

private func word(_ start: UnsafeRawPointer, _ at: UInt32) -> UInt32 {
    (start + index(at)).loadUnaligned(as: UInt32.self)
}
