/// A compile error says why a network cannot be compiled.
public struct CompileError: Error, CustomStringConvertible {
    /// What is wrong, behind the node's name where there is one.
    public let description: String
    /// The node at fault; nil where none is, or several are.
    public let node: String?

    public init(_ description: String, node: String? = nil) { (self.description, self.node) = (description, node) }

    /// This error as one of `node`, unless it names one already.
    func at(_ node: String) -> CompileError { self.node == nil ? CompileError(description, node: node) : self }
}
