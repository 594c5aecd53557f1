"""Thresholds for a wanted firing rate, by bisection with a population alone."""

from math import isqrt

import numpy as np

import reader
from drawing.lif import FIELDS
from ops import RUNNING

TARGET_RATES = (2, 4, 8, 12, 18, 25, 35, 45, 55)  # percent


class Alone:
    """As much of a Network as one spiking population needs, to run it on recorded currents."""

    tally, full_accounting = None, False

    def __init__(self, model, op):
        self.model, self.values = model, [None] * len(model.slots)
        for i in op.outputs:
            self.values[i] = np.full(model.slots[i].count, model.slots[i].initial, np.int64)
        self.op = RUNNING[op.kind](self, op)
        self.op.events = self.spikes = 0

    def tick(self, current):
        self.values[self.op.source] = current
        self.op.tick()
        self.spikes += int(self.values[self.op.target].sum())

    def clamp(self, value, limit, _):
        return np.minimum(np.maximum(value, -limit), limit)


def choose_threshold(model, op, currents, dice, is_lively):
    """Thresholds and their steps: by bisection those for which the population alone comes closest to a wanted firing rate,
    or, for some with graded spikes, to a wanted mean spike.

    A population that nothing drives above 0 is given a positive bias.
    """
    parameters, count = op.parameters, model.slots[op.inputs[0]].count
    limit, greatest = parameters.limit, model.slots[op.outputs[0]].limit
    length = parameters.period or count
    profile = dice.array(length, 160, 400) if parameters.flags & FIELDS["threshold"] else np.int64(256)
    by_mean = greatest > 1 and dice.chance(50)
    percent = dice.pick(TARGET_RATES[2:] if parameters.is_adaptive or is_lively else TARGET_RATES)
    wanted = max(1, percent // (parameters.refractory + 1)) * count * len(currents) * (greatest if by_mean else 1)
    step_profile = np.int64(0)
    if parameters.is_adaptive:
        step = dice.pick((8, 32, 64, 128, 256, 600))
        step_profile = dice.array(length, step // 2, 2 * step) if parameters.flags & FIELDS["threshold_step"] else np.int64(step)
        step_corner = dice.pick((0, limit)) if dice.chance(12) else None
        if step_corner == limit and not np.ndim(parameters.threshold_decay):  # so that a neuron can fire again
            parameters.threshold_decay = np.int64(dice.pick((1000, 9000, 16384)))

    def set_level(level):
        parameters.threshold = np.minimum(profile * level >> 8, limit)
        if parameters.is_adaptive:
            steps = np.minimum(step_profile * level >> 8, limit)
            parameters.threshold_step = steps if step_corner is None else np.full_like(steps, step_corner)

    def bisect():
        return found_level(model, op, currents, limit, set_level, wanted, by_mean)

    corner = dice.pick((0, limit)) if not is_lively and dice.chance(8) else None
    distance, level = (0, corner) if corner is not None else bisect()
    if distance >= wanted:
        bias = parameters.bias
        parameters.bias = np.abs(bias) + (limit >> dice.between(3, 8))
        try:
            reader.prove(model.slots, model.ops)
            level = bisect()[1]
        except reader.Refused:
            parameters.bias = bias
    set_level(level)


def found_level(model, op, currents, limit, set_level, wanted, by_mean):
    """(distance from what is wanted, level) of the best level up to `limit`: by bisection with the population alone.

    wanted: 100 times the neurons that fire, or, by mean, 100 times their spikes.
    """
    low, high, best = 0, limit, (2 * wanted + 1, limit)
    for _ in range(11):
        level = (low + high) // 2 if high - low < 64 else isqrt((low + 1) * high)
        set_level(level)
        alone = Alone(model, op)
        for current in currents:
            alone.tick(current)
        spikes = 100 * (alone.spikes if by_mean else alone.op.events)
        best = min(best, (abs(spikes - wanted) if spikes else 2 * wanted, level))
        low, high = (level, high) if spikes > wanted else (low, level)
    return best


def choose_chip_threshold(model, op, currents, dice):
    """As choose_threshold, for Loihi's and Xylo's neurons."""
    parameters, slot = op.parameters, model.slots[op.outputs[0]]
    limit, greatest = 2**23 - 1 if op.kind == reader.Kind.LOIHI else 32767, slot.limit
    profile = dice.array(np.size(parameters.threshold), 160, 400) if np.ndim(parameters.threshold) else np.int64(256)
    by_mean = greatest > 1 and dice.chance(50)
    wanted = dice.pick(TARGET_RATES[2:]) * slot.count * len(currents) * (greatest if by_mean else 1)

    def set_level(level):
        parameters.threshold = np.minimum(profile * level >> 8, limit)

    def bisect():
        return found_level(model, op, currents, limit, set_level, wanted, by_mean)

    distance, level = (0, dice.pick((0, limit))) if dice.chance(10) else bisect()
    if distance >= wanted:
        parameters.bias = np.minimum(np.abs(parameters.bias) + (limit >> dice.between(3, 8)), limit)
        level = bisect()[1]
    set_level(level)
