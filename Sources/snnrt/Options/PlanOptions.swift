import ArgumentParser
import Compiler
import SNNRuntime

/// The logs that calibrate a network, and the budgets that it is to keep.
struct PlanOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Logs that show what the network meets.", valueName: "log"))
    var calibrate: [String] = []
    @Flag(
        help:
            "Leaves out neurons that do not fire on the calibration logs. Results on those logs stay; on others they may not."
    )
    var pruneSilent = false
    @Option(
        help: ArgumentHelp(
            "How much further than in the calibration log membranes and inputs may reach.", valueName: "factor"))
    var margin = 1.5
    @Option(help: ArgumentHelp("Most NS-ACE per result, in bits, on the calibration log.", valueName: "bits"))
    var bitBudget: Double?
    @Option(help: ArgumentHelp("Most bytes of the model file.", valueName: "bytes")) var modelBytes: Int?
    @Option(help: ArgumentHelp("Most bytes of the arena.", valueName: "bytes")) var arenaBytes: Int?
    @Option(
        help: ArgumentHelp(
            "Most that may be lost of the calibration log's windows, e.g. 1%: of accuracy against the float reference, or, without labels, of the reference's labels. The least of --least is chosen that keeps to it.",
            valueName: "share"))
    var maxLoss: String?
    @Option(
        help: ArgumentHelp(
            "What --max-loss makes small: bits (NS-ACE per result), bytes (of the model file) or instructions (of an average tick, on --core). Default: bits.",
            valueName: "cost"))
    var least: PlanGoal.Cost?
    @Option(
        help: "The core of --least instructions: \(Core.allCases.map(\.rawValue).joined(separator: ", ")). Default: m4."
    )
    var core: Core?
    @Option(help: ArgumentHelp("Draws what the planner chose from.", valueName: "out.svg")) var pareto: String?

    var isPlanned: Bool { bitBudget != nil || modelBytes != nil || arenaBytes != nil || maxLoss != nil }
    var goal: PlanGoal {
        var goal = PlanGoal(nsAce: bitBudget, modelBytes: modelBytes, arenaBytes: arenaBytes)
        (goal.mostLoss, goal.least) = (maxLoss.flatMap(PlanOptions.share), least ?? .bits)
        return goal
    }

    /// The instructions of an average tick, where they are to be few.
    var instructions: ((Model, Network) -> Double?)? {
        if least != .instructions { return nil }
        let table = InstructionTable(core ?? .m4)
        return { table.average($0, $1) }
    }

    /// "1%" or "0.01".
    private static func share(_ text: String) -> Double? {
        let isPercent = text.hasSuffix("%")
        guard let number = Double(isPercent ? text.dropLast() : text[...]) else { return nil }
        let share = isPercent ? number / 100 : number
        return 0...1 ~= share ? share : nil
    }

    func validate() throws {
        if isPlanned && calibrate.isEmpty {
            throw ValidationError("a budget needs --calibrate LOG, which says what networks cost and lose")
        }
        if pruneSilent && calibrate.isEmpty {
            throw ValidationError("--prune-silent: needs --calibrate, logs to tell silent neurons by")
        }
        if pareto != nil && !isPlanned {
            throw ValidationError(
                "--pareto draws a plan: give --bit-budget, --model-bytes, --arena-bytes or --max-loss")
        }
        if let maxLoss, PlanOptions.share(maxLoss) == nil {
            throw ValidationError("--max-loss \(maxLoss): expected a share of the windows, e.g. 1% or 0.01")
        }
        if least != nil && maxLoss == nil { throw ValidationError("--least goes with --max-loss, e.g. --max-loss 1%") }
        if core != nil && least != .instructions { throw ValidationError("--core goes with --least instructions") }
        if !(1...1000 ~= margin) { throw ValidationError("--margin \(margin): expected 1 to 1000") }
        if let bitBudget, !(bitBudget > 0 && bitBudget < 1e18) {
            throw ValidationError("--bit-budget \(bitBudget): expected bits per result")
        }
        if let modelBytes, modelBytes < 1 { throw ValidationError("--model-bytes \(modelBytes): expected bytes") }
        if let arenaBytes, arenaBytes < 1 { throw ValidationError("--arena-bytes \(arenaBytes): expected bytes") }
    }
}

extension PlanGoal.Cost: ExpressibleByArgument {}
