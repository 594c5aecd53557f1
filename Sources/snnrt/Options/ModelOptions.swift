import ArgumentParser
import Compiler
import NIR

/// Model options say what a model file is to be made of a network; compile writes one by them, and check says what compile would.
protocol ModelOptions {
    /// The network's file.
    var path: String { get }
    /// Nil for no chip's integers.
    var target: Chip? { get }
    var layers: LayerOptions { get }
    var inputBits: UInt8? { get }
    /// Ticks per second, as a ratio.
    var rate: String? { get }
    /// Names, separated by commas.
    var channels: String? { get }
    var classes: String? { get }
    var input: InputOptions { get }
    var results: ReadoutOptions { get }
    /// Units of the channels, separated by commas; "1" where nil.
    var units: String? { get }
    /// How much further than seen in a log membranes may reach.
    var margin: Double { get }
    /// Logs say what widths are enough.
    var isCalibrated: Bool { get }
}

extension ModelOptions {
    func validateModel(window: UInt32?) throws {
        if let inputBits, inputBits < 2 || inputBits > 16 {
            throw ValidationError("--input-bits \(inputBits): expected 2 to 16")
        }
        if let window, window < 1 || window > 1 << 24 {
            throw ValidationError("--window \(window): expected 1 to 16,777,216 ticks")
        }
        if let rate, InputOptions.ratio(rate) == nil {
            throw ValidationError("--rate \(rate): expected a whole number or a ratio, e.g. 100/3")
        }
        if target != nil && !results.areDefault {
            throw ValidationError(
                "--target: spikes are counted over the window, as on the chip; --readout, --hop, --keep-state, --evidence and --outputs do not go with it"
            )
        }
    }

    /// The options that all networks made of this file share.
    ///
    /// - Throws: a `Failure` that says what does not fit the network's file.
    func compileOptions(
        _ settings: Settings, inputShape: [Int], window: UInt32, dt: Double
    ) throws -> CompileOptions {
        var chosen = CompileOptions(window: window, rate: try ticksPerSecond(settings, dt: dt))
        try layers.apply(to: &chosen, isCalibrated: isCalibrated)
        chosen.inputBits = inputBits ?? target?.inputBits ?? 16
        chosen.margin = margin
        chosen.title = stem(ofPath: path)
        chosen.channelNames = channels.map(names) ?? settings.channels
        chosen.classNames = classes.map(names) ?? settings.classes
        if let rule = settings.readout {
            guard let readout = ReadoutRule(rule) else {
                throw Failure(
                    code: .model,
                    message:
                        "\(path): metadata/snnrt.readout: is \"\(rule)\", expected sum, last, mean, max, membrane, spikes or leaky:TICKS"
                )
            }
            chosen.readout = readout
        }
        if let hop = settings.hop { chosen.hop = UInt32(hop) }
        if let keepsState = settings.keepsState { chosen.resetsNetwork = !keepsState }
        try input.apply(to: &chosen, shape: inputShape, units: units)
        results.apply(to: &chosen)
        return chosen
    }

    /// Takes on what a graph states of the grids and the input that it was trained with; what the line says goes before.
    func adoptStated(_ graph: Graph, into options: inout CompileOptions) {
        if target != nil { return }
        layers.adopt(graph.grids, into: &options)
        options.inputBits = inputBits ?? graph.statedInput.bits ?? options.inputBits
        if !input.isCountGiven, let count = graph.statedInput.count { options.count = count }
    }

    private func names(_ list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
    }

    /// The rate that the line or the file gives, else 1/dt.
    private func ticksPerSecond(_ settings: Settings, dt: Double) throws -> (UInt32, UInt32) {
        if let rate { return InputOptions.ratio(rate)! }
        if let rate = settings.rate {
            // To a millionth of a tick; beyond 4,000 a second in whole ones.
            let denominator: UInt32 = rate == rate.rounded() || rate > 4000 ? 1 : 1_000_000
            return (UInt32(max(1, (rate * Double(denominator)).rounded())), denominator)
        }
        let ticks = (1 / dt).rounded()
        if ticks >= 1 && ticks <= 4e9 { return (UInt32(ticks), 1) }
        throw Failure(
            code: .usage,
            message:
                "a dt of \(dt) s gives no whole number of ticks per second\n  hint: give the rate with --rate, e.g. --rate 1/10"
        )
    }
}
