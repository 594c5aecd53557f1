import Compiler

/// What networks that a planner looked at lose over what they cost, as SVG. The cost is what is to be small or is limited, and the
/// loss errors where the log has labels, else labels that differ from the reference's.
struct ParetoPlot {
    private struct Point {
        let (x, y): (Double, Double)
        let row: PlanReport.Row
        var colour: String { row.isChosen ? "#d62728" : row.uniformBits == nil ? "#1f77b4" : "#ff7f0e" }
    }
    private let points: [Point]
    private let (name, lossName): (String, String)
    private let limit: Double?
    /// What the reference itself loses, and what may be lost.
    private let (referenceLoss, greatestLoss): (Double?, Double?)
    private let (across, up): (Axis, Axis)

    private let left = 64.0
    private let right = 700.0
    private let top = 16.0
    private let bottom = 330.0

    init(_ plan: PlanReport, _ goal: PlanGoal) {
        let (name, limit, cost): (String, Double?, (PlanReport.Row) -> Double) =
            switch (goal.mostLoss == nil ? nil : goal.least, goal.nsAce, goal.modelBytes) {
            case (.bits?, _, _), (nil, _?, _): ("NS-ACE per result, bits", goal.nsAce, { $0.search.nsAcePerResult })
            case (.instructions?, _, _): ("instructions of an average tick", nil, { $0.instructions ?? 0 })
            case (.bytes?, _, _), (nil, nil, _?):
                ("model file, bytes", goal.modelBytes.map(Double.init), { Double($0.modelBytes) })
            case (nil, nil, nil): ("arena, bytes", goal.arenaBytes.map(Double.init), { Double($0.arenaBytes) })
            }
        let chosen = plan.rows.first(where: \.isChosen)?.search
        let isLabelled = chosen?.errorRate != nil
        func loss(_ row: PlanReport.Row) -> Double { 100 * (row.search.errorRate ?? row.search.disagreement) }
        points = plan.rows.map { Point(x: cost($0), y: loss($0), row: $0) }
        referenceLoss = chosen?.referenceErrorRate.map { 100 * $0 }
        greatestLoss = goal.mostLoss.map { 100 * ($0 + (chosen?.referenceErrorRate ?? 0)) }
        (self.name, self.limit) = (name, limit)
        lossName = isLabelled ? "errors, % of windows" : "other labels than the reference, % of windows"
        across = Axis(greatest: max(limit ?? 0, points.map(\.x).max() ?? 1))
        up = Axis(greatest: max(greatestLoss ?? 0, points.map(\.y).max() ?? 1))
    }

    private func x(_ value: Double) -> String { fixed(left + (right - left) * value / across.end, 1) }
    private func y(_ value: Double) -> String { fixed(bottom - (bottom - top) * value / up.end, 1) }

    var svg: String {
        let lines =
            [
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 740 420\" font-family=\"sans-serif\" font-size=\"12\">",
                "<rect width=\"740\" height=\"420\" fill=\"white\"/>",
            ] + axes + bounds + network + legend + ["</svg>", ""]
        return lines.joined(separator: "\n")
    }

    private var axes: [String] {
        var lines: [String] = []
        for tick in across.ticks {
            lines.append("<path d=\"M\(x(tick)) \(top)V\(bottom)\" stroke=\"#eeeeee\"/>")
            lines.append(
                "<text x=\"\(x(tick))\" y=\"\(bottom + 18)\" text-anchor=\"middle\">\(across.label(tick))</text>")
        }
        for tick in up.ticks {
            lines.append("<path d=\"M\(left) \(y(tick))H\(right)\" stroke=\"#eeeeee\"/>")
            lines.append(
                "<text x=\"\(left - 8)\" y=\"\(y(tick))\" dy=\"4\" text-anchor=\"end\">\(up.label(tick))</text>")
        }
        lines.append("<path d=\"M\(left) \(top)V\(bottom)H\(right)\" fill=\"none\" stroke=\"black\"/>")
        let (middle, centre) = (fixed((left + right) / 2, 1), fixed((top + bottom) / 2, 1))
        lines.append("<text x=\"\(middle)\" y=\"\(bottom + 40)\" text-anchor=\"middle\">\(name)</text>")
        lines.append(
            "<text x=\"16\" y=\"\(centre)\" text-anchor=\"middle\" transform=\"rotate(-90 16 \(centre))\">\(lossName)</text>"
        )
        return lines
    }

    /// The limit and the losses that are lines.
    private var bounds: [String] {
        var lines: [String] = []
        if let limit {
            lines.append("<path d=\"M\(x(limit)) \(top)V\(bottom)\" stroke=\"gray\" stroke-dasharray=\"6 3\"/>")
        }
        if let greatestLoss {
            lines.append("<path d=\"M\(left) \(y(greatestLoss))H\(right)\" stroke=\"gray\" stroke-dasharray=\"6 3\"/>")
        }
        if let referenceLoss {
            lines.append(
                "<path d=\"M\(left) \(y(referenceLoss))H\(right)\" stroke=\"#2ca02c\" stroke-dasharray=\"2 3\"/>")
        }
        return lines
    }

    /// The points, and a line through those that no cheaper one loses less than.
    private var network: [String] {
        var (least, frontier): (Double, [Point]) = (.infinity, [])
        for point in points.sorted(by: { ($0.x, $0.y) < ($1.x, $1.y) }) where point.y < least {
            frontier.append(point)
            least = point.y
        }
        let path = frontier.map { "\(x($0.x)),\(y($0.y))" }.joined(separator: " ")
        var lines = ["<polyline points=\"\(path)\" fill=\"none\" stroke=\"#1f77b4\"/>"]
        // The chosen one lies above all.
        for point in points.filter({ !$0.row.isChosen }) + points.filter(\.row.isChosen) {
            let radius = point.row.isChosen ? 6 : 4
            lines.append(
                "<circle cx=\"\(x(point.x))\" cy=\"\(y(point.y))\" r=\"\(radius)\" fill=\"\(point.colour)\"/>")
            guard let bits = point.row.uniformBits else { continue }
            let isRight = point.x > 0.9 * across.end
            lines.append(
                "<text x=\"\(x(point.x))\" y=\"\(y(point.y))\" dx=\"\(isRight ? -7 : 7)\" dy=\"-5\" text-anchor=\"\(isRight ? "end" : "start")\">all \(bits)</text>"
            )
        }
        return lines
    }

    private var legend: [String] {
        var lines: [String] = []
        var at = left
        func add(_ mark: String, _ text: String) {
            let y = "402"
            lines.append(
                "<g transform=\"translate(\(fixed(at, 1)) \(y))\">\(mark)<text x=\"12\" y=\"4\">\(text)</text></g>")
            at += 28 + 6.2 * Double(text.count)
        }
        func dot(_ colour: String, _ radius: Int) -> String {
            "<path d=\"M0 -\(radius)a\(radius) \(radius) 0 1 0 .01 0z\" fill=\"\(colour)\"/>"
        }
        func line(_ colour: String, _ dashes: String) -> String {
            "<path d=\"M-8 0H8\" stroke=\"\(colour)\" stroke-dasharray=\"\(dashes)\"/>"
        }
        add(dot("#d62728", 6), "chosen")
        add(dot("#1f77b4", 4), "planned widths")
        add(dot("#ff7f0e", 4), "all weights alike")
        if limit != nil || greatestLoss != nil { add(line("gray", "6 3"), "limit") }
        if referenceLoss != nil { add(line("#2ca02c", "2 3"), "float reference") }
        return lines
    }
}

/// An axis from 0 to a whole number of steps of 1, 2 or 5 times a power of ten.
private struct Axis {
    let step: Double
    let end: Double

    init(greatest: Double) {
        let rough = max(greatest, 1e-9) * 1.02 / 5
        var decade = 1.0
        while decade > rough { decade /= 10 }
        while decade * 10 <= rough { decade *= 10 }
        step = [1, 2, 5, 10].map { $0 * decade }.first { $0 >= rough }!
        end = (greatest * 1.02 / step).rounded(.up) * step
    }

    var ticks: [Double] { (0...Int((end / step).rounded())).map { Double($0) * step } }

    func label(_ value: Double) -> String {
        step >= 1 ? UInt64(value.rounded()).grouped : fixed(value, step >= 0.1 ? 1 : 2)
    }
}
