import ArgumentParser
import Compiler

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
    @Option(help: ArgumentHelp("Draws what the planner chose from.", valueName: "out.svg")) var pareto: String?

    var isPlanned: Bool { bitBudget != nil || modelBytes != nil || arenaBytes != nil }
    var budget: BitBudget { BitBudget(nsAce: bitBudget, modelBytes: modelBytes, arenaBytes: arenaBytes) }

    func validate() throws {
        if isPlanned && calibrate.isEmpty {
            throw ValidationError("a budget needs --calibrate LOG, which says what networks cost and lose")
        }
        if pruneSilent && calibrate.isEmpty {
            throw ValidationError("--prune-silent: needs --calibrate, logs to tell silent neurons by")
        }
        if pareto != nil && !isPlanned {
            throw ValidationError("--pareto draws a plan: give --bit-budget, --model-bytes or --arena-bytes")
        }
        if !(1...1000 ~= margin) { throw ValidationError("--margin \(margin): expected 1 to 1000") }
        if let bitBudget, !(bitBudget > 0 && bitBudget < 1e18) {
            throw ValidationError("--bit-budget \(bitBudget): expected bits per result")
        }
        if let modelBytes, modelBytes < 1 { throw ValidationError("--model-bytes \(modelBytes): expected bytes") }
        if let arenaBytes, arenaBytes < 1 { throw ValidationError("--arena-bytes \(arenaBytes): expected bytes") }
    }
}
