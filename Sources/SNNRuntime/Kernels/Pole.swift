/// One pole's factors, and what solving it needs. An array of complex numbers is all real parts, then all imaginary ones.
struct Pole {
    /// K segments of n places.
    struct Shape {
        let segmentCount: UInt32
        let placeCount: UInt32
        /// 2 of complex numbers, 1 of real ones.
        let parts: UInt32

        init(segmentCount: UInt8, placeCount: UInt16, isComplex: Bool) {
            self.segmentCount = UInt32(truncatingIfNeeded: segmentCount)
            self.placeCount = UInt32(truncatingIfNeeded: placeCount)
            parts = isComplex ? 2 : 1
        }

        /// Values that a row has.
        var rowCount: UInt32 { segmentCount &* parts }
        /// Places, those without an element too: < 2^13.
        var count: UInt32 { segmentCount &* placeCount }
        var factorCount: UInt32 { (segmentCount == 1 ? 2 &* placeCount : 4 &* placeCount &+ 3) &* rowCount }
        /// e of a pole and substep (docs/format.md, "recurrence"), < 2^16.
        var productCount: UInt32 {
            let joins = segmentCount &- 1
            return parts == 2
                ? 10 &* count &+ (4 &* placeCount &+ 12) &* joins : 3 &* count &+ (2 &* placeCount &+ 3) &* joins
        }
    }

    /// Rows g and d of a value for each segment, with several segments x and y too, then p, x₀ and y₀.
    var factors: UnsafePointer<Int32>
    /// a, of all places.
    let right: UnsafeMutablePointer<Int32>
    /// v, then w, of all places.
    let values: UnsafeMutablePointer<Int32>
    /// below, then above, of all segments.
    let ends: UnsafeMutablePointer<Int32>
    let segmentCount: Int
    /// In a segment.
    let placeCount: Int
    /// Values from a row to the next, and in `values` from a real part to its imaginary one.
    let row: Int
    let apart: Int

    init(
        shape: Shape, factors: UnsafePointer<Int32>, right: UnsafeMutablePointer<Int32>,
        room: UnsafeMutablePointer<Int32>
    ) {
        (segmentCount, placeCount, row, apart) = (
            index(shape.segmentCount), index(shape.placeCount), index(shape.rowCount), index(shape.count)
        )
        (self.factors, self.right) = (factors, right)
        (values, ends) = (room + apart, room + index((1 &+ shape.parts) &* shape.count))
    }

    /// sum += z, of the first `count` places.
    @inline(never)
    func solve<IsComplex: StaticBool>(
        _ shift: UInt8, addingTo sum: UnsafeMutablePointer<Int32>, _ count: Int, isComplex: IsComplex.Type
    ) {
        for segment in 0..<segmentCount { sweep(segment, isComplex) }
        if segmentCount == 1 { return add(shift, to: sum, 0, count, isComplex, isJoined: False.self) }
        join(isComplex)
        for segment in 0..<segmentCount {
            let left = count &- segment &* placeCount
            add(
                shift, to: sum + segment &* placeCount, segment, left < placeCount ? left : placeCount, isComplex,
                isJoined: True.self)
        }
    }

    /// v = g·( a − v of the place below ), w = v + g·w of the place above.
    @inline(__always)
    private func sweep<IsComplex: StaticBool>(_ segment: Int, _ isComplex: IsComplex.Type) {
        let (right, values) = (right + segment &* placeCount, values + segment &* placeCount)
        var g = factors + segment
        var (real, imaginary): (Int32, Int32) = (0, 0)
        for j in 0..<placeCount {
            let found = times(g, right[j] &- real, 0 &- imaginary, isComplex)
            (real, imaginary) = (rounded(found.real), rounded(found.imaginary))
            values[j] = real
            if IsComplex.isTrue { values[apart &+ j] = imaginary }
            g += row
        }
        g -= row
        var j = placeCount &- 1
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

    /// below[k] = v at the end of segment k − 1 + p·below[k − 1], above[k] = w at the start of segment k + 1 + x₀·below[k + 1] + y₀·above[k + 1].
    @inline(__always)
    private func join<IsComplex: StaticBool>(_ isComplex: IsComplex.Type) {
        let p = factors + 4 &* placeCount &* row
        let (x, y) = (p + row, p + 2 &* row)
        let (below, above) = (ends, ends + row)
        var (real, imaginary): (Int32, Int32) = (0, 0)
        for segment in 0..<segmentCount {
            below[segment] = real
            if IsComplex.isTrue { below[segmentCount &+ segment] = imaginary }
            let last = segment &* placeCount &+ placeCount &- 1
            let found = times(p + segment, real, imaginary, isComplex)
            real = values[last] &+ rounded(found.real)
            if IsComplex.isTrue { imaginary = values[apart &+ last] &+ rounded(found.imaginary) }
        }
        (real, imaginary) = (0, 0)
        var segment = segmentCount
        while segment > 0 {
            segment &-= 1
            above[segment] = real
            if IsComplex.isTrue { above[segmentCount &+ segment] = imaginary }
            let first = segment &* placeCount
            let entering = end(below, segment, isComplex)
            let lower = times(x + segment, entering.real, entering.imaginary, isComplex)
            let upper = times(y + segment, real, imaginary, isComplex)
            real = values[first] &+ rounded(lower.real &+ upper.real)
            if IsComplex.isTrue { imaginary = values[apart &+ first] &+ rounded(lower.imaginary &+ upper.imaginary) }
        }
    }

    /// sum += Re( d·w + x·below + y·above ), of the first `count` places of a segment; none where it is below 1.
    @inline(__always)
    private func add<IsComplex: StaticBool, IsJoined: StaticBool>(
        _ shift: UInt8, to sum: UnsafeMutablePointer<Int32>, _ segment: Int, _ count: Int, _ isComplex: IsComplex.Type,
        isJoined: IsJoined.Type
    ) {
        let values = values + segment &* placeCount
        let none: (Int32, Int32) = (0, 0)
        let (lower, lowerImaginary) = IsJoined.isTrue ? end(ends, segment, isComplex) : none
        let (upper, upperImaginary) = IsJoined.isTrue ? end(ends + row, segment, isComplex) : none
        var d = factors + (placeCount &* row &+ segment)
        let half: Int64 = shift == 0 ? 0 : widen(1 &<< Int32(truncatingIfNeeded: shift &- 1))
        var j = 0
        while j < count {
            var exact = half &+ times(d, values[j], IsComplex.isTrue ? values[apart &+ j] : 0, isComplex).real
            if IsJoined.isTrue {
                exact &+= times(d + placeCount &* row, lower, lowerImaginary, isComplex).real
                exact &+= times(d + 2 &* placeCount &* row, upper, upperImaginary, isComplex).real
            }
            sum[j] &+= bits(exact, from: Int32(truncatingIfNeeded: shift))
            d += row
            j &+= 1
        }
    }

    /// What enters a segment.
    @inline(__always)
    private func end<IsComplex: StaticBool>(
        _ ends: UnsafePointer<Int32>, _ segment: Int, _: IsComplex.Type
    ) -> (real: Int32, imaginary: Int32) {
        (ends[segment], IsComplex.isTrue ? ends[segmentCount &+ segment] : 0)
    }

    /// g·(x + iy), modulo 2^64.
    @inline(__always)
    private func times<IsComplex: StaticBool>(
        _ g: UnsafePointer<Int32>, _ x: Int32, _ y: Int32, _: IsComplex.Type
    ) -> (real: Int64, imaginary: Int64) {
        let real = product(g[0], x)
        if !IsComplex.isTrue { return (real, 0) }
        let other = g[segmentCount]
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
            return Int32(
                bitPattern: (low &>> UInt32(bitPattern: shift)) | (high &<< 1) &<< UInt32(bitPattern: 31 &- shift))
        #endif
    }
}
