/// Agreement of results with the log's own labels.
struct Evaluation: Encodable {
    let classes: [String]
    /// counts[logged][given].
    private(set) var confusion: [[Int]]
    /// Results whose log label is not one of the model's classes, by label.
    private(set) var unknown: [String: Int] = [:]
    /// Results over ticks with different labels, counted under the commonest.
    private(set) var mixedCount = 0

    init(classes: [String]) {
        self.classes = classes
        confusion = Array(repeating: Array(repeating: 0, count: classes.count), count: classes.count)
    }

    mutating func add(_ result: WindowResult) {
        guard let logged = result.logged else { return }
        guard let truth = classes.firstIndex(of: logged) else {
            unknown[logged, default: 0] += 1
            return
        }
        confusion[truth][result.label] += 1
        if result.isMixed { mixedCount += 1 }
    }

    var count: Int { confusion.joined().reduce(0, +) }
    var correctCount: Int { classes.indices.reduce(0) { $0 + confusion[$1][$1] } }
    /// The share of right results; nil where no result has a label that the model knows.
    var accuracy: Double? { count == 0 ? nil : Double(correctCount) / Double(count) }
    var isEmpty: Bool { count == 0 && unknown.isEmpty }

    /// 2·TP / (2·TP + FP + FN); nil for a class that neither the log nor the network named.
    func f1(_ label: Int) -> Double? {
        let logged = confusion[label].reduce(0, +)
        let given = confusion.reduce(0) { $0 + $1[label] }
        return logged + given == 0 ? nil : 2 * Double(confusion[label][label]) / Double(logged + given)
    }

    /// Mean over the classes that occur in the log.
    var macroF1: Double? {
        let present = classes.indices.filter { confusion[$0].contains { $0 > 0 } }
        return present.isEmpty ? nil : present.reduce(0) { $0 + (f1($1) ?? 0) } / Double(present.count)
    }

    var lines: [String] {
        var lines: [String] = []
        if let macroF1 {
            let accuracy = percent(Double(correctCount), of: Double(count))
            lines.append("accuracy \(correctCount) of \(count) = \(accuracy)   macro-F1 \(percent(macroF1, of: 1))")
        }
        if mixedCount > 0 { lines.append("  \(mixedCount) results over more than one label count under the commonest") }
        let strangers = unknown.sorted { $0.key < $1.key }
        for (label, count) in strangers.prefix(20) {
            lines.append("  \(count) results on \"\(label)\", which is not one of the model's classes, are left out")
        }
        if strangers.count > 20 { lines.append("  and those on \((strangers.count - 20).grouped) labels more") }
        if count == 0 { return lines }
        var table = Table(
            [("logged \\ given", .left)] + classes.map { ($0, .right) } + [("recall", .right), ("F1", .right)])
        for (truth, name) in classes.enumerated() {
            let row = confusion[truth]
            let total = row.reduce(0, +)
            let recall = percent(Double(row[truth]), of: Double(total))
            let score = f1(truth).map { percent($0, of: 1) } ?? "-"
            table.add([name] + row.map { $0 == 0 ? "." : "\($0)" } + [recall, score])
        }
        return lines + table.lines()
    }

    private enum CodingKeys: String, CodingKey {
        case classes, confusion, unknown, mixedCount, count, accuracy, macroF1, f1
    }

    func encode(to encoder: Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(classes, forKey: .classes)
        try container.encode(confusion, forKey: .confusion)
        try container.encode(unknown, forKey: .unknown)
        try container.encode(mixedCount, forKey: .mixedCount)
        try container.encode(count, forKey: .count)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(macroF1, forKey: .macroF1)
        try container.encode(classes.indices.map(f1), forKey: .f1)
    }
}
