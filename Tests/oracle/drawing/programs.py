"""Which programs of the set are drawn by whom. Each maker has dice of its own, so that a new one leaves the others' programs
as they are."""

from functools import partial

import ops
from drawing.chips import ChipsMaker
from drawing.dice import Dice, Wishes
from drawing.draft import Draft
from drawing.plain import PlainMaker
from drawing.recurrences import RecurrenceMaker
from drawing.spatial import SpatialMaker


class OpMaker(RecurrenceMaker):
    """Draws the programs that the module of an op brings."""

    def __init__(self, module, dice):
        super().__init__(dice)
        self.module = module

    def wishes(self, values):
        """Wishes of an op's own, dealt out by these dice."""
        return Wishes(self.dice, values)

    def program(self, name, i):
        draft = Draft(self.dice, name)
        draft.is_lively = True
        self.dealt = []
        return self.module.draw(self, draft), f"{self.module.__name__.split('.')[-1]} program"


# First number, maker, and what is added to the seed of the set.
PROGRAMS = [
    (0, PlainMaker, 0),
    (400, SpatialMaker, 2**20),
    (560, ChipsMaker, 2**21),
    (656, RecurrenceMaker, 2**22),
    *((module.FIRST_PROGRAM, partial(OpMaker, module), 2**23 + module.FIRST_PROGRAM)
      for module in ops.MODULES if hasattr(module, "FIRST_PROGRAM")),
]


def makers(seed, count):
    """(number, maker) of `count` programs."""
    made = [(first, make(Dice(seed + added))) for first, make, added in sorted(PROGRAMS, key=lambda row: row[0]) if first < count]
    for i in range(count):
        yield i, next(maker for first, maker in reversed(made) if first <= i)
