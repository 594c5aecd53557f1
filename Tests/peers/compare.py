"""Whether what the frameworks gave today is what was recorded.

    python compare.py RECORDED TODAY

Spikes, counts and inputs must be equal; voltages and exported parameters to a few roundings of 32 bits.
"""

import sys
from pathlib import Path

import h5py
import numpy as np


def datasets(path):
    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda place, item: found.update({place: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return found


def differences(recorded, today):
    """What differs, in words; empty where nothing does."""
    if not today.exists():
        return ["missing"]
    if recorded.suffix == ".json":
        return [] if recorded.read_text() == today.read_text() else ["other versions, options or spike counts"]
    if recorded.suffix == ".npy":
        was, now = np.load(recorded), np.load(today)
        if was.shape != now.shape:
            return [f"{was.shape} was recorded, {now.shape} now"]
        same = np.abs(was - now) <= 1e-5 * np.abs(was).max() if was.dtype.kind == "f" else was == now
        return [] if same.all() else [f"{(~same).sum()} of {same.size} values, first at {np.argwhere(~same)[0].tolist()}"]
    was, now = datasets(recorded), datasets(today)
    found = [f"only in one: {sorted(was.keys() ^ now.keys())}"] if was.keys() != now.keys() else []
    for place in was.keys() & now.keys():
        a, b = np.asarray(was[place]), np.asarray(now[place])
        if place.endswith("edges"):
            # Exporters keep them in sets.
            a, b = (np.array(sorted(map(tuple, edges))) for edges in (a, b))
        isNumber = a.dtype.kind in "fiu"
        if a.shape != b.shape or not (np.allclose(a, b, rtol=1e-5, atol=1e-9) if isNumber else (a == b).all()):
            found.append(place)
    return found


def main(recorded, today):
    wrong = 0
    files = sorted(path for path in recorded.iterdir() if path.is_file())
    for path in files:
        found = differences(path, today / path.name)
        wrong += bool(found)
        for line in found:
            print(f"{path.name}: {line}")
    print(f"{len(files) - wrong} passed, {wrong} failed")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
