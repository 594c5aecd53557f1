import ArgumentParser
import NIR

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a compiled model beside its network in floating point and says where they part.",
        discussion: """
            The reference is the NIR graph in double precision, under the dialect and with the tick that `snnrt compile` wrote \
            into the model; of a model for a chip, with the chip's delays. A model of a netx file runs beside the file's own \
            integers, and the exit code is 1 where a spike differs. Both get the samples of the log, in the model's counts.

            Examples:
              snnrt verify network.snn network.nir windows.npy --labels labels.npy
              snnrt verify network.snn network.nir windows.npy --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model")) var path: String
    @Argument(help: ArgumentHelp("The network it was compiled from (.nir, .net).", valueName: "network")) var network:
        String
    @Argument(help: "Logs to run on; - is standard input.") var logs: [String]
    @OptionGroup var options: LogOptions
    @Option(help: "Output format: text or json.") var format: Format = .text
    @Flag(name: .shortAndLong, help: "No notes about the log, but for warnings, and no progress.") var quiet = false

    func run() throws {
        if NetxNetwork.isOne(path: network) { return try runNetx() }
        let loaded = try LoadedModel(path: path)
        let graph = try LoadedGraph(path: network)
        let reference: FloatNetwork<Double>
        let (dialect, dt) = try Verify.origin(loaded)
        let timed = try timed(graph, loaded, dialect, dt: dt)
        do {
            reference = try FloatNetwork(
                timed.graph, file: network, dialect: timed.dialect, dt: dt, countsOperations: true)
        } catch {
            throw Failure(code: .model, message: error.description)
        }
        var comparison = try Comparison(loaded, reference)
        let progress = ProgressLine(isWanted: !quiet)
        var run = try LogRun(
            loaded, try loaded.network(.basic), logs: logs, labels: options.labels, options: options,
            report: progress.report)
        try run.play(
            note: { if !quiet || $0.isDoubt { progress.note($0) } }, refusal: progress.refuse,
            tick: { comparison.tick($0, $1, isLast: $2) }, restart: { comparison.restart() },
            result: { comparison.add($0) })
        progress.clear()
        let report = comparison.report
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
        try run.end()
    }

    /// The dialect and the tick that the model says it was compiled with.
    private static func origin(_ loaded: LoadedModel) throws -> (Dialect, Double) {
        var found: [Substring: Substring] = [:]
        for line in String(decoding: loaded.model.metadata, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { continue }
            found[line[..<colon.lowerBound]] = line[colon.upperBound...]
        }
        guard var dialect = Dialect.named(String(found["dialect"] ?? "")), let dt = found["dt"].flatMap({ Double($0) }),
            dt > 0,
            let reset = Dialect.Reset(rawValue: String(found["reset"] ?? "")),
            let delay = Dialect.ResetDelay(rawValue: String(found["reset-delay"] ?? ""))
        else {
            throw Failure(
                code: .model,
                message:
                    "\(loaded.path): was not compiled from NIR\n  hint: verify compares what snnrt compile made with its network"
            )
        }
        dialect.reset(reset, delay)
        dialect.currentResetDelay = found["reset-delay-of-currents"].flatMap {
            Dialect.ResetDelay(rawValue: String($0))
        }
        if let bits = found["spike-bits"].flatMap({ UInt8($0) }), (1...8).contains(bits) { dialect.spikeBits = bits }
        return (dialect, dt)
    }
}
