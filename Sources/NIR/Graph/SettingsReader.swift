/// A settings reader reads the keys `snnrt.…` of a metadata group, and says which keys of other tools it does not use.
struct SettingsReader {
    let group: HDF5Group

    /// Keys that neurons may have too, and those of the graph alone.
    private static let traitKeys = ["reset", "reset_delay", "comparison", "spike_bits"]
    private static let graphKeys =
        traitKeys + [
            "dialect", "dt", "rate", "window", "readout", "hop", "keep_state", "channels", "classes", "exporter",
        ] + StatedInput.keys

    /// What the graph's metadata say.
    func settings() throws(NIRError) -> Settings {
        try refuseOthers(than: SettingsReader.graphKeys)
        var settings = Settings()
        settings.traits = try readTraits()
        settings.dialect = try text("dialect")
        if let name = settings.dialect, Dialect.named(name) == nil {
            throw fault(
                "dialect", "is \"\(name)\", expected one of \(Dialect.all.map(\.name).joined(separator: ", "))",
                hint: "a later snnrt may have it: update snnrt")
        }
        settings.dt = try positive("dt", below: 3600)
        settings.rate = try positive("rate", below: 4e9)
        settings.window = try whole("window", 1...1 << 24)
        settings.hop = try whole("hop", 1...1 << 24)
        settings.keepsState = try whole("keep_state", 0...1).map { $0 == 1 }
        settings.readout = try text("readout")
        settings.channels = try texts("channels")
        settings.classes = try texts("classes")
        settings.exporter = try text("exporter")
        return settings
    }

    /// What the metadata of a graph within a graph say: traits of its neurons, since all else is the whole network's.
    func settingsWithin() throws(NIRError) -> Settings {
        let own = Set((SettingsReader.traitKeys + ["exporter"]).map { "snnrt.\($0)" })
        if let odd = try group.names().first(where: { $0.hasPrefix("snnrt.") && !own.contains($0) }) {
            throw group.error(
                odd, "stands in a graph within the network, where only traits of neurons are read",
                hint: "put it into the metadata of the outermost graph if it holds for the whole network")
        }
        return try settings()
    }

    /// What a node's metadata say.
    func traits() throws(NIRError) -> Dialect.Traits {
        try refuseOthers(than: SettingsReader.traitKeys + StatedGrid.keys)
        return try readTraits()
    }

    /// Keys of other tools that speak of what snnrt takes from elsewhere.
    func unusedKeys() throws(NIRError) -> [String] {
        try group.names().filter { name in
            !name.hasPrefix("snnrt.") && (name.contains("reset") || ["dt", "dialect", "threshold"].contains(name))
        }
    }

    private func readTraits() throws(NIRError) -> Dialect.Traits {
        func code<Code: RawRepresentable>(_ key: String, _ codes: [Code]) throws(NIRError) -> Code?
        where Code.RawValue == String {
            guard let name = try text(key) else { return nil }
            guard let code = codes.first(where: { $0.rawValue == name }) else {
                throw fault(key, "is \"\(name)\", expected \(codes.map(\.rawValue).joined(separator: ", "))")
            }
            return code
        }
        enum Comparison: String { case greater, greaterOrEqual = "greater_or_equal" }
        return Dialect.Traits(
            reset: try code("reset", [Dialect.Reset.subtract, .zero, .never]),
            resetDelay: try code("reset_delay", [Dialect.ResetDelay.same, .next]),
            firesAtThreshold: try code("comparison", [Comparison.greater, .greaterOrEqual]).map {
                $0 == .greaterOrEqual
            },
            spikeBits: try whole("spike_bits", 1...8).map { UInt8($0) })
    }

    /// Refuses a key that this reader does not know: what it asks for would not be done.
    private func refuseOthers(than known: [String]) throws(NIRError) {
        let names = Set(known.map { "snnrt.\($0)" })
        if let odd = try group.names().first(where: { $0.hasPrefix("snnrt.") && !names.contains($0) }) {
            throw group.error(
                odd, "is not known here; known are \(names.sorted().joined(separator: ", "))", hint: "update snnrt")
        }
    }

    private func text(_ key: String) throws(NIRError) -> String? {
        group.has("snnrt.\(key)") ? try group.string("snnrt.\(key)") : nil
    }

    private func texts(_ key: String) throws(NIRError) -> [String] {
        group.has("snnrt.\(key)") ? try group.strings("snnrt.\(key)").values : []
    }

    private func number(_ key: String) throws(NIRError) -> Double? {
        guard group.has("snnrt.\(key)") else { return nil }
        let values = try group.numbers("snnrt.\(key)").values
        guard values.count == 1 else { throw fault(key, "holds \(values.count) numbers, expected one") }
        return values[0]
    }

    private func positive(_ key: String, below limit: Double) throws(NIRError) -> Double? {
        guard let value = try number(key) else { return nil }
        guard value > 0, value < limit else { throw fault(key, "is \(value), expected a number above 0") }
        return value
    }

    private func whole(_ key: String, _ range: ClosedRange<Int>) throws(NIRError) -> Int? {
        guard let value = try number(key) else { return nil }
        guard let whole = Int(exactly: value), range.contains(whole) else {
            throw fault(key, "is \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    private func fault(_ key: String, _ message: String, hint: String? = nil) -> NIRError {
        group.error("snnrt.\(key)", message, hint: hint)
    }
}
