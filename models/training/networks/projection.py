"""Weight matrices that are trained in floating point, then on a grid of few bits."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.networks.spiking import on_steps


def on_grid(weights: Tensor, step_log: Tensor, bits: int) -> Tensor:
    """The weights rounded to −n … n steps of their row, n = 127, 7 or 1. Gradients pass through the rounding to
    weights within the range, and to the step (LSQ, arXiv 1902.08153)."""
    limit = 2 ** (bits - 1) - 1
    step = step_log.exp()
    scaled = (weights / step).clamp(-limit, limit)
    return (scaled + (scaled.round() - scaled).detach()) * step


def best_step(weights: Tensor, bits: int) -> Tensor:
    """The logarithm of the step of each row [rows, 1] that rounds it with the least squared error."""
    limit = 2 ** (bits - 1) - 1
    largest = weights.abs().amax(1, keepdim=True).clamp_min(1e-6) / limit
    best, least = largest.clone(), torch.full_like(largest, torch.inf)
    for share in torch.linspace(0.2, 1.0, 81):
        step = largest * share
        error = ((weights / step).round().clamp(-limit, limit) * step - weights).square().sum(1, keepdim=True)
        best, least = torch.where(error < least, step, best), torch.minimum(error, least)
    return best.log()


class Projection(nn.Module):
    """One or two weight matrices into the same rows, batch-normalised until folded, then rounded to a grid."""

    def __init__(self, rows: int, columns: tuple[int, ...]):
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(torch.randn(rows, k) / sum(columns) ** 0.5) for k in columns)
        self.norm: nn.BatchNorm1d | None = nn.BatchNorm1d(rows) if rows else None
        self.bias = nn.Parameter(torch.zeros(rows), requires_grad=False)
        self.steps = nn.ParameterList()
        self.bits = 0  # 0: not rounded
        self.bias_steps = 0  # per unit; 0: not rounded

    def forward(self, *sources: Tensor) -> Tensor:
        """Sources [T, B, k] -> currents [T, B, rows]."""
        return self.finish(sum(source @ self.weight(i).t() for i, source in enumerate(sources)))

    def weight(self, i: int) -> Tensor:
        """Matrix i [rows, k], on its grid if there is one."""
        return on_grid(self.weights[i], self.steps[i], self.bits) if self.bits else self.weights[i]

    def finish(self, current: Tensor) -> Tensor:
        """Sums [T, B, rows] -> currents."""
        if self.norm is None:
            return current + on_steps(self.bias, self.bias_steps)
        return self.norm(current.flatten(0, 1)).view_as(current)

    @torch.no_grad()
    def fold(self) -> None:
        """Writes the normalisation's running figures into weights and bias."""
        if self.norm is None:
            return
        scale = self.norm.weight / (self.norm.running_var + self.norm.eps).sqrt()
        for weights in self.weights:
            weights *= scale[:, None]
        self.bias.copy_(self.norm.bias - self.norm.running_mean * scale)
        self.bias.requires_grad_(True)
        self.norm = None

    def round_to(self, bits: int) -> None:
        """From now on the weights are used on their grid of `bits`."""
        self.bits = bits
        self.steps = nn.ParameterList(nn.Parameter(best_step(w.detach(), bits)) for w in self.weights)
