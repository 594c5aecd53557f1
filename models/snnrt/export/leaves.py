"""Neurons of the frameworks as one operation of the recorder, and what they gave in a plain run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from .addresses import STILL, Part, Reading
from .errors import ExportError
from .frameworks import Leaf, leaf_of, reset, substitute
from .population import Population
from .recorder import Recorder


def _children(module: torch.nn.Module) -> Iterator[tuple[str, torch.nn.Module]]:
    # Rockpool's modules() gives children in a dictionary.
    return torch.nn.Module.named_modules(module)


def leaves(module: torch.nn.Module) -> dict[str, tuple[torch.nn.Module, Leaf]]:
    """The neurons in a module by their names in it, those within neurons left out."""
    found: dict[str, tuple[torch.nn.Module, Leaf]] = {}
    inside: set[int] = set()
    for name, child in _children(module):
        leaf = leaf_of(child)
        if leaf is not None and id(child) not in inside:
            found[name] = (child, leaf)
            inside |= {id(grandchild) for _, grandchild in _children(child)}
    return found


@contextmanager
def evaluating(module: torch.nn.Module):
    """Modules as after training (no Dropout, running statistics), and back; states as at a window's start, before and after."""
    modes = [(child, child.training) for _, child in _children(module)]
    for child, _ in modes:
        object.__setattr__(child, "training", False)
    try:
        yield
    finally:
        for child, mode in modes:
            object.__setattr__(child, "training", mode)
        reset(module)


@contextmanager
def substituted(module: torch.nn.Module):
    """Modules whose forward has operations without nodes run as what they are the same as."""
    changed = [(child, other) for _, child in _children(module) if (other := substitute(child)) is not None]
    for child, other in changed:
        object.__setattr__(child, "forward", other)
    try:
        yield
    finally:
        for child, _ in changed:
            object.__delattr__(child, "forward")


@contextmanager
def intercepted(found: dict, called):
    """Calls `called(name, module, leaf, forward, arguments, options)` in place of each neuron's forward."""
    def wrapped(name, child, leaf, forward):
        return lambda *arguments, **options: called(name, child, leaf, forward, arguments, options)

    for name, (child, leaf) in found.items():
        object.__setattr__(child, "forward", wrapped(name, child, leaf, child.forward))
    try:
        yield
    finally:
        for child, _ in found.values():
            object.__delattr__(child, "forward")


class LeafRecorder:
    """Notes neurons' calls with a recorder."""

    def __init__(self, recorder: Recorder):
        self.recorder = recorder
        self.populations: dict[int, Population] = {}
        # The greatest tick of which each node's neurons have run, and the addresses of its states behind that tick, which what the
        # user does to the states in place does not reach.
        self._ticks: dict[str, int] = {}
        self._states: dict[str, dict[str, torch.Tensor]] = {}
        # Each neuron module's nodes: its population, what its spikes count as if that is not 1, its membranes, its other states.
        self.nodes: dict[str, tuple] = {}

    def __call__(self, name, module, leaf: Leaf, forward, arguments, options):
        recorder = self.recorder
        if recorder.paused:
            return forward(*arguments, **options)
        where = recorder.words(module)
        x = arguments[0] if arguments else next(iter(options.values()))
        taken = [*arguments[1:], *(value for key, value in options.items() if value is not x)]
        recorder.paused = True
        try:
            self._check_states(name, module, leaf, taken, where)
            reading = self._reading(name, leaf, x, where)
            result = forward(*arguments, **options)
            self._note(name, module, leaf, reading, result, where)
        finally:
            recorder.paused = False
        return result

    def _reading(self, name, leaf, x, where) -> Reading:
        recorder, book = self.recorder, self.recorder.book
        if leaf.time not in (None, "*") and book.tracks(x) and x.shape[leaf.time] == recorder.tick_count and self._stands_still(x):
            return self._repeated(name, recorder.read(x.select(leaf.time, 0), where), leaf.time)
        reading = recorder.read(x, where) if book.tracks(x) else recorder.at_rest(tuple(x.shape[1:]))
        last = self._ticks.get(name, -1)
        ticks = sorted(reading.parts)
        if leaf.time is None:
            if len(ticks) > 1:
                raise ExportError(f"{where}: takes one tick a call and was given several at once; loop over the ticks, or let time_axis "
                                  "say where they lie")
            if ticks[0] != last + 1:
                # What stands still, and what was before the first tick, belong to the call's tick.
                reading = _moved(reading, last + 1, where)
            self._ticks[name] = last + 1
            return reading
        if ticks == [-1] and len(reading.outer) == (1 if recorder.window_count > 1 else 0):
            raise ExportError(f"{where}: takes all ticks at once and was given none")
        if ticks != list(range(recorder.tick_count)):
            raise ExportError(f"{where}: was given ticks {ticks[0]} to {ticks[-1]} of {recorder.tick_count}; give it a whole window at once")
        if last >= 0:
            raise ExportError(f"{where}: runs twice over a window")
        self._ticks[name] = recorder.tick_count - 1
        axis = 0 if leaf.time == "*" else leaf.time
        moved = reading.ticks.reshape(tuple(reading.shape[a] for a in reading.outer))
        steps = reading.outer.index(axis) if axis in reading.outer else None
        if steps is None or recorder.tick_count > 1 and not (np.diff(moved, axis=steps) != 0).any():
            raise ExportError(f"{where}: takes ticks along axis {axis} of what it gets, where windows or elements lie; "
                              "axes are (windows, ticks, …) for Sinabs and Rockpool, (ticks, windows, …) for Norse and SpikingJelly")
        return reading

    def _stands_still(self, x) -> bool:
        node = self.recorder.book.split(self.recorder.book.of(x).numpy())[0]
        return bool(np.isin(node[node >= 0], list(self.recorder.static_nodes)).all())

    def _repeated(self, name, reading: Reading, axis: int) -> Reading:
        """An image that is given once for each tick."""
        count = self.recorder.tick_count
        (parts,) = reading.parts.values()
        self._ticks[name] = count - 1
        ticks, windows = np.meshgrid(np.arange(count), reading.windows, indexing="ij")
        if axis == 1:
            ticks, windows = ticks.T, windows.T
        shape = list(reading.shape)
        shape.insert(axis, count)
        return Reading({tick: [Part(part.node.copy(), part.lag.copy(), part.element.copy()) for part in parts] for tick in range(count)},
                       (0, 1), ticks.reshape(-1), windows.reshape(-1), tuple(shape))

    def _note(self, name, module, leaf, reading, result, where) -> None:
        recorder, book = self.recorder, self.recorder.book
        shape = reading.parts[next(iter(reading.parts))][0].shape
        if name not in self.nodes:
            population = leaf.describe(module, shape)
            if population.input_weight is not None:
                shape = (*shape[:-1], len(population.input_weight))
            node = recorder.network.add(name or "neurons", "population", shape, where, population=population)
            scaled = None
            if np.any(np.asarray(population.spike_value) != 1):
                scaled = recorder.network.add(f"{node.name}_value", "scale", shape, where,
                                              scale=np.broadcast_to(np.asarray(population.spike_value, np.float64), shape))
            membrane = recorder.network.add(f"{node.name}_membrane", "membrane", shape, where, of=node.number)
            state = recorder.network.add(f"{node.name}_state", "state", shape, where, of=node.number)
            self.nodes[name] = (node, scaled, membrane, state)
            self.populations[node.number] = population
        node, scaled, membrane, state = self.nodes[name]
        recorder.progress += 1
        node.add(reading.parts)
        after = self._after(reading, node.shape)
        own = recorder.book.read([recorder.book.spread(node.number, after)], where)
        for other in (scaled, membrane, state):
            if other is not None:
                other.add(own.parts)
        tensors = [leaf_ for leaf_ in _flat(result) if isinstance(leaf_, torch.Tensor)]
        output = scaled or node
        recorder.book.write(tensors[0], recorder.book.spread(output.number, after))
        values = list(zip(leaf.states, tensors if len(tensors) == len(leaf.states) > 1 else tensors[1:]))
        values += [(leaf.attributes[key], getattr(module, key, None)) for key in leaf.attributes or {}]
        kept = {}
        for state_name, tensor in values:
            if not isinstance(tensor, torch.Tensor) or tensor.untyped_storage()._cdata == tensors[0].untyped_storage()._cdata:
                kept[state_name] = book.of(tensors[0]).clone()
                continue
            is_membrane = state_name == (leaf.membrane or "v")
            kind = membrane if is_membrane else output if state_name in ("z", "spk") else state
            if tensor.numel() == tensors[0].numel():
                book.write(tensor, recorder.book.spread(kind.number, after).reshape(tensor.shape))
            elif not (leaf.time is not None and is_membrane):
                continue
            kept.setdefault(state_name, book.of(tensor).clone())
        self._states[name] = kept

    @staticmethod
    def _after(reading: Reading, shape) -> Reading:
        """The reading as if it were of the output."""
        full = list(reading.shape)
        inner = [axis for axis in range(len(full)) if axis not in reading.outer]
        for axis, size in zip(inner, shape):
            full[axis] = size
        return Reading(reading.parts, reading.outer, reading.ticks, reading.windows, tuple(full))

    def _check_states(self, name, module, leaf, taken, where) -> None:
        """States that the user hands in, or that the module keeps, are those of the tick before, or zeros before the first."""
        given = [tensor for tensor in _flat(taken) if isinstance(tensor, torch.Tensor) and tensor.numel() > 0]
        own = {leaf.attributes[key]: getattr(module, key, None) for key in leaf.attributes or {}}
        kept = self._states.get(name)
        if kept is None:
            held = [value for value in own.values() if isinstance(value, torch.Tensor)]
            if any(self.recorder.book.tracks(tensor) for tensor in given + held):
                raise ExportError(f"{where}: starts from a state that another node gave")
            if any(bool((tensor != 0).any()) for tensor in given):
                raise ExportError(f"{where}: starts from a state other than 0")
            return
        if leaf.states and not own and not given:
            raise ExportError(f"{where}: is given no state and starts anew in each tick; hand it the state that it gave in the tick before")
        for state, tensor in zip(leaf.states, given):
            if not self._is_kept(kept, state, tensor):
                raise ExportError(f"{where}: is handed another state ({state}) than its own of the tick before")
        for state, value in own.items():
            if not given and not self._is_kept(kept, state, value):
                raise ExportError(f"{where}: its state {state} is changed between ticks (clamped, scaled, reset …), which has no node; "
                                  "train without it")

    def _is_kept(self, kept, state, value) -> bool:
        if kept.get(state) is None:
            return True
        addresses = self.recorder.book.of(value) if isinstance(value, torch.Tensor) else None
        return addresses is not None and torch.equal(addresses, kept[state])


def _moved(reading: Reading, tick: int, where: str) -> Reading:
    """A reading of one tick as one of a later tick."""
    (old, parts), = reading.parts.items()
    if old > tick:
        raise ExportError(f"{where}: reads tick {old} in call {tick}")
    later = [Part(part.node, np.where(part.lag == STILL, STILL, part.lag + np.where(part.node >= 0, tick - old, 0)), part.element)
             for part in parts]
    return Reading({tick: later}, reading.outer, np.full_like(reading.ticks, tick), reading.windows, reading.shape)


def _flat(values):
    """The tensors in tuples, lists and named tuples."""
    if isinstance(values, torch.Tensor) or values is None:
        return [values]
    if isinstance(values, dict):
        values = values.values()
    if isinstance(values, (tuple, list)) or hasattr(values, "__iter__"):
        return [one for value in values for one in _flat(value)]
    return []
