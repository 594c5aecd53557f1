"""What programs show of activation."""

from itertools import product

from drawing.coverage.names import FUNCTIONS, SPREADS
from drawing.coverage.period import note_period
from ops.activation import ActivationOp

KINDS = ("activation",)


def required():
    return {
        "activation": [f"{function} {bits} bits {spread}" for function, bits,
                       spread in product(FUNCTIONS, range(2, 17), SPREADS)],
        "activations": [f"{function} {what}" for function in FUNCTIONS
                        for what in ("shift 0", "shift above 15", "multiplier below 0",
                                                                                     "recurrent", "above and below 0")],
    }


def note(seen, model, i, op):
    parameters = op.parameters
    function, slot = FUNCTIONS[parameters.function - 1], model.slots[op.outputs[0]]
    spread = "period" if parameters.period else "per neuron" if parameters.flags else "shared"
    seen.note("activation", f"{function} {slot.bits} bits {spread}", seen.happens)
    for what, holds in (("shift 0", parameters.shift == 0), ("shift above 15", parameters.shift > 15),
                        ("multiplier below 0", (parameters.multiplier < 0).any()),
                        ("recurrent", slot.persistent and any(other.inputs == op.outputs for other in model.ops[:i]))):
        seen.note("activations", f"{function} {what}", holds)
    note_period(seen, model, op, "activation", parameters.flags)


def note_program(seen, model, network, frames, tally):
    for op in network.ops:
        if isinstance(op, ActivationOp):
            values = network.values[op.target]
            seen.note("activations", f"{FUNCTIONS[op.parameters.function - 1]} above and below 0", (values > 0).any() and
                      (op.parameters.function == 3 or (values < 0).any()))
