/// Seconds since 1970-01-01T00:00:00Z of a date and time: `2023-09-06T08:00:00.000-0400`, `2024-11-12 17:41:00`; nil where the
/// bytes are none. Year, month and day; T or blanks; hours, minutes and, perhaps, seconds with a fraction; a zone (Z, ±hh,
/// ±hhmm, ±hh:mm), or none, which is taken as UTC. Whole seconds and the fraction are two doubles, added.
func parseDateTime(_ bytes: Span<UInt8>) -> Double? {
    // A fraction may have any number of digits; longer than this is no date that a device writes.
    guard bytes.count <= 64 else { return nil }
    var text = DateTimeText(bytes: bytes.withUnsafeBufferPointer { Array($0) })
    guard let year = text.digits(4), text.takes("-/"), let month = text.digits(2), text.takes("-/"),
        let day = text.digits(2), 1...12 ~= month, 1...daysOfMonth(month, year) ~= day
    else { return nil }
    guard text.takes("Tt") || text.takesBlanks() else { return nil }
    guard let hour = text.digits(2), hour < 24, text.takes(":"), let minute = text.digits(2), minute < 60 else {
        return nil
    }
    var second = 0
    var fraction = 0.0
    if text.takes(":") {
        // 60 is a leap second.
        guard let read = text.digits(2), read <= 60 else { return nil }
        second = read
        if text.takes(".,") {
            guard let read = text.fraction() else { return nil }
            fraction = read
        }
    }
    _ = text.takesBlanks()
    var offset = 0
    if !text.isAtEnd, !text.takes("Zz") {
        let isWest = text.takes("-")
        guard isWest || text.takes("+"), let hours = text.digits(2), hours < 24 else { return nil }
        var minutes = 0
        if !text.isAtEnd {
            _ = text.takes(":")
            guard let read = text.digits(2), read < 60 else { return nil }
            minutes = read
        }
        offset = (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
    guard text.isAtEnd else { return nil }
    let days = daysSince1970(year, month, day)
    return Double(days * 86400 + hour * 3600 + minute * 60 + second - offset) + fraction
}

private struct DateTimeText {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func digits(_ count: Int) -> Int? {
        guard position + count <= bytes.count else { return nil }
        var value = 0
        for i in position..<position + count {
            guard bytes[i] &- 48 <= 9 else { return nil }
            value = value * 10 + Int(bytes[i] &- 48)
        }
        position += count
        return value
    }

    mutating func takes(_ any: StaticString) -> Bool {
        guard position < bytes.count else { return false }
        let byte = bytes[position]
        guard any.withUTF8Buffer({ $0.contains(byte) }) else { return false }
        position += 1
        return true
    }

    mutating func takesBlanks() -> Bool {
        let start = position
        while position < bytes.count, bytes[position] == 0x20 { position += 1 }
        return position > start
    }

    /// The digits behind a point, as the double nearest to the first 18 of them.
    mutating func fraction() -> Double? {
        var digits: UInt64 = 0
        var scale: UInt64 = 1
        let start = position
        while position < bytes.count, bytes[position] &- 48 <= 9 {
            if position - start < 18 {
                digits = digits * 10 + UInt64(bytes[position] &- 48)
                scale *= 10
            }
            position += 1
        }
        return position == start ? nil : Double(digits) / Double(scale)
    }
}

private func daysOfMonth(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

/// In the Gregorian calendar; the year begins in March, so that the leap day is its last.
private func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month < 3 ? year + 399 : year + 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468 - 146_097
}
