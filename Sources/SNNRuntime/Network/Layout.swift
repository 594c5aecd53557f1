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
    /// Parts 1 to 3 of the state block (docs/format.md, "The state block"); the evidence is their end.
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
        let (file, opCount) = (model.file, model.opCount)
        var arena = Arena(capacity: capacity)
        control = try Layout.part(&arena, UInt32(truncatingIfNeeded: MemoryLayout<Control>.stride))
        let records = try Layout.part(
            &arena, opCount &* UInt32(truncatingIfNeeded: MemoryLayout<Step>.stride), alignment: 8)
        program = records
        let table = try Layout.part(&arena, 4 &* model.slotCount)
        slotTable = table
        let offsets = memory.map { ($0 + index(table.offset)).assumingMemoryBound(to: UInt32.self) }
        let steps = memory.map { ($0 + index(records.offset)).assumingMemoryBound(to: Step.self) }

        currents = try Layout.lay(.currents, of: file, &arena, offsets)
        transients = try Layout.lay(.otherTransients, of: file, &arena, offsets)

        var scratchByteCount: UInt32 = 0
        for op in 0..<opCount { scratchByteCount = max(scratchByteCount, file.declaration(ofOp: op).scratchByteCount) }
        scratch = try Layout.part(&arena, scratchByteCount)
        result = try Layout.part(&arena, 4 &* model.classCount)

        let start = try arena.take(8, alignment: 8)  // part 1: hop position, entries
        _ = try Layout.lay(.persistent, of: file, &arena, offsets)
        for number in 0..<opCount {
            let declaration = file.declaration(ofOp: number)
            let state = try arena.take(declaration.stateByteCount)
            guard let steps, let offsets else { continue }
            let record = file.record(ofOp: number)
            var header = OpHeader(source: record.source, target: record.target)
            (header.state, header.loop) = (state, declaration.loop.rawValue)
            header.source.offset = offsets[index(file.sourceSlot(ofOp: number))]
            let target = file.targetSlot(ofOp: number)
            header.target.offset = target == Record.Op.noSlot ? 0 : offsets[index(target)]
            let step = steps + index(number)
            step.pointee = Step(header: header)
            file.ask(.body, ofOp: number, Step.body(step))
        }
        let readout = file.record(ofOp: model.readoutIndex)
        let evidence = try arena.take(4 &* model.readout.evidenceCount(readout.source))
        if let steps {
            Step.body(steps + index(model.readoutIndex)).assumingMemoryBound(to: Readout.self).pointee.evidence =
                evidence
        }
        state = Part(offset: start, byteCount: arena.used &- start)
        usage = try Layout.part(&arena, Usage.byteCount(opCount: opCount, isFull: isFull), alignment: 8)
    }

    private enum Sort { case currents, otherTransients, persistent }

    /// Lays out the slots of one sort, in their order.
    private static func lay(
        _ wanted: Sort, of file: FileView, _ arena: inout Arena, _ offsets: UnsafeMutablePointer<UInt32>?
    ) throws(Refusal) -> Part {
        let start = arena.used
        for number in 0..<file.slotCount {
            let slot = file.slot(number)
            let sort: Sort = slot.kind == .current ? .currents : (slot.isPersistent ? .persistent : .otherTransients)
            if sort != wanted { continue }
            let offset = try arena.take(slot.byteCount)
            offsets?[index(number)] = offset
        }
        return Part(offset: start, byteCount: arena.used &- start)
    }

    private static func part(_ arena: inout Arena, _ byteCount: UInt32, alignment: UInt32 = 4) throws(Refusal) -> Part {
        Part(offset: try arena.take(byteCount, alignment: alignment), byteCount: byteCount)
    }
}
