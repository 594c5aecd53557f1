"""What programs show of the neurons of chips: what reads them, and how often they fire."""

from core.slots import SlotType
from drawing.coverage.names import YES_NO
from ops.loihi import LoihiOp
from ops.xylo import XyloOp
from reader import Kind

READERS = ("dense", "block", "sparse", "convolution", "pool", "delay", "readout", "dense into a synaptic slot")


KINDS = ()


def required():
    return {
        "chip in 2–60 %": [f"{chip} {YES_NO[recurs]} recurrence" for chip in ("loihi", "xylo") for recurs in (0, 1)],
        "reader of a chip": [f"{reader} of {chip}" for chip in ("loihi", "plain xylo", "graded xylo") for reader in READERS],
    }


def note_program(seen, model, network, frames, tally):
    """What reads and feeds the neurons of chips, how often they fire, and what happens in them."""
    for op, state in zip(model.ops, network.ops):
        readers = [other for other in model.ops if other.inputs == op.outputs]
        name = population_name(model, op)
        for other in readers:
            kind = Kind(other.kind).name.lower()
            is_synaptic = other.outputs and model.slots[other.outputs[0]].type == SlotType.SYNAPTIC
            seen.note("source of a synaptic slot", name, is_synaptic and state.events)
            if op.kind in (Kind.LOIHI, Kind.XYLO):
                seen.note("reader of a chip", f"{kind}{' into a synaptic slot' * bool(is_synaptic)} of {name}", state.events)
        if isinstance(state, (LoihiOp, XyloOp)):
            possible = state.neurons * network.ticks
            recurs = any(other.outputs == op.inputs for other in readers)
            seen.note("chip in 2–60 %", f"{Kind(op.kind).name.lower()} {YES_NO[recurs]} recurrence",
                      2 * possible <= 100 * state.events <= 60 * possible)
    for group in ("synaptic", "loihi", "xylo"):
        for key, count in tally.items():
            if key.startswith(f"{group} "):
                item = key[len(group) + 1:].replace("equal 0", "equal >").replace("equal 1", "equal ≥")
                seen.note(group if group == "synaptic" else f"{group} corners", item, count)


def population_name(model, op):
    name = Kind(op.kind).name.lower()
    if name not in ("xylo", "lif"):
        return name
    is_graded = model.slots[op.outputs[0]].is_graded
    return f"graded {name}" if is_graded else name if name == "lif" else f"plain {name}"
