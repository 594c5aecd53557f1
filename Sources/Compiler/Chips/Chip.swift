/// A chip is one whose integer arithmetic a compiled network keeps.
public enum Chip: String, Sendable, CaseIterable {
    case loihi, xylo

    /// Bits of an input element: Loihi hears one spike a tick and channel, Xylo up to 15.
    public var inputBits: UInt8 { self == .loihi ? 2 : 5 }
    /// The dialect whose reset the chip has.
    public var dialect: String { self == .loihi ? "lava" : "rockpool-export" }
}

extension Chip {
    /// The chip whose integers a model keeps, by its metadata.
    public init?(metadata: some Sequence<Substring>) {
        let line = metadata.first { $0.hasPrefix("target: ") }
        guard let chip = line.flatMap({ Chip(rawValue: String($0.dropFirst("target: ".count))) }) else { return nil }
        self = chip
    }
}
