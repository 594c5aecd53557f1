// The arithmetic named `snn-tz` (docs/format.md, "Numbers") and the few integer helpers that 32-bit
// Embedded targets need. Every function is total.

/// x limited to −limit … limit. `limit` ≥ 0.
@inline(__always)
func clamp(_ x: Int32, _ limit: Int32) -> Int32 { x > limit ? limit : (x < 0 &- limit ? 0 &- limit : x) }

@inline(__always)
func clamp(_ x: Int64, _ limit: Int32) -> Int32 {
    let wideLimit = widen(limit)
    return Int32(truncatingIfNeeded: x > wideLimit ? wideLimit : (x < 0 &- wideLimit ? 0 &- wideLimit : x))
}

/// sat16( x ): x limited to what 16 bits hold.
@inline(__always)
func saturated(_ x: Int32) -> Int32 { x > 32767 ? 32767 : (x < -32768 ? -32768 : x) }

/// sign(x)·(|x| >> 15). |x| ≤ 2^31 − 2^15, so adding 2^15 − 1 to a negative x cannot wrap.
@inline(__always)
func truncateQ15(_ x: Int32) -> Int32 { (x &+ ((x &>> 31) & 0x7fff)) &>> 15 }

/// The same for 64 bits, |x| < 2^62.
@inline(__always)
func truncateQ15(_ x: Int64) -> Int64 { (x &+ ((x &>> 63) & 0x7fff)) &>> 15 }

/// (x + 2^(shift−1)) >> shift, without the sum that could wrap: floor(x / 2^shift) plus the highest
/// bit shifted out. 0 ≤ shift ≤ 31.
@inline(__always)
func roundShift(_ x: Int32, _ shift: Int32) -> Int32 {
    shift == 0 ? x : (x &>> shift) &+ ((x &>> (shift &- 1)) & 1)
}

/// The same for 64 bits, 0 ≤ shift ≤ 63.
@inline(__always)
func roundShift(_ x: Int64, _ shift: Int32) -> Int64 {
    shift == 0 ? x : shiftRight(x, shift) &+ (shiftRight(x, shift &- 1) & 1)
}

/// x >> shift, arithmetic, 0 ≤ shift ≤ 63. On 32-bit targets by halves: a 64-bit shift by a variable would be
/// a library call there.
@inline(__always)
func shiftRight(_ x: Int64, _ shift: Int32) -> Int64 {
    #if _pointerBitWidth(_64)
        return x &>> Int64(truncatingIfNeeded: shift)
    #else
        let (low, high) = unsafeBitCast(x, to: (UInt32, Int32).self)
        if shift >= 32 { return widen(high &>> (shift &- 32)) }
        // `high << 32` would be `high << 0`: masked shifts count modulo 32.
        let carried = shift == 0 ? 0 : UInt32(bitPattern: high) &<< UInt32(bitPattern: 32 &- shift)
        return unsafeBitCast(((low &>> UInt32(bitPattern: shift)) | carried, high &>> shift), to: Int64.self)
    #endif
}

/// Sign-extends. `Int64(x)` would pull an allocating type into 32-bit Embedded builds; all targets are
/// little-endian, so the pair (low, high) has the bytes of the result.
@inline(__always)
func widen(_ x: Int32) -> Int64 { unsafeBitCast((x, x &>> 31), to: Int64.self) }

@inline(__always)
func widen(_ x: UInt32) -> UInt64 { unsafeBitCast((x, UInt32(0)), to: UInt64.self) }

/// The exact 64-bit product.
@inline(__always)
func product(_ x: Int32, _ y: Int32) -> Int64 {
    let parts = x.multipliedFullWidth(by: y)
    return unsafeBitCast((parts.low, parts.high), to: Int64.self)
}

/// An array index or a pointer offset. On 32-bit targets what it is used on lies in memory, below 2^31 bytes
/// of it; element counts are 2^24 at most.
@inline(__always)
func index(_ x: UInt32) -> Int { Int(truncatingIfNeeded: x) }

/// A buffer's size in 32 bits; whatever is larger counts as 2^32 − 1, which no file or arena needs.
@inline(__always)
func saturatedCount(_ count: Int) -> UInt32 {
    #if _pointerBitWidth(_64)
        return UInt32(truncatingIfNeeded: min(count, 0xffff_ffff))
    #else
        return UInt32(bitPattern: Int32(truncatingIfNeeded: count))
    #endif
}

/// An address, in 64 bits on every target.
@inline(__always)
func address(_ pointer: UnsafeRawPointer) -> UInt64 {
    #if _pointerBitWidth(_64)
        return UInt64(UInt(bitPattern: pointer))
    #else
        return widen(UInt32(truncatingIfNeeded: UInt(bitPattern: pointer)))
    #endif
}

/// x / y, y ≥ 1; where the processor has no instruction for it (Cortex-M0), without a library call.
func quotient(_ x: UInt32, _ y: UInt32) -> (quotient: UInt32, remainder: UInt32) {
    #if _pointerBitWidth(_64) || DIVIDES
        let quotient = y == 0 ? 0 : x / y  // no trap to link
        return (quotient, x &- quotient &* y)
    #else
        return longDivision(x, y)
    #endif
}

@inline(never)
private func longDivision(_ x: UInt32, _ y: UInt32) -> (quotient: UInt32, remainder: UInt32) {
    var quotient: UInt32 = 0
    var remainder: UInt32 = 0
    var bit: UInt32 = 32
    while bit > 0 {
        bit &-= 1
        let carry = remainder &>> 31
        remainder = (remainder &<< 1) | ((x &>> bit) & 1)
        quotient = quotient &<< 1
        if carry == 1 || remainder >= y {
            remainder = remainder &- y
            quotient |= 1
        }
    }
    return (quotient, remainder)
}

/// x·y, or 2^64 − 1 where that is more.
@inline(never)
func saturatingProduct(_ x: UInt64, _ y: UInt32) -> UInt64 {
    let low = (x & 0xffff_ffff) &* widen(y)  // < 2^64
    let high = (x &>> 32) &* widen(y)  // < 2^64
    if high &>> 32 != 0 { return UInt64.max }
    let (sum, overflow) = (high &<< 32).addingReportingOverflow(low)
    return overflow ? UInt64.max : sum
}

/// x + y, or 2^64 − 1 where that is more.
@inline(never)
func saturatingSum(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let (sum, overflow) = x.addingReportingOverflow(y)
    return overflow ? UInt64.max : sum
}
