"""States that a network computes itself from tick to tick: x = A·x + B·u as a memory, leaky integrators where A is diagonal."""

from __future__ import annotations

import numpy as np

from ..nir import legendre, linear, memory
from .emit import Emitter, Source, Term
from .errors import ExportError
from .network import Node
from .population import Population


def write(emitter: Emitter, node: Node) -> list[Source]:
    """The node of a sum that reads itself."""
    whole = np.arange(node.count)
    terms = emitter.opened(Term(node, 0, whole, whole))
    loops, inputs = np.zeros((node.count, node.count)), []
    for term in terms:
        matrix = _loop(emitter, node, term)
        if matrix is None:
            inputs.append(term)
        elif term.lag != 1:
            raise ExportError(f"{node.where}: its own value of {term.lag} ticks ago is read, which only one tick ago can be")
        else:
            loops += matrix
    if np.array_equal(loops, np.diag(np.diagonal(loops))):
        return _leaky(emitter, node, np.diagonal(loops), inputs)
    return _memory(emitter, node, loops, inputs)


def _loop(emitter: Emitter, node: Node, term: Term) -> np.ndarray | None:
    """What a term makes of the node's own values; None where it reads others."""
    if term.node is node:
        matrix = np.zeros((node.count, node.count))
        np.add.at(matrix, (term.place, term.element), term.sign)
        return matrix
    if term.node.kind not in ("linear", "scale"):
        return None
    inner = emitter.matrices(term.node)
    if not any(before.node is node for before, _ in inner):
        return None
    if len(inner) != 1 or inner[0][0].lag != 0 or term.node.values.get("bias") is not None and np.any(term.node.values["bias"]):
        raise ExportError(f"{node.where}: its own value of the tick before goes through {term.node.name} together with others or a bias; "
                          "give it a matrix of its own")
    matrix = np.zeros((node.count, node.count))
    np.add.at(matrix, term.place, term.sign * inner[0][1][term.element])
    return matrix


def _leaky(emitter: Emitter, node: Node, keep, inputs) -> list[Source]:
    if (keep < 0).any() or (keep > 1).any():
        raise ExportError(f"{node.where}: keeps {keep.min():.3g} to {keep.max():.3g} of itself, expected 0 to 1")
    population = Population(keep=keep)
    name = emitter.begin(node, {}, (node.count,))
    sources: list[Source] = []
    for term in inputs:
        sources += _sources(emitter, node, [(term, _selection(node.count, term))], node.where)
    emitter.graph.nodes[name] = population.node((node.count,), emitter.dt)
    emitter.graph.populations[name] = population
    emitter.connect(name, sources, node.where)
    return [(name, 0)]


def _selection(count: int, term: Term) -> np.ndarray:
    matrix = np.zeros((count, term.node.count))
    np.add.at(matrix, (term.place, term.element), term.sign)
    return matrix


def _sources(emitter: Emitter, node: Node, pairs, where) -> list[Source]:
    """Terms times matrices; a matrix of ones on the diagonal is an edge."""
    found: list[Source] = []
    for term, matrix in pairs:
        if matrix.shape[0] == matrix.shape[1] and np.allclose(matrix, np.eye(len(matrix)), atol=1e-6):
            found += [(emitter.flat(name), lag + term.lag) for name, lag in emitter.made(term.node)]
        else:
            for source, lag in emitter.made(term.node):
                found.append((emitter.add(f"{node.name}_in", linear(matrix), (len(matrix),), [emitter.flat(source)]), lag + term.lag))
    return found


def _memory(emitter: Emitter, node: Node, loops, inputs) -> list[Source]:
    order = _order(loops)
    a = loops[:order, :order]
    pairs = []
    for term in inputs:
        selection = _selection(node.count, term)
        if term.node.kind in ("linear", "scale") and term.node.values.get("bias") is None:
            pairs += [(Term(before.node, before.lag + term.lag, before.place, before.element), selection @ matrix)
                      for before, matrix in emitter.matrices(term.node)]
        else:
            pairs.append((term, selection))
    # Each memory takes one number a tick along one direction B, the same for all: (M·q) × inputs as M blocks of rank one.
    blocks = [matrix.reshape(-1, order, matrix.shape[1]) for _, matrix in pairs]
    flat = np.concatenate([block.transpose(1, 0, 2).reshape(order, -1) for block in blocks], axis=1)
    left, sizes, _ = np.linalg.svd(flat, full_matrices=False)
    if len(sizes) > 1 and sizes[1] > 1e-5 * sizes[0]:
        raise ExportError(f"{node.where}: a state x = A·x + B·u whose memories take more than one number a tick has no node")
    b, theta = left[:, 0], None
    determinant, logarithm = np.linalg.slogdet(a)
    if determinant > 0 and logarithm < 0:
        theta = -order * order / logarithm
        known_a, known_b = legendre(order, theta)
        along = known_b @ b
        if np.allclose(a, known_a, atol=1e-4) and abs(abs(along) - np.linalg.norm(known_b)) < 1e-4 * np.linalg.norm(known_b):
            b = b * along
        else:
            theta = None
    name = emitter.begin(node, memory(a, b, theta), (node.count,))
    sources = _sources(emitter, node, [(term, (block.transpose(0, 2, 1) @ b) / (b @ b)) for (term, _), block in zip(pairs, blocks)], node.where)
    emitter.connect(name, sources, node.where)
    return [(name, 0)]


def _order(loops: np.ndarray) -> int:
    """The size of the block that the diagonal of a matrix repeats."""
    count = len(loops)
    for order in range(1, count + 1):
        if count % order == 0 and np.array_equal(loops, np.kron(np.eye(count // order), loops[:order, :order])):
            return order
    return count
