// How ops and slots may be connected: format.md section 6, "Wiring".

extension Model {
    /// Every slot written as often as it may be, and read only where its value is defined.
    func checkWiring() throws(Refusal) {
        let samples = slot(samplesSlot)
        if samples.kind != .samples || samples.count != channelCount {
            throw Refusal(.badWiring, at: section(.streams).offset &+ 12)
        }
        for number in 0..<slotCount {
            let isSum = slot(number).isSum
            var writerCount: UInt32 = number == samplesSlot ? 1 : 0
            var isRead = false
            for op in 0..<opCount {
                writerCount &+= targetSlot(ofOp: op) == number ? 1 : 0
                isRead = isRead || sourceSlot(ofOp: op) == number
            }
            if writerCount == 0 || (writerCount > 1 && !isSum) || (isSum && !isRead) {
                throw Refusal(.badWiring, at: slotRecord(number))
            }
        }
        for op in 0..<opCount { try checkSource(ofOp: op) }
    }

    /// A transient slot is read below its writer; a current or synaptic slot below all of them, and by one op only.
    private func checkSource(ofOp reader: UInt32) throws(Refusal) {
        let number = sourceSlot(ofOp: reader)
        let slot = slot(number)
        let readsPools = slot.kind == .current && opKind(reader) != .pool
        if (slot.isPersistent && !slot.isSum) || slot.kind == .samples { return }
        var isWritten = false
        for op in 0..<opCount {
            let isWriter = targetSlot(ofOp: op) == number
            isWritten = isWritten || (isWriter && op < reader)
            let isLate = isWriter && op > reader
            if isWriter && opKind(op) == .pool && slot.kind == .current && !readsPools {
                throw Refusal(.badWiring, at: opRecord(reader) &+ 6)
            }
            let isOtherReader = op < reader && sourceSlot(ofOp: op) == number
            if slot.isSum && (isLate || isOtherReader) { throw Refusal(.badWiring, at: opRecord(reader) &+ 6) }
        }
        if !isWritten { throw Refusal(.badWiring, at: opRecord(reader) &+ 6) }
    }
}
