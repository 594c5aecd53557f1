"""Stacked linear Legendre memories with ReLU or LIF hidden layers, in floating point.

Layer l, with x[0] the six analog samples and every product without recurrence but for the memory's own:

    u[l] = E[l]·x[l] + bias                          M memory inputs
    m[l] = A[l]·m[l][t-1] + B[l]·u[l]                per input, order q, window theta ticks: linear
    c[l] = W_m[l]·m[l] + W_x[l]·x[l] + bias          H
    LMU:  h[l] = min(max(c[l], 0), 4)                SLMU:  h[l] = LIF(c[l]): U = beta·U + c − S[t-1], S = [U > 1]
    x[l+1] = h[l]

    scores = Σ_t (W_o·h[last] + bias)

State is zero at the start of a window. The memory is written in the orthonormal Legendre basis, each order
scaled to unit variance on the training windows, which makes the columns of W_m alike and their grid fit all.
In training the memory is a convolution over the window, which equals the recurrence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from har.data import CLASSES, WINDOW_LENGTH
from har.spiking import DAMPING_FORWARD, ForwardPopulation, legendre_matrices

CEILING = 4.0  # of the non-spiking hidden layers
HIDDEN_STEPS = 32  # their grid: 1/32, so that the ceiling is 127 steps in 8 bits


@dataclass
class Shape:
    """Sizes, one entry per layer. `spiking` chooses LIF hidden layers."""

    spiking: bool
    units: tuple[int, ...] = (16, 16, 24)
    theta: tuple[float, ...] = (8.0, 16.0, 32.0)
    hidden: tuple[int, ...] = (96, 96, 128)
    order: int = 6


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
        self.norm: nn.BatchNorm1d | None = nn.BatchNorm1d(rows)
        self.bias = nn.Parameter(torch.zeros(rows), requires_grad=False)
        self.steps = nn.ParameterList()
        self.bits = 0  # 0: not rounded

    def forward(self, *sources: Tensor) -> Tensor:
        """Sources [T, B, k] -> currents [T, B, rows]."""
        current = 0
        for i, (weights, source) in enumerate(zip(self.weights, sources)):
            if self.bits:
                weights = on_grid(weights, self.steps[i], self.bits)
            current = current + source @ weights.t()
        if self.norm is None:
            return current + self.bias
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


class Layer(nn.Module):
    def __init__(self, inputs: int, units: int, order: int, theta: float, hidden: int, spiking: bool):
        super().__init__()
        self.encoder = Projection(units, (inputs,))
        self.hidden = Projection(hidden, (units * order, inputs))
        self.spiking, self.rounded = spiking, False
        if spiking:
            self.beta_logit = nn.Parameter(torch.logit(torch.rand(hidden) * 0.6 + 0.3))
        a_hat, b_hat = legendre_matrices(order, theta)
        basis = (2 * np.arange(order) + 1.0) ** -0.5
        self.register_buffer("a", torch.tensor(a_hat * basis[:, None] / basis))
        self.register_buffer("b", torch.tensor(b_hat * basis))
        self.respond()

    @torch.no_grad()
    def respond(self) -> None:
        """Impulse response [q·T, T]: row (i, t), column s is order i of the memory t − s ticks after a pulse."""
        ticks = WINDOW_LENGTH
        response = torch.zeros(len(self.b), ticks, ticks, dtype=torch.float64)
        state = self.b
        for lag in range(ticks):
            for t in range(lag, ticks):
                response[:, t, t - lag] = state
            state = self.a @ state
        self.register_buffer("response", response.flatten(0, 1).float(), persistent=False)

    def memory(self, u: Tensor) -> Tensor:
        """u [T, B, M] -> m [T, B, q·M], element order·M + unit."""
        ticks, batch, units = u.shape
        with torch.autocast("cpu", enabled=False):
            m = self.response @ u.float().reshape(ticks, batch * units)
        return m.view(len(self.b), ticks, batch, units).permute(1, 2, 0, 3).flatten(2)

    @torch.no_grad()
    def scale_orders(self, u: Tensor) -> None:
        """Rescales the basis so that each order has unit variance for the memory inputs u."""
        deviation = self.memory(u).unflatten(2, (len(self.b), -1)).std((0, 1, 3)).double()
        self.a.mul_(deviation / deviation[:, None])
        self.b.div_(deviation)
        self.respond()

    def forward(self, x: Tensor) -> Tensor:
        current = self.hidden(self.memory(self.encoder(x)), x)
        if self.spiking:
            return ForwardPopulation.apply(current.float(), torch.sigmoid(self.beta_logit), DAMPING_FORWARD)
        h = current.clamp(0, CEILING)
        if self.rounded:
            h = h + ((h * HIDDEN_STEPS).round().clamp_max(127) / HIDDEN_STEPS - h).detach()
        return h


class Network(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        widths = (6, *shape.hidden)
        self.layers = nn.ModuleList(
            Layer(widths[i], shape.units[i], shape.order, shape.theta[i], shape.hidden[i], shape.spiking)
            for i in range(len(shape.hidden)))
        self.readout = Projection(len(CLASSES), (shape.hidden[-1],))
        self.readout.norm = None
        self.readout.bias.requires_grad_(True)

    def forward(self, samples: Tensor) -> Tensor:
        """samples float [B, T, 6], scaled -> mean scores over the ticks [B, classes]."""
        x = samples.transpose(0, 1)
        for layer in self.layers:
            x = layer(x)
        return self.readout(x.float().mean(0, keepdim=True))[0].float()

    @torch.no_grad()
    def scale_orders(self, samples: Tensor) -> None:
        """Sets the memories' bases for these windows; once, before training."""
        x = samples.transpose(0, 1)
        self.train()
        for layer in self.layers:
            layer.scale_orders(layer.encoder(x))
            x = layer(x)

    def respond(self) -> None:
        """To be called after loading: the memories' responses are not kept in a checkpoint."""
        for layer in self.layers:
            layer.respond()

    def quantize(self, bits: int) -> None:
        """Folds the normalisation and puts weights and hidden values on their grids; training can go on."""
        for projection in self.projections():
            projection.fold()
            projection.round_to(bits)
        for layer in self.layers:
            layer.rounded = True

    def projections(self) -> list[Projection]:
        return [p for layer in self.layers for p in (layer.encoder, layer.hidden)] + [self.readout]

    def parameter_count(self) -> int:
        """Numbers that the file's network is made of: weights, biases, decays; not the constant memories."""
        weights = sum(w.numel() for p in self.projections() for w in p.weights)
        return weights + sum(p.bias.numel() for p in self.projections()) + sum(
            layer.beta_logit.numel() for layer in self.layers if layer.spiking)
