import Testing

@testable import SNNRuntime

/// The fixed-point helpers against wide integers, at the corners and on seeded random values.
@Suite struct ArithmeticTests {
    static let seed: UInt64 = 20_260_101

    private func samples(_ range: ClosedRange<Int64>) -> [Int64] {
        var random = Seeded(ArithmeticTests.seed)
        let corners = [
            range.lowerBound, range.lowerBound + 1, -32769, -32768, -1, 0, 1, 32767, 32768, range.upperBound - 1,
            range.upperBound,
        ]
        return corners.filter(range.contains) + (0..<20_000).map { _ in Int64.random(in: range, using: &random) }
    }

    /// floor((x + 2^(s−1)) / 2^s), by division.
    private func rounded(_ x: Int64, _ shift: Int32) -> Int64 {
        if shift == 0 { return x }
        let divisor = Int128(1) << Int128(shift)
        let sum = Int128(x) + divisor / 2
        let quotient = sum / divisor
        return Int64(sum % divisor < 0 ? quotient - 1 : quotient)
    }

    @Test func roundShiftRoundsHalfUp() {
        for x in samples(Int64(Int32.min)...Int64(Int32.max)) {
            for shift in Int32(0)...31 {
                #expect(
                    Int64(roundShift(Int32(x), shift)) == rounded(x, shift),
                    "seed \(ArithmeticTests.seed): \(x) >> \(shift)")
            }
        }
        for x in samples(-(1 << 61)...(1 << 61)) {
            for shift in [0, 1, 15, 30, 47] as [Int32] {
                #expect(roundShift(x, shift) == rounded(x, shift), "seed \(ArithmeticTests.seed): \(x) >> \(shift)")
            }
        }
    }

    @Test func truncationIsTowardZero() {
        for x in samples(Int64(Int32.min) + 32768...Int64(Int32.max)) {
            #expect(Int64(truncateQ15(Int32(x))) == x / 32768)
        }
        for x in samples(-(1 << 61)...(1 << 61)) { #expect(truncateQ15(x) == x / 32768) }
    }

    @Test func clampLimits() {
        for limit in [0, 1, 127, 32767, Int32.max] as [Int32] {
            for x in samples(-(1 << 61)...(1 << 61)) {
                let expected = max(-Int64(limit), min(Int64(limit), x))
                #expect(Int64(clamp(x, limit)) == expected)
                let narrow = Int32(truncatingIfNeeded: x)
                #expect(Int64(clamp(narrow, limit)) == max(-Int64(limit), min(Int64(limit), Int64(narrow))))
            }
        }
    }

    @Test func wideningAndProducts() {
        for x in samples(Int64(Int32.min)...Int64(Int32.max)) {
            #expect(widen(Int32(x)) == x)
            #expect(widen(UInt32(truncatingIfNeeded: x)) == UInt64(UInt32(truncatingIfNeeded: x)))
            for y in [Int32.min, -32768, -1, 0, 1, 32767, Int32.max] {
                #expect(product(Int32(x), y) == x * Int64(y))
            }
        }
    }

    @Test func quotientDivides() {
        var random = Seeded(ArithmeticTests.seed)
        for _ in 0..<5000 {
            let x = UInt32.random(in: 0...UInt32.max, using: &random) >> UInt32.random(in: 0...31, using: &random)
            let y = max(
                1, UInt32.random(in: 0...UInt32.max, using: &random) >> UInt32.random(in: 0...31, using: &random))
            let divided = quotient(x, y)
            #expect(divided.quotient == x / y && divided.remainder == x % y)
        }
    }

    @Test func saturatingArithmetic() {
        var random = Seeded(ArithmeticTests.seed)
        for _ in 0..<5000 {
            let x = UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0...63, using: &random)
            let y = UInt32.random(in: 0...UInt32.max, using: &random)
            let (product, overflow) = x.multipliedReportingOverflow(by: UInt64(y))
            #expect(saturatingProduct(x, y) == (overflow ? UInt64.max : product))
        }
        #expect(saturatingSum(UInt64.max, 1) == UInt64.max)
    }

    @Test func checksumOfTheStandardText() {
        #expect(Array("123456789".utf8).withUnsafeBytes { crc32c($0) } == 0xe306_9283)
    }

    /// The four-byte step equals the definition, at every alignment and length, and chains.
    @Test func checksumEqualsItsDefinition() {
        var random = Seeded(ArithmeticTests.seed)
        let data = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
        for start in 0..<5 {
            for length in 0..<64 {
                let part = Array(data[start..<start + length])
                var crc: UInt32 = 0xffff_ffff
                for byte in part {
                    crc ^= UInt32(byte)
                    for _ in 0..<8 { crc = crc & 1 != 0 ? (crc >> 1) ^ 0x82f6_3b78 : crc >> 1 }
                }
                #expect(part.withUnsafeBytes { crc32c($0) } == ~crc)
                let split = length / 2
                let first = part[..<split].withUnsafeBytes { crc32c($0) }
                #expect(part[split...].withUnsafeBytes { crc32c($0, after: first) } == ~crc)
            }
        }
    }
}
