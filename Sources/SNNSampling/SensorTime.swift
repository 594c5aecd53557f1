// The times of "From a sensor's counts to samples" in docs/format.md, in whole ticks of a clock.

/// A period of quotient + remainder / divisor ticks. Period k ends at ⌊k · period⌋ ticks: no rounding adds up.
public struct TickPeriod: Equatable, Sendable {
    public let quotient: UInt32
    /// Below the divisor.
    public let remainder: UInt32
    /// What earlier periods have left over, in units of 1 / divisor ticks.
    public var phase: UInt32

    public init(quotient: UInt32, remainder: UInt32, phase: UInt32) {
        (self.quotient, self.remainder, self.phase) = (quotient, remainder, phase)
    }

    /// total / divisor ticks, 1 ≤ divisor. Nil if that is 2^32 or more.
    public init?(total: UInt64, divisor: UInt32) {
        let (low, high) = unsafeBitCast(total, to: (UInt32, UInt32).self)
        if high >= divisor { return nil }
        let parts = divided(high: high, low: low, bitCount: 32, by: divisor)
        self.init(quotient: parts.quotient, remainder: parts.remainder, phase: 0)
    }

    /// total / divisor ticks, 1 ≤ divisor.
    public init(total: UInt32, divisor: UInt32) {
        // Many a sensor has no FIFO.
        let parts = divisor == 1 ? (total, 0) : divided(high: 0, low: total, bitCount: 32, by: divisor)
        self.init(quotient: parts.0, remainder: parts.1, phase: 0)
    }

    /// The ticks of the next period.
    public mutating func next(divisor: UInt32) -> UInt32 {
        // Both terms are below the divisor: a sum that wraps is one that exceeds it.
        let (sum, overflow) = phase.addingReportingOverflow(remainder)
        if !overflow && sum < divisor {
            phase = sum
            return quotient
        }
        phase = sum &- divisor
        return quotient &+ 1
    }
}

/// What follows from a clock and the model's rate.
public struct SensorTiming: Equatable, Sendable {
    /// From frame to frame; the divisor is the rate's numerator. 1 ≤ quotient < 2^28.
    public let framePeriod: TickPeriod
    /// L: max(⌊clock / 4⌋, 4 · ⌊frame period⌋) ticks.
    public let longestStep: UInt32
    /// True if rows are frames as they stand: 10 · |row − ⌊frame period⌋| ≤ ⌊frame period⌋.
    public let takesRows: Bool

    /// Nil if a frame takes less than a tick, or 2^28 of them, or a row does.
    public init?(clockHertz: UInt32, rateNumerator: UInt32, rateDenominator: UInt32, rowTicks: UInt32) {
        guard let period = TickPeriod(total: product(clockHertz, rateDenominator), divisor: rateNumerator),
            period.quotient > 0, rowTicks > 0, (period.quotient | rowTicks) &>> 28 == 0
        else { return nil }
        let frame = period.quotient
        framePeriod = period
        longestStep = max(clockHertz &>> 2, frame &<< 2)  // both below 2^30
        let difference = rowTicks > frame ? rowTicks &- frame : frame &- rowTicks
        takesRows = 10 &* difference <= frame  // 10 · 2^28 < 2^32
    }
}
