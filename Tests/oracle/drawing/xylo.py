"""Drawing of xylo and of dense projections into synaptic slots."""

from math import isqrt

from drawing.values import draw_weights, toward_zero
from snnrt.file import NONE


class Xylos:
    """What draws populations of Xylo."""

    def xylo(self, draft, count, wish=None, persistent=None):
        """An unplaced population; `calibrate` sets thresholds."""
        dice = self.dice
        currents, bits = wish = wish or self.xylo_wishes.next()
        synaptic = draft.slot("synaptic", currents * count)
        target = draft.slot("spikes", count, persistent=dice.chance(70) if persistent is None else persistent, bits=bits)
        op = {"make": "xylo", "synaptic": synaptic, "target": target}
        flags = dice.between(0, 31)
        swing = 32767 >> dice.between(5, 11)
        for i, (field, size, shared, low, high) in enumerate((
                ("membrane_dash", count, dice.pick((0, 1, 2, 3, 4, 5, 5, 8, 15)), 0, dice.pick((5, 15))),
                ("synaptic_dash", currents * count, dice.pick((0, 1, 1, 2, 3, 4, 5, 9, 15)), 0, dice.pick((5, 15))),
                ("threshold", count, 700, 400, 1200), ("bias", count, dice.pick((0, 0, dice.between(-swing, swing))), -swing,
                                                       swing))):
            op[field] = dice.array(size, low, high) if flags >> i & 1 else shared
        if flags & 8 and dice.chance(20):
            op["bias"][dice.between(0, count - 1)] = dice.pick((32767, -32768, -32768))
        if flags & 16 and bits > 1:
            aliases = dice.array(count, 0, count - 1)
            aliases[dice.array(count, 0, 2) == 0] = NONE
            op["aliases"] = aliases
        self.dealt.append((self.xylo_wishes, wish, op))
        return op

    def synapses(self, draft, source, synaptic, wish=None):
        """A dense projection into a synaptic slot, whose sums come from 7 bits, which saturate rarely, to 17."""
        dice, kind = self.dice, draft.source_kind(source)
        wish = wish or self.synaptic_wishes.next(lambda wish: wish[0] == kind)
        _, encoding, join = wish
        counts = draft.count(synaptic), draft.count(source)
        arguments = {"source": source, "target": synaptic, "encoding": encoding, "join": join}
        greatest, typical = self.strength(draft, source, arguments)
        amplitude = self.amplitude(encoding, counts[1] * greatest)
        weights = draw_weights(dice, encoding, counts, amplitude)
        size = ((amplitude + 1) * typical * (isqrt(counts[1]) + 1) // 2).bit_length()
        wanted = dice.between(7, 17)
        if join == "left":
            arguments["shift"] = max(0, min(8, wanted - size))
        elif encoding.startswith("int") and size > wanted:
            weights = toward_zero(weights, size - wanted)
        self.dealt.append((self.synaptic_wishes, wish, draft.op("dense", weights=weights, **arguments)))
        if dice.chance(6):  # once more, with the same parameters
            draft.ops.append(dict(draft.ops[-1]))

    def place_xylo(self, draft, population, *sources):
        """A projection from each source, then the population; returns its target."""
        for source in sources:
            self.synapses(draft, source, population["synaptic"])
        draft.ops.append(population)
        return population["target"]

    def narrow(self, draft, slots):
        """Those that can go into a synaptic slot."""
        return [slot for slot in slots if draft.source_kind(slot) != "wide"]
