"""Runs modules on samples, however they want their input laid out."""

from __future__ import annotations

import inspect

import numpy as np
import torch

from .errors import ExportError
from .frameworks import reset
from .leaves import _flat, intercepted, leaves

# How forward gets a sample: windows and ticks as first axes, one tick a call, or an image that is shown all the time.
LAYOUTS = {"BT": "(windows, ticks, …)", "TB": "(ticks, windows, …)", "*": "(windows · ticks, …)", "step": "(windows, …), one tick a call",
           "still": "(windows, …), the ticks in forward", "still step": "(windows, …), the same in each call"}


def prepared(x: torch.Tensor, layout: str) -> torch.Tensor:
    """A sample [windows, ticks, …], or [windows, …] of images, as its layout lies in memory."""
    if layout in ("TB", "step"):
        return x.transpose(0, 1).contiguous()
    return x.reshape(-1, *x.shape[2:]).clone() if layout == "*" else x.clone()


def call(module: torch.nn.Module, x: torch.Tensor, layout: str, tick_count: int, output: int):
    """The module's result on prepared input: a tensor, or all ticks' one after the other."""
    if layout in ("BT", "TB", "*", "still"):
        return _chosen(module(x), output)
    state_name = _state_parameter(module)
    state, results = None, []
    for tick in range(tick_count):
        frame = x[tick] if layout == "step" else x
        result = module(frame) if state is None else module(frame, **{state_name: state})
        if state_name is not None and isinstance(result, tuple) and len(result) == 2:
            state = result[1]
        results.append(_chosen(result, output))
    return torch.stack(results)


def _state_parameter(module: torch.nn.Module) -> str | None:
    """The name of forward's second parameter, if it is a state that may be left away."""
    try:
        parameters = list(inspect.signature(type(module).forward).parameters.values())[2:]
    except (TypeError, ValueError):
        return None
    if parameters and parameters[0].default is None and parameters[0].name.lower() in ("state", "states", "hidden", "hx", "s", "state_list"):
        return parameters[0].name
    return None


def _chosen(result, output: int) -> torch.Tensor:
    tensors = [tensor for tensor in (result if isinstance(result, (tuple, list)) else [result])]
    if output >= len(tensors):
        raise ExportError(f"output={output}, and the module gives {len(tensors)}")
    found = tensors[output]
    if isinstance(found, (list, tuple)) and found and all(isinstance(one, torch.Tensor) for one in found):
        found = torch.stack(list(found))
    if not isinstance(found, torch.Tensor):
        raise ExportError(f"output {output} of the module is {type(found).__name__}, expected a tensor; output= names the one with the scores")
    return found


def fixed_windows(module: torch.nn.Module) -> int | None:
    """How many windows a call must have, where Sinabs' layers fix it."""
    for _, child in torch.nn.Module.named_modules(module):
        if getattr(child, "batch_size", -1) not in (-1, None) and type(child).__module__.startswith("sinabs"):
            return int(child.batch_size)
    return None


def plain_run(module: torch.nn.Module, x: torch.Tensor, layout: str, tick_count: int, output: int, batch: int):
    """The results of batches of windows, and what each neuron layer gave: [windows, ticks, …] by the module's name."""
    results, given = [], {}
    found = leaves(module)
    for start in range(0, len(x), batch):
        rows = x[start:start + batch]
        count = len(rows)
        if count < batch:
            rows = torch.cat([rows, rows[-1:].expand(batch - count, *rows.shape[1:])])
        calls: dict[str, list[torch.Tensor]] = {}

        def called(name, child, leaf, forward, arguments, options):
            result = forward(*arguments, **options)
            calls.setdefault(name, []).append(next(one for one in _flat(result) if isinstance(one, torch.Tensor)).detach().clone())
            return result

        reset(module)
        with torch.no_grad(), intercepted(found, called):
            result = call(module, prepared(rows, layout), layout, tick_count, output)
        results.append((result, count))
        for name, tensors in calls.items():
            given.setdefault(name, []).append(_by_window(found[name][1].time, tensors, batch)[:count])
    return results, {name: np.concatenate(parts) for name, parts in given.items()}


def _by_window(time, tensors: list[torch.Tensor], batch: int) -> np.ndarray:
    if time is None:
        return torch.stack(tensors, dim=1).numpy()
    values = tensors[0]
    if time == "*":
        values = values.reshape(batch, -1, *values.shape[1:])
    return (values.transpose(0, 1) if time == 0 else values).numpy()


def count_ticks(module: torch.nn.Module, x: torch.Tensor, output: int) -> int:
    """How often neurons run when an image is shown."""
    counts: dict[str, int] = {}

    def called(name, child, leaf, forward, arguments, options):
        counts[name] = counts.get(name, 0) + (1 if leaf.time is None else arguments[0].shape[0 if leaf.time == "*" else leaf.time])
        return forward(*arguments, **options)

    reset(module)
    with torch.no_grad(), intercepted(leaves(module), called):
        module(x)
    return max(counts.values(), default=0)
