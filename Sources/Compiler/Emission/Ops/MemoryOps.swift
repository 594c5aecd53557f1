import SNNRuntime

/// A memory op is a row of linear memories that share their matrices: m = A·m + B·u, A and B of 16 bits.
struct MemoryOp: OpParameters {
    /// Bits behind the point of A and of B.
    let aShift: Int
    let bShift: Int
    let fractionBits: Int
    /// [order, order] row-major, and [order].
    let a: [Int]
    let b: [Int]
    /// Constant input of the memories.
    let bias: Parameter

    var kind: OpKind { .memory }
    var blockByteCount: UInt32 { Memory.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(Encoding.int16.rawValue, at: Memory.Block.encoding)
        block.put(UInt8(aShift), at: Memory.Block.aShift)
        block.put(UInt8(bShift), at: Memory.Block.bShift)
        block.put(UInt8(fractionBits), at: Memory.Block.fractionBits)
        block.put(UInt16(b.count), at: Memory.Block.order)
        block.put(tensor: a.bytes(.two), at: Memory.Block.stateMatrix)
        block.put(tensor: b.bytes(.two), at: Memory.Block.inputMatrix)
        block.put(bias, at: Memory.Block.bias, elements: .four, flag: 0)
        block.putFlags(at: Memory.Block.arrayFlags)
    }
}

/// A recurrence op is a row of Legendre memories, computed by factors that they share.
struct RecurrenceOp: OpParameters {
    let segments: Int
    let poleCount: Int
    let substeps: Int
    let fractionBits: Int
    let order: Int
    let isComplex: Bool
    let outputShift: Int
    /// Pole after pole.
    let factors: [Int]
    /// The greatest magnitude of what enters and of the state.
    let limit: Int
    /// Constant input of the memories.
    let bias: Parameter

    var kind: OpKind { .recurrence }
    var blockByteCount: UInt32 { Recurrence.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(UInt8(segments), at: Recurrence.Block.segmentCount)
        block.put(UInt8(poleCount), at: Recurrence.Block.poleCount)
        block.put(UInt8(substeps), at: Recurrence.Block.substeps)
        block.put(UInt8(fractionBits), at: Recurrence.Block.fractionBits)
        block.put(UInt16(order), at: Recurrence.Block.order)
        block.put(UInt8(outputShift), at: Recurrence.Block.outputShift)
        block.put(tensor: factors.bytes(.four), at: Recurrence.Block.factors)
        block.put(Int32(limit), at: Recurrence.Block.limit)
        block.put(bias, at: Recurrence.Block.bias, elements: .four, flag: 0)
        if isComplex { block.raise(flag: 1) }
        block.putFlags(at: Recurrence.Block.flags)
    }
}
