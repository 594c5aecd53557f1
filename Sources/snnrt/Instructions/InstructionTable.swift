import SNNRuntime

/// What the steps of loops take on a core: constants that Tests/device/fit measured under emulation (`make fit-device`).
///
/// A line of a table is a loop: its name, then of each step its name, its instructions on average, and its part of an upper
/// bound of all that was measured; semicolons between.
struct InstructionTable {
    /// Instructions of a step, by its name.
    private struct Loop {
        var mean: [String: Double] = [:]
        var worst: [String: Double] = [:]
    }

    private var loops: [String: Loop] = [:]

    init(_ core: Core) {
        for line in core.instructions.split(separator: "\n") {
            let parts = line.split(separator: ";").map { $0.drop { $0 == " " } }
            var loop = Loop()
            for step in parts.dropFirst() {
                let words = step.split(separator: " ")
                let name = words.dropLast(2).joined(separator: " ")
                loop.mean[name] = Double(words[words.count - 2])
                loop.worst[name] = Double(words[words.count - 1])
            }
            loops[String(parts[0])] = loop
        }
    }

    /// Instructions of an op's tick: on average with so many events, and at worst. Nil where nothing like its loop was measured.
    func instructions(_ op: OpSteps, events: Double?, hops: Double) -> Prediction? {
        let isMeasured = loops[op.loop] != nil
        guard let loop = loops[op.loop] ?? likeliest(op.loop) else { return nil }
        func sum(_ counts: [String: Double], _ instructions: [String: Double]) -> Double? {
            var total = 0.0
            for (name, count) in counts {
                guard let each = instructions[name] else { return nil }
                total += count * each
            }
            return total
        }
        let average = events.map { op.averageCounts(events: $0, hops: hops) }
        guard let worst = sum(op.greatestCounts, loop.worst) else { return nil }
        return Prediction(
            isMeasured: isMeasured, worst: worst, expected: average.flatMap { sum($0, loop.mean) })
    }

    struct Prediction {
        /// False: from loops of the same op that were, the greatest of each step.
        let isMeasured: Bool
        let worst: Double
        let expected: Double?
    }

    /// The greatest of every step among the loops of the same op.
    private func likeliest(_ name: String) -> Loop? {
        let op = name.prefix { $0 != " " }
        let like = loops.filter { $0.key.prefix { $0 != " " } == op }.values
        if like.isEmpty { return nil }
        func greatest(_ part: (Loop) -> [String: Double]) -> [String: Double] {
            like.reduce(into: [:]) { $0.merge(part($1), uniquingKeysWith: max) }
        }
        return Loop(mean: greatest(\.mean), worst: greatest(\.worst))
    }
}

extension InstructionTable {
    /// Instructions of an average tick of a network that has run; nil where nothing like an op's loop was measured.
    func average(_ model: Model, _ network: Network) -> Double? {
        var total = 0.0
        for (number, op) in ModelSteps(model).ops.enumerated() {
            // The first is what a tick does before its ops.
            let spent = number == 0 ? nil : network.spent(byOp: UInt32(number - 1))
            let events = spent.map { Double($0.events) / Double(max($0.ticks, 1)) } ?? 0
            guard let average = instructions(op, events: events, hops: 1 / Double(model.ticksPerResult))?.expected
            else {
                return nil
            }
            total += average
        }
        return total
    }
}
