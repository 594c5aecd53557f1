import Compiler
import Glibc
import NIR
import SensorLogs

/// A reading is a NIR file with everything settled that it leaves open.
struct NetworkReading {
    let loaded: LoadedGraph
    let dialect: Dialect
    /// Seconds per tick.
    let dt: Double
    /// What a search found, where the dialect was searched.
    var finding: DialectSearch.Finding?

    var graph: Graph { loaded.graph }
    var usualReadout: ReadoutRule { graph.usualReadout(loaded.schedule) }
}

extension Compile {
    /// Compiles a NIR file, compares the integers with what the framework gave, and writes them if they are near enough.
    func runNIR() throws {
        let loaded = try LoadedGraph(path: path)
        let settings = loaded.graph.settings
        let progress = ProgressLine(isWanted: !quiet)
        let expectedPath = truth.path(beside: path)
        var expected = try expectedPath.map { try ExpectedOutputs(path: $0, for: loaded) }
        let window = try windowTicks(settings, expected)
        let named = try options.named(loaded.graph, path, target: target?.dialect)
        if named == nil && expected == nil { throw NIROptions.unknownDialect(loaded.graph, path) }

        // Logs are read by a model, whatever its dialect.
        let standIn = try named.map { NetworkReading(loaded: loaded, dialect: $0, dt: try step(loaded, $0)) }
        var reading = try standIn ?? search(loaded, expected!, progress)
        var chosen = try compileOptions(
            settings, inputShape: loaded.schedule.frameShape, window: window, dt: reading?.dt ?? options.dt ?? 1)
        try adopt(loaded.graph, into: &chosen)
        if !isCountSaid(loaded.graph), let expected, !expected.input.isEmpty {
            chosen.count = InputScale.chosen(
                for: chosen.unnormalized(expected.input), channelCount: expected.elementCount!, margin: chosen.margin)
        }
        var recording = try readLogs(try reading ?? anyReading(loaded), &chosen, progress)
        if var outputs = expected, outputs.input.isEmpty {
            try outputs.take(recording, chosen, expectedPath!)
            expected = outputs
        }
        if reading == nil {
            reading = try search(loaded, expected!, progress)
            chosen.rate = try compileOptions(
                settings, inputShape: loaded.schedule.frameShape, window: window, dt: reading!.dt
            ).rate
        }
        if recording == nil, target == nil, let expected { recording = try self.recording(of: expected, chosen) }
        try finish(reading!, chosen, recording, expected, expectedPath, progress)
    }

    private func step(_ loaded: LoadedGraph, _ dialect: Dialect) throws -> Double {
        try options.step(loaded.graph, path, in: dialect)
    }

    /// The reading that gives what was expected; nil where that has no input yet.
    private func search(
        _ loaded: LoadedGraph, _ expected: ExpectedOutputs, _ progress: ProgressLine
    ) throws -> NetworkReading? {
        if expected.input.isEmpty { return nil }
        let settled = DialectCandidate.Settled(
            dialect: loaded.graph.settings.dialect, line: options.traits, dt: options.dt)
        let rule = (results.readout ?? loaded.graph.settings.readout).flatMap { ReadoutRule($0) }
        let search = DialectSearch(
            loaded.graph, loaded.schedule, file: path, expected, settled: settled,
            readouts: rule.map { [$0] } ?? loaded.graph.readouts(loaded.schedule))
        defer { progress.clear() }
        let finding: DialectSearch.Finding
        do { finding = try search.run { progress.show($0) } } catch {
            throw Failure(code: .disagreement, message: "\(path): \(error)")
        }
        return NetworkReading(
            loaded: loaded, dialect: finding.candidate.dialect, dt: finding.candidate.dt, finding: finding)
    }

    /// A reading that compiles, to read logs with before the dialect is known.
    private func anyReading(_ loaded: LoadedGraph) throws -> NetworkReading {
        var reason: CompileError?
        for dialect in Dialect.all.map({ $0.settled(by: loaded.graph.settings, line: options.traits) }) {
            let dt = options.dt ?? loaded.graph.timeStep(in: dialect) ?? 1e-4
            reason = obstacle(loaded.graph, loaded.schedule, dialect: dialect, dt: dt)
            if reason == nil { return NetworkReading(loaded: loaded, dialect: dialect, dt: dt) }
        }
        throw Failure(code: .model, message: "\(path): \(reason!)")
    }

    /// The windows of the calibration logs; where nobody says what a count is worth, it is chosen by them. Nil without logs.
    private func readLogs(
        _ reading: NetworkReading, _ chosen: inout CompileOptions, _ progress: ProgressLine
    ) throws -> Recording? {
        if planning.calibrate.isEmpty { return nil }
        func read(_ options: CompileOptions, isProbe: Bool) throws -> (LoadedModel, Recording) {
            let model = try LoadedModel(path: path, bytes: try compiled(reading, options.uncalibrated).bytes)
            var logOptions = logOptions.withoutBareUnit
            // A scale that is not chosen yet is no reason for doubt.
            if isProbe { logOptions.open.strict = false }
            let recording = try Recording(
                model, logs: planning.calibrate, options: logOptions, progress: progress,
                saying: isProbe ? .nothing : quiet ? .doubts : .all)
            return (model, recording)
        }
        if !isCountSaid(reading.graph), chosen.count == (1, 1), !logOptions.odd.raw, !planning.calibrate.contains("-") {
            chosen.count = try fineCount(chosen) { try read($0, isProbe: true).1 }
        }
        let (model, recording) = try read(chosen, isProbe: false)
        chosen.dataLines = recording.dataLines(LogInput(model.model, classes: []))
        return recording
    }

    /// What a count is to be worth for logs: read with finer and finer counts, until their greatest value fills 16 bits, they show
    /// which is fine enough.
    private func fineCount(
        _ options: CompileOptions, _ read: (CompileOptions) throws -> Recording
    ) throws -> (numerator: UInt32, denominator: UInt32) {
        var (options, denominator, recording) = (options, 1.0, try read(options))
        while true {
            let peak = recording.windows.lazy.flatMap(\.samples).map { abs(Int($0)) }.max() ?? 0
            let finer = min(
                exp2(31), (denominator * 32767 / (Double(peak + 1) * options.margin)).rounded(.down))
            if finer < 2 * denominator { break }
            denominator = finer
            options.count = (1, UInt32(finer))
            recording = try read(options)
        }
        if denominator == 1 { return (1, 1) }
        return InputScale.chosen(
            for: recording.windows.map { $0.samples.map { Double($0) / denominator } },
            channelCount: recording.channelCount, margin: options.margin)
    }

    /// The expected windows, as samples.
    private func recording(of expected: ExpectedOutputs, _ chosen: CompileOptions) throws -> Recording {
        let conversion = try refusing { try InputConversion(chosen, channelCount: expected.elementCount!) }
        var recording = Recording(channelCount: expected.elementCount!)
        recording.windows = expected.input.enumerated().map { number, window in
            Recording.Window(
                samples: conversion.samples(window), label: expected.truth.isEmpty ? nil : expected.truth[number])
        }
        return recording
    }

    /// A model file of a reading, in a chip's integers where one is the target.
    func compiled(_ reading: NetworkReading, _ options: CompileOptions) throws -> Compiled {
        let (graph, schedule, dialect, dt) = (reading.graph, reading.loaded.schedule, reading.dialect, reading.dt)
        return try refusing {
            switch target {
            case nil: try Compiler.compile(graph, schedule, dialect: dialect, dt: dt, options)
            case .loihi: try compileLoihi(graph, schedule, dialect: dialect, dt: dt, options)
            case .xylo: try compileXylo(graph, schedule, dialect: dialect, dt: dt, options)
            }
        }
    }

    /// The rest: widths by calibration and plan, the integers, their comparison, the file and the report.
    private func finish(
        _ reading: NetworkReading, _ options: CompileOptions, _ recording: Recording?, _ expected: ExpectedOutputs?,
        _ expectedPath: String?, _ progress: ProgressLine
    ) throws {
        let (graph, dialect, dt) = (reading.graph, reading.dialect, reading.dt)
        // Windows are played one by one, each with a fresh network.
        var chosen = options.perWindow
        var warnings = graph.remarks
        if rate == nil && graph.settings.rate == nil && target == nil {
            warnings.append(Symptoms.rate(chosen.rate))
        }
        if chosen.readout == nil, let expected, !expected.input.isEmpty {
            chosen.readout = readout(reading, expected)
        }
        var (plan, rounding): (PlanReport?, RoundingChoice?)
        if let recording, target == nil {
            (chosen, plan, rounding) = try calibrated(reading, chosen, recording, progress)
        }
        if planning.pruneSilent {
            chosen.silent = try silentNeurons(
                on: planning.calibrate, logOptions.withoutBareUnit, path: path, chosen, progress: progress,
                compile: { try self.compiled(reading, $0) })
            progress.clear()
        }
        let perWindow = try LoadedModel(path: output, bytes: try self.compiled(reading, chosen).bytes)
        chosen.takeStream(of: options)
        let compiled = try self.compiled(reading, chosen)
        warnings += try Symptoms.delays(of: graph, path, dt: dt, isAllowed: self.options.allow.contains(.roundedDelays))
        // A reader accepts the bytes, or the compiler is at fault.
        let model = try LoadedModel(path: output, bytes: compiled.bytes)
        var outcome = CompileOutcome(model: model, compiled: compiled, chosen: chosen, reading: reading, plan: plan)
        if let calibration = chosen.calibration {
            let reference = try refusing {
                try FloatNetwork<Double>(graph, file: path, dialect: dialect, dt: dt, countsOperations: true)
            }
            let report = try Comparison.Report(perWindow, reference, calibration.recording)
            warnings += Symptoms.run(report, classCount: model.classNames.count)
            outcome.comparison = report
        }
        if let expected, let expectedPath {
            if expected.isOneLabel { warnings.append("\(expectedPath): all windows have one label, which says little") }
            outcome.truth = try TruthReport(
                perWindow, expected, file: expectedPath, minAgreement: truth.leastShare, recording: recording,
                reference: expected.input.isEmpty
                    ? nil
                    : try refusing {
                        try Agreement(
                            ofReference: graph, file: path, dialect: dialect, dt: dt,
                            chosen.readout ?? reading.usualReadout,
                            expected, limit: 256)
                    })
            warnings += Symptoms.rounding(outcome.truth!.inputLoss)
            outcome.truth?.findNearerReading(reading.loaded, path, expected)
        }
        (outcome.warnings, outcome.rounding) = (warnings, rounding)
        try show(outcome)
    }

    /// The readout by which the reading comes nearest to the framework's scores; nil for the usual one.
    private func readout(_ reading: NetworkReading, _ expected: ExpectedOutputs) -> ReadoutRule? {
        let usual = reading.usualReadout
        let found =
            reading.finding?.readout
            ?? (try? DialectSearch(
                reading.graph, reading.loaded.schedule, file: path, expected, dialect: reading.dialect, dt: reading.dt,
                readouts: reading.graph.readouts(reading.loaded.schedule)
            ).run())?.readout
        return found == usual ? nil : found
    }

    private func calibrated(
        _ reading: NetworkReading, _ options: CompileOptions, _ recording: Recording, _ progress: ProgressLine
    ) throws -> (CompileOptions, PlanReport?, RoundingChoice?) {
        var chosen = options
        if inputBits != nil || reading.graph.statedInput.bits == nil {
            chosen.fitInput(to: recording, bits: inputBits)
        }
        defer { progress.clear() }
        return try refusing {
            let calibration = try Calibration(
                recording, reading.graph, reading.loaded.schedule, dialect: reading.dialect, dt: reading.dt, chosen,
                file: path
            ) { progress.show("calibrating, \(percent($0, of: 1, 0))") }
            chosen.calibration = calibration
            if !planning.isPlanned {
                let rounding = try calibration.chooseRounding(chosen) { try compiled(reading, $0) }
                chosen.fitsRounding = rounding.isFitted
                return (chosen, nil, rounding)
            }
            var planner = try Planner(
                reading.graph, reading.loaded.schedule, dialect: reading.dialect, dt: reading.dt, chosen, calibration,
                planning.goal, hasFixedInput: inputBits != nil, instructions: planning.instructions
            ) { progress.show($0) }
            let (options, plan) = try planner.run()
            return (options, plan, nil)
        }
    }
}

extension CompileOptions {
    /// The options that need no calibration, which are enough to read logs with.
    fileprivate var uncalibrated: CompileOptions {
        var options = self
        (options.weights, options.state, options.fractionBits) = (PerLayer(8), PerLayer(.wide), [:])
        options.steps = [:]
        return options
    }
}

extension ExpectedOutputs {
    /// Takes the samples of the log's windows for the input that they stand for.
    fileprivate mutating func take(_ recording: Recording?, _ options: CompileOptions, _ file: String) throws {
        guard let recording else {
            throw Failure(
                code: .usage,
                message:
                    "\(file): holds outputs without the input they belong to\n  hint: an .npz with input beside scores, or --calibrate with the log of these windows"
            )
        }
        guard recording.windows.count == windowCount else {
            throw Failure(
                code: .log,
                message:
                    "\(file): holds outputs of \(counted(windowCount, "window")), where the calibration logs have \(recording.windows.count)"
            )
        }
        let conversion: InputConversion
        do { conversion = try InputConversion(options, channelCount: recording.channelCount) } catch {
            throw Failure(code: .model, message: "\(error)")
        }
        let size = recording.channelCount
        tickCount = Int(options.window)
        input = recording.windows.map { window in
            stride(from: 0, to: window.samples.count, by: size).flatMap {
                conversion.values(window.samples[$0..<$0 + size])
            }
        }
    }
}
