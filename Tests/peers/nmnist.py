"""Recordings of N-MNIST as the windows that the NIR paper's SCNN takes.

    python nmnist.py RECORDINGS LIST OUT
    snnrt compile cnn_sinabs.nir -o scnn.snn --dialect sinabs --dt 1e-3 --window 300 --input-bits 4
    snnrt verify scnn.snn cnn_sinabs.nir OUT/x.npy --labels OUT/y.npy

LIST has a line for each recording: its name without .bin or .bs2, and its digit; # begins a remark. An event has 40 bits: x, y,
polarity and 23 bits of microseconds. OUT/x.npy is (recordings, 300, 2312) uint8, events per millisecond, polarity first;
OUT/y.npy the digits. Garrick Orchard et al., "Converting static image datasets to spiking neuromorphic datasets using
saccades", Front. Neurosci. 9, 437 (2015), CC BY-SA 4.0.
"""

import sys
from pathlib import Path

import numpy as np

SIDE, TICKS = 34, 300


def windows(recordings: Path, names: list[str]) -> np.ndarray:
    counts = np.zeros((len(names), TICKS, 2, SIDE, SIDE), np.uint8)
    for at, name in enumerate(names):
        path = next(path for path in (recordings / f"{name}.bin", recordings / f"{name}.bs2") if path.exists())
        x, y, high, middle, low = np.fromfile(path, np.uint8).reshape(-1, 5).astype(np.int64).T
        tick = ((high & 127) << 16 | middle << 8 | low) // 1000
        used = tick < TICKS
        np.add.at(counts[at], tuple(part[used] for part in (tick, high >> 7, y, x)), 1)
    return counts.reshape(len(names), TICKS, -1)


if __name__ == "__main__":
    recordings, listed, out = map(Path, sys.argv[1:])
    rows = [line.split() for line in listed.read_text().splitlines() if line and not line.startswith("#")]
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "x.npy", windows(recordings, [name for name, _ in rows]))
    np.save(out / "y.npy", np.array([int(digit) for _, digit in rows]))
