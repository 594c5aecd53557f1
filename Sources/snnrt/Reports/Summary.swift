/// The summary of a run over logs. JSON keys are these names.
struct Summary: Encodable {
    let model: String
    let modelChecksum: String
    let logs: [String]
    let segments: Int
    let droppedTicks: Int
    /// Samples whose value was beyond what the model's samples can hold.
    let clampedSamples: Int
    let ticks: UInt64
    let results: UInt64
    let spikes: UInt64
    let synapticOperations: UInt64
    let nsAce: UInt64
    let modelBitsRead: UInt64
    let stateBitsRead: UInt64
    let stateBitsWritten: UInt64
    let outputChecksum: String
    /// What may be wrong with how the logs were read.
    let doubts: [String]
    let evaluation: Evaluation?
    /// It is there where logs are several, or the only one was refused along the way.
    let perLog: [LogTally]?
    /// It is true where Ctrl-C ended the run, else absent.
    let interrupted: Bool?

    init(_ loaded: LoadedModel, logs: [String], _ run: RunOutcome, _ evaluation: Evaluation) {
        (model, modelChecksum, self.logs) = (loaded.name, loaded.checksum, logs)
        segments = run.tallies.reduce(0) { $0 + $1.segments }
        droppedTicks = run.tallies.reduce(0) { $0 + $1.droppedTicks }
        clampedSamples = run.tallies.reduce(0) { $0 + $1.clampedSamples }
        doubts = run.tallies.flatMap(\.doubts)
        perLog = run.tallies.count > 1 || run.tallies.contains { $0.status == .refused } ? run.tallies : nil
        interrupted = run.isInterrupted ? true : nil
        let spent = run.spent
        (ticks, results, spikes) = (spent.ticks, spent.results, spent.spikes)
        (synapticOperations, nsAce) = (spent.synapticOperations, spent.nsAce)
        (modelBitsRead, stateBitsRead, stateBitsWritten) = (
            spent.modelBitsRead, spent.stateBitsRead, spent.stateBitsWritten
        )
        outputChecksum = hexadecimal(run.outputChecksum)
        self.evaluation = evaluation.isEmpty ? nil : evaluation
    }

    /// The options that the doubts name, where each names its own: with them the logs may be read again.
    private static func advice(_ doubts: [String]) -> String {
        var options: [String] = []
        for doubt in doubts {
            for found in doubt.matches(of: /--(?:unit|scale) [a-z_]*=[^ ,;]+/)
            where !options.contains(String(found.output)) {
                options.append(String(found.output))
            }
        }
        return options.isEmpty ? "" : "; what they advise: \(options.joined(separator: " "))"
    }

    static let interruption = "interrupted: this is what was done so far"

    var lines: [String] {
        var lines = interrupted == nil ? [] : [Summary.interruption]
        lines += [
            "\(counted(ticks, "tick")) in \(counted(segments, "segment")), \(counted(results, "result"))"
                + (droppedTicks > 0 ? "; \(counted(droppedTicks, "tick")) of unfinished windows dropped" : ""),
            "\(spikes.grouped) spikes, \(synapticOperations.grouped) synaptic operations, NS-ACE \(nsAce.grouped) bits",
            "bits read: model \(modelBitsRead.grouped), state \(stateBitsRead.grouped); state bits written \(stateBitsWritten.grouped)",
            "model checksum \(modelChecksum), output CRC-32C \(outputChecksum)",
        ]
        if !doubts.isEmpty {
            lines.append(
                "\(counted(doubts.count, "warning")): the logs may not be what they were taken for"
                    + Summary.advice(doubts))
        }
        if let perLog { lines += LogTally.lines(perLog) }
        if let evaluation { lines += evaluation.lines }
        return lines
    }
}
