import ArgumentParser
import Compiler
import Foundation
import NIR

struct Compile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a model file of a network trained elsewhere (NIR, or Lava's netx for Loihi).",
        discussion: """
            Weights are rounded to 16, 8, 4, 2 (ternary) or 1 bit on a grid per neuron; thresholds, biases and decays follow \
            that grid. `snnrt check` says what can be compiled, `snnrt verify` how near the integers come.

            With --target the file keeps a chip's integer arithmetic, and gives its spikes, tick for tick: loihi takes netx files and \
            NIR graphs of LIF and CubaLIF, xylo NIR graphs of CubaLIF. Weights, thresholds and biases that are whole numbers within the \
            chip's ranges stay as they are; others are scaled, population by population, until the greatest weight is the chip's (255, \
            even numbers up to 254 in a matrix of both signs; 127), and rounded.

            Examples:
              snnrt compile network.nir -o network.snn --window 256
              snnrt compile network.nir -o network.snn --window 40 --dialect norse --dt 1e-3 --weights 4
              snnrt compile network.nir -o watch.snn --window 40 --rate 20 --count 1/1000 --unit m/s^2 --channels x,y,z --classes rest,walk
              snnrt compile network.net -o network.snn --window 2000 --target loihi
              snnrt compile synnet.nir -o synnet.snn --window 100 --dt 1e-2 --target xylo
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The network (.nir, or .net with --target loihi).", valueName: "network")) var path: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "model.snn")) var output: String
    @Option(help: ArgumentHelp("Ticks per result.", valueName: "ticks")) var window: UInt32
    @Option(help: ArgumentHelp("Keep a chip's integer arithmetic: loihi or xylo.", valueName: "chip")) var target: Chip?
    @Option(help: ArgumentHelp("Bits of a weight: 16, 8, 4, 2 or 1. Default: 8; with --target the chip's.", valueName: "bits")) var weights: Int?
    @Option(
        help: ArgumentHelp(
            "Bits of an input value, 2 to 16; beyond them samples are clamped. Default: 16; with --target loihi 2 (one spike a tick), xylo 5 (15 spikes).",
            valueName: "bits"))
    var inputBits: UInt8?
    @Option(
        help: ArgumentHelp(
            "What one count of a raw sample is worth in the network's input, as a whole number or a ratio.", valueName: "a/b"))
    var count = "1"
    @Option(help: ArgumentHelp("Ticks per second, as a whole number or a ratio. Default: 1/dt; of a netx file 1000.", valueName: "a/b")) var rate: String?
    @Option(help: ArgumentHelp("The input's unit.", valueName: "unit")) var unit = "1"
    @Option(help: ArgumentHelp("Names of the channels, separated by commas.", valueName: "names")) var channels: String?
    @Option(help: ArgumentHelp("Names of the classes, separated by commas.", valueName: "names")) var classes: String?
    @Option(help: ArgumentHelp("Logs to calibrate on, as `snnrt infer` reads them. Repeatable.", valueName: "log")) var calibrate: [String] = []
    @Flag(
        help: "Leaves out neurons that do not fire on the calibration logs. Results on those logs stay; on others they may not.")
    var pruneSilent = false
    @OptionGroup(title: "Calibration logs") var logOptions: LogOptions
    @OptionGroup var options: NIROptions
    @Option(help: "Output format: text or json.") var format: Format = .text

    func validate() throws {
        if let weights, target != nil { throw ValidationError("--weights \(weights): with --target the chip decides, and the file is as small as its weights allow") }
        if let weights, ![1, 2, 4, 8, 16].contains(weights) { throw ValidationError("--weights \(weights): expected 16, 8, 4, 2 or 1") }
        if let inputBits, inputBits < 2 || inputBits > 16 { throw ValidationError("--input-bits \(inputBits): expected 2 to 16") }
        if window < 1 || window > 1 << 24 { throw ValidationError("--window \(window): expected 1 to 16,777,216 ticks") }
        if Compile.ratio(count) == nil { throw ValidationError("--count \(count): expected a whole number or a ratio, e.g. 1/1000") }
        if pruneSilent, let target { throw ValidationError("--prune-silent: all neurons stay with --target \(target.rawValue)") }
        if pruneSilent && calibrate.isEmpty { throw ValidationError("--prune-silent: needs --calibrate, logs to tell silent neurons by") }
        if let rate, Compile.ratio(rate) == nil { throw ValidationError("--rate \(rate): expected a whole number or a ratio, e.g. 100/3") }
    }

    /// "3" or "100/3".
    private static func ratio(_ text: String) -> (UInt32, UInt32)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt32($0) }
        guard let first = parts[0], first > 0 else { return nil }
        if parts.count == 1 { return (first, 1) }
        guard parts.count == 2, let second = parts[1], second > 0 else { return nil }
        return (first, second)
    }

    struct Report: Encodable {
        let model: String
        let bytes: Int
        /// Nil for a netx file, which says both in its integers.
        var dialect: String?
        var dt: Double?
        let target: String?
        let populations: [PopulationReport]
        let pruning: PruningReport
    }

    func run() throws {
        let source = try source()
        var chosen = CompileOptions(window: window, rate: try rate.flatMap(Compile.ratio) ?? (source.ticksPerSecond(), 1))
        chosen.weightBits = weights ?? 8
        chosen.inputBits = inputBits ?? target?.inputBits ?? 16
        chosen.count = Compile.ratio(count)!
        chosen.unit = unit
        chosen.title = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        chosen.channelNames = channels.map(Compile.names) ?? []
        chosen.classNames = classes.map(Compile.names) ?? []
        func made(_ options: CompileOptions) throws -> Compiled {
            do {
                switch (source, target) {
                case (.netx(let netx), _): return try compileLoihi(netx, options)
                case (.nir(let loaded, let dialect, let dt), .loihi):
                    return try compileLoihi(loaded.graph, loaded.schedule, dialect: dialect, dt: dt, options)
                case (.nir(let loaded, let dialect, let dt), .xylo):
                    return try compileXylo(loaded.graph, loaded.schedule, dialect: dialect, dt: dt, options)
                case (.nir(let loaded, let dialect, let dt), nil):
                    return try compile(loaded.graph, loaded.schedule, dialect: dialect, dt: dt, options)
                }
            } catch { throw Failure(code: .model, message: "\(path): \(error)") }
        }
        if pruneSilent {
            let progress = ProgressLine(isWanted: true)
            chosen.silent = try silentNeurons(on: calibrate, logOptions, path: output, chosen, progress: progress, compile: made)
            progress.clear()
        }
        let compiled = try made(chosen)
        do { try Data(compiled.bytes).write(to: URL(fileURLWithPath: output)) } catch {
            throw Failure(code: .output, message: "\(output): cannot be written (\(error.localizedDescription))")
        }
        // What was written is what a reader accepts, or the compiler is at fault.
        let model = try LoadedModel(path: output)
        var report = Report(
            model: output, bytes: compiled.bytes.count, dialect: nil, dt: nil, target: target?.rawValue, populations: compiled.populations,
            pruning: compiled.pruning)
        if case .nir(_, let dialect, let dt) = source { (report.dialect, report.dt) = (dialect.name, dt) }
        if format == .json { try Output.standard.line(try json(report, isPretty: true)) } else { try print(report, model) }
        try Output.standard.flush()
    }

    /// What is compiled, with what a NIR file does not say.
    private enum Source {
        case nir(LoadedGraph, Dialect, dt: Double)
        case netx(NetxNetwork)

        func ticksPerSecond() throws -> UInt32 {
            guard case .nir(_, _, let dt) = self else { return 1000 }
            let ticks = (1 / dt).rounded()
            if ticks >= 1 && ticks <= 4e9 { return UInt32(ticks) }
            throw Failure(
                code: .usage,
                message: "a dt of \(dt) s gives no whole number of ticks per second\n  hint: give the rate with --rate, e.g. --rate 1/10")
        }
    }

    private func source() throws -> Source {
        if NetxNetwork.isOne(path: path) {
            if target != .loihi { throw Failure(code: .usage, message: "\(path): is a netx file of Lava\n  hint: compile it with --target loihi") }
            do { return .netx(try NetxNetwork(path: path)) } catch { throw Failure(code: .model, message: error.description) }
        }
        let loaded = try LoadedGraph(path: path)
        let dialect = options.chosen(else: target?.dialect)
        return .nir(loaded, dialect, dt: try options.step(loaded.graph, path, in: dialect))
    }

    private static func names(_ list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func print(_ report: Report, _ model: LoadedModel) throws {
        try Output.standard.line("\(path) -> \(output), \(report.bytes.grouped) bytes, checksum \(model.checksum)")
        if let target { try Output.standard.line("integers of \(target.rawValue)") }
        if let dt = report.dt {
            let dialect = options.chosen(else: target?.dialect)
            try Output.standard.line(
                "dialect \(dialect.name), reset \(dialect.reset.rawValue) in the \(dialect.resetDelay.rawValue) tick, dt \(dt) s"
                    + (options.dt == nil ? " (by tau/R)" : ""))
        }
        try Output.standard.line()
        var table = Table([
            ("population", .left), ("neurons", .right), ("from", .left), ("matrix", .right), ("bits", .right), ("SNR dB", .right),
            ("counts per unit", .right), ("fraction bits", .right),
        ])
        for population in report.populations {
            for (i, matrix) in population.matrices.enumerated() {
                let isFirst = i == 0
                let range = "\(fixed(population.leastScale, 1)) ... \(fixed(population.greatestScale, 1))"
                table.add([
                    isFirst ? population.name : "", isFirst ? "\(population.neurons)" : "", matrix.from,
                    "\(matrix.rows)x\(matrix.columns)", "\(matrix.bits)", matrix.signalToNoise.map { fixed($0, 1) } ?? "exact",
                    isFirst ? range : "", isFirst ? "\(population.fractionBits)" : "",
                ])
            }
        }
        for line in table.lines() { try Output.standard.line(line) }
        try printPruning(report.pruning)
        let arena = try model.arenaByteCount()
        try Output.standard.line()
        try Output.standard.line("arena \(arena.grouped) bytes; S-ACE \(model.model.sAcePerResult.grouped) per result. See snnrt inspect, snnrt budget.")
    }

    private func printPruning(_ report: PruningReport) throws {
        let smaller = report.populations.filter { $0.silent + $0.unread > 0 }
        if smaller.isEmpty { return }
        var table = Table([("left out of", .left), ("neurons", .right), (pruneSilent ? "silent on the logs" : "never fire", .right), ("unread", .right)])
        for population in smaller {
            table.add([population.name, "\(population.neurons)", "\(population.silent)", "\(population.unread)"])
        }
        for line in [""] + table.lines() { try Output.standard.line(line) }
        try Output.standard.line("weights \(report.weightsBefore.grouped) -> \(report.weightsAfter.grouped)")
    }
}

extension Chip: ExpressibleByArgument {}
