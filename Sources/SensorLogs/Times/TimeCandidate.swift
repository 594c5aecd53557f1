/// A column that could have the times, with its cells of the first rows.
struct TimeCandidate {
    /// What a cell was found to hold.
    enum Cell {
        /// The number could also be a date or a clock whose fields stand together: `20241112174100`, `174100.5`.
        case number(Double, compact: TimeText?)
        case text(TimeText)
        case other
    }

    /// Two readings of the cells between which nothing chooses.
    struct Doubt {
        let message: String
        let hint: String
    }

    let column: Int
    /// Nil for numbers.
    private(set) var format: TimeFormat?
    private(set) var doubt: Doubt?
    /// All numbers could be a clock's.
    private(set) var couldBeClock = false
    /// Numbers as written, or seconds, of all rows, a clock's going on beyond its end; nil where a cell is neither.
    var times: [Double?] = []
    /// The columns of parts that are added, and the unit of this one where it has numbers; sums are in seconds.
    var parts: [TimePart] = []
    var wholeUnit: TimeUnit?

    var isDateOnly: Bool { format.map { $0.hasDate && !$0.hasClock } ?? false }

    /// - Parameters:
    ///   - shown: the first cell.
    ///   - stated: what the user says of dates and clocks; it goes before what a number in the cells shows.
    ///   - written: what the log says; it comes behind that.
    init(column: Int, _ cells: [Cell], shown: String, stated: TimePattern?, written: TimePattern?) {
        self.column = column
        let texts = cells.compactMap { if case .text(let text) = $0 { text } else { nil } }
        let numbers = cells.count { if case .number = $0 { true } else { false } }
        let compactCount = cells.count { if case .number(_, _?) = $0 { true } else { false } }
        if texts.isEmpty, compactCount > 0, compactCount == numbers {
            let compact = cells.compactMap {
                if case .number(let number, let text?) = $0 { (number, text) } else { nil }
            }
            if compact.allSatisfy({ !$0.1.date.isEmpty }) {
                format = TimeFormat(order: .yearFirst)
            } else if compact.allSatisfy({ $0.1.date.isEmpty }) {
                couldBeClock = true
                let isStated = stated?.isCompactClock == true || written?.isCompactClock == true
                if isStated || isClock(compact) { format = TimeFormat(order: nil) }
            }
        } else if let first = texts.first, texts.count > numbers {
            var format = TimeFormat(order: nil, hasClock: !first.clock.isEmpty)
            format.clockFieldCount = first.clock.count
            if !first.date.isEmpty {
                format.order =
                    first.certainOrder ?? stated?.order ?? settledOrder(texts) ?? written?.order
                    ?? (first.isDotted ? .dayFirst : nil)
                if format.order == nil, first.hasShortYear {
                    doubt = Doubt(
                        message: "found \(shown), a date whose year has two digits",
                        hint: "--time-format dd/mm/yy, mm/dd/yy or yy/mm/dd says which they are")
                } else if format.order == nil, let open = texts.first(where: \.couldBeTwo) {
                    let (one, other) = (open.date[0], open.date[1])
                    let names = [one, other].map { capitalized(monthNames[$0 - 1]) }
                    doubt = Doubt(
                        message:
                            "the date \(one)/\(other)/\(open.date[2]) could be \(one) \(names[1]) or \(other) \(names[0])",
                        hint: "--time-format dd/mm/yyyy or mm/dd/yyyy says which")
                }
                format.order = format.order ?? .dayFirst
            } else if first.clock.count == 2 {
                let settled = texts.contains { $0.fraction != nil || $0.clock[0] > 23 } ? true : nil
                let isMinutes = stated?.isMinutes ?? settled ?? written?.isMinutes
                if isMinutes == nil {
                    doubt = Doubt(
                        message: "found \(shown), which could be hours and minutes or minutes and seconds",
                        hint: "--time-format hh:mm or mm:ss says which")
                }
                format.isMinutes = isMinutes ?? false
            }
            self.format = format
        }
        func seconds(_ text: TimeText?) -> Double? {
            format.flatMap { text?.seconds($0) }.map { Double($0.whole) + $0.fraction }
        }
        times = cells.map { cell in
            switch cell {
            case .number(let number, _) where format == nil: number
            case .number(_, let text): seconds(text)
            case .text(let text): seconds(text)
            case .other: nil
            }
        }
        guard let cycle = format?.cycle else { return }
        var (last, passed) = (0.0, 0.0)
        for i in times.indices {
            guard let time = times[i] else { continue }
            if last - time > cycle / 2 { passed += cycle }
            (last, times[i]) = (time, time + passed)
        }
    }
}

extension TimeText {
    /// Either of its first two fields could be the day, and it makes a difference.
    fileprivate var couldBeTwo: Bool {
        days(.dayFirst).map { day in days(.monthFirst).map { $0 != day } ?? false } ?? false
    }
}

/// The order that makes dates of more of the texts than any other; nil where two make as many.
private func settledOrder(_ texts: [TimeText]) -> DateOrder? {
    let dated = texts.filter { !$0.date.isEmpty }
    let counts = [DateOrder.dayFirst, .monthFirst, .yearFirst].map { order in
        (order, dated.count { $0.days(order) != nil })
    }.sorted { $0.1 > $1.1 }
    return counts[0].1 == counts[1].1 ? nil : counts[0].0
}

/// The numbers are a clock's without a doubt: one begins with a zero, or they leap from 59 seconds to the next minute.
private func isClock(_ cells: [(number: Double, text: TimeText)]) -> Bool {
    if cells.contains(where: \.text.isZeroLed) { return true }
    let times = cells.compactMap { cell in
        cell.text.seconds(TimeFormat(order: nil)).map { (cell.number, Double($0.whole) + $0.fraction) }
    }
    let steps = zip(times.dropFirst(), times).map { ($0.0 - $1.0, $0.1 - $1.1) }.filter { $0.1 > 0 }
    guard let median = medianStep([0] + steps.map(\.1).reduce(into: []) { $0.append(($0.last ?? 0) + $1) }) else {
        return false
    }
    let usual = lowerMedian(steps.map(\.0))!
    return steps.contains { $0.1 <= 3 * median && $0.0 > 10 * usual }
}

/// How a column grows from row to row; nil if it does not: nine rises for a fall, and few cells that are no time.
struct Growth: Comparable {
    let candidate: TimeCandidate
    /// Beside a column that goes on, one that begins anew, as a fraction does each second, is no time.
    private let beginsAnew: Bool
    private let standCount: Int
    /// Most rows are much closer than on average, as those that arrive in packets.
    private let isBursting: Bool
    /// Larger for a finer unit, since the rows are the same.
    private let step: Double

    init?(_ candidate: TimeCandidate) {
        let read = candidate.times.compactMap { $0 }
        guard !read.isEmpty, (candidate.times.count - read.count) * 10 <= candidate.times.count else { return nil }
        let steps = zip(read.dropFirst(), read).map { $0 - $1 }
        let rises = steps.filter { $0 > 0 }
        let falls = steps.count { $0 < 0 }
        guard let usual = lowerMedian(rises), falls * 9 <= rises.count else { return nil }
        self.candidate = candidate
        beginsAnew = falls > 0
        standCount = steps.count - rises.count
        step = usual
        isBursting = (read.last! - read[0]) / Double(steps.count) > 3 * step
    }

    /// The less of these the better, in their order.
    private var faults: (Int, Int, Int, Double, Int) {
        (beginsAnew ? 1 : 0, standCount, isBursting ? 1 : 0, -step, candidate.column)
    }

    static func < (one: Growth, other: Growth) -> Bool { one.faults < other.faults }

    static func == (one: Growth, other: Growth) -> Bool { !(one < other) && !(other < one) }
}
