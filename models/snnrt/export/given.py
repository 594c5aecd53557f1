"""What the user says of a network and its sample, checked before anything is written."""

from __future__ import annotations

import numpy as np
import torch

from .errors import ExportError


def sample(values, ticks: int | None) -> torch.Tensor:
    """The sample as a tensor on the processor, [windows, ticks, channels …], or of images, shown for `ticks`, [windows, channels …]."""
    x = values.detach().cpu() if isinstance(values, torch.Tensor) else torch.from_numpy(np.array(values))
    x = x.float() if not x.is_floating_point() or x.dtype == torch.float64 else x
    if x.dim() < (3 if ticks is None else 2) or x.numel() == 0:
        raise ExportError(f"the sample is {tuple(x.shape)}, expected " + (
            "(windows, ticks, channels …)" if ticks is None else "(windows, channels …) with ticks="))
    if ticks is not None and ticks < 1:
        raise ExportError(f"ticks is {ticks}, expected 1 or more")
    if not bool(torch.isfinite(x).all()):
        raise ExportError("the sample has values that are not finite")
    return x


def positive(name: str, value) -> float | None:
    """A rate or a step in time."""
    if value is None:
        return None
    if not 0 < float(value) < np.inf:
        raise ExportError(f"{name} is {value}, expected a number above 0")
    return float(value)


def parameters(module: torch.nn.Module) -> None:
    """Refuses parameters that are not finite, of 32 bits and on the processor."""
    for name, parameter in torch.nn.Module.named_parameters(module):
        if parameter.device.type != "cpu" or parameter.dtype != torch.float32:
            raise ExportError(f"{name} is {parameter.dtype} on {parameter.device}, expected 32 bits on the processor: module.cpu().float()")
        if not torch.nn.parameter.is_lazy(parameter) and not bool(torch.isfinite(parameter).all()):
            raise ExportError(f"{name} has values that are not finite; were they learned at too high a rate?")


def labels(values, window_count: int) -> np.ndarray | None:
    """The true class of each window, whole numbers from 0."""
    if values is None:
        return None
    found = values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)
    if found.shape != (window_count,):
        raise ExportError(f"labels are {found.shape}, expected the number of a class for each of {window_count} windows")
    if found.dtype.kind not in "iubf" or not np.array_equal(found, np.rint(found)) or found.min() < 0:
        raise ExportError("labels are whole numbers from 0: the number of each window's class")
    return found.astype(np.int64)


def names(option: str, values, counts: set[int]) -> list[str] | None:
    """Names of channels or classes, of which there may be so many; a string has them separated by commas."""
    if values is None:
        return None
    found = values.split(",") if isinstance(values, str) else [str(value) for value in values]
    if len(found) not in counts:
        raise ExportError(f"{option} gives {len(found)} names, and the network has {' or '.join(map(str, sorted(counts)))}")
    return found
