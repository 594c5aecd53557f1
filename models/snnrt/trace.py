"""What every node of a network did in every tick: spikes, membranes and currents, by the NIR graph's names."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import _library as lib
from .file import seal
from .network import Network
from .tables import Shown, table

if TYPE_CHECKING:
    from .model import Model

# Letters of membranes and of synaptic currents in the equations of docs/format.md.
_MEMBRANES, _CURRENTS = ("U", "v", "V"), ("Y", "u")


@dataclass(frozen=True)
class NodePlace:
    """Where a model shows a node: a slot, and the order of its elements (docs/format.md, Metadata).

    `channels_last`: the number of channels where the slot has them last and NIR first, else 0. `kept`: the neurons that pruning
    left, or None."""

    node: str
    slot: int
    channels_last: int = 0
    kept: tuple[int, ...] | None = None

    @staticmethod
    def read(line: str) -> NodePlace | None:
        """Of a line of metadata, "node in slot 7, 16 channels last: c"; None of any other."""
        if not line.startswith("node in slot ") or ": " not in line:
            return None
        place, node = line.removeprefix("node in slot ").split(": ", 1)
        slot, _, order = place.partition(", ")
        words = order.split()
        if words[1:] == ["channels", "last"]:
            return NodePlace(node, int(slot), channels_last=int(words[0]))
        if words[:1] == ["neurons"]:
            ends = [[int(end) for end in word.split("-")] for word in words[1:]]
            return NodePlace(node, int(slot), kept=tuple(i for low, *high in ends for i in range(low, (high or [low])[0] + 1)))
        return NodePlace(node, int(slot))

    def ordered(self, values: np.ndarray) -> np.ndarray:
        """[…, elements of the slot] in NIR's order."""
        if not self.channels_last:
            return values
        shape = values.shape
        split = values.reshape(*shape[:-1], shape[-1] // self.channels_last, self.channels_last)
        return np.ascontiguousarray(np.swapaxes(split, -1, -2)).reshape(shape)


class Trace(Shown):
    """The states of all nodes after every tick. Arrays are [windows, ticks, neurons] int32, neurons in the order of the NIR graph's
    elements; where pruning left some, `neurons` has their numbers.

    `spikes`: what neurons gave, 0 or 1, or how often in the tick. `membranes`: of neurons that fire, after a reset of the same tick.
    `currents`: synaptic currents where neurons have some, else the sums of their synapses in the tick. `values`: what nodes without
    spikes gave, as memories and activations do. `scores`: [results, classes]. `input`: the samples, in counts.

    Integers are those of the file: a membrane's unit is that of its threshold (`snnrt compile` says how many counts a unit has)."""

    def __init__(self, model: Model, windows: np.ndarray):
        self.input = windows
        self.spikes: dict[str, np.ndarray] = {}
        self.membranes: dict[str, np.ndarray] = {}
        self.currents: dict[str, np.ndarray] = {}
        self.values: dict[str, np.ndarray] = {}
        self.neurons: dict[str, np.ndarray] = {}
        self.scores = np.empty((0, len(model.classes)), np.int32)
        self.classes = model.classes

    def _tables(self) -> list[str]:
        rows = []
        for node, neurons in self.neurons.items():
            spikes = self.spikes.get(node)
            shares = (int(np.count_nonzero(spikes)), float(np.mean(spikes != 0)), int(np.sum(~(spikes != 0).any(axis=(0, 1))))) \
                if spikes is not None else (None, None, None)
            rows.append((node, len(neurons), *shares))
        head = f"{self.input.shape[0]:,} windows of {self.input.shape[1]:,} ticks"
        return [head, table(["node", "neurons", "spikes", "share of ticks", "silent"], rows)]


class _Probe:
    """A node's arrays in a running network, by slot or by state variable."""

    def __init__(self, network: Network, place: NodePlace, ops: list[lib.OpInfo], shape: tuple[int, int]):
        self.place, self._reads = place, []
        writers = [(number, op) for number, op in enumerate(ops) if op.target_slot == place.slot]
        # Of projections into a slot there may be several; what a node shows has one writer.
        self.op, op = writers[-1]
        names = list(network.variables(self.op))
        self.fires = any(name in names for name in _MEMBRANES)
        self.integrates = lib.KINDS[op.kind] == "lif"
        self.arrays: dict[str, np.ndarray] = {}
        self._slot("output", network, place.slot, shape)
        current = next((name for name in _CURRENTS if name in names), None)
        for kind, name in (("membranes", next((name for name in _MEMBRANES if name in names), None)), ("currents", current)):
            if name:
                self._variable(kind, network, names.index(name), shape)
        if (self.fires or self.integrates) and current is None:
            self._slot("currents", network, op.source_slot, shape)

    def _slot(self, kind: str, network: Network, slot: int, shape) -> None:
        array = self._array(kind, len(network.slot(slot)), shape)
        self._reads.append(("slot", (slot,), array, (None,)))

    def _variable(self, kind: str, network: Network, number: int, shape) -> None:
        count = len(list(network.variables(self.op).values())[number])
        self._reads.append(("state_variable", (self.op, number, None), self._array(kind, count, shape), ()))

    def _array(self, kind: str, count: int, shape) -> np.ndarray:
        self.arrays[kind] = np.zeros((*shape, count), np.int32)
        return self.arrays[kind]

    def read(self, handle, window: int, tick: int) -> None:
        for name, before, array, after in self._reads:
            into = array.ctypes.data + window * array.strides[0] + tick * array.strides[1]
            lib.call(name, handle, *before, into, array.shape[-1], *after)


def without_reset(data: bytes) -> bytes | None:
    """The file with a readout that keeps the network's state at a hop's end; None where it does so already (docs/format.md, 12.6)."""
    body = bytearray(data[:struct.unpack_from("<I", data, 12)[0] - 4])
    sections = {kind: (start, count) for kind, _, start, count in
                (struct.unpack_from("<HHII", body, 32 + 12 * i) for i in range(struct.unpack_from("<H", body, 24)[0]))}
    ops, count = sections[4]
    readout = next(record for record in range(ops, ops + count, 20) if lib.KINDS[body[record]] == "readout")
    flag = sections[5][0] + 4 * struct.unpack_from("<H", body, readout + 18)[0] + 1
    if body[flag] == 0:
        return None
    body[flag] = 0
    return seal(bytes(body))


def record(model: Model, windows: np.ndarray) -> Trace:
    """Runs windows tick by tick, each from rest, and keeps what every node shows.

    A network that resets itself at a hop's end would show its last tick as zeros: states are read from a twin that does not, and
    is reset after they have been read."""
    from .model import Model

    network, trace = Network(model), Trace(model, windows)
    twin_data = without_reset(model.data)
    twin = Network(Model(twin_data)) if twin_data else network
    ops = network.ops()
    probes = [_Probe(twin, place, ops, windows.shape[:2]) for place in model.nodes.values()]
    scores = []
    for number, window in enumerate(windows):
        network.reset()
        twin.reset()
        for tick in range(len(window)):
            frame = window[tick:tick + 1]
            scores += [result.scores for result in network._push(frame)]
            if twin is not network:
                list(twin._push(frame))
            for probe in probes:
                probe.read(twin._handle, number, tick)
            if twin is not network and (tick + 1) % model.hop == 0:
                twin.reset()
    for probe in probes:
        arrays = {kind: probe.place.ordered(array) for kind, array in probe.arrays.items()}
        output, node = arrays.pop("output"), probe.place.node
        where = trace.spikes if probe.fires else trace.membranes if probe.integrates else trace.values
        where[node] = output
        trace.membranes |= {node: arrays["membranes"]} if "membranes" in arrays else {}
        trace.currents |= {node: arrays["currents"]} if "currents" in arrays else {}
        kept = probe.place.kept
        trace.neurons[node] = np.arange(output.shape[-1]) if kept is None else np.array(kept)
    trace.scores = model._scaled(np.array(scores, np.int32).reshape(-1, len(model.classes)))
    return trace
