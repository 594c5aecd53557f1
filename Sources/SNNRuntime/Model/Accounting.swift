// Exact accounting: format.md section 14. Static costs follow from the file, measured ones from event counts.

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
    /// Bits of evidence that every result moves (format.md section 14).
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
    package init() {}

    public internal(set) var ticks: UInt64 = 0
    public internal(set) var results: UInt64 = 0
    /// Nonzero source values met (lif: spikes given). Not summed over ops.
    public internal(set) var events: UInt64 = 0
    /// Outputs that are not zero, of lif, activation, loihi and xylo ops.
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

    /// Adds what another network of the same model has spent.
    package mutating func add(_ other: Spent) {
        self = self + other
        ticks &+= other.ticks
        results &+= other.results
    }

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

extension Cost {
    /// A projection: n, its weights as stored and as counted, operations per event, and rows with a multiplier each.
    fileprivate mutating func add(
        _ projection: Synapses, _ synapses: UInt64, stored: UInt64, weights: UInt64, perEvent: UInt32, rows: UInt32
    ) {
        self.synapses = synapses
        storedWeightBits = stored &* widen(projection.encoding.bits)
        self.weights = weights
        (weightBits, sourceBits) = (projection.encoding.bits, projection.sourceBits)
        operationsPerEvent = perEvent
        parameterBitsPerTick = projection.join == .multiplier ? 32 &* widen(rows) : 0
    }

    /// Frames kept: one is read and one written.
    fileprivate mutating func add(_ ring: FrameRing) { addOwnState(widen(ring.slot.bitCount)) }

    /// Bits of an op's own that every tick reads and writes.
    fileprivate mutating func addOwnState(_ bits: UInt64) {
        stateBitsReadPerTick &+= bits
        stateBitsWrittenPerTick &+= bits
    }
}

extension Op {
    /// Static cost, zero weights apart; `ticksPerResult` is the hop.
    func cost(_ file: UnsafeRawPointer, ticksPerResult: UInt32) -> Cost {
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
            let runs = widen(op.groupInputCount) &* widen(op.groupOutputCount)
            let synapses = runs &* widen(op.groupCount)
            cost.add(
                op.synapses, synapses, stored: runs, weights: synapses, perEvent: op.groupOutputCount,
                rows: op.groupOutputCount)
        case .convolution(let op):
            let shape = op.shape(file)
            let length = op.runLength
            let runs = widen(op.runCount(file)) &* widen(length)
            // Taps are below 2^50: whatever does not fit 64 bits is more than checkSynapseCount lets pass.
            let synapses = saturatingProduct(saturatingProduct(shape.tapCount, shape.channels), length)
            cost.add(
                op.synapses, synapses, stored: runs, weights: runs, perEvent: length,
                rows: UInt32(truncatingIfNeeded: op.outputChannels))
        case .sparse(let op):
            let count = widen(op.synapseCount(file))
            cost.add(op.synapses, count, stored: count, weights: count, perEvent: 1, rows: op.synapses.target.count)
            cost.parameterBitsPerTick &+= 32 &* (widen(op.runCount) &+ 1) &+ widen(op.targetBits) &* count
            if let ring = op.ring { cost.add(ring) }
        case .delay(let op):
            cost.parameterBitsPerTick = 16 &* (op.isPerElement ? widen(op.source.count) : 1)
            cost.add(op.ring)
        case .pool: break
        case .activation(let op):
            cost.neurons = widen(op.source.count)
            cost.parameterBitsPerTick = op.parameterBitCount
        case .lif(let op):
            cost.neurons = widen(op.source.count)
            cost.parameterBitsPerTick = op.parameterBitCount
            let own = widen(op.stateBitCount &+ (op.model.fires ? 0 : op.target.bitCount))
            cost.stateBitsReadPerTick &+= own
            cost.stateBitsWrittenPerTick &+= widen(op.stateBitCount)
        case .loihi(let op):
            cost.neurons = widen(op.source.count)
            cost.parameterBitsPerTick = op.parameterBitCount
            cost.addOwnState(64 &* widen(op.source.count))
        case .xylo(let op):
            cost.neurons = widen(op.target.count)
            cost.parameterBitsPerTick = op.parameterBitCount
            cost.addOwnState(16 &* widen(op.target.count))
            cost.stateBitsWrittenPerTick &+= widen(op.source.bitCount)
        case .memory(let op):
            let perUnit = op.order &* op.order &+ op.order  // ≤ 2^24 + 2^12
            cost.storedWeightBits = widen(perUnit) &* widen(op.encoding.bits)
            cost.synapses = widen(op.source.count) &* widen(perUnit)
            cost.weights = cost.synapses
            (cost.weightBits, cost.sourceBits) = (op.encoding.bits, UInt32(truncatingIfNeeded: op.target.bits))
            cost.operationsPerEvent = op.order
            cost.parameterBitsPerTick = 32 &* (op.hasBiasPerUnit == 0 ? 1 : widen(op.source.count))
            cost.stateBitsReadPerTick &+= widen(op.target.bitCount)
        case .recurrence(let op):
            cost.storedWeightBits = 32 &* widen(op.factorCount)
            (cost.weightBits, cost.sourceBits, cost.operationsPerEvent) = (32, 32, op.operationsPerUnit)
            cost.synapses = widen(op.source.count) &* widen(op.operationsPerUnit)
            cost.parameterBitsPerTick = 32 &* (op.hasBiasPerUnit ? widen(op.source.count) : 1)
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
            return zeroCount(file, op.weights, op.encoding, op.groupInputCount, op.groupOutputCount)
                &* widen(op.groupCount)
        case .convolution(let op): return zeroCount(file, op.weights, op.encoding, op.runCount(file), op.runLength)
        case .sparse(let op): return zeroCount(file, op.weights(file), op.synapses.encoding, 1, op.synapseCount(file))
        case .memory(let op):
            let square = op.order &* op.order
            nonzero &+= widen(op.encoding.nonzeroCount(file + index(op.stateMatrix), count: index(square)))
            nonzero &+= widen(op.encoding.nonzeroCount(file + index(op.inputMatrix), count: index(op.order)))
            return (widen(square &+ op.order) &- nonzero) &* widen(op.source.count)
        case .input, .lif, .readout, .delay, .pool, .activation, .loihi, .xylo, .recurrence: return 0
        }
    }

    /// Zeros among `count` runs of `length` weights.
    private func zeroCount(
        _ file: UnsafeRawPointer, _ weights: UInt32, _ encoding: Encoding, _ count: UInt32, _ length: UInt32
    ) -> UInt64 {
        var zeros: UInt64 = 0
        for run in 0..<count {
            let start = file + index(weights &+ run &* encoding.runByteCount(length))
            zeros &+= widen(length &- encoding.nonzeroCount(start, count: index(length)))
        }
        return zeros
    }

    /// What the limit of format.md section 7 counts: synapses, and what else bounds the work of opening and of a tick.
    func work(_ file: UnsafeRawPointer) -> UInt64 {
        switch self {
        case .sparse(let op): return widen(op.runCount) &* widen(op.synapses.target.count)
        case .pool(let op):
            let shape = op.shape(file)
            return widen(op.target.count) &* widen(shape.kernelHeight &* shape.kernelWidth)
        default: return cost(file, ticksPerResult: 1).synapses
        }
    }
}

extension Model {
    /// Static cost of one op, zero weights included. `op` < opCount.
    public func cost(ofOp op: UInt32) -> Cost {
        guard let parsed = try? parseOp(op) else { return Cost() }
        var cost = parsed.cost(base, ticksPerResult: ticksPerResult)
        cost.zeroWeights = parsed.zeroWeightCount(base)
        return cost
    }

    /// Refuses a model with more than 2^32 − 1 synapses, which bounds the work of opening and of a tick.
    func checkSynapseCount() throws(Refusal) {
        var total: UInt64 = 0
        for op in 0..<opCount {
            total = saturatingSum(total, try parseOp(op).work(base))
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
            if let parsed = try? parseOp(op) { total = total + parsed.cost(base, ticksPerResult: total.ticksPerResult) }
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
        let cost = decoded.cost(model.base, ticksPerResult: 1)
        if cost.neurons > 0 { spent.spikes = spent.events }
        spent.synapticOperations = spent.events &* widen(cost.operationsPerEvent)
        spent.nsAce = spent.synapticOperations &* widen(cost.weightBits &* cost.sourceBits)
        spent.denseOperations = cost.synapses &* spent.ticks
        spent.neuronTicks = cost.neurons &* spent.ticks
        spent.modelBitsRead =
            cost.parameterBitsPerTick &* spent.ticks &+ spent.synapticOperations &* widen(cost.weightBits)
        spent.stateBitsRead =
            cost.stateBitsReadPerTick &* spent.ticks &+ cost.evidenceBitsReadPerResult &* spent.results
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

    /// CRC-32C of all results since usage was last reset (format.md section 11).
    public var outputChecksum: UInt32 { usage.checksum.pointee }
}
