/// A memory node is a row of linear memories that share their matrices, each of one input: m(t) = A·m(t−1) + B·u(t), tick by
/// tick and 0 at first; not A and B of the continuous equation. It gives [units·order], the elements of a unit side by side.
public struct MemoryNode: Sendable {
    /// [order, order] and [order].
    public var a: Tensor
    public var b: Tensor
    /// Ticks of the window, where the file says that A and B are Legendre's.
    public var theta: Double?

    public var order: Int { b.count }
}

/// A delayed matrix is one whose weights each hear their element some ticks late: y[i](t) = Σ w[i][j]·x[j](t − d[i][j]).
public struct DelayedMatrixNode: Sendable {
    /// [outputs, inputs].
    public var weight: Tensor
    /// Ticks, 0 … 4095, in the order of the weights.
    public var delays: [Int]
}

/// An activation node applies one function to each element.
public enum ActivationNode: Sendable {
    /// x limited to low … high: ReLU is 0 … ∞.
    case clip(low: Double, high: Double)
    case tanh
    /// 1 / (1 + e^(−x))
    case sigmoid
}
