"""Drawing random programs of what format 1.3 added: neurons of Loihi and Xylo, synaptic slots."""

from itertools import product
from math import isqrt

from draw import Draft, Wishes, draw_weights, toward_zero
from draw_ops import ENCODINGS, JOINS, KINDS, OpsMaker
from snnrt.file import COMPARISONS, NONE


class ChipsMaker(OpsMaker):
    """Places ops as it goes. Of what reads a current and gives plain spikes, most are Loihi's neurons."""

    def __init__(self, dice):
        super().__init__(dice)
        self.loihi_wishes = Wishes(dice, product(COMPARISONS, range(-8, 8)))
        self.loihi_spreads = Wishes(dice, ("shared", "per neuron", "period", "period"))
        self.xylo_wishes = Wishes(dice, product((1, 2), (1, 1, *range(1, 9))))
        self.synaptic_wishes = Wishes(dice, product(KINDS[:3], ENCODINGS[:4], JOINS[:2]))

    def program(self, name, i):
        number = i % 12
        make, shape = ((self.xylo_program, "xylo program") if number < 4 else
                       (self.sparse_program, "loihi sparse program") if number < 6 else
                       (self.convolution_program, "loihi convolution program") if number < 8 else
                       (self.spiking_cnn, "loihi cnn") if number == 8 else
                       (self.loihi_network, "loihi network") if number == 9 else (self.xylo_network, "xylo network"))
        draft = Draft(self.dice, name)
        draft.is_lively = True
        self.dealt = []
        return make(draft), shape

    # Parts of programs.

    def of_kind(self, draft, kind, count, channels=None, persistent=None):
        if kind == "spikes" and self.dice.chance(65):
            return self.loihi(draft, count, channels, persistent)
        return super().of_kind(draft, kind, count, channels, persistent)

    def neurons(self, draft, count, channels=None, persistent=None, bits=1):
        if bits == 1 and self.dice.chance(90):
            return self.loihi(draft, count, channels, persistent)
        return super().neurons(draft, count, channels, persistent, bits)

    def loihi(self, draft, count, channels=None, persistent=None):
        """An unplaced population; `calibrate` sets thresholds. channels: what a period should be, if there is one."""
        dice = self.dice
        comparison, exponent = wish = self.loihi_wishes.next()
        spread = self.loihi_spreads.next()
        current = draft.slot("current", count)
        target = draft.slot("spikes", count, persistent=dice.chance(60) if persistent is None else persistent, bits=1)
        op = {"make": "loihi", "current": current, "target": target, "comparison": comparison, "exponent": exponent}
        length = count
        if spread == "period":
            length = channels if channels and dice.chance(80) else dice.pick([i for i in range(1, count + 1) if count % i == 0])
            op["period"] = length
        flags = 0 if spread == "shared" else dice.between(1 if spread == "per neuron" else 0, 15)
        swing = 2 ** dice.between(8, 18)
        for i, (field, shared, low, high) in enumerate((
                ("current_decay", dice.pick((0, 0, 4096, 4096, 4095, 2048, 1, dice.between(1, 4095))), 500, 4096),
                ("voltage_decay", dice.pick((0, 4096, 163, 415, 1, dice.between(1, 4095))), 0, 2000),
                ("threshold", 2 ** (12 + max(exponent, 0)), 2 ** (11 + max(exponent, 0)), 2 ** (12 + max(exponent, 0))),
                ("bias", dice.pick((0, 0, dice.between(-swing, swing))), -swing, swing))):
            op[field] = dice.array(length, low, high) if flags >> i & 1 else shared
        if flags & 8 and dice.chance(30):
            op["bias"][dice.between(0, length - 1)] = dice.pick((2**30 - 1, 1 - 2**30))
        self.dealt.append((self.loihi_wishes, wish, op))
        return op

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
                ("threshold", count, 700, 400, 1200), ("bias", count, dice.pick((0, 0, dice.between(-swing, swing))), -swing, swing))):
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

    # Programs.

    def xylo_program(self, draft):
        """Xylo populations on the input and on populations of other kinds, recurrent and not; others behind them."""
        dice = self.dice
        outputs = [self.front(draft, dice.pick((1, 2, 3, 5, 8, 17)), bits=dice.pick((2, 3, 4, 5, 6, 8, 8, 10, 12, 16)))]
        for kind in dice.shuffled(("spikes", "graded", "analog"))[:dice.between(1, 2)]:
            outputs.append(self.place(draft, self.of_kind(draft, kind, dice.pick((1, 2, 4, 9, 16, 33))), outputs[0]))
        if dice.chance(50):
            outputs.append(self.delay(draft, dice.pick(self.narrow(draft, outputs))))
        made = [self.xylo(draft, dice.pick((1, 2, 3, 5, 8, 13, 24, 32, 40))) for _ in range(dice.between(2, 3))]
        for i, population in enumerate(made):
            sources = [dice.pick(self.narrow(draft, outputs)) for _ in range(dice.between(1, 3))]
            below = [other["target"] for other in made[i:] if draft.slots[other["target"]]["persistent"]]
            if below and dice.chance(60):
                sources.append(dice.pick(below))
            outputs.append(self.place_xylo(draft, population, *sources))
            for _ in range(dice.between(1, 2)):
                outputs += self.neighbour(draft, outputs[-1], outputs)
        return self.finish(draft, outputs)

    def neighbour(self, draft, source, outputs):
        """Something that reads `source`, and the slots it makes."""
        dice, count = self.dice, draft.count(source)
        what = dice.between(0, 5)
        if what == 0:
            return [self.delay(draft, source)]
        if what == 1:
            pooled, shape = self.pool(draft, source, (1, count, 1))
            return [pooled] if draft.slots[pooled]["make"] != "current" else [self.behind(draft, pooled, shape, outputs)]
        if what == 2:
            current, shape = self.convolution(draft, source, (1, count, 1), self.convolution_wishes.next(
                lambda wish: wish[0] == draft.source_kind(source)))
            return [self.behind(draft, current, shape, outputs)]
        made = self.of_kind(draft, dice.pick(("spikes", "spikes", "graded", "analog", "wide")), dice.pick((1, 2, 3, 6, 12, 24)))
        if what == 3:
            self.sparse(draft, source, made["current"], width=made.get("width", 32))
            draft.ops.append(made)
            return [made["target"]]
        return [self.place(draft, made, source)]

    def xylo_network(self, draft):
        """Counts of up to 15 a channel; hidden neurons of two currents and up to 31 spikes, recurrent; outputs of one; readout."""
        dice = self.dice
        values = self.front(draft, dice.pick((3, 6)), bits=dice.pick((6, 8)))
        encoder = super().neurons(draft, dice.pick((6, 8, 12)), bits=4)
        counts = self.place(draft, encoder, values)
        hidden = self.xylo(draft, dice.pick((16, 21, 32)), (2, 5), persistent=True)
        for source in (counts, hidden["target"]):
            self.synapses(draft, source, hidden["synaptic"], ("graded", dice.pick(("int4", "int8")), dice.pick(("add", "left"))))
        draft.ops.append(hidden)
        output = self.xylo(draft, dice.pick((3, 7)), (1, 1), persistent=False)
        self.place_xylo(draft, output, hidden["target"])
        draft.op("readout", source=output["target"], window=dice.pick((8, 12, 24)), reset_network=dice.chance(50))
        return draft

    def loihi_network(self, draft):
        """Layers of Loihi's neurons, each of which reads the last tick's spikes of the one before; readout."""
        dice = self.dice
        values = self.front(draft, dice.pick((3, 6, 12)), bits=dice.pick((6, 8, 12)))
        first, second, output = (self.loihi(draft, count, persistent=True) for count in (dice.pick((16, 24, 33)), 24, dice.pick((4, 7))))
        self.place(draft, output, second["target"])
        self.place(draft, second, first["target"])
        self.place(draft, first, values, *[first["target"]] * dice.chance(50))
        draft.op("readout", source=output["target"], window=dice.pick((8, 12, 24)), reset_network=False)
        return draft
