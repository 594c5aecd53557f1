/// Settings are what a file says of its network besides nodes and edges, under keys `snnrt.…` of its metadata (docs/nir.md). Nil
/// and empty where it does not say.
public struct Settings: Sendable {
    /// The name of a dialect.
    public var dialect: String?
    /// Traits of all neurons.
    public var traits = Dialect.Traits()
    /// Seconds per tick, which may be nominal.
    public var dt: Double?
    /// Ticks per second of the sensor.
    public var rate: Double?
    /// Ticks per result, and between results.
    public var window: Int?
    public var hop: Int?
    /// The network's state lasts from result to result.
    public var keepsState: Bool?
    /// How the Output's values become scores, as a readout rule is written.
    public var readout: String?
    public var channels: [String] = []
    public var classes: [String] = []
    /// The tool that wrote the file, in its own words.
    public var exporter: String?
    /// Traits of single nodes, by name; they go before those of all.
    public var traitsOfNodes: [String: Dialect.Traits] = [:]

    public init() {}
}
