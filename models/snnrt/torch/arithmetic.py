"""Integers with gradients. All integers here are float64 tensors: below 2^53 those are exact, and they carry gradients."""

from __future__ import annotations

from typing import Callable

import torch
from torch import Tensor


def straight_through(value: Tensor, integer: Tensor) -> Tensor:
    """`integer`, exactly, with the gradient of `value`, from which it was rounded."""
    return integer.detach() + (value - value.detach())


def rounded(value: Tensor, least: float, greatest: float) -> Tensor:
    """The nearest integer, ties to even, within `least` … `greatest`; no gradient beyond them."""
    value = value.clamp(least, greatest)
    return straight_through(value, value.round())


def truncated(value: Tensor) -> Tensor:
    """The integer next to `value` toward zero: tz of docs/format.md."""
    return straight_through(value, value.trunc())


def spike(distance: Tensor, surrogate: Callable[[Tensor], Tensor], fires_at_threshold: bool) -> Tensor:
    """1 where a membrane lies beyond its threshold, else 0, with the gradient of `surrogate`.

    `distance`: from the threshold, in units of the membrane."""
    fired = (distance >= 0 if fires_at_threshold else distance > 0).to(distance.dtype)
    smooth = surrogate(distance)
    return fired + (smooth - smooth.detach())


def fast_sigmoid(distance: Tensor, slope: float = 25.0) -> Tensor:
    """x / (1 + slope·|x|), whose gradient stands for that of a spike (Zenke and Ganguli 2018)."""
    return distance / (1 + slope * distance.abs())


def best_steps(weight: Tensor, limit: int, is_shared: bool) -> Tensor:
    """The step of each row, or the one that all rows share, of the least squared error of the weights on −limit … limit.

    `weight` [rows, …]. Returns [rows]; 0 for rows of zeros."""
    rows = weight.detach().double().reshape(1 if is_shared else len(weight), -1)
    greatest = rows.abs().amax(dim=1, keepdim=True)
    shares = 0.96 ** torch.arange(63 if limit < 7 else 30, dtype=torch.float64, device=rows.device)
    best, error = greatest / limit, torch.full_like(greatest, torch.inf)
    for share in shares:
        step = greatest * share / limit
        safe = step.clamp_min(1e-300)
        miss = ((rows / safe).round().clamp(-limit, limit) * step - rows).square().sum(dim=1, keepdim=True)
        best, error = torch.where(miss < error, step, best), torch.minimum(miss, error)
    return best[:, 0].expand(len(weight)).clone()
