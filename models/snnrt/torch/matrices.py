"""Matrices between populations, and what lies before them: pools and flattening of spikes."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from .arithmetic import best_steps, rounded


class QuantizedMatrix(nn.Module):
    """Integer weights of a linear layer, a convolution or a diagonal, on the grid step·2^shift of each row.

    weight: as trained, [rows, …], or [rows] of a diagonal; `kind` "linear", "conv" or "diagonal".
    unit: what one count of its source is worth. largest: the greatest magnitude of such a count.
    """

    def __init__(self, kind: str, weight: Tensor, bits: int, unit: float, largest: int, spatial: dict | None = None):
        super().__init__()
        self.kind, self.bits, self.unit, self.largest, self.spatial = kind, bits, unit, largest, spatial or {}
        self.limit = 1 if bits <= 2 else 2 ** (bits - 1) - 1
        self.shift = 0
        self.weight = nn.Parameter(weight.detach().clone())

    @property
    def bound(self) -> int:
        """The greatest magnitude of a row's sums, whatever its weights become."""
        return math.prod(self.weight.shape[1:]) * self.limit * self.largest * 2**self.shift

    def first_steps(self, is_shared: bool) -> Tensor:
        """Steps of rows [rows] that keep the weights best, all alike where `is_shared`; 0 for rows of zeros."""
        weight = self.weight.detach().double() * self.unit
        if self.bits > 1:
            return best_steps(weight, self.limit, is_shared)
        means = weight.abs().flatten(1).mean(dim=1) if weight.dim() > 1 else weight.abs()
        return means.mean().expand(len(weight)).clone() if is_shared else means

    def spread(self, steps: Tensor) -> Tensor:
        """Steps of rows [rows], in the form of the weights."""
        return steps.reshape(-1, *[1] * (self.weight.dim() - 1))

    def integers(self, steps: Tensor) -> Tensor:
        """The stored integers, in the form of the weights."""
        steps = self.spread(steps) * 2**self.shift
        scaled = self.weight.double() * self.unit / steps
        if self.bits == 1:
            signs = torch.where(scaled < 0, -1.0, 1.0).to(scaled)
            kept = scaled.clamp(-1, 1)
            return signs.detach() + (kept - kept.detach())
        return rounded(scaled, -self.limit, self.limit)

    def exported(self, steps: Tensor) -> Tensor:
        """The weights that the integers stand for, in units of the network: what a NIR file holds."""
        return self.integers(steps) * self.spread(steps) * 2**self.shift / self.unit

    def forward(self, integers: Tensor, source: Tensor) -> Tensor:
        """Sums [N, rows, …] of `source` [N, …] on the row's grid, shift included."""
        if self.kind == "linear":
            sums = functional.linear(source, integers)
        elif self.kind == "diagonal":
            sums = source * integers
        else:
            convolve = functional.conv1d if self.weight.dim() == 3 else functional.conv2d
            sums = convolve(source, integers, **self.spatial)
        return sums * 2**self.shift


class SumPool2d(nn.Module):
    """Sums of windows: an AvgPool2d in counts. `share`, the part of a count that an element of the average is."""

    def __init__(self, name: str, pool: nn.AvgPool2d):
        super().__init__()
        if pool.ceil_mode or pool.divisor_override or (pool.padding not in (0, (0, 0)) and not pool.count_include_pad):
            raise ValueError(f"{name}: ceil_mode, divisor_override and count_include_pad=False have no node")
        self.kernel = _pair(pool.kernel_size)
        self.stride, self.padding = _pair(pool.stride), _pair(pool.padding)
        self.share = 1 / (self.kernel[0] * self.kernel[1])

    def forward(self, source: Tensor) -> Tensor:
        means = functional.avg_pool2d(source, self.kernel, self.stride, self.padding)
        sums = means / self.share
        return sums.round().detach() + (sums - sums.detach())


def _pair(size) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else tuple(size)
