"""What programs show of lif."""

from itertools import product

from drawing.coverage.names import COMPARISONS, FIELDS, MODELS, RESETS, YES_NO
from drawing.coverage.period import note_period
from ops.lif import LifOp

NAMES_WITHOUT_LEAK = {"LIF": "IF", "CuBa-LIF": "CuBa-IF", "LI": "I"}
RATES = ((1, 5), (5, 15), (15, 30), (30, 60))


KINDS = ("lif",)


def variants():
    """model, reset, comparison, state width and whether there are refractory ticks, of every population."""
    for model, width in product(MODELS, (16, 32)):
        if model.endswith("LI"):
            yield f"{model} none {width}"
            continue
        for comparison in COMPARISONS:
            if not model.endswith("ALIF"):
                yield from (f"{model} {reset} {comparison} {width}" for reset in RESETS[1:3])
            yield from (f"{model} {reset} {comparison} {width} refractory: {answer}"
                        for reset in RESETS[3:] for answer in YES_NO)


def variant_of(parameters):
    words = [MODELS[parameters.model - 1], RESETS[parameters.reset], str(parameters.width)]
    if parameters.is_spiking:
        words.insert(2, COMPARISONS[parameters.comparison])
    if parameters.resets_in_same_tick:
        words.append(f"refractory: {YES_NO[parameters.refractory > 0]}")
    return " ".join(words)


def fields_of(model):
    return ["decay", *["synaptic decay"] * model.startswith("CuBa"), *["threshold"] * (not model.endswith("LI")), "bias",
            *["threshold decay", "threshold step"] * model.endswith("ALIF")]


def required():
    flags = [f"{variant} per-neuron {field}: {answer}" for variant in variants()
             for field in fields_of(variant.split()[0]) for answer in YES_NO]
    spiking = [model for model in MODELS if not model.endswith("LI")]
    return {
        "lif variant": list(variants()),
        "lif flags": flags,
        "lif fraction bits": [str(i) for i in range(16)],
        "lif corners": [f"{field} {value}" for field in ("decay", "synaptic decay", "threshold decay")
                        for value in (0, 32768)] + ["threshold step 0", "threshold step L"] + [
            f"threshold {value}, {when} tick, {comparison}" for value in ("0", "L") for when in ("next", "same")
            for comparison in COMPARISONS],
        "without leak": list(NAMES_WITHOUT_LEAK.values()),
        "equal to the threshold": [f"{when} {comparison}" for when in ("next tick", "same tick", "multiple")
                                   for comparison in COMPARISONS],
        "refractory ticks": ["1", "2–9", "longer than the run", "neurons held"],
        "adaptive threshold": ["holds back a spike"] + [f"{model} {reset} fires in 5–60 % and adapts" for model, reset in
                                                        product(MODELS[4:], RESETS[3:])],
        "graded × model": [f"{bits} bits {model}" for bits, model in product(range(2, 9), spiking)],
        "graded × comparison × reset": [f"{bits} bits {comparison} {reset}" for bits, comparison, reset in
                                        product(range(2, 9), COMPARISONS, RESETS[3:])],
        "graded spikes": [f"{bits} bits: {what}" for bits, what in product(range(2, 9), ("between", "greatest"))],
        "resets": list(RESETS[1:]),
        "firing rate %": [f"{low}–{high}" for low, high in RATES],
    }


def note(seen, model, _, op):
    parameters, name = op.parameters, MODELS[op.parameters.model - 1]
    variant, target = variant_of(parameters), model.slots[op.outputs[0]]
    comparison = COMPARISONS[parameters.comparison]
    seen.note("lif variant", variant)
    values = {field: getattr(parameters, field.replace(" ", "_")) for field in fields_of(name)}
    for field in values:
        seen.note("lif flags", f"{variant} per-neuron {field}: {YES_NO[bool(parameters.flags & FIELDS[field])]}")
    seen.note("lif fraction bits", str(parameters.fraction_bits))
    for field in ("decay", "synaptic decay", "threshold decay"):
        for corner in (0, 32768):
            seen.note("lif corners", f"{field} {corner}", field in values and (values[field] == corner).any())
    seen.note("without leak", NAMES_WITHOUT_LEAK.get(name), (parameters.decay == 32768).all())
    for corner, value in (("0", 0), ("L", parameters.limit)):
        when = "same" if parameters.resets_in_same_tick else "next"
        seen.note("lif corners", f"threshold {corner}, {when} tick, {comparison}",
                  parameters.is_spiking and (parameters.threshold == value).any())
        seen.note("lif corners", f"threshold step {corner}",
                  parameters.is_adaptive and (parameters.threshold_step == value).any())
    for field in FIELDS:
        seen.note("period", f"of {field}", parameters.period and parameters.flags & FIELDS[field])
    note_period(seen, model, op, "lif", parameters.flags)
    ticks = parameters.refractory
    seen.note("refractory ticks", "1" if ticks == 1 else "2–9" if ticks <= 9 else "longer than the run", ticks)
    if target.is_graded:
        seen.note("graded × model", f"{target.bits} bits {name}")
        seen.note("graded × comparison × reset", f"{target.bits} bits {comparison} {RESETS[parameters.reset]}")


def note_program(seen, model, network, frames, tally):
    for i, reset in enumerate(RESETS[1:], 1):
        seen.note("resets", reset, tally[f"resets {i}"])
    for i, comparison in enumerate(COMPARISONS):
        for when in ("next tick", "same tick", "multiple"):
            seen.note("equal to the threshold", f"{when} {comparison}", tally[f"equal {when} {i}"])
    seen.note("refractory ticks", "neurons held", tally["held"])
    seen.note("adaptive threshold", "holds back a spike", tally["held back by adaptation"])
    for bits, what in product(range(2, 9), ("between", "greatest")):
        seen.note("graded spikes", f"{bits} bits: {what}", tally[f"graded {bits} {what}"])
    for op in network.ops:
        if isinstance(op, LifOp) and op.parameters.is_spiking:
            possible = op.neurons * network.ticks
            seen.rates["never" if op.events == 0 else f"{100 * op.events // possible // 5 * 5} %"] += 1
            for low, high in RATES:
                seen.note("firing rate %", f"{low}–{high}", low * possible <= 100 * op.events < high * possible)
            seen.note("adaptive threshold", f"{MODELS[op.parameters.model - 1]} {RESETS[op.parameters.reset]} fires in "
                      "5–60 % and adapts", op.adaptation.any() and 5 * possible <= 100 * op.events <= 60 * possible)
