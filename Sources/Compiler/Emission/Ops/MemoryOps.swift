import SNNRuntime

/// A memory op is a row of linear memories that share their matrices: m = A·m + B·u, A and B of 16 bits.
struct MemoryOp: OpParameters {
    /// Bits behind the point of A and of B.
    let stateBits: Int
    let inputBits: Int
    let fractionBits: Int
    /// [order, order] row-major, and [order].
    let a: [Int]
    let b: [Int]
    /// Per memory.
    let bias: Parameter

    var kind: OpKind { .memory }
    var blockByteCount: UInt32 { Offsets.Memory.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(Encoding.int16.rawValue, at: Offsets.Memory.encoding)
        block.put(UInt8(stateBits), at: Offsets.Memory.stateBits)
        block.put(UInt8(inputBits), at: Offsets.Memory.inputBits)
        block.put(UInt8(fractionBits), at: Offsets.Memory.fractionBits)
        block.put(UInt16(b.count), at: Offsets.Memory.order)
        block.put(tensor: a.bytes(.two), at: Offsets.Memory.a)
        block.put(tensor: b.bytes(.two), at: Offsets.Memory.b)
        block.put(bias, at: Offsets.Memory.bias, elements: .four, flag: 0)
        block.put(block.arrayFlags, at: Offsets.Memory.arrayFlags)
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
    /// Per memory.
    let bias: Parameter

    var kind: OpKind { .recurrence }
    var blockByteCount: UInt32 { Offsets.Recurrence.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(UInt8(segments), at: Offsets.Recurrence.segments)
        block.put(UInt8(poleCount), at: Offsets.Recurrence.poleCount)
        block.put(UInt8(substeps), at: Offsets.Recurrence.substeps)
        block.put(UInt8(fractionBits), at: Offsets.Recurrence.fractionBits)
        block.put(UInt16(order), at: Offsets.Recurrence.order)
        block.put(UInt8(outputShift), at: Offsets.Recurrence.outputShift)
        block.put(bias, at: Offsets.Recurrence.bias, elements: .four, flag: 0)
        block.put(
            block.arrayFlags | (isComplex ? Offsets.Recurrence.complexFlag : 0), at: Offsets.Recurrence.arrayFlags)
        block.put(tensor: factors.bytes(.four), at: Offsets.Recurrence.factors)
        block.put(Int32(limit), at: Offsets.Recurrence.limit)
    }
}
