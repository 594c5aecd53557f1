// "From a sensor's counts to samples" of docs/format.md, and nothing else: integers of 32 bits, without a division
// instruction or a library call, so that a Cortex-M0+ computes what a desk does.

/// The conversion of a sensor's counts to samples of one channel: about multiplier · 2^−shift samples a count.
public struct CountScale: Equatable, Sendable {
    /// m, 2^29 ≤ m < 2^30.
    public let multiplier: UInt32
    /// s, 16 … 46.
    public let shift: UInt32

    /// The scale a / b with a = sensorNumerator · channelDenominator and b = sensorDenominator · channelNumerator. Nil
    /// unless all four are 1 or more, b < 2^48, and 2^−17 ≤ a / b < 2^14.
    public init?(
        sensorNumerator: UInt32, sensorDenominator: UInt32, channelNumerator: UInt32, channelDenominator: UInt32
    ) {
        var remainder = product(sensorNumerator, channelDenominator)
        let denominator = product(sensorDenominator, channelNumerator)
        if denominator &>> 48 != 0 { return nil }
        let divisor = denominator &<< 14
        if remainder >= divisor { return nil }
        // m = ⌊a · 2^count / (b · 2^14)⌋, a bit a step, until it has 30 of them: not before 30 steps.
        var (multiplier, count) = (UInt32(0), UInt32(0))
        while multiplier < 1 &<< 29 {
            if count == 60 { return nil }
            remainder = remainder &+ remainder  // < 2^63, as divisor < 2^62
            multiplier = multiplier &+ multiplier
            if remainder >= divisor {
                remainder = remainder &- divisor
                multiplier = multiplier | 1
            }
            count = count &+ 1
        }
        self.init(multiplier: multiplier, shift: count &- 14)
    }

    /// A scale made before. Any numbers are total; others than those of a scale mean nothing.
    public init(multiplier: UInt32, shift: UInt32) { (self.multiplier, self.shift) = (multiplier, shift) }

    /// The sample of w / 2^15 counts, |w| ≤ 2^30:
    ///
    ///     sat16( rnd( w · m, 15 + s ) )
    ///
    /// by halves of 15 bits: rounding by 15 + s > 30 bits looks at no bit below 2^30, so the product's floor in units of
    /// 2^30 is enough.
    public func sample(_ w: Int32) -> Int16 {
        let (high, low) = (w &>> 15, w & 0x7fff)
        let multiplierHigh = Int32(truncatingIfNeeded: multiplier &>> 15)
        let multiplierLow = Int32(truncatingIfNeeded: multiplier & 0x7fff)
        // Halves of m are below 2^15, high is at most 2^15 in magnitude: products at most 2^30, the sum below 2^31.
        let middle = high &* multiplierLow &+ low &* multiplierHigh &+ ((low &* multiplierLow) &>> 15)
        let product = high &* multiplierHigh &+ (middle &>> 15)  // at most 2^30 in magnitude, as |w · m| ≤ 2^60
        // All bits but the last that rnd shifts out, then that one: 0 … 30 and 1.
        let rounded = ((product &>> Int32(truncatingIfNeeded: shift &- 16)) &+ 1) &>> 1
        return Int16(truncatingIfNeeded: min(max(rounded, -32768), 32767))
    }
}

/// The value between two counts, in units of 2^−15 counts, at a fraction f / 2^15 of the way:
///
///     w = 2^15 · before + (after − before) · f
///
/// It lies between the two: |w| ≤ 2^30.
public func interpolated(before: Int16, after: Int16, fraction: Int32) -> Int32 {
    let (before, after) = (Int32(truncatingIfNeeded: before), Int32(truncatingIfNeeded: after))
    // (2^16 − 1) · 2^15 < 2^31.
    return (before &<< 15) &+ (after &- before) &* fraction
}

/// f = ⌊2^15 · elapsed / step⌋, 0 ≤ elapsed < step.
public func fractionQ15(_ elapsed: UInt32, of step: UInt32) -> Int32 {
    Int32(truncatingIfNeeded: divided(high: elapsed, low: 0, bitCount: 15, by: step).quotient)
}

/// The quotient and remainder of (high · 2^bitCount + the upper bitCount bits of low) / divisor, high < divisor,
/// bitCount ≤ 32: bit by bit, as a Cortex-M0+ has neither an instruction nor, without a library, a function for it.
@inline(never)
public func divided(
    high: UInt32, low: UInt32, bitCount: UInt32, by divisor: UInt32
) -> (quotient: UInt32, remainder: UInt32) {
    var (quotient, remainder, bits) = (UInt32(0), high, low)
    for _ in 0..<bitCount {
        let carry = remainder &>> 31
        remainder = (remainder &<< 1) | (bits &>> 31)
        (bits, quotient) = (bits &<< 1, quotient &<< 1)
        if carry == 1 || remainder >= divisor {
            (remainder, quotient) = (remainder &- divisor, quotient | 1)
        }
    }
    return (quotient, remainder)
}

/// The exact 64-bit product; from halves, as 32-bit Embedded Swift has no conversion to `UInt64` without a heap.
@inline(__always)
func product(_ x: UInt32, _ y: UInt32) -> UInt64 {
    let parts = x.multipliedFullWidth(by: y)
    return unsafeBitCast((parts.low, parts.high), to: UInt64.self)
}
