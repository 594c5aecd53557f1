"""NIR nodes of the network that the recorder found: sums become edges, moved elements become matrices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..nir import activation, block, flatten, input_node, linear
from .addresses import Part
from .errors import ExportError
from .network import Network, Node
from .population import Population


@dataclass
class Term:
    """A share of what a node reads: elements `element` of `node`, `lag` ticks ago, at the places `place`, times `sign`."""

    node: Node
    lag: int
    place: np.ndarray
    element: np.ndarray
    sign: float = 1.0

    def is_whole(self, count: int) -> bool:
        """True where all elements stand at their own places."""
        whole = np.arange(self.node.count)
        return self.sign == 1 and count == len(whole) and np.array_equal(self.element, whole) and np.array_equal(self.place, whole)


@dataclass
class Graph:
    """A NIR graph: nodes and their metadata by name, edges, and those of them that carry last tick's value."""

    nodes: dict[str, dict] = field(default_factory=dict)
    metadata: dict[str, dict] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    late: list[tuple[str, str]] = field(default_factory=list)
    populations: dict[str, Population] = field(default_factory=dict)
    # The shape of each node's values in one tick.
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)


# Where a node stands in the graph: its name there, and how many ticks late it comes.
Source = tuple[str, int]


class Emitter:
    """Writes the nodes that the output depends on."""

    def __init__(self, network: Network, dt: float, opened: dict[int, Part], still: set[int]):
        self.network, self.dt, self.graph = network, dt, Graph()
        self.shapes = self.graph.shapes
        # For each node of the network that stands in the graph: the names there whose sum it is.
        self.written: dict[int, list[Source]] = {}
        self._flattened: dict[str, str] = {}
        self._delayed: dict[tuple[str, int], str] = {}
        self.states = network.states()
        # Nodes that stand for what they read: ticks put together at the end, which the readout does.
        self.opened_nodes = opened
        # Nodes whose values do not change over a window: those of ticks ago are those of now.
        self.still = still

    # ---- what a node reads -------------------------------------------------------------------

    def terms(self, part: Part, sign: float = 1.0) -> list[Term]:
        """What stands at each place, sums opened."""
        found: list[Term] = []
        node, lag, element = part.node.reshape(-1), part.lag.reshape(-1), part.element.reshape(-1)
        places = np.arange(node.size)
        for number in np.unique(node[node >= 0]):
            for ticks in np.unique(lag[node == number]):
                here = (node == number) & (lag == ticks)
                term = Term(self.network.nodes[number], int(ticks), places[here], element[here], sign)
                if number in self.opened_nodes:
                    inside = Part(*(array.reshape(-1)[term.element] for array in vars(self.opened_nodes[number]).values()))
                    found += [Term(deeper.node, deeper.lag + term.lag, term.place[deeper.place], deeper.element, deeper.sign)
                              for deeper in self.terms(inside, sign)]
                    continue
                is_open = term.node.kind == "sum" and number not in self.states
                found += self.opened(term) if is_open else [term]
        return found

    def opened(self, term: Term) -> list[Term]:
        """The terms of a sum."""
        if term.node.values["bias"] is not None:
            raise ExportError(f"{term.node.where}: adds a constant to signals, which has no node; make it a bias of the layer before")
        found = []
        for part, sign in zip(term.node.operands, term.node.values["signs"]):
            inner = Part(*(array.reshape(-1)[term.element] for array in (part.node, part.lag, part.element)))
            for deeper in self.terms(inner, sign * term.sign):
                lag = 0 if deeper.node.number in self.still else deeper.lag + term.lag
                found.append(Term(deeper.node, lag, term.place[deeper.place], deeper.element, deeper.sign))
        return found

    def matrices(self, node: Node) -> list[tuple[Term, np.ndarray]]:
        """What a matrix or a factor does to each of the terms that it reads: [outputs, elements of the term's node]."""
        (part,) = node.operands
        if node.kind == "linear":
            groups = node.values["groups"]
            weight = np.kron(np.eye(groups), node.values["weight"]) if groups > 1 else node.values["weight"]
        else:
            weight = np.diag(node.values["scale"].reshape(-1))
        found = []
        for term in self.terms(part):
            matrix = np.zeros((len(weight), term.node.count))
            np.add.at(matrix.T, term.element, term.sign * weight[:, term.place].T)
            found.append((term, matrix))
        return sorted(found, key=lambda pair: pair[0].lag)

    def sources(self, part: Part, where: str, shape: tuple[int, ...] | None = None) -> list[Source]:
        """Names in the graph that give a part's elements in order; matrices are made where elements move.

        `shape`: what a layer with positions takes; None: whatever comes, all of one shape."""
        found: list[Source] = []
        for term in self.terms(part):
            if term.is_whole(part.node.size):
                found += [(name, lag + term.lag) for name, lag in self.made(term.node)]
                continue
            if shape is not None:
                raise ExportError(f"{where}: reads elements of {term.node.name} that were moved, repeated or left out (slices, flips, "
                                  'padding_mode other than "zeros"), which a layer with positions cannot')
            matrix = np.zeros((part.node.size, term.node.count))
            np.add.at(matrix, (term.place, term.element), term.sign)
            found += self.multiplied(f"{term.node.name}_moved", [(term, matrix)], None)
        shapes = {plain(self.shapes[name]) for name, _ in found}
        if shape is not None and shapes != {plain(shape)}:
            raise ExportError(f"{where}: sees values of {' and '.join(map(str, shapes))} as {shape}, which has no node")
        return found if len(shapes) < 2 else [(self.flat(name), lag) for name, lag in found]

    def flat(self, name: str) -> str:
        """The name of a node's values in a row."""
        if len(self.shapes[name]) < 2:
            return name
        if name not in self._flattened:
            shape = self.shapes[name]
            fields = flatten() | {"input_type": np.array(shape, np.int64)}
            self._flattened[name] = self.add(f"{name}_flat", fields, (int(np.prod(shape)),), [name])
        return self._flattened[name]

    # ---- nodes -------------------------------------------------------------------------------

    def add(self, name: str, node: dict, shape: tuple[int, ...], sources: list[str], metadata: dict | None = None) -> str:
        """A node of the graph behind `sources`."""
        base, count = name, 1
        while name in self.graph.nodes or name == "output" and node["type"] != "Output":
            name, count = f"{base}_{count}", count + 1
        self.graph.nodes[name], self.shapes[name] = node, tuple(shape)
        self.graph.edges += [(source, name) for source in sources]
        if metadata:
            self.graph.metadata[name] = metadata
        return name

    def made(self, node: Node) -> list[Source]:
        """Where a node stands in the graph; it and what it reads are written when first asked for."""
        if node.number not in self.written:
            self.written[node.number] = getattr(self, f"_{node.kind}")(node)
        return self.written[node.number]

    def begin(self, node: Node, fields: dict, shape, metadata: dict | None = None) -> str:
        """A node that may read itself: it stands in the graph before what it reads does."""
        name = self.add(node.name, fields, shape, [], metadata)
        self.written[node.number] = [(name, 0)]
        return name

    def _input(self, node: Node):
        return [(self.add("input", input_node(node.shape), node.shape, []), 0)]

    def multiplied(self, name: str, matrices, bias) -> list[Source]:
        """Matrices of terms as nodes whose sum they are; the bias goes with what comes first."""
        found: list[Source] = []
        for term, matrix in matrices:
            for source, lag in self.made(term.node):
                fields = linear(matrix, bias)
                found.append((self.add(name, fields, (len(matrix),), [self.flat(source)]), lag + term.lag))
                bias = None
        return found

    def _linear(self, node: Node):
        groups, bias = node.values["groups"], node.values["bias"]
        terms = self.terms(node.operands[0])
        if groups > 1 and len(terms) == 1 and terms[0].is_whole(node.operands[0].node.size):
            made = self.made(terms[0].node)
            return [(self.add(node.name, block(node.values["weight"], groups, bias if i == 0 else None), (node.count,), [self.flat(name)]),
                     lag + terms[0].lag) for i, (name, lag) in enumerate(made)]
        return self.multiplied(node.name, self.matrices(node), None if bias is None else np.tile(bias, groups))

    def _scale(self, node: Node):
        scale, bias = node.values["scale"], node.values.get("bias")
        terms = self.terms(node.operands[0])
        folded = self._folded(node, terms, scale, bias)
        if folded is not None:
            return folded
        if bias is not None and np.any(bias):
            if scale.size > 4096:
                raise ExportError(f"{node.where}: an offset for {scale.size} elements, and no layer before it that could take it")
            return self.multiplied(node.name, self.matrices(node), bias.reshape(-1))
        found = []
        for source, lag in self.sources(node.operands[0], node.where):
            shape = self.shapes[source]
            found.append((self.add(node.name, {"type": "Scale", "scale": scale.reshape(shape)}, shape, [source]), lag))
        return found

    def _folded(self, node: Node, terms, scale, bias) -> list[Source] | None:
        """A factor and an offset taken into the one matrix or convolution before it, which nothing else reads."""
        if len(terms) != 1 or not terms[0].is_whole(node.count) or terms[0].node.kind not in ("linear", "conv"):
            return None
        before, values = terms[0].node, terms[0].node.values
        if self.network.reader_count(before) != 1 or before.number in self.written or values["groups"] != 1 and before.kind == "linear":
            return None
        factor, offset = (None if array is None else array.reshape(len(values["weight"]), -1) for array in (scale, bias))
        if (factor != factor[:, :1]).any() or offset is not None and (offset != offset[:, :1]).any():
            return None
        values["weight"] = values["weight"] * factor[:, 0].reshape(-1, *(1 for _ in values["weight"].shape[1:]))
        values["bias"] = None if values["bias"] is None else values["bias"] * factor[:, 0]
        if offset is not None:
            values["bias"] = offset[:, 0] + (0 if values["bias"] is None else values["bias"])
        return [(name, lag + terms[0].lag) for name, lag in self.made(before)]

    def _conv(self, node: Node):
        from .positions import write_convolution

        return write_convolution(self, node)

    def _pool(self, node: Node):
        from .positions import write_average

        return write_average(self, node)

    def _maxpool(self, node: Node):
        from .positions import write_maximum

        return write_maximum(self, node)

    def _activation(self, node: Node):
        name = self.begin(node, activation(**node.values), node.shape)
        sources = self.sources(node.operands[0], node.where)
        self.shapes[name] = self.shapes[sources[0][0]]
        self.connect(name, sources, node.where)
        return self.written[node.number]

    def _population(self, node: Node):
        from .neurons import write

        return write(self, node)

    def _sum(self, node: Node):
        from .states import write

        return write(self, node)

    def _membrane(self, node: Node):
        raise ExportError(f"{node.where}: its membrane is read by other nodes, which the file cannot say")

    def _state(self, node: Node):
        raise ExportError(f"{node.where}: its current or threshold is read by other nodes, which the file cannot say")

    def _time(self, node: Node):
        raise ExportError(f"{node.where}: {node.values['function']} over all ticks is read by a network that runs tick by tick")

    # ---- edges -------------------------------------------------------------------------------

    def connect(self, name: str, sources: list[Source], where: str) -> None:
        """Edges into neurons, a memory or an activation: late ones by late_edges, later ones by delays."""
        for source, lag in sources:
            edge = (self.delay(source, lag - 1) if lag > 1 else source, name)
            if edge in self.graph.edges:
                raise ExportError(f"{where}: adds {source} twice; give it a factor of 2 instead")
            self.graph.edges.append(edge)
            if lag > 0:
                self.graph.late.append(edge)

    def delay(self, source: str, ticks: int) -> str:
        """The name of a node's values `ticks` ticks ago."""
        if (source, ticks) not in self._delayed:
            shape = self.shapes[source]
            fields = {"type": "Delay", "delay": np.full(shape, ticks * self.dt)}
            self._delayed[source, ticks] = self.add(f"{source}_delay", fields, shape, [source])
        return self._delayed[source, ticks]


def plain(shape) -> tuple[int, ...]:
    """A shape without axes of one element."""
    return tuple(size for size in shape if size != 1) or (1,)
