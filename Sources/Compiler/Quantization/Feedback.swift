/// Feedback rounds with error feedback: what one weight of a row loses, later ones make up for as far as their sources go together
/// (Frantar et al., GPTQ, 2022). What is made small is Δwᵀ·H·Δw, H being the covariance of what the sources come to in a
/// membrane, so that errors which add up over time count for more than those that cancel; a bias takes up the mean.
struct Feedback: Sendable {
    /// Sources, those of the greatest mean square first.
    private let order: [Int]
    /// H, and the upper factor U of its inverse UᵀU: row-major, in that order.
    private let products: [Double]
    private let factor: [Double]
    /// As they were given.
    private let given: [Double]
    private var count: Int { order.count }

    /// - Parameter products: row-major, symmetric.
    init(_ products: [Double], count: Int) {
        let diagonal = (0..<count).map { products[$0 * count + $0] }
        // What has not been seen may come: a hundredth of the mean on top.
        let floor = max(1e-12, 0.01 * diagonal.reduce(0, +) / Double(count))
        let order = (0..<count).sorted { (diagonal[$1], $0) < (diagonal[$0], $1) }
        var h = order.flatMap { i in order.map { products[i * count + $0] } }
        for i in 0..<count { h[i * count + i] += floor }
        (self.order, self.products, given) = (order, h, products)
        factor = Feedback.inverseFactor(h, count)
    }

    /// The same for sources whose values are `factors` times as great.
    func scaled(by factors: [Double]) -> Feedback {
        Feedback(given.indices.map { given[$0] * factors[$0 / count] * factors[$0 % count] }, count: count)
    }

    /// H = R·Rᵀ with R upper triangular; then U = R⁻¹.
    private static func inverseFactor(_ h: [Double], _ n: Int) -> [Double] {
        var r = [Double](repeating: 0, count: n * n)
        for j in (0..<n).reversed() {
            var rest = h[j * n + j]
            for k in j + 1..<max(n, j + 1) { rest -= r[j * n + k] * r[j * n + k] }
            let pivot = max(rest, 1e-9 * h[j * n + j]).squareRoot()
            r[j * n + j] = pivot
            for i in 0..<j {
                var sum = h[i * n + j]
                for k in j + 1..<max(n, j + 1) { sum -= r[i * n + k] * r[j * n + k] }
                r[i * n + j] = sum / pivot
            }
        }
        var u = [Double](repeating: 0, count: n * n)
        for i in (0..<n).reversed() {
            u[i * n + i] = 1 / r[i * n + i]
            for k in i + 1..<max(n, i + 1) where r[i * n + k] != 0 {
                let factor = r[i * n + k] / r[i * n + i]
                for j in k..<n { u[i * n + j] -= factor * u[k * n + j] }
            }
        }
        return u
    }

    /// A row's integers on a grid, and the loss Δwᵀ·H·Δw.
    func rounded(_ row: [Double], _ grid: WeightGrid, scale: Double) -> (integers: [Int], loss: Double) {
        var left = order.map { row[$0] }
        var integers = row.map { _ in 0 }
        var loss = 0.0
        for i in 0..<count {
            let integer = grid.integer(left[i], scale: scale)
            integers[order[i]] = integer
            let error = (left[i] - Double(integer) / scale) / factor[i * count + i]
            loss += error * error
            for j in i + 1..<max(count, i + 1) { left[j] -= error * factor[i * count + j] }
        }
        return (integers, loss)
    }

    /// wᵀ·H·w
    func power(_ row: [Double]) -> Double {
        let row = order.map { row[$0] }
        return products.withUnsafeBufferPointer { products in
            row.withUnsafeBufferPointer { row in
                var sum = 0.0
                for i in 0..<row.count where row[i] != 0 {
                    var product = 0.0
                    for j in 0..<row.count { product += products[i * row.count + j] * row[j] }
                    sum += row[i] * product
                }
                return sum
            }
        }
    }
}
