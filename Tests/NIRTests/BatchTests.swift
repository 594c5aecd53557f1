import TestSupport
import Testing

@testable import NIR

/// Batches of windows beside windows alone, and products that no order of addition changes.
struct BatchTests {
    private static let networks = [
        ("every", "norse", 1e-3), ("nested", "spyx", 2e-3), ("cnn", "sinabs", 1.0), ("zeros", "norse", 1e-3),
        ("repeated", "snntorch", 1e-3),
    ]

    @Test(arguments: networks)
    func aBatchIsItsWindows(_ name: String, _ dialect: String, _ dt: Double) throws {
        let path = fixture(name)
        let graph = try Graph(path: path)
        let dialect = try #require(Dialect.named(dialect))
        let alone = try FloatNetwork<Double>(graph, file: path, dialect: dialect, dt: dt)
        var batch = try FloatNetwork<Double>(graph, file: path, dialect: dialect, dt: dt, batch: 3)
        var windows = [alone, alone, alone]
        let width = alone.schedule.order.reduce(0) {
            if case .input = graph.nodes[$1]! { $0 + alone.values[$1]!.count } else { $0 }
        }
        var random = SplitMix(state: 11)
        var fired = 0.0
        for _ in 0..<24 {
            let frames = (0..<3).map { _ in (0..<width).map { _ in Double(Int.random(in: -9...15, using: &random)) / 4 }
            }
            for window in windows.indices { windows[window].tick(frames[window]) }
            batch.tick(frames.flatMap { $0 })
            for node in alone.schedule.order {
                let expected = windows.flatMap { $0.values[node]! }
                let values = try #require(batch.values[node])
                #expect(values.count == expected.count)
                for (value, wanted) in zip(values, expected) {
                    #expect(abs(value - wanted) <= 1e-6 * max(1, abs(wanted)), "\(name) \(node)")
                }
                fired += expected.reduce(0) { $0 + abs($1) }
            }
        }
        #expect(fired > 0)
    }

    @Test func sparseAndDenseValuesGiveTheSameBits() {
        var random = SplitMix(state: 3)
        let (rows, columns) = (9, 40)
        let weights = (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &random) }
        let matrix = ExactMatrix(weights, rows: rows, columns: columns)
        let dense = (0..<columns).map { _ in Double.random(in: -3...3, using: &random) }
        // Beside vectors of zeros the same one goes the way of sparse values.
        let sparse = matrix.times(dense + [Double](repeating: 0, count: 99 * columns))
        let product = matrix.times(dense)
        #expect(Array(sparse[..<rows]) == product)
        for row in 0..<rows {
            let sum = (0..<columns).reduce(0) { $0 + weights[row * columns + $1] * dense[$1] }
            #expect(abs(product[row] - sum) < 1e-6)
        }
        // Weights of 24 bits and spikes: exactly the sum.
        let narrow = weights.map { Double(Float($0 < 0 ? $0 - 1 : $0 + 1)) }
        let spikes = (0..<columns).map { _ in Double(Int.random(in: 0...1, using: &random)) }
        let exact = ExactMatrix(narrow, rows: rows, columns: columns).times(spikes)
        for row in 0..<rows {
            #expect(exact[row] == (0..<columns).reduce(0) { $0 + narrow[row * columns + $1] * spikes[$1] })
        }
    }

    @Test func productsOfVectors() {
        var random = SplitMix(state: 4)
        var products = ExactProducts(count: 3)
        var sums = [Double](repeating: 0, count: 9)
        for number in 0..<2503 {
            let vector = [Double.random(in: -2...2, using: &random), 0, number % 7 == 0 ? 1 : 0]
            products.add(vector)
            for i in 0..<3 { for j in 0..<3 { sums[i * 3 + j] += vector[i] * vector[j] } }
        }
        let total = products.total()
        for (value, wanted) in zip(total, sums) { #expect(abs(value - wanted) < 1e-3) }
        #expect(total[1] == 0 && total[8] == sums[8] && total[2] == total[6])
    }
}
