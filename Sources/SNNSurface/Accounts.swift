// The accounting functions of the C surface.

import CSNNRT
import SNNRuntime

@c @implementation
public func snnrt_get_cost(_ network: OpaquePointer?, _ op: UInt32, _ cost: UnsafeMutablePointer<snnrt_cost>?) -> Int32
{
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    let model = opened.model
    guard let cost, hasSize(cost.pointee.struct_size, snnrt_cost.self), op == SNNRT_TOTAL || op < model.opCount else {
        return Status.badArgument.rawValue
    }
    guard linksLoaders(opened, op) else { return Status.unsupported.rawValue }
    let found = op == SNNRT_TOTAL ? model.totalCost() : model.cost(ofOp: op)
    cost.pointee = snnrt_cost(
        struct_size: cost.pointee.struct_size, weight_bits: found.weightBits, source_bits: found.sourceBits,
        operations_per_event: found.operationsPerEvent, ticks_per_result: found.ticksPerResult, reserved: 0,
        bit_budget: found.bitBudget, synapses: found.synapses, s_ace_per_result: found.sAcePerResult,
        neurons: found.neurons, weights: found.weights, zero_weights: found.zeroWeights,
        parameter_bits_per_tick: found.parameterBitsPerTick, state_bits_read_per_tick: found.stateBitsReadPerTick,
        state_bits_written_per_tick: found.stateBitsWrittenPerTick)
    return SNNRT_OK
}

@c @implementation
public func snnrt_get_usage(_ network: OpaquePointer?, _ op: UInt32, _ spent: UnsafeMutablePointer<snnrt_usage>?)
    -> Int32
{
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    guard let spent, hasSize(spent.pointee.struct_size, snnrt_usage.self),
        op == SNNRT_TOTAL || op < opened.model.opCount
    else { return Status.badArgument.rawValue }
    guard linksLoaders(opened, op) else { return Status.unsupported.rawValue }
    let found = op == SNNRT_TOTAL ? opened.totalSpent() : opened.spent(byOp: op)
    spent.pointee = snnrt_usage(
        struct_size: spent.pointee.struct_size, output_checksum: opened.outputChecksum, ticks: found.ticks,
        results: found.results, events: found.events, spikes: found.spikes,
        synaptic_operations: found.synapticOperations, ns_ace: found.nsAce, effective_acs: found.effectiveACs,
        effective_macs: found.effectiveMACs, membrane_updates: found.membraneUpdates,
        dense_operations: found.denseOperations, neuron_ticks: found.neuronTicks,
        model_bits_read: found.modelBitsRead, state_bits_read: found.stateBitsRead,
        state_bits_written: found.stateBitsWritten)
    return SNNRT_OK
}

/// The program links the loader of the op, or of every op.
private func linksLoaders(_ network: Network, _ op: UInt32) -> Bool {
    let file = network.model.file
    if op != SNNRT_TOTAL { return file.linksLoader(ofOp: op) }
    for number in 0..<network.model.opCount where !file.linksLoader(ofOp: number) { return false }
    return true
}
