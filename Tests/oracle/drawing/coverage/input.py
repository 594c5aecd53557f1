"""What programs show of input."""

import numpy as np

KINDS = ("input",)


def required():
    return {
        "input": ["sample −32768", "sample 32767", "offset extreme", "multiplier extreme", "multiplier 0", "shift 0"],
    }


def note(seen, model, _, op):
    parameters = op.parameters
    seen.note("input", "offset extreme", np.isin(parameters.offsets, (-32768, 32767)).any())
    seen.note("input", "multiplier extreme", np.isin(parameters.multipliers, (-32768, 32767)).any())
    seen.note("input", "multiplier 0", (parameters.multipliers == 0).any())
    seen.note("input", "shift 0", parameters.shift == 0)


def note_program(seen, model, network, frames, tally):
    for sample in (-32768, 32767):
        seen.note("input", f"sample {sample}".replace("-", "−"), (frames == sample).any())
