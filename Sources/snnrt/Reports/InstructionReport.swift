import SNNRuntime

/// Instructions of a tick on a core, op by op. JSON keys are these names.
struct InstructionReport: Encodable {
    struct Line: Encodable {
        let op: String
        let worst: UInt64
        /// At the rates of a log; absent without one.
        let expected: UInt64?
    }

    let core: String
    let ops: [Line]
    /// A tick in which every source value is an event, every neuron fires and a result is due.
    let worstPerTick: UInt64
    /// An average tick of a log; absent without one.
    let expectedPerTick: UInt64?
    /// Ops whose loop was not measured as it is: the dearest loop of their kind stands in.
    let estimated: [String]
    private let ticksPerSecond: Double

    private enum CodingKeys: CodingKey { case core, ops, worstPerTick, expectedPerTick, estimated }

    init(_ loaded: LoadedModel, _ core: Core, _ network: Network?) throws {
        let model = loaded.model
        let table = InstructionTable(core)
        let steps = ModelSteps(model)
        let spent = network.map { network in (0..<model.opCount).map { network.spent(byOp: $0) } }
        let hops = 1 / Double(model.ticksPerResult)
        var (lines, estimated): ([Line], [String]) = ([], [])
        var (worst, expected) = (0.0, 0.0)
        let names = ["beginning"] + (try opNames(model))
        for (number, op) in steps.ops.enumerated() {
            let used = number == 0 ? spent?.first : spent?[number - 1]
            let events = used.map { number == 0 ? 0 : Double($0.events) / Double(max($0.ticks, 1)) }
            guard let predicted = table.instructions(op, events: events, hops: hops) else {
                throw Failure(
                    code: .model,
                    message: "\(loaded.path): op \(names[number]): its loop has not been measured on a \(core.name)")
            }
            if !predicted.isMeasured { estimated.append(names[number]) }
            worst += predicted.worst
            expected += predicted.expected ?? 0
            lines.append(
                Line(
                    op: names[number], worst: UInt64(predicted.worst.rounded(.up)),
                    expected: predicted.expected.map { UInt64($0.rounded()) }))
        }
        (self.core, ops, self.estimated) = (core.name, lines, estimated)
        worstPerTick = UInt64(worst.rounded(.up))
        expectedPerTick = spent == nil ? nil : UInt64(expected.rounded())
        ticksPerSecond = Double(model.rateNumerator) / Double(model.rateDenominator)
    }

    var lines: [String] {
        let hasLog = expectedPerTick != nil
        var table = Table(
            [("op", .left), ("at worst", .right)] + (hasLog ? [("on this log", .right)] : []))
        let total = Line(op: "total", worst: worstPerTick, expected: expectedPerTick)
        for line in ops + [total] {
            table.add([line.op, line.worst.grouped] + (hasLog ? [(line.expected ?? 0).grouped] : []))
        }
        func perSecond(_ instructions: UInt64) -> String {
            fixed(Double(instructions) * ticksPerSecond / 1e6, 3) + " million"
        }
        let rate = expectedPerTick.map { ", \(perSecond($0)) on this log" } ?? ""
        return ["instructions per tick on a \(core), predicted (docs/firmware.md says how, and how far off)"]
            + table.lines() + [
                "", "  a second: \(perSecond(worstPerTick)) at worst\(rate); instructions are not cycles",
            ]
            + (estimated.isEmpty
                ? [] : ["  estimated by the dearest loop of their kind: \(estimated.joined(separator: ", "))"])
    }
}
