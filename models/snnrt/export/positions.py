"""Layers with positions in the graph: convolutions and pools, and the shapes in which they read."""

from __future__ import annotations

import numpy as np
import torch

from ..nir import convolution, input_node, max_pool
from .emit import Emitter, Source
from .errors import ExportError
from .network import Node


def write_convolution(emitter: Emitter, node: Node) -> list[Source]:
    """A convolution over one or two axes."""
    values, shape = node.values, node.operands[0].shape
    fields = convolution(values["weight"], values["bias"], values["stride"], values["padding"], values["dilation"], values["groups"],
                         input_shape=shape[1:])
    return _spatial(emitter, node, fields, shape, node.shape)


def write_average(emitter: Emitter, node: Node) -> list[Source]:
    """An average or a sum over two axes; over one axis a matrix, as NIR has no node for it."""
    kernel, stride, padding, factor = (node.values[key] for key in ("kernel", "stride", "padding", "factor"))
    shape = node.operands[0].shape
    if len(shape) != 3 or any(len(one) != 3 for one in _read_shapes(emitter, node)):
        return _averages(emitter, node, kernel, stride, padding, factor)
    sizes = {name: np.array(values, np.int64) for name, values in (("kernel_size", kernel), ("stride", stride), ("padding", padding))}
    is_sum = factor is not None and bool((factor == np.prod(kernel)).all())
    made = _spatial(emitter, node, {"type": "SumPool2d" if is_sum else "AvgPool2d"} | sizes, shape, node.shape)
    if factor is None or is_sum:
        return made
    return [(emitter.add(f"{node.name}_share", {"type": "Scale", "scale": factor}, node.shape, [name]), lag) for name, lag in made]


def write_maximum(emitter: Emitter, node: Node) -> list[Source]:
    """A maximum over one or two axes."""
    kernel, stride, padding = (node.values[key] for key in ("kernel", "stride", "padding"))
    shape, result = node.operands[0].shape, node.shape
    if len(kernel) == 2 and shape[-2] == 1 and kernel[0] == 1 and any(len(one) == 2 for one in _read_shapes(emitter, node)):
        # PyTorch runs pools of one dimension as pools of rows.
        kernel, stride, padding = kernel[1:], stride[1:], padding[1:]
        shape, result = ((*one[:-2], one[-1]) for one in (shape, result))
    return _spatial(emitter, node, max_pool(kernel, stride, padding, len(kernel)), shape, result)


def _read_shapes(emitter: Emitter, node: Node) -> set[tuple[int, ...]]:
    """The shapes that what a node reads has in the graph."""
    return {emitter.shapes[name] for name, _ in emitter.sources(node.operands[0], node.where, node.operands[0].shape)}


def _spatial(emitter: Emitter, node: Node, fields: dict, shape, result) -> list[Source]:
    """A layer with positions: it stands for all it reads, which comes in one tick and in the layer's shape."""
    sources = emitter.sources(node.operands[0], node.where, node.operands[0].shape)
    lags = {lag for _, lag in sources}
    if len(lags) != 1:
        raise ExportError(f"{node.where}: joins values of several ticks before a layer with positions")
    for name, _ in sources:
        if emitter.shapes[name] != tuple(shape):
            _reshape_input(emitter, name, tuple(shape), node.where)
    return [(emitter.add(node.name, fields, result, [name for name, _ in sources]), lags.pop())]


def _reshape_input(emitter: Emitter, name: str, shape: tuple[int, ...], where: str) -> None:
    """Gives the Input axes of one element, which no node adds, where one layer alone reads it; refuses others."""
    is_input = emitter.graph.nodes[name]["type"] == "Input"
    readers = [emitter.network.reader_count(node) for node in emitter.network.nodes if node.kind == "input"]
    if not is_input or readers != [1]:
        raise ExportError(f"{where}: sees values of {emitter.shapes[name]} as {shape}, which has no node"
                          + ("; give the sample in that shape" if is_input else ""))
    emitter.graph.nodes[name], emitter.shapes[name] = input_node(shape), shape


def _averages(emitter: Emitter, node: Node, kernel, stride, padding, factor) -> list[Source]:
    """An average pool as a matrix."""
    shape, count = node.operands[0].shape, node.operands[0].node.size
    if count * node.count > 1 << 22:
        raise ExportError(f"{node.where}: an average over one axis is written as a matrix, which of {count} × {node.count} elements is too large")
    ones = torch.eye(count, dtype=torch.float64).reshape(count, *shape)
    matrix = torch.nn.functional.avg_pool2d(ones, kernel, stride, padding).numpy() * (1 if factor is None else factor)
    values = {"weight": matrix.reshape(count, -1).T, "bias": None, "groups": 1}
    return emitter.multiplied(node.name, emitter.matrices(Node(-1, node.name, "linear", node.shape, node.where, values, operands=node.operands)),
                              None)
