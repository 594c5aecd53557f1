"""Programs of input, dense, block, lif, memory and readout."""

from drawing.calibration import frames_for
from drawing.dense import Projections
from drawing.dice import Wishes
from drawing.draft import Draft
from drawing.input import Inputs
from drawing.lif import Lifs, Wish, kinds_of_population, variants, with_flags
from drawing.memory import Memories
from drawing.readout import Readouts
from snnrt.file import COMPARISONS

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 20, 24, 31, 32, 33, 40, 47, 63, 64, 65, 100, 127, 128, 129, 130)


class PlainMaker(Inputs, Lifs, Memories, Projections, Readouts):
    """Draws programs; deals out the combinations that the set must cover."""

    def __init__(self, dice):
        self.dice = dice
        lifs = [wish for variant in variants() for wish in with_flags(dice, *variant) * (1 if variant[1] != "none" else 3)]
        memories = [Wish("memory", encoding, width, flags)
                    for encoding in ("int8", "int16") for width in (16, 32) for flags in (0, 1)]
        self.populations = Wishes(dice, lifs + 8 * memories)
        self.spike_bits = Wishes(dice, (1, 1, 1, *range(2, 9)))
        self.projections = {kind: Wishes(dice, [(encoding, join) for encoding in ("binary", "ternary", "int4", "int8", "int16")
                                                for join in ("add", "left", "right", "multiplier")])
                            for kind in ("spikes", "graded", "analog", "wide")}
        self.readouts = Wishes(dice, [(integration, resets, kind, shifted)
                                      for integration in ("sum", "last", "leaky") for resets in (False, True)
                                      for kind in ("spikes", "graded", "analog", "wide") for shifted in (False, True)])
        self.evidence = {(integration, resets): Wishes(dice, ["plain", "plain", "leak", "no leak", "no leak"] + rings)
                         for integration, rings in (("leaky", []), *((name, ["few, early", "few", "many, early", "many"])
                                                                     for name in ("sum", "last")))
                         for resets in (False, True)}
        self.input_bits = Wishes(dice, range(2, 17))
        self.sizes = Wishes(dice, SIZES)

    def drawn(self, i, ticks):
        """Program number i of the set: draft, shape and frames."""
        if i % 16 == 8:
            draft, shape = self.l2mu(f"{i:03d}-l2mu"), "L2MU"
        else:
            draft, shape = self.random_program(f"{i:03d}-random", is_simple=i % 16 == 4), ""
        return draft, shape, frames_for(draft, ticks, self.dice)

    def take_back(self, draft, network):
        """Called after the last tick of a program."""

    def size(self, base, most=130):
        if base > 1 and self.dice.chance(80):
            return base * self.dice.between(1, max(1, min(most, 60) // base))
        return self.sizes.next(lambda size: size <= most)

    def random_program(self, name, is_simple=False):
        """is_simple: without CuBa-LI, resets in the same tick, graded spikes and evidence."""
        dice = self.dice
        draft = Draft(dice, name)
        base = dice.pick((1, 1, 2, 3, 4, 5, 8))
        values = self.front(draft, self.size(base, dice.pick((3, 6, 12, 130))))
        readout = self.readouts.next(lambda wish: not is_simple or wish[2] != "graded")

        def allowed(wish):
            return not is_simple or (wish.model != "CuBa-LI" and not wish.reset.endswith("at once") and wish.comparison == ">")

        populations = [self.population(draft, base, self.populations.next(allowed)) for _ in range(dice.between(1, 3))]
        outputs = [values] + [population["target"] for population in populations]
        fitting = [slot for slot in outputs if draft.source_kind(slot) == readout[2] and draft.count(slot) <= 40]
        if not fitting:
            wish = self.populations.next(lambda wish: allowed(wish) and readout[2] in kinds_of_population(wish))
            populations.append(self.population(draft, base, wish, most=12, kind=readout[2]))
            outputs.append(populations[-1]["target"])
            fitting = outputs[-1:]
        if draft.slots[values].get("persistent") and dice.chance(50):
            front = draft.ops.pop()  # the input op below its readers, which then see the last tick's values
            self.connect(draft, populations, outputs)
            draft.ops.append(front)
        else:
            self.connect(draft, populations, outputs)
        self.readout(draft, dice.pick(fitting), readout, "plain" if is_simple else None)
        return draft

    def connect(self, draft, populations, outputs):
        """Places each population's projections and op, in order."""
        dice = self.dice
        for i, population in enumerate(populations):
            target = population["target"]
            above = [outputs[0]] + [other["target"] for other in populations[:i]]
            recurrent = [slot for slot in outputs if slot not in above and draft.slots[slot].get("persistent")]
            sources = [dice.pick(above[-2:])]
            while len(sources) < 4 and dice.chance(45):
                sources.append(dice.pick(above + recurrent))
            if target in recurrent and dice.chance(50):
                sources.append(target)
            for source in sources:
                self.projection(draft, source, population["current"], population.get("width", 32))
                if dice.chance(6):  # once more, with the same parameters
                    draft.ops.append(dict(draft.ops[-1]))
            draft.ops.append(population)

    def l2mu(self, name):
        """input → dense → LIF; u; memory of LIFs in blocks; hidden with recurrence; output; readout sum."""
        dice = self.dice
        draft = Draft(dice, name)
        values = self.front(draft, dice.pick((3, 6, 9)), bits=dice.pick((8, 12, 16)))
        units, order, hidden = dice.pick((2, 3, 5)), dice.pick((4, 6, 9)), dice.pick((16, 21, 30))
        width = dice.pick((16, 32))
        model = dice.pick(("LIF", "CuBa-LIF", "ALIF", "CuBa-ALIF"))
        resets = ("subtract", "zero", "subtract at once", "zero at once")[2 * model.endswith("ALIF"):]

        def lif(count, flags=0, persistent=True):
            reset = dice.pick(resets)
            wish = Wish("lif", model, width, flags, reset, dice.pick(list(COMPARISONS)),
                        reset.endswith("at once") and dice.chance(30))
            return self.population(draft, 1, wish, count=count, persistent=persistent)

        encoder, writing, memory = lif(hidden, persistent=False), lif(units), lif(units * order)
        hidden_layer, output = lif(hidden, flags=4), lif(dice.pick((4, 6, 7)), persistent=False)
        encoding = dice.pick(("ternary", "int4", "int8"))

        def project(source, target, groups=None, encoding=encoding):
            self.projection(draft, source["target"], target["current"], width, (encoding, dice.pick(("add", "multiplier"))),
                            groups or 0)

        project({"target": values}, encoder, encoding="int8")
        draft.ops.append(encoder)
        for source in (encoder, hidden_layer, memory):
            project(source, writing)
        draft.ops.append(writing)
        project(writing, memory, units, "int8")
        project(memory, memory, units, "int8")
        draft.ops.append(memory)
        for source in (encoder, memory, hidden_layer):
            project(source, hidden_layer)
        draft.ops.append(hidden_layer)
        project(hidden_layer, output)
        draft.ops.append(output)
        window, hops = dice.pick((12, 24)), dice.pick((1, 1, 2, 4, 12))
        draft.op("readout", source=output["target"], window=window, hop=window // hops, reset_network=dice.chance(50))
        return draft
