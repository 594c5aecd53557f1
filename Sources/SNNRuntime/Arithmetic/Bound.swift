// Bounds of sums, for the proof that none overflows (docs/format.md, "The proof of sums").

/// The greatest magnitude of a sum.
let largestSum: UInt32 = 0x7fff_ffff
/// Stands for every bound above `largestSum`, and for every byte count that no arena has.
let unbounded: UInt32 = 0xffff_ffff

/// x + y, or `unbounded` where that, x or y passes 2^31 − 1.
@inline(never)
func boundedSum(_ x: UInt32, _ y: UInt32) -> UInt32 {
    if x > largestSum || y > largestSum &- x { return unbounded }
    return x &+ y
}

/// ((bound · |scale|) >> shift) + 1, or `unbounded` where that passes 2^31 − 1. The product is below 2^63.
func scaledBound(_ bound: UInt64, by scale: Int32, shift: UInt8) -> UInt32 {
    let scaled = shiftRight(Int64(bitPattern: bound &* widen(scale.magnitude)), Int32(truncatingIfNeeded: shift))
    return scaled >= widen(Int32.max) ? unbounded : UInt32(truncatingIfNeeded: scaled) &+ 1
}
