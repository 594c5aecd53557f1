"""The network as the recorder found it: one node for each operation, seen once a tick."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .addresses import STILL, Part
from .errors import ExportError


@dataclass
class Node:
    """An operation of the network: what it is, and what it read in each tick."""

    number: int
    name: str
    # input, linear, scale, conv, pool, maxpool, activation, population, membrane, sum, time
    kind: str
    # The shape of a tick's values of one window.
    shape: tuple[int, ...]
    # For messages: the module and the line of the user's code.
    where: str
    values: dict = field(default_factory=dict)
    parts: dict[int, list[Part]] = field(default_factory=dict)
    # One reading for all ticks, once `fold` has run.
    operands: list[Part] = field(default_factory=list)

    @property
    def count(self) -> int:
        return int(np.prod(self.shape)) if self.shape else 1

    def add(self, parts: dict[int, list[Part]]) -> None:
        for tick, part in parts.items():
            if tick in self.parts and not all(a.same(b) for a, b in zip(self.parts[tick], part)):
                raise ExportError(f"{self.where}: runs twice in tick {tick}, on different inputs")
            self.parts[tick] = part

    def fold(self, static_nodes: set[int]) -> None:
        """One reading for all ticks. Zeros stand for what would have come from before the first tick."""
        ticks = sorted(self.parts)
        for tick, parts in self.parts.items():
            for part in parts:
                still = part.lag == STILL
                part.lag = np.where(still, np.where(np.isin(part.node, list(static_nodes)), 0, tick + 1), part.lag)
        if self.kind == "sum" and self.values["signs"][0] == self.values["signs"][1]:
            self._order_operands(ticks)
        for position in range(len(self.parts[ticks[0]])):
            parts = [(tick, self.parts[tick][position]) for tick in ticks]
            model = parts[-1][1]
            whole = Part(model.node.copy(), model.lag.copy(), model.element.copy())
            for tick, part in parts:
                if part.shape != whole.shape:
                    raise ExportError(f"{self.where}: reads {part.shape} in tick {tick} and {whole.shape} later")
                fresh = (whole.node < 0) & (part.node >= 0)
                for target, source in ((whole.node, part.node), (whole.lag, part.lag), (whole.element, part.element)):
                    target[fresh] = source[fresh]
            for tick, part in parts:
                differs = (part.node != whole.node) | (part.node >= 0) & ((part.lag != whole.lag) | (part.element != whole.element))
                if (differs & ~((part.node < 0) & (whole.lag > tick))).any():
                    raise ExportError(
                        f"{self.where}: reads something else in tick {tick} than in others; a network does the same in every tick")
            self.operands.append(whole)

    def _order_operands(self, ticks: list[int]) -> None:
        """total = 0 + x in the first tick is total = total + x in the others."""
        def agrees(part: Part, model: Part) -> bool:
            known = part.node >= 0
            return part.shape == model.shape and bool(
                ((part.node == model.node) & (part.lag == model.lag) & (part.element == model.element))[known].all())

        model = self.parts[ticks[-1]]
        for tick in ticks[:-1]:
            first, second = self.parts[tick]
            if not (agrees(first, model[0]) and agrees(second, model[1])) and agrees(first, model[1]) and agrees(second, model[0]):
                self.parts[tick] = [second, first]


class Network:
    """Nodes by number, in the order in which they first ran."""

    def __init__(self):
        self.nodes: list[Node] = []
        self._names: set[str] = set()

    def add(self, name: str, kind: str, shape, where: str, **values) -> Node:
        node = Node(len(self.nodes), self.free(name), kind, tuple(shape), where, values)
        self.nodes.append(node)
        return node

    def free(self, name: str) -> str:
        """A name that no other node has."""
        name = name.replace(".", "_").replace("/", "_") or "network"
        found, count = name, 1
        while found in self._names or found in ("input", "output") and found != name:
            found, count = f"{name}_{count}", count + 1
        self._names.add(found)
        return found

    def fold(self, static_nodes: set[int]) -> None:
        """One reading for all ticks of every node."""
        for node in self.nodes:
            if node.parts and not node.operands:
                node.fold(static_nodes)

    def reader_count(self, node: Node) -> int:
        """How many nodes read a node."""
        return sum(any((part.node == node.number).any() for part in other.operands) for other in self.nodes)

    def states(self) -> set[int]:
        """Sums that are read again in a later tick and come back to themselves through matrices, factors and sums alone."""
        between = ("linear", "scale")
        found: set[int] = set()
        for node in self.nodes:
            late = {int(number) for part in node.operands for number in np.unique(part.node[(part.lag > 0) & (part.node >= 0)])}
            while late:
                source = self.nodes[late.pop()]
                if source.kind in between:
                    late |= self._read_by(source)
                elif source.kind == "sum" and self._returns(source.number, (*between, "sum")):
                    found.add(source.number)
        return found

    def _read_by(self, node: Node) -> set[int]:
        return {int(number) for part in node.operands for number in np.unique(part.node) if number >= 0}

    def _returns(self, start: int, kinds: tuple[str, ...]) -> bool:
        """True for a node that reads itself through nodes of some kinds."""
        seen, left = set(), [start]
        while left:
            for number in self._read_by(self.nodes[left.pop()]):
                if number == start:
                    return True
                if number not in seen and self.nodes[number].kind in kinds:
                    seen.add(number)
                    left.append(number)
        return False
