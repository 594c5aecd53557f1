"""Drawing of lif."""

from collections import namedtuple

import numpy as np

from snnrt.file import COMPARISONS

FIELDS = {"decay": 1, "synaptic_decay": 2, "threshold": 4, "bias": 8, "threshold_decay": 16, "threshold_step": 32}  # flags
MODELS = {"LIF": 1 + 4 + 8, "CuBa-LIF": 15, "LI": 1 + 8, "CuBa-LI": 1 + 2 + 8, "ALIF": 63 - 2, "CuBa-ALIF": 63}  # their fields


# What `population` makes. Of a memory, `model` is the encoding and only width and flags count; `refracts` is
# whether there are refractory ticks.
Wish = namedtuple("Wish", "make model width flags reset comparison refracts", defaults=("none", ">", False))


class Lifs:
    """What draws populations."""

    def population(self, draft, base, wish, most=130, count=None, persistent=None, kind=None):
        """Slots and op of a population; thresholds, their steps and fraction bits are set by `calibrate`. Returns the op,
        unplaced. kind: that of the target, where the wish leaves it open."""
        dice = self.dice
        make, model, width, flags, reset, comparison, refracts = wish
        if make == "memory":
            order = dice.pick((1, 2, 3, 4, 5, 6, 8, 9, 12, 24)) if count is None else 4
            units = max(1, min(self.size(base, 24), most // order, 130 // order)) if count is None else count
            current = draft.slot("current", units)
            target = draft.slot("analog", units * order, bits=width, persistent=True, initial=dice.pick((0, 0, 1, -77, 32767)))
            return {"make": make, "current": current, "target": target} | self.memory(draft, units, order, model, width, flags)
        count = count or self.size(base, most)
        current = draft.slot("current", count)
        if reset == "none":
            target = draft.slot("analog", count, bits=width, persistent=True, initial=dice.pick((0, 0, 5, -32767, 32767)))
        else:
            bits = 1
            if reset.endswith("at once"):
                bits = self.spike_bits.next(lambda bits: kind is None or (bits > 1) == (kind == "graded"))
            target = draft.slot("spikes", count, persistent=dice.chance(60) if persistent is None else persistent, bits=bits)
        limit = 32767 if width == 16 else 2**30 - 1
        swing = limit >> dice.between(4, 12)
        op = {"make": "lif", "current": current, "target": target, "model": model, "reset": reset, "width": width,
              "comparison": comparison, "refractory": dice.pick((1, 1, 2, 3, 5, 9, 100, 32767)) if refracts else 0}
        for field, shared, low, high in (
                ("decay", dice.pick((0, 16384, 32768, 30000, 32700, dice.between(1, 32767))), 20000, 32768),
                ("synaptic_decay", dice.pick((0, 16384, 32768, 29000, dice.between(1, 32767))), 10000, 32768),
                ("bias", dice.pick((0, 0, dice.between(-swing, swing))), -swing, swing),
                ("threshold_decay", dice.pick((0, 16384, 32768, 31000, 32700, dice.between(1, 32767))), 16000, 32768),
                ("threshold", limit, limit, limit), ("threshold_step", 0, 0, 0)):
            if MODELS[model] & FIELDS[field]:
                op[field] = dice.array(count, low, high) if flags & FIELDS[field] else shared
        return op

    def with_period(self, op, count, channels=None):
        """A period of `channels`, or of another divisor of the count."""
        dice = self.dice
        if channels is None or dice.chance(20):
            channels = dice.pick([i for i in range(1, count + 1) if count % i == 0])
        for field in FIELDS:
            if np.ndim(op.get(field, 0)):
                op[field] = op[field][:channels]
        return op | {"period": channels}


def variants():
    """(model, reset, width, comparison, refracts) of every population."""
    for width in (16, 32):
        for model in MODELS:
            if model.endswith("LI"):
                yield model, "none", width, ">", False
                continue
            for comparison in COMPARISONS:
                if not model.endswith("ALIF"):
                    yield from ((model, reset, width, comparison, False) for reset in ("subtract", "zero"))
                yield from ((model, f"{reset} at once", width, comparison, refracts)
                            for reset in ("subtract", "zero") for refracts in (False, True))


def with_flags(dice, model, reset, width, comparison, refracts):
    """Four wishes for a variant, with each field per neuron in two of them."""
    fields = MODELS[model]
    return [Wish("lif", model, width, flags, reset, comparison, refracts)
            for some in (dice.between(0, 63) & fields, dice.between(0, 63) & fields) for flags in (some, fields - some)]


def kinds_of_population(wish):
    if wish.reset == "none":  # memories too
        return ("wide",) if wish.width == 32 else ("analog",)
    return ("spikes", "graded") if wish.reset.endswith("at once") else ("spikes",)
