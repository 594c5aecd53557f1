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

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from training.data import CLASSES, WINDOW_LENGTH
from training.networks.projection import Projection
from training.networks.spiking import DAMPING_FORWARD, ForwardPopulation, legendre_matrices

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
    classes: int = len(CLASSES)
    ticks: int = WINDOW_LENGTH  # of a training sequence
    parts: int = 1  # of a sequence, each of which has scores


class Layer(nn.Module):
    def __init__(self, inputs: int, units: int, theta: float, hidden: int, shape: Shape):
        super().__init__()
        order, spiking = shape.order, shape.spiking
        self.encoder = Projection(units, (inputs,))
        self.hidden = Projection(hidden, (units * order, inputs))
        self.spiking, self.rounded = spiking, False
        if spiking:
            self.beta_logit = nn.Parameter(torch.logit(torch.rand(hidden) * 0.6 + 0.3))
        a_hat, b_hat = legendre_matrices(order, theta)
        basis = (2 * np.arange(order) + 1.0) ** -0.5
        self.register_buffer("a", torch.tensor(a_hat * basis[:, None] / basis))
        self.register_buffer("b", torch.tensor(b_hat * basis))
        self.respond(shape.ticks)

    @torch.no_grad()
    def respond(self, ticks: int) -> None:
        """Impulse response [q·T, T]: row (i, t), column s is order i of the memory t − s ticks after a pulse."""
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
        self.respond(len(u))

    def forward(self, x: Tensor) -> Tensor:
        current = self.hidden(self.memory(self.encoder(x)), x)
        if self.spiking:
            return ForwardPopulation.apply(current.float(), torch.sigmoid(self.beta_logit), DAMPING_FORWARD)
        h = current.clamp(0, CEILING)
        if self.rounded:
            h = h + ((h * HIDDEN_STEPS).round().clamp_max(127) / HIDDEN_STEPS - h).detach()
        return h


class Network(nn.Module):
    input_bits = 12

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        widths = (6, *shape.hidden)
        self.layers = nn.ModuleList(
            Layer(widths[i], shape.units[i], shape.theta[i], shape.hidden[i], shape) for i in range(len(shape.hidden)))
        self.readout = Projection(shape.classes, (shape.hidden[-1],))
        self.readout.norm = None
        self.readout.bias.requires_grad_(True)

    def forward(self, samples: Tensor) -> Tensor:
        """samples float [B, T, 6], scaled -> mean scores over the ticks of each part [parts·B, classes]."""
        x, self.rates = samples.transpose(0, 1), []  # rates to be held down, as excess says: on the grids that costs nothing
        for layer in self.layers:
            x = layer(x)
            if layer.spiking and layer.rounded:
                self.rates.append(x.mean())
        return self.readout(x.float().unflatten(0, (self.shape.parts, -1)).mean(1)).flatten(0, 1).float()

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
            layer.respond(self.shape.ticks)

    def resize(self, ticks: int, parts: int = 1) -> None:
        """From now on sequences have so many ticks and parts."""
        self.shape = replace(self.shape, ticks=ticks, parts=parts)
        self.respond()

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
