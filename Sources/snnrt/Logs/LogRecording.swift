import SensorLogs

/// One log as reading it shows it: segments, rate, gaps, labels, the values that a model would be given. JSON keys are these
/// names.
struct LogRecording: Encodable {
    struct Channel: Encodable {
        let name: String
        let unit: String
        var least = Double.infinity
        var greatest = -Double.infinity
        fileprivate var kept: [Double] = []
        /// Of every 2^n-th tick in a long log.
        var median: Double? { lowerMedian(kept) }

        private enum CodingKeys: String, CodingKey { case name, unit, least, greatest, median }
        func encode(to encoder: Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(unit, forKey: .unit)
            guard let median else { return }
            try container.encode(least, forKey: .least)
            try container.encode(greatest, forKey: .greatest)
            try container.encode(median, forKey: .median)
        }
    }

    struct Label: Encodable {
        let label: String
        var ticks: Int
    }

    let log: String
    /// Values are those of a model's channels.
    let isForModel: Bool
    private(set) var channels: [Channel]
    private(set) var segments = 0
    /// Sessions that the log names.
    private(set) var sessions: [String] = []
    private(set) var ticks = 0
    /// Rows a second of the slowest and the fastest segment, as measured; nil without times.
    private(set) var lowestRate: Double?
    private(set) var highestRate: Double?
    /// Seconds from the first tick to the last, gaps left out.
    private(set) var seconds = 0.0
    private(set) var gaps = 0
    private(set) var longestGap = 0.0
    private(set) var labels: [Label] = []
    private(set) var notes: [String] = []
    private(set) var doubts: [String] = []
    /// The reason for which infer refuses the log.
    var refusal: String?
    var isStrict = false
    var isRefused: Bool { refusal != nil || isStrict && !doubts.isEmpty }
    /// The values over time, for a plot.
    private(set) var outline: LogOutline

    private let scales: [Double]
    private var logNotes: LogNotes
    private let hertz: Double
    private var stride = 1
    private var lastTime = 0.0
    private var lastSegment = -1
    private var noteCount = 0

    init(_ log: String, _ input: LogInput, _ isForModel: Bool) {
        self.log = log
        self.isForModel = isForModel
        channels = input.channels.map { Channel(name: $0.name, unit: $0.unit) }
        scales = input.channels.map { Double($0.scale.numerator) / Double($0.scale.denominator) }
        logNotes = LogNotes(classes: input.classNames)
        hertz = input.rate.hertz
        outline = LogOutline(channelCount: input.channels.count)
    }

    mutating func add(_ note: Note) {
        let text = note.text.hasPrefix("\(log): ") ? String(note.text.dropFirst(log.count + 2)) : note.text
        if note.isDoubt { doubts.append(text) } else { notes.append(text) }
    }

    mutating func add(_ batch: Batch) {
        let segment = batch.segment
        if segment.index != lastSegment { begin(segment, at: batch.time(ofTick: 0)) }
        let said = LogNotes.atOnce(segment)
        for note in said.dropFirst(noteCount) { add(note) }
        noteCount = said.count
        for (label, count) in batch.labelCounts {
            if let at = labels.firstIndex(where: { $0.label == label }) {
                labels[at].ticks += count
            } else {
                labels.append(Label(label: label, ticks: count))
            }
        }
        if isForModel { logNotes.addLabels(batch) }
        var values = scales
        for tick in 0..<batch.tickCount {
            for i in scales.indices { values[i] = Double(batch.frames[tick * scales.count + i]) * scales[i] }
            take(values)
            let time = batch.time(ofTick: tick)
            outline.add(time, values, label: batch.label(ofTick: tick), startsSegment: batch.startsSegment && tick == 0)
            if !(batch.startsSegment && tick == 0) { seconds += time - lastTime }
            lastTime = time
            ticks += 1
        }
    }

    private mutating func begin(_ segment: Segment, at time: Double) {
        lastSegment = segment.index
        noteCount = 0
        segments += 1
        if let session = segment.session, sessions.last != session { sessions.append(session) }
        if let interval = segment.interval, segment.lastLine > segment.firstLine {
            lowestRate = min(lowestRate ?? .infinity, 1 / interval)
            highestRate = max(highestRate ?? 0, 1 / interval)
        }
        if let gap = segment.gap {
            gaps += 1
            longestGap = max(longestGap, gap.seconds)
        }
        logNotes.add(segment)
    }

    private mutating func take(_ values: [Double]) {
        for i in channels.indices {
            channels[i].least = min(channels[i].least, values[i])
            channels[i].greatest = max(channels[i].greatest, values[i])
            if ticks % stride == 0 { channels[i].kept.append(values[i]) }
        }
        guard channels[0].kept.count == 1 << 16 else { return }
        stride *= 2
        for i in channels.indices {
            channels[i].kept = Swift.stride(from: 0, to: 1 << 16, by: 2).map { channels[i].kept[$0] }
        }
    }

    /// Remarks that are summed up at the end.
    var closingNotes: [String] { logNotes.lines(hertz: hertz).map(\.text) }

    private enum CodingKeys: String, CodingKey {
        case log, isForModel, channels, segments, sessions, ticks, lowestRate, highestRate, seconds, gaps, longestGap,
            labels,
            notes, doubts, refusal
    }

    func encode(to encoder: Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(log, forKey: .log)
        try container.encode(isForModel, forKey: .isForModel)
        try container.encode(channels, forKey: .channels)
        try container.encode(segments, forKey: .segments)
        try container.encode(sessions, forKey: .sessions)
        try container.encode(ticks, forKey: .ticks)
        try container.encodeIfPresent(lowestRate, forKey: .lowestRate)
        try container.encodeIfPresent(highestRate, forKey: .highestRate)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(gaps, forKey: .gaps)
        try container.encode(longestGap, forKey: .longestGap)
        try container.encode(labels, forKey: .labels)
        try container.encode(notes + closingNotes, forKey: .notes)
        try container.encode(doubts, forKey: .doubts)
        try container.encodeIfPresent(refusal, forKey: .refusal)
    }
}
