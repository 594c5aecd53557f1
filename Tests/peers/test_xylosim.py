"""Xylo's integers against xylosim, the chip's own simulator (AGPL: used here as an oracle only).

    make test-xylosim
"""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine import Network

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models"))
from snnrt.file import NONE, ModelWriter  # noqa: E402

v2 = pytest.importorskip("xylosim.v2", reason="SKIPPED: pip install xylosim")

NETWORKS = 1000
TICKS = 60


def draw(seed, ticks=TICKS):
    """A random recurrent network as a chip would hold it, and its input: some saturate, some have aliases or two currents."""
    rng = np.random.default_rng(seed)
    inputs, hidden, outputs = rng.integers(1, 17), rng.integers(1, 64), rng.integers(1, 9)
    currents = rng.integers(1, 3, 2)  # of hidden and of output neurons
    density = rng.uniform(0.1, 1)

    def weights(rows, columns):
        values = rng.integers(-128, 128, (rows, columns))
        return np.where(rng.random((rows, columns)) < density, values, 0)

    def dashes(*shape):
        return rng.integers(0, 16 if rng.random() < 0.2 else 7, shape)

    aliases = np.full(hidden, NONE)
    if rng.random() < 0.3:
        aliases = np.where(rng.random(hidden) < 0.4, rng.integers(0, hidden, hidden), NONE)
    has_bias = rng.random() < 0.5
    loud = 2.0 ** rng.integers(6, 15)
    return {
        "in": weights(currents[0] * hidden, inputs), "rec": weights(currents[0] * hidden, hidden), "out": weights(currents[1] * outputs, hidden),
        "shifts": rng.integers(0, 9 if rng.random() < 0.3 else 3, 3), "aliases": aliases, "has_bias": has_bias,
        "threshold": [np.minimum(rng.integers(0, loud, n), 32767) for n in (hidden, outputs)],
        "bias": [rng.integers(-200, 201, n) * has_bias for n in (hidden, outputs)],
        "membrane": [dashes(hidden), dashes(outputs)],
        "synaptic": [dashes(currents[0], hidden), dashes(currents[1], outputs)],
        "events": (rng.random((ticks, inputs)) < rng.uniform(0.05, 0.8)) * rng.integers(0, 20, (ticks, inputs)),
    }


class Ours:
    """The network as a model file, on the engine."""

    def __init__(self, net):
        hidden, outputs = len(net["threshold"][0]), len(net["threshold"][1])
        self.hidden, self.outputs = hidden, outputs
        model = ModelWriter()
        inputs = net["events"].shape[1]
        samples = model.stream("events", (100, 1), [(f"{i}", "1", (1, 1)) for i in range(inputs)])
        events = model.analog(inputs, bits=5)
        self.spikes = model.spikes(hidden, persistent=True, bits=5)
        self.fired = model.spikes(outputs)
        self.currents = [model.synaptic(net["synaptic"][0].size), model.synaptic(net["synaptic"][1].size)]
        model.input(samples, events, offsets=[0] * inputs, multipliers=[1] * inputs, shift=0)
        for (source, target), name, shift in zip(((events, self.currents[0]), (self.spikes, self.currents[0]), (self.spikes, self.currents[1])),
                                                 ("in", "rec", "out"), net["shifts"]):
            model.dense(source, target, net[name], "int8", *(("left", int(shift)) if shift else ()))
        aliases = net["aliases"] if (net["aliases"] != NONE).any() else None
        for at, target, more in ((0, self.spikes, {"aliases": aliases}), (1, self.fired, {})):
            model.xylo(self.currents[at], target, threshold=net["threshold"][at], membrane_dash=net["membrane"][at],
                       synaptic_dash=net["synaptic"][at].ravel(), bias=net["bias"][at], **more)
        model.output("n", model.readout(self.fired, window=2**24), [f"{i}" for i in range(outputs)])
        self.network = Network(model.build())
        self.frames = np.ascontiguousarray(net["events"].astype(np.int16))
        self.sizes = [net["synaptic"][0].size, net["synaptic"][1].size]

    def run(self):
        self.network.reset()
        self.network.push(self.frames)

    def record(self):
        """Per tick: hidden and output spikes, all membranes, all currents."""
        def padded(count):
            return (2 * count + 3) // 4 * 4

        # Part 1, the persistent slots, then V of the hidden and of the output neurons.
        first = 8 + padded(self.hidden) + sum(padded(size) for size in self.sizes)
        second = first + padded(self.hidden)
        self.network.reset()
        rows = []
        for frame in self.frames:
            self.network.push(frame[None])
            state = self.network.state()
            membranes = [np.frombuffer(state, "<i2", count, at) for count, at in ((self.hidden, first), (self.outputs, second))]
            rows.append(np.concatenate([self.network.slot(self.spikes, self.hidden), self.network.slot(self.fired, self.outputs), *membranes,
                                        *(self.network.slot(slot, size) for slot, size in zip(self.currents, self.sizes))]))
        return np.array(rows)


class Theirs:
    """The network in xylosim, which keeps raw pointers to its synapses: they live as long as this object."""

    def __init__(self, net, seed):
        rng = np.random.default_rng(seed)

        def synapses(name, count):
            lists = []
            for column in net[name].T:
                rows = rng.permutation(np.flatnonzero(column))
                lists.append([v2.XyloSynapse(int(row % count), int(row // count), int(column[row])) for row in rows])
            return lists

        hidden, outputs = len(net["threshold"][0]), len(net["threshold"][1])
        self.synapses = [synapses("in", hidden), synapses("rec", hidden), synapses("out", outputs)]
        self.net = net
        self.layer = v2.XyloLayer(
            *self.synapses, [[int(alias)] if alias != NONE else [] for alias in net["aliases"]], *(list(map(int, row)) for row in net["threshold"]),
            bool(net["has_bias"]), *(list(map(int, row)) for row in net["bias"]), *map(int, net["shifts"]),
            *(list(map(int, row)) for row in net["membrane"]), *([list(map(int, row)) for row in rows.T] for rows in net["synaptic"]), "net")
        self.events = net["events"].astype(int).tolist()

    def run(self):
        self.layer.reset_all()
        return self.layer.evolve(self.events)

    def record(self):
        self.run()
        layer = self.layer
        parts = [np.array(layer.rec_recurrent_spikes), np.array(layer.rec_out_spikes), np.array(layer.rec_v_mem).T, np.array(layer.rec_v_mem_out).T]
        for at, first, second in ((0, layer.rec_i_syn, layer.rec_i_syn2), (1, layer.rec_i_syn_out, layer.rec_i_syn2_out)):
            parts += [np.array(rows).T for rows in (first, second)[:len(self.net["synaptic"][at])]]
        return np.concatenate(parts, axis=1)


def test_random_networks():
    """Every spike, membrane and current of 1,000 random networks, of which many saturate."""
    mismatches = compared = saturated = spikes = multiple = 0
    for seed in range(NETWORKS):
        net = draw(seed)
        ours, theirs = Ours(net).record(), Theirs(net, seed).record()
        assert ours.shape == theirs.shape
        mismatches += int((ours != theirs).sum())
        compared += ours.size
        hidden = theirs[:, :len(net["threshold"][0])]
        spikes, multiple = spikes + int(hidden.sum()), multiple + int((hidden > 1).sum())
        saturated += bool((np.abs(theirs) >= 32766).any())
    print(f"\n{NETWORKS} networks, {compared:,} values, {mismatches} mismatches; {saturated} networks saturate, "
          f"{spikes:,} hidden spikes, {multiple:,} times more than one")
    assert mismatches == 0
    assert saturated > 100 and multiple > 10_000


def test_speed_is_reported():
    """Processor time of both, in turns; nothing is asserted of it."""
    pairs = []
    for seed in range(10_000, 10_020):
        net = draw(seed, ticks=2000)
        pairs.append((Ours(net), Theirs(net, seed)))
    times = np.zeros((3, 2, len(pairs)))
    for turn in range(3):
        for at, pair in enumerate(pairs):
            for which, side in enumerate(pair):
                start = time.thread_time()
                side.run()
                times[turn, which, at] = time.thread_time() - start
    ours, theirs = times.min(axis=0)
    print(f"\nper tick, best of 3: {ours.mean() / 2000 * 1e6:.2f} us, xylosim {theirs.mean() / 2000 * 1e6:.1f} us; "
          f"ratio over all {theirs.sum() / ours.sum():.0f}, least {(theirs / ours).min():.0f}, median {np.median(theirs / ours):.0f}")
