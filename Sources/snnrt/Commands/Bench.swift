import ArgumentParser
import SensorLogs

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Times a model's tick on this machine: ticks, synaptic operations and bytes of weights per second, per op.",
        discussion: """
            Plays the logs' frames over and over, the state reset before each round, and reports the median of the rounds \
            with quartiles. Without a log the frames are walks of moderate size. The ops' shares are of rounds of their own, \
            in which a clock is read after every op; what reading it takes is subtracted.

            Examples:
              snnrt bench model.snn
              snnrt bench model.snn watch.csv --seconds 10
              snnrt bench model.snn watch.csv --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model"))
    var path: String
    @Argument(help: "Sensor logs whose frames to play; - is standard input.")
    var logs: [String] = []
    @Option(help: ArgumentHelp("How long to measure.", valueName: "s")) var seconds = 2.0
    @Option(
        name: .customLong("against"),
        help: ArgumentHelp(
            "A shared library that computes the same network (Tests/bench/yardstick.c), timed in turn with it; its outputs "
                + "must be the network's. Repeatable.", valueName: "library"))
    var rivals: [String] = []
    @Option(help: "Output format: text or json.") var format: Format = .text
    @OptionGroup var options: LogOptions

    func validate() throws {
        if !(seconds > 0 && seconds <= 3600) { throw ValidationError("--seconds \(seconds): expected up to 3600") }
    }

    func run() throws {
        let loaded = try LoadedModel(path: path)
        let network = try loaded.network(.basic)
        let frames = try logs.isEmpty ? walks(loaded) : recorded(loaded)
        let yardsticks = try rivals.map { try Yardstick(path: $0, loaded) }
        for yardstick in yardsticks { try yardstick.compare(network, loaded.model, frames) }
        let report = try BenchReport(loaded, network, frames, yardsticks, seconds: seconds)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }

    private func recorded(_ loaded: LoadedModel) throws -> Frames {
        let channelCount = Int(loaded.model.channelCount)
        let progress = ProgressLine(isWanted: true)
        defer { progress.clear() }
        var run = try LogRun(
            loaded, try loaded.network(.basic), logs: logs, labels: options.labels, options: options,
            report: progress.report)
        var samples: [Int16] = []
        try run.play(
            note: { if $0.isDoubt { progress.note($0) } }, refusal: progress.refuse,
            tick: { _, frame, _ in samples += UnsafeBufferPointer(start: frame, count: channelCount) }, result: { _ in }
        )
        try run.end()
        Interrupt.stopListening()
        return Frames(samples, loaded.model)
    }

    /// A thousand frames, the same every time.
    private func walks(_ loaded: LoadedModel) -> Frames {
        let channelCount = Int(loaded.model.channelCount)
        var seed: UInt32 = 1
        var levels = [Int32](repeating: 0, count: channelCount)
        let samples = (0..<1000 * channelCount).map { i in
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let level = levels[i % channelCount]
            levels[i % channelCount] = min(max(level + Int32(seed >> 16) % 4001 - 2000 - level / 8, -20000), 20000)
            return Int16(levels[i % channelCount])
        }
        return Frames(samples, loaded.model)
    }
}
