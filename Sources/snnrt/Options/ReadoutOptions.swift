import ArgumentParser
import Compiler

/// The choices of how results are made of what a network's Output shows.
struct ReadoutOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How a window's scores are made of what the Output shows: sum, mean, max, last (tick), leaky:TICKS (a sum of which a tick keeps e^(-1/TICKS)), spikes (counted), membrane (of the Output's neurons, in the last tick). Default: what the file says, else spikes, or last where the Output shows other values.",
            valueName: "rule"))
    var readout: String?
    @Option(
        help: ArgumentHelp(
            "Ticks from result to result, fewer than the window: windows overlap. Needs --keep-state. Default: the window.",
            valueName: "ticks"))
    var hop: UInt32?
    @Flag(help: "The network runs on from result to result. Without it each window begins with a fresh network.")
    var keepState = false
    @Option(
        help: ArgumentHelp(
            "What results before give to a result: a number of windows whose scores are added up, or leaky:WINDOWS. Default: none.",
            valueName: "windows"))
    var evidence: String?
    @Option(
        help: ArgumentHelp("Unit of the scores, of a network that gives numbers and not classes.", valueName: "unit"))
    var scoreUnit: String?
    @Option(
        help: ArgumentHelp(
            "What to do with several Outputs: concatenate shows their values one behind the other, in the order of their names.",
            valueName: "concatenate"))
    var outputs: OutputChoice?

    var areDefault: Bool {
        readout == nil && hop == nil && !keepState && evidence == nil && scoreUnit == nil && outputs == nil
    }

    enum OutputChoice: String, ExpressibleByArgument { case concatenate }

    func validate() throws {
        if let readout, ReadoutRule(readout) == nil {
            throw ValidationError(
                "--readout \(readout): expected sum, mean, max, last, leaky:TICKS, spikes or membrane")
        }
        if let hop, hop < 1 || hop > 1 << 24 { throw ValidationError("--hop \(hop): expected 1 to 16,777,216 ticks") }
        if let evidence, ReadoutOptions.evidence(evidence) == nil {
            throw ValidationError("--evidence \(evidence): expected a number of windows from 2, or leaky:WINDOWS")
        }
        if let scoreUnit, scoreUnit.contains(where: \.isNewline) {
            throw ValidationError("--score-unit: expected one line")
        }
    }

    /// "5" or "leaky:3".
    private static func evidence(_ text: String) -> Evidence? {
        if let count = UInt32(text) { return count > 1 ? .windows(count) : nil }
        guard text.hasPrefix("leaky:"), let windows = Double(text.dropFirst(6)), windows > 0, windows.isFinite else {
            return nil
        }
        return .leaky(windows: windows)
    }

    /// Sets what this command line says of results.
    func apply(to options: inout CompileOptions) {
        if let readout { options.readout = ReadoutRule(readout) }
        if let hop { options.hop = hop }
        if keepState { options.resetsNetwork = false }
        options.evidence = evidence.flatMap(ReadoutOptions.evidence) ?? options.evidence
        options.scoreUnit = scoreUnit
        options.concatenatesOutputs = outputs == .concatenate
    }
}
