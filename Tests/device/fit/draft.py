"""A program under measurement: frames whose share of events is known, slots of every type that carry them, and ops that read them."""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "models"))
from snnrt.file import ModelWriter  # noqa: E402

# Shares of channels that are not 0, tick by tick. With FULL all are, and positive, so that all neurons fire that can; with LOUD
# they are so great that what can saturate does.
FULL, LOUD = 2, 3
SHARES = (0, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.8, 1, FULL, FULL, 0, 0.15, LOUD, 0.4, 0.05, FULL, FULL, 0.02, 0.7, LOUD)
LIMIT = 127


class Draft:
    """Channels as 8-bit values, one for one; what reads and writes them is added by the caller, and all is read in the end."""

    def __init__(self, name, count, seed, window=3):
        self.name, self.count, self.window = name, count, window
        self.rng = np.random.default_rng(seed)
        self.model = ModelWriter()
        samples = self.samples = self.model.stream("s", (20, 1), [("c", "1", (1, 1))] * count)
        self.values = self.model.analog(count, bits=8)
        self.model.input(samples, self.values, [0] * count, [256] * count, 8)

    def numbers(self, low, high, *shape):
        """Integers low … high."""
        return self.rng.integers(low, high + 1, shape)

    def weights(self, encoding, *shape):
        """Of small sums, most of them positive, none 0."""
        if encoding == "binary":
            return self.rng.choice([-1, 1, 1], shape)
        most = {"ternary": 1, "int4": 7, "int8": 60, "int16": 300}[encoding]
        return np.where(self.rng.random(shape) < 0.2, -1, 1) * self.numbers(1, most, *shape)

    def drive(self, source=None, gain=1, count=None):
        """A current with the values of `source`, one for one, or spread over `count` by small positive weights."""
        source = self.values if source is None else source
        if count is None:
            current = self.model.current(self.count)
            self.model.block(source, current, np.array([[gain]]), "int8", self.count)
        else:
            current = self.model.current(count)
            self.model.dense(source, current, self.numbers(1, 9, count, self.count), "int8")
        return current

    def spikes(self, bits=1):
        """Where a channel is positive."""
        spikes = self.model.spikes(self.count, bits=bits)
        self.model.lif(self.drive(), spikes, reset="zero at once" if bits > 1 else "zero")
        return spikes

    def wide(self):
        """The values in 32 bits."""
        values = self.model.analog(self.count, bits=32, persistent=True)
        self.model.lif(self.drive(gain=100), values, model="LI", width=32)
        return values

    def long_values(self):
        """The values in 16 bits."""
        values = self.model.analog(self.count, bits=16)
        self.model.input(self.samples, values, [0] * self.count, [200] * self.count, 0)
        return values

    def source(self, storage):
        return {"spikes": self.spikes, "8-bit values": lambda: self.values, "16-bit values": self.long_values, "32-bit values": self.wide}[storage]()

    def sink(self, current, period=None):
        """Reads a current, by the cheapest op there is."""
        self.model.activation(current, self.model.analog(self.model._counts[current], bits=8), shift=20, low=-LIMIT, high=LIMIT)

    def file(self, source=None, **readout):
        """The file; its result is about `source`, or the channels."""
        source = self.values if source is None else source
        op = self.model.readout(source, **({"window": self.window} | readout))
        self.model.output("o", op, [f"c{i}" for i in range(self.model._counts[source])])
        return self.model.build()

    def frames(self):
        """int16, shape (ticks, channels)."""
        rows = []
        for share in SHARES:
            signs = np.ones(self.count, int) if share == FULL else self.rng.choice([-1, 1], self.count)
            low, high = {FULL: (64, LIMIT), LOUD: (9000, 32767)}.get(share, (1, LIMIT))
            rows.append(np.where(self.rng.random(self.count) < share, signs * self.numbers(low, high, self.count), 0))
        return np.array(rows, "<i2")
