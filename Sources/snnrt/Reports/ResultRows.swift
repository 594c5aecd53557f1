/// Writes results as they come, in one of three formats.
struct ResultRows {
    private let format: Infer.Format
    private let classes: [String]
    private let widths: [Int]
    /// What one count of a score is worth; nil where scores are shown as they are.
    private let scale: Double?
    private let confidence: Confidence?
    private var hasHeader = false

    /// - Parameters:
    ///   - scale: what one count of a score is worth in the network's own output; nil for scores that are counts.
    ///   - confidence: that of a result's label, of a model that has it.
    init(_ format: Infer.Format, classes: [String], scale: Double?, confidence: Confidence?) {
        self.format = format
        self.classes = classes
        self.scale = scale
        self.confidence = confidence
        widths = classes.map { max($0.count, scale == nil ? 5 : 10) }
    }

    /// A score as it is shown: with as many digits behind the point as a count is worth, 6 at most.
    private func text(_ score: Int32) -> String {
        guard let scale else { return "\(score)" }
        var (digits, step) = (0, scale)
        while step < 1 && digits < 6 { (digits, step) = (digits + 1, step * 10) }
        return fixed(Double(score) * scale, digits)
    }

    private var labelWidth: Int { max(5, classes.map(\.count).max() ?? 0) }

    /// Writes the header once, when there is something to write.
    private mutating func begin() throws {
        if hasHeader { return }
        hasHeader = true
        switch format {
        case .table:
            let scores = zip(classes, widths).map { padLeft($0, $1) }.joined(separator: "  ")
            try Output.standard.line(
                "\(padLeft("#", 6))  \(padLeft("start s", 11))  \(padLeft("end s", 11))  \(padRight("label", labelWidth))  \(confidence == nil ? "" : "confidence  ")\(scores)"
            )
        case .csv:
            let header =
                ["index", "log", "start_s", "end_s", "label", "logged"] + (confidence == nil ? [] : ["confidence"])
                + classes.map { "score_\($0)" }
            try Output.standard.line(header.map(csvCell).joined(separator: ","))
        case .jsonl: break
        }
    }

    mutating func write(_ result: WindowResult) throws {
        try begin()
        let (start, end) = (fixed(result.start, 3), fixed(result.end, 3))
        let label = classes[result.label]
        let sure = confidence.map { $0(result) }
        switch format {
        case .table:
            if result.startsLog { try Output.standard.line("log \(result.log)") }
            let scores = zip(result.scores, widths).map { padLeft(text($0), $1) }.joined(separator: "  ")
            let differs = result.logged.map { $0 == label ? "" : "  logged: \($0)" } ?? ""
            try Output.standard.line(
                "\(padLeft("\(result.index)", 6))  \(padLeft(start, 11))  \(padLeft(end, 11))  \(padRight(label, labelWidth))  \(sure.map { "\(padLeft(fixed($0, 3), 10))  " } ?? "")\(scores)\(differs)"
            )
        case .csv:
            let cells =
                ["\(result.index)", result.log, start, end, label, result.logged ?? ""]
                + (sure.map { [fixed($0, 4)] } ?? [])
                + result.scores.map(text)
            try Output.standard.line(cells.map(csvCell).joined(separator: ","))
        case .jsonl:
            try Output.standard.line(
                try json(
                    Row(
                        index: result.index, log: result.log, start: result.start, end: result.end, label: label,
                        logged: result.logged, confidence: sure, scores: result.scores,
                        scaledScores: scale.map { scale in result.scores.map { Double($0) * scale } })))
        }
    }

    /// The summary: below the table; as the last line of jsonl; on standard error beside csv.
    mutating func end(_ summary: Summary) throws {
        try begin()
        switch format {
        case .table:
            try Output.standard.line()
            for line in summary.lines { try Output.standard.line(line) }
        case .csv: for line in summary.lines { standardError(line) }
        case .jsonl: try Output.standard.line(try json(["summary": summary]))
        }
    }

    private struct Row: Encodable {
        let index: Int
        let log: String
        let start: Double
        let end: Double
        let label: String
        let logged: String?
        /// How probable the label is, of a model whose scores say it.
        let confidence: Double?
        let scores: [Int32]
        /// The scores in the network's own output, where they are no counts.
        let scaledScores: [Double]?
    }
}
