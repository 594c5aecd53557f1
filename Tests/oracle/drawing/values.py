"""Weights and frames."""

import numpy as np


def toward_zero(values, shift):
    return np.sign(values) * (np.abs(values) >> shift)


def draw_weights(dice, encoding, shape, amplitude):
    if encoding == "binary":
        return 2 * dice.array(shape, 0, 1) - 1
    weights = dice.array(shape, -amplitude, amplitude)
    if amplitude > 1:
        weights += (dice.array(shape, 0, 3) == 0) * (amplitude // 3)  # leaning to excitation
    weights *= dice.array(shape, 0, 99) < dice.pick((20, 60, 100))
    lowest = {"ternary": -1, "int4": -8, "int8": -128, "int16": -32768}[encoding]
    if amplitude >= 2**13 or (lowest >= -128 and amplitude > 1 and dice.chance(25)):
        weights.flat[dice.between(0, weights.size - 1)] = dice.pick((lowest, -lowest - 1))
    return np.clip(weights, lowest, max(1, -lowest - 1))


def draw_frames(dice, ticks, channels):
    """Pieces of rest, constant, noise of several amplitudes, walks, impulses and extremes."""
    pieces, walk = [], dice.array(channels, -2000, 2000)
    while sum(map(len, pieces)) < ticks:
        length = dice.between(3, 14)
        shape = (length, channels)
        kind = dice.between(0, 8)
        if kind == 0:
            piece = np.zeros(shape, np.int64) if dice.chance(40) else dice.array(shape, -1, 1)
        elif kind == 1:
            piece = np.tile(dice.array(channels, -9000, 9000), (length, 1))
        elif kind in (2, 3, 4):
            amplitude = (50, 2500, 32767)[kind - 2]
            piece = dice.array(shape, -amplitude, amplitude)
        elif kind in (5, 6):
            piece = walk + np.cumsum(dice.array(shape, -600, 700), axis=0)
        elif kind == 7:
            piece = dice.array(shape, -12000, 12000) * (dice.array(shape, 0, 9) == 0)
        else:
            piece = np.array((-32768, 32767, 0, -32767))[dice.array(shape, 0, 3)]
        pieces.append(np.clip(piece, -32768, 32767))
        walk = pieces[-1][-1]
    return np.concatenate(pieces)[:ticks]
