/// A compile error says why a network cannot be compiled.
public struct CompileError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
