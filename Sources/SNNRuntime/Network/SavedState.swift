// Saving, restoring and cloning state (docs/format.md, "A saved state").

extension Network {
    /// Bytes that `save` writes.
    public var savedByteCount: Int { index(Record.SavedState.byteCount) &+ stateBlock.count &+ 4 }

    /// Offset 4 on: layout, accounting mode and version.
    private var savedVersions: UInt32 {
        Record.SavedState.layoutNumber | accounting.rawValue &<< 16 | Record.SavedState.accountingNumber &<< 24
    }

    /// Writes the network's state with what it belongs to, to be restored here or on another machine.
    ///
    /// - Parameter buffer: at least `savedByteCount` bytes, of any alignment; refused as a bad argument else.
    public func save(to buffer: UnsafeMutableRawBufferPointer) throws(Refusal) {
        typealias Field = Record.SavedState
        guard let start = buffer.baseAddress, buffer.count >= savedByteCount else { throw Refusal(.badArgument) }
        let block = stateBlock
        func store(_ value: UInt32, _ at: UInt32) {
            start.storeBytes(of: value, toByteOffset: index(at), as: UInt32.self)
        }
        store(Field.magic, 0)
        store(savedVersions, Field.version)
        store(model.checksum, Field.model)
        store(UInt32(truncatingIfNeeded: block.count), Field.blockByteCount)
        (start + index(Field.byteCount)).copyMemory(from: block.baseAddress!, byteCount: block.count)
        let body = savedByteCount &- 4
        store(crc32c(UnsafeRawPointer(start), body, after: 0, model.level), UInt32(truncatingIfNeeded: body))
    }

    /// Continues from a saved state. It is untrusted: whatever is not a state that this network could be in is
    /// refused, with the offset of the byte at fault, and the network then stays as it was.
    public func restore(from saved: UnsafeRawBufferPointer) throws(Refusal) {
        typealias Field = Record.SavedState
        guard let start = saved.baseAddress else { throw Refusal(.badArgument) }
        let body = savedByteCount &- 4
        func word(_ at: UInt32) -> UInt32 { (start + index(at)).loadUnaligned(as: UInt32.self) }
        if saved.count < index(Field.byteCount) || word(0) != Field.magic
            || word(Field.version) & 0xffff != Field.layoutNumber
        {
            throw Refusal(.notAState)
        }
        let differing = word(Field.version) ^ savedVersions
        if differing & 0x00ff_0000 != 0 { throw Refusal(.otherModel, at: Field.accountingMode) }
        if differing != 0 { throw Refusal(.otherModel, at: Field.accountingVersion) }
        if word(Field.model) != model.checksum { throw Refusal(.otherModel, at: Field.model) }
        if word(Field.blockByteCount) != UInt32(truncatingIfNeeded: stateBlock.count) {
            throw Refusal(.badState, at: Field.blockByteCount)
        }
        if saved.count < savedByteCount { throw Refusal(.badState, at: saturatedCount(saved.count)) }
        let trailer = UInt32(truncatingIfNeeded: body)
        if word(trailer) != crc32c(start, body, after: 0, model.level) { throw Refusal(.badState, at: trailer) }
        try StateCheck(network: self, block: start + index(Field.byteCount)).check()
        UnsafeMutableRawPointer(mutating: stateBlock.baseAddress!).copyMemory(
            from: start + index(Field.byteCount), byteCount: stateBlock.count)
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
}
