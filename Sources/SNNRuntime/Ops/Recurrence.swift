#if arch(x86_64)
    import CKernels
#endif

/// recurrence: M independent Legendre memories of order q in O(q) products, which share factors (format.md section 9.15).
/// The state m is the output slot. Per substep, with the Padé poles of e^A and A's tridiagonal inverse:
///
///     a = m − u·e0, u = clamp( c·2^f + b, L )
///     (ζ·D − T)·w = a for each pole, upward and downward in K segments that know of their neighbours afterwards
///     m = clamp( m + Σ Re( d·w ), L )
///
/// All but the clamp is modulo 2^32 by definition; a writer that keeps to section 9.15's bound never sees it wrap.
package struct Recurrence {
    /// Current of M elements.
    package internal(set) var source: Slot
    /// M·q elements, unit-major.
    package internal(set) var target: Slot
    /// Arena offset of m, q values i32, and a Pole's room behind it.
    var scratch: UInt32 = 0
    /// File offset of P times a pole's rows.
    let factors: UInt32
    /// File offset of the bias: M values, or the field itself.
    let bias: UInt32
    package let order: UInt32
    package let limit: Int32
    package let poleCount: UInt8
    package let substeps: UInt8
    package let fractionBits: UInt8
    package let outputShift: UInt8
    let flags: UInt8

    var hasBiasPerUnit: Bool { flags & 1 != 0 }
    package var isComplex: Bool { flags & 2 != 0 }
    /// K.
    package let segmentCount: UInt8
    /// n, of a segment.
    private let placeCount: UInt16
    private var shape: Pole.Shape {
        Pole.Shape(segmentCount: segmentCount, placeCount: placeCount, isComplex: isComplex)
    }
    /// m, a, v, below and above.
    var scratchByteCount: UInt32 { 4 &* (order &+ (1 &+ shape.parts) &* shape.count &+ 2 &* shape.rowCount) }
    /// Values of all poles' rows, < 2^19.
    var factorCount: UInt32 { UInt32(truncatingIfNeeded: poleCount) &* shape.factorCount }
    /// e of format.md section 14: products per unit and tick, < 2^23.
    var operationsPerUnit: UInt32 {
        UInt32(truncatingIfNeeded: substeps) &* UInt32(truncatingIfNeeded: poleCount) &* shape.productCount
    }

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireMemories(ofOrder: model.u16(block &+ 4))

        func byte(_ at: UInt32, in range: ClosedRange<UInt8>) throws(Refusal) -> UInt8 {
            let value = model.u8(block &+ at)
            if value < range.lowerBound || value > range.upperBound { throw Refusal(.badValue, at: block &+ at) }
            return value
        }
        segmentCount = try byte(0, in: 1...16)
        poleCount = try byte(1, in: 1...8)
        substeps = try byte(2, in: 1...16)
        fractionBits = try byte(3, in: 0...15)
        order = try model.require(model.u16(block &+ 4), in: 1...4096, at: block &+ 4)
        flags = try byte(6, in: 0...3)
        outputShift = try byte(7, in: 0...30)
        let segments = UInt32(truncatingIfNeeded: segmentCount)
        placeCount = UInt16(truncatingIfNeeded: quotient(order &+ segments &- 1, segments).quotient)
        let shape = Pole.Shape(segmentCount: segmentCount, placeCount: placeCount, isComplex: flags & 2 != 0)
        factors = try model.tensor(
            block &+ 8, 4 &* UInt32(truncatingIfNeeded: poleCount) &* shape.factorCount, alignment: 4)
        let greatest = target.bits == 32 ? Int32.wideLimit : Int32.narrowLimit
        limit = model.i32(block &+ 12)
        if limit < 1 || limit > greatest { throw Refusal(.badValue, at: block &+ 12) }
        let biases = NeuronParameter(
            field: block &+ 16, isArray: flags & 1 != 0, count: source.count, width: 4, range: Int32.min...Int32.max)
        bias = try biases.locate(model)
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let input = workspace.int32s(source.place)
        let biases = Row<Int32>(workspace, bias, isArray: hasBiasPerUnit)
        var events: UInt32 = 0
        for unit in 0..<index(source.count) {
            // |c·2^f + b| < 2^31: proved at opening.
            let drive = clamp((input[unit] &<< Int32(truncatingIfNeeded: fractionBits)) &+ biases[unit], limit)
            if tick(workspace, unit &* index(order), drive) { events &+= 1 }
        }
        counters.add(events: events)
        if counters.isFull {
            counters.add(EffectiveTally(operations: widen(events) &* widen(operationsPerUnit), areBinary: false))
        }
    }

    /// The unit whose state begins at element `first`; false if it was at rest.
    private func tick(_ workspace: Workspace, _ first: Int, _ drive: Int32) -> Bool {
        let count = index(order)
        let narrow = workspace.int16s(target.place) + first
        let isWide = target.bits == 32
        let rows = (workspace.file + index(factors)).assumingMemoryBound(to: Int32.self)
        let room = workspace.int32s(scratch)
        let state = isWide ? workspace.int32s(target.place) + first : room
        if !isWide {
            for i in 0..<count { state[i] = Int32(truncatingIfNeeded: narrow[i]) }
        }
        var zeros = 0
        if drive == 0 {
            while zeros < count && state[zeros] == 0 { zeros &+= 1 }
        }
        if zeros == count { return false }
        #if arch(x86_64)
            if workspace.hasVectors && segmentCount == 16 {
                snnrt_recurrence(
                    rows, order, UInt32(poleCount), UInt32(substeps), UInt32(outputShift), isComplex ? 1 : 0, drive,
                    limit, state)
            } else {
                step(state, drive, rows, room + count)
            }
        #else
            step(state, drive, rows, room + count)
        #endif
        if !isWide {
            for i in 0..<count { narrow[i] = Int16(truncatingIfNeeded: state[i]) }
        }
        return true
    }

    /// All substeps of the unit whose m is `state`.
    private func step(
        _ state: UnsafeMutablePointer<Int32>, _ drive: Int32, _ rows: UnsafePointer<Int32>,
        _ room: UnsafeMutablePointer<Int32>
    ) {
        let count = index(order)
        // A single pole adds to m after it has read all of a.
        let isInPlace = poleCount == 1 && shape.count == order
        let right = isInPlace ? state : room
        var pole = Pole(shape: shape, factors: rows, right: right, room: room)
        for _ in 0..<substeps {
            if !isInPlace {
                for i in 0..<index(shape.count) { room[i] = i < count ? state[i] : 0 }
            }
            right[0] &-= drive
            pole.factors = rows
            for _ in 0..<poleCount {
                if isComplex {
                    pole.solve(outputShift, addingTo: state, count, isComplex: Yes.self)
                } else {
                    pole.solve(outputShift, addingTo: state, count, isComplex: No.self)
                }
                pole.factors += index(shape.factorCount)
            }
            if isInPlace { state[0] &+= drive }
            for i in 0..<count { state[i] = clamp(state[i], limit) }
        }
    }
}
