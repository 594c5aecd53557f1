import Compiler
import SensorLogs

extension Recording {
    /// Which notes about the logs are shown.
    enum Saying { case all, doubts, nothing }

    /// The whole windows of logs, read as `snnrt infer` reads them.
    init(
        _ loaded: LoadedModel, logs: [String], options: LogOptions, progress: ProgressLine, saying: Saying
    ) throws {
        let channelCount = Int(loaded.model.channelCount)
        self.init(channelCount: channelCount)
        var run = try LogRun(
            loaded, try loaded.network(.basic), logs: logs, labels: options.labels, options: options,
            report: progress.report)
        var samples: [Int16] = []
        var windows: [Window] = []
        let classes = loaded.classNames
        try run.play(
            note: { if saying == .all || saying == .doubts && $0.isDoubt { progress.note($0) } }, refusal: progress.refuse,
            tick: { _, frame, _ in samples += UnsafeBufferPointer(start: frame, count: channelCount) },
            restart: { samples = [] },
            result: { result in
                windows.append(Window(samples: samples, label: result.logged.flatMap { classes.firstIndex(of: $0) }))
                samples = []
            })
        progress.clear()
        try run.end()
        Interrupt.stopListening()
        if windows.isEmpty {
            throw Failure(
                code: .log,
                message:
                    "\(logs.joined(separator: ", ")): no window of \(loaded.model.windowTickCount) ticks to calibrate with"
            )
        }
        self.windows = windows
    }

    /// What the metadata of a model with that input says of these windows. Of many channels it would be longer than useful.
    func dataLines(_ input: LogInput) -> [String] {
        input.channels.count > 64 ? [] : DataProfile(frames: windows.flatMap(\.samples), input: input).lines
    }
}
