#if arch(x86_64)
    import CVectors
#endif

/// recurrence: M independent Legendre memories of order q in O(q) products, which share factors (FORMAT.md section 9.15).
/// The state m is the output slot. Per substep, with the Padé poles of e^A and A's tridiagonal inverse:
///
///     a = m − u·e0, u = clamp( c·2^f + b, L )
///     (ζ·D − T)·v = a for each pole, by two sweeps from both ends to the middle and back
///     m = clamp( m + Σ Re( d·v ), L )
///
/// All but the clamp is modulo 2^32 by definition; a writer that keeps to section 9.15's bound never sees it wrap.
package struct Recurrence {
    /// Current of M elements.
    package internal(set) var source: Slot
    /// M·q elements, unit-major.
    package internal(set) var target: Slot
    /// Arena offset of three arrays of q values i32: m, z and v; four with complex factors.
    var scratch: UInt32 = 0
    /// File offset of P·(ℓ + 2) rows.
    let factors: UInt32
    /// File offset of the bias: M values, or the field itself.
    let bias: UInt32
    package let order: UInt32
    package let limit: Int32
    package let lookahead: UInt8
    package let poleCount: UInt8
    package let substeps: UInt8
    package let fractionBits: UInt8
    package let outputShift: UInt8
    let flags: UInt8

    var hasBiasPerUnit: Bool { flags & 1 != 0 }
    package var isComplex: Bool { flags & 2 != 0 }
    /// Arrays of q that a row of factors, and v, are: real parts, and imaginary ones.
    private var parts: UInt32 { isComplex ? 2 : 1 }
    var scratchByteCount: UInt32 { 4 &* order &* (2 &+ parts) }
    /// Values of all poles' rows, ≤ 2^19.
    var factorCount: UInt32 { Recurrence.rowCount(poleCount, lookahead) &* parts &* order }
    private static func rowCount(_ poleCount: UInt8, _ lookahead: UInt8) -> UInt32 {
        UInt32(truncatingIfNeeded: poleCount) &* (UInt32(truncatingIfNeeded: lookahead) &+ 2)
    }
    /// e of FORMAT.md section 14: products per element and tick, ≤ 2^13.
    var operationsPerElement: UInt32 {
        let passes = 2 &* UInt32(truncatingIfNeeded: lookahead)
        return UInt32(truncatingIfNeeded: substeps) &* UInt32(truncatingIfNeeded: poleCount)
            &* (isComplex ? 4 &* passes &+ 12 : passes &+ 4)
    }

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireMemories(ofOrder: model.u16(block &+ 4))

        func byte(_ at: UInt32, in range: ClosedRange<UInt8>) throws(Refusal) -> UInt8 {
            let value = model.u8(block &+ at)
            if value < range.lowerBound || value > range.upperBound { throw Refusal(.badValue, at: block &+ at) }
            return value
        }
        lookahead = try byte(0, in: 0...4)
        poleCount = try byte(1, in: 1...8)
        substeps = try byte(2, in: 1...16)
        fractionBits = try byte(3, in: 0...15)
        order = try model.require(model.u16(block &+ 4), in: 1...4096, at: block &+ 4)
        flags = try byte(6, in: 0...3)
        outputShift = try byte(7, in: 0...30)
        let values = Recurrence.rowCount(poleCount, lookahead) &* (flags & 2 != 0 ? 2 : 1) &* order
        factors = try model.tensor(block &+ 8, 4 &* values, alignment: 4)
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
            if tick(workspace, unit &* index(order), drive) { events &+= order }
        }
        counters.add(events: events)
        if counters.isFull {
            counters.add(EffectiveTally(operations: widen(events) &* widen(operationsPerElement), areBinary: false))
        }
    }

    /// The unit whose state begins at element `first`; false if it was at rest.
    private func tick(_ workspace: Workspace, _ first: Int, _ drive: Int32) -> Bool {
        let count = index(order)
        let narrow = workspace.int16s(target.place) + first
        let isWide = target.bits == 32
        let rows = (workspace.file + index(factors)).assumingMemoryBound(to: Int32.self)
        let room = workspace.int32s(scratch)
        let sums = room + count
        let state = isWide ? workspace.int32s(target.place) + first : room
        if !isWide {
            for i in 0..<count { state[i] = Int32(truncatingIfNeeded: narrow[i]) }
        }
        var zeros = 0
        if drive == 0 {
            while zeros < count && state[zeros] == 0 { zeros &+= 1 }
        }
        if zeros == count { return false }
        for _ in 0..<substeps {
            #if arch(x86_64)
                if workspace.hasVectors && lookahead == 3 && order >= 16 {
                    snnrt_recurrence(
                        rows, order, UInt32(poleCount), UInt32(outputShift), isComplex ? 1 : 0, drive, limit, state)
                    continue
                }
            #endif
            state[0] &-= drive
            clear(workspace.words(scratch) + count, count)
            var pole = Pole(factors: rows, values: sums + count, count: count, parts: index(parts), lookahead: lookahead)
            for _ in 0..<poleCount {
                if isComplex {
                    pole.solve(state, outputShift, addingTo: sums, isComplex: Yes.self)
                } else {
                    pole.solve(state, outputShift, addingTo: sums, isComplex: No.self)
                }
                pole.factors = pole.row(lookahead &+ 2)
            }
            state[0] &+= drive
            for i in 0..<count { state[i] = clamp(state[i] &+ sums[i], limit) }
        }
        if !isWide {
            for i in 0..<count { narrow[i] = Int16(truncatingIfNeeded: state[i]) }
        }
        return true
    }
}

/// One pole's factors, and v while it is solved: `parts` arrays of `count`, real and imaginary.
struct Pole {
    var factors: UnsafePointer<Int32>
    let values: UnsafeMutablePointer<Int32>
    let count: Int
    let parts: Int
    let lookahead: UInt8

    @inline(__always)
    func row(_ number: UInt8) -> UnsafePointer<Int32> {
        factors + count &* parts &* index(UInt32(truncatingIfNeeded: number))
    }

    /// sum += Re( d·v ), v of the right side a.
    func solve<IsComplex: Choice>(
        _ a: UnsafePointer<Int32>, _ shift: UInt8, addingTo sum: UnsafeMutablePointer<Int32>, isComplex: IsComplex.Type
    ) {
        let (middle, values, count) = ((self.count &- 1) &>> 1, values, self.count)
        for i in 0..<count {
            values[i] = rounded(product(factors[i], a[i]))
            if IsComplex.isTrue { values[count &+ i] = rounded(product(factors[count &+ i], a[i])) }
        }
        sweep(from: 0, by: 1, count: middle, isComplex)
        sweep(from: count &- 1, by: -1, count: count &- 1 &- middle, isComplex)
        // v[h] = g[0][h]·( a[h] − v[h − 1] + v[h + 1] )
        for part in 0..<parts {
            let values = values + part &* count
            values[middle] = part == 0 ? a[middle] : 0
            if middle > 0 { values[middle] &-= values[middle &- 1] }
            if middle < count &- 1 { values[middle] &+= values[middle &+ 1] }
        }
        let joined = times(factors + middle, values + middle, isComplex)
        values[middle] = joined.real
        if IsComplex.isTrue { values[count &+ middle] = joined.imaginary }
        sweep(from: middle, by: -1, count: middle &+ 1, isComplex)
        sweep(from: middle, by: 1, count: count &- middle, isComplex)
        let outputs = row(lookahead &+ 1)
        let half: Int64 = shift == 0 ? 0 : widen(1 &<< Int32(truncatingIfNeeded: shift &- 1))
        for i in 0..<count {
            var exact = product(outputs[i], values[i])
            if IsComplex.isTrue { exact &-= product(outputs[count &+ i], values[count &+ i]) }
            sum[i] &+= Int32(truncatingIfNeeded: shiftRight(exact &+ half, Int32(truncatingIfNeeded: shift)))
        }
    }

    /// Upward v[i] −= g·v[i − 1], downward v[i] += g·v[i + 1], for `length` places from `first`, with lookahead.
    @inline(__always)
    private func sweep<IsComplex: Choice>(from first: Int, by step: Int, count length: Int, _ isComplex: IsComplex.Type) {
        var stride = 1
        for level in 0...lookahead {
            // All levels but the last take what was there before them: from the last place on.
            let isLast = level == lookahead
            let back = step &* stride
            var i = first &+ (isLast ? back : step &* (length &- 1))
            let g = row(level) + (step > 0 ? 1 &- stride : 0)
            let sources = values - back
            let sign: Int32 = step > 0 && level == 0 ? -1 : 0
            var left = length &- stride
            while left > 0 {
                let (real, imaginary) = times(g + i, sources + i, isComplex)
                values[i] &+= (real ^ sign) &- sign
                if IsComplex.isTrue { values[count &+ i] &+= (imaginary ^ sign) &- sign }
                i &+= isLast ? step : 0 &- step
                left &-= 1
            }
            stride &<<= 1
        }
    }

    /// mul( g, v, 30 ); sums of two products are modulo 2^64, of which bits 30 to 61 count.
    @inline(__always)
    private func times<IsComplex: Choice>(
        _ g: UnsafePointer<Int32>, _ v: UnsafeMutablePointer<Int32>, _: IsComplex.Type
    ) -> (real: Int32, imaginary: Int32) {
        if !IsComplex.isTrue { return (rounded(product(g[0], v[0])), 0) }
        let (x, y, z, w) = (g[0], g[count], v[0], v[count])
        return (rounded(product(x, z) &- product(y, w)), rounded(product(x, w) &+ product(y, z)))
    }

    /// rnd( x, 30 ) modulo 2^32.
    @inline(__always)
    private func rounded(_ x: Int64) -> Int32 { Int32(truncatingIfNeeded: (x &+ (1 &<< 29)) &>> 30) }
}
