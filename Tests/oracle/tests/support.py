"""Benches: one op after an input op that hands raw samples on as they are."""

import os
from pathlib import Path

import numpy as np
import pytest

import reader
from interpreter import Network
from ops.xylo import XyloOp
from snnrt.file import ModelWriter

ROOT = Path(__file__).resolve().parents[3]


def matrix(*rows):
    return np.array(rows, np.int64)


def column(*samples):
    return [[sample] for sample in samples]


class Bench:
    """One op after an input op that hands raw samples on as they are (16 bits; offset 0, multiplier 1, shift 0)."""

    def __init__(self, channels):
        self.model = ModelWriter()
        self.samples = self.model.stream("s", (50, 1), [("c", "", (1, 1))] * channels)
        self.values = self.model.analog(channels, 16)
        self.model.input(self.samples, self.values, np.zeros(channels, int), np.ones(channels, int), 0)

    def identity(self, count):
        """A current slot that receives the samples."""
        current = self.model.current(count)
        self.model.dense(self.values, current, np.eye(count, dtype=int), "int8")
        return current

    def run(self, source, frames, slot=None, window=1000, tally=None, **readout):
        """The network, and the elements of `slot` (`source` unless given) after each frame."""
        count = self.model._counts[source]
        self.model.output("o", self.model.readout(source, window, **readout), ["c"] * count)
        network = Network(reader.parse(self.model.build()), full_accounting=True, tally=tally)
        trace = []
        self.results = []
        for frame in frames:
            self.results.append(network.tick(frame))
            trace.append(network.slot_values()[source if slot is None else slot].tolist())
        return network, trace


    def run_lif(self, bits=1, persistent=False, **arguments):
        """Adds a population on the samples; its spikes are `target`."""
        count = self.model._counts[self.values]
        self.target = self.model.spikes(count, persistent, bits)
        self.model.lif(self.identity(count), self.target, **arguments)

    def history(self, frames, *variables, window=1000, tally=None, **readout):
        """For each of the spikes and then `variables` of the lif (op 2), its elements after each frame."""
        network, _ = self.run(self.target, [], window=window, tally=tally, **readout)
        rows = []
        for frame in frames:
            self.results.append(network.tick(frame))
            lif = network.ops[2]
            rows.append([network.values[self.target].tolist()] + [getattr(lif, name).tolist() for name in variables])
        self.network = network
        flat = [[values[0] if len(values) == 1 else values for values in row] for row in rows]
        return [list(column) for column in zip(*flat)]


def lif_history(frames, *variables, bits=1, tally=None, **arguments):
    bench = Bench(np.shape(frames)[1])
    bench.run_lif(bits, **arguments)
    return bench.history(frames, *variables, tally=tally)


def currents(bench, count, add, frames, **readout):
    """The network, and the current of `count` elements that `add(current)` projects into, after each frame."""
    current, target = bench.model.current(count), bench.model.spikes(count)
    add(current)
    bench.model.lif(current, target)
    return bench.run(target, frames, slot=current, **readout)


class Chip(Bench):
    """A Loihi or Xylo population on the samples."""

    def loihi(self, **arguments):
        count = self.model._counts[self.values]
        self.target = self.model.spikes(count, persistent=True)
        self.model.loihi(self.identity(count), self.target, **arguments)

    def synapses(self, weights, currents=1, bits=1, encoding="int8", **arguments):
        """A synaptic slot of `currents` of each neuron, into which the samples go by `weights`, and spikes to be."""
        count = len(weights)
        self.synaptic = self.model.synaptic(count)
        self.model.dense(self.values, self.synaptic, weights, encoding, **arguments)
        self.target = self.model.spikes(count // currents, persistent=True, bits=bits)

    def xylo(self, **arguments):
        self.model.xylo(self.synaptic, self.target, **arguments)

    def ticks(self, frames, tally=None, **readout):
        """Spikes, V and currents of the xylo after each frame, of one neuron or current as numbers."""
        self.network, _ = self.run(self.target, [], tally=tally, **readout)
        xylo = next(op for op in self.network.ops if isinstance(op, XyloOp))
        rows = []
        for frame in frames:
            self.results.append(self.network.tick(frame))
            rows.append([values.tolist() for values in (self.network.values[self.target], xylo.membrane,
                                                        self.network.values[self.synaptic])])
        return tuple([row[0] if len(row) == 1 else row for row in column] for column in zip(*rows))


def loihi_history(samples, tally=None, **arguments):
    """Spikes, u and v after each of the samples of one neuron."""
    bench = Chip(1)
    bench.loihi(**arguments)
    return bench.history(column(*samples), "current", "membrane", tally=tally)


def xylo_history(frames, weights, tally=None, **arguments):
    """Spikes, V and currents after each frame; wire: arguments of the projection."""
    bench = Chip(np.shape(weights)[1])
    bench.synapses(weights, **arguments.pop("wire", {}))
    bench.xylo(**arguments)
    return bench.ticks(frames, tally)


def shared(path):
    """A file of the data that tests share, or a skip."""
    folder = os.environ.get("SNNRT_SHARED")
    if not folder or not (Path(folder) / "models" / path).exists():
        pytest.skip(f"SNNRT_SHARED has no models/{path}")
    return Path(folder) / "models" / path


def memory_history(frames, factors, output_shift=0, limit=32767, bits=16, initial=0, tally=None, order=None, **arguments):
    """The memory after each frame, of units as many as channels, and the network. order: without it, of places that
    all hold an element."""
    bench, units, (_, rows, *_, segments) = Bench(np.shape(frames)[1]), np.shape(frames)[1], np.shape(factors)
    order = order or segments * (rows // 4 if segments > 1 else rows // 2)
    target = bench.model.analog(units * order, bits, True, initial)
    bench.model.recurrence(bench.identity(units), target, np.array(factors), output_shift, limit, **arguments)
    network, trace = bench.run(target, frames, tally=tally)
    return trace, network
