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
    /// Arena offset of q values i32 for z, and q or 2·q for v.
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
    var scratchByteCount: UInt32 { 4 &* order &* (1 &+ parts) }
    /// Arrays of q that all poles' rows of factors are, ≤ 96.
    private let factorArrayCount: UInt32
    var factorCount: UInt32 { factorArrayCount &* order }
    /// e of FORMAT.md section 14: products per element and tick, ≤ 2^13.
    var operationsPerElement: UInt32 {
        let passes = 2 &* UInt32(truncatingIfNeeded: lookahead)
        return UInt32(truncatingIfNeeded: substeps) &* UInt32(truncatingIfNeeded: poleCount)
            &* (isComplex ? 4 &* passes &+ 12 : passes &+ 4)
    }

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireSource(source.kind == .current)
        let (elements, overflow) = source.count.multipliedReportingOverflow(by: model.u16(block &+ 4))
        try wires.requireTarget(
            target.kind == .analog && target.isPersistent && target.bits >= 16 && !overflow && target.count == elements)

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
        factorArrayCount =
            UInt32(truncatingIfNeeded: poleCount) &* (UInt32(truncatingIfNeeded: lookahead) &+ 2) &* (flags & 2 != 0 ? 2 : 1)
        factors = try model.tensor(block &+ 8, 4 &* factorArrayCount &* order, alignment: 4)
        let greatest = target.bits == 32 ? Int32.wideLimit : Int32.narrowLimit
        limit = model.i32(block &+ 12)
        if limit < 1 || limit > greatest { throw Refusal(.badValue, at: block &+ 12) }
        let biases = NeuronParameter(
            field: block &+ 16, isArray: flags & 1 != 0, count: source.count, width: 4, range: Int32.min...Int32.max)
        bias = try biases.locate(model)
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        if target.bits == 32 {
            tick(workspace, counters, as: Int32.self)
        } else {
            tick(workspace, counters, as: Int16.self)
        }
    }

    @inline(__always)
    private func tick<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        let states = (workspace.arena + index(target.place)).assumingMemoryBound(to: State.self)
        let input = workspace.int32s(source.place)
        let biases = Row<Int32>(workspace, bias, isArray: hasBiasPerUnit)
        let count = index(order)
        let rows = (workspace.file + index(factors)).assumingMemoryBound(to: Int32.self)
        let sum = workspace.int32s(scratch)
        var events: UInt32 = 0

        for unit in 0..<index(source.count) {
            let state = states + unit &* count
            // |c·2^f + b| < 2^31: proved at opening.
            let drive = clamp((input[unit] &<< Int32(truncatingIfNeeded: fractionBits)) &+ biases[unit], limit)
            var zeros = drive == 0 ? 0 : count
            while zeros < count && state[zeros].value == 0 { zeros &+= 1 }
            if drive == 0 && zeros == count { continue }  // at rest
            events &+= order
            #if arch(x86_64)
                if workspace.hasVectors && lookahead == 3 && order >= 16 {
                    snnrt_recurrence(
                        rows, order, UInt32(poleCount), UInt32(substeps), UInt32(outputShift), isComplex ? 1 : 0,
                        drive, limit, state, target.bits == 32 ? 1 : 0)
                    continue
                }
            #endif
            for _ in 0..<substeps {
                for i in 0..<count { sum[i] = 0 }
                var pole = Pole(
                    factors: rows, values: sum + count, count: count, parts: index(parts), lookahead: lookahead)
                for _ in 0..<poleCount {
                    pole.solve(outputShift, addingTo: sum) { i in i == 0 ? state[0].value &- drive : state[i].value }
                    pole.factors = pole.nextFactors
                }
                for i in 0..<count { state[i] = State(narrowing: clamp(state[i].value &+ sum[i], limit)) }
            }
        }
        counters.add(events: events)
        if counters.isFull {
            counters.add(EffectiveTally(operations: widen(events) &* widen(operationsPerElement), areBinary: false))
        }
    }
}

/// One pole's factors, and v while it is solved: `parts` arrays of `count`, real and imaginary.
struct Pole {
    var factors: UnsafePointer<Int32>
    let values: UnsafeMutablePointer<Int32>
    let count: Int
    let parts: Int
    let lookahead: UInt8

    private var outputs: UnsafePointer<Int32> { row(lookahead &+ 1) }
    var nextFactors: UnsafePointer<Int32> { row(lookahead &+ 2) }

    @inline(__always)
    private func row(_ number: UInt8) -> UnsafePointer<Int32> {
        factors + count &* parts &* index(UInt32(truncatingIfNeeded: number))
    }

    /// sum += Re( d·v ), v of the right side a.
    @inline(__always)
    func solve(_ shift: UInt8, addingTo sum: UnsafeMutablePointer<Int32>, _ a: (Int) -> Int32) {
        let middle = (count &- 1) &>> 1
        for i in 0..<count {
            values[i] = rounded(product(factors[i], a(i)))
            if parts > 1 { values[count &+ i] = rounded(product(factors[count &+ i], a(i))) }
        }
        sweep(from: 0, by: 1, count: middle)
        sweep(from: count &- 1, by: -1, count: count &- 1 &- middle)
        values[middle] = a(middle)
        if parts > 1 { values[count &+ middle] = 0 }
        joinMiddle(middle)
        sweep(from: middle, by: -1, count: middle &+ 1)
        sweep(from: middle, by: 1, count: count &- middle)
        let outputs = outputs
        for i in 0..<count {
            var exact = product(outputs[i], values[i])
            if parts > 1 { exact &-= product(outputs[count &+ i], values[count &+ i]) }
            sum[i] &+= Int32(truncatingIfNeeded: roundShift(exact, Int32(truncatingIfNeeded: shift)))
        }
    }

    /// v[h] = g[0][h]·( a[h] − v[h − 1] + v[h + 1] ), a[h] being there already.
    private func joinMiddle(_ middle: Int) {
        for part in 0..<parts {
            let values = values + part &* count
            if middle > 0 { values[middle] &-= values[middle &- 1] }
            if middle < count &- 1 { values[middle] &+= values[middle &+ 1] }
        }
        let (real, imaginary) = times(middle, 0, middle)
        values[middle] = real
        if parts > 1 { values[count &+ middle] = imaginary }
    }

    /// Upward v[i] −= g·v[i − 1], downward v[i] += g·v[i + 1], for `length` places from `first`, with lookahead.
    private func sweep(from first: Int, by step: Int, count length: Int) {
        for level in 0...lookahead {
            let stride = 1 &<< index(UInt32(truncatingIfNeeded: level))
            if stride >= length { return }
            let sign: Int32 = step > 0 && level == 0 ? -1 : 0
            // What the other levels take is of before them: from the last place.
            let isLast = level == lookahead
            for passed in 0..<length &- stride {
                let place = isLast ? stride &+ passed : length &- 1 &- passed
                let i = first &+ step &* place
                let (real, imaginary) = times(step > 0 ? i &- stride &+ 1 : i, level, i &- step &* stride)
                values[i] &+= (real ^ sign) &- sign
                if parts > 1 { values[count &+ i] &+= (imaginary ^ sign) &- sign }
            }
        }
    }

    /// mul( g[level][w], v[i], 30 ); sums of two products are modulo 2^64, of which bits 30 to 61 count.
    @inline(__always)
    private func times(_ w: Int, _ level: UInt8, _ i: Int) -> (real: Int32, imaginary: Int32) {
        let row = row(level)
        if parts == 1 { return (rounded(product(row[w], values[i])), 0) }
        let (g, h, x, y) = (row[w], row[count &+ w], values[i], values[count &+ i])
        return (rounded(product(g, x) &- product(h, y)), rounded(product(g, y) &+ product(h, x)))
    }

    /// rnd( x, 30 ) modulo 2^32.
    @inline(__always)
    private func rounded(_ x: Int64) -> Int32 { Int32(truncatingIfNeeded: (x &+ (1 &<< 29)) &>> 30) }
}
