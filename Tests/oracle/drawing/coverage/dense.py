"""What programs show of dense and block."""

from itertools import product

from core.slots import SlotType
from drawing.coverage.names import ENCODINGS, JOINS, SOURCES, source_name
from reader import Kind

KINDS = ("dense", "block",)


def required():
    return {
        "encoding × source × join": [" ".join(parts) for parts in product(ENCODINGS, SOURCES, JOINS)],
        "kind × encoding": [" ".join(parts) for parts in product(("dense", "block"), ENCODINGS)],
        "kind × join": [" ".join(parts) for parts in product(("dense", "block"), JOINS)],
        "analog source bits": [str(i) for i in range(2, 17)],
        "graded source bits": [str(i) for i in range(2, 9)],
        "source shift": ["0", "1–16", "17–31"],
        "block": ["1 group", "2–8 groups", "more than 8 groups", "groups × sources × destinations > 1 each"],
        "padded runs": ["binary", "ternary", "int4"],
        "recurrence": ["spikes by itself", "spikes above their writer", "graded by itself", "graded above their writer",
                       "analog", "wide", "of a block",
                       "input's analog above its writer"],
    }


def note(seen, model, i, op):
    if model.slots[op.outputs[0]].type == SlotType.SYNAPTIC:
        return
    parameters, source = op.parameters, model.slots[op.inputs[0]]
    encoding, join = ENCODINGS[parameters.encoding - 1], JOINS[parameters.join]
    kind, form = Kind(op.kind).name.lower(), source_name(source)
    seen.note("encoding × source × join", f"{encoding} {form} {join}")
    seen.note("kind × encoding", f"{kind} {encoding}")
    seen.note("kind × join", f"{kind} {join}")
    for kind_of_source in ("analog", "graded"):
        seen.note(f"{kind_of_source} source bits", str(source.bits), form == kind_of_source)
    shift = parameters.source_shift
    seen.note("source shift", "0" if shift == 0 else "1–16" if shift <= 16 else "17–31", form == "wide")
    groups = parameters.groups
    if op.kind == Kind.BLOCK:
        seen.note("block", "1 group" if groups == 1 else "2–8 groups" if groups <= 8 else "more than 8 groups")
        seen.note("block", "groups × sources × destinations > 1 each", min(groups, *parameters.runs.shape) > 1)
    seen.note("padded runs", encoding, parameters.weight_bits * parameters.runs.shape[1] % 8)
    writer = next((j for j, other in enumerate(model.ops) if other.outputs == op.inputs), -1)
    if writer > i and source.persistent:
        reads_itself = model.ops[writer].inputs == op.outputs
        seen.note("recurrence", "of a block", op.kind == Kind.BLOCK and groups > 1)
        if source.type == SlotType.SPIKES:
            seen.note("recurrence", f"{form} {'by itself' if reads_itself else 'above their writer'}")
        else:
            seen.note("recurrence", form)
        seen.note("recurrence", "input's analog above its writer", model.ops[writer].kind == Kind.INPUT)
