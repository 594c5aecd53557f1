import SensorLogs

/// What `snnrt look` shows. JSON keys are these names.
struct LookReport: Encodable {
    /// The columns of one CSV file.
    struct Table: Encodable {
        struct Column: Encodable {
            let name: String
            let unit: String?
            let role: String?
            let numbers: Int
            let dates: Int
            let texts: Int
            let missing: Int
            let least: Double?
            let median: Double?
            let greatest: Double?
            let values: [String: Int]?
        }
        let file: String
        let layout: String
        let rows: Int
        let oddRows: Int
        let columns: [Column]

        init(_ file: String, _ scan: TableScan) {
            self.file = file
            layout = scan.layout
            rows = scan.rowCount
            oddRows = scan.oddRowCount
            columns = scan.columns.map { column in
                let hasNumbers = column.numberCount > 0
                return Column(
                    name: column.name, unit: column.unit, role: column.role, numbers: column.numberCount,
                    dates: column.dateCount, texts: column.textCount, missing: column.missingCount,
                    least: hasNumbers ? column.least : nil, median: column.median,
                    greatest: hasNumbers ? column.greatest : nil,
                    values: column.texts.isEmpty
                        ? nil : Dictionary(uniqueKeysWithValues: column.texts.map { ($0.text, $0.count) }))
            }
        }

        var lines: [String] {
            var table = snnrt.Table([
                ("column", .right), ("name", .left), ("unit", .left), ("taken as", .left), ("least", .right),
                ("median", .right), ("greatest", .right), ("empty", .right), ("what", .left),
            ])
            // Of many columns those that are taken come first.
            let most = 40
            let order =
                columns.indices.filter { columns[$0].role != nil } + columns.indices.filter { columns[$0].role == nil }
            for number in columns.count > most ? Array(order.prefix(most)) : Array(columns.indices) {
                let column = columns[number]
                table.add([
                    "\(number + 1)", shortened(column.name, to: 32), column.unit ?? "", column.role ?? "",
                    column.least.map(plain) ?? "", column.median.map(plain) ?? "", column.greatest.map(plain) ?? "",
                    column.missing == 0 ? "" : column.missing.grouped, what(column),
                ])
            }
            var lines = ["\(file): \(layout); \(counted(rows, "row"))"]
            lines += table.lines()
            if columns.count > most {
                lines.append("  and \(columns.count - most) columns more; --format json has them all")
            }
            if oddRows > 0 { lines.append("  \(counted(oddRows, "row")) of another number of cells") }
            return lines
        }

        private func what(_ column: Column) -> String {
            if column.dates > 0 { return "dates" }
            guard column.texts > 0 else { return "" }
            guard let values = column.values else { return "text" }
            let commonest = values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let shown = commonest.prefix(4).map { "\(shortened($0.key, to: 24)) \($0.value.grouped)" }
            return shown.joined(separator: ", ") + (commonest.count > 4 ? ", …" : "")
        }
    }

    let tables: [Table]
    let recordings: [LogRecording]
    let model: String?

    var lines: [String] {
        var lines: [String] = []
        for table in tables { lines += table.lines + [""] }
        for recording in recordings {
            lines += LookReport.lines(recording)
            lines.append("")
        }
        lines.removeLast()
        return lines
    }

    private static func lines(_ log: LogRecording) -> [String] {
        var lines = ["\(log.log): " + (log.isForModel ? "as the model would be given it" : "as it would be read")]
        if let refusal = log.refusal {
            lines.append("  refused: \(refusal.split(separator: "\n").joined(separator: "\n  "))")
        }
        lines += log.doubts.map { "  doubt: \($0)" }
        if log.doubts.isEmpty, log.refusal == nil { lines.append("  no doubt") }
        if log.ticks > 0 {
            var rate = "no times"
            if let low = log.lowestRate, let high = log.highestRate {
                let (low, high) = (shortened(low), shortened(high))
                rate = low == high ? "\(low) Hz" : "\(low) … \(high) Hz"
            }
            lines.append(
                "  \(rate), \(counted(log.segments, "segment")) of \(shortened(log.seconds)) s in all"
                    + (log.gaps == 0 ? "" : ", \(counted(log.gaps, "gap")) of up to \(shortened(log.longestGap)) s")
                    + ", \(counted(log.ticks, "tick"))")
            if !log.sessions.isEmpty {
                let more = log.sessions.count > 4 ? " and \(log.sessions.count - 4) more" : ""
                lines.append("  sessions: \(log.sessions.prefix(4).joined(separator: "; "))\(more)")
            }
            var table = snnrt.Table([
                ("channel", .left), ("unit", .left), ("least", .right), ("median", .right), ("greatest", .right),
            ])
            for channel in log.channels {
                table.add([
                    channel.name, channel.unit, plain(channel.least), channel.median.map(plain) ?? "",
                    plain(channel.greatest),
                ])
            }
            lines += table.lines()
            if !log.labels.isEmpty {
                let shown = log.labels.prefix(12).map { "\($0.label) \($0.ticks.grouped)" }.joined(separator: ", ")
                let more = log.labels.count > 12 ? " and \(log.labels.count - 12) more" : ""
                lines.append("  labels, in ticks: \(shown)\(more)")
            }
        }
        lines += (log.notes + log.closingNotes).map { "  note: \($0)" }
        return lines
    }

}

/// A number for a table: whole as it is, else about four significant digits.
private func plain(_ number: Double) -> String { Int64(exactly: number).map { "\($0)" } ?? shortened(number) }

/// The first characters of a text.
private func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
}
