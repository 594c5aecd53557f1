"""What programs show of xylo."""

from itertools import product

from drawing.coverage.names import YES_NO

XYLO_FIELDS = ("membrane dash", "synaptic dash", "threshold", "bias", "alias")


KINDS = ("xylo",)


def required():
    return {
        "xylo": [f"P = {currents}, {bits} bits" for currents, bits in product((1, 2), range(1, 9))],
        "xylo flags": [f"{field}: {answer}" for field, answer in product(XYLO_FIELDS, YES_NO)],
        "xylo dashes": [f"{field} {value}" for field, value in product(XYLO_FIELDS[:2], range(16))],
        "xylo corners": ["threshold 0", "threshold 32767", "bias −32768", "bias 32767", "recurrent", "leak of −32768",
                         "current of −32767",
                         *(f"{where} {direction}" for where in ("currents", "change", "membrane")
                           for direction in ("above", "below")),
                         "reaches θ exactly", "left at smax", "several spikes", "own spikes on given ones",
                         "given ones reach smax",
                         "alias above", "alias below", "alias itself", "alias saturates"],
    }


def note(seen, model, i, op):
    parameters, source, target = op.parameters, model.slots[op.inputs[0]], model.slots[op.outputs[0]]
    seen.note("xylo", f"P = {source.count // target.count}, {target.bits} bits", seen.happens)
    for bit, field in enumerate(XYLO_FIELDS):
        seen.note("xylo flags", f"{field}: {YES_NO[parameters.flags >> bit & 1]}", seen.happens)
        for value in range(16) if bit < 2 else ():
            seen.note("xylo dashes", f"{field} {value}", (getattr(parameters, field.replace(" ", "_")) == value).any())
    for name, values, value in (("threshold 0", parameters.threshold, 0), ("threshold 32767", parameters.threshold, 32767),
                                ("bias −32768", parameters.bias, -32768), ("bias 32767", parameters.bias, 32767)):
        seen.note("xylo corners", name, (values == value).any())
    seen.note("xylo corners", "recurrent", seen.happens and any(
        other.inputs == op.outputs and other.outputs == op.inputs for other in model.ops))
