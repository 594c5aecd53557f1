import Glibc

/// An exact matrix is a matrix whose products come to the same bits whoever adds, in whatever order: a BLAS of any processor, or
/// plain loops that skip zeros. Weights and values are cut to whole numbers of so few bits that no sum of their products rounds
/// (Ozaki et al., Numerical Algorithms 59, 2012).
///
/// Weights keep 27 bits below the greatest of their row, which are all of a 32-bit float's but for weights below an eighth of
/// that; values keep two slices of 16 bits or more below the greatest of theirs, so that spikes and samples are exact.
public struct ExactMatrix: Sendable {
    private let rows: Int
    private let columns: Int
    /// Column after column, in steps of the row.
    private let integers: [Double]
    /// What an integer of each row is worth, a power of two.
    private let steps: [Double]
    /// Bits of a slice of values.
    private let valueBits: Int

    private static let weightBits = 27
    private static let leastValueBits = 16
    /// Above this share of values other than 0 a BLAS takes less time than loops that skip zeros.
    private static let dense = 1.0 / 12

    /// - Parameter weights: row-major.
    init(_ weights: [Double], rows: Int, columns: Int) {
        (self.rows, self.columns) = (rows, columns)
        var bits = ExactMatrix.weightBits
        while true {
            let (integers, steps, sum) = ExactMatrix.cut(weights, rows, columns, bits)
            // Σ |w|·|x| of a row has to stay at or below 2^53.
            let room = 53 - Int(log2(max(1, sum)).rounded(.up))
            if room >= ExactMatrix.leastValueBits || bits == 1 {
                (self.integers, self.steps, valueBits) = (integers, steps, min(room, 30))
                return
            }
            bits -= 1
        }
    }

    /// The weights in whole steps, and the greatest sum of magnitudes of a row.
    private static func cut(
        _ weights: [Double], _ rows: Int, _ columns: Int, _ bits: Int
    ) -> (integers: [Double], steps: [Double], greatestSum: Double) {
        var integers = [Double](repeating: 0, count: rows * columns)
        var (steps, greatestSum): ([Double], Double) = ([], 0)
        for row in 0..<rows {
            let weights = weights[row * columns..<(row + 1) * columns]
            let step = exp2(Double(weights.reduce(0) { max($0, abs($1)) }.exponentAbove - bits))
            steps.append(step)
            var sum = 0.0
            for (column, weight) in weights.enumerated() {
                let integer = (weight / step).whole
                integers[column * rows + row] = integer
                sum += abs(integer)
            }
            greatestSum = max(greatestSum, sum)
        }
        return (integers, steps, greatestSum)
    }

    /// W·x of as many vectors as `x` holds one behind the other.
    func times(_ x: [Double]) -> [Double] {
        let count = x.count / columns
        var (nonzeroCount, areWhole) = (0, true)
        let greatestWhole = exp2(Double(valueBits))
        for value in x where value != 0 {
            nonzeroCount += 1
            if abs(value) > greatestWhole || value != value.whole { areWhole = false }
        }
        var y = [Double](repeating: 0, count: count * rows)
        if nonzeroCount == 0 { return y }
        let isDense = Double(nonzeroCount) > ExactMatrix.dense * Double(x.count)
        if areWhole {
            add(x, count, worth: nil, isDense, to: &y)
            return y
        }
        // Two slices of each vector, in steps below its own greatest value.
        var worth = (0..<count).map { vector in
            let greatest = x[vector * columns..<(vector + 1) * columns].reduce(0) { max($0, abs($1)) }
            return exp2(Double(greatest.exponentAbove - valueBits))
        }
        var rest = x
        for _ in 0..<2 {
            var (slice, isExact) = (rest, true)
            for i in slice.indices where rest[i] != 0 {
                let step = worth[i / columns]
                slice[i] = (rest[i] / step).whole
                rest[i] -= slice[i] * step
                isExact = isExact && rest[i] == 0
            }
            add(slice, count, worth: worth, isDense, to: &y)
            if isExact { break }
            for i in worth.indices { worth[i] *= exp2(-Double(valueBits)) }
        }
        return y
    }

    /// Adds the product of whole numbers, each vector's worth its own, to y.
    private func add(_ x: [Double], _ count: Int, worth: [Double]?, _ isDense: Bool, to y: inout [Double]) {
        var sums = [Double](repeating: 0, count: count * rows)
        x.withUnsafeBufferPointer { x in
            integers.withUnsafeBufferPointer { integers in
                sums.withUnsafeMutableBufferPointer { sums in
                    let (x, weights, sums) = (x.baseAddress!, integers.baseAddress!, sums.baseAddress!)
                    if isDense, let blas = BLAS.found {
                        blas.multiply(x, weights, rows: count, inner: columns, columns: rows, into: sums)
                    } else {
                        addNonzero(x, weights, count, sums)
                    }
                }
            }
        }
        y.withUnsafeMutableBufferPointer { y in
            for vector in 0..<count {
                let worth = worth?[vector] ?? 1
                for row in 0..<rows { y[vector * rows + row] += sums[vector * rows + row] * (steps[row] * worth) }
            }
        }
    }

    private func addNonzero(
        _ x: UnsafePointer<Double>, _ weights: UnsafePointer<Double>, _ count: Int, _ sums: UnsafeMutablePointer<Double>
    ) {
        for vector in 0..<count {
            let sums = sums + vector * rows
            for column in 0..<columns {
                let value = x[vector * columns + column]
                if value == 0 { continue }
                let weights = weights + column * rows
                for row in 0..<rows { sums[row] += weights[row] * value }
            }
        }
    }
}

extension Double {
    /// The nearest whole number, of two the even one, of magnitudes below 2^51.
    @inline(__always)
    fileprivate var whole: Double { (self + 0x1.8p52) - 0x1.8p52 }

    /// The least e with |self| ≤ 2^e, as far as normal numbers go; 0 of 0.
    fileprivate var exponentAbove: Int {
        if self == 0 || !isFinite { return 0 }
        return max(-900, Int(exponent) + (significand == 1 ? 0 : 1))
    }
}

/// Exact products are Σ aᵀ·a over vectors that come one at a time, which do not depend on who adds either: 1,024 vectors are
/// kept and then multiplied, each element in 21 bits below the greatest of the 1,024.
public struct ExactProducts {
    private let count: Int
    private var kept: [Double] = []
    private var sums: [Double]

    private static let most = 1024
    private static let bits = 21  // 2·21 + log2 1,024 ≤ 53

    /// - Parameter count: elements of a vector.
    public init(count: Int) {
        self.count = count
        sums = Array(repeating: 0, count: count * count)
    }

    public mutating func add(_ vector: [Double]) {
        kept += vector
        if kept.count == ExactProducts.most * count { multiply() }
    }

    /// The sums of all vectors so far, row-major and symmetric.
    public mutating func total() -> [Double] {
        multiply()
        return sums
    }

    private mutating func multiply() {
        let vectors = kept.count / count
        if vectors == 0 { return }
        var greatest = [Double](repeating: 0, count: count)
        for vector in 0..<vectors {
            for i in 0..<count { greatest[i] = max(greatest[i], abs(kept[vector * count + i])) }
        }
        // Elements that stayed 0 are left out.
        let active = greatest.indices.filter { greatest[$0] > 0 }
        let width = active.count
        let steps = active.map { exp2(Double(greatest[$0].exponentAbove - ExactProducts.bits)) }
        var integers = [Double](repeating: 0, count: vectors * width)
        for vector in 0..<vectors {
            for (i, element) in active.enumerated() {
                integers[vector * width + i] = (kept[vector * count + element] / steps[i]).whole
            }
        }
        var products = [Double](repeating: 0, count: width * width)
        integers.withUnsafeBufferPointer { integers in
            products.withUnsafeMutableBufferPointer { products in
                guard width > 0, let all = integers.baseAddress, let products = products.baseAddress else { return }
                if let blas = BLAS.found {
                    blas.multiply(
                        all, transposed: true, all, rows: width, inner: vectors, columns: width,
                        into: products)
                } else {
                    addProducts(all, vectors, width, products)
                }
            }
        }
        for i in 0..<width {
            for j in 0...i {
                let (low, high) = (active[j], active[i])
                sums[high * count + low] += products[i * width + j] * (steps[i] * steps[j])
                sums[low * count + high] = sums[high * count + low]
            }
        }
        kept.removeAll(keepingCapacity: true)
    }

    /// The lower triangle of Σ aᵀ·a, four vectors at a time.
    private func addProducts(
        _ integers: UnsafePointer<Double>, _ vectors: Int, _ width: Int, _ products: UnsafeMutablePointer<Double>
    ) {
        for first in stride(from: 0, to: vectors, by: 4) {
            // Behind the last vector the first stands in with a factor of 0.
            let rows = (0..<4).map { integers + (first + $0 < vectors ? first + $0 : first) * width }
            let (a, b, c, d) = (rows[0], rows[1], rows[2], rows[3])
            func factor(_ number: Int, _ value: Double) -> Double { first + number < vectors ? value : 0 }
            for i in 0..<width {
                let (p, q, r, s) = (a[i], factor(1, b[i]), factor(2, c[i]), factor(3, d[i]))
                if p == 0 && q == 0 && r == 0 && s == 0 { continue }
                let row = products + i * width
                for j in 0...i { row[j] += (p * a[j] + q * b[j]) + (r * c[j] + s * d[j]) }
            }
        }
    }
}
