import SNNRuntime

struct BudgetReport: Encodable {
    let model: String
    let checksum: String
    let budget: StaticReport
    let measured: MeasuredReport?
    let instructions: InstructionReport?

    var lines: [String] {
        ["\(model), checksum \(checksum)", ""] + budget.lines
            + (measured.map { [""] + $0.lines(sAcePerResult: budget.total.sAcePerResult) } ?? [])
            + (instructions.map { [""] + $0.lines } ?? [])
    }
}

/// The static budget. JSON keys are these names.
struct StaticReport: Encodable {
    struct Line: Encodable {
        let op: String
        let synapses: UInt64
        let weightBits: UInt32
        let sourceBits: UInt32
        let bitBudget: UInt64
        let sAcePerResult: UInt64
        let weights: UInt64
        let zeroWeights: UInt64
        let neurons: UInt64
        let parameterBitsPerTick: UInt64
        let stateBitsReadPerTick: UInt64
        let stateBitsWrittenPerTick: UInt64

        init(_ name: String, _ cost: Cost) {
            op = name
            (synapses, weightBits, sourceBits) = (cost.synapses, cost.weightBits, cost.sourceBits)
            (bitBudget, sAcePerResult) = (cost.bitBudget, cost.sAcePerResult)
            (weights, zeroWeights, neurons) = (cost.weights, cost.zeroWeights, cost.neurons)
            parameterBitsPerTick = cost.parameterBitsPerTick
            (stateBitsReadPerTick, stateBitsWrittenPerTick) = (cost.stateBitsReadPerTick, cost.stateBitsWrittenPerTick)
        }
    }

    let ticksPerResult: UInt32
    let ops: [Line]
    let total: Line
    let footprintBits: UInt64
    let fileBytes: UInt32
    let arenaBytes: UInt32
    /// docs/format.md, "Operations at worst".
    let operationsPerTick: UInt64
    let operationsToOpen: UInt64

    init(_ loaded: LoadedModel) throws {
        let model = loaded.model
        ticksPerResult = model.ticksPerResult
        ops = try opNames(model).enumerated().map { Line($0.element, model.cost(ofOp: UInt32($0.offset))) }
        total = Line("total", model.totalCost())
        footprintBits = try model.footprintBits()
        fileBytes = model.byteCount
        arenaBytes = try Network.layout(of: model).byteCount
        (operationsPerTick, operationsToOpen) = (model.operationsPerTick, model.operationsToOpen)
    }

    var lines: [String] {
        var table = Table([
            ("op", .left), ("n", .right), ("b_w", .right), ("b_s", .right), ("BB", .right), ("S-ACE", .right),
            ("zero weights", .right), ("param bits/tick", .right), ("state bits read/tick", .right),
            ("written/tick", .right),
        ])
        for line in ops + [total] {
            let hasWeights = line.weightBits > 0
            table.add([
                line.op, line.synapses.grouped, hasWeights ? "\(line.weightBits)" : "",
                hasWeights ? "\(line.sourceBits)" : "",
                hasWeights ? line.bitBudget.grouped : "", line.sAcePerResult.grouped,
                line.weights > 0 ? percent(Double(line.zeroWeights), of: Double(line.weights)) : "",
                line.parameterBitsPerTick.grouped, line.stateBitsReadPerTick.grouped,
                line.stateBitsWrittenPerTick.grouped,
            ])
        }
        return [
            "static, per result of T = \(ticksPerResult) ticks (n: synapses = dense operations per tick; BB = T b_w b_s; S-ACE = n BB)"
        ]
            + table.lines()
            + [
                "",
                "  footprint \(footprintBits.grouped) bits; file \(fileBytes.grouped) bytes; arena \(arenaBytes.grouped) bytes; connection sparsity \(percent(Double(total.zeroWeights), of: Double(total.weights)))",
                "  operations at worst: \(operationsPerTick.grouped) a tick, \(operationsToOpen.grouped) to open",
            ] + operationWarning(operationsPerTick, fileBytes: fileBytes)
    }
}

/// The measured cost of logs. JSON keys are these names.
struct MeasuredReport: Encodable {
    struct Line: Encodable {
        let op: String
        let events: UInt64
        let spikes: UInt64
        let synapticOperations: UInt64
        let nsAce: UInt64
        let effectiveACs: UInt64
        let effectiveMACs: UInt64
        let membraneUpdates: UInt64
        let denseOperations: UInt64
        let neuronTicks: UInt64
        let modelBitsRead: UInt64
        let stateBitsRead: UInt64
        let stateBitsWritten: UInt64

        init(_ name: String, _ spent: Spent) {
            op = name
            (events, spikes, synapticOperations, nsAce) = (
                spent.events, spent.spikes, spent.synapticOperations, spent.nsAce
            )
            (effectiveACs, effectiveMACs, membraneUpdates) = (
                spent.effectiveACs, spent.effectiveMACs, spent.membraneUpdates
            )
            (denseOperations, neuronTicks) = (spent.denseOperations, spent.neuronTicks)
            (modelBitsRead, stateBitsRead, stateBitsWritten) = (
                spent.modelBitsRead, spent.stateBitsRead, spent.stateBitsWritten
            )
        }
    }

    /// It is true where Ctrl-C ended the run, else absent.
    let interrupted: Bool?
    let ticks: UInt64
    let results: UInt64
    let ops: [Line]
    let total: Line
    let activationSparsity: Double
    let outputChecksum: String
    let energy: Energy

    init(_ loaded: LoadedModel, _ network: Network, isInterrupted: Bool) throws {
        interrupted = isInterrupted ? true : nil
        let spent = network.totalSpent()
        (ticks, results) = (spent.ticks, spent.results)
        ops = try opNames(loaded.model).enumerated().map { Line($0.element, network.spent(byOp: UInt32($0.offset))) }
        total = Line("total", spent)
        activationSparsity = 1 - Double(spent.spikes) / Double(max(spent.neuronTicks, 1))
        outputChecksum = hexadecimal(network.outputChecksum)
        energy = Energy(network, arenaByteCount: try Network.layout(of: loaded.model).byteCount)
    }

    func lines(sAcePerResult: UInt64) -> [String] {
        let perResult = Double(max(results, 1))
        func each(_ value: UInt64) -> String {
            value == 0 ? "0" : fixed(Double(value) / perResult, value < 1000 * results ? 1 : 0)
        }
        var table = Table([
            ("op", .left), ("events", .right), ("rate", .right), ("synaptic ops", .right), ("NS-ACE", .right),
            ("eff. ACs", .right), ("eff. MACs", .right), ("membrane upd.", .right), ("model bits read", .right),
            ("state bits read", .right), ("written", .right),
        ])
        for line in ops + [total] {
            let rate = line.neuronTicks > 0 ? percent(Double(line.spikes), of: Double(line.neuronTicks)) : ""
            table.add([
                line.op, line.op == "total" ? "" : each(line.events), rate, each(line.synapticOperations),
                each(line.nsAce),
                each(line.effectiveACs), each(line.effectiveMACs), each(line.membraneUpdates), each(line.modelBitsRead),
                each(line.stateBitsRead), each(line.stateBitsWritten),
            ])
        }
        return (interrupted == nil ? [] : [Summary.interruption]) + [
            "measured, per result (\(results.grouped) results, \(ticks.grouped) ticks; exact sums with --format json)"
        ] + table.lines() + [
            "",
            "  activation sparsity \(percent(activationSparsity, of: 1, 2)); dense operations \(each(total.denseOperations)) per result; NS-ACE is \(percent(Double(total.nsAce) / perResult, of: Double(sAcePerResult))) of S-ACE",
            "  energy, a model and not a measurement (\(energy.model)): compute \(fixed(energy.computeNanojoule / perResult, 1)) nJ, memory \(fixed(energy.memoryNanojoule / perResult, 1)) nJ per result",
            "  output CRC-32C \(outputChecksum)",
        ]
    }
}

/// What is to be said of a model that snnrt_open refuses by default.
func operationWarning(_ operationsPerTick: UInt64, fileBytes: UInt32) -> [String] {
    let limit = Model.standardOperationsPerTick(byteCount: fileBytes)
    if operationsPerTick <= limit { return [] }
    return [
        "  warning: a tick may take more than \(limit.grouped) operations: snnrt_open refuses the model unless its options allow them"
    ]
}

/// "3 dense", one per op.
func opNames(_ model: Model) throws -> [String] {
    (0..<model.opCount).map { "\($0) \(model.file.opKind($0)!)" }
}
