"""What the network's result is made of: the output of one node, and how a window's scores come from its ticks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch

from .addresses import Part
from .errors import ExportError
from .network import Network, Node
from .recorder import Recorder

RULES = ("sum", "mean", "last", "max")


@dataclass
class Readout:
    """`part`: the elements of the output. `rule`: one of RULES, or "membrane". `opened`: nodes that only stand for their part.

    `outer`: the axes of the module's result that run over windows and ticks. `ticks_first`: of results of all ticks, True where
    the axis of ticks comes before that of windows, or where one axis runs over the windows of each tick."""

    part: Part
    rule: str
    is_sequence: bool
    outer: tuple[int, ...]
    ticks_first: bool = False
    opened: dict[int, Part] = field(default_factory=dict)


def find(recorder: Recorder, result: torch.Tensor, wanted: str | None) -> Readout:
    """How `result` came about. `wanted`: the rule that the user named, for results of all ticks."""
    if wanted is not None and wanted not in RULES:
        raise ExportError(f'readout is "{wanted}", expected one of {", ".join(RULES)}')
    if not recorder.book.tracks(result):
        raise ExportError("the module's result does not depend on its input by operations that were seen; does forward leave PyTorch, or "
                          "give something else first (output=1 takes the second)?")
    reading = recorder.read(result, "the module's result")
    last = recorder.tick_count - 1
    ticks = sorted(reading.parts)
    network = recorder.network
    network.fold(recorder.static_nodes)
    end = Node(-1, "output", "output", reading.parts[ticks[-1]][0].shape, "the module's result", parts=reading.parts)
    end.fold(recorder.static_nodes)
    found = Readout(end.operands[0], "last", len(ticks) > 1, reading.outer)
    if ticks == list(range(recorder.tick_count)) and last > 0:
        # In the order of rows, the tick of the second: it is the first one's where windows run faster.
        found.ticks_first = recorder.window_count > 1 and bool(reading.ticks[1] == reading.ticks[0])
        if wanted is None:
            raise ExportError(
                'the module gives all ticks, and how a window\'s scores come from them is not said; readout="sum" where spikes are counted, '
                '"mean", "last" or "max" as your loss and accuracy take them', is_final=True)
        found.rule = wanted
        _membrane(network, found)
        return found
    if ticks != [last]:
        raise ExportError(f"the module's result is of ticks {ticks[0]} to {ticks[-1]} of {recorder.tick_count}, expected all or the last")
    _open(network, found, recorder.tick_count)
    if wanted is not None and wanted != found.rule:
        raise ExportError(f'readout is "{wanted}", and the module itself gives "{found.rule}" over a window; leave it away')
    _membrane(network, found)
    return found


def _single(part: Part) -> int | None:
    numbers = np.unique(part.node)
    return int(numbers[0]) if len(numbers) == 1 and numbers[0] >= 0 and not part.lag.any() else None


def _open(network: Network, found: Readout, tick_count: int) -> None:
    """Follows the result back through matrices and factors to where ticks were put together, if they were."""
    chain: list[Node] = []
    number = _single(found.part)
    while number is not None:
        node = network.nodes[number]
        inner = _put_together(node)
        if inner is not None:
            found.rule, part, sign = inner
            if sign != 1:
                return
            found.opened[number] = part
            break
        if node.kind not in ("linear", "scale"):
            return
        chain.append(node)
        number = _single(node.operands[0])
    else:
        return
    # Nodes that change the sum itself.
    of_sum = chain if found.rule == "sum" else []
    for place, node in enumerate(chain):
        share = node.values.get("scale")
        if found.rule == "sum" and share is not None and np.allclose(share, 1 / tick_count, rtol=1e-6) and node.values.get("bias") is None:
            found.rule = "mean"
            found.opened[node.number] = node.operands[0]
            of_sum = chain[place + 1:]
        elif found.rule == "max":
            raise ExportError(f"{node.where}: changes the greatest value of a window, which the file cannot say; change the values before")
    for node in of_sum:
        if node.values.get("bias") is not None:
            # Added once a window; in the file each tick adds its share.
            node.values["bias"] = node.values["bias"] / tick_count


def _put_together(node: Node) -> tuple[str, Part, float] | None:
    """The rule, and what it is over: of a sum over ticks, or of a total that grows tick by tick."""
    if node.kind == "time":
        return node.values["function"], node.operands[0], 1
    if node.kind != "sum" or node.values["bias"] is not None:
        return None
    whole = np.arange(node.count)
    for i, part in enumerate(node.operands):
        own = (part.node == node.number).all() and (part.lag == 1).all() and np.array_equal(part.element.reshape(-1), whole)
        if own and node.values["signs"][i] == 1:
            return "sum", node.operands[1 - i], node.values["signs"][1 - i]
    return None


def _membrane(network: Network, found: Readout) -> None:
    """A result that is the membranes of neurons: of neurons that never reset they are plain values, of others the last are."""
    part = found.part
    for inner in found.opened.values():
        part = inner
    number = _single(part)
    if number is None or network.nodes[number].kind != "membrane":
        return
    membrane = network.nodes[number]
    neurons = network.nodes[membrane.values["of"]]
    population = neurons.values["population"]
    readers = [node for node in network.nodes if node.kind not in ("membrane", "state") and any(
        (operand.node == neurons.number).any() for operand in node.operands)]
    whole = np.arange(neurons.count).reshape(neurons.shape)
    found.opened[number] = Part(np.full(neurons.shape, neurons.number), np.zeros(neurons.shape, np.int64), whole)
    if not population.fires:
        return
    if population.reset == "none" and population.recurrence is None and not _alive(readers, found):
        population.threshold = None
    elif found.rule == "last" and not np.any(np.asarray(population.spike_value) != 1):
        found.rule = "membrane"
    else:
        raise ExportError(f'{membrane.where}: the {found.rule} of membranes that are reset is no readout of the file; give the last tick\'s, '
                          'or use neurons that do not reset (reset_mechanism="none")')


def _alive(readers: list[Node], found: Readout) -> list[Node]:
    """Readers other than sums and factors that no result takes."""
    return [node for node in readers if node.kind not in ("sum", "scale", "time")]


def scores(readout: Readout, result: torch.Tensor, tick_count: int) -> np.ndarray:
    """[windows, classes] of a module's result, as its user takes the greatest of them."""
    rest = [axis for axis in range(result.dim()) if axis not in readout.outer]
    values = result.detach().double().permute(*readout.outer, *rest).numpy()
    count = int(np.prod([result.shape[axis] for axis in readout.outer]))
    if not readout.is_sequence:
        return values.reshape(count, -1)
    rows = (tick_count, count // tick_count) if readout.ticks_first else (count // tick_count, tick_count)
    values = values.reshape(*rows, -1)
    return by_rule(readout.rule, np.swapaxes(values, 0, 1) if readout.ticks_first else values)


def by_rule(rule: str, values: np.ndarray) -> np.ndarray:
    """Scores [windows, classes] of values [windows, ticks, classes]."""
    if rule == "sum":
        return values.sum(axis=1)
    if rule == "mean":
        return values.mean(axis=1)
    return values.max(axis=1) if rule == "max" else values[:, -1]
