/// Where a network's parts lie in its arena. Measuring and opening run the same code, so the size that is
/// reported is the size that is needed, on every target alike.
public struct Layout {
    /// A part of the arena, in bytes from its start.
    public struct Part {
        public let offset: UInt32
        public let byteCount: UInt32
    }

    /// The decoded program, one record per op, right behind the control block.
    let programOffset: UInt32
    let slotTableOffset: UInt32
    let currentsOffset: UInt32
    let transientsOffset: UInt32
    let scratchOffset: UInt32
    let resultOffset: UInt32
    let resultEnd: UInt32
    let stateOffset: UInt32
    /// Where the counters' alignment begins, and they.
    let stateEnd: UInt32
    let usageOffset: UInt32
    /// Arena bytes that opening needs, exactly.
    public let byteCount: UInt32

    /// Control block, fixed size.
    public var control: Part { Part(offset: 0, byteCount: UInt32(truncatingIfNeeded: MemoryLayout<Control>.stride)) }
    /// The decoded program, one record per op.
    public var program: Part { part(programOffset, slotTableOffset) }
    /// Where each slot lies, 4 bytes per slot.
    public var slotTable: Part { part(slotTableOffset, currentsOffset) }
    /// Current slots: zeroed at every tick.
    public var currents: Part { part(currentsOffset, transientsOffset) }
    /// The other transient slots: samples, spikes and analog values of this tick.
    public var transients: Part { part(transientsOffset, scratchOffset) }
    /// Working memory that ops share, one after the other.
    public var scratch: Part { part(scratchOffset, resultOffset) }
    /// Scores of the latest result.
    public var result: Part { part(resultOffset, resultEnd) }
    /// Parts 1 to 3 of the state block (docs/format.md, "The state block"); the evidence is their end.
    public var state: Part { part(stateOffset, stateEnd) }
    /// Part 4: usage counters.
    public var usage: Part { part(usageOffset, byteCount) }
    /// The whole state block.
    public var stateBlock: Part { part(stateOffset, byteCount) }

    private func part(_ start: UInt32, _ end: UInt32) -> Part { Part(offset: start, byteCount: end &- start) }

    /// - Parameters:
    ///   - capacity: arena bytes; UInt32.max to measure.
    ///   - arena: nil to measure; else the slot table and the program are written to it.
    @inline(never)
    init(of model: Model, isFull: Bool, capacity: UInt32, arena memory: UnsafeMutableRawPointer?) throws(Refusal) {
        let (file, opCount) = (model.file, model.opCount)
        var arena = Arena(capacity: capacity)
        _ = arena.take(UInt32(truncatingIfNeeded: MemoryLayout<Control>.stride))
        let programOffset = arena.take(
            opCount &* UInt32(truncatingIfNeeded: MemoryLayout<Step>.stride), alignment: 8)
        let slotTableOffset = arena.take(4 &* model.slotCount)
        (self.programOffset, self.slotTableOffset) = (programOffset, slotTableOffset)
        let steps = memory.map { ($0 + index(programOffset)).assumingMemoryBound(to: Step.self) }
        let offsets = memory.map { ($0 + index(slotTableOffset)).assumingMemoryBound(to: UInt32.self) }
        let slots = SlotPlaces(file: file, offsets: offsets)

        currentsOffset = slots.lay(.currents, &arena)
        transientsOffset = slots.lay(.otherTransients, &arena)

        var scratchByteCount: UInt32 = 0
        for op in 0..<opCount { scratchByteCount = max(scratchByteCount, file.scratchByteCount(ofOp: op)) }
        scratchOffset = arena.take(scratchByteCount)
        resultOffset = arena.take(4 &* model.classCount)
        resultEnd = arena.used

        stateOffset = arena.take(8, alignment: 8)  // part 1: hop position, entries
        _ = slots.lay(.persistent, &arena)
        for number in 0..<opCount {
            let state = arena.take(file.stateByteCount(ofOp: number))
            // In a measured arena, since this one has as many bytes.
            guard let steps, let offsets, arena.fits else { continue }
            let record = file.record(ofOp: number)
            var header = OpHeader(source: record.source, target: record.target)
            (header.state, header.loop) = (state, file.loop(ofOp: number).rawValue)
            header.source.offset = offsets[index(file.sourceSlot(ofOp: number))]
            let target = file.targetSlot(ofOp: number)
            header.target.offset = target == Record.Op.noSlot ? 0 : offsets[index(target)]
            steps[index(number)] = Step(header: header)
            file.ask(.body, ofOp: number, Step.body(steps + index(number)))
        }
        let source = file.record(ofOp: model.readoutIndex).source
        let evidence = arena.take(4 &* model.readout.evidenceCount(source))
        if let steps, arena.fits {
            Step.body(steps + index(model.readoutIndex)).assumingMemoryBound(to: Readout.self).pointee.evidence =
                evidence
        }
        stateEnd = arena.used
        usageOffset = arena.take(Usage.byteCount(opCount: opCount, isFull: isFull), alignment: 8)
        byteCount = arena.used
        if !arena.fits { throw Refusal(.arenaTooSmall) }
    }
}

/// The slots of a file and where they are laid; nowhere while measuring.
private struct SlotPlaces {
    enum Sort { case currents, otherTransients, persistent }

    let file: FileView
    let offsets: UnsafeMutablePointer<UInt32>?

    /// Lays out the slots of one sort, in their order. Returns where they begin.
    @inline(never)
    func lay(_ wanted: Sort, _ arena: inout Arena) -> UInt32 {
        let start = arena.used
        for number in 0..<file.slotCount {
            let slot = file.slot(number)
            let sort: Sort = slot.kind == .current ? .currents : (slot.isPersistent ? .persistent : .otherTransients)
            if sort != wanted { continue }
            let offset = arena.take(slot.byteCount)
            if arena.fits { offsets?[index(number)] = offset }
        }
        return start
    }
}
