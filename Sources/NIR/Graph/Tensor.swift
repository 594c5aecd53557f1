/// A tensor is numbers in the order of the file, in which the last index runs fastest.
public struct Tensor: Equatable, Sendable {
    /// Sizes of the dimensions; empty for one number.
    public var shape: [Int]
    public var values: [Double]

    public var count: Int { values.count }

    public init(shape: [Int], values: [Double]) { (self.shape, self.values) = (shape, values) }

    /// A tensor of no dimensions, which holds one number.
    public static func scalar(_ value: Double) -> Tensor { Tensor(shape: [], values: [value]) }

    /// This tensor over a shape: itself, if it has that shape, or its one element at every index; else nil.
    func spread(over shape: [Int]) -> Tensor? {
        if self.shape == shape { return self }
        if count == 1 { return Tensor(shape: shape, values: Array(repeating: values[0], count: shape.reduce(1, *))) }
        return nil
    }
}

extension Tensor {
    /// One value for each of `count` elements: its own, or the first for all.
    public func values(for count: Int) -> [Double] {
        self.count == count ? values : Array(repeating: values[0], count: count)
    }

    /// Times in ticks of `dt` seconds; nil where one is not within 0 … 4095.
    public func ticks(of dt: Double) -> [Int]? {
        let ticks = values.map { ($0 / dt).rounded() }
        return ticks.allSatisfy { $0 >= 0 && $0 <= 4095 } ? ticks.map { Int($0) } : nil
    }
}
