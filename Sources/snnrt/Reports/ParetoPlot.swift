import Compiler

/// Loss over cost of the networks that a planner looked at, as SVG. The cost is what is limited, NS-ACE first.
struct ParetoPlot {
    private struct Point {
        let (x, y): (Double, Double)
        let row: PlanReport.Row
    }
    private let points: [Point]
    private let name: String
    private let limit: Double

    init(_ plan: PlanReport, _ budget: BitBudget) {
        let (name, limit, cost): (String, Double, (PlanReport.Row) -> Double) =
            if let nsAce = budget.nsAce {
                ("NS-ACE per result", nsAce, { $0.search.nsAcePerResult })
            } else if let bytes = budget.modelBytes {
                ("bytes of the model", Double(bytes), { Double($0.modelBytes) })
            } else {
                ("bytes of the arena", Double(budget.arenaBytes ?? 0), { Double($0.arenaBytes) })
            }
        (self.name, self.limit) = (name, limit)
        points = plan.rows.map { Point(x: cost($0), y: $0.search.loss, row: $0) }
    }

    var svg: String {
        let (width, height, left, bottom, top) = (720.0, 420.0, 70.0, 50.0, 20.0)
        let greatest = (max(limit, points.map(\.x).max() ?? 1) * 1.05, max(1e-9, points.map(\.y).max() ?? 1) * 1.05)
        func across(_ x: Double) -> String { fixed(left + (width - left - 20) * x / greatest.0, 1) }
        func up(_ y: Double) -> String { fixed(height - bottom - (height - bottom - top) * y / greatest.1, 1) }
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 420\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"720\" height=\"420\" fill=\"white\"/>",
            "<path d=\"M\(fixed(left, 1)) \(fixed(top, 1))V\(fixed(height - bottom, 1))H700\" fill=\"none\" stroke=\"black\"/>",
        ]
        for i in 0...4 {
            let (x, y) = (greatest.0 * Double(i) / 4, greatest.1 * Double(i) / 4)
            lines.append("<text x=\"\(across(x))\" y=\"388\" text-anchor=\"middle\">\(Int(x).grouped)</text>")
            lines.append("<text x=\"64\" y=\"\(up(y))\" text-anchor=\"end\">\(fixed(y, 3))</text>")
        }
        lines.append("<text x=\"385\" y=\"410\" text-anchor=\"middle\">\(name)</text>")
        lines.append("<text x=\"16\" y=\"200\" text-anchor=\"middle\" transform=\"rotate(-90 16 200)\">loss</text>")
        lines.append(
            "<path d=\"M\(across(limit)) \(fixed(top, 1))V\(fixed(height - bottom, 1))\" stroke=\"gray\" stroke-dasharray=\"4\"/>"
        )
        let frontier = points.filter(\.row.isOnFrontier).sorted { $0.x < $1.x }.map { "\(across($0.x)),\(up($0.y))" }
        lines.append("<polyline points=\"\(frontier.joined(separator: " "))\" fill=\"none\" stroke=\"steelblue\"/>")
        for point in points {
            let (x, y) = (across(point.x), up(point.y))
            let colour = point.row.isChosen ? "crimson" : point.row.uniformBits == nil ? "steelblue" : "darkorange"
            lines.append("<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(point.row.isChosen ? 6 : 4)\" fill=\"\(colour)\"/>")
            if let bits = point.row.uniformBits {
                lines.append("<text x=\"\(x)\" y=\"\(y)\" dx=\"7\" dy=\"-5\">all \(bits)</text>")
            }
        }
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }
}
