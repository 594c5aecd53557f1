"""What programs show of synaptic slots and what feeds them."""

from itertools import product

from core.slots import SlotType
from drawing.coverage.names import ENCODINGS, JOINS, SOURCES, is_recurrent, join_of

KINDS = ("dense",)


def required():
    return {
        "synaptic: encoding × source × join": [" ".join(parts) for parts in product(ENCODINGS[:4], SOURCES[:3], JOINS[:2])],
        "synaptic": [*(f"left shift {shift}" for shift in range(9)),
                     *(f"projections: {number}" for number in ("1", "2", "3", "4 or more")),
                     "by itself", "above its writer", "padded runs", "saturated below", "saturated above", "saturated both ways",
                     "by its order"],
        "source of a synaptic slot": ["input", "lif", "graded lif", "loihi", "plain xylo", "graded xylo", "activation", "delay"],
    }


def note(seen, model, i, op):
    if model.slots[op.outputs[0]].type != SlotType.SYNAPTIC:
        return
    parameters = op.parameters
    seen.note("synaptic: encoding × source × join", join_of(model, op), seen.happens)
    seen.note("synaptic", f"left shift {parameters.shift}", parameters.join == 1 and seen.happens)
    seen.note("synaptic", "padded runs", parameters.weight_bits * parameters.runs.shape[1] % 8)
    reads_itself = any(other.inputs == op.outputs and other.outputs == op.inputs for other in model.ops)
    seen.note("synaptic", "by itself" if reads_itself else "above its writer", seen.happens and is_recurrent(model, i, op))
