"""Networks and inputs of `make bench`, from a seed: python3 networks.py FOLDER

S<N>.snn          6 inputs -> dense -> N recurrent LIF (decay .9, threshold 1, subtract) -> dense -> 7 LI (decay .95), int8
                  weights of N(0, 1) times .25, .08·sqrt(128 / N) and .1, int32 state; N = 128 and 1,024
S1024-<e>.snn     the same at 2 % firing, recurrent and output weights of encoding e
rate<N>-<p>.snn   S<N> with the bias at which p % of the neurons fire
lmu256.snn        a memory of order 256, theta 784, behind one channel (the shape of psMNIST's LMU), stored matrices
lmu256-dense.snn  the same with A and B as weights of dense ops, int16, and 16-bit state
lmu256-<d>.snn    the same by the op recurrence: bilinear, in 16 segments and, -1, in one, and pade, [4/4] in two substeps
S.npy             1,000 frames: six sines of 1.0 + 0.4c Hz at 50 Hz, and .3·noise, in counts of 1/1000; lmu.npy, one channel
"""

import math
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
from snnrt import legendre as recurrences  # noqa: E402
from snnrt.file import ModelWriter  # noqa: E402

TICKS = 1000
CHANNELS, CLASSES = 6, 7
RATES = (0, 1, 2, 5, 10, 20, 50, 100)
# Units: an input value 1/32, an input weight 1/200, a recurrent weight 1/400, so that input sums are 16 times as fine.
INPUT_WEIGHT, WEIGHT, JOIN_SHIFT, FRACTION_BITS = 200, 400, 4, 8
THRESHOLD, DECAY = WEIGHT << FRACTION_BITS, round(0.9 * 32768)
LIMIT = 2**30 - 1
RECURRENCES = {"bilinear": {"degree": 1, "segments": 16}, "bilinear-1": {"degree": 1}, "pade": {"degree": 4, "substeps": 2, "segments": 16}}


def frames(seed=1):
    """int16, shape (ticks, channels)."""
    rng = np.random.default_rng(seed)
    time = np.arange(TICKS)[:, None] / 50
    sines = np.sin(2 * np.pi * (1.0 + 0.4 * np.arange(CHANNELS)) * time)
    return np.round(1000 * (sines + 0.3 * rng.standard_normal(sines.shape))).astype(np.int16)


class Weights:
    """The three matrices, shape (destinations, sources)."""

    def __init__(self, neurons, bits, seed=4):
        rng = np.random.default_rng(seed)
        self.input = quantized(rng, (neurons, CHANNELS), 0.25 * INPUT_WEIGHT, 8)
        self.shift = {1: 3, 2: 4, 4: 2, 8: 0}[bits]  # recurrent weights on a grid so much coarser
        scale = 2.0**-self.shift
        self.recurrent = quantized(rng, (neurons, neurons), 0.08 * math.sqrt(128 / neurons) * WEIGHT * scale, bits)
        self.output = quantized(rng, (CLASSES, neurons), 0.1 * WEIGHT * scale, bits)


def quantized(rng, shape, deviation, bits):
    values = rng.standard_normal(shape) * deviation
    if bits == 1:
        return np.where(values < 0, -1, 1)
    limit = 2 ** (bits - 1) - 1
    return np.clip(np.round(values), -limit, limit).astype(int)


def input_values(raw):
    """What the op input makes of a frame."""
    return np.clip((raw.astype(int) * 131 + 2**11) >> 12, -127, 127)


def rate(weights, bias, values):
    """The share of neurons that fire, the network as S writes it (docs/format.md, "lif")."""
    neurons = len(weights.input)
    membrane, spikes, count = np.zeros(neurons, int), np.zeros(neurons, bool), 0
    drive = (values @ weights.input.T + 2 ** (JOIN_SHIFT - 1)) >> JOIN_SHIFT
    columns = np.ascontiguousarray(weights.recurrent.T.astype(np.int32))
    for tick in range(len(values)):
        current = drive[tick] + (columns[spikes].sum(axis=0) << weights.shift)
        fired = membrane > THRESHOLD
        kept = np.sign(membrane) * (np.abs(membrane) * DECAY >> 15)
        membrane = np.clip(kept - fired * THRESHOLD + np.clip((current << FRACTION_BITS) + bias, -LIMIT, LIMIT), -LIMIT, LIMIT)
        spikes = membrane > THRESHOLD
        count += int(spikes.sum())
    return count / neurons / len(values)


def bias_for(weights, wanted, values):
    """The bias at which the share `wanted` of the neurons fires."""
    if wanted in (0, 1):
        return (2 * wanted - 1) * 2**26
    low, high = -(2**24), 2**24
    for _ in range(14):
        middle = (low + high) // 2
        low, high = (middle, high) if rate(weights, middle, values[:200]) < wanted else (low, middle)
    return high


def spiking(neurons, encoding="int8", wanted=None):
    """S<neurons>; `wanted`: the share of neurons that are to fire, by their bias."""
    bits = {"binary": 1, "ternary": 2, "int4": 4, "int8": 8, "int16": 16}[encoding]
    weights = Weights(neurons, min(bits, 8))
    bias = 0 if wanted is None else bias_for(weights, wanted, input_values(frames()))
    join = ("left", weights.shift) if weights.shift else ("add", 0)
    model = ModelWriter()
    samples = model.stream("sines", (50, 1), [(f"c{i}", "1", (1, 1000)) for i in range(CHANNELS)])
    values, drive, spikes = model.analog(CHANNELS, 8), model.current(neurons), model.spikes(neurons, persistent=True)
    output_drive, outputs = model.current(CLASSES), model.analog(CLASSES, 32, persistent=True)
    model.input(samples, values, [0] * CHANNELS, [131] * CHANNELS, 12)
    model.dense(values, drive, weights.input, "int8", "right", JOIN_SHIFT)
    model.dense(spikes, drive, weights.recurrent, encoding, *join)
    model.lif(drive, spikes, THRESHOLD, DECAY, bias=bias, width=32, fraction_bits=FRACTION_BITS)
    model.dense(spikes, output_drive, weights.output, encoding, *join)
    model.lif(output_drive, outputs, decay=round(0.95 * 32768), model="LI", width=32, fraction_bits=FRACTION_BITS)
    model.output("class", model.readout(outputs, TICKS), [str(i) for i in range(CLASSES)])
    return model.build()


def legendre(order, theta):
    """A and B of the LMU under a zero-order hold of one tick."""
    i = np.arange(order)[:, None]
    j = np.arange(order)[None, :]
    a = (2 * i + 1) * np.where(i < j, -1.0, (-1.0) ** (i - j + 1)) / theta
    b = ((2 * i + 1) * (-1.0) ** i) / theta
    whole = np.zeros((order + 1, order + 1))
    whole[:order, :order], whole[:order, order:] = a, b
    squarings = max(0, int(np.ceil(np.log2(np.abs(whole).sum(axis=1).max()))) + 4)
    term = power = np.eye(order + 1)
    for k in range(1, 20):
        term = term @ whole / 2**squarings / k
        power = power + term
    for _ in range(squarings):
        power = power @ power
    return power[:order, :order], power[:order, order]


def lmu(order=256, theta=784, degree=0, substeps=1, segments=1):
    """By stored matrices with a `degree` of 0, else by a recurrence."""
    model = ModelWriter()
    samples = model.stream("pixels", (784, 1), [("pixel", "1", (1, 1000))])
    values, drive, memory = model.analog(1, 16), model.current(1), model.analog(order, 32, persistent=True)
    classes, outputs = model.current(10), model.analog(10, 32, persistent=True)
    model.input(samples, values, [0], [1], 0)
    model.dense(values, drive, np.array([[1]]), "int8")
    if degree:
        factors, shift = recurrences.integers(order, theta, degree, substeps, segments)
        model.recurrence(drive, memory, factors, shift, limit=2**25, substeps=substeps, fraction_bits=10)
    else:
        a, b = legendre(order, theta)
        a_bits, b_bits = (15 - int(np.ceil(np.log2(np.abs(matrix).max() + 1e-9))) for matrix in (a, b))
        model.memory(drive, memory, clipped(a, a_bits), clipped(b, b_bits), "int16", a_bits, b_bits, fraction_bits=12)
    readers = np.random.default_rng(1).integers(-60, 61, (10, order))
    model.dense(memory, classes, readers, "int8", source_shift=12 if degree else 14)
    model.lif(classes, outputs, decay=0, model="LI", width=32)
    model.output("digit", model.readout(outputs, 784), [str(i) for i in range(10)])
    return model.build()


def dense_lmu(order=256, theta=784):
    """`lmu` through dense ops. A's grid is the finest that passes the proof of sums (docs/format.md)."""
    a, b = legendre(order, theta)
    bits = int(np.log2(65535 / np.abs(a).sum(axis=1).max()))
    model = ModelWriter()
    samples = model.stream("pixels", (784, 1), [("pixel", "1", (1, 1000))])
    values, drive, memory = model.analog(1, 16), model.current(order), model.analog(order, 16, persistent=True)
    classes, outputs = model.current(10), model.analog(10, 32, persistent=True)
    model.input(samples, values, [0], [8], 0)
    model.dense(values, drive, clipped(b[:, None], bits), "int16", "right", bits)
    model.dense(memory, drive, clipped(a, bits), "int16", "right", bits)
    model.lif(drive, memory, decay=0, model="LI")
    readers = np.random.default_rng(1).integers(-60, 61, (10, order))
    model.dense(memory, classes, readers, "int8")
    model.lif(classes, outputs, decay=0, model="LI", width=32)
    model.output("digit", model.readout(outputs, 784), [str(i) for i in range(10)])
    return model.build()


def clipped(matrix, bits):
    return np.clip(np.round(matrix * 2.0**bits), -32768, 32767).astype(int)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "S.npy", frames())
    np.save(folder / "lmu.npy", frames()[:784, :1])
    for neurons in (128, 1024):
        (folder / f"S{neurons}.snn").write_bytes(spiking(neurons))
        for percent in RATES:
            (folder / f"rate{neurons}-{percent}.snn").write_bytes(spiking(neurons, wanted=percent / 100))
    for encoding in ("binary", "ternary", "int4", "int16"):
        (folder / f"S1024-{encoding}.snn").write_bytes(spiking(1024, encoding, wanted=0.02))
    (folder / "lmu256.snn").write_bytes(lmu())
    (folder / "lmu256-dense.snn").write_bytes(dense_lmu())
    for name, shape in RECURRENCES.items():
        (folder / f"lmu256-{name}.snn").write_bytes(lmu(**shape))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
