// Exact accounting, measured: what follows from event counts (docs/format.md, "Accounting").

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
        addOps(other)
        ticks &+= other.ticks
        results &+= other.results
    }

    /// Adds what an op has spent to a total, whose events have no meaning.
    mutating func addOps(_ part: Spent) {
        events = 0
        spikes &+= part.spikes
        synapticOperations &+= part.synapticOperations
        nsAce &+= part.nsAce
        effectiveACs &+= part.effectiveACs
        effectiveMACs &+= part.effectiveMACs
        membraneUpdates &+= part.membraneUpdates
        denseOperations &+= part.denseOperations
        neuronTicks &+= part.neuronTicks
        modelBitsRead &+= part.modelBitsRead
        stateBitsRead &+= part.stateBitsRead
        stateBitsWritten &+= part.stateBitsWritten
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
        let cost = model.costWithoutZeroWeights(ofOp: op, ticksPerResult: 1)
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
        for op in 0..<control.pointee.opCount { total.addOps(spent(byOp: op)) }
        return total
    }

    /// CRC-32C of all results since usage was last reset (docs/format.md, "Outputs").
    public var outputChecksum: UInt32 { usage.checksum.pointee }
}

extension Model {
    /// All parameters and weights as stored, plus the state (parts 1 to 3), in bits.
    @inline(never)
    public func footprintBits() throws(Refusal) -> UInt64 {
        var bits = 8 &* widen(try Network.layout(of: self).state.byteCount)
        for op in 0..<opCount { bits &+= file.footprintBits(ofOp: op) }
        return bits
    }
}
