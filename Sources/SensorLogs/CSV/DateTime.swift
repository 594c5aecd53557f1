/// The order in which a date has its fields.
enum DateOrder {
    case yearFirst, dayFirst, monthFirst
}

/// The reading of a column's cells that are no numbers: dates, times of a clock, or both.
struct TimeFormat: Equatable {
    /// Nil where there is no date.
    var order: DateOrder?
    var hasClock = true
    /// A clock of two fields has minutes and seconds rather than hours and minutes.
    var isMinutes = false
    /// The fields of the first row's clock.
    var clockFieldCount = 3

    var hasDate: Bool { order != nil }
    /// Seconds after which a clock without a date begins anew.
    var cycle: Double? { hasDate || !hasClock ? nil : isMinutes ? 3600 : 86400 }

    /// What its cells are, for messages.
    var words: String {
        var text = !hasClock ? "date" : hasDate ? "date and time" : "time of a clock"
        switch order {
        case .dayFirst: text += ", day/month/year"
        case .monthFirst: text += ", month/day/year"
        case nil where isMinutes: text += ", minutes:seconds"
        case nil: text += ", hours:minutes:seconds"
        case .yearFirst: break
        }
        return text
    }
}

/// A date, a clock's time, or both, as a cell has them: `2023-09-06T08:00:00.000-0400`, `14/03/2025 8:00:00 PM`,
/// `06-Sep-2023`, `00:04.5`. A `TimeFormat` makes seconds of it. A zone is Z, UTC, GMT, ±hh, ±hhmm or ±hh:mm; a date without
/// one is taken as UTC.
struct TimeText {
    /// The three fields of a date in the order written, a month's name as its number; none without a date.
    private(set) var date: [Int] = []
    /// The date's order where its writing leaves no doubt: a year in front, or a month by its name.
    private(set) var certainOrder: DateOrder?
    /// Points stand between the fields; these dates have the day in front wherever they are in use.
    private(set) var isDotted = false
    /// Hours, minutes and seconds, or two of them; none without a clock.
    private(set) var clock: [Int] = []
    private(set) var fraction: Double?
    private var isAfternoon: Bool?
    /// Seconds east of UTC.
    private var offset = 0

    /// Nil where the bytes are neither date nor clock.
    init?(_ bytes: Span<UInt8>) {
        // A fraction may have any number of digits; longer than this is no time that a device writes.
        guard bytes.count <= 64 else { return nil }
        var text = TimeScanner(bytes: bytes.withUnsafeBufferPointer { Array($0) })
        if text.isCompact {
            guard takeCompact(&text), takeZone(&text), text.isAtEnd else { return nil }
            return
        }
        if text.isDate {
            guard takeDate(&text) else { return nil }
            if text.isAtEnd { return }
            guard text.takes("Tt") || text.takesBlanks() else { return nil }
        }
        guard takeClock(&text), takeZone(&text), text.isAtEnd else { return nil }
        if !date.isEmpty, clock.count == 2, fraction != nil { return nil }
    }

    private mutating func takeDate(_ text: inout TimeScanner) -> Bool {
        guard let first = text.digits(1...4), let separator = text.byte, text.takes("-/. ") else { return false }
        let name = text.month()
        guard name != nil || separator != 0x20 else { return false }
        guard let second = name ?? text.digits(1...2), text.byte == separator, text.takes("-/. ") else { return false }
        let start = text.position
        guard let third = text.digits(1...4) else { return false }
        let thirdCount = text.position - start
        guard first > 99 && thirdCount < 3 || first < 100 && thirdCount == 4 else { return false }
        date = [first, second, third]
        certainOrder = first > 99 ? .yearFirst : name != nil ? .dayFirst : nil
        isDotted = separator == UInt8(ascii: ".")
        return true
    }

    private mutating func takeCompact(_ text: inout TimeScanner) -> Bool {
        guard let year = text.digits(4...4), let month = text.digits(2...2), let day = text.digits(2...2) else {
            return false
        }
        (date, certainOrder) = ([year, month, day], .yearFirst)
        if !text.takes("Tt_-") { _ = text.takesBlanks() }
        guard let hour = text.digits(2...2), let minute = text.digits(2...2), let second = text.digits(2...2) else {
            return false
        }
        clock = [hour, minute, second]
        if text.takes(".,") {
            fraction = text.fraction()
            return fraction != nil
        }
        if let milliseconds = text.digits(3...3) { fraction = Double(milliseconds) / 1000 }
        return true
    }

    private mutating func takeClock(_ text: inout TimeScanner) -> Bool {
        guard let first = text.digits(date.isEmpty ? 1...4 : 1...2), text.takes(":"), let second = text.digits(2...2)
        else { return false }
        clock = [first, second]
        if text.takes(":") {
            guard let third = text.digits(2...2) else { return false }
            clock.append(third)
        }
        if clock.count == 3, text.takes(":") {
            guard let milliseconds = text.digits(3...3) else { return false }
            fraction = Double(milliseconds) / 1000
        } else if text.takes(".,") {
            guard let read = text.fraction() else { return false }
            fraction = read
        }
        _ = text.takesBlanks()
        if let byte = text.byte, text.takes("AaPp") {
            guard text.takes("Mm") else { return false }
            isAfternoon = byte | 0x20 == UInt8(ascii: "p")
            _ = text.takesBlanks()
        }
        return true
    }

    private mutating func takeZone(_ text: inout TimeScanner) -> Bool {
        if text.isAtEnd || text.takes("Zz") || text.takesWord("UTC") || text.takesWord("GMT") { return true }
        let isWest = text.takes("-")
        guard isWest || text.takes("+"), let hours = text.digits(2...2), hours < 24 else { return false }
        var minutes = 0
        if !text.isAtEnd {
            _ = text.takes(":")
            guard let read = text.digits(2...2), read < 60 else { return false }
            minutes = read
        }
        offset = (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
        return true
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, or since the clock's zero, and the fraction of a second; nil where it is not
    /// of that format, or no such day or time is.
    func seconds(_ format: TimeFormat) -> (whole: Int, fraction: Double)? {
        guard date.isEmpty != format.hasDate, clock.isEmpty != format.hasClock else { return nil }
        var whole = -offset
        if let order = format.order {
            guard let days = days(order) else { return nil }
            whole += days * 86400
        }
        guard format.hasClock else { return (whole, 0) }
        var fields = clock
        if fields.count == 2 {
            if format.isMinutes { fields.insert(0, at: 0) } else { fields.append(0) }
        }
        if let isAfternoon {
            guard 1...12 ~= fields[0] else { return nil }
            fields[0] = fields[0] % 12 + (isAfternoon ? 12 : 0)
        }
        // 60 is a leap second. A clock without a date may count on beyond its 24 hours or 60 minutes.
        guard fields[2] <= 60, fields[1] < 60 || format.isMinutes, fields[0] < 24 || !format.hasDate else { return nil }
        return (whole + fields[0] * 3600 + fields[1] * 60 + fields[2], fraction ?? 0)
    }

    /// Days since 1970-01-01; nil where the fields in that order are no date.
    func days(_ order: DateOrder) -> Int? {
        guard date.count == 3, certainOrder == nil && order != .yearFirst || certainOrder == order else { return nil }
        let (year, month, day) =
            switch order {
            case .yearFirst: (date[0], date[1], date[2])
            case .dayFirst: (date[2], date[1], date[0])
            case .monthFirst: (date[2], date[0], date[1])
            }
        guard 1...12 ~= month, 1...daysOfMonth(month, year) ~= day else { return nil }
        return daysSince1970(year, month, day)
    }
}

private struct TimeScanner {
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
    /// The digits that come are followed by what separates the fields of a date.
    var isDate: Bool { bytes.first { $0 &- 48 > 9 }.map { "-/. ".utf8.contains($0) } ?? false }

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
        let letters = bytes[position...].prefix { $0 | 0x20 &- 97 < 26 }
        let name = String(decoding: letters, as: UTF8.self).lowercased()
        guard name.count >= 3, let month = monthNames.firstIndex(where: { $0.hasPrefix(name) }) else { return nil }
        position += letters.count
        return month + 1
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
