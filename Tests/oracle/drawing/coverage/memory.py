"""What programs show of memory."""

from itertools import product

from drawing.coverage.names import ENCODINGS, YES_NO

KINDS = ("memory",)


def required():
    return {
        "memory": [f"{encoding} {width} per-unit bias: {answer}" for encoding, width, answer in
                   product(("int8", "int16"), (16, 32), YES_NO)],
        "memory shape": ["1 unit", "several units", "order 1", "order 2–8", "order above 8"],
    }


def note(seen, model, _, op):
    parameters = op.parameters
    width, answer = model.slots[op.outputs[0]].bits, YES_NO[parameters.flags]
    seen.note("memory", f"{ENCODINGS[parameters.encoding - 1]} {width} per-unit bias: {answer}")
    seen.note("memory shape", "1 unit" if model.slots[op.inputs[0]].count == 1 else "several units")
    order = parameters.order
    seen.note("memory shape", "order 1" if order == 1 else "order 2–8" if order <= 8 else "order above 8")
