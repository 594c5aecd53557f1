"""Whether a written graph gives what the framework gave: spikes and scores of the reference against those of the module."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .emit import Graph
from .errors import ExportError
from .readout import by_rule
from .reference import NEAR, Reference

# Scores agree to this share of the greatest.
CLOSE = 1e-3
# Labels are compared where the module's greatest score leads by more than this share of the greatest.
TIED = 1e-5
# 32 bits err by some 1e-6, so that of decisions within NEAR hardly one in a hundred is another; more, beyond a few, are no accident.
RARE, FEW = 0.05, 3


@dataclass
class Agreement:
    """How the reference, in 64 bits, agrees with the framework, in 32.

    `parted`: windows in which a membrane that lay within NEAR of its threshold fired in one of the two alone, behind which the
    reference goes on with the module's spike; `score_error`: the greatest difference of scores, by the greatest score;
    `label_share`: of windows with the same greatest score."""

    window_count: int
    parted: int
    score_error: float
    label_share: float

    def __str__(self) -> str:
        parted = f", {self.parted} of them through a membrane within {NEAR:g} of its threshold" if self.parted else ""
        return (f"{self.window_count} windows run again in 64 bits: the same label in {100 * self.label_share:.2f} %{parted}; "
                f"scores differ by {self.score_error:.1e} of the greatest")


def compare(graph: Graph, dt: float, x: np.ndarray, rule: str, spikes: dict[str, np.ndarray], scores: np.ndarray) -> Agreement:
    """Runs a graph on x [windows, ticks, …] and compares with the framework's spikes [windows, ticks, …] by node and its scores.

    Raises ExportError naming the first node and tick that differ without being near a threshold, a node whose decisions near its
    threshold are another too often, the first window whose scores differ, or that some are not finite."""
    if not np.isfinite(scores).all():
        raise ExportError("the module's scores are not finite on the sample; were its parameters learned at too high a rate?")
    reference = Reference(graph, dt, len(x))
    parted = np.zeros(len(x), bool)
    # Of each node: decisions near the threshold, and those of them that are another.
    near, others = dict.fromkeys(spikes, 0), dict.fromkeys(spikes, 0)
    outputs = []
    for tick in range(x.shape[1]):
        reference.told = {name: values[:, tick] for name, values in spikes.items()}
        reference.tick(x[:, tick])
        for name in reference.order:
            if name not in spikes or name not in reference.margins:
                continue
            mine, margins, theirs = (values.reshape(len(x), -1) for values in
                                     (reference.own[name], reference.margins[name], reference.told[name]))
            differs, is_near = mine != theirs, margins <= NEAR
            if (differs & ~is_near).any():
                window, neuron = np.argwhere(differs & ~is_near)[0]
                raise ExportError(f"{name}: the written network is not the module: in tick {tick} of window {window} neuron {neuron} fires "
                                  f"{mine[window, neuron]:g} times, in the module {theirs[window, neuron]:g}, with its membrane "
                                  f"{margins[window, neuron]:.2g} thresholds from it; please report this module")
            parted |= differs.any(axis=1)
            near[name] += int(is_near.sum())
            others[name] += int(differs.sum())
        if rule == "membrane":
            last = graph.edges[-1][0]
            outputs.append(reference.states[last]["v"].reshape(len(x), -1))
        else:
            outputs.append(reference.values["output"].reshape(len(x), -1))
    for name, count in others.items():
        if count > max(FEW, RARE * near[name]):
            raise ExportError(f"{name}: the written network is not the module: of {near[name]} membranes within {NEAR:g} of their threshold "
                              f"{count} fire in one of the two alone, where rounding would part one in a hundred; does the module fire at "
                              "v ≥ threshold where its kind fires at v > threshold, or the reverse (a surrogate of your own)?")
    return _agreement(by_rule(rule, np.stack(outputs, axis=1)), scores, int(parted.sum()))


def _agreement(mine: np.ndarray, scores: np.ndarray, parted: int) -> Agreement:
    greatest = max(np.abs(scores).max(), 1e-9)
    error = np.abs(mine - scores).max(axis=1) / greatest
    labels = mine.argmax(axis=1)
    behind = scores.max(axis=1) - scores[np.arange(len(scores)), labels] > TIED * greatest
    wrong = ~(error <= CLOSE) | behind
    if wrong.any():
        window = int(np.argmax(wrong))
        raise ExportError(f"the written network is not the module: scores of window {window} are {np.array2string(mine[window], precision=4)}, "
                          f"of the module {np.array2string(scores[window], precision=4)}; please report this module")
    return Agreement(len(scores), parted, float(error.max()), float((labels == scores.argmax(axis=1)).mean()))
