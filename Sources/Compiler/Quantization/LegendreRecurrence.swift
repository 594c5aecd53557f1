import Glibc
import NIR

/// A Legendre recurrence is a Legendre memory by the op recurrence: Padé's [degree/degree] approximation of e^A over the tridiagonal inverse of A, in floating point
/// and as the file's factors (docs/format.md, "recurrence").
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
    private func poles(segments: Int) -> [Pole] { terms.map { Pole(g: $0.g, d: $0.d, segments: segments) } }
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
        terms = LegendreRecurrence.poles[degree]!.map { z, c in
            let (zeta, rates) = (
                Complex(2, 0) / z, (0..<order).map { Complex(Double(2 * $0 + 1) / theta / Double(substeps), 0) }
            )
            var pivots = rates.map { zeta * $0 }
            pivots[0].real += 1
            pivots[order - 1].real += 1
            for i in stride(from: 1, to: order, by: 1) { pivots[i] += Complex(1, 0) / pivots[i - 1] }
            return (pivots.map { Complex(1, 0) / $0 }, rates.map { c * zeta * $0 })
        }
    }

    /// The one of the fewest products whose impulse response lies within `tolerance` of the memory's, else the nearest.
    static func nearest(to memory: MemoryNode, theta: Double, tolerance: Double) -> LegendreRecurrence {
        let ticks = max(1, Int(min(2 * theta, 65536).rounded(.up)))
        let wanted = memory.response(ticks: ticks)
        let size = wanted.reduce(0) { $0 + $1 * $1 }
        var nearest: LegendreRecurrence?
        let shapes = [1, 2, 4].flatMap { degree in [1, 2, 4, 8].map { (degree: degree, substeps: $0) } }
        for shape in shapes.sorted(by: { cost($0.degree, $0.substeps) < cost($1.degree, $1.substeps) }) {
            var recurrence = LegendreRecurrence(
                order: memory.order, theta: theta, degree: shape.degree, substeps: shape.substeps)
            let rest = zip(recurrence.response(ticks: ticks), wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            recurrence.error = size > 0 ? (rest / size).squareRoot() : .infinity
            if recurrence.error < nearest?.error ?? .infinity { nearest = recurrence }
            if recurrence.error <= tolerance { break }
        }
        return nearest ?? LegendreRecurrence(order: memory.order, theta: theta, degree: 1, substeps: 1)
    }

    /// Products per element and tick, of one segment.
    private static func cost(_ degree: Int, _ substeps: Int) -> Int { substeps * (degree == 1 ? 3 : 10 * degree / 2) }

    /// States of the ticks 0 … ticks − 1 after an input of 1, one behind the other.
    private func response(ticks: Int) -> [Double] {
        let poles = poles(segments: 1)
        var (state, states): ([Double], [Double]) = (Array(repeating: 0, count: order), [])
        states.reserveCapacity(ticks * order)
        for tick in 0..<ticks {
            for _ in 0..<substeps {
                var right = state
                right[0] -= tick == 0 ? 1 : 0
                for pole in poles {
                    for (i, w) in pole.solve(right).enumerated() { state[i] += (pole.d[i] * w).real }
                }
            }
            states += state
        }
        return states
    }

    /// How many bits a state has, sign apart, of which nothing that a substep in `segments` computes leaves 31.
    func stateBits(segments: Int) -> Int {
        let poles = poles(segments: segments)
        var steps: [Double] = []  // Σ of magnitudes of what solving computes
        var sums = Array(repeating: 0.0, count: order)  // and of m + z
        for j in 0..<order {
            var (unit, z, number) = (Array(repeating: 0.0, count: order), Array(repeating: 0.0, count: order), 0)
            unit[j] = 1
            for pole in poles {
                let w = pole.solve(unit) {
                    if number == steps.count { steps.append(0) }
                    steps[number] += (j == 0 ? 2 : 1) * max(abs($0.real), abs($0.imaginary))  // of m[0] and of u
                    number += 1
                }
                for i in 0..<order { z[i] += (pole.d[i] * w[i]).real }
            }
            for i in 0..<order { sums[i] += abs(unit[i] + z[i]) + (j == 0 ? abs(z[i]) : 0) }
        }
        // The rest is for rounding.
        return max(1, min(30, Int((31 - log2(max(steps.max()!, sums.max()!)) - 0.01).rounded(.down))))
    }

    /// The file's factors, pole after pole.
    func factors(segments: Int) -> (values: [Int32], outputShift: Int) {
        let poles = poles(segments: segments)
        let outputs = poles.map { [$0.d, $0.dx, $0.dy].joined() }.joined()
        let greatest = outputs.map { max(abs($0.real), abs($0.imaginary)) }.max()!
        let shift = max(0, min(30, Int(log2(Double(Int32.max) / greatest).rounded(.down))))
        var values: [Int32] = []
        func append(_ row: [Complex], _ bits: Int) {
            func scaled(_ value: Double) -> Int32 { Int32((value * exp2(Double(bits))).rounded()) }
            values += row.map { scaled($0.real) }
            if isComplex { values += row.map { scaled($0.imaginary) } }
        }
        for pole in poles {
            func row(_ j: Int, of places: [Complex]) -> [Complex] {
                (0..<segments).map { places[$0 * pole.places + j] }
            }
            func appendRows(of places: [Complex], _ bits: Int) {
                for j in 0..<pole.places { append(row(j, of: places), bits) }
            }
            appendRows(of: pole.g, 30)
            appendRows(of: pole.d, shift)
            if segments == 1 { continue }
            appendRows(of: pole.dx, shift)
            appendRows(of: pole.dy, shift)
            append(pole.p, 30)
            append(row(0, of: pole.x), 30)
            append(row(0, of: pole.y), 30)
        }
        return (values, shift)
    }

    /// "[4/4] in 2 substeps"
    var words: String { "[\(degree)/\(degree)]" + (substeps > 1 ? " in \(substeps) substeps" : "") }
}

extension MemoryNode {
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
