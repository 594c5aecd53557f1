/// Counts on where times begin anew without a restart: a clock's at midnight, a counter's where its bits end, a local time's
/// when the clocks are set back.
struct TimeCycles {
    private struct Cycle {
        let seconds: Double
        let words: String
        /// Times stay below it; only a fall from its end to its beginning counts.
        var isBounded = true
        /// Recordings are as long: one that begins at its beginning restarts.
        var isLikeRestart = false
    }

    private var cycles: [Cycle] = []
    /// Of a clock without a date: any fall by more than half of it counts.
    private var clock: Cycle?
    /// Seconds counted on so far.
    private var seconds = 0.0
    /// The first time.
    private var first: Double?
    /// How often they were, the line of the first time, and its words.
    private var told = (count: 0, line: 0, words: "")

    init(_ time: TimeColumn) {
        if let format = time.format {
            clock = time.cycle.map {
                Cycle(seconds: $0, words: $0 == 3600 ? "the clock begins a new hour" : "the clock passes midnight")
            }
            if format.isMinutes { return }
            cycles = [Cycle(seconds: 43200, words: "the clock of 12 hours begins anew", isBounded: false)]
            if format.hasDate || time.dateFormat != nil {
                cycles.append(Cycle(seconds: 3600, words: "the clock is set back by an hour", isBounded: false))
            }
            if time.dateFormat != nil {
                cycles.append(
                    Cycle(seconds: 86400, words: "the clock passes midnight, and the date stays", isBounded: false))
            }
        } else if time.even == nil {
            clock = time.cycle.map { Cycle(seconds: $0, words: "the clock passes midnight") }
            cycles = [16, 24, 31, 32].map { bits in
                Cycle(
                    seconds: time.scale.unit.seconds(Double(1 << bits)),
                    words: "the counter of \(bits) bits begins anew")
            }
            let spans = [(1.0, "second"), (60, "minute"), (3600, "hour"), (86400, "day"), (604_800, "week")]
            cycles += spans.map { Cycle(seconds: $0, words: "time begins anew with the \($1)", isLikeRestart: true) }
        }
    }

    /// A session counts from its own beginning.
    mutating func beginSession() { (seconds, first) = (0, nil) }

    /// The time counted on.
    /// - Parameters:
    ///   - last: the row's before, counted on.
    ///   - longestStep: what may lie between the two.
    mutating func counted(_ time: Double, after last: Double, longestStep: Double, line: Int) -> Double {
        let before = last - seconds
        let first = first ?? time
        self.first = first
        guard time < before, before.isFinite else { return time + seconds }
        let cycle =
            cycles.first { cycle in
                let step = time - before + cycle.seconds
                return step > 0 && step <= longestStep && (!cycle.isBounded || before < cycle.seconds)
                    && (!cycle.isLikeRestart || first > longestStep)
            } ?? clock.flatMap { before - time > $0.seconds / 2 ? $0 : nil }
        if let cycle {
            seconds += cycle.seconds
            if told.count == 0 { told = (0, line, cycle.words) }
            told.count += 1
        }
        return time + seconds
    }

    /// Says what was counted on since the last call.
    mutating func takeNote() -> Note? {
        guard told.count > 0 else { return nil }
        defer { told.count = 0 }
        let often = told.count == 1 ? "" : " \(told.count) times, the first"
        return "\(told.words)\(often) before line \(told.line); its times go on"
    }
}
