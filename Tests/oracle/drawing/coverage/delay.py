"""What programs show of delay."""

from itertools import product

import numpy as np

from drawing.coverage.names import LENGTHS, SOURCES, SPREADS, length_of, source_name
from ops.delay import DelayOp

KINDS = ("delay",)


def required():
    return {
        "delay": [" ".join(parts) for parts in product(SOURCES, LENGTHS, SPREADS[:2])],
        "delays": ["0", "D − 1", "D above 250", "persistent target", "in flight at a reset", "delayed events",
                   "of its own slot"],
    }


def note(seen, model, _, op):
    parameters = op.parameters
    seen.note("delay", f"{source_name(model.slots[op.inputs[0]])} {length_of(parameters.kept)} {SPREADS[parameters.flags]}",
              seen.happens)
    seen.note("delays", "0", parameters.kept > 1 and (parameters.delay == 0).any())
    seen.note("delays", "D − 1", parameters.kept > 1 and (parameters.delay == parameters.kept - 1).any())
    seen.note("delays", "D above 250", parameters.kept > 250)
    seen.note("delays", "of its own slot", op.inputs == op.outputs)
    seen.note("delays", "persistent target", model.slots[op.outputs[0]].persistent)


def note_program(seen, model, network, frames, tally):
    seen.note("delays", "in flight at a reset", tally["in flight at a reset"])
    for op in network.ops:
        if isinstance(op, DelayOp):
            seen.note("delays", "delayed events", network.values[op.target].any() and np.max(op.parameters.delay) > 0)
