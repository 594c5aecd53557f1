/// delay: a slot some ticks ago (docs/format.md, "delay"), 0 before the first tick:
///
///     y[i] = x[i] of d[i] ticks ago
package struct Delay: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 8
        /// D.
        package static let depth: UInt32 = 0
        package static let arrayFlags: UInt32 = 2
        package static let reserved: UInt32 = 3
        package static let delay: UInt32 = 4
    }

    static let fields: InlineArray<4, Field> = [
        .number(Block.depth, .u16, 1, 4096), .flags(Block.arrayFlags, 1), .reserved(Block.reserved, .u8),
        .parameter(Block.delay, 0, .u16, 0, 4095),
    ]

    /// File offset of the parameter block.
    private let block: UInt32
    /// D.
    package let depth: UInt16
    package let isPerElement: Bool

    init(_ record: OpRecord) {
        block = record.block
        depth = UInt16(truncatingIfNeeded: record.file.u16(block &+ Block.depth))
        isPerElement = record.file.u8(block &+ Block.arrayFlags) != 0
    }

    private func ring(_ source: Slot) -> FrameRing { FrameRing(slot: source, depth: UInt32(truncatingIfNeeded: depth)) }
    private var arrays: UInt8 { isPerElement ? 1 : 0 }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Delay(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        let (source, target) = (record.source, record.target)
        try record.requireSource(SlotTypes.signals.contains(source.type))
        try record.requireTarget(
            target.kind == source.kind && target.bits == source.bits && target.count == source.count)
        let (file, depth) = (record.file, UInt32(truncatingIfNeeded: depth))
        try record.require(isPerElement || file.u32(block &+ Block.delay) < depth, Block.delay)
        try record.requireArrays(Delay.fields.span, arrays, count: record.source.count)
        if !isPerElement { return }
        let array = file.parameter(block &+ Block.delay, isArray: true)
        for i in 0..<record.source.count where file.u16(array &+ 2 &* i) >= depth {
            throw Refusal(.badValue, at: array &+ 2 &* i)
        }
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Delay(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .delay
        declaration.ring = ring(record.source)
        declaration.passes = 3
        declaration.parameterBits = record.file.parameterBits(Delay.fields.span, arrays, count: record.source.count)
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let (source, ring) = (header.source, ring(header.source))
        ring.take(workspace, header.state)
        counters.add(events: workspace.eventCount(source))
        let row = Row<UInt16>(
            workspace.parameter(block &+ Block.delay, isArray: isPerElement), isArray: isPerElement)
        let newest = ring.frame(ago: 0, workspace, header.state)
        let (byteCount, place) = (ring.frameByteCount, workspace.words(header.state)[0])
        var outputs = SpikeWriter(workspace.arena + index(header.target.offset), isGraded: false)
        if source.isBitmap { outputs.begin(from: 0, of: source.count, 0) }
        for i in 0..<index(source.count) {
            let delay = UInt32(truncatingIfNeeded: row[i])
            // A delay above the place wraps around.
            let frame = newest &- delay &* byteCount &+ (delay > place ? ring.depth &* byteCount : 0)
            if source.isBitmap {
                let word = workspace.words(frame)[i &>> 5]
                outputs.put(Int32(bitPattern: (word &>> UInt32(truncatingIfNeeded: i & 31)) & 1), i)
            } else if source.isWide {
                workspace.int32s(header.target.offset)[i] = workspace.int32s(frame)[i]
            } else {
                workspace.int16s(header.target.offset)[i] = workspace.int16s(frame)[i]
            }
        }
        if source.isBitmap { _ = outputs.finish() }
        ring.advance(workspace, header.state)
    }
}

#if !hasFeature(Embedded)
    extension Delay {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            isPerElement ? "up to \(depth - 1) ticks, per element" : "\(depth - 1) ticks at most"
        }
    }
#endif
