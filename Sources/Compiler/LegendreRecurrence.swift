import Foundation
import NIR

/// A Legendre memory by the op recurrence: Padé's [degree/degree] approximation of e^A over the tridiagonal inverse of A, in floating point
/// and as the file's factors (FORMAT.md section 9.15).
struct LegendreRecurrence {
    let order: Int
    /// Ticks.
    let theta: Double
    let degree: Int
    let substeps: Int
    /// How far its impulse response lies from that of the stored matrices: root mean square over 2·θ, as a share of theirs.
    private(set) var error = Double.infinity

    /// A pole's reciprocal pivots and outputs.
    private let terms: [(g: [Complex], d: [Complex])]
    var isComplex: Bool { degree > 1 }
    var poleCount: Int { terms.count }

    /// (z, c) with (e^A − 1) / A ≈ Σ Re( c·(A − z)^−1 ), one of each conjugate pair; by degree.
    static let poles: [Int: [(z: Complex, c: Complex)]] = [
        1: [(Complex(2, 0), Complex(-2, 0))],
        2: [(Complex(3, 1.7320508075688772), Complex(0, -6.928203230275509))],
        4: [
            (Complex(4.2075787943592555, 5.314836083713505), Complex(-4.575498586149432, 13.808163163343378)),
            (Complex(5.7924212056407445, 1.7344682578690076), Complex(4.575498586149431, -61.19263303708651)),
        ],
    ]

    init(order: Int, theta: Double, degree: Int, substeps: Int) {
        (self.order, self.theta, self.degree, self.substeps) = (order, theta, degree, substeps)
        let middle = (order - 1) / 2
        terms = LegendreRecurrence.poles[degree]!.map { z, c in
            let (zeta, rates) = (Complex(2, 0) / z, (0..<order).map { Complex(Double(2 * $0 + 1) / theta / Double(substeps), 0) })
            var pivots = rates.map { zeta * $0 }
            pivots[0].real += 1
            pivots[order - 1].real += 1
            for i in stride(from: 1, through: middle, by: 1) { pivots[i] += Complex(1, 0) / pivots[i - 1] }
            for i in stride(from: order - 2, through: middle, by: -1) { pivots[i] += Complex(1, 0) / pivots[i + 1] }
            return (pivots.map { Complex(1, 0) / $0 }, rates.map { c * zeta * $0 })
        }
    }

    /// The one of the fewest products whose impulse response lies within `tolerance` of the memory's, else the nearest.
    static func nearest(to memory: Memory, theta: Double, tolerance: Double) -> LegendreRecurrence {
        let ticks = max(1, Int(min(2 * theta, 65536).rounded(.up)))
        let wanted = memory.response(ticks: ticks)
        let size = wanted.reduce(0) { $0 + $1 * $1 }
        var nearest: LegendreRecurrence?
        let shapes = [1, 2, 4].flatMap { degree in [1, 2, 4, 8].map { (degree: degree, substeps: $0) } }
        for shape in shapes.sorted(by: { cost($0.degree, $0.substeps) < cost($1.degree, $1.substeps) }) {
            var made = LegendreRecurrence(order: memory.order, theta: theta, degree: shape.degree, substeps: shape.substeps)
            let rest = zip(made.response(ticks: ticks), wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            made.error = size > 0 ? (rest / size).squareRoot() : .infinity
            if made.error < nearest?.error ?? .infinity { nearest = made }
            if made.error <= tolerance { break }
        }
        return nearest ?? LegendreRecurrence(order: memory.order, theta: theta, degree: 1, substeps: 1)
    }

    /// Products per element and tick.
    private static func cost(_ degree: Int, _ substeps: Int) -> Int { substeps * (degree == 1 ? 4 : 12 * degree / 2) }

    /// States of the ticks 0 … ticks − 1 after an input of 1, one behind the other.
    private func response(ticks: Int) -> [Double] {
        var (state, states): ([Double], [Double]) = (Array(repeating: 0, count: order), [])
        states.reserveCapacity(ticks * order)
        for tick in 0..<ticks {
            for _ in 0..<substeps {
                var right = state
                right[0] -= tick == 0 ? 1 : 0
                for term in terms {
                    for (i, v) in solve(term.g, right).enumerated() { state[i] += (term.d[i] * v).real }
                }
            }
            states += state
        }
        return states
    }

    /// v of one pole; `note` is told what every pass finds.
    private func solve(_ g: [Complex], _ a: [Double], note: (Int, Int, Complex) -> Void = { _, _, _ in }) -> [Complex] {
        let middle = (order - 1) / 2
        var v = (0..<order).map { g[$0] * Complex(a[$0], 0) }
        var pass = 0
        func noteAll() {
            for i in 0..<order { note(pass, i, v[i]) }
            pass += 1
        }
        noteAll()
        for i in stride(from: 1, to: middle, by: 1) { v[i] -= g[i] * v[i - 1] }
        for i in stride(from: order - 2, to: middle, by: -1) { v[i] += g[i] * v[i + 1] }
        noteAll()
        v[middle] = Complex(a[middle], 0)
        if middle > 0 { v[middle] -= v[middle - 1] }
        if middle < order - 1 { v[middle] += v[middle + 1] }
        note(pass, middle, v[middle])
        v[middle] = g[middle] * v[middle]
        pass += 1
        for i in stride(from: middle - 1, through: 0, by: -1) { v[i] += g[i] * v[i + 1] }
        for i in stride(from: middle + 1, to: order, by: 1) { v[i] -= g[i] * v[i - 1] }
        noteAll()
        return v
    }

    /// How many bits a state has, sign apart, of which nothing that the passes compute leaves 31.
    func stateBits() -> Int {
        var reach = 0.0
        for term in terms {
            var sums = Array(repeating: Array(repeating: 0.0, count: order), count: 4)
            for j in 0..<order {
                var unit = Array(repeating: 0.0, count: order)
                unit[j] = j == 0 ? 2 : 1  // m[0] − u
                _ = solve(term.g, unit) { pass, i, value in sums[pass][i] += max(abs(value.real), abs(value.imaginary)) }
            }
            reach = max(reach, sums.joined().max()!)
        }
        // What lookahead finds on the way lies within what it ends with; the rest is for rounding.
        return max(1, min(30, Int((31 - log2(reach) - 0.01).rounded(.down))))
    }

    /// The file's factors, pole after pole: the rows g[0] … g[lookahead] and d.
    func factors(lookahead: Int) -> (values: [Int32], outputShift: Int) {
        let greatest = terms.flatMap(\.d).map { max(abs($0.real), abs($0.imaginary)) }.max()!
        let shift = max(0, min(30, Int(log2(Double(Int32.max) / greatest).rounded(.down))))
        var values: [Int32] = []
        func append(_ row: [Complex], _ bits: Int) {
            func scaled(_ value: Double) -> Int32 { Int32((value * exp2(Double(bits))).rounded()) }
            values += row.map { scaled($0.real) }
            if isComplex { values += row.map { scaled($0.imaginary) } }
        }
        for term in terms {
            var row = term.g
            append(row, 30)
            for level in 0..<lookahead {
                row = row.indices.map { $0 + 1 << level < order ? row[$0] * row[$0 + 1 << level] : Complex(0, 0) }
                append(row, 30)
            }
            append(term.d, shift)
        }
        return (values, shift)
    }

    /// "[4/4] in 2 substeps"
    var words: String { "[\(degree)/\(degree)]" + (substeps > 1 ? " in \(substeps) substeps" : "") }
}

extension Memory {
    /// States of the ticks 0 … ticks − 1 after an input of 1, one behind the other.
    fileprivate func response(ticks: Int) -> [Double] {
        var (state, states) = (b.values, b.values)
        states.reserveCapacity(ticks * order)
        for _ in 1..<max(1, ticks) {
            state = a.values.withUnsafeBufferPointer { a in
                (0..<order).map { i in
                    var sum = 0.0
                    for j in 0..<order { sum += a[i * order + j] * state[j] }
                    return sum
                }
            }
            states += state
        }
        return states
    }
}

struct Complex: Equatable {
    var real: Double
    var imaginary: Double

    init(_ real: Double, _ imaginary: Double) { (self.real, self.imaginary) = (real, imaginary) }

    static func * (x: Complex, y: Complex) -> Complex {
        Complex(x.real * y.real - x.imaginary * y.imaginary, x.real * y.imaginary + x.imaginary * y.real)
    }
    static func / (x: Complex, y: Complex) -> Complex {
        let size = y.real * y.real + y.imaginary * y.imaginary
        return x * Complex(y.real / size, -y.imaginary / size)
    }
    static func - (x: Complex, y: Complex) -> Complex { Complex(x.real - y.real, x.imaginary - y.imaginary) }
    static func += (x: inout Complex, y: Complex) { x = Complex(x.real + y.real, x.imaginary + y.imaginary) }
    static func -= (x: inout Complex, y: Complex) { x = x - y }
}
