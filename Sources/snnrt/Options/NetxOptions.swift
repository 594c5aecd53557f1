import ArgumentParser
import NIR

/// What a netx file leaves open.
struct NetxOptions: ParsableArguments {
    enum Comparison: String, CaseIterable, ExpressibleByArgument {
        case greater
        case greaterOrEqual = "greater_or_equal"
    }

    @Option(
        help: ArgumentHelp(
            "Of a netx file: neurons fire at v > threshold (greater), as on the chip, in Lava and in later versions of lava-dl, or at v >= threshold (greater_or_equal), as in its first ones. Default: by the neurons' type, greater for LOIHI, greater_or_equal for CUBA.",
            valueName: "comparison"))
    var comparison: Comparison?

    var firesAtThreshold: Bool? { comparison.map { $0 == .greaterOrEqual } }

    /// What was taken where the file does not say it; nil where nothing was guessed.
    func note(_ network: NetxNetwork) -> String? {
        if comparison != nil || network.block == .loihi { return nil }
        return
            "neurons of type CUBA are taken to fire at v >= threshold, as in the first versions of lava-dl; later ones, Lava and the chip fire at v > threshold: --comparison greater"
    }
}
