/// A running network: a program and its state, in memory that the caller supplied. Valid for as long as
/// arena and model bytes stay where they are. Nothing to close.
public struct Network {
    /// How much is counted while the network runs (docs/format.md, "Accounting").
    public enum Accounting: UInt32, Sendable {
        /// Events only; what derives from them is exact.
        case basic = 0
        /// Effective operations and membrane updates too.
        case full = 1
    }

    /// Refuses a model that exceeds the limits of a network.
    @inline(never)
    public static func check(_ limits: Model.Limits, _ model: Model, accounting: Accounting) throws(Refusal) {
        let byteCount = try layout(of: model, accounting: accounting).byteCount
        let isOver =
            (limits.arenaByteCount != 0 && widen(byteCount) > limits.arenaByteCount)
            || (limits.sAcePerResult != 0 && model.sAcePerResult > limits.sAcePerResult)
        if isOver { throw Refusal(.overBudget) }
    }

    let arena: UnsafeMutableRawPointer
    let control: UnsafeMutablePointer<Control>

    /// The network of an arena whose control block has just been written, at rest.
    init(startingIn arena: UnsafeMutableRawPointer) {
        self.arena = arena
        control = arena.assumingMemoryBound(to: Control.self)
        resetState()
        resetUsage()
    }

    /// Opens a network in `memory` (8-byte aligned, at least `layout(of:).byteCount` bytes).
    public init(
        _ model: Model, in memory: UnsafeMutableRawBufferPointer, accounting: Accounting = .basic
    ) throws(Refusal) {
        guard let arena = memory.baseAddress else { throw Refusal(.badArgument) }
        if UInt(bitPattern: arena) & 7 != 0 { throw Refusal(.misaligned) }
        let needed = try Network.layout(of: model, accounting: accounting)
        if accounting == .full { try model.requireCounting() }
        if saturatedCount(memory.count) < needed.byteCount { throw Refusal(.arenaTooSmall) }

        let layout = try Layout(of: model, isFull: accounting == .full, capacity: needed.byteCount, arena: arena)
        let file = model.file
        let slots = (arena + index(layout.slotTableOffset)).assumingMemoryBound(to: UInt32.self)

        arena.assumingMemoryBound(to: Control.self).pointee = Control(
            file: address(file.base), checksum: model.checksum, modelByteCount: model.byteCount,
            image: 0, opCount16: UInt16(truncatingIfNeeded: model.opCount),
            channelCount16: UInt16(truncatingIfNeeded: model.channelCount),
            classCount16: UInt16(truncatingIfNeeded: model.classCount),
            readout16: UInt16(truncatingIfNeeded: model.readoutIndex), slotTable: layout.slotTableOffset,
            currents: layout.currentsOffset, currentsByteCount: layout.transientsOffset &- layout.currentsOffset,
            samples: slots[index(file.samplesSlot)], scratch: layout.scratchOffset, result: layout.resultOffset,
            state: layout.stateOffset, usage: layout.usageOffset, hop: model.ticksPerResult,
            isFull: accounting == .full, level: model.level)
        self.init(startingIn: arena)
    }

    /// A network opened earlier in this memory; nil if there is none.
    public init?(openedIn memory: UnsafeMutableRawPointer) {
        if UInt(bitPattern: memory) & 7 != 0 { return nil }
        arena = memory
        control = memory.assumingMemoryBound(to: Control.self)
        if control.pointee.magic != Control.magic || control.pointee.file == 0 { return nil }
    }

    /// The arena that opening will need, part by part.
    public static func layout(of model: Model, accounting: Accounting = .basic) throws(Refusal) -> Layout {
        try Layout(of: model, isFull: accounting == .full, capacity: UInt32.max, arena: nil)
    }

    // MARK: Running

    /// Where the samples of a tick's frame lie while it runs, channelCount of them. A caller may make a frame there and push
    /// it from there.
    public var frame: UnsafeMutablePointer<Int16> { workspace.int16s(control.pointee.samples) }
    public var channelCount: UInt32 { control.pointee.channelCount }

    /// Runs ticks until the samples are used up or a result is issued.
    ///
    /// - Parameter samples: frameCount × channelCount raw samples, frame after frame.
    /// - Returns: how many frames were taken, and whether the last of them issued a result.
    public func push(_ samples: UnsafePointer<Int16>, frameCount: Int) -> (taken: Int, hasResult: Bool) {
        let stride = index(control.pointee.channelCount)
        var taken = 0
        while taken < frameCount {
            let isDone = tick(samples + taken &* stride, afterOp: {})
            taken &+= 1
            if isDone { return (taken, true) }
        }
        return (taken, false)
    }

    /// Runs one tick and calls `afterOp` after each op, for measurements. `frame`: channelCount raw samples.
    package func push(_ frame: UnsafePointer<Int16>, afterOp: () -> Void) { _ = tick(frame, afterOp: afterOp) }

    /// One tick (docs/format.md, "The tick"). True if it issued a result.
    @inline(__always)
    private func tick(_ frame: UnsafePointer<Int16>, afterOp: () -> Void) -> Bool {
        let workspace = workspace
        let samples = workspace.int16s(control.pointee.samples)
        for channel in 0..<index(control.pointee.channelCount) { samples[channel] = frame[channel] }
        zero(control.pointee.currents, control.pointee.currentsByteCount)

        let program = program
        let isFull = control.pointee.isFull
        let stride = isFull ? 4 : 1
        var counters = usage.perOp
        for number in 0..<index(control.pointee.opCount) {
            if isFull { Step.count(program + number, workspace, Counters(first: counters, isFull: true)) }
            Step.tick(program + number, workspace, Counters(first: counters, isFull: isFull))
            counters += stride
            afterOp()
        }

        usage.header[0] &+= 1
        let position = workspace.words(control.pointee.state)
        position[0] &+= 1
        if position[0] != control.pointee.hop { return false }
        position[0] = 0
        return completeHop(workspace, position + 1)
    }

    /// A hop's end: an entry, and its result, if it gives one.
    @inline(never)
    private func completeHop(_ workspace: Workspace, _ entries: UnsafeMutablePointer<UInt32>) -> Bool {
        let (header, readout) = readout
        let result = workspace.int32s(control.pointee.result)
        beginResult()
        let hasResult = readout.completeEntry(header, workspace, entries, result)
        if hasResult { issue(result) }
        endResult()
        if readout.resetsNetwork { initializeState(upTo: readout.evidence) }
        return hasResult
    }

    private func issue(_ result: UnsafePointer<Int32>) {
        let count = index(control.pointee.classCount)
        var label: Int32 = 0
        for i in 0..<count where result[i] > result[index(UInt32(bitPattern: label))] {
            label = Int32(truncatingIfNeeded: i)
        }
        control.pointee.label = label
        control.pointee.hasResult = true
        usage.header[1] &+= 1
        let afterLabel = withUnsafeBytes(of: &control.pointee.label) {
            crc32c($0.baseAddress!, $0.count, after: usage.checksum.pointee, control.pointee.level)
        }
        usage.checksum.pointee = crc32c(
            UnsafeRawPointer(result), 4 &* count, after: afterLabel, control.pointee.level)
    }

    /// The latest result: label and scores, valid until the next one. Nil before the first.
    public var result: (label: Int32, scores: UnsafeBufferPointer<Int32>)? {
        if !control.pointee.hasResult { return nil }
        let scores = (arena + index(control.pointee.result)).assumingMemoryBound(to: Int32.self)
        return (
            control.pointee.label, UnsafeBufferPointer(start: scores, count: index(control.pointee.classCount))
        )
    }

    // MARK: State

    /// Membranes, slots, scores, evidence and the hop position return to their initial values, and there is no
    /// result; usage goes on.
    public func resetState() {
        forgetTick()
        zero(control.pointee.state, control.pointee.usage &- control.pointee.state)
        initializeState(upTo: control.pointee.usage)
    }

    /// What the latest tick left outside the state block, its result included, becomes as in a fresh network.
    func forgetTick() {
        beginResult()
        control.pointee.hasResult = false
        zero(control.pointee.currents, control.pointee.state &- control.pointee.currents)
        endResult()
    }

    /// Slots and ops return to their initial values: the state from behind the count of entries up to `end`.
    private func initializeState(upTo end: UInt32) {
        let first = control.pointee.state &+ 8
        zero(first, end &- first)
        let model = model
        let workspace = workspace
        for number in 0..<model.slotCount {
            let initial = model.file.initialValue(ofSlot: number)
            if initial == 0 { continue }
            let slot = placedSlot(number)
            for element in 0..<index(slot.count) {
                if slot.isWide {
                    workspace.int32s(slot.offset)[element] = initial
                } else {
                    workspace.int16s(slot.offset)[element] = Int16(truncatingIfNeeded: initial)
                }
            }
        }
    }

    /// All counters and the output checksum return to 0.
    public func resetUsage() { zero(control.pointee.usage, control.pointee.usageByteCount) }

    /// The state block of docs/format.md, "The state block".
    public var stateBlock: UnsafeRawBufferPointer {
        let start = index(control.pointee.state)
        return UnsafeRawBufferPointer(start: arena + start, count: arenaByteCount &- start)
    }

    /// The model the network runs.
    public var model: Model { Model(trusting: fileBase, control.pointee.level) }
    public var accounting: Accounting { control.pointee.isFull ? .full : .basic }

    /// The elements of slot `number` (< slotCount) as the latest tick left them: `elementCount` values.
    public func copyValues(ofSlot number: UInt32, to values: UnsafeMutablePointer<Int32>) {
        let workspace = workspace
        let slot = placedSlot(number)
        for element in 0..<slot.count { values[index(element)] = workspace.value(slot, element) }
    }

    public func elementCount(ofSlot number: UInt32) -> UInt32 { model.file.slot(number).count }

    // MARK: Memory

    /// Bytes of the arena in use.
    public var arenaByteCount: Int { index(control.pointee.usage &+ control.pointee.usageByteCount) }

    /// The program: in an image, or right behind the control block.
    var program: UnsafePointer<Step> {
        let start =
            image.map { $0 + MemoryLayout<Image>.stride } ?? UnsafeRawPointer(arena) + MemoryLayout<Control>.stride
        return start.assumingMemoryBound(to: Step.self)
    }

    var image: UnsafeRawPointer? {
        UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: control.pointee.image))
    }

    /// The readout op, laid out.
    var readout: (header: OpHeader, body: Readout) {
        let step = program + index(control.pointee.readout)
        return (step.pointee.header, Step.body(step).assumingMemoryBound(to: Readout.self).pointee)
    }

    var workspace: Workspace {
        Workspace(
            file: fileBase, data: fileBase + index(model.file.section(.data).offset), arena: arena,
            scratch: control.pointee.scratch,
            level: control.pointee.level)
    }

    private var fileBase: UnsafeRawPointer {
        UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: control.pointee.file))!
    }

    var usage: Usage { Usage(at: arena + index(control.pointee.usage)) }

    func placedSlot(_ number: UInt32) -> Slot {
        var slot = model.file.slot(number)
        let table = (image ?? UnsafeRawPointer(arena)) + index(control.pointee.slotTable)
        slot.offset = table.assumingMemoryBound(to: UInt32.self)[index(number)]
        return slot
    }

    private func zero(_ offset: UInt32, _ byteCount: UInt32) {
        Kernels.clear((arena + index(offset)).assumingMemoryBound(to: UInt32.self), index(byteCount &>> 2))
    }
}
