"""Populations in the graph: their node, what they read, their own recurrence."""

from __future__ import annotations

import numpy as np

from ..nir import convolution, linear
from .emit import Emitter, Source
from .errors import ExportError
from .network import Node
from .population import Population


def write(emitter: Emitter, node: Node) -> list[Source]:
    """The node of a population, and edges from all it reads."""
    population: Population = node.values["population"]
    part = node.operands[0]
    name = emitter.begin(node, {}, node.shape)
    if population.input_weight is None:
        sources = emitter.sources(part, node.where)
    else:
        inner = Node(-1, f"{node.name}_in", "linear", node.shape, node.where,
                     {"weight": population.input_weight, "bias": None, "groups": part.node.size // part.node.shape[-1]}, operands=[part])
        sources = emitter.multiplied(inner.name, emitter.matrices(inner), None)
    if not sources:
        raise ExportError(f"{node.where}: reads nothing that depends on the input")
    shape = emitter.shapes[sources[0][0]] if np.prod(emitter.shapes[sources[0][0]]) == node.count else node.shape
    emitter.shapes[name] = shape
    _take_drive(emitter, population, sources, name)
    emitter.graph.nodes[name] = population.node(tuple(shape), emitter.dt)
    emitter.graph.metadata[name] = population.metadata()
    emitter.graph.populations[name] = population
    if population.recurrence is not None:
        sources = sources + [(_recurrence(emitter, node, name, shape), 1)]
    if population.input_delay:
        sources = [(emitter.delay(source, population.input_delay), lag) for source, lag in sources]
    emitter.connect(name, sources, node.where)
    return [(name, 0)]


def _recurrence(emitter: Emitter, node: Node, name: str, shape) -> str:
    """The matrix or convolution of a population's own spikes."""
    recurrence = node.values["population"].recurrence
    if recurrence.padding is None:
        if len(recurrence.weight) != node.count:
            raise ExportError(f"{node.where}: its recurrent matrix acts along the last axis of {node.shape}; flatten what comes before it")
        if len(shape) > 1 and max(shape) != node.count:
            raise ExportError(f"{node.where}: a recurrent matrix on neurons with positions has no node; flatten what comes before it")
        fields = linear(recurrence.weight, recurrence.bias)
    else:
        fields = convolution(recurrence.weight, recurrence.bias, padding=list(recurrence.padding), input_shape=shape[1:])
    return emitter.add(f"{name}_recurrent", fields, shape, [name])


def _take_drive(emitter: Emitter, population: Population, sources: list[Source], name: str) -> None:
    """A constant drive of neurons without current becomes the bias of a layer that they alone read."""
    if not np.any(population.drive) or population.current_keep is not None:
        return
    readers = [source for source, _ in emitter.graph.edges]
    for source, lag in sources:
        fields = emitter.graph.nodes[source]
        if fields["type"] in ("Linear", "Affine") and lag == 0 and source not in readers:
            bias = np.broadcast_to(np.asarray(population.drive / np.asarray(population.gain, np.float64)).reshape(-1), (len(fields["weight"]),))
            fields["bias"] = fields.get("bias", 0) + bias
            fields["type"] = "Affine"
            population.drive = 0.0
            return
