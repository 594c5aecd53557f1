/// A pruning report says what pruning left out.
public struct PruningReport: Encodable, Sendable {
    public struct Population: Encodable, Sendable {
        public let name: String
        public let neurons: Int
        /// Neurons left out because they never fire, and because nothing reads them.
        public let silent: Int
        public let unread: Int
    }
    public var populations: [Population] = []
    /// Stored weights of all matrices, before and after.
    public var weightsBefore = 0
    public var weightsAfter = 0
}
