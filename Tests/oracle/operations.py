"""Operations at worst, of a tick and of opening (docs/format.md, "Operations at worst")."""

from core.parameters import Projection
from core.slots import SlotType
from ops.pool import PoolParameters


def tick_operations(network) -> int:
    """Of a tick of a network in which every source value is an event, every neuron fires and a result is due."""
    model = network.model
    total = len(model.channels) + sum(slot.count for slot in model.slots if slot.type == SlotType.CURRENT)
    total += sum(op.parameters.operations() for op in model.ops)
    if network.readout.parameters.resets_network:
        position_and_entries, evidence = 8, sum(map(len, network.readout.evidence()))
        total += (len(network.state_parts()) - position_and_entries - evidence) // 4
    return total


def opening_operations(network) -> int:
    """Of the checks of its file."""
    model, figures = network.model, network.accounting()["total"]
    total = model.byte_count + len(model.ops) * (len(model.ops) + len(model.slots))
    total += (figures["parameterBits"] + figures["storedWeightBits"]) // 8
    for reader in model.ops:
        if model.slots[reader.inputs[0]].type == SlotType.CURRENT:
            # The sums of a current that a pool reads are wanted once more by what reads the pool's.
            times = 2 if isinstance(reader.parameters, PoolParameters) else 1
            total += times * row_sums(model, model.slots[reader.inputs[0]], reader.inputs)
    return total


def row_sums(model, slot, inputs) -> int:
    """Of the proof for one current."""
    writers = [op.parameters for op in model.ops if op.outputs == inputs and isinstance(op.parameters, Projection)]
    rows = {writer.multiplier_count for writer in writers} or {1}
    period = rows.pop() if len(rows) == 1 else slot.count
    return slot.count + -(-period // 32) * len(model.ops) + period * sum(writer.runs_per_row() for writer in writers)
