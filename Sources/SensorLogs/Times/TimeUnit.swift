/// A column's name without its unit, and the unit: `time_ms`, `Time (ms)`, `t[us]` -> `time`, `time`, `t`.
func splitTimeUnit(_ name: String) -> (base: String, unit: TimeUnit?) {
    let whole = name.lowercased()
    var text = Substring(whole)
    let unitText: Substring
    if let open = text.lastIndex(where: { $0 == "(" || $0 == "[" }),
        text.last == (text[open] == "(" ? ")" : "]")
    {
        unitText = text[text.index(after: open)...].dropLast()
        text = text[..<open]
    } else if let underscore = text.lastIndex(of: "_") {
        unitText = text[text.index(after: underscore)...]
        text = text[..<underscore]
    } else {
        return (whole, nil)
    }
    while text.last == " " || text.last == "_" { text.removeLast() }
    guard let unit = TimeUnit(spelled: String(unitText)) else { return (whole, nil) }
    return (String(text), unit)
}

extension TimeUnit {
    /// As a log writes it.
    init?(spelled text: String) {
        switch text.lowercased() {
        case "s", "sec", "secs", "second", "seconds": self = .seconds
        case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds": self = .milliseconds
        // Micro sign, Greek mu.
        case "us", "µs", "μs", "usec", "usecs", "micros", "microsecond", "microseconds": self = .microseconds
        case "cs", "centiseconds": self = .centiseconds
        case "100us", "100µs", "100μs", "100 us", "100 µs", "100 μs": self = .hundredMicroseconds
        case "100ns", "100 ns": self = .hundredNanoseconds
        case "min", "mins", "minute", "minutes": self = .minutes
        case "h", "hr", "hrs", "hour", "hours": self = .hours
        case "d", "day", "days": self = .days
        case "ns", "nsec", "nsecs", "nanosec", "nanos", "nanosecond", "nanoseconds": self = .nanoseconds
        default: return nil
        }
    }
}

/// The names of a time column, before a unit.
let timeColumnNames: Set<String> = ["time", "timestamp", "t"]

/// The unit in which `step`, the median difference of a log's first rows, comes nearest to the model's period;
/// nil where even that is off by more than ten times. Only s, ms, µs and ns come into question: these lie a factor of 1000 apart, so a log between a tenth
/// of the model's rate and ten times it can be taken for no other, and a guess is wrong only for a log that is a
/// hundred times slower or faster than the model.
func inferredTimeUnit(step: Double, period: Double) -> TimeUnit? {
    [TimeUnit.seconds, .milliseconds, .microseconds, .nanoseconds].first { unit in
        let ratio = unit.seconds(step) / period
        return ratio >= 0.1 && ratio <= 10
    }
}

/// The lower median of the differences of neighbouring times; nil for fewer than two.
func medianStep(_ times: some Collection<Double>) -> Double? {
    lowerMedian(zip(times.dropFirst(), times).map { $0 - $1 })
}

/// The middle one of the values, of two the lower; nil where there is none.
public func lowerMedian(_ values: some Collection<Double>) -> Double? {
    values.isEmpty ? nil : values.sorted()[(values.count - 1) / 2]
}
