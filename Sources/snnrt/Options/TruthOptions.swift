import ArgumentParser

/// What a framework gave, and how near to it is near enough.
struct TruthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the framework gave: an .npz with input [windows, ticks, ...], scores [windows, classes], and if at hand labels [windows] and spikes/NODE; or an .npy with scores or labels of the log's windows. Default: NETWORK.expected.npz beside the network, if there is one.",
            valueName: "outputs"))
    var expected: String?
    @Option(
        help: ArgumentHelp(
            "The least share of windows with the framework's label; where it gave none, with the float reference's. Below it the exit code is 1.",
            valueName: "percent"))
    var minAgreement = TruthOptions.usualAgreement

    static let usualAgreement = "97%"

    /// 0 … 1. A number above 1, or with %, is percent.
    var leastShare: Double { TruthOptions.share(minAgreement)! }

    func validate() throws {
        if TruthOptions.share(minAgreement) == nil {
            throw ValidationError("--min-agreement \(minAgreement): expected a share of windows, e.g. 97% or 0.97")
        }
    }

    private static func share(_ text: String) -> Double? {
        let isPercent = text.hasSuffix("%")
        guard let number = Double(isPercent ? String(text.dropLast()) : text), number >= 0 else { return nil }
        let share = isPercent || number > 1 ? number / 100 : number
        return share <= 1 ? share : nil
    }

    /// The file to compare with: the one that is named, or the one beside a network.
    func path(beside network: String) -> String? {
        if let expected { return expected }
        let stem = network.hasSuffix(".nir") ? String(network.dropLast(4)) : network
        let beside = stem + ".expected.npz"
        return isThere(beside) ? beside : nil
    }
}
