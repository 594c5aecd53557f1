"""Plots by matplotlib: pip install snnrt[plot]. Each function draws into `axes`, or makes some, and gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .reports import CompileReport

if TYPE_CHECKING:
    from .trace import Trace


def _axes(axes):
    if axes is not None:
        return axes
    from matplotlib import pyplot

    return pyplot.figure(layout="constrained").add_subplot()


def raster(trace: Trace, window: int = 0, nodes: list[str] | None = None, *, axes=None):
    """Spikes over time: a row a neuron, the populations above each other in the order of the model. window: which of the trace's."""
    axes = _axes(axes)
    chosen = list(trace.spikes) if nodes is None else nodes
    base, places = 0, []
    for number, node in enumerate(chosen):
        spikes = trace.spikes[node][window]
        ticks, neurons = np.nonzero(spikes)
        axes.scatter(ticks, base + neurons, s=4, color=f"C{number % 10}", linewidths=0)
        places.append(base + spikes.shape[1] / 2)
        base += spikes.shape[1]
        axes.axhline(base - 0.5, color="0.85", linewidth=0.8)
    axes.set_yticks(places, chosen)
    axes.set(xlabel="tick", ylabel="neurons of", xlim=(-0.5, trace.input.shape[1] - 0.5), ylim=(-0.5, max(base, 1) - 0.5))
    return axes


def membranes(trace: Trace, node: str, neurons=(0,), window: int = 0, *, axes=None):
    """Membranes of some neurons of a node over time, in the file's integers, their spikes as dots."""
    axes = _axes(axes)
    ticks = np.arange(trace.input.shape[1])
    for number, neuron in enumerate(neurons):
        values = trace.membranes[node][window, :, neuron]
        axes.plot(ticks, values, color=f"C{number % 10}", label=f"neuron {neuron}")
        if node in trace.spikes:
            fired = trace.spikes[node][window, :, neuron] != 0
            axes.plot(ticks[fired], values[fired], "o", color=f"C{number % 10}", markersize=4)
    axes.set(xlabel="tick", ylabel=f"membrane of {node}, counts")
    axes.legend()
    return axes


def confusion(labels, truth, classes: list[str], *, axes=None):
    """How often each class was given where each was true, a row a true class, with counts. labels, truth: [windows] indices."""
    axes = _axes(axes)
    counts = np.zeros((len(classes), len(classes)), int)
    np.add.at(counts, (np.asarray(truth), np.asarray(labels)), 1)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(counts.shape):
        if counts[row, column]:
            axes.text(column, row, counts[row, column], ha="center", va="center", color="white" if shares[row, column] > 0.5 else "black")
    axes.set_xticks(range(len(classes)), classes, rotation=90)
    axes.set_yticks(range(len(classes)), classes)
    axes.set(xlabel="given", ylabel="true", title=f"{100 * np.trace(counts) / max(1, counts.sum()):.1f} % of {counts.sum()} right")
    return axes


def pareto(candidates, *, cost: str = "NS-ACE bits per result", quality: str = "accuracy", axes=None):
    """Costs of networks against what they are worth, and the front that none other beats.

    candidates: (cost, quality) or (name, cost, quality) of each, more quality and less cost being better; or the report of a model
    that was compiled to a budget (`Model.report`): the networks that the planner shows, on the half of the log that it held back."""
    axes = _axes(axes)
    if isinstance(candidates, CompileReport):
        candidates = [_planned(row) for row in candidates.plan["rows"]]
    named = [(("", *each) if len(each) == 2 else tuple(each)) for each in candidates]
    front, best = [], -np.inf
    for name, price, worth in sorted(named, key=lambda each: (each[1], -each[2])):
        if worth > best:
            best = worth
            front.append((name, price, worth))
    axes.scatter([each[1] for each in named], [each[2] for each in named], color="0.6", label="networks")
    axes.step([each[1] for each in front], [each[2] for each in front], where="post", marker="o", color="C0", label="front")
    for name, price, worth in named:
        axes.annotate(name, (price, worth), textcoords="offset points", xytext=(4, 4), fontsize="small")
    axes.set(xlabel=cost, ylabel=quality)
    axes.legend()
    return axes


def _planned(row: dict) -> tuple[str, float, float]:
    """A network of the planner: its name, bits per result, and the share of labels, or without any of the reference's labels, that it
    gives."""
    score = row.get("heldOut") or row["search"]
    missed = score.get("errorRate")
    name = "chosen" if row["isChosen"] else f"{row['uniformBits']} bits" if row.get("uniformBits") else ""
    return name, score["nsAcePerResult"], 1 - (score["disagreement"] if missed is None else missed)
