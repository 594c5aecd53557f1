import SensorLogs

/// What is said of a log once it has been read: one line a kind, with a count.
struct LogNotes {
    /// The gaps at which the network restarts, those where time goes back, and those that are bridged.
    private var (gaps, falls, bridges) = (Gaps(), Gaps(), Gaps())
    private var repeatedTimeCount = 0
    /// The segments that were resampled, and their lowest and highest rate.
    private var resampled: (count: Int, lowest: Double, highest: Double)?
    /// Ticks with a label that is no class, in the order of the labels' first ticks.
    private var strangers: [(label: String, tickCount: Int)] = []
    private var strangerPlaces: [String: Int] = [:]
    /// Labels that are said one by one.
    private static let mostStrangers = 8
    private let classes: [String]

    init(classes: [String]) { self.classes = classes }

    /// At the first batch of each segment.
    mutating func add(_ segment: Segment) {
        if let gap = segment.gap {
            if gap.seconds < 0 { falls.add(gap) } else { gaps.add(gap) }
        }
        for gap in segment.bridgedGaps { bridges.add(gap) }
        repeatedTimeCount += segment.repeatedTimeCount
        if segment.isResampled, let interval = segment.interval {
            let so = resampled ?? (0, 1 / interval, 1 / interval)
            resampled = (so.count + 1, min(so.lowest, 1 / interval), max(so.highest, 1 / interval))
        }
    }

    mutating func addLabels(_ batch: Batch) {
        for (label, count) in batch.labelCounts where !classes.contains(label) {
            if let at = strangerPlaces[label] {
                strangers[at].tickCount += count
            } else {
                strangerPlaces[label] = strangers.count
                strangers.append((label, count))
            }
        }
    }

    /// The notes that are said at a segment's beginning: those that no line at the end sums up.
    static func atOnce(_ segment: Segment) -> [Note] {
        segment.notes.filter { $0.text != segment.gap?.note && $0.text != segment.resamplingNote }
    }

    /// - Parameter hertz: the model's rate.
    func lines(hertz: Double) -> [Note] {
        var lines: [String] = []
        if let resampled {
            let rates = LogNotes.range(resampled.lowest, resampled.highest)
            let segments = resampled.count == 1 ? "" : " in \(resampled.count.grouped) segments"
            lines.append("resampled \(rates) Hz -> \(shortened(hertz)) Hz\(segments)")
        }
        if repeatedTimeCount > 0 {
            let rows = repeatedTimeCount == 1 ? "row has" : "rows have"
            lines.append(
                "\(repeatedTimeCount.grouped) \(rows) the time of the row before: such rows are spread evenly up to the next time"
            )
        }
        if let first = gaps.first {
            lines.append(
                gaps.count == 1
                    ? first.note
                    : "\(gaps.count.grouped) gaps of \(gaps.range) s: restart at each, the first before line \(first.line)"
            )
        }
        if let first = falls.first {
            lines.append(
                falls.count == 1
                    ? first.note
                    : "time goes back \(falls.count.grouped) times, by \(falls.range) s: restart at each, the first before line "
                        + "\(first.line)")
        }
        if let first = bridges.first {
            lines.append(
                bridges.count == 1
                    ? first.bridgeNote
                    : "\(bridges.count.grouped) gaps of \(bridges.range) s bridged by interpolation, the first before line "
                        + "\(first.line)")
        }
        for (label, count) in strangers.prefix(LogNotes.mostStrangers) {
            let near = label.utf8.count > 64 ? nil : nearestName(to: label, among: classes)
            let hint = near.map { "; the nearest is \"\($0)\"" } ?? ""
            lines.append("label \"\(label)\": \(counted(count, "tick")), no class of the model\(hint)")
        }
        if strangers.count > LogNotes.mostStrangers {
            let rest = strangers.dropFirst(LogNotes.mostStrangers)
            lines.append(
                "\(rest.count.grouped) labels more: \(counted(rest.reduce(0) { $0 + $1.tickCount }, "tick")), no classes of the model"
            )
        }
        return lines.map { Note($0) }
    }

    /// Gaps of one kind, with the seconds of the shortest and the longest.
    private struct Gaps {
        private(set) var count = 0
        private(set) var first: Segment.Gap?
        private var (shortest, longest) = (Double.infinity, 0.0)

        var range: String { LogNotes.range(shortest, longest) }

        mutating func add(_ gap: Segment.Gap) {
            count += 1
            if first == nil { first = gap }
            (shortest, longest) = (min(shortest, abs(gap.seconds)), max(longest, abs(gap.seconds)))
        }
    }

    private static func range(_ low: Double, _ high: Double) -> String {
        let (low, high) = (shortened(low), shortened(high))
        return low == high ? low : "\(low) … \(high)"
    }
}

/// The name that a misspelt one most likely means; nil where none is near. Case, blanks, underscores and hyphens do not
/// matter; then one begins with the other, or at most a third of the letters differ.
func nearestName(to name: String, among names: [String]) -> String? {
    func letters(_ name: String) -> [Character] { name.lowercased().filter { !" _-".contains($0) } }
    let sought = letters(name)
    guard !sought.isEmpty else { return nil }
    let ranked = names.compactMap { name -> (name: String, distance: Int)? in
        let letters = letters(name)
        if letters == sought { return (name, 0) }
        if letters.count > 2, sought.count > 2, letters.starts(with: sought) || sought.starts(with: letters) {
            return (name, 1)
        }
        let distance = editDistance(sought, letters)
        return distance * 3 <= max(sought.count, letters.count) ? (name, distance + 1) : nil
    }
    return ranked.min { $0.distance < $1.distance }?.name
}

/// Levenshtein: insertions, deletions and substitutions, one each.
private func editDistance(_ one: [Character], _ other: [Character]) -> Int {
    var row = Array(0...other.count)
    for (i, character) in one.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for j in other.indices {
            let substituted = diagonal + (character == other[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[other.count]
}
