"""Programs of neurons of Loihi and Xylo."""

from itertools import product

from drawing.dice import Wishes
from drawing.draft import Draft
from drawing.kinds import ENCODINGS, JOINS, KINDS
from drawing.loihi import Loihis
from drawing.spatial import SpatialMaker
from drawing.xylo import Xylos
from snnrt.file import COMPARISONS


class ChipsMaker(Loihis, Xylos, SpatialMaker):
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

    def of_kind(self, draft, kind, count, channels=None, persistent=None):
        if kind == "spikes" and self.dice.chance(65):
            return self.loihi(draft, count, channels, persistent)
        return super().of_kind(draft, kind, count, channels, persistent)

    def neurons(self, draft, count, channels=None, persistent=None, bits=1):
        if bits == 1 and self.dice.chance(90):
            return self.loihi(draft, count, channels, persistent)
        return super().neurons(draft, count, channels, persistent, bits)

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
        """Counts of up to 15 a channel; hidden neurons of two currents and up to 31 spikes, recurrent; outputs of one;
        readout."""
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
        first, second, output = (self.loihi(draft, count, persistent=True)
                                 for count in (dice.pick((16, 24, 33)), 24, dice.pick((4, 7))))
        self.place(draft, output, second["target"])
        self.place(draft, second, first["target"])
        self.place(draft, first, values, *[first["target"]] * dice.chance(50))
        draft.op("readout", source=output["target"], window=dice.pick((8, 12, 24)), reset_network=False)
        return draft
