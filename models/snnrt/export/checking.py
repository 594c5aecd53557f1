"""Whether a written graph gives what the framework gave: spikes and scores of the reference against those of the module."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .emit import Graph
from .errors import ExportError
from .readout import by_rule
from .reference import Reference

# A membrane this near to its threshold, in thresholds, may fire in 32 bits and not in 64, or the reverse.
NEAR = 2e-3
# Scores of windows without such a spike agree to this share of the greatest.
CLOSE = 1e-3


@dataclass
class Agreement:
    """How the reference, in 64 bits, agrees with the framework, in 32.

    `parted`: windows in which a membrane that lay within NEAR of its threshold fired in one of the two alone; `score_error`: the
    greatest difference of scores in all other windows, by the greatest score; `label_share`: of windows with the same greatest score."""

    window_count: int
    parted: int
    score_error: float
    label_share: float

    def __str__(self) -> str:
        parted = f", {self.parted} of them after a membrane within {NEAR:g} of its threshold" if self.parted else ""
        return (f"{self.window_count} windows run again in 64 bits: the same label in {100 * self.label_share:.2f} %{parted}; "
                f"scores differ by {self.score_error:.1e} of the greatest")


def compare(graph: Graph, dt: float, x: np.ndarray, rule: str, spikes: dict[str, np.ndarray], scores: np.ndarray) -> Agreement:
    """Runs a graph on x [windows, ticks, …] and compares with the framework's spikes [windows, ticks, …] by node and its scores.

    Raises ExportError naming the first node and tick that differ without being near a threshold."""
    reference = Reference(graph, dt, len(x))
    parted = np.zeros(len(x), bool)
    outputs = []
    for tick in range(x.shape[1]):
        reference.tick(x[:, tick])
        for name in reference.order:
            if name not in spikes or name not in reference.margins:
                continue
            mine = reference.values[name].reshape(len(x), -1)
            theirs = spikes[name][:, tick].reshape(len(x), -1)
            differs = (mine != theirs) & ~parted[:, None]
            if not differs.any():
                continue
            margins = reference.margins[name].reshape(len(x), -1)
            far = differs & (margins > NEAR)
            if far.any():
                window, neuron = np.argwhere(far)[0]
                raise ExportError(f"{name}: the written network is not the module: in tick {tick} of window {window} neuron {neuron} fires "
                                  f"{mine[window, neuron]:g} times, in the module {theirs[window, neuron]:g}, with its membrane "
                                  f"{margins[window, neuron]:.2g} thresholds from it; please report this module")
            parted |= differs.any(axis=1)
        if rule == "membrane":
            last = graph.edges[-1][0]
            outputs.append(reference.states[last]["v"].reshape(len(x), -1))
        else:
            outputs.append(reference.values["output"].reshape(len(x), -1))
    mine = by_rule(rule, np.stack(outputs, axis=1))
    error = np.abs(mine - scores).max(axis=1) / max(np.abs(scores).max(), 1e-9)
    whole = ~parted
    if whole.any() and error[whole].max() > CLOSE:
        window = int(np.argmax(np.where(whole, error, 0)))
        raise ExportError(f"the written network is not the module: scores of window {window} are {np.array2string(mine[window], precision=4)}, "
                          f"of the module {np.array2string(scores[window], precision=4)}; please report this module")
    return Agreement(len(x), int(parted.sum()), float(error[whole].max()) if whole.any() else float("nan"),
                     float((mine.argmax(axis=1) == scores.argmax(axis=1)).mean()))
