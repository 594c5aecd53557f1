import ArgumentParser
import Compiler
import NIR
import SensorLogs

struct Compile: ParsableCommand, ModelOptions {
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

            With expected outputs (--expected, or NETWORK.expected.npz beside the network) the integers are compared with what the \
            framework gave on the same windows, and no file is written where too few labels agree. Window, dialect, readout, count and \
            calibration then follow from them where nothing else is said.

            --unit without a channel is the unit of the network's inputs, "1" by default.

            Examples:
              snnrt compile network.nir -o network.snn --expected scores.npz
              snnrt compile network.nir -o network.snn --window 256 --dialect snntorch-export
              snnrt compile network.nir -o network.snn --window 40 --dialect norse --dt 1e-3 --weights 4 --weights lif2=8
              snnrt compile network.nir -o watch.snn --window 40 --rate 20 --count 1/1000 --unit m/s^2 --channels x,y,z --classes rest,walk --dialect sinabs-export
              snnrt compile network.nir -o network.snn --dialect norse-export --window 256 --calibrate x.npy --labels y.npy
              snnrt compile network.nir -o network.snn --calibrate x.npy --labels y.npy --bit-budget 200000 --pareto plan.svg
              snnrt compile network.net -o network.snn --window 2000 --target loihi
              snnrt compile synnet.nir -o synnet.snn --window 100 --dt 1e-2 --target xylo
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The network (.nir, or .net with --target loihi).", valueName: "network")) var path:
        String
    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "model.snn")) var output:
        String
    @Option(
        help: ArgumentHelp(
            "Ticks per result. Default: what the file says, else the ticks of the expected windows.", valueName: "ticks"
        ))
    var window: UInt32?
    @Option(help: ArgumentHelp("Keep a chip's integer arithmetic: loihi or xylo.", valueName: "chip")) var target: Chip?
    @OptionGroup(title: "Integers") var layers: LayerOptions
    @Option(
        help: ArgumentHelp(
            "Bits of an input value, 2 to 16; beyond them samples are clamped, or with --calibrate scaled. Default: 16, or what the calibration log needs; with --target loihi 2 (one spike a tick), xylo 5 (15 spikes).",
            valueName: "bits"))
    var inputBits: UInt8?
    @Option(
        help: ArgumentHelp(
            "Ticks per second, as a whole number or a ratio. Default: what the file says, else 1/dt.", valueName: "a/b")
    )
    var rate: String?
    @Option(help: ArgumentHelp("Names of the channels, separated by commas.", valueName: "names")) var channels: String?
    @Option(help: ArgumentHelp("Names of the classes, separated by commas.", valueName: "names")) var classes: String?
    @OptionGroup(title: "Samples") var input: InputOptions
    @OptionGroup(title: "Results") var results: ReadoutOptions
    @OptionGroup var options: NIROptions
    @OptionGroup(title: "What the framework gave") var truth: TruthOptions
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
        try validateModel(window: window)
    }

    var units: String? { logOptions.bareUnit }
    var margin: Double { planning.margin }
    var isCalibrated: Bool { !planning.calibrate.isEmpty }

    func run() throws {
        guard NetxNetwork.isOne(path: path) else { return try runNIR() }
        if target != .loihi {
            throw Failure(
                code: .usage, message: "\(path): is a netx file of Lava\n  hint: compile it with --target loihi")
        }
        try options.refuseForNetx(path, truth)
        let network: NetxNetwork
        do { network = try NetxNetwork(path: path) } catch {
            throw Failure(code: .model, message: error.description)
        }
        if let note = options.note(network) { standardError("snnrt: \(path): \(note)") }
        var chosen = try compileOptions(
            Settings(), inputShape: [network.layers[0].inputCount], window: try windowTicks(Settings(), nil), dt: 1e-3)
        // The input drives neurons by its values.
        if network.hearsValues { chosen.inputBits = inputBits ?? 16 }
        let compiled = try refusing { try compileLoihi(network, chosen, firesAtThreshold: options.firesAtThreshold) }
        var outcome = try outcome(compiled, chosen)
        if rate == nil { outcome.warnings.append(Symptoms.rate(chosen.rate)) }
        try show(outcome)
    }

    /// Ticks per result: what the line says, or the file, or the windows that are expected, which must not differ from them.
    func windowTicks(_ settings: Settings, _ expected: ExpectedOutputs?) throws -> UInt32 {
        let ofExpected = (expected?.tickCount).flatMap { $0 > 0 ? UInt32($0) : nil }
        guard let ticks = window ?? settings.window.map({ UInt32($0) }) ?? ofExpected else {
            throw Failure(
                code: .usage,
                message: "\(path): does not say after how many ticks it gives a result\n  hint: give them with --window"
            )
        }
        if let ofExpected, ofExpected != ticks {
            throw Failure(
                code: .usage,
                message:
                    "\(path): gives a result after \(ticks) ticks, where the expected outputs are of windows of \(ofExpected)"
            )
        }
        return ticks
    }

    func refusing<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as CompileError {
            throw Failure(code: .model, message: "\(path): \(error)")
        } catch let error as NIRError { throw Failure(code: .model, message: error.description) }
    }
}

extension Chip: ExpressibleByArgument {}
