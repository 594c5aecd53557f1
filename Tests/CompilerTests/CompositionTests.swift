import TestSupport
import Testing

@testable import Compiler
@testable import NIR

/// Two maps in a row as one, against the two in a row.
struct CompositionTests {
    /// A convolution of so many channels with random sizes, and what it gives; nil where the kernel does not fit.
    private static func convolution(_ from: [Int], _ random: inout SplitMix) -> ConvolutionMap? {
        func size(_ range: ClosedRange<Int>) -> [Int] { (0..<2).map { _ in Int.random(in: range, using: &random) } }
        let (kernel, stride, dilation) = (size(1...3), size(1...2), size(1...2))
        let padding = (0..<2).map { _ in size(0...2) }
        let groups = from[0] % 2 == 0 && Bool.random(using: &random) ? 2 : 1
        let outputs = groups * Int.random(in: 1...2, using: &random)
        let to = (0..<2).map { axis -> Int in
            let room = from[1 + axis] + padding[axis][0] + padding[axis][1] - dilation[axis] * (kernel[axis] - 1) - 1
            return room < 0 ? 0 : room / stride[axis] + 1
        }
        if to.contains(0) { return nil }
        let shape = [outputs, from[0] / groups] + kernel
        let values = (0..<shape.reduce(1, *)).map { _ in Double(Int.random(in: -4...4, using: &random)) }
        let node = ConvolutionNode(
            isTwoDimensional: true, weight: Tensor(shape: shape, values: values), bias: each(0, outputs),
            stride: stride,
            padding: padding, dilation: dilation, groups: groups)
        let factors = (0..<outputs).map { _ in Double(Int.random(in: 1...3, using: &random)) }
        return ConvolutionMap(node: node, from: from, to: [outputs] + to, factors: factors)
    }

    private static func frame(_ count: Int, _ random: inout SplitMix) -> [Double] {
        (0..<count).map { _ in Double(Int.random(in: -9...9, using: &random)) }
    }

    /// Whole numbers, so that sums are exact.
    @Test func convolutionsInARow() throws {
        var random = SplitMix(state: 18)
        var (joined, apart) = (0, 0)
        for _ in 0..<600 {
            guard let first = CompositionTests.convolution([2, 6, 5], &random),
                let second = CompositionTests.convolution(first.to, &random)
            else { continue }
            let x = CompositionTests.frame(60, &random)
            let wanted = LinearMap.convolution(second).applied(to: LinearMap.convolution(first).applied(to: x))
            if let both = second.after(first) {
                joined += 1
                #expect(both.from == first.from && both.to == second.to)
                #expect(LinearMap.convolution(both).applied(to: x) == wanted)
            } else {
                apart += 1
            }
            let weights = CompositionTests.frame(3 * wanted.count, &random)
            if let matrix = second.matrix(under: weights, rows: 3) {
                let own = LinearMap.convolution(second).applied(to: LinearMap.convolution(first).applied(to: x))
                let dense = LinearMap.dense(rows: 3, columns: own.count, values: weights)
                #expect(matrix.applied(to: LinearMap.convolution(first).applied(to: x)) == dense.applied(to: own))
            }
        }
        #expect(joined > 50 && apart > 50)
    }

    @Test func factorsOfTheInput() throws {
        var random = SplitMix(state: 19)
        let map = try #require(CompositionTests.convolution([2, 4, 4], &random))
        let x = CompositionTests.frame(32, &random)
        let factors = (0..<32).map { $0 < 16 ? 2.0 : 3.0 }
        let scaled = try #require(map.scaled(inputs: factors))
        let wanted = LinearMap.convolution(map).applied(to: zip(x, factors).map { $0 * $1 })
        #expect(LinearMap.convolution(scaled).applied(to: x) == wanted)
        #expect(map.scaled(inputs: (0..<32).map(Double.init)) == nil)
    }

    /// A pool of 2x2 folds into a 3x3 kernel; one with padding, and one that would take too many weights, do not.
    @Test func poolsBehindAConvolution() throws {
        let node = ConvolutionNode(
            isTwoDimensional: true, weight: Tensor(shape: [1, 8, 3, 3], values: Array(repeating: 1, count: 72)),
            bias: each(0, 1), stride: [1, 1], padding: [[1, 1], [1, 1]], dilation: [1, 1], groups: 1)
        let convolution = ConvolutionMap(node: node, from: [8, 12, 12], to: [1, 12, 12], factors: [1])
        func pooled(_ size: Int, _ padding: Int, _ to: Int) -> ConvolutionMap? {
            let pool = PoolNode(
                function: .average, kernel: [size, size], stride: [size, size], padding: [padding, padding])
            return ConvolutionMap(pool, from: [1, 12, 12], to: [1, to, to]).after(convolution)
        }
        let both = try #require(pooled(2, 0, 6))
        #expect(both.node.weight.shape == [1, 8, 4, 4] && both.node.stride == [2, 2])
        #expect(both.node.weight.values[..<4] == [0.25, 0.5, 0.5, 0.25])
        #expect(pooled(2, 1, 7) == nil && pooled(12, 0, 1) == nil)
    }
}
