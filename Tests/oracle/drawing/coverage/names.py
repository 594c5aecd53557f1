"""Words for what programs are made of."""

from core.slots import SlotType

ENCODINGS = ("binary", "ternary", "int4", "int8", "int16")
JOINS = ("add", "left", "right", "multiplier")
SOURCES = ("spikes", "graded", "analog", "wide")
MODELS = ("LIF", "CuBa-LIF", "LI", "CuBa-LI", "ALIF", "CuBa-ALIF")
RESETS = ("none", "subtract", "zero", "subtract at once", "zero at once")
COMPARISONS = (">", "≥")
FIELDS = {"decay": 1, "synaptic decay": 2, "threshold": 4, "bias": 8, "threshold decay": 16, "threshold step": 32}
LENGTHS = ("D = 1", "D = 2–4", "D above 4")
FUNCTIONS = ("clip", "tanh", "sigmoid")
SPREADS = ("shared", "per neuron", "period")
YES_NO = ("no", "yes")


def source_name(slot):
    if slot.type == SlotType.SPIKES:
        return "graded" if slot.is_graded else "spikes"
    return "wide" if slot.bits == 32 else "analog"


def length_of(kept):
    return LENGTHS[0 if kept == 1 else 1 if kept <= 4 else 2]


def join_of(model, op):
    parameters, source = op.parameters, model.slots[op.inputs[0]]
    return f"{ENCODINGS[parameters.encoding - 1]} {source_name(source)} {JOINS[parameters.join]}"


def is_recurrent(model, i, op):
    """Whether op i reads a slot of an op below it."""
    writer = next((j for j, other in enumerate(model.ops) if other.outputs == op.inputs), -1)
    return writer > i and model.slots[op.inputs[0]].persistent
