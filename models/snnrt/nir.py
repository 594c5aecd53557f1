"""Writes networks as NIR files, with the nodes that NIR lacks (docs/nir.md), from PyTorch modules or plain arrays.

    layers = [("conv", nn.Conv2d(1, 8, 3)), ("pool", nn.MaxPool2d(2)), ("lif", snn.Leaky(beta=0.9)), ("flat", nn.Flatten()),
              ("fc", nn.Linear(1352, 10)), ("out", snn.Leaky(beta=0.9))]
    nodes, edges = chain(layers, shape=(1, 28, 28))
    write("network.nir", nodes, edges)

or node by node, an LMU of 8 memories of order 4 that drives 32 units with tanh:

    A, B = legendre(order=4, theta=20)
    nodes = {"input": input_node((3,)), "e_x": linear(e_x), "memory": memory(A, B), "W_m": linear(W_m), "h": activation("tanh"),
             "W_h": linear(W_h), "out": linear(W_o, b_o), "output": output_node((5,))}
    edges = [("input", "e_x"), ("e_x", "memory"), ("memory", "W_m"), ("W_m", "h"), ("h", "W_h"), ("W_h", "h"), ("h", "out"), ("out", "output")]
    write("lmu.nir", nodes, edges, late=[("W_h", "h")])

A node is a dictionary of the fields of its HDF5 group. Needs h5py and NumPy; `chain` also PyTorch.
"""

from __future__ import annotations

import h5py
import numpy as np

# Seconds per tick that discrete neurons are written with: snnTorch's own exporter has the same. r = tau/dt gives it away.
DT = 1e-4


def array(values) -> np.ndarray:
    """float64 of an array or of a tensor, wherever it lives."""
    return np.asarray(values.detach().cpu() if hasattr(values, "detach") else values, np.float64)


def input_node(shape) -> dict:
    return {"type": "Input", "shape": np.array(shape, np.int64)}


def output_node(shape) -> dict:
    return {"type": "Output", "shape": np.array(shape, np.int64)}


def linear(weight, bias=None) -> dict:
    """y = W x + b; weight [outputs, inputs], bias [outputs] or None."""
    node = {"type": "Linear" if bias is None else "Affine", "weight": array(weight)}
    return node if bias is None else node | {"bias": array(bias)}


def convolution(weight, bias=None, stride=1, padding=0, dilation=1, groups=1, input_shape=None) -> dict:
    """Conv1d or Conv2d by the weight's shape: [outputs, inputs / groups, (height,) width].

    `input_shape`: (height,) width of what it reads, without which NIR's own package does not open the file."""
    weight = array(weight)
    bias = np.zeros(len(weight)) if bias is None else array(bias)
    dimensions = weight.ndim - 2

    def spread(value):
        return value if isinstance(value, str) else np.broadcast_to(np.array(value, np.int64), (dimensions,))

    node = {"type": f"Conv{dimensions}d", "weight": weight, "bias": bias, "stride": spread(stride), "padding": spread(padding),
            "dilation": spread(dilation), "groups": groups}
    if input_shape is None:
        return node
    sizes = np.array(input_shape, np.int64)
    return node | {"input_shape": sizes if dimensions == 2 else sizes.reshape(-1)[0]}


def flatten(start: int = 0, end: int = -1) -> dict:
    """Joins dimensions start … end, the batch not counted."""
    return {"type": "Flatten", "start_dim": start, "end_dim": end}


def leaky(beta, threshold, shape, alpha=None) -> dict:
    """Neurons of snnTorch: U = β·U + I, with `alpha` I through a synaptic current Y = α·Y + I. Scalars or one per neuron.

    How a spike resets them NIR does not say: compile with --dialect snntorch, and --reset, --reset-delay where they are not its defaults."""
    def row(values):
        return np.broadcast_to(array(values), shape).copy()

    beta, zero = row(beta), np.zeros(shape)
    if (beta == 1).all() and alpha is None:
        return {"type": "IF", "r": zero + 1, "v_threshold": row(threshold), "v_reset": zero}
    tau = DT / (1 - beta)
    common = {"r": tau / DT, "v_leak": zero, "v_threshold": row(threshold), "v_reset": zero}
    if alpha is None:
        return {"type": "LIF", "tau": tau} | common
    tau_syn = DT / (1 - row(alpha))
    return {"type": "CubaLIF", "tau_mem": tau, "tau_syn": tau_syn, "w_in": tau_syn / DT} | common


def block(weight, groups: int, bias=None) -> dict:
    """One matrix [rows, columns] that `groups` groups share: group g reads x[g·columns …] and gives W·x + b, b [rows]."""
    node = {"type": "snnrt.Block", "weight": array(weight), "groups": groups}
    return node if bias is None else node | {"bias": array(bias)}


def memory(A, B, theta: float | None = None) -> dict:
    """Linear memories m = A·m[t-1] + B·u, one for each input; A [order, order] and B [order] as they act from tick to tick.
    `theta`, the length of the window in ticks: that A and B are those of `legendre`, and may be computed by a recurrence."""
    node = {"type": "snnrt.Memory", "A": array(A), "B": array(B).reshape(-1)}
    return node if theta is None else node | {"theta": float(theta)}


def activation(function: str, minimum: float | None = None, maximum: float | None = None) -> dict:
    """"relu" (up to `maximum`), "hardtanh" (−1 … 1 unless said), "tanh" or "sigmoid"."""
    bounds = {"min": minimum, "max": maximum}
    return {"type": "snnrt.Activation", "function": function} | {name: float(v) for name, v in bounds.items() if v is not None}


def max_pool(kernel, stride=None, padding=0, dimensions: int = 2) -> dict:
    """The greatest element of each window; `stride` is the kernel's size unless said."""
    sizes = {"kernel_size": kernel, "stride": kernel if stride is None else stride, "padding": padding}
    return {"type": f"snnrt.MaxPool{dimensions}d"} | {
        name: np.broadcast_to(np.array(size, np.int64), (dimensions,)) for name, size in sizes.items()}


def legendre(order: int, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """A [order, order] and B [order] of a Legendre memory over `theta` ticks (Voelker et al. 2019), zero-order hold."""
    i, j = np.mgrid[:order, :order]
    matrix = np.zeros((order + 1, order + 1))
    matrix[:order, :order] = (2 * i + 1) * np.where(i < j, -1.0, (-1.0) ** (i - j + 1)) / theta
    matrix[:order, order] = (2 * i[:, 0] + 1) * (-1.0) ** i[:, 0] / theta
    # e^M: the series of M / 2^k, squared k times.
    doublings = max(0, int(np.ceil(np.log2(np.abs(matrix).sum() + 1))) + 4)
    small, term, result = matrix / 2**doublings, np.eye(order + 1), np.eye(order + 1)
    for k in range(1, 19):
        term = term @ small / k
        result = result + term
    for _ in range(doublings):
        result = result @ result
    return result[:order, :order], result[:order, order]


def of(module, shape) -> dict:
    """The node of one PyTorch or snnTorch module whose input has `shape`, without the batch.

    `snnrt.export` reads whole networks, and says more; this raises ValueError for what its node does not say."""
    kind = type(module).__name__
    _refuse_unsaid(module)
    if kind == "Linear":
        return linear(module.weight, module.bias)
    if kind in ("Conv1d", "Conv2d"):
        return convolution(module.weight, module.bias, module.stride, module.padding, module.dilation, module.groups, shape[1:])
    if kind in ("MaxPool1d", "MaxPool2d"):
        return max_pool(module.kernel_size, module.stride, module.padding, int(kind[-2]))
    if kind == "AvgPool2d":
        sizes = {"kernel_size": module.kernel_size, "stride": module.stride, "padding": module.padding}
        return {"type": kind} | {name: np.broadcast_to(np.array(size, np.int64), (2,)) for name, size in sizes.items()}
    if kind == "Flatten":
        ends = (module.start_dim, module.end_dim)
        return flatten(*(end if end < 0 else end - 1 for end in ends))
    if kind == "Leaky":
        return leaky(np.clip(array(module.beta), 0, 1), module.threshold, shape)
    if kind == "Synaptic":
        return leaky(np.clip(array(module.beta), 0, 1), module.threshold, shape, alpha=np.clip(array(module.alpha), 0, 1))
    if kind in ("ReLU", "ReLU6"):
        return activation("relu", maximum=6 if kind == "ReLU6" else None)
    if kind == "Hardtanh":
        return activation("hardtanh", module.min_val, module.max_val)
    if kind in ("Tanh", "Sigmoid"):
        return activation(kind.lower())
    raise ValueError(f"{kind} has no node of its own; snnrt.export carries whole networks (docs/frameworks)")


def _refuse_unsaid(module) -> None:
    """Raises ValueError for a setting that changes what a module gives and that its node does not hold."""
    plain = {"padding_mode": ("zeros",), "dilation": (1, (1,), (1, 1)), "ceil_mode": (False,), "divisor_override": (None,),
             "inhibition": (False,), "state_quant": (False, None), "graded_spikes_factor": (1,), "reset_mechanism": ("subtract", "zero")}
    kept = {"dilation"} if type(module).__name__.startswith("Conv") else set()
    for name, values in plain.items():
        value = getattr(module, name, values[0])
        if name not in kept and not any(bool(np.all(array(value) == one)) if hasattr(value, "detach") else value == one for one in values):
            raise ValueError(f"{type(module).__name__}: {name}={value} has no node; snnrt.export says what can be said of it")
    if getattr(module, "count_include_pad", True) is False and np.any(np.array(module.padding)):
        raise ValueError(f"{type(module).__name__}: count_include_pad=False has no node; snnrt.export says what can be said of it")


def chain(layers, shape) -> tuple[dict, list]:
    """Nodes and edges of modules in a row: [(name, module), …], fed with frames of `shape`."""
    import torch

    nodes, names = {"input": input_node(shape)}, ["input"]
    for name, module in layers:
        nodes[name] = of(module, shape)
        if "LIF" not in nodes[name]["type"] and nodes[name]["type"] != "IF":
            shape = tuple(module(torch.zeros(1, *shape)).shape[1:])
        names.append(name)
    nodes["output"] = output_node(shape)
    names.append("output")
    return nodes, list(zip(names[:-1], names[1:]))


def write(path, nodes: dict, edges: list, late: list = (), metadata: dict | None = None, node_metadata: dict | None = None) -> None:
    """`edges`: (from, to). Those in `late` carry last tick's value; a cycle needs one, and where there are several
    recurrences only this says which node runs first. `metadata` of the graph and `node_metadata` of nodes by name say what NIR's
    fields do not (docs/nir.md): numbers, strings, or lists of strings by key."""
    with h5py.File(path, "w", libver="latest") as file:
        file["version"] = "1.0"
        node = file.create_group("node")
        node["type"] = "NIRGraph"
        node.create_dataset("edges", data=np.array(edges, h5py.string_dtype()))
        if late:
            node.create_dataset("metadata/late_edges", data=np.array(late, h5py.string_dtype()))
        for key, value in (metadata or {}).items():
            node[f"metadata/{key}"] = np.array(value, h5py.string_dtype()) if isinstance(value, list) else value
        for name, fields in nodes.items():
            group = node.create_group(f"nodes/{name}")
            for field, value in fields.items():
                group[field] = value
            for key, value in ((node_metadata or {}).get(name) or {}).items():
                group[f"metadata/{key}"] = value
