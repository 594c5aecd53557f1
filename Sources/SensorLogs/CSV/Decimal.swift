// Decimal numbers from bytes, correctly rounded. The grammar is strict: an optional sign, digits with at most
// one decimal sign among them (at least one digit), an optional exponent. No NaN, no infinity, no hexadecimal, no
// blanks, no signs between thousands.
//
// Three ways, all giving the double nearest to the number as written, ties to even:
//   w < 2^53 and |exponent| ≤ 22: w and 10^|exponent| are exact, so one rounding in the product or quotient;
//   at most 19 digits and −27 ≤ exponent < 0: an exact quotient of integers, rounded once (below);
//   everything else: the standard library's conversion, which is correct and slow.
// The second way matters: logs written from 32-bit floats through Python carry 16 to 18 digits in most cells.

private let powersOfTen: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
]

/// 5^0 … 5^27; 5^27 < 2^63.
private let powersOfFive: InlineArray<28, UInt64> = [
    1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1_953_125, 9_765_625, 48_828_125, 244_140_625,
    1_220_703_125, 6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625,
    19_073_486_328_125, 95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625,
    11_920_928_955_078_125, 59_604_644_775_390_625, 298_023_223_876_953_125, 1_490_116_119_384_765_625,
    7_450_580_596_923_828_125,
]

/// The number that begins at `start`, and the index after its last byte; nil if none begins there. A number too
/// large for a double is an infinity.
func parseDecimal(
    _ bytes: Span<UInt8>, from start: Int, decimalSign: UInt8 = UInt8(ascii: ".")
) -> (value: Double, end: Int)? {
    let count = bytes.count
    var position = start
    var negative = false
    if position < count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
        negative = bytes[position] == UInt8(ascii: "-")
        position += 1
    }

    // `digits` wraps when there are more than 19 significant ones; it is not used then.
    var digits: UInt64 = 0
    let integerStart = position
    while position < count {
        let digit = bytes[position] &- 48
        if digit > 9 { break }
        digits = digits &* 10 &+ UInt64(digit)
        position += 1
    }
    var digitCount = position - integerStart
    var exponent = 0
    if position < count, bytes[position] == decimalSign {
        position += 1
        let fractionStart = position
        while position < count {
            let digit = bytes[position] &- 48
            if digit > 9 { break }
            digits = digits &* 10 &+ UInt64(digit)
            position += 1
        }
        exponent = fractionStart - position
        digitCount -= exponent
    }
    if digitCount == 0 { return nil }

    if position < count, bytes[position] | 0x20 == UInt8(ascii: "e") {
        guard let (written, end) = parseExponent(bytes, from: position + 1) else { return nil }
        exponent += written
        position = end
    }

    if digitCount > 19 {
        // Leading zeros do not count: 0.000… is common.
        var first = integerStart
        while first < count, bytes[first] == UInt8(ascii: "0") || bytes[first] == decimalSign {
            if bytes[first] != decimalSign { digitCount -= 1 }
            first += 1
        }
    }
    let magnitude: Double
    if digitCount <= 19, digits < 1 << 53, exponent >= -22, exponent <= 22 {
        magnitude =
            exponent < 0
            ? Double(digits) / powersOfTen[-exponent] : Double(digits) * powersOfTen[exponent]
    } else if digitCount <= 19, digits != 0, exponent >= -27, exponent < 0 {
        magnitude = quotient(digits, overTenToThe: -exponent)
    } else {
        let text = bytes.extracting(integerStart..<position).withUnsafeBufferPointer {
            String(decoding: $0.lazy.map { $0 == decimalSign ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
        }
        guard let value = Double(text) else { return nil }
        magnitude = value
    }
    return (negative ? -magnitude : magnitude, position)
}

/// An exponent without its letter; beyond ±100000 it is ±100000, which no line's digits can bring back.
private func parseExponent(_ bytes: Span<UInt8>, from start: Int) -> (value: Int, end: Int)? {
    var position = start
    var negative = false
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
        negative = bytes[position] == UInt8(ascii: "-")
        position += 1
    }
    var value = 0
    let first = position
    while position < bytes.count, bytes[position] &- 48 <= 9 {
        if value < 100_000 { value = value * 10 + Int(bytes[position] &- 48) }
        position += 1
    }
    return position == first ? nil : (negative ? -value : value, position)
}

/// digits / 10^power, correctly rounded; digits ≥ 1, 1 ≤ power ≤ 27.
///
/// With both shifted until their top bits are set, n = digits · 2^a and d = 5^power · 2^b, the quotient
/// q = ⌊n · 2^63 / d⌋ lies in (2^62, 2^64), since 1/2 < n / d < 2. A remainder is kept as the lowest bit of q,
/// far below the bit at which 53 bits end, so converting q rounds as the exact quotient would. The scale
/// 2^(b − a − 63 − power) is a normal double, and so is the result: it is at least 10^−27.
private func quotient(_ digits: UInt64, overTenToThe power: Int) -> Double {
    let digitShift = digits.leadingZeroBitCount
    let numerator = digits &<< UInt64(digitShift)
    let five = powersOfFive[power]
    let fiveShift = five.leadingZeroBitCount
    let denominator = five &<< UInt64(fiveShift)
    let (whole, remainder) = denominator.dividingFullWidth((numerator >> 1, numerator << 63))
    let sticky = remainder == 0 ? whole : whole | 1
    let scale = fiveShift - digitShift - 63 - power
    return Double(sticky) * Double(bitPattern: UInt64(scale + 1023) << 52)
}
