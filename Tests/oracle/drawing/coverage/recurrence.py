"""What programs show of recurrence."""

from itertools import product

from drawing.coverage.names import YES_NO
from reader import Kind

LIMITS = ("the slot's", "2^20 and more", "302 … 2^20", "301 and less")  # of a recurrence
PLACES = (1, 2, 3, 4, 5, 7, 8, 9, 16, 17)  # of 16 segments of a recurrence


KINDS = ("recurrence",)


def required():
    return {
        "segments": [f"{segments} of {places} {form}{fit}" for form in ("real", "complex") for segments, places, fit in (
            *product((1,), (1, 2, 3, "more"), ("",)), *product((2, 3, 4, 8, "other"), (1, "more"), ("", ", not filled")),
            *product((16,), PLACES, ("", ", not filled")))],
        "recurrence op": [f"{width} bits, bias per unit: {answer}, L {limit}" for width, answer,
                          limit in product((16, 32), YES_NO, LIMITS)
                          if width == 32 or limit != LIMITS[1]] + [
                f"{form} of {poles} poles" for form, poles in product(("real", "complex"), range(1, 9))],
        "recurrence corners": ["substeps 1", "substeps 2–3", "substeps 4–16", "output shift 0", "output shift 1–29",
                               "output shift 30",
                               "fraction bits 0", "fraction bits above 0", "1 unit", "several units", "factor −2^31",
                               "factor 2^31 − 1",
                               "a real pole beside complex ones", "initial value beyond L", "at rest beside others",
                               "products wrapped",
                               "sums wrapped", "a segment without an element", "factors where there is none",
                               *(f"saturated {what} {width}" for what in ("input", "state") for width in (16, 32))],
        "reader of a recurrence": [f"{reader} of {width} bits"
                                   for reader in ("dense", "sparse", "convolution", "delay", "readout", "pool")
                                   for width in (16, 32)] + ["by itself", "above its writer", "recurrence"],
    }


def note(seen, model, i, op):
    if not seen.happens:
        return
    parameters, slot = op.parameters, model.slots[op.outputs[0]]
    order, limit, factors = parameters.order, parameters.limit, parameters.factors
    poles, _, parts, _ = factors.shape
    form = ("real", "complex")[parts - 1]
    segments, places = parameters.segments, parameters.places
    fit = ", not filled" * (order < segments * places)
    named = places if places in {1: (1, 2, 3), 16: PLACES}.get(segments, (1,)) else "more"
    seen.note("segments", f"{segments if segments in (1, 2, 3, 4, 8, 16) else 'other'} of {named} {form}{fit}")
    bound = LIMITS[0 if limit == slot.limit else 1 if limit >= 2**20 else 2 if limit > 301 else 3]
    seen.note("recurrence op", f"{slot.bits} bits, bias per unit: {YES_NO[parameters.flags & 1]}, L {bound}")
    seen.note("recurrence op", f"{form} of {poles} poles")
    for what, value, ranges in (("substeps", parameters.substeps, ((1, 1), (2, 3), (4, 16))),
                                ("output shift", parameters.output_shift, ((0, 0), (1, 29), (30, 30)))):
        for low, high in ranges:
            seen.note("recurrence corners", f"{what} {low}" + f"–{high}" * (low < high), low <= value <= high)
    for what, holds in (("fraction bits 0", parameters.fraction_bits == 0),
                        ("fraction bits above 0", parameters.fraction_bits > 0),
                        ("1 unit", slot.count == order), ("several units", slot.count > order),
                        ("factor −2^31", (factors == -2**31).any()), ("factor 2^31 − 1", (factors == 2**31 - 1).any()),
                        ("a real pole beside complex ones",
                         parts == 2 and poles > 1 and not factors[-1, :, 1].any() and factors[:, :, 1].any()),
                        ("a segment without an element", order <= (segments - 1) * places),
                        ("factors where there is none", order < segments * places and factors[:, places - 1, :, -1].all()),
                        ("initial value beyond L", abs(slot.initial) > limit)):
        seen.note("recurrence corners", what, holds)
    for j, other in enumerate(model.ops):
        if other.inputs == op.outputs:
            seen.note("reader of a recurrence", f"{Kind(other.kind).name.lower()} of {slot.bits} bits")
            seen.note("reader of a recurrence", "by itself", other.outputs == op.inputs)
            seen.note("reader of a recurrence", "above its writer", j < i and other.outputs != op.inputs)
            seen.note("reader of a recurrence", "recurrence", j > i and any(
                third.kind == Kind.RECURRENCE and third.inputs == other.outputs for third in model.ops))


def note_program(seen, model, network, frames, tally):
    for key, count in tally.items():
        for start, item in (("recurrence ", ""), ("saturated recurrence ", "saturated ")):
            if key.startswith(start):
                seen.note("recurrence corners", item + key[len(start):], count)
