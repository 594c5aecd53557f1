"""Placing of populations and what they read."""

from drawing.lif import Wish, kinds_of_population
from snnrt.file import COMPARISONS


class Placing:
    """What puts ops in order, as it goes."""

    def of_kind(self, draft, kind, count, channels=None, persistent=None):
        """An unplaced population whose target is of `kind`; channels: what a period should be, if there is one."""
        dice = self.dice
        if kind == "analog" and dice.chance(80):
            return self.activation(draft, count, channels, persistent)
        wish = self.populations.next(lambda wish: wish.make == "lif" and kind in kinds_of_population(wish))
        op = self.population(draft, 1, wish, count=count, kind=kind, persistent=persistent)
        return self.with_period(op, count, channels) if channels or dice.chance(20) else op

    def place(self, draft, population, *sources):
        """A dense or block projection from each source, then the population; returns its target."""
        for source in sources:
            self.projection(draft, source, population["current"], population.get("width", 32))
        draft.ops.append(population)
        return population["target"]

    def finish(self, draft, outputs):
        """The readout of one of `outputs`."""
        small = [slot for slot in outputs if draft.count(slot) <= 40] or outputs
        kinds = {draft.source_kind(slot) for slot in small}
        readout = self.readouts.next(lambda wish: wish[2] in kinds)
        self.readout(draft, self.dice.pick([slot for slot in small if draft.source_kind(slot) == readout[2]]), readout)
        return draft

    def sum_of(self, draft, source, current):
        self.projection(draft, source, current, 32)

    def behind(self, draft, current, shape, outputs):
        """A population that reads `current`, into which more may be projected, some from its own persistent target."""
        dice = self.dice
        count = draft.count(current)
        population = self.of_kind(draft, dice.pick(("spikes", "spikes", "graded", "analog", "analog", "analog", "wide")), count,
                                  shape[2] if dice.chance(70) else None)
        self.on(draft, population, current)
        if dice.chance(25):
            source = dice.pick(outputs[-2:] + [population["target"]] * bool(draft.slots[population["target"]]["persistent"]))
            if dice.chance(50):
                self.sparse(draft, source, current)
            else:
                self.projection(draft, source, current, population.get("width", 32))
        draft.ops.append(population)
        return population["target"]

    def neurons(self, draft, count, channels=None, persistent=None, bits=1):
        """An unplaced spiking population of 16 or 32 bits, plain or, with bits above 1, graded."""
        dice = self.dice
        kind = "spikes" if bits == 1 else "graded"
        model = dice.pick(("LIF", "LIF", "CuBa-LIF", "ALIF"))
        reset = dice.pick(("subtract at once", "zero at once") if bits > 1 or model == "ALIF" else ("subtract", "zero"))
        wish = Wish("lif", model, dice.pick((16, 32)), dice.pick((0, 4, 8, 12)), reset, dice.pick(list(COMPARISONS)), False)
        op = self.population(draft, 1, wish, count=count, kind=kind, persistent=persistent)
        return self.with_period(op, count, channels) if channels else op

    def on(self, draft, population, current):
        """Lets `population`, just made, read `current` instead of its own current slot, which goes."""
        unused = population["current"]
        draft.slots.pop(unused)
        population["current"] = current
        population["target"] -= population["target"] > unused
        return population
