/// Reads the fields of a date or a clock from the left.
struct TimeScanner {
    let bytes: [UInt8]
    private(set) var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }
    var byte: UInt8? { isAtEnd ? nil : bytes[position] }
    /// Year, month, day, hours, minutes and seconds come without anything between them but, perhaps, behind the day.
    var isCompact: Bool {
        let digits = bytes.prefix { $0 &- 48 <= 9 }
        guard digits.starts(with: "19".utf8) || digits.starts(with: "20".utf8) else { return false }
        return digits.count == 8 && bytes.count > 8 || digits.count == 14 || digits.count == 17
    }
    /// Digits of hours, minutes and seconds without anything between them, or with milliseconds, that are no date; 0 where
    /// there are none.
    var compactClockCount: Int {
        let count = bytes[position...].prefix { $0 &- 48 <= 9 }.count
        let isOne = [5, 6].contains(count) && (count == bytes.count || ".,".utf8.contains(bytes[count]))
        return isOne || [8, 9].contains(count) && count == bytes.count ? count : 0
    }
    /// The digits that come are followed by what separates the fields of a date; a colon separates `2024:03:14 08:00:00`.
    var isDate: Bool {
        let rest = bytes[position...]
        if rest.count > 10, rest[position + 4] == 0x3A, rest[position + 7] == 0x3A { return true }
        guard let sign = rest.first(where: { $0 &- 48 > 9 }) else { return false }
        return "-/. ".utf8.contains(sign) && !(sign == 0x20 && isDays)
    }
    var isMonth: Bool {
        var rest = self
        return rest.month() != nil
    }
    private var isDays: Bool {
        var rest = self
        return rest.days() != nil
    }

    /// The number that the next digits are, at most so many of them; nil where there are fewer.
    mutating func digits(_ counts: ClosedRange<Int>) -> Int? {
        let start = position
        var value = 0
        while let byte, byte &- 48 <= 9, position - start < counts.upperBound {
            value = value * 10 + Int(byte &- 48)
            position += 1
        }
        return counts.contains(position - start) ? value : nil
    }

    /// The number of a month by its English name or the first three letters of it.
    mutating func month() -> Int? {
        let letters = bytes[position...].prefix { ($0 | 0x20) &- 97 < 26 }
        let name = String(decoding: letters, as: UTF8.self).lowercased()
        guard name.count >= 3, let month = monthNames.firstIndex(where: { $0.hasPrefix(name) }) else { return nil }
        position += letters.count
        return month + 1
    }

    /// `Thu `, `Thursday, `.
    mutating func takesWeekday() -> Bool {
        let letters = bytes[position...].prefix { ($0 | 0x20) &- 97 < 26 }
        if letters.isEmpty { return false }
        let name = String(decoding: letters, as: UTF8.self).lowercased()
        guard name.count >= 3, weekdayNames.contains(where: { $0.hasPrefix(name) }) else { return false }
        position += letters.count
        return takesBlanks()
    }

    /// The days of `0 days 00:00:01`.
    mutating func days() -> Int? {
        var rest = self
        guard let count = rest.digits(1...4), rest.takesBlanks(), rest.takesWord("day") else { return nil }
        _ = rest.takes("s")
        guard rest.takesBlanks() else { return nil }
        self = rest
        return count
    }

    /// The end, behind a name in brackets that says no more than the hours before it.
    mutating func takesZoneName() -> Bool {
        if isAtEnd { return true }
        _ = takesBlanks()
        guard let open = byte, takes("[("),
            bytes.last == (open == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")"))
        else { return false }
        position = bytes.count
        return true
    }

    mutating func takes(_ any: StaticString) -> Bool {
        guard let byte, any.withUTF8Buffer({ $0.contains(byte) }) else { return false }
        position += 1
        return true
    }

    mutating func takesWord(_ word: StaticString) -> Bool {
        let isNext = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if isNext { position += word.utf8CodeUnitCount }
        return isNext
    }

    /// Blanks, or a comma and blanks.
    mutating func takesBlanks() -> Bool {
        let start = position
        if bytes[position...].starts(with: [UInt8(ascii: ","), 0x20]) { position += 1 }
        while byte == 0x20 { position += 1 }
        return position > start
    }

    /// The digits behind a point, as the double nearest to the first 18 of them.
    mutating func fraction() -> Double? {
        var digits: UInt64 = 0
        var scale: UInt64 = 1
        let start = position
        while let byte, byte &- 48 <= 9 {
            if position - start < 18 {
                digits = digits * 10 + UInt64(byte &- 48)
                scale *= 10
            }
            position += 1
        }
        return position == start ? nil : Double(digits) / Double(scale)
    }
}

let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]

private let weekdayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
