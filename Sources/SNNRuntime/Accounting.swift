// Exact accounting: FORMAT.md section 14. Static costs follow from the file, measured ones from event counts.

/// What an op, or a whole network, costs according to its file.
public struct Cost: Equatable, Sendable {
    /// n: synapses, each one multiplication of a dense tick.
    public internal(set) var synapses: UInt64 = 0
    /// Width of a weight, b_w; 0 where there is none, and in totals.
    public internal(set) var weightBits: UInt32 = 0
    /// Declared width of a source value, b_s; likewise.
    public internal(set) var sourceBits: UInt32 = 0
    /// Synaptic operations that one event causes.
    public internal(set) var operationsPerEvent: UInt32 = 0
    /// Ticks per result, T.
    public internal(set) var ticksPerResult: UInt32 = 0
    /// Σ n·b_w·b_s·T, the bits that every result costs if nothing is ever silent. 2^64 − 1 stands for
    /// anything above.
    public internal(set) var sAcePerResult: UInt64 = 0
    /// Neurons of lif ops.
    public internal(set) var neurons: UInt64 = 0
    /// Weights of projections and memories, each counted once per group, and how many of them are 0.
    public internal(set) var weights: UInt64 = 0
    public internal(set) var zeroWeights: UInt64 = 0
    /// Parameter bits read in every tick, weights apart.
    public internal(set) var parameterBitsPerTick: UInt64 = 0
    public internal(set) var stateBitsReadPerTick: UInt64 = 0
    public internal(set) var stateBitsWrittenPerTick: UInt64 = 0
    /// Bits of evidence that every result moves (FORMAT.md section 14).
    var evidenceBitsReadPerResult: UInt64 = 0
    var evidenceBitsWrittenPerResult: UInt64 = 0
    /// Bits of all weights as stored, once.
    public internal(set) var storedWeightBits: UInt64 = 0

    /// BB = T·b_w·b_s.
    public var bitBudget: UInt64 { widen(ticksPerResult &* weightBits) &* widen(sourceBits) }

    static func + (total: Cost, part: Cost) -> Cost {
        var sum = total
        (sum.weightBits, sum.sourceBits, sum.operationsPerEvent) = (0, 0, 0)
        sum.synapses &+= part.synapses
        sum.sAcePerResult = saturatingSum(sum.sAcePerResult, part.sAcePerResult)
        sum.neurons &+= part.neurons
        sum.weights &+= part.weights
        sum.zeroWeights &+= part.zeroWeights
        sum.parameterBitsPerTick &+= part.parameterBitsPerTick
        sum.stateBitsReadPerTick &+= part.stateBitsReadPerTick
        sum.stateBitsWrittenPerTick &+= part.stateBitsWrittenPerTick
        sum.storedWeightBits &+= part.storedWeightBits
        return sum
    }
}

/// What has been spent since usage was last reset.
public struct Spent: Equatable, Sendable {
    public internal(set) var ticks: UInt64 = 0
    public internal(set) var results: UInt64 = 0
    /// Nonzero source values met (lif: spikes given). Not summed over ops.
    public internal(set) var events: UInt64 = 0
    /// Spikes, and nonzero outputs of LI, of lif ops.
    public internal(set) var spikes: UInt64 = 0
    public internal(set) var synapticOperations: UInt64 = 0
    /// Σ synaptic operations·b_w·b_s.
    public internal(set) var nsAce: UInt64 = 0
    /// Full accounting only, else 0.
    public internal(set) var effectiveACs: UInt64 = 0
    public internal(set) var effectiveMACs: UInt64 = 0
    public internal(set) var membraneUpdates: UInt64 = 0
    /// Σ n over ticks.
    public internal(set) var denseOperations: UInt64 = 0
    public internal(set) var neuronTicks: UInt64 = 0
    public internal(set) var modelBitsRead: UInt64 = 0
    public internal(set) var stateBitsRead: UInt64 = 0
    public internal(set) var stateBitsWritten: UInt64 = 0

    static func + (total: Spent, part: Spent) -> Spent {
        var sum = total
        sum.events = 0
        sum.spikes &+= part.spikes
        sum.synapticOperations &+= part.synapticOperations
        sum.nsAce &+= part.nsAce
        sum.effectiveACs &+= part.effectiveACs
        sum.effectiveMACs &+= part.effectiveMACs
        sum.membraneUpdates &+= part.membraneUpdates
        sum.denseOperations &+= part.denseOperations
        sum.neuronTicks &+= part.neuronTicks
        sum.modelBitsRead &+= part.modelBitsRead
        sum.stateBitsRead &+= part.stateBitsRead
        sum.stateBitsWritten &+= part.stateBitsWritten
        return sum
    }
}

extension Op {
    /// Static cost, zero weights apart; `ticksPerResult` is the hop.
    func cost(ticksPerResult: UInt32) -> Cost {
        var cost = Cost()
        cost.ticksPerResult = ticksPerResult
        cost.stateBitsReadPerTick = widen(source.bitCount)
        cost.stateBitsWrittenPerTick = widen(target?.bitCount ?? 0)
        switch self {
        case .input(let op):
            cost.synapses = widen(op.source.count)
            (cost.weightBits, cost.sourceBits, cost.operationsPerEvent) = (16, 16, 1)
            cost.parameterBitsPerTick = 32 &* cost.synapses
        case .projection(let op):
            cost.storedWeightBits = widen(op.groupInputCount) &* widen(op.groupOutputCount &* op.encoding.bits)
            cost.synapses = widen(op.source.count) &* widen(op.groupOutputCount)
            cost.weights = cost.synapses
            (cost.weightBits, cost.sourceBits) = (op.encoding.bits, op.sourceBits)
            cost.operationsPerEvent = op.groupOutputCount
            cost.parameterBitsPerTick = op.join == .multiplier ? 32 &* widen(op.groupOutputCount) : 0
        case .lif(let op):
            cost.neurons = widen(op.source.count)
            cost.parameterBitsPerTick = op.parameterBitCount
            let own = widen(op.stateBitCount &+ (op.model.fires ? 0 : op.target.bitCount))
            cost.stateBitsReadPerTick &+= own
            cost.stateBitsWrittenPerTick &+= widen(op.stateBitCount)
        case .memory(let op):
            let perUnit = op.order &* op.order &+ op.order  // ≤ 2^24 + 2^12
            cost.storedWeightBits = widen(perUnit) &* widen(op.encoding.bits)
            cost.synapses = widen(op.source.count) &* widen(perUnit)
            cost.weights = cost.synapses
            (cost.weightBits, cost.sourceBits) = (op.encoding.bits, UInt32(truncatingIfNeeded: op.target.bits))
            cost.operationsPerEvent = op.order
            cost.parameterBitsPerTick = 32 &* (op.hasBiasPerUnit == 0 ? 1 : widen(op.source.count))
            cost.stateBitsReadPerTick &+= widen(op.target.bitCount)
        case .readout(let op):
            cost.stateBitsReadPerTick &+= 32 &* widen(op.source.count)
            cost.stateBitsWrittenPerTick &+= 32 &* widen(op.source.count)
            cost.evidenceBitsReadPerResult = 32 &* widen(op.evidenceCount)
            cost.evidenceBitsWrittenPerResult = op.evidenceCount == 0 ? 0 : 32 &* widen(op.source.count)
        }
        cost.sAcePerResult = saturatingProduct(
            saturatingProduct(cost.synapses, cost.weightBits &* cost.sourceBits), ticksPerResult)
        return cost
    }

    /// Zero weights, once per group.
    func zeroWeightCount(_ file: UnsafeRawPointer) -> UInt64 {
        var nonzero: UInt64 = 0
        switch self {
        case .projection(let op):
            for run in 0..<op.groupInputCount {
                let start = file + index(op.weights &+ run &* op.runByteCount)
                nonzero &+= widen(op.encoding.nonzeroCount(start, count: index(op.groupOutputCount)))
            }
            let all = widen(op.groupInputCount) &* widen(op.groupOutputCount)
            return (all &- nonzero) &* widen(op.groupCount)
        case .memory(let op):
            let square = op.order &* op.order
            nonzero &+= widen(op.encoding.nonzeroCount(file + index(op.stateMatrix), count: index(square)))
            nonzero &+= widen(op.encoding.nonzeroCount(file + index(op.inputMatrix), count: index(op.order)))
            return (widen(square &+ op.order) &- nonzero) &* widen(op.source.count)
        case .input, .lif, .readout: return 0
        }
    }
}

extension Model {
    /// Static cost of one op, zero weights included. `op` < opCount.
    public func cost(ofOp op: UInt32) -> Cost {
        guard let parsed = try? parseOp(op) else { return Cost() }
        var cost = parsed.cost(ticksPerResult: ticksPerResult)
        cost.zeroWeights = parsed.zeroWeightCount(base)
        return cost
    }

    /// Refuses a model with more than 2^32 − 1 synapses, which bounds the work of opening and of a tick.
    func checkSynapseCount() throws(Refusal) {
        var total: UInt64 = 0
        for op in 0..<opCount {
            total &+= try parseOp(op).cost(ticksPerResult: 1).synapses  // ≤ 2^12 · 2^49
            if total > 0xffff_ffff { throw Refusal(.badValue, at: opRecord(op)) }
        }
    }

    /// Static cost of the whole network, zero weights included.
    public func totalCost() -> Cost {
        var total = costWithoutZeroWeights()
        for op in 0..<opCount {
            if let parsed = try? parseOp(op) { total.zeroWeights &+= parsed.zeroWeightCount(base) }
        }
        return total
    }

    /// The same without looking at every weight: zeroWeights is 0.
    private func costWithoutZeroWeights() -> Cost {
        var total = Cost()
        total.ticksPerResult = ticksPerResult
        for op in 0..<opCount {
            if let parsed = try? parseOp(op) { total = total + parsed.cost(ticksPerResult: total.ticksPerResult) }
        }
        return total
    }

    /// S-ACE per result of the whole network.
    public var sAcePerResult: UInt64 { costWithoutZeroWeights().sAcePerResult }

    /// Ticks from result to result, T: the readout's hop.
    public var ticksPerResult: UInt32 { (try? parseReadout().hop) ?? 0 }
    /// Ticks that a result is about.
    public var windowTickCount: UInt32 { (try? parseReadout().window) ?? 0 }
    /// Ticks that a fresh network takes to its first result.
    public var ticksToFirstResult: UInt32 { (try? parseReadout().ticksToFirstResult) ?? 0 }

    /// The one readout of a checked model.
    func parseReadout() throws(Refusal) -> Readout {
        guard case .readout(let readout) = try parseOp(readoutIndex) else {
            preconditionFailure("checkOutputs lets readouts pass only")
        }
        return readout
    }

    /// All parameters and weights as stored, plus the state (parts 1 to 3), in bits.
    public func footprintBits() throws(Refusal) -> UInt64 {
        let total = costWithoutZeroWeights()
        return total.parameterBitsPerTick &+ total.storedWeightBits
            &+ 8 &* widen(try Network.layout(of: self).state.byteCount)
    }
}

extension Network {
    /// What one op has spent. `op` < opCount.
    public func spent(byOp op: UInt32) -> Spent {
        let counters = usage.perOp + index(op) &* (accounting == .full ? 4 : 1)
        var spent = Spent()
        (spent.ticks, spent.results) = (usage.header[0], usage.header[1])
        spent.events = counters[0]
        if accounting == .full {
            (spent.effectiveACs, spent.effectiveMACs, spent.membraneUpdates) = (counters[1], counters[2], counters[3])
        }
        let decoded = program[index(op)]
        let cost = decoded.cost(ticksPerResult: 1)
        if case .lif = decoded { spent.spikes = spent.events }
        spent.synapticOperations = spent.events &* widen(cost.operationsPerEvent)
        spent.nsAce = spent.synapticOperations &* widen(cost.weightBits &* cost.sourceBits)
        spent.denseOperations = cost.synapses &* spent.ticks
        spent.neuronTicks = cost.neurons &* spent.ticks
        spent.modelBitsRead =
            cost.parameterBitsPerTick &* spent.ticks &+ spent.synapticOperations &* widen(cost.weightBits)
        spent.stateBitsRead = cost.stateBitsReadPerTick &* spent.ticks &+ cost.evidenceBitsReadPerResult &* spent.results
        spent.stateBitsWritten =
            cost.stateBitsWrittenPerTick &* spent.ticks &+ cost.evidenceBitsWrittenPerResult &* spent.results
        return spent
    }

    /// What the whole network has spent.
    public func totalSpent() -> Spent {
        var total = Spent()
        (total.ticks, total.results) = (usage.header[0], usage.header[1])
        for op in 0..<control.pointee.opCount { total = total + spent(byOp: op) }
        return total
    }

    /// CRC-32C of all results since usage was last reset (FORMAT.md section 11).
    public var outputChecksum: UInt32 { usage.checksum.pointee }
}
