import SensorLogs

/// A log's channels over time as SVG: a panel a unit, gaps in grey, labels as bands below. A gap takes a fiftieth of the width
/// at most.
struct LogPlot {
    private static let colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2"]
    private static let bands = [
        "#a6cee3", "#fdbf6f", "#b2df8a", "#cab2d6", "#fb9a99", "#ffff99", "#e5c494", "#b3b3b3", "#80b1d3", "#fccde5",
    ]
    private let recording: LogRecording
    /// Channels of one unit, in the order of their first.
    private let panels: [(unit: String, channels: [Int])]
    private let strokes: [LogOutline.Stroke]
    /// The places of the strokes' beginnings and ends, from 0 to 1.
    private let places: [(start: Double, end: Double)]
    private let left = 70.0
    private let right = 900.0
    private let panelHeight = 170.0

    init(_ recording: LogRecording, _ input: LogInput) {
        self.recording = recording
        var panels: [(unit: String, channels: [Int])] = []
        for (i, channel) in input.channels.enumerated() {
            if let at = panels.firstIndex(where: { $0.unit == channel.unit && $0.channels.count < 6 }) {
                panels[at].channels.append(i)
            } else {
                panels.append((channel.unit, [i]))
            }
        }
        self.panels = panels
        strokes = recording.outline.strokes
        let gaps = zip(strokes, strokes.dropFirst()).reduce(0) { $0 + ($1.1.startsSegment ? $1.1.start - $1.0.end : 0) }
        let covered = (strokes.last?.end ?? 0) - (strokes.first?.start ?? 0) - gaps
        var places: [(start: Double, end: Double)] = []
        var at = 0.0
        for (i, stroke) in strokes.enumerated() {
            if i > 0 {
                let step = stroke.start - strokes[i - 1].end
                at += stroke.startsSegment ? min(step, max(covered, 1e-3) / 50) : step
            }
            places.append((at, at + stroke.end - stroke.start))
            at += stroke.end - stroke.start
        }
        let width = max(at, 1e-3)
        self.places = places.map { ($0.start / width, $0.end / width) }
    }

    private func across(_ place: Double) -> Double { left + (right - left) * place }

    var svg: String {
        let height =
            40 + Double(panels.count) * panelHeight + 78 + 18 * ((Double(recording.labels.count) / 6).rounded(.up))
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1040 \(Int(height))\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"1040\" height=\"\(Int(height))\" fill=\"white\"/>",
            "<text x=\"\(left)\" y=\"20\" font-size=\"14\">\(escaped(recording.log))</text>",
        ]
        for (number, panel) in panels.enumerated() {
            lines += self.lines(of: panel, top: 34 + Double(number) * panelHeight)
        }
        let bottom = 34 + Double(panels.count) * panelHeight
        // Gaps lie over the panels.
        for i in strokes.indices.dropFirst() where strokes[i].startsSegment {
            let (end, start) = (across(places[i - 1].end), across(places[i].start))
            lines.append(
                "<rect x=\"\(n(end))\" y=\"34\" width=\"\(n(max(1, start - end)))\" "
                    + "height=\"\(n(bottom - 44))\" fill=\"#888\" fill-opacity=\"0.25\"/>")
        }
        lines += labelBands(top: bottom - 8)
        for step in 0...6 {
            let at = min(strokes.count - 1, places.firstIndex { $0.end >= Double(step) / 6 } ?? strokes.count - 1)
            let (x, time) = step == 6 ? (places[at].end, strokes[at].end) : (places[at].start, strokes[at].start)
            lines.append(
                "<text x=\"\(n(across(x)))\" y=\"\(n(bottom + 30))\" text-anchor=\"middle\">\(fixed(time - strokes[0].start, 1))</text>"
            )
        }
        lines.append(
            "<text x=\"\(n((left + right) / 2))\" y=\"\(n(bottom + 48))\" text-anchor=\"middle\">seconds from the first row; gaps in grey, not to scale</text>"
        )
        lines += legend(top: bottom + 58)
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    private func lines(of panel: (unit: String, channels: [Int]), top: Double) -> [String] {
        let least = panel.channels.map { recording.channels[$0].least }.min() ?? 0
        let greatest = max(panel.channels.map { recording.channels[$0].greatest }.max() ?? 1, least + 1e-6)
        let height = panelHeight - 20
        func up(_ value: Double) -> Double { top + height - height * (value - least) / (greatest - least) }
        var lines = [
            "<path d=\"M\(n(left)) \(n(top))V\(n(top + height))H\(n(right))\" fill=\"none\" stroke=\"black\"/>",
            "<text x=\"\(n(left - 6))\" y=\"\(n(top + 8))\" text-anchor=\"end\">\(shortened(greatest))</text>",
            "<text x=\"\(n(left - 6))\" y=\"\(n(top + height))\" text-anchor=\"end\">\(shortened(least))</text>",
            "<text x=\"16\" y=\"\(n(top + height / 2))\" text-anchor=\"middle\" transform=\"rotate(-90 16 \(n(top + height / 2)))\">\(escaped(panel.unit))</text>",
        ]
        for (place, channel) in panel.channels.enumerated() {
            let colour = LogPlot.colours[place % LogPlot.colours.count]
            var path = ""
            for (i, stroke) in strokes.enumerated() {
                let x = n(across((places[i].start + places[i].end) / 2))
                path += stroke.startsSegment || path.isEmpty ? "M" : "L"
                path += "\(x) \(n(up(stroke.least[channel])))"
                if stroke.greatest[channel] > stroke.least[channel] {
                    path += "L\(x) \(n(up(stroke.greatest[channel])))"
                }
            }
            lines.append("<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"0.8\"/>")
            let y = n(top + 12 + Double(place) * 16)
            lines.append(
                "<text x=\"\(n(right + 10))\" y=\"\(y)\" fill=\"\(colour)\">\(escaped(recording.channels[channel].name))</text>"
            )
        }
        return lines
    }

    /// The labels with their colours, six to a line.
    private func legend(top: Double) -> [String] {
        recording.labels.enumerated().flatMap { number, label in
            let (x, y) = (left + Double(number % 6) * 150, top + Double(number / 6) * 18)
            return [
                "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"12\" height=\"12\" fill=\"\(LogPlot.bands[number % LogPlot.bands.count])\"/>",
                "<text x=\"\(n(x + 17))\" y=\"\(n(y + 10))\">\(escaped(label.label))</text>",
            ]
        }
    }

    private func labelBands(top: Double) -> [String] {
        let names = recording.labels.map(\.label)
        var lines: [String] = []
        var at = 0
        while at < strokes.count {
            var last = at
            while last + 1 < strokes.count, strokes[last + 1].label == strokes[at].label,
                !strokes[last + 1].startsSegment
            {
                last += 1
            }
            if let label = strokes[at].label, let number = names.firstIndex(of: label) {
                let (x, width) = (across(places[at].start), across(places[last].end) - across(places[at].start))
                lines.append(
                    "<rect x=\"\(n(x))\" y=\"\(n(top))\" width=\"\(n(max(1, width)))\" height=\"18\" "
                        + "fill=\"\(LogPlot.bands[number % LogPlot.bands.count])\"/>")
                if width > Double(label.count) * 7 {
                    lines.append(
                        "<text x=\"\(n(x + width / 2))\" y=\"\(n(top + 13))\" text-anchor=\"middle\">\(escaped(label))</text>"
                    )
                }
            }
            at = last + 1
        }
        return lines
    }

    private func n(_ value: Double) -> String { fixed(value, 1) }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
            "\"", with: "&quot;")
    }
}
