// "From sensor values to samples" of docs/format.md, and nothing else. Unfused IEEE 754 double
// arithmetic in the order written there; no arrays, no Foundation, no input or output, no library call, so
// that what a desk reads from a log and what a C program makes of its sensor are these very functions.

/// The conversion of one channel: one count of a raw sample is numerator / denominator units.
public struct ChannelScale: Equatable, Sendable {
    /// 1 or more.
    public var numerator: UInt32
    /// 1 or more.
    public var denominator: UInt32

    public init(numerator: UInt32, denominator: UInt32) {
        precondition(numerator > 0 && denominator > 0, "a scale is a positive ratio")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The raw sample of a value in the channel's unit:
    ///
    ///     clamp(roundHalfEven(value · denominator / numerator), −32768 … 32767)
    ///
    /// The product first; it may overflow to an infinity, which clamps. NaN is refused before this step;
    /// to be total, the function gives 0 for it.
    public func sample(_ value: Double) -> Int16 {
        let counts = value * exact(denominator) / exact(numerator)
        if counts >= 32767 { return 32767 }
        if counts <= -32768 { return -32768 }
        if counts != counts { return 0 }
        // Adding 1.5 · 2^52 leaves no bits for a fraction, so the sum is rounded to the nearest integer, ties
        // to even, and the subtraction is exact: |counts| < 2^15 is far below the 2^51 at which this ends.
        let shift = 6_755_399_441_055_744.0
        return Int16((counts + shift) - shift)
    }
}

/// The model's rate, numerator / denominator frames per second, and what follows from it.
public struct TickRate: Equatable, Sendable {
    /// 1 or more.
    public var numerator: UInt32
    /// 1 or more.
    public var denominator: UInt32

    public init(numerator: UInt32, denominator: UInt32) {
        precondition(numerator > 0 && denominator > 0, "a rate is a positive ratio")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Seconds per tick: denominator / numerator.
    public var period: Double { exact(denominator) / exact(numerator) }

    /// Ticks per second.
    public var hertz: Double { exact(numerator) / exact(denominator) }

    /// Seconds; two neighbouring rows further apart than this belong to two segments: max(0.25 s, 4 × period).
    public var longestStep: Double {
        let steps = 4 * period
        return steps > 0.25 ? steps : 0.25
    }

    /// True if rows `interval` seconds apart are ticks as they stand: |interval − period| ≤ 0.1 · period.
    public func takesRowsAsTicks(interval: Double) -> Bool {
        let difference = interval - period
        return (difference < 0 ? -difference : difference) <= 0.1 * period
    }

    /// Seconds; the time of tick k of a segment that begins at `start`: start + k · denominator / numerator, the
    /// product first. k below 2^53 / 2^32 keeps the product exact.
    public func time(ofTick tick: UInt64, from start: Double) -> Double {
        let halves = unsafeBitCast(tick, to: (low: UInt32, high: UInt32).self)
        return start + (exact(halves.high) * 4_294_967_296 + exact(halves.low)) * exact(denominator) / exact(numerator)
    }
}

/// The value at `time`, timeBefore ≤ time < timeAfter, on the line between two rows:
///
///     v = before + (after − before) · ((time − timeBefore) / (timeAfter − timeBefore))
///
/// No fused multiply-add: a fused one would differ in the last bit between machines.
public func interpolated(
    before: Double, after: Double, timeBefore: Double, timeAfter: Double, time: Double
) -> Double {
    let fraction = (time - timeBefore) / (timeAfter - timeBefore)
    return before + (after - before) * fraction
}

/// The number as a double, by halves that fit an `Int` of 32 bits: there, Embedded Swift without a heap converts
/// from no other integer. Every step is exact.
private func exact(_ number: UInt32) -> Double {
    Double(Int(number >> 16)) * 65536 + Double(Int(number & 0xFFFF))
}
