import ArgumentParser
import Compiler
import Foundation
import NIR
import SensorLogs

struct Compile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a model file of a network trained elsewhere (NIR).",
        discussion: """
            Weights are rounded to 16, 8, 4, 2 (ternary) or 1 bit on a grid per neuron; thresholds, biases and decays follow \
            that grid. `snnrt check` says what can be compiled, `snnrt verify` how near the integers come.

            With --target the file keeps a chip's integer arithmetic, and gives its spikes, tick for tick: loihi takes netx files and \
            NIR graphs of LIF and CubaLIF, xylo NIR graphs of CubaLIF. Weights, thresholds and biases that are whole numbers within the \
            chip's ranges stay as they are; others are scaled, population by population, until the greatest weight is the chip's (255, \
            even numbers up to 254 in a matrix of both signs; 127), and rounded.

            With --calibrate the network is first run on logs, as `snnrt infer` reads them: input bits, the ends of the weights' \
            grids, fraction bits and state widths then follow what was seen. With a budget on top, widths are chosen layer by \
            layer on every other window of the logs, and shown to hold on the others.

            --unit without a channel is the unit of the network's inputs, "1" by default.

            Examples:
              snnrt compile network.nir -o network.snn --window 256
              snnrt compile network.nir -o network.snn --window 40 --dialect norse --dt 1e-3 --weights 4 --weights lif2=8
              snnrt compile network.nir -o watch.snn --window 40 --rate 20 --count 1/1000 --unit m/s^2 --channels x,y,z --classes rest,walk
              snnrt compile network.nir -o network.snn --window 256 --calibrate x.npy --labels y.npy
              snnrt compile network.nir -o network.snn --window 256 --calibrate x.npy --labels y.npy --bit-budget 200000 --pareto plan.svg
              snnrt compile network.net -o network.snn --window 2000 --target loihi
              snnrt compile synnet.nir -o synnet.snn --window 100 --dt 1e-2 --target xylo
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The network (.nir, or .net with --target loihi).", valueName: "network")) var path:
        String
    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "model.snn")) var output:
        String
    @Option(help: ArgumentHelp("Ticks per result.", valueName: "ticks")) var window: UInt32
    @Option(help: ArgumentHelp("Keep a chip's integer arithmetic: loihi or xylo.", valueName: "chip")) var target: Chip?
    @OptionGroup(title: "Integers") var layers: LayerOptions
    @Option(
        help: ArgumentHelp(
            "Bits of an input value, 2 to 16; beyond them samples are clamped, or with --calibrate scaled. Default: 16, or what the calibration log needs; with --target loihi 2 (one spike a tick), xylo 5 (15 spikes).",
            valueName: "bits"))
    var inputBits: UInt8?
    @Option(
        help: ArgumentHelp(
            "What one count of a raw sample is worth in the network's input, as a whole number or a ratio.",
            valueName: "a/b"))
    var count = "1"
    @Option(help: ArgumentHelp("Ticks per second, as a whole number or a ratio. Default: 1/dt.", valueName: "a/b"))
    var rate: String?
    @Option(help: ArgumentHelp("Names of the channels, separated by commas.", valueName: "names")) var channels: String?
    @Option(help: ArgumentHelp("Names of the classes, separated by commas.", valueName: "names")) var classes: String?
    @OptionGroup var options: NIROptions
    @OptionGroup(title: "Calibration and budgets") var planning: PlanOptions
    @OptionGroup(title: "Calibration logs") var logOptions: LogOptions
    @Option(help: "Output format: text or json.") var format: Format = .text
    @Flag(name: .shortAndLong, help: "No notes about the log, but for warnings, and no progress.") var quiet = false

    func validate() throws {
        if target != nil && !(layers.areDefault && planning.calibrate.isEmpty) {
            throw ValidationError(
                "--target: the chip decides on widths and grids, and keeps all neurons; --weights, --grid, --state, --fraction-bits, --sparse, --memory, --segments and --calibrate do not go with it"
            )
        }
        if let inputBits, inputBits < 2 || inputBits > 16 {
            throw ValidationError("--input-bits \(inputBits): expected 2 to 16")
        }
        if window < 1 || window > 1 << 24 {
            throw ValidationError("--window \(window): expected 1 to 16,777,216 ticks")
        }
        if Compile.ratio(count) == nil {
            throw ValidationError("--count \(count): expected a whole number or a ratio, e.g. 1/1000")
        }
        if let rate, Compile.ratio(rate) == nil {
            throw ValidationError("--rate \(rate): expected a whole number or a ratio, e.g. 100/3")
        }
    }

    /// "3" or "100/3".
    private static func ratio(_ text: String) -> (UInt32, UInt32)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt32($0) }
        guard let first = parts[0], first > 0 else { return nil }
        if parts.count == 1 { return (first, 1) }
        guard parts.count == 2, let second = parts[1], second > 0 else { return nil }
        return (first, second)
    }

    private static func names(_ list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The options that all networks made of this source share.
    private func compileOptions(_ source: Source) throws -> CompileOptions {
        var chosen = CompileOptions(
            window: window, rate: try rate.flatMap(Compile.ratio) ?? (source.ticksPerSecond(), 1))
        try layers.apply(to: &chosen, isCalibrated: !planning.calibrate.isEmpty)
        chosen.inputBits = inputBits ?? target?.inputBits ?? 16
        chosen.margin = planning.margin
        chosen.count = Compile.ratio(count)!
        chosen.unit = logOptions.bareUnit ?? "1"
        chosen.title = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        chosen.channelNames = channels.map(Compile.names) ?? []
        chosen.classNames = classes.map(Compile.names) ?? []
        return chosen
    }

    /// The network that is compiled, with the choices that a NIR file leaves open.
    private enum Source {
        case nir(LoadedGraph, Dialect, dt: Double)
        case netx(NetxNetwork)

        func ticksPerSecond() throws -> UInt32 {
            guard case .nir(_, _, let dt) = self else { return 1000 }
            let ticks = (1 / dt).rounded()
            if ticks >= 1 && ticks <= 4e9 { return UInt32(ticks) }
            throw Failure(
                code: .usage,
                message:
                    "a dt of \(dt) s gives no whole number of ticks per second\n  hint: give the rate with --rate, e.g. --rate 1/10"
            )
        }
    }

    private func source() throws -> Source {
        if NetxNetwork.isOne(path: path) {
            if target != .loihi {
                throw Failure(
                    code: .usage, message: "\(path): is a netx file of Lava\n  hint: compile it with --target loihi")
            }
            do { return .netx(try NetxNetwork(path: path)) } catch {
                throw Failure(code: .model, message: error.description)
            }
        }
        let loaded = try LoadedGraph(path: path)
        let dialect = options.chosen(else: target?.dialect)
        return .nir(loaded, dialect, dt: try options.step(loaded.graph, path, in: dialect))
    }

    func run() throws {
        let source = try source()
        let chosen = try compileOptions(source)
        switch (source, target) {
        case (.nir(let graph, let dialect, let dt), nil): try run(graph, dialect, dt, chosen)
        case (.nir(let graph, let dialect, let dt), .loihi):
            try write(
                try refusing { try compileLoihi(graph.graph, graph.schedule, dialect: dialect, dt: dt, chosen) },
                chosen, dialect, dt)
        case (.nir(let graph, let dialect, let dt), .xylo):
            try write(
                try refusing { try compileXylo(graph.graph, graph.schedule, dialect: dialect, dt: dt, chosen) }, chosen,
                dialect, dt)
        case (.netx(let netx), _): try write(try refusing { try compileLoihi(netx, chosen) }, chosen, nil, nil)
        }
    }

    private func run(_ graph: LoadedGraph, _ dialect: Dialect, _ dt: Double, _ options: CompileOptions) throws {
        var chosen = options
        func make(_ options: CompileOptions) throws -> Compiled {
            try refusing { try compile(graph.graph, graph.schedule, dialect: dialect, dt: dt, options) }
        }
        let progress = ProgressLine(isWanted: !quiet)
        var plan: PlanReport?
        var rounding: RoundingChoice?
        if !planning.calibrate.isEmpty {
            let uncalibrated = try LoadedModel(path: path, bytes: try make(chosen.uncalibrated).bytes)
            let log = try Recording(
                uncalibrated, logs: planning.calibrate,
                options: logOptions.withoutBareUnit,
                progress: progress, isQuiet: quiet)
            chosen.dataLines = log.dataLines(LogInput(uncalibrated.model, classes: []))
            chosen.fitInput(to: log, bits: inputBits)
            let calibration = try refusing {
                try Calibration(log, graph.graph, graph.schedule, dialect: dialect, dt: dt, chosen, file: path) {
                    progress.show("calibrating, \(percent($0, of: 1, 0))")
                }
            }
            chosen.calibration = calibration
            if planning.isPlanned {
                (chosen, plan) = try refusing {
                    var planner = try Planner(
                        graph.graph, graph.schedule, dialect: dialect, dt: dt, chosen, calibration, planning.goal,
                        hasFixedInput: inputBits != nil, instructions: planning.instructions
                    ) {
                        progress.show($0)
                    }
                    return try planner.run()
                }
            } else {
                rounding = try refusing { try calibration.chooseRounding(chosen, make) }
                chosen.fitsRounding = rounding!.isFitted
            }
            progress.clear()
        }
        if planning.pruneSilent {
            chosen.silent = try silentNeurons(
                on: planning.calibrate, logOptions.withoutBareUnit, path: path, chosen, progress: progress,
                compile: make)
            progress.clear()
        }
        let reference =
            chosen.calibration == nil
            ? nil
            : try refusing {
                try FloatNetwork<Double>(graph.graph, file: path, dialect: dialect, dt: dt, countsOperations: true)
            }
        try write(try make(chosen), chosen, dialect, dt, plan, rounding, reference)
    }

    /// Writes the model file and says what it is.
    ///
    /// - Parameter reference: what to compare with on the calibration log.
    private func write(
        _ compiled: Compiled, _ chosen: CompileOptions, _ dialect: Dialect?, _ dt: Double?, _ plan: PlanReport? = nil,
        _ rounding: RoundingChoice? = nil, _ reference: FloatNetwork<Double>? = nil
    ) throws {
        do { try Data(compiled.bytes).write(to: URL(fileURLWithPath: output)) } catch {
            throw Failure(code: .output, message: "\(output): cannot be written (\(error.localizedDescription))")
        }
        // A reader accepts the file that was written, or the compiler is at fault.
        let model = try LoadedModel(path: output)
        var comparison: Comparison.Report?
        if let reference, let calibration = chosen.calibration {
            comparison = try Comparison.Report(model, reference, calibration.recording)
        }
        let report = CompileReport(
            network: path, model: output, bytes: compiled.bytes.count, arenaBytes: Int(try model.arenaByteCount()),
            target: target?.rawValue,
            dialect: dialect?.name, dt: dt, inputBits: Int(chosen.inputBits), populations: compiled.populations,
            pruning: compiled.pruning,
            calibration: comparison, rounding: rounding, plan: plan)
        if let plan, let picture = planning.pareto {
            do {
                try ParetoPlot(plan, planning.goal).svg.write(toFile: picture, atomically: true, encoding: .utf8)
            } catch {
                throw Failure(code: .output, message: "\(picture): cannot be written (\(error.localizedDescription))")
            }
        }
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            let reset = dialect.map { "reset \($0.reset.rawValue) in the \($0.resetDelay.rawValue) tick" } ?? ""
            for line in report.lines(
                reset: reset, isStepInferred: options.dt == nil, isPrunedByLog: planning.pruneSilent, model)
            { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }

    private func refusing<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as CompileError {
            throw Failure(code: .model, message: "\(path): \(error)")
        } catch let error as NIRError { throw Failure(code: .model, message: error.description) }
    }
}

extension CompileOptions {
    /// The options that need no calibration, which are enough to read logs with.
    fileprivate var uncalibrated: CompileOptions {
        var options = self
        (options.weights, options.state, options.fractionBits) = (PerLayer(8), PerLayer(.wide), [:])
        return options
    }
}

extension Chip: ExpressibleByArgument {}
