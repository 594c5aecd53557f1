// Operations at worst: what a tick and opening cost a machine, from the file alone (docs/format.md, "Operations at worst").

extension Model {
    /// What a caller lets a file be and cost at most.
    public struct Limits: Sendable {
        /// 0 = no limit.
        public var byteCount: UInt64 = 0
        /// 0 = the standard limit.
        public var operationsPerTick = UInt64.max
        public var operationsToOpen = UInt64.max
        /// Of a network's arena, and of its S-ACE per result; 0 = no limit.
        public var arenaByteCount: UInt64 = 0
        public var sAcePerResult: UInt64 = 0
        public init() {}

    }

    /// Operations that a tick, and opening, may take where the caller sets no limit: docs/design.md, "How long a tick may take".
    public static func standardOperationsPerTick(byteCount: UInt32) -> UInt64 { 0x100_0000 &+ 64 &* widen(byteCount) }
    public static func standardOperationsToOpen(byteCount: UInt32) -> UInt64 { 0x200_0000 &+ 64 &* widen(byteCount) }

    /// Steps of all loops of a tick in which every source value is an event, every neuron fires and a result is due.
    public var operationsPerTick: UInt64 {
        var total = widen(channelCount)
        for number in 0..<slotCount {
            let slot = file.slot(number)
            if slot.kind == .current { total &+= widen(slot.count) }  // ≤ 2^12 · 2^24
        }
        for op in 0..<opCount { total = saturatingSum(total, operations(ofOp: op)) }
        return saturatingSum(total, readout.resetsNetwork ? widen(stateWordCount) : 0)
    }

    /// The same of one op, but for a hop's end. `op` < opCount.
    @inline(never)
    public func operations(ofOp op: UInt32) -> UInt64 {
        let record = file.record(ofOp: op)
        let (sources, targets) = (widen(record.source.count), widen(record.target.count))
        return file.withDeclaration(ofOp: op) { declaration in
            // Passes are below 2^18, elements 2^24 at most.
            let joins = declaration.projection != nil ? widen(declaration.scratchByteCount &>> 1) : 0
            let passes = widen(declaration.passes) &* sources &+ widen(declaration.targetPasses) &* targets
            let others = passes &+ joins
            return saturatingSum(others, declaration.synapses)
        }
    }

    /// Words of 4 bytes that a reset writes: persistent slots, and what ops keep. Modulo 2^32, which no arena holds.
    private var stateWordCount: UInt32 {
        var words: UInt32 = 0
        for number in 0..<slotCount {
            let slot = file.slot(number)
            if slot.isPersistent { words &+= slot.byteCount &>> 2 }
        }
        for op in 0..<opCount { words &+= file.stateByteCount(ofOp: op) &>> 2 }
        return words
    }

    /// Steps of all loops that check the file.
    public var operationsToOpen: UInt64 {
        var bits: UInt64 = 0
        var total = widen(byteCount) &+ widen(opCount &* (opCount &+ slotCount))  // ≤ 2^12 each
        for op in 0..<opCount {
            bits &+= file.footprintBits(ofOp: op)  // < 2^38 each
            if file.record(ofOp: op).source.kind != .current { continue }
            let sums = CurrentSums(file, op).operationCount(opCount: opCount)
            total = saturatingSum(total, sums)
            if file.opKind(op) == .pool { total = saturatingSum(total, sums) }
        }
        return saturatingSum(total, bits &>> 3)
    }

    /// Refuses as over budget what passes the limits.
    public func check(_ limits: Limits) throws(Refusal) {
        func passes(_ operations: UInt64, _ limit: UInt64, _ standard: UInt64) -> Bool {
            operations > (limit == 0 ? standard : limit)
        }
        let isOver =
            (limits.byteCount != 0 && widen(byteCount) > limits.byteCount)
            || passes(
                operationsPerTick, limits.operationsPerTick, Model.standardOperationsPerTick(byteCount: byteCount))
            || passes(operationsToOpen, limits.operationsToOpen, Model.standardOperationsToOpen(byteCount: byteCount))
        if isOver { throw Refusal(.overBudget) }
    }
}
