import NIR

extension Dialect {
    /// Lines `key: value` of a model's metadata by which `verify` reads the network as it was compiled.
    func lines(dt: Double) -> [String] {
        [
            "dialect: \(name)", "reset: \(reset.rawValue)", "reset-delay: \(resetDelay.rawValue)",
            "reset-delay-of-currents: \((currentResetDelay ?? resetDelay).rawValue)", "spike-bits: \(spikeBits)",
            "dt: \(dt)",
        ]
    }
}
