import SensorLogs

/// A log's channels over time as SVG: a panel a unit, gaps in grey, labels as bands below.
struct LogPlot {
    private static let colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2"]
    private static let bands = [
        "#a6cee3", "#fdbf6f", "#b2df8a", "#cab2d6", "#fb9a99", "#ffff99", "#e5c494", "#b3b3b3", "#80b1d3", "#fccde5",
    ]
    private let recording: LogRecording
    /// Channels of one unit, in the order of their first.
    private let panels: [(unit: String, channels: [Int])]
    private let start: Double
    private let end: Double
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
        let strokes = recording.outline.strokes
        start = strokes.first?.start ?? 0
        end = max(strokes.last?.end ?? 1, start + 1e-3)
    }

    private func across(_ time: Double) -> Double { left + (right - left) * (time - start) / (end - start) }

    var svg: String {
        let height = 40 + Double(panels.count) * panelHeight + 70
        let strokes = recording.outline.strokes
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
        for (one, next) in zip(strokes, strokes.dropFirst()) where next.startsSegment {
            lines.append(
                "<rect x=\"\(n(across(one.end)))\" y=\"34\" width=\"\(n(max(1, across(next.start) - across(one.end))))\" "
                    + "height=\"\(n(bottom - 44))\" fill=\"#888\" fill-opacity=\"0.25\"/>")
        }
        lines += labelBands(strokes, top: bottom - 8)
        for step in 0...6 {
            let time = start + (end - start) * Double(step) / 6
            lines.append(
                "<text x=\"\(n(across(time)))\" y=\"\(n(bottom + 30))\" text-anchor=\"middle\">\(shortened(time - start))</text>"
            )
        }
        lines.append(
            "<text x=\"\(n((left + right) / 2))\" y=\"\(n(bottom + 48))\" text-anchor=\"middle\">seconds from the first row; gaps in grey</text>"
        )
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    private func lines(of panel: (unit: String, channels: [Int]), top: Double) -> [String] {
        let strokes = recording.outline.strokes
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
            for stroke in strokes {
                let x = n(across((stroke.start + stroke.end) / 2))
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

    private func labelBands(_ strokes: [LogOutline.Stroke], top: Double) -> [String] {
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
                let (x, width) = (across(strokes[at].start), across(strokes[last].end) - across(strokes[at].start))
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
