/// Where a network's parts lie in its arena. Measuring and opening run the same code, so the size that is
/// reported is the size that is needed, on every target alike.
public struct Layout {
    /// A part of the arena, in bytes from its start.
    public struct Part {
        public let offset: UInt32
        public let byteCount: UInt32
    }

    /// Control block, fixed size.
    public let control: Part
    /// The decoded program, one record per op.
    public let program: Part
    /// Where each slot lies, 4 bytes per slot.
    public let slotTable: Part
    /// Current slots: zeroed at every tick.
    public let currents: Part
    /// The other transient slots: samples, spikes and analog values of this tick.
    public let transients: Part
    /// Working memory that ops share, one after the other.
    public let scratch: Part
    /// Scores of the latest result.
    public let result: Part
    /// Parts 1 to 3 of the state block (format.md section 13); the evidence is their end.
    public let state: Part
    /// Part 4: usage counters.
    public let usage: Part

    /// Arena bytes that opening needs, exactly.
    public var byteCount: UInt32 { usage.offset &+ usage.byteCount }
    /// The whole state block.
    public var stateBlock: Part { Part(offset: state.offset, byteCount: byteCount &- state.offset) }

    /// - Parameters:
    ///   - capacity: arena bytes; UInt32.max to measure.
    ///   - arena: nil to measure; else the slot table and the program are written to it.
    init(of model: Model, isFull: Bool, capacity: UInt32, arena memory: UnsafeMutableRawPointer?) throws(Refusal) {
        var arena = Arena(capacity: capacity)
        control = try Layout.part(&arena, UInt32(truncatingIfNeeded: MemoryLayout<Control>.stride))
        program = try Layout.part(
            &arena, model.opCount &* UInt32(truncatingIfNeeded: MemoryLayout<Op>.stride), alignment: 8)
        let table = try Layout.part(&arena, 4 &* model.slotCount)
        slotTable = table
        let places = memory.map { ($0 + index(table.offset)).assumingMemoryBound(to: UInt32.self) }

        currents = try Layout.place(.currents, of: model, &arena, places)
        transients = try Layout.place(.otherTransients, of: model, &arena, places)

        var scratchByteCount: UInt32 = 0
        for op in 0..<model.opCount { scratchByteCount = max(scratchByteCount, try model.parseOp(op).scratchByteCount) }
        scratch = try Layout.part(&arena, scratchByteCount)
        result = try Layout.part(&arena, 4 &* model.classCount)

        let start = try arena.take(8, alignment: 8)  // part 1: hop position, entries
        _ = try Layout.place(.persistent, of: model, &arena, places)
        for number in 0..<model.opCount {
            var op = try model.parseOp(number)
            let place = try arena.take(op.stateByteCount)
            guard let memory, let places else { continue }
            let target = model.targetSlot(ofOp: number)
            op.place(
                source: places[index(model.sourceSlot(ofOp: number))],
                target: target == noSlot ? 0 : places[index(target)], state: place, scratch: scratch.offset)
            (memory + index(program.offset)).assumingMemoryBound(to: Op.self)[index(number)] = op
        }
        var readout = try model.parseReadout()
        readout.evidence = try arena.take(4 &* readout.evidenceCount)
        if let memory {
            let placed = (memory + index(program.offset)).assumingMemoryBound(to: Op.self) + index(model.readoutIndex)
            if case .readout(let op) = placed.pointee { (readout.source, readout.state) = (op.source, op.state) }
            placed.pointee = .readout(readout)
        }
        state = Part(offset: start, byteCount: arena.used &- start)
        usage = try Layout.part(&arena, Usage.byteCount(opCount: model.opCount, isFull: isFull), alignment: 8)
    }

    private enum Wanted { case currents, otherTransients, persistent }

    /// Places the slots of one sort, in their order.
    private static func place(
        _ wanted: Wanted, of model: Model, _ arena: inout Arena, _ places: UnsafeMutablePointer<UInt32>?
    ) throws(Refusal) -> Part {
        let start = arena.used
        for number in 0..<model.slotCount {
            let slot = model.slot(number)
            let sort: Wanted = slot.kind == .current ? .currents : (slot.isPersistent ? .persistent : .otherTransients)
            if sort != wanted { continue }
            let place = try arena.take(slot.byteCount)
            places?[index(number)] = place
        }
        return Part(offset: start, byteCount: arena.used &- start)
    }

    private static func part(_ arena: inout Arena, _ byteCount: UInt32, alignment: UInt32 = 4) throws(Refusal) -> Part {
        Part(offset: try arena.take(byteCount, alignment: alignment), byteCount: byteCount)
    }
}
