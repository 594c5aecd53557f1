import SensorLogs

/// The tally of one log of a run. JSON keys are these names.
struct LogTally: Encodable {
    enum Status: String, Encodable { case read, refused, interrupted }

    let log: String
    var segments = 0
    var ticks = 0
    var results = 0
    /// Ticks of windows that a gap or the end cut off.
    var droppedTicks = 0
    /// The samples of each channel whose value was beyond what the model's samples can hold.
    private(set) var clampedCounts: [Int]
    private var rounding: RoundingLoss
    /// The counts at which each channel's input to the network is nearest to 0.
    private let origins: [Double]
    var clampedSamples: Int { clampedCounts.reduce(0, +) }
    var evaluation: Evaluation
    private var notes: LogNotes
    /// What the reader says at its end, with the log's name.
    private var sourceNotes: [Note] = []
    /// The doubts about it so far, with its name.
    private(set) var doubts: [String] = []
    var status = Status.read
    /// The reason for which it was refused.
    private(set) var error: String?

    init(log: String, classes: [String], origins: [Int]) {
        self.log = log
        clampedCounts = Array(repeating: 0, count: origins.count)
        rounding = RoundingLoss(channelCount: origins.count)
        self.origins = origins.map { Double($0) }
        evaluation = Evaluation(classes: classes)
        notes = LogNotes(classes: classes)
    }

    mutating func add(_ batch: Batch) {
        ticks += batch.tickCount
        notes.addLabels(batch)
        for i in clampedCounts.indices { clampedCounts[i] += batch.clampedCounts[i] }
        rounding.add(batch.rounding)
    }

    /// Counts what is said at the end of the log rather than at a segment's beginning; live all has been said by then.
    mutating func begin(_ segment: Segment, isLive: Bool) {
        segments += 1
        if !isLive { notes.add(segment) }
    }

    mutating func refuse(_ reason: String) { (status, error) = (.refused, reason) }

    mutating func add(doubts notes: [Note]) { doubts += notes.filter(\.isDoubt).map(\.text) }

    mutating func addClosing(_ notes: [Note]) { sourceNotes += notes }

    /// Remarks on the whole of the log, a line for each kind.
    func closingNotes(_ input: LogInput) -> [Note] {
        sourceNotes
            + (notes.lines(hertz: input.rate.hertz) + clampingNotes(input.channels) + roundingNotes(input.channels)).map
        {
            $0.of(log)
        }
    }

    /// Remarks on samples that were clamped, one for channels that stand together and have one range. It is a doubt where more
    /// than one sample of a thousand was.
    private func clampingNotes(_ channels: [LogInput.Channel]) -> [Note] {
        var kinds: [(range: String, names: [String], counts: [Int])] = []
        for (channel, count) in zip(channels, clampedCounts) where count > 0 {
            let range = 32767 * Double(channel.scale.numerator) / Double(channel.scale.denominator)
            let words = "±\(range) \(channel.unit)"
            if kinds.last?.range != words { kinds.append((words, [], [])) }
            kinds[kinds.count - 1].names.append(channel.name)
            kinds[kinds.count - 1].counts.append(count)
        }
        return kinds.map { range, names, counts in
            let isDoubt = counts.contains { $0 * 1000 > ticks }
            let shown = counts.map(\.grouped)
            let list = shown.count > 1 ? shown.dropLast().joined(separator: ", ") + " and " + shown.last! : shown[0]
            return Note(
                "\(names.joined(separator: ", ")): \(list) of \(counted(ticks, "sample")) beyond the model's range of \(range) "
                    + "\(counts == [1] ? "was" : "were") clamped" + (isDoubt ? "; are the units right?" : ""),
                isDoubt: isDoubt)
        }
    }

    /// A remark where rounding takes more than a hundredth of a channel, a doubt where more than a twentieth: the model's counts are too
    /// coarse for the log's values. Of a sensor at rest, whose noise is a few counts, they take a few hundredths.
    private func roundingNotes(_ channels: [LogInput.Channel]) -> [Note] {
        let shares = rounding.shares(about: origins)
        let worst = shares.indices.max { shares[$0] < shares[$1] }!
        guard shares[worst] > 0.01 else { return [] }
        let (scale, unit) = (channels[worst].scale, channels[worst].unit)
        let count =
            (scale.denominator == 1 ? "\(scale.numerator)" : "\(scale.numerator)/\(scale.denominator)")
            + (unit == "1" ? "" : " \(unit)")
        return [
            Note(
                "\(channels[worst].name): rounding to the model's counts of \(count) takes \(percent(shares[worst], of: 1)) of the values (root mean square); compile with a finer --count, or with such a log as --calibrate",
                isDoubt: shares[worst] > 0.05
            )
        ]
    }

    mutating func add(_ result: WindowResult) {
        results += 1
        evaluation.add(result)
    }

    static func lines(_ tallies: [LogTally]) -> [String] {
        var table = Table([
            ("log", .left), ("segments", .right), ("ticks", .right), ("results", .right), ("dropped ticks", .right),
            ("accuracy", .right), ("status", .left),
        ])
        for tally in tallies {
            table.add([
                tally.log, tally.segments.grouped, tally.ticks.grouped, tally.results.grouped,
                tally.droppedTicks.grouped, tally.evaluation.accuracy.map { percent($0, of: 1) } ?? "",
                tally.status.rawValue,
            ])
        }
        return table.lines()
    }

    private enum CodingKeys: String, CodingKey {
        case log, segments, ticks, results, droppedTicks, clampedSamples, accuracy, doubts, status, error
    }

    func encode(to encoder: Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(log, forKey: .log)
        try container.encode(segments, forKey: .segments)
        try container.encode(ticks, forKey: .ticks)
        try container.encode(results, forKey: .results)
        try container.encode(droppedTicks, forKey: .droppedTicks)
        try container.encode(clampedSamples, forKey: .clampedSamples)
        try container.encodeIfPresent(evaluation.accuracy, forKey: .accuracy)
        try container.encode(doubts, forKey: .doubts)
        try container.encode(status, forKey: .status)
        try container.encodeIfPresent(error, forKey: .error)
    }
}
