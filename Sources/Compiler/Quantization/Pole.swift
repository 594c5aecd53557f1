/// A pole is solved in segments: v = g·( a − v below ), w = v + g·w above, and what enters a segment adds x·below + y·above to w: X and Y of
/// docs/format.md, "recurrence".
struct Pole {
    let segments: Int
    let places: Int
    private(set) var g: [Complex]
    private(set) var d: [Complex]
    private(set) var x: [Complex]
    private(set) var y: [Complex]
    /// What of v a segment's last place has by what enters from below, per segment.
    private(set) var p: [Complex] = []
    var dx: [Complex] { zip(d, x).map { $0 * $1 } }
    var dy: [Complex] { zip(d, y).map { $0 * $1 } }

    init(g: [Complex], d: [Complex], segments: Int) {
        (self.segments, places) = (segments, (g.count + segments - 1) / segments)
        let none = Array(repeating: Complex(0, 0), count: segments * places - g.count)
        (self.g, self.d) = (g + none, d + none)
        (x, y) = (self.g, self.g)
        for first in stride(from: 0, to: self.g.count, by: places) {
            let last = first + places - 1
            var below = Complex(1, 0)
            for i in first...last {
                below = Complex(0, 0) - self.g[i] * below
                x[i] = below
            }
            p.append(below)
            for i in (first..<last).reversed() {
                x[i] += self.g[i] * x[i + 1]
                y[i] = self.g[i] * y[i + 1]
            }
        }
    }

    /// w of the right side a; `note` is told all that is computed on the way, always in the same order.
    func solve(_ a: [Double], note: (Complex) -> Void = { _ in }) -> [Complex] {
        let none = Complex(0, 0)
        var (w, below, above) = (g, Array(repeating: none, count: segments), Array(repeating: none, count: segments))
        for k in 0..<segments {
            let (first, last) = (k * places, k * places + places - 1)
            if k > 0 {
                below[k] = w[first - 1]
                below[k] += p[k - 1] * below[k - 1]
            }
            for i in first...last {
                let right = Complex(i < a.count ? a[i] : 0, 0) - (i > first ? w[i - 1] : none)
                w[i] = g[i] * right
                note(right)
                note(w[i])
            }
            for i in (first..<last).reversed() {
                w[i] += g[i] * w[i + 1]
                note(w[i])
            }
            note(below[k])
        }
        for k in (0..<segments - 1).reversed() {
            let first = (k + 1) * places
            above[k] = w[first]
            above[k] += x[first] * below[k + 1]
            above[k] += y[first] * above[k + 1]
            note(above[k])
        }
        for i in a.indices {
            w[i] += x[i] * below[i / places]
            w[i] += y[i] * above[i / places]
        }
        return Array(w[..<a.count])
    }
}
