#if arch(x86_64)
    import CVectors
#endif

/// recurrence: M independent Legendre memories of order q in O(q) products, which share factors (FORMAT.md section 9.15).
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
        Pole.Shape(
            segments: UInt32(truncatingIfNeeded: segmentCount), places: UInt32(truncatingIfNeeded: placeCount), parts: isComplex ? 2 : 1)
    }
    /// m, a, v, below and above.
    var scratchByteCount: UInt32 { 4 &* (order &+ (1 &+ shape.parts) &* shape.count &+ 2 &* shape.row) }
    /// Values of all poles' rows, < 2^19.
    var factorCount: UInt32 { UInt32(truncatingIfNeeded: poleCount) &* shape.factorCount }
    /// e of FORMAT.md section 14: products per unit and tick, < 2^23.
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
        let places = quotient(order &+ segments &- 1, segments).quotient
        placeCount = UInt16(truncatingIfNeeded: places)
        let shape = Pole.Shape(segments: segments, places: places, parts: flags & 2 != 0 ? 2 : 1)
        factors = try model.tensor(block &+ 8, 4 &* UInt32(truncatingIfNeeded: poleCount) &* shape.factorCount, alignment: 4)
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
                    rows, order, UInt32(poleCount), UInt32(substeps), UInt32(outputShift), isComplex ? 1 : 0, drive, limit, state)
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
        _ state: UnsafeMutablePointer<Int32>, _ drive: Int32, _ rows: UnsafePointer<Int32>, _ room: UnsafeMutablePointer<Int32>
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

/// One pole's factors, and what solving it needs. An array of complex numbers is all real parts, then all imaginary ones.
struct Pole {
    /// K segments of n places.
    struct Shape {
        let segments: UInt32
        let places: UInt32
        /// 2 of complex numbers, 1 of real ones.
        let parts: UInt32

        /// Of a row's values.
        var row: UInt32 { segments &* parts }
        /// Places, those without an element too: < 2^13.
        var count: UInt32 { segments &* places }
        var factorCount: UInt32 { (segments == 1 ? 2 &* places : 4 &* places &+ 3) &* row }
        /// By FORMAT.md section 14, < 2^16.
        var productCount: UInt32 {
            let joins = segments &- 1
            return parts == 2 ? 10 &* count &+ (4 &* places &+ 12) &* joins : 3 &* count &+ (2 &* places &+ 3) &* joins
        }
    }

    /// Rows g and d, and with several segments x and y, of a value for each segment, then p, x and y.
    var factors: UnsafePointer<Int32>
    /// a, of all places.
    let right: UnsafeMutablePointer<Int32>
    /// v, then w, of all places.
    let values: UnsafeMutablePointer<Int32>
    /// below, then above, of all segments.
    let ends: UnsafeMutablePointer<Int32>
    let segments: Int
    /// In a segment.
    let places: Int
    /// Of a row's values, and of a real part's values and its imaginary one's.
    let row: Int
    let apart: Int

    init(
        shape: Shape, factors: UnsafePointer<Int32>, right: UnsafeMutablePointer<Int32>, room: UnsafeMutablePointer<Int32>
    ) {
        (segments, places, row, apart) = (index(shape.segments), index(shape.places), index(shape.row), index(shape.count))
        (self.factors, self.right) = (factors, right)
        (values, ends) = (room + apart, room + index((1 &+ shape.parts) &* shape.count))
    }

    /// sum += z, of the first `count` places.
    func solve<IsComplex: Choice>(
        _ shift: UInt8, addingTo sum: UnsafeMutablePointer<Int32>, _ count: Int, isComplex: IsComplex.Type
    ) {
        for segment in 0..<segments { sweep(segment, isComplex) }
        if segments == 1 { return add(shift, to: sum, 0, count, isComplex, isJoined: No.self) }
        join(isComplex)
        for segment in 0..<segments {
            let left = count &- segment &* places
            add(shift, to: sum + segment &* places, segment, left < places ? left : places, isComplex, isJoined: Yes.self)
        }
    }

    /// v = g·( a − v of the place below ), w = v + g·w of the place above.
    @inline(__always)
    private func sweep<IsComplex: Choice>(_ segment: Int, _ isComplex: IsComplex.Type) {
        let (right, values) = (right + segment &* places, values + segment &* places)
        var g = factors + segment
        var (real, imaginary): (Int32, Int32) = (0, 0)
        for j in 0..<places {
            let found = times(g, right[j] &- real, 0 &- imaginary, isComplex)
            (real, imaginary) = (rounded(found.real), rounded(found.imaginary))
            values[j] = real
            if IsComplex.isTrue { values[apart &+ j] = imaginary }
            g += row
        }
        g -= row
        var j = places &- 1
        while j > 0 {
            j &-= 1
            g -= row
            let found = times(g, real, imaginary, isComplex)
            real = values[j] &+ rounded(found.real)
            values[j] = real
            if IsComplex.isTrue {
                imaginary = values[apart &+ j] &+ rounded(found.imaginary)
                values[apart &+ j] = imaginary
            }
        }
    }

    /// below[k] = v at the end of segment k − 1 + p·below[k − 1], above[k] = w at the start of segment k + 1 + x·below[k + 1] + y·above[k + 1].
    @inline(__always)
    private func join<IsComplex: Choice>(_ isComplex: IsComplex.Type) {
        let p = factors + 4 &* places &* row
        let (x, y) = (p + row, p + 2 &* row)
        let (below, above) = (ends, ends + row)
        var (real, imaginary): (Int32, Int32) = (0, 0)
        for segment in 0..<segments {
            below[segment] = real
            if IsComplex.isTrue { below[segments &+ segment] = imaginary }
            let last = segment &* places &+ places &- 1
            let found = times(p + segment, real, imaginary, isComplex)
            real = values[last] &+ rounded(found.real)
            if IsComplex.isTrue { imaginary = values[apart &+ last] &+ rounded(found.imaginary) }
        }
        (real, imaginary) = (0, 0)
        var segment = segments
        while segment > 0 {
            segment &-= 1
            above[segment] = real
            if IsComplex.isTrue { above[segments &+ segment] = imaginary }
            let first = segment &* places
            let lower = times(x + segment, below[segment], IsComplex.isTrue ? below[segments &+ segment] : 0, isComplex)
            let upper = times(y + segment, real, imaginary, isComplex)
            real = values[first] &+ rounded(lower.real &+ upper.real)
            if IsComplex.isTrue { imaginary = values[apart &+ first] &+ rounded(lower.imaginary &+ upper.imaginary) }
        }
    }

    /// sum += Re( d·w + x·below + y·above ), of the first `count` places of a segment; none where it is below 1.
    @inline(__always)
    private func add<IsComplex: Choice, IsJoined: Choice>(
        _ shift: UInt8, to sum: UnsafeMutablePointer<Int32>, _ segment: Int, _ count: Int, _ isComplex: IsComplex.Type,
        isJoined: IsJoined.Type
    ) {
        let (values, above) = (values + segment &* places, ends + row)
        let (lower, lowerImaginary) = (IsJoined.isTrue ? ends[segment] : 0, IsJoined.isTrue && IsComplex.isTrue ? ends[segments &+ segment] : 0)
        let (upper, upperImaginary) = (IsJoined.isTrue ? above[segment] : 0, IsJoined.isTrue && IsComplex.isTrue ? above[segments &+ segment] : 0)
        var d = factors + (places &* row &+ segment)
        let half: Int64 = shift == 0 ? 0 : widen(1 &<< Int32(truncatingIfNeeded: shift &- 1))
        var j = 0
        while j < count {
            var exact = half &+ times(d, values[j], IsComplex.isTrue ? values[apart &+ j] : 0, isComplex).real
            if IsJoined.isTrue {
                exact &+= times(d + places &* row, lower, lowerImaginary, isComplex).real
                exact &+= times(d + 2 &* places &* row, upper, upperImaginary, isComplex).real
            }
            sum[j] &+= bits(exact, from: Int32(truncatingIfNeeded: shift))
            d += row
            j &+= 1
        }
    }

    /// g·(x + iy), modulo 2^64.
    @inline(__always)
    private func times<IsComplex: Choice>(
        _ g: UnsafePointer<Int32>, _ x: Int32, _ y: Int32, _: IsComplex.Type
    ) -> (real: Int64, imaginary: Int64) {
        let real = product(g[0], x)
        if !IsComplex.isTrue { return (real, 0) }
        let other = g[segments]
        return (real &- product(other, y), product(g[0], y) &+ product(other, x))
    }

    /// rnd( x, 30 ) modulo 2^32.
    @inline(__always)
    private func rounded(_ x: Int64) -> Int32 { bits(x &+ (1 &<< 29), from: 30) }

    /// Bits shift … shift + 31 of x, shift ≤ 30.
    @inline(__always)
    private func bits(_ x: Int64, from shift: Int32) -> Int32 {
        #if _pointerBitWidth(_64)
            return Int32(truncatingIfNeeded: x &>> Int64(shift))
        #else
            let (low, high) = unsafeBitCast(x, to: (UInt32, UInt32).self)
            return Int32(bitPattern: (low &>> UInt32(bitPattern: shift)) | (high &<< 1) &<< UInt32(bitPattern: 31 &- shift))
        #endif
    }
}
