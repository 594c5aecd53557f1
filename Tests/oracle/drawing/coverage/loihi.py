"""What programs show of loihi."""

from itertools import product

from drawing.coverage.names import COMPARISONS, SPREADS
from reader import Kind

LOIHI_FIELDS = ("current decay", "voltage decay", "threshold", "bias")


KINDS = ("loihi",)


def required():
    return {
        "loihi": [f"{comparison} e = {e}" for comparison, e in product(COMPARISONS, range(-8, 8))],
        "loihi flags": [f"{field}: {spread}" for field, spread in product(LOIHI_FIELDS, SPREADS)],
        "loihi corners": [f"{field} {value}" for field in LOIHI_FIELDS[:2] for value in (0, 4096)] + [
            f"threshold {value}, {comparison}" for value, comparison in product((0, 2**23 - 1), COMPARISONS)] + [
                "bias 2^30 − 1", "bias 1 − 2^30", "wraps above", "wraps below", "clamped above", "clamped below",
                "equal >", "equal ≥",
                "recurrent", "a tick late", "period without arrays", "behind a convolution"],
    }


def note(seen, model, i, op):
    parameters = op.parameters
    comparison = COMPARISONS[parameters.comparison]
    seen.note("loihi", f"{comparison} e = {parameters.exponent}", seen.happens)
    for bit, field in enumerate(LOIHI_FIELDS):
        values = getattr(parameters, field.replace(" ", "_"))
        spread = SPREADS[0 if not parameters.flags >> bit & 1 else 2 if parameters.period else 1]
        seen.note("loihi flags", f"{field}: {spread}", seen.happens)
        for value in {0: (0, 4096), 1: (0, 4096), 2: (0, 2**23 - 1)}.get(bit, ()):
            suffix = f", {comparison}" if field == "threshold" else ""
            seen.note("loihi corners", f"{field} {value}{suffix}", (values == value).any())
    seen.note("loihi corners", "bias 2^30 − 1", (parameters.bias == 2**30 - 1).any())
    seen.note("loihi corners", "bias 1 − 2^30", (parameters.bias == 1 - 2**30).any())
    readers = [j for j, other in enumerate(model.ops) if other.inputs == op.outputs]
    seen.note("loihi corners", "recurrent", any(model.ops[j].outputs == op.inputs for j in readers))
    seen.note("loihi corners", "a tick late", any(j < i and model.ops[j].outputs != op.inputs for j in readers))
    seen.note("loihi corners", "period without arrays", parameters.period and parameters.flags == 0)
    seen.note("loihi corners", "behind a convolution", parameters.period and parameters.flags and any(
        other.kind == Kind.CONVOLUTION and other.outputs == op.inputs and other.parameters.target_channels == parameters.period
        for other in model.ops))
