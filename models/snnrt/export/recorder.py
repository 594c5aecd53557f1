"""The recorder runs a module and notes what it computes, operation by operation, below PyTorch's own functions.

Neurons of the frameworks are one operation each (`leaf`); what lies between them is seen as PyTorch's basic operations
(operations.py). An operation that no node says is refused with the line of the user's code."""

from __future__ import annotations

import os
import sys

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from .addresses import Book, Part, Reading
from .errors import ExportError
from .network import Network, Node

_HERE = os.path.dirname(os.path.abspath(__file__))


class Recorder(TorchDispatchMode):
    """Notes a run of `module` on `window_count` windows of `tick_count` ticks."""

    def __init__(self, module: torch.nn.Module, tick_count: int, window_count: int):
        super().__init__()
        self.network = Network()
        self.static_nodes: set[int] = set()
        self.book = Book(tick_count, window_count, self.static_nodes)
        self.tick_count, self.window_count = tick_count, window_count
        self.paused = False
        # How many operations and calls were understood.
        self.progress = 0
        self._names = {id(child): name for name, child in module.named_modules()}
        self._sites: dict[tuple, Node] = {}
        self._visits: dict[tuple, int] = {}

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        from .operations import run

        options = options or {}
        if self.paused:
            return function(*arguments, **options)
        return run(self, function, arguments, options)

    # ---- where in the code -------------------------------------------------------------------

    def site(self) -> tuple[tuple, str, str]:
        """The place in the code that now runs: a key, the name of the module it is in, words for messages."""
        key, module, line = [], None, None
        frame = sys._getframe(1)
        while frame is not None:
            file = frame.f_code.co_filename
            if not file.startswith(_HERE):
                if frame.f_code.co_name == "_call_impl" and file.endswith("module.py"):
                    owner = frame.f_locals.get("self")
                    key.append(self._names.get(id(owner), id(owner)))
                    module = module if module is not None else owner
                else:
                    key.append((file, frame.f_lasti))
                if line is None and "site-packages" not in file and "dist-packages" not in file:
                    line = f"{os.path.basename(file)}:{frame.f_lineno}"
            elif frame.f_code.co_name == "_called":
                break
            frame = frame.f_back
        return tuple(key), self._names.get(id(module), ""), self.words(module, line)

    def words(self, module, line=None) -> str:
        name = self._names.get(id(module), "")
        label = f"{name} ({type(module).__name__})" if name else type(module).__name__ if module is not None else "forward"
        return f"{label}, {line}" if line else label

    # ---- nodes -------------------------------------------------------------------------------

    def node(self, kind: str, label: str, reading: Reading, shape, site=None, **values) -> Node:
        """The node of the operation that now runs, made when it runs for the first time in a tick."""
        key, module, where = site or self.site()
        first = min(reading.parts)
        visit = self._visits.get((key, kind, first), 0)
        if set(reading.parts) == {-1} and self._stands_still(reading):
            # An image is seen again in each tick, by the same node.
            visit = next((old for old in range(visit) if self._saw(self._sites[key, kind, old], reading)), visit)
        for tick in reading.parts:
            self._visits[key, kind, tick] = visit + 1
        found = self._sites.get((key, kind, visit))
        if found is None:
            found = self.network.add(module or label, kind, shape, where, **values)
            self._sites[key, kind, visit] = found
        elif found.shape != tuple(shape):
            raise ExportError(f"{where}: gives {tuple(shape)} now and gave {found.shape} before")
        else:
            for name, value in values.items():
                if not _same(value, found.values[name]):
                    raise ExportError(f"{where}: its {name} changes from tick to tick, and the network of a file is the same in every tick")
        self.settle(found, reading)
        self.progress += 1
        return found

    @staticmethod
    def _saw(node: Node, reading: Reading) -> bool:
        return -1 in node.parts and all(a.same(b) for a, b in zip(node.parts[-1], reading.parts[-1]))

    def settle(self, node: Node, reading: Reading) -> None:
        """Notes what a node read."""
        node.add(reading.parts)
        if set(reading.parts) == {-1} and self._stands_still(reading):
            self.static_nodes.add(node.number)
        elif node.kind != "input":
            self.static_nodes.discard(node.number)

    def _stands_still(self, reading: Reading) -> bool:
        parts = [part for part in reading.parts[-1] if (part.node >= 0).any()]
        return bool(parts) and all(np.isin(part.node[part.node >= 0], list(self.static_nodes)).all() for part in parts)

    def read(self, tensor: torch.Tensor, where: str, shape=None) -> Reading:
        """Takes a tensor apart; numbers from elsewhere must be zeros."""
        found = self.book.of(tensor)
        if found is None:
            found = torch.full(tensor.shape, -1, dtype=torch.int64)
        self.expect_zeros(tensor, found, where)
        return self.book.read([found], where, shape)

    @staticmethod
    def expect_zeros(values: torch.Tensor, addresses: torch.Tensor, where: str) -> None:
        """Refuses numbers from elsewhere other than 0 among signals."""
        if bool(((addresses < 0) & (values != 0)).any()):
            raise ExportError(f"{where}: joins signals with numbers that are no zeros")

    def at_rest(self, shape: tuple[int, ...]) -> Reading:
        """The reading of zeros from before the first tick, [windows, *shape]."""
        nothing = np.zeros(shape, np.int64)
        windows = np.arange(self.window_count)
        return Reading({-1: [Part(nothing - 1, nothing, nothing)]}, (0,), windows * 0 - 1, windows, (self.window_count, *shape))

    def input(self, tensor: torch.Tensor, layout: str, shape: tuple[int, ...]) -> Node:
        """The network's input: `layout` names the axes that come before `shape`: "BT", "TB", "B", "*" (windows and ticks
        as one axis), or "B": the same in every tick."""
        node = self.network.add("input", "input", shape, "input")
        count = node.count
        window, tick = np.arange(self.window_count)[:, None], np.arange(self.tick_count)[None]
        rows = self.book.address(node.number, tick, window, 0)
        if layout == "TB":
            rows = rows.T
        elif layout == "*":
            rows = rows.reshape(-1)
        elif layout == "B":
            rows = self.book.address(node.number, -1, window[:, 0], 0)
            self.static_nodes.add(node.number)
        whole = rows.reshape(*rows.shape, *(1 for _ in shape)) + np.arange(count).reshape(shape)
        self.book.write(tensor, torch.from_numpy(np.ascontiguousarray(whole)))
        return node


def _same(a, b) -> bool:
    """True for values of a node that are the same in two ticks."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return a is not None and b is not None and np.array_equal(a, b)
    return a == b
