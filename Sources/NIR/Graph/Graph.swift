/// A network as a NIR file holds it: nodes by name, with parameters in the file's own units, and edges between them.
///
/// Nested graphs have been opened: their nodes are named `outer/inner`, and their inputs and outputs have become plain
/// connections. The primitives mean what NIR 1.0 says (Pedersen et al., Nature Communications 15, 2024).
public struct Graph: Sendable {
    public var nodes: [String: Node]
    /// Edges in the order of the file.
    public var edges: [Edge]
    /// Those edges that the file says carry last tick's value.
    public var lateEdges: Set<Edge> = []
    /// The version of NIR that wrote the file, if it says so.
    public var version: String?
    /// Integers that nodes say they were trained with, by name, and those of the input.
    public var grids: [String: StatedGrid] = [:]
    public var statedInput = StatedInput()
    /// What the file says besides.
    public var settings = Settings()
    /// What was taken otherwise than it stands in the file, or not at all: sentences for the user.
    public var remarks: [String] = []

    public struct Edge: Hashable, Sendable {
        public let from: String
        public let to: String
        public init(from: String, to: String) { (self.from, self.to) = (from, to) }
    }

    public func inputs(of name: String) -> [String] { edges.filter { $0.to == name }.map(\.from) }
    public func outputs(of name: String) -> [String] { edges.filter { $0.from == name }.map(\.to) }
}
