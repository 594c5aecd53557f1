import ArgumentParser
import Compiler
import NIR
import SensorLogs

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a compiled model beside its network in floating point and says where they part.",
        discussion: """
            The reference is the NIR graph in double precision, under the dialect and with the tick that `snnrt compile` wrote \
            into the model; of a model for a chip, with the chip's delays. A model of a netx file runs beside the file's own \
            integers, and the exit code is 1 where a spike differs. Both get the samples of the log, in the model's counts. With \
            expected outputs (--expected, or \
            NETWORK.expected.npz beside the network) the integers are compared with the framework itself too.

            Exit code 1 where fewer labels than --min-agreement are the framework's, or, where it gave none, the reference's.

            Examples:
              snnrt verify network.snn network.nir windows.npy --labels labels.npy
              snnrt verify network.snn network.nir windows.npy --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model")) var path: String
    @Argument(help: ArgumentHelp("The network it was compiled from (.nir, .net).", valueName: "network")) var network:
        String
    @Argument(help: "Logs to run on; - is standard input. Default: the expected windows.") var logs: [String] = []
    @OptionGroup(title: "What the framework gave") var truth: TruthOptions
    @OptionGroup var options: LogOptions
    @Option(help: "Output format: text or json.") var format: Format = .text
    @Flag(name: .shortAndLong, help: "No notes about the log, but for warnings, and no progress.") var quiet = false

    /// What is compared: with the framework, and with the float reference. JSON keys are these names.
    private struct Report: Encodable {
        let comparison: Comparison.Report
        /// Nil where nobody says what the framework gave.
        let truth: TruthReport?
        let warnings: [String]

        private enum CodingKeys: String, CodingKey { case truth, warnings }
        func encode(to encoder: Encoder) throws {
            try comparison.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(truth, forKey: .truth)
            try container.encode(warnings, forKey: .warnings)
        }
    }

    func run() throws {
        if NetxNetwork.isOne(path: network) { return try runNetx() }
        let loaded = try LoadedModel(path: path)
        let graph = try LoadedGraph(path: network)
        let (dialect, dt) = try origin(loaded)
        let timed = try timed(graph, loaded, dialect, dt: dt)
        let reference: FloatNetwork<Double>
        do {
            reference = try FloatNetwork(
                timed.graph, file: network, dialect: timed.dialect, dt: dt, countsOperations: true)
        } catch {
            throw Failure(code: .model, message: error.description)
        }
        let expectedPath = truth.path(beside: network)
        let expected = try expectedPath.map { try ExpectedOutputs(path: $0, for: graph) }
        let (comparison, recording, error) = try compare(loaded, reference, expected)
        var warnings = graph.graph.remarks
        warnings += try Symptoms.delays(of: graph.graph, network, dt: dt, isAllowed: true)
        warnings += Symptoms.run(comparison, classCount: loaded.classNames.count)
        var outcome: TruthReport?
        if let expected, let expectedPath {
            if expected.input.isEmpty, expected.windowCount != recording.windows.count {
                throw Failure(
                    code: .log,
                    message:
                        "\(expectedPath): holds outputs of \(counted(expected.windowCount, "window")), where the logs have \(recording.windows.count)"
                )
            }
            let readout = loaded.model.metadataValue("readout").flatMap { ReadoutRule($0) }
            do {
                outcome = try TruthReport(
                    loaded, expected, file: expectedPath, minAgreement: truth.leastShare, recording: recording,
                    reference: expected.input.isEmpty
                        ? nil
                        : try Agreement(
                            ofReference: graph.graph, file: network, dialect: dialect, dt: dt,
                            readout ?? graph.graph.usualReadout(graph.schedule), expected, limit: 256))
            } catch let error as NIRError { throw Failure(code: .model, message: error.description) }
            warnings += Symptoms.rounding(outcome!.inputLoss)
            outcome?.findNearerReading(graph, network, expected)
        }
        try show(Report(comparison: comparison, truth: outcome, warnings: warnings))
        if let error { throw error }
        if comparison.results == 0 { throw noResult }
        if let outcome, !outcome.isEnough {
            throw Failure(code: .disagreement, message: outcome.refusal(path, "dialect \(dialect.name), dt \(dt) s"))
        }
        if outcome == nil, let share = comparison.labelAgreement, share < truth.leastShare {
            throw Failure(
                code: .disagreement,
                message:
                    "\(path): gives the float reference's label in \(percent(share, of: 1, 2)) of windows, less than \(percent(truth.leastShare, of: 1, 2))\n  hint: more bits round less: snnrt compile --weights 16, --calibrate"
            )
        }
    }

    /// Runs the integers beside the reference on the logs, or, without logs, on the expected windows.
    ///
    /// - Returns: the comparison, the windows, and why a log was not read to its end.
    private func compare(
        _ loaded: LoadedModel, _ reference: FloatNetwork<Double>, _ expected: ExpectedOutputs?
    ) throws -> (Comparison.Report, Recording, (any Error)?) {
        var recording = Recording(channelCount: Int(loaded.model.channelCount))
        if logs.isEmpty {
            guard let expected, !expected.input.isEmpty else {
                throw Failure(
                    code: .usage,
                    message:
                        "nothing to run on: neither logs nor expected outputs with their input\n  hint: snnrt verify \(path) \(network) LOG"
                )
            }
            recording.windows = expected.input.enumerated().map { number, window in
                Recording.Window(
                    samples: InputConversion(loaded.model).samples(window),
                    label: expected.truth.isEmpty ? nil : expected.truth[number])
            }
            return (try Comparison.Report(loaded, reference, recording), recording, nil)
        }
        var comparison = try Comparison(loaded, reference)
        let progress = ProgressLine(isWanted: !quiet)
        var run = try LogRun(
            loaded, try loaded.network(.basic), logs: logs, labels: options.labels, options: options,
            report: progress.report)
        var samples: [Int16] = []
        try run.play(
            note: { if !quiet || $0.isDoubt { progress.note($0) } }, refusal: progress.refuse,
            tick: {
                comparison.tick($0, $1, isLast: $2)
                samples += UnsafeBufferPointer(start: $1, count: recording.channelCount)
            },
            restart: {
                comparison.restart()
                samples = []
            },
            result: {
                comparison.add($0)
                recording.windows.append(Recording.Window(samples: samples, label: nil))
                samples = []
            })
        progress.clear()
        do {
            try run.end()
            return (comparison.report, recording, nil)
        } catch { return (comparison.report, recording, error) }
    }

    private func show(_ report: Report) throws {
        for warning in report.warnings { standardError("warning: \(warning)") }
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.comparison.lines { try Output.standard.line(line) }
            let words =
                report.truth?.lines ?? [
                    "not compared with the framework: give what it gave with --expected, or as NETWORK.expected.npz beside the network"
                ]
            for line in [""] + words { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }

    /// The dialect and the tick that the model says it was compiled with.
    private func origin(_ loaded: LoadedModel) throws -> (Dialect, Double) {
        guard let origin = Dialect.read(String(decoding: loaded.model.metadata, as: UTF8.self)) else {
            throw Failure(
                code: .model,
                message:
                    "\(loaded.path): was not compiled from NIR\n  hint: verify compares what snnrt compile made with its network"
            )
        }
        return origin
    }
}
