"""Programs of recurrences."""

from itertools import product

from drawing.chips import ChipsMaker
from drawing.dice import Wishes
from drawing.draft import Draft
from drawing.kinds import KINDS
from drawing.recurrence import SHAPES, Recurrences


class RecurrenceMaker(Recurrences, ChipsMaker):
    """Places ops as it goes."""

    def __init__(self, dice):
        super().__init__(dice)
        self.recurrence_wishes = Wishes(dice, product(SHAPES, (False, True)))  # shape, complex
        self.poles, self.degrees = Wishes(dice, range(1, 9)), Wishes(dice, range(1, 9))
        self.substeps = Wishes(dice, (1, 1, 1, 1, 2, 2, 3, 3, 5, 16))
        self.state_wishes = Wishes(dice, product((16, 32), (False, True),
                                                 ("whole", "whole", "some", "small")))  # bits, bias per unit, limit

    def program(self, name, i):
        number = i % 11
        make, shape = self.recurrence_program, "recurrence program"
        if number % 4 == 2:
            make, shape = self.legendre_network, "legendre network"
        draft = Draft(self.dice, name)
        draft.is_lively = True
        self.dealt = []
        return make(draft), shape

    def recurrence_program(self, draft):
        """Recurrences on the input, on each other and on last tick's values of what stands below; what reads them."""
        dice = self.dice
        outputs = [self.front(draft, dice.pick((1, 2, 3, 5, 8)))]
        if dice.chance(50):
            outputs.append(self.place(draft, self.of_kind(draft, dice.pick(KINDS), dice.pick((1, 2, 5, 9, 16))), outputs[0]))
        made = [self.recurrence(draft, dice.chance(45)) for _ in range(dice.between(2, 4))]
        for i, op in enumerate(made):
            sources = [dice.pick(outputs)]
            if dice.chance(40):
                sources.append(dice.pick(outputs[-2:] + [other["target"] for other in made[i:]]))
            outputs.append(self.placed(draft, op, *sources))
            for _ in range(dice.between(0, 2) if draft.count(op["target"]) < 200 else 0):
                outputs += self.neighbour(draft, op["target"], outputs)
        return self.finish(draft, [op["target"] for op in made] if dice.chance(40) else outputs)

    def legendre_network(self, draft):
        """u ← values and last tick's spikes; Legendre's memory; neurons; LI; readout"""
        dice = self.dice
        values = self.front(draft, dice.pick((3, 6)), bits=dice.pick((8, 12, 16)))
        memory = self.recurrence(draft, True, units=dice.pick((1, 2, 3)))
        hidden = self.neurons(draft, dice.pick((8, 16, 21)), persistent=True)
        self.placed(draft, memory, values, hidden["target"])
        spikes = self.place(draft, hidden, values, memory["target"])
        output = self.place(draft, self.of_kind(draft, "wide", dice.pick((3, 5))), spikes)
        draft.op("readout", source=output, window=dice.pick((6, 12)), integration="last", reset_network=dice.chance(50))
        return draft
