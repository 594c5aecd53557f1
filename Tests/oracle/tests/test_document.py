"""The examples in the cards of docs/format.md, computed again: each table's numbers are what the interpreter gives.

    python3 -m pytest -q Tests/oracle/tests/test_document.py
"""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "docs/format.md").exists())
sys.path[:0] = [str(ROOT / "Tests/oracle"), str(ROOT / "models")]

import interpreter  # noqa: E402
import reader  # noqa: E402
from snnrt.file import ModelWriter  # noqa: E402

DOCUMENT = (ROOT / "docs/format.md").read_text()


def table(op, header):
    """The rows, as lists of cells, below the header that begins with `header` in an op's card."""
    card = re.search(rf"### 12\.\d+ {op} \(kind .*?(?=\n##)", DOCUMENT, re.S)[0]
    lines = card[card.index(f"| {header}"):].split("\n")[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:lines.index("")]]


def numbers(cell):
    return [int(number.replace("−", "-")) for number in re.findall(r"[−\d]+", cell)]


class Bench:
    """One op behind an input op that hands raw samples on as they are."""

    def __init__(self, channels):
        self.model = ModelWriter()
        samples = self.model.stream("s", (50, 1), [("c", "", (1, 1))] * channels)
        self.values = self.model.analog(channels, 16)
        self.model.input(samples, self.values, np.zeros(channels, int), np.ones(channels, int), 0)

    def identity(self, count):
        """A current slot that receives the samples."""
        current = self.model.current(count)
        self.model.dense(self.values, current, np.eye(count, dtype=int), "int8")
        return current

    def sums(self, count):
        """A current slot of `count` and a population behind it, which the caller's op stands above."""
        current = self.model.current(count)
        return current, lambda: self.model.lif(current, self.model.spikes(count), width=32, threshold=1000)

    def network(self, source, **readout):
        scores = self.model.readout(source, **{"window": 1000, **readout})
        self.model.output("o", scores, ["c"] * self.model._counts[source])
        return interpreter.Network(reader.parse(self.model.build()), full_accounting=True)


def events_of(network, number, frame):
    """Runs a tick; what op `number` counted in it: events and effective operations."""
    op = network.ops[number]
    before = op.events, op.effective_acs + op.effective_macs
    network.tick(frame)
    return op.events - before[0], op.effective_acs + op.effective_macs - before[1]


def test_input():
    model = ModelWriter()
    values = model.analog(1, 8)
    model.input(model.stream("s", (50, 1), [("c", "", (1, 1))]), values, [100], [64], 8)
    model.output("o", model.readout(values, 1000), ["c"])
    network = interpreter.Network(reader.parse(model.build()))
    for x, product, y in table("input", "x"):
        network.tick(numbers(x))
        assert (numbers(product), numbers(y)) == ([(numbers(x)[0] - 100) * 64], network.values[values].tolist())


@pytest.mark.parametrize("column, join", [
    (2, {}), (3, {"join": "left", "shift": 2}), (4, {"join": "right", "shift": 2}),
    (5, {"join": "multiplier", "shift": 4, "multipliers": np.array([5, -9])})])
def test_dense(column, join):
    weights = np.array([[3, -1, 2], [-4, 7, 0]])
    bench = Bench(3)
    current, finish = bench.sums(2)
    bench.model.dense(bench.values, current, weights, "int4", **join)
    finish()
    network = bench.network(bench.values)
    for row in table("dense", "x | acc"):
        counted = events_of(network, 1, numbers(row[0]))
        assert numbers(row[1]) == (weights @ numbers(row[0])).tolist()
        assert numbers(row[column]) == network.values[current].tolist()
        assert numbers(row[6]) + numbers(row[7]) == list(counted)


def test_block():
    bench = Bench(4)
    current, finish = bench.sums(6)
    bench.model.block(bench.values, current, np.array([[1, 2], [0, -1], [3, 1]]), "int4", 2)
    finish()
    network = bench.network(bench.values)
    for x, sums, events in table("block", "x | current"):
        assert numbers(events) == [events_of(network, 1, numbers(x))[0]] and numbers(sums) == network.values[current].tolist()


def population(bits=1, **arguments):
    bench = Bench(1)
    target = bench.model.spikes(1, bits=bits)
    bench.model.lif(bench.identity(1), target, **arguments)
    return bench.network(target), target


def test_lif():
    runs = [population(threshold=200, decay=29491, reset=reset) for reset in ("subtract", "zero", "zero at once")]
    for _, drive, *columns in table("lif", "t | c | reset 1"):
        for (network, target), cell in zip(runs, columns):
            network.tick(numbers(drive))
            assert numbers(cell) == [*network.ops[2].membrane.tolist(), *network.values[target].tolist()]
    network, target = population(2, model="ALIF", threshold=100, decay=29491, reset="subtract at once", threshold_decay=24576,
                                 threshold_step=40, refractory=1)
    for _, drive, value, step, *columns in table("lif", "t | c | V"):
        op = network.ops[2]
        held, adapted = op.refractory[0] > 0, op.adaptation[0] * 24576 >> 15
        network.tick(numbers(drive))
        spikes = network.values[target]
        assert (value == "held") == held and numbers(step) == [100 + adapted]
        assert held or numbers(value) == (op.membrane + 100 * spikes).tolist()
        variables = spikes, op.membrane, op.adaptation, op.refractory
        assert [numbers(cell)[0] for cell in columns] == [variable[0] for variable in variables]


def test_memory():
    bench = Bench(2)
    target = bench.model.analog(4, 16, persistent=True)
    bench.model.memory(bench.identity(2), target, np.array([[-20, 30], [-50, 100]]), np.array([40, -24]), "int8", 7, 5,
                       fraction_bits=4)
    network = bench.network(target)
    for _, drive, state, events in table("memory", "t | c"):
        assert numbers(events) == [events_of(network, 2, numbers(drive))[0]] and numbers(state) == network.values[target].tolist()


def test_readout():
    networks = []
    for options in ({"window": 4, "hop": 2}, {"window": 2, "evidence_decay": 16384}):
        bench = Bench(2)
        networks.append(bench.network(bench.values, **options))
    for _, source, _, *columns in table("readout", "t | source"):
        for network, cell in zip(networks, columns):
            result = network.tick(numbers(source))
            expected = re.fullmatch(r"label (\d), scores (\d+) (\d+)", cell)
            assert result == (expected and (int(expected[1]), [int(expected[2]), int(expected[3])]))
    assert networks[0].state_parts()[-16:] == np.array([0, 9, 6, 1], "<i4").tobytes()


def test_sparse():
    bench = Bench(2)
    current, finish = bench.sums(3)
    synapses = np.array([(0, 0, 0, 3), (0, 0, 2, -2), (0, 1, 1, 5), (1, 1, 0, -7)])
    bench.model.sparse(bench.values, current, synapses, "int4", delays=2)
    finish()
    network = bench.network(bench.values)
    for _, x, sums, events, kept in table("sparse", "t | x"):
        assert numbers(events) == [events_of(network, 1, numbers(x))[0]] and numbers(sums) == network.values[current].tolist()
        frames = network.ops[1].kept
        assert numbers(kept) == [frames.place, *frames.frames.reshape(-1).tolist()]


def test_delay():
    bench = Bench(3)
    target = bench.model.analog(3, 16)
    bench.model.delay(bench.values, target, np.array([0, 1, 2]))
    network = bench.network(target)
    for _, x, y, kept in table("delay", "t | x"):
        network.tick(numbers(x))
        assert numbers(y) == network.values[target].tolist()
        assert bytes.fromhex(kept.replace("`", "")) == b"".join(network.ops[1].state())


def test_convolution():
    bench = Bench(4)
    current, finish = bench.sums(4)
    bench.model.convolution(bench.values, current, (1, 4, 1), np.array([[[[1, 2, 3]]], [[[0, -1, 1]]]]), "int4", strides=(1, 2),
                            padding=(0, 0, 1, 1))
    finish()
    network = bench.network(bench.values)
    for x, first, second, events in table("convolution", "x | current"):
        assert numbers(events) == [events_of(network, 1, numbers(x))[0]]
        assert numbers(first) + numbers(second) == network.values[current].tolist()


@pytest.mark.parametrize("column, options", [(1, {"multiplier": 3, "shift": 2}), (2, {"function": "maximum"})])
def test_pool(column, options):
    bench = Bench(4)
    target = bench.model.analog(2, 16)
    bench.model.pool(bench.values, target, (1, 4, 1), (1, 3), strides=(1, 2), padding=(0, 0, 1, 0), **options)
    network = bench.network(target)
    for row in table("pool", "x | sum"):
        network.tick(numbers(row[0]))
        assert numbers(row[column]) == network.values[target].tolist()


@pytest.mark.parametrize("column, function", [(2, "clip"), (3, "tanh"), (4, "sigmoid")])
def test_activation(column, function):
    bench = Bench(1)
    target = bench.model.analog(1, 8)
    bench.model.activation(bench.identity(1), target, function, multiplier=3, bias=5, shift=1, high=100 * (column == 2))
    network = bench.network(target)
    for row in table("activation", "c | z"):
        network.tick(numbers(row[0]))
        assert numbers(row[1]) == [(numbers(row[0])[0] + 5) * 3 + 1 >> 1]
        assert numbers(row[column]) == network.values[target].tolist()


def test_loihi():
    bench = Bench(1)
    target = bench.model.spikes(1)
    bench.model.loihi(bench.identity(1), target, threshold=640, current_decay=1024, voltage_decay=512, bias=64)
    network = bench.network(target)
    for _, drive, current, value, spikes, membrane in table("loihi", "t | c"):
        network.tick(numbers(drive))
        op, fired = network.ops[2], network.values[target][0]
        assert [numbers(cell)[0] for cell in (current, spikes, membrane)] == [op.current[0], fired, op.membrane[0]]
        assert numbers(value)[0] > 640 if fired else numbers(value)[0] == op.membrane[0]


def test_xylo():
    bench = Bench(2)
    currents, target = bench.model.synaptic(2), bench.model.spikes(2, bits=5)
    bench.model.dense(bench.values, currents, np.eye(2, dtype=int), "int8")
    bench.model.xylo(currents, target, threshold=50, membrane_dash=2, synaptic_dash=1, bias=1, aliases=np.array([1, 65535]))
    network = bench.network(target)
    for _, before, after, value, spikes, membrane in table("xylo", "t | y before"):
        network.tick([given - left for given, left in zip(numbers(before), network.values[currents].tolist())])
        assert numbers(after) == network.values[currents].tolist() and numbers(spikes) == network.values[target].tolist()
        assert numbers(membrane) == network.ops[2].membrane.tolist()
        assert numbers(value)[0] == numbers(membrane)[0] + 50 * numbers(spikes)[0] and numbers(value)[1] == numbers(membrane)[1]


def test_recurrence():
    bench = Bench(1)
    target = bench.model.analog(2, 32, persistent=True)
    factors = np.array([858993459, 421075225, -524288, -1572864]).reshape(1, 4, 1)
    bench.model.recurrence(bench.identity(1), target, factors, 20, 2**20, fraction_bits=4)
    network = bench.network(target)
    for _, drive, state, events in table("recurrence", "t | c"):
        assert numbers(events) == [events_of(network, 2, numbers(drive))[0]] and numbers(state) == network.values[target].tolist()
