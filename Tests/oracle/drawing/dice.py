"""Dice, and wishes dealt out by them.

Everything random comes from `Dice` (getrandbits of a seeded Mersenne twister, integer arithmetic only), so that a set
depends neither on numpy's version nor on floating point.
"""

import random

import numpy as np


class Dice:
    """Reproducible random integers."""

    def __init__(self, seed: int):
        self.source = random.Random(seed)

    def between(self, low, high):
        return low + self.source.getrandbits(64) % (high - low + 1)

    def chance(self, percent):
        return self.between(0, 99) < percent

    def pick(self, values):
        return values[self.between(0, len(values) - 1)]

    def shuffled(self, values):
        keys = [self.source.getrandbits(64) for _ in values]
        return [value for _, _, value in sorted(zip(keys, range(len(values)), values))]

    def array(self, shape, low, high):
        count = int(np.prod(shape))
        words = np.frombuffer(self.source.getrandbits(32 * count).to_bytes(4 * count, "little"), "<u4")
        return (words.astype(np.int64) % (high - low + 1) + low).reshape(shape)


class Wishes:
    """A shuffled list of combinations that is dealt out over and over, so that each comes up equally often."""

    def __init__(self, dice, combinations):
        self.dice, self.combinations, self.left = dice, list(combinations), []

    def next(self, fits=lambda combination: True):
        for _ in range(2):
            for i, combination in enumerate(self.left):
                if fits(combination):
                    return self.left.pop(i)
            self.left += self.dice.shuffled(self.combinations)
        raise ValueError("no combination fits")
