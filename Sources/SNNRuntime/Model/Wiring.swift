import CKernels

// Checks that span ops: work, and how ops, slots and outputs may be connected (docs/format.md, "Work", "Wiring", "Outputs").

extension Model {
    /// Refuses a model whose ops' work passes 2^32 − 1, which bounds opening and a tick.
    @inline(never)
    func checkWork() throws(Refusal) {
        var total: UInt64 = 0
        for op in 0..<opCount {
            total = saturatingSum(total, file.work(ofOp: op))
            if total > 0xffff_ffff { throw Refusal(.badValue, at: file.opRecord(op)) }
        }
    }

    /// Every slot written as often as it may be, and read only where its value is defined.
    @inline(never)
    func checkWiring() throws(Refusal) {
        let samplesSlot = file.samplesSlot
        let samples = file.slot(samplesSlot)
        if samples.kind != .samples || samples.count != channelCount {
            throw Refusal(.badWiring, at: file.section(.streams).offset &+ Record.Stream.slot)
        }
        for number in 0..<slotCount {
            let isSum = file.slot(number).isSum
            var writerCount: UInt32 = number == samplesSlot ? 1 : 0
            var isRead = false
            for op in 0..<opCount {
                writerCount &+= file.targetSlot(ofOp: op) == number ? 1 : 0
                isRead = isRead || file.sourceSlot(ofOp: op) == number
            }
            if writerCount == 0 || (writerCount > 1 && !isSum) || (isSum && !isRead) {
                throw Refusal(.badWiring, at: file.slotRecord(number))
            }
        }
        for op in 0..<opCount {
            if !isSourceDefined(ofOp: op) { throw Refusal(.badWiring, at: file.opRecord(op) &+ Record.Op.inputs) }
        }
    }

    /// A transient slot is read below its writer; a current or synaptic slot below all of them, and by one op only. A current
    /// that a pool reads is written by projections only.
    @inline(never)
    private func isSourceDefined(ofOp reader: UInt32) -> Bool {
        let number = file.sourceSlot(ofOp: reader)
        let slot = file.slot(number)
        if (slot.isPersistent && !slot.isSum) || slot.kind == .samples { return true }
        let isPoolOfSums = slot.kind == .current && file.opKind(reader) == .pool
        var isWritten = false
        for op in 0..<opCount {
            let isWriter = file.targetSlot(ofOp: op) == number
            isWritten = isWritten || (isWriter && op < reader)
            if isWriter && isPoolOfSums && file.opKind(op) == .pool { return false }
            let isOtherReader = op < reader && file.sourceSlot(ofOp: op) == number
            if slot.isSum && ((isWriter && op > reader) || isOtherReader) { return false }
        }
        return isWritten
    }

    /// The one output and its class names, and no readout but its own.
    @inline(never)
    func checkOutputs() throws(Refusal) {
        let range = file.section(.outputs)
        if range.byteCount < Record.Outputs.classNames { throw Refusal(.malformed, at: range.lengthField) }
        try file.check(Record.Outputs.fields.span, at: range.offset)
        let (op, count) = (readoutIndex, classCount)
        let opField = range.offset &+ Record.Outputs.op
        if file.opKind(op) != .readout { throw Refusal(.badWiring, at: opField) }
        if count != file.record(ofOp: op).source.count {
            throw Refusal(.badWiring, at: range.offset &+ Record.Outputs.classCount)
        }
        if range.byteCount != Record.Outputs.classNames &+ 2 &* count {
            throw Refusal(.malformed, at: range.lengthField)
        }
        for number in 0..<count {
            let field = range.offset &+ Record.Outputs.classNames &+ 2 &* number
            if !file.isName(file.u16(field)) { throw Refusal(.malformed, at: field) }
        }
        for other in 0..<opCount where other != op && file.opKind(other) == .readout {
            throw Refusal(.badWiring, at: opField)
        }
    }
}

extension Model {
    /// Refuses as unsupported an op whose effective operations this program does not link to count.
    @inline(never)
    func requireCounting() throws(Refusal) {
        for op in 0..<opCount {
            guard let counting = file.loop(ofOp: op).counting else { continue }
            if snnrt_tick_at(counting.rawValue) == nil { throw Refusal(.unsupported, at: file.opRecord(op)) }
        }
    }
}
