"""How near recurrences of O(order) come to Legendre's memory: python3 recurrence.py SNNRT

Prints the root mean square of the impulse response over 2 theta, less that of the zero-order hold and relative to it, in %: for
[K/K] Padé approximations of e^A with a number of substeps a tick; then what the command SNNRT gives for the op (format.md section
9.15), less the same recurrence in floating point, and less the hold.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from networks import ModelWriter, legendre as held  # first: it puts models/ on the path
from snnrt.legendre import factors, integers

CASES = ((6, 50), (32, 200), (64, 256), (128, 784), (256, 784))


def response(a, b, ticks):
    """Impulse response, shape (ticks, order)."""
    rows = [b]
    for _ in range(ticks - 1):
        rows.append(a @ rows[-1])
    return np.array(rows)


def error(found, wanted):
    return 100 * np.sqrt(np.mean((found - wanted) ** 2) / np.mean(wanted**2))


def increment(state, terms):
    """What a step adds to `state`, m − u·e0 in its first element."""
    total = 0
    for pivots, outputs in terms:
        y = []
        for pivot, value in zip(pivots, state):
            y.append(pivot * (value - y[-1] if y else value))
        for i in range(len(y) - 2, -1, -1):
            y[i] = y[i] + pivots[i] * y[i + 1]
        total = total + np.array([(d * value).real for d, value in zip(outputs, y)])
    return total


def system(order, theta, degree, substeps=1):
    """A and B of a tick."""
    columns = np.eye(order, order + 1, dtype=complex)
    columns[0, order] = -1
    added = increment(list(columns), factors(order, theta * substeps, degree))
    step = np.eye(order + 1)
    step[:order] += added
    whole = np.linalg.matrix_power(step, substeps)
    return whole[:order, :order], whole[:order, order]


def engine_response(command, order, theta, degree, substeps, segments, ticks):
    """Impulse response of the op, through the command."""
    model = ModelWriter()
    samples = model.stream("impulse", (1, 1), [("x", "1", (1, 1))])
    x, drive, memory = model.analog(1, 16), model.current(1), model.analog(order, 32, persistent=True)
    model.input(samples, x, [0], [1], 0)
    model.dense(x, drive, np.array([[1]]), "int8")
    rows, shift = integers(order, theta, degree, substeps, segments)
    model.recurrence(drive, memory, rows, shift, 2**25 - 1, substeps, fraction_bits=10)
    model.output("state", model.readout(memory, 1, "last"), [str(i) for i in range(order)])
    frames = np.zeros((ticks, 1), np.int16)
    frames[0] = 2**14
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "m.snn").write_bytes(model.build())
        np.save(Path(folder) / "x.npy", frames)
        told = subprocess.run([command, "infer", f"{folder}/m.snn", f"{folder}/x.npy", "--raw", "--quiet", "--format", "csv"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    lines = list(csv.reader(told.splitlines()))
    first = lines[0].index("score_0")
    return np.array([line[first:first + order] for line in lines[1:]], float) / 2**24


def main(command):
    for order, theta in CASES:
        wanted = response(*held(order, theta), 2 * theta)
        rows = [f"[{degree}/{degree}]x{substeps} {error(response(*system(order, theta, degree, substeps), 2 * theta), wanted):.3f}"
                for degree in (1, 2, 3, 4) for substeps in (1, 2, 4, 8)]
        for degree, substeps in ((1, 1), (2, 1), (4, 1), (4, 2)):
            own = response(*system(order, theta, degree, substeps), 2 * theta)
            for segments in (1, 16):
                found = engine_response(command, order, theta, degree, substeps, segments, 2 * theta)
                rows.append(f"op [{degree}/{degree}]x{substeps}, {segments} segments: {error(found, own):.4f}, {error(found, wanted):.3f}")
        print(order, theta, *rows, sep="; ", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
