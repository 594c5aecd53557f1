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
    /// Its year has two digits, and is one of this century.
    private(set) var hasShortYear = false
    /// A clock's fields stand together, and a zero stands in front.
    private(set) var isZeroLed = false
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
        if text.compactClockCount > 0 {
            guard takeCompactClock(&text), text.isAtEnd else { return nil }
            return
        }
        if text.isCompact {
            guard takeCompact(&text), takeZone(&text), text.isAtEnd else { return nil }
            return
        }
        let hasName = text.takesWeekday()
        if hasName || text.isDate || text.isMonth {
            guard text.isMonth ? takeNamedDate(&text) : takeDate(&text) else { return nil }
            if text.isAtEnd { return }
            guard text.takes("Tt_") || text.takesBlanks() else { return nil }
        }
        let days = date.isEmpty ? text.days() : nil
        guard takeClock(&text), takeZone(&text), text.isAtEnd else { return nil }
        if !date.isEmpty, clock.count == 2, fraction != nil { return nil }
        if let days {
            guard clock.count == 3 else { return nil }
            clock[0] += 24 * days
        }
    }

    /// `Mar 14 2024`, `March 14, 2024`.
    private mutating func takeNamedDate(_ text: inout TimeScanner) -> Bool {
        guard let month = text.month(), text.takesBlanks(), let day = text.digits(1...2), text.takesBlanks(),
            let year = text.digits(4...4)
        else { return false }
        (date, certainOrder) = ([day, month, year], .dayFirst)
        return true
    }

    /// `174100`, `174100.5`, `174100500`, and the same without a zero in front.
    private mutating func takeCompactClock(_ text: inout TimeScanner) -> Bool {
        let count = text.compactClockCount
        isZeroLed = text.byte == 0x30 && count % 3 == 0
        let hours = count % 3 == 0 ? 2 : 1
        guard let hour = text.digits(hours...hours), let minute = text.digits(2...2), let second = text.digits(2...2)
        else { return false }
        clock = [hour, minute, second]
        if count > 6 {
            guard let milliseconds = text.digits(3...3) else { return false }
            fraction = Double(milliseconds) / 1000
        } else if text.takes(".,") {
            fraction = text.fraction()
            return fraction != nil
        }
        return hour < 24
    }

    private mutating func takeDate(_ text: inout TimeScanner) -> Bool {
        guard let first = text.digits(1...4), let separator = text.byte, text.takes("-/. :") else { return false }
        let name = text.month()
        guard name != nil || separator != 0x20 else { return false }
        guard let second = name ?? text.digits(1...2), text.byte == separator, text.takes("-/. :") else { return false }
        let start = text.position
        guard let third = text.digits(1...4) else { return false }
        let thirdCount = text.position - start
        hasShortYear = first < 100 && thirdCount == 2 && separator != 0x3A
        guard first > 99 && thirdCount < 3 || first < 100 && (thirdCount == 4 || hasShortYear) else { return false }
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
        guard let first = text.digits(date.isEmpty ? 1...4 : 1...2), let sign = text.byte,
            text.takes(":") || !date.isEmpty && text.takes("-"), let second = text.digits(2...2)
        else { return false }
        clock = [first, second]
        if sign == UInt8(ascii: "-") {
            guard text.takes("-"), let third = text.digits(2...2) else { return false }
            clock.append(third)
        } else if text.takes(":") {
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
            _ = text.takes(".")
            guard text.takes("Mm") else { return false }
            _ = text.takes(".")
            isAfternoon = byte | 0x20 == UInt8(ascii: "p")
            _ = text.takesBlanks()
        }
        return true
    }

    private mutating func takeZone(_ text: inout TimeScanner) -> Bool {
        if text.takes("Zz") { return text.takesZoneName() }
        let isNamed = text.takesWord("UTC") || text.takesWord("GMT")
        if text.isAtEnd || isNamed && text.takesZoneName() { return true }
        let isWest = text.takes("-")
        guard isWest || text.takes("+"), let hours = text.digits(isNamed ? 1...2 : 2...2), hours < 24 else {
            return false
        }
        var minutes = 0
        if text.takes(":") || text.byte.map({ $0 &- 48 <= 9 }) == true {
            guard let read = text.digits(2...2), read < 60 else { return false }
            minutes = read
        }
        offset = (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
        return text.takesZoneName()
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
        guard date.count == 3,
            certainOrder == nil && (order != .yearFirst || hasShortYear) || certainOrder == order
        else { return nil }
        let (written, month, day) =
            switch order {
            case .yearFirst: (date[0], date[1], date[2])
            case .dayFirst: (date[2], date[1], date[0])
            case .monthFirst: (date[2], date[0], date[1])
            }
        let year = hasShortYear ? 2000 + written : written
        guard 1...12 ~= month, 1...daysOfMonth(month, year) ~= day else { return nil }
        return daysSince1970(year, month, day)
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
