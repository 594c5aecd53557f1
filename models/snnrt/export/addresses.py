"""Addresses say of every element of a tensor which element of which node it is, at which tick and in which window.

An address is one integer, ((node · (T + 1) + tick + 1) · B + window) · SIZE + element; −1 is a number from elsewhere. Tick −1
is the time before the first: what a node gives at rest. Addresses lie beside a tensor's storage, so that views of a tensor,
and writes through them, need no attention.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .errors import ExportError

# Elements of a node, at most.
SIZE = 1 << 22
# The lag of values that do not change over a window: an image that is shown all the time. They have tick −1.
STILL = -9


@dataclass
class Part:
    """What an operation reads of one operand in one tick: for each element the node, how many ticks ago, and its element.

    node, lag and element have the operand's shape without windows and ticks; node is −1 where a zero from elsewhere stands."""

    node: np.ndarray
    lag: np.ndarray
    element: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.node.shape

    def same(self, other: Part) -> bool:
        return self.shape == other.shape and all(
            np.array_equal(a, b) for a, b in ((self.node, other.node), (self.lag, other.lag), (self.element, other.element)))


@dataclass
class Reading:
    """Operands of one operation, taken apart: `parts[tick]` are the parts of the operands in that tick.

    `outer` are the axes of the operands' common shape that run over windows and ticks; `rows` the tick and the window of
    each of their positions."""

    parts: dict[int, list[Part]]
    outer: tuple[int, ...]
    ticks: np.ndarray
    windows: np.ndarray
    shape: tuple[int, ...]


class Book:
    """The addresses of all storages that hold values of nodes."""

    def __init__(self, tick_count: int, window_count: int, static_nodes: set[int]):
        self.tick_count, self.window_count, self.static_nodes = tick_count, window_count, static_nodes
        self._storages: dict[int, tuple[torch.UntypedStorage, torch.Tensor]] = {}

    def of(self, tensor: torch.Tensor) -> torch.Tensor | None:
        """The addresses of a tensor's elements, a view that may be written to; None where all are from elsewhere."""
        if tensor.numel() == 0:
            return None
        found = self._storages.get(tensor.untyped_storage()._cdata)
        return None if found is None else found[1].as_strided(tensor.shape, tensor.stride(), tensor.storage_offset())

    def tracks(self, tensor: torch.Tensor) -> bool:
        addresses = self.of(tensor)
        return addresses is not None and bool((addresses >= 0).any())

    def room(self, tensor: torch.Tensor) -> torch.Tensor:
        """The addresses of a tensor, made if there are none."""
        storage = tensor.untyped_storage()
        if storage._cdata not in self._storages:
            count = storage.nbytes() // tensor.element_size()
            self._storages[storage._cdata] = (storage, torch.full((count,), -1, dtype=torch.int64))
        return self.of(tensor)

    def write(self, tensor: torch.Tensor, addresses: torch.Tensor) -> None:
        if tensor.numel():
            self.room(tensor).copy_(addresses)

    def address(self, node: int, tick, window, element):
        return ((node * (self.tick_count + 1) + tick + 1) * self.window_count + window) * SIZE + element

    def split(self, addresses: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Node, tick, window and element; node is −1 where the number is from elsewhere."""
        rest, element = np.divmod(addresses, SIZE)
        rest, window = np.divmod(rest, self.window_count)
        node, tick = np.divmod(rest, self.tick_count + 1)
        return np.where(addresses < 0, -1, node), tick - 1, window, element

    def read(self, operands: list[torch.Tensor], where: str, shape=None) -> Reading:
        """Takes operands of one common shape apart.

        `operands`: addresses, −1 where numbers are from elsewhere. `shape`: what to see them as, for a first axis that runs over
        windows and positions at once.

        Raises ExportError where windows or ticks are mixed in a way that no node of a network has."""
        stacked = torch.stack(operands).numpy()
        if shape is not None:
            stacked = stacked.reshape(len(operands), *shape)
        node, tick, window, element = self.split(stacked)
        known = node >= 0
        static = known & np.isin(node, list(self.static_nodes))
        moving = known & ~static
        outer = []
        for axis in range(1, stacked.ndim):
            if stacked.shape[axis] > 1 and self._is_outer(axis, known, moving, tick, window, node, element):
                outer.append(axis)
        inner = [axis for axis in range(1, stacked.ndim) if axis not in outer]

        def rows(array):
            moved = np.transpose(array, [*outer, 0, *inner])
            return moved.reshape(-1, *(array.shape[axis] for axis in [0, *inner]))

        node, tick, window, element, known, moving = map(rows, (node, tick, window, element, known, moving))
        flat = tuple(range(1, node.ndim))
        row_tick = np.where(moving, tick, -1).max(axis=flat)
        low = np.where(known, window, self.window_count).min(axis=flat)
        high = np.where(known, window, -1).max(axis=flat)
        if (low < high).any():
            raise ExportError(f"{where}: mixes windows of the batch, which the network of one window cannot do")
        lag = np.where(moving, row_tick.reshape(-1, *(1 for _ in flat)) - tick, np.where(known, STILL, 0))
        node, element = np.where(known, node, -1), np.where(known, element, 0)
        parts: dict[int, list[Part]] = {}
        for row, at in enumerate(row_tick):
            new = [Part(node[row, i], lag[row, i], element[row, i]) for i in range(len(operands))]
            old = parts.setdefault(int(at), new)
            if not all(a.same(b) for a, b in zip(old, new)):
                raise ExportError(f"{where}: reads other elements in one window or position than in another")
        return Reading(parts, tuple(axis - 1 for axis in outer), row_tick, np.where(low == self.window_count, -1, low),
                       stacked.shape[1:])

    def _is_outer(self, axis, known, moving, tick, window, node, element) -> bool:
        """True for an axis along which windows or ticks run and elements do not."""
        def spread(values, mask):
            low = np.where(mask, values, 1 << 40).min(axis=axis)
            high = np.where(mask, values, -(1 << 40)).max(axis=axis)
            return bool((low < high).any())

        if spread(node, known) or spread(element, known):
            return False
        return spread(window, known) or spread(tick, moving)

    def outputs(self, node: int, reading: Reading, shape: tuple[int, ...]) -> np.ndarray:
        """Addresses of a node's values in a tensor whose outer axes stand first, flattened: [rows, *shape]."""
        element = np.arange(int(np.prod(shape)) if shape else 1).reshape(shape)
        rows = self.address(node, reading.ticks, np.maximum(reading.windows, 0), 0)
        return rows.reshape(-1, *(1 for _ in shape)) + element

    def spread(self, node: int, reading: Reading) -> torch.Tensor:
        """Addresses of a node's values in a tensor of the operands' shape, for operations element by element."""
        outer = reading.outer
        inner = [axis for axis in range(len(reading.shape)) if axis not in outer]
        shape = tuple(reading.shape[axis] for axis in inner)
        rows = self.outputs(node, reading, shape).reshape(*(reading.shape[axis] for axis in outer), *shape)
        return torch.from_numpy(np.ascontiguousarray(np.transpose(rows, np.argsort([*outer, *inner]))))
