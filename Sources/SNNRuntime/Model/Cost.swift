// Exact accounting, static: what follows from the file (docs/format.md, "Accounting"). Measured counts are `Spent`.

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
    /// Neurons of lif, activation, loihi and xylo ops.
    public internal(set) var neurons: UInt64 = 0
    /// Weights of projections and memories, each counted once per group, and how many of them are 0.
    public internal(set) var weights: UInt64 = 0
    public internal(set) var zeroWeights: UInt64 = 0
    /// Parameter bits read in every tick, weights apart.
    public internal(set) var parameterBitsPerTick: UInt64 = 0
    public internal(set) var stateBitsReadPerTick: UInt64 = 0
    public internal(set) var stateBitsWrittenPerTick: UInt64 = 0
    /// Bits of evidence that every result moves (docs/format.md, "Accounting").
    var evidenceBitsReadPerResult: UInt64 = 0
    var evidenceBitsWrittenPerResult: UInt64 = 0
    /// Bits of all weights as stored, once.
    public internal(set) var storedWeightBits: UInt64 = 0

    /// BB = T·b_w·b_s.
    public var bitBudget: UInt64 { widen(ticksPerResult &* weightBits) &* widen(sourceBits) }

    /// Adds an op's cost to a total, which has no widths and no operations per event.
    mutating func add(_ part: Cost) {
        synapses &+= part.synapses
        sAcePerResult = saturatingSum(sAcePerResult, part.sAcePerResult)
        neurons &+= part.neurons
        weights &+= part.weights
        zeroWeights &+= part.zeroWeights
        parameterBitsPerTick &+= part.parameterBitsPerTick
        stateBitsReadPerTick &+= part.stateBitsReadPerTick
        stateBitsWrittenPerTick &+= part.stateBitsWrittenPerTick
        storedWeightBits &+= part.storedWeightBits
    }
}

extension Model {
    /// Static cost of one op, zero weights apart; `ticksPerResult` is the hop.
    func costWithoutZeroWeights(ofOp op: UInt32, ticksPerResult: UInt32) -> Cost {
        let (declaration, record) = (file.declaration(ofOp: op), file.record(ofOp: op))
        var cost = Cost()
        cost.ticksPerResult = ticksPerResult
        cost.synapses = declaration.synapses
        (cost.weightBits, cost.sourceBits) = (declaration.weightBits, declaration.sourceBits)
        cost.operationsPerEvent = declaration.operationsPerEvent
        cost.neurons = declaration.neurons
        cost.parameterBitsPerTick = declaration.parameterBits
        let sourceBits = widen(record.source.bitCount)
        let targetBits = op == readoutIndex ? 0 : widen(record.target.bitCount)
        let own = declaration.stateBits
        cost.stateBitsReadPerTick = sourceBits &+ own &+ (declaration.readsTarget ? targetBits : 0)
        cost.stateBitsWrittenPerTick = targetBits &+ own &+ (declaration.writesSource ? sourceBits : 0)
        cost.evidenceBitsReadPerResult = declaration.evidenceBitsRead
        cost.evidenceBitsWrittenPerResult = declaration.evidenceBitsWritten
        cost.weights = declaration.storedWeights &* widen(declaration.weightCopies)
        cost.storedWeightBits = declaration.storedWeightBits
        cost.sAcePerResult = declaration.sAce(ticksPerResult: ticksPerResult)
        return cost
    }

    /// Zero weights of an op, once for each group or unit that has them.
    private func zeroWeightCount(ofOp op: UInt32) -> UInt64 {
        let declaration = file.declaration(ofOp: op)
        let zeros = file.zeroCount(declaration.weights[0]) &+ file.zeroCount(declaration.weights[1])
        return zeros &* widen(declaration.weightCopies)
    }

    /// Static cost of one op, zero weights included. `op` < opCount.
    public func cost(ofOp op: UInt32) -> Cost {
        var cost = costWithoutZeroWeights(ofOp: op, ticksPerResult: ticksPerResult)
        cost.zeroWeights = zeroWeightCount(ofOp: op)
        return cost
    }

    /// Static cost of the whole network, zero weights included.
    public func totalCost() -> Cost {
        var total = costWithoutZeroWeights()
        for op in 0..<opCount { total.zeroWeights &+= zeroWeightCount(ofOp: op) }
        return total
    }

    /// The same without looking at every weight: zeroWeights is 0.
    func costWithoutZeroWeights() -> Cost {
        var total = Cost()
        total.ticksPerResult = ticksPerResult
        for op in 0..<opCount { total.add(costWithoutZeroWeights(ofOp: op, ticksPerResult: total.ticksPerResult)) }
        return total
    }

    /// S-ACE per result of the whole network.
    public var sAcePerResult: UInt64 {
        var total: UInt64 = 0
        for op in 0..<opCount {
            total = saturatingSum(total, file.sAce(ofOp: op, ticksPerResult: ticksPerResult))
        }
        return total
    }
}
