"""A small reference of the dialect "snnrt" in NumPy, float64, all windows at once: what a written graph gives on a sample."""

from __future__ import annotations

import numpy as np

from .emit import Graph
from .errors import ExportError

# A membrane this near to its threshold, in thresholds, may fire in 32 bits and not in 64, or the reverse.
NEAR = 2e-3
NEURONS = ("IF", "LIF", "CubaLIF", "I", "LI", "CubaLI", "snnrt.ALIF", "snnrt.CubaALIF")


class Reference:
    """Runs the nodes of a graph tick by tick. `values`, `margins` and `own` are those of the latest tick, by name.

    `told`: spikes of a tick by name, from outside. Where a membrane lies within NEAR of its threshold they are taken in place of its
    own, so that one decision that 32 and 64 bits take apart does not part all that comes behind it."""

    def __init__(self, graph: Graph, dt: float, window_count: int):
        self.graph, self.dt, self.window_count = graph, dt, window_count
        late = set(graph.late)
        self.inputs = {name: [(source, (source, target) in late) for source, target in graph.edges if target == name] for name in graph.nodes}
        self.order = self._order()
        self.values: dict[str, np.ndarray] = {}
        # How far the membranes of firing neurons lay beyond the nearest threshold, and what that is measured by.
        self.margins: dict[str, np.ndarray] = {}
        # What firing neurons give by their own membranes.
        self.own: dict[str, np.ndarray] = {}
        self.told: dict[str, np.ndarray] = {}
        self.states: dict[str, dict[str, np.ndarray]] = {name: {} for name in graph.nodes}
        # At rest: what late edges carry in the first tick. Layers without a state give it of zeros, biases included.
        for name in self.order:
            zeros = np.zeros((window_count, *graph.shapes[name]))
            kind = graph.nodes[name]["type"]
            has_state = kind in NEURONS or kind in ("Input", "Delay", "snnrt.Memory", "snnrt.Activation")
            self.values[name] = zeros if has_state else self._stateless(name, self._sum(name, self.values))

    def _order(self) -> list[str]:
        order: list[str] = []
        left = dict.fromkeys(self.graph.nodes)
        while left:
            ready = [name for name in left if all(is_late or source in order for source, is_late in self.inputs[name])]
            if not ready:
                raise ExportError(f"the graph runs in circles at {', '.join(left)}")
            for name in ready:
                order.append(name)
                del left[name]
        return order

    def tick(self, frame: np.ndarray) -> None:
        """One tick with input [windows, …]."""
        before = dict(self.values)
        for name in self.order:
            if self.graph.nodes[name]["type"] == "Input":
                self.values[name] = frame
                continue
            self.values[name] = self._run(name, self._sum(name, before))

    def _sum(self, name: str, before: dict[str, np.ndarray]) -> np.ndarray:
        return sum(before[source] if is_late else self.values[source] for source, is_late in self.inputs[name])

    def _run(self, name: str, x: np.ndarray) -> np.ndarray:
        node = self.graph.nodes[name]
        kind = node["type"]
        if kind in NEURONS:
            return self._neurons(name, node, x)
        state = self.states[name]
        if kind == "snnrt.Memory":
            last = state.get("m", np.zeros((*x.shape, len(node["B"]))))
            state["m"] = last @ node["A"].T + x[..., None] * node["B"]
            return state["m"].reshape(len(x), -1)
        if kind == "Delay":
            ticks = int(round(float(np.ravel(node["delay"])[0]) / self.dt))
            state.setdefault("ring", []).append(x)
            return state["ring"].pop(0) if len(state["ring"]) > ticks else np.zeros_like(x)
        return self._stateless(name, x)

    def _stateless(self, name: str, x: np.ndarray) -> np.ndarray:
        node = self.graph.nodes[name]
        kind = node["type"]
        if kind in ("Output", "Input"):
            return x
        if kind == "Flatten":
            return x.reshape(len(x), -1)
        if kind == "Scale":
            return x * node["scale"]
        if kind in ("Linear", "Affine"):
            return x @ node["weight"].T + node.get("bias", 0)
        if kind == "snnrt.Block":
            y = x.reshape(len(x), node["groups"], -1) @ node["weight"].T + node.get("bias", 0)
            return y.reshape(len(x), -1)
        if kind in ("Conv1d", "Conv2d"):
            return _convolve(x, node)
        if kind in ("AvgPool2d", "SumPool2d"):
            sums = _windows(x, node, 0.0).sum(axis=(-2, -1))
            return sums if kind == "SumPool2d" else sums / np.prod(node["kernel_size"])
        if kind.startswith("snnrt.MaxPool"):
            return _windows(x, node, -np.inf).max(axis=(-2, -1) if kind.endswith("2d") else -1)
        if kind == "snnrt.Activation":
            return _activate(node, x)
        raise ExportError(f"{name}: no reference for {kind}")

    def _neurons(self, name: str, node: dict, x: np.ndarray) -> np.ndarray:
        state, meta = self.states[name], self.graph.metadata.get(name, {})
        zeros = np.zeros_like(x)
        if "w_in" in node:
            k = self.dt / node["tau_syn"]
            state["i"] = x = (1 - k) * state.get("i", zeros) + k * node["w_in"] * x
        v = state.get("v", zeros)
        reset, is_next = meta.get("snnrt.reset", "zero"), meta.get("snnrt.reset_delay", "same") == "next"
        fired = state.get("fired", zeros)
        if is_next and reset == "zero":
            v = np.where(fired > 0, node["v_reset"], v)
        tau = node.get("tau", node.get("tau_mem"))
        if tau is None:
            v = v + node["r"] * x
        else:
            k = self.dt / tau
            v = (1 - k) * v + k * node["r"] * x + k * node["v_leak"]
        if "v_threshold" not in node:
            state["v"] = v
            return v
        threshold = node["v_threshold"]
        if is_next and reset == "subtract":
            v = v - fired * threshold
        bound = threshold
        if "adaptation" in node:
            state["a"] = (1 - self.dt / node["tau_adaptation"]) * state.get("a", zeros)
            bound = threshold + state["a"]
        equal = meta.get("snnrt.comparison", "greater") == "greater_or_equal"
        limit = 2 ** int(meta.get("snnrt.spike_bits", 1)) - 1
        passed = v >= bound if equal else v > bound
        count = np.where(passed, 1.0, 0.0)
        if limit > 1:
            share = v / bound
            count = np.where(passed, np.minimum(limit, np.floor(share) if equal else np.ceil(share) - 1), 0.0)
        nearest = np.maximum(1, np.minimum(limit, np.rint(v / np.where(bound == 0, 1, bound)))) if limit > 1 else 1
        self.margins[name] = np.abs(v - nearest * bound) / np.maximum(np.abs(bound), np.abs(v) * 0.05 + 1e-12)
        self.own[name] = count
        if name in self.told:
            count = np.where(self.margins[name] <= NEAR, self.told[name].reshape(x.shape), count)
        if "adaptation" in node:
            state["a"] = state["a"] + np.where(count > 0, node["adaptation"], 0)
        if not is_next and reset == "subtract":
            v = v - count * threshold
        elif not is_next and reset == "zero":
            v = np.where(count > 0, node["v_reset"], v)
        state["v"], state["fired"] = v, count
        return count


def _activate(node: dict, x: np.ndarray) -> np.ndarray:
    function = node["function"]
    if function == "relu":
        return np.clip(x, 0, node.get("max", np.inf))
    if function == "hardtanh":
        return np.clip(x, node.get("min", -1), node.get("max", 1))
    return np.tanh(x) if function == "tanh" else 1 / (1 + np.exp(-x))


def _windows(x: np.ndarray, node: dict, fill: float) -> np.ndarray:
    """The windows of a pool: [windows, channels, rows, columns, kernel rows, kernel columns]."""
    kernel, stride, padding = ([int(size) for size in np.ravel(node[key])] for key in ("kernel_size", "stride", "padding"))
    axes = tuple(range(x.ndim - len(kernel), x.ndim))
    x = np.pad(x, [(0, 0)] * (x.ndim - len(kernel)) + [(size, size) for size in padding], constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=axes)
    return view[(..., *(slice(None, None, step) for step in stride), *(slice(None) for _ in kernel))]


def _convolve(x: np.ndarray, node: dict) -> np.ndarray:
    weight, groups = node["weight"], int(node["groups"])
    stride, padding, dilation = (node[key] for key in ("stride", "padding", "dilation"))
    spatial = weight.ndim - 2
    x = x.reshape(len(x), weight.shape[1] * groups, *x.shape[x.ndim - spatial:])
    if isinstance(padding, str):
        sides = [(0, 0)] * spatial if padding == "valid" else [
            (int(d) * (size - 1) // 2, int(d) * (size - 1) - int(d) * (size - 1) // 2) for d, size in zip(dilation, weight.shape[2:])]
    else:
        sides = [(int(size), int(size)) for size in padding]
    x = np.pad(x, [(0, 0), (0, 0), *sides])
    reach = [int(d) * (size - 1) + 1 for d, size in zip(dilation, weight.shape[2:])]
    view = np.lib.stride_tricks.sliding_window_view(x, reach, axis=tuple(range(2, 2 + spatial)))
    view = view[(slice(None), slice(None), *(slice(None, None, int(step)) for step in stride), *(slice(None, None, int(d)) for d in dilation))]
    outputs, inputs = len(weight) // groups, weight.shape[1]
    found = [np.tensordot(view[:, g * inputs:(g + 1) * inputs], weight[g * outputs:(g + 1) * outputs],
                          axes=([1, *range(2 + spatial, 2 + 2 * spatial)], [1, *range(2, 2 + spatial)])) for g in range(groups)]
    y = np.moveaxis(np.concatenate(found, axis=-1), -1, 1)
    return y + node["bias"].reshape(-1, *(1 for _ in range(spatial)))
