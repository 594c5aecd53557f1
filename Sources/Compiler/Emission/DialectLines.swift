import NIR

/// These lines of a model's metadata say how the network was read, so that `verify` reads it so again.
extension Dialect {
    /// Lines `key: value`; nodes with traits of their own have a line each.
    func lines(dt: Double) -> [String] {
        var lines = [
            "dialect: \(name)", "reset: \(reset.rawValue)", "reset-delay: \(resetDelay.rawValue)",
            "reset-delay-of-currents: \((currentResetDelay ?? resetDelay).rawValue)", "spike-bits: \(spikeBits)",
            "dt: \(dt)",
        ]
        if firesAtThreshold != Dialect.named(name)?.firesAtThreshold {
            lines.append("comparison: \(Dialect.word(firesAtThreshold))")
        }
        for (node, traits) in exceptions.sorted(by: { $0.key < $1.key }) {
            var words: [String] = []
            if let reset = traits.reset { words.append("reset=\(reset.rawValue)") }
            if let delay = traits.resetDelay { words.append("reset-delay=\(delay.rawValue)") }
            if let fires = traits.firesAtThreshold { words.append("comparison=\(Dialect.word(fires))") }
            if let bits = traits.spikeBits { words.append("spike-bits=\(bits)") }
            lines.append("node with \(words.joined(separator: ",")): \(node)")
        }
        return lines
    }

    /// The dialect and the seconds per tick of a model's metadata; nil where they do not say them.
    public static func read(_ metadata: String) -> (dialect: Dialect, dt: Double)? {
        var (found, exceptions): ([Substring: Substring], [String: Traits]) = ([:], [:])
        for line in metadata.split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { continue }
            let (key, value) = (line[..<colon.lowerBound], line[colon.upperBound...])
            if key.hasPrefix("node with ") {
                exceptions[String(value)] = traits(key.dropFirst("node with ".count))
            } else {
                found[key] = value
            }
        }
        guard var dialect = found["dialect"].flatMap({ Dialect.named(String($0)) }),
            let dt = found["dt"].flatMap({ Double($0) }), dt > 0,
            let reset = found["reset"].flatMap({ Reset(rawValue: String($0)) }),
            let delay = found["reset-delay"].flatMap({ ResetDelay(rawValue: String($0)) })
        else { return nil }
        dialect.set(
            Traits(
                reset: reset, resetDelay: delay, firesAtThreshold: found["comparison"].map { $0 == word(true) },
                spikeBits: found["spike-bits"].flatMap { UInt8($0) }.flatMap { (1...8).contains($0) ? $0 : nil }))
        dialect.currentResetDelay = found["reset-delay-of-currents"].flatMap { ResetDelay(rawValue: String($0)) }
        dialect.exceptions = exceptions
        return (dialect, dt)
    }

    private static func traits(_ words: Substring) -> Traits {
        var traits = Traits()
        for word in words.split(separator: ",") {
            let parts = word.split(separator: "=").map(String.init)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "reset": traits.reset = Reset(rawValue: parts[1])
            case "reset-delay": traits.resetDelay = ResetDelay(rawValue: parts[1])
            case "comparison": traits.firesAtThreshold = parts[1] == Dialect.word(true)
            case "spike-bits": traits.spikeBits = UInt8(parts[1])
            default: break
            }
        }
        return traits
    }

    private static func word(_ firesAtThreshold: Bool) -> String { firesAtThreshold ? "greater_or_equal" : "greater" }
}
