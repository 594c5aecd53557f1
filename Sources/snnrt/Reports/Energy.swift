import SNNRuntime

/// Energy by a published model over exact counts. A model, not a measurement: published models differ by
/// orders of magnitude, so compare counts first.
///
/// Horowitz, "Computing's energy problem", ISSCC 2014, 45 nm, 0.9 V. Synaptic operations on spikes are
/// 32-bit additions; on analog values an 8-bit (wider weights: 32-bit) multiplication and an addition;
/// every neuron and tick costs one 32-bit multiplication and two additions. Bits read and written are
/// 64-bit accesses to an SRAM just large enough for model or arena.
struct Energy: Encodable {
    static let name = "Horowitz, ISSCC 2014, 45 nm"
    /// Picojoule.
    private static let add32 = 0.1
    private static let multiply8 = 0.2
    private static let multiply32 = 3.1
    private static func access64(_ byteCount: UInt32) -> Double {
        byteCount <= 8 << 10 ? 10 : (byteCount <= 32 << 10 ? 20 : 100)
    }

    let model: String
    /// Nanojoule since usage was last reset.
    let computeNanojoule: Double
    let memoryNanojoule: Double
    var totalNanojoule: Double { computeNanojoule + memoryNanojoule }

    init(_ network: Network, arenaByteCount: UInt32) {
        var compute = 0.0
        for op in 0..<network.model.opCount {
            let cost = network.model.cost(ofOp: op)
            let spent = network.spent(byOp: op)
            let multiply = cost.sourceBits <= 1 ? 0 : (cost.weightBits <= 8 ? Energy.multiply8 : Energy.multiply32)
            compute += Double(spent.synapticOperations) * (multiply + Energy.add32)
            compute += Double(spent.neuronTicks) * (Energy.multiply32 + 2 * Energy.add32)
        }
        let total = network.totalSpent()
        let modelAccess = Energy.access64(network.model.byteCount) / 64
        let stateAccess = Energy.access64(arenaByteCount) / 64
        let memory =
            Double(total.modelBitsRead) * modelAccess
            + Double(total.stateBitsRead + total.stateBitsWritten) * stateAccess
        model = Energy.name
        (computeNanojoule, memoryNanojoule) = (compute / 1000, memory / 1000)
    }
}
