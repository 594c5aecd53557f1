// How ops and slots may be connected: FORMAT.md section 6, "Wiring".

extension Model {
    /// Every slot written as often as it may be, and read only where its value is defined.
    func checkWiring() throws(Refusal) {
        for number in 0..<slotCount {
            let slot = slot(number)
            var (writerCount, readerCount): (UInt32, UInt32) = (slot.kind == .samples && number == samplesSlot ? 1 : 0, 0)
            for op in 0..<opCount {
                if targetSlot(ofOp: op) == number {
                    writerCount &+= 1
                    if slot.kind == .current && readerCount > 0 { throw Refusal(.badWiring, at: opRecord(op) &+ 14) }
                }
                if sourceSlot(ofOp: op) == number {
                    readerCount &+= 1
                    if slot.kind == .current && readerCount > 1 { throw Refusal(.badWiring, at: opRecord(op) &+ 6) }
                    if !slot.isPersistent && writerCount == 0 { throw Refusal(.badWiring, at: opRecord(op) &+ 6) }
                }
            }
            let mayJoin = slot.kind == .current
            if writerCount == 0 || (writerCount > 1 && !mayJoin) || (mayJoin && readerCount == 0) {
                throw Refusal(.badWiring, at: slotRecord(number))
            }
        }
    }
}
