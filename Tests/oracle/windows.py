"""Frames for the long comparison: windows cut from a sample log, shifted, scaled and mirrored.

    windows.py SAMPLE.csv FRAMES.npy COUNT [TICKS]

Writes int16 of shape (COUNT · TICKS, channels) in counts of 1/1000 unit, the same on every machine: integers
only behind the conversion of values to samples.
"""

import csv
import random
import sys

import numpy as np


def counts(path):
    """The log's samples, int16 (rows, channels), converted as format.md says."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    channels = [name for name in rows[0] if name not in ("time_s", "label")]
    samples = [[round(float(row[name]) * 1000.0 / 1.0) for name in channels] for row in rows]
    return np.clip(np.array(samples), -32768, 32767).astype(np.int64)


def windows(samples, count, ticks):
    """`count` windows of `ticks` rows from anywhere in the log, each with its own gains and signs; a few are
    far louder than any watch, so that inputs and membranes saturate."""
    dice = random.Random(1)
    pieces = []
    for i in range(count):
        start = dice.randrange(len(samples) - ticks + 1)
        gain = 4096 if i % 50 == 49 else dice.choice((32, 128, 192, 256, 256, 256, 320, 512))
        signs = np.array([dice.choice((-1, 1)) for _ in range(samples.shape[1])])
        pieces.append(np.clip(samples[start : start + ticks] * signs * gain // 256, -32768, 32767))
    return np.concatenate(pieces).astype(np.int16)


if __name__ == "__main__":
    path, out, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    np.save(out, windows(counts(path), count, int(sys.argv[4]) if len(sys.argv) > 4 else 40))
