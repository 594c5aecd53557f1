"""Stacked spiking Legendre memory networks (L2MU, arXiv 2407.04076) in floating point.

The six analog samples enter an input population; every other element is a LIF population, those of the memory CuBa-LIF.
Layer l, with x[0] the spikes of the input population:

    u[l] = LIF(E_x[l]·x[l] + E_h[l]·h[l][t-1] + E_m[l]·m[l][t-1] + bias)      M memory units
    m[l] = CuBa-LIF(A[l]·m[l][t-1] + B[l]·u[l] + bias)                        per unit, 2·order neurons
    h[l] = LIF(W_x[l]·x[l] + W_m[l]·m[l] + W_h[l]·h[l][t-1] + bias)           H
    x[l+1] = h[l]

    o = LIF(W_o·h[last] + bias);  scores = Σ_t o, of the classes

    LIF: U = beta·U + I − S[t-1], S = [U > 1]      CuBa-LIF: the same of Y = alpha·Y + I in place of I

State is zero at the start of a window. A spike is 0 or 1, but a Legendre coefficient has a sign: each order has two neurons,
one for either. With s the difference of their spikes and Y the current of the first, the memory follows the linear
y = A_L·y[t-1] + B_L·u where

    Y = alpha·Y + (A_L − alpha)·s[t-1] + B_L·u        and s follows Y,

since Y is then what s has to be for y, its exponential average (Voelker and Eliasmith, arXiv 1708.08133, in discrete time).

The time loop of a layer is an autograd function with a hand-written backward pass, which forms each weight gradient once
over all ticks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from training.data import CLASSES
from training.integer import CONSTANT_BITS
from training.networks.projection import Projection
from training.networks.spiking import (CURRENT_STEPS, DAMPING_FORWARD, DAMPING_RECURRENT, Q15, ForwardPopulation,
                                       legendre_matrices, on_steps, surrogate)
from training.samples import INPUT_LIMIT

CALIBRATED_RATE = 0.4  # root mean square of what the memory's spikes have to be, on training windows
SCORE_GAIN = 0.3  # logits per output spike


@dataclass
class Shape:
    """Sizes, one entry per layer. Without units there is no memory; without hidden neurons the memory's spikes are what a
    layer gives: these two for comparison."""

    inputs: int = 40
    units: tuple[int, ...] = (12, 12, 16)
    theta: tuple[float, ...] = (8.0, 16.0, 32.0)
    hidden: tuple[int, ...] = (80, 80, 96)
    order: int = 6
    classes: int = len(CLASSES)


class Core(torch.autograd.Function):
    """The three coupled populations u, m, h over time.

    current_u [T, B, M] and current_h [T, B, H] hold what comes from below; a [R, R] and b [R] are those of one unit, bias_m
    and beta_m [M·R]. Returns the spikes of u [T, B, M], m [T, B, M·R] and h [T, B, H]. The reset passes no gradient. With
    `steps`, currents and states are in whole 1/steps and decays truncate, as in integers.
    """

    @staticmethod
    def forward(ctx, current_u, current_h, bias_m, e_h, e_m, w_h, w_m, a, b, alpha, beta_u, beta_m, beta_h, steps):
        ticks, batch, units = current_u.shape
        rows, theta = len(b), float(steps or 1)

        def current(x: Tensor) -> Tensor:
            return (x * theta).round_() if steps else x.clone()

        def product(source: Tensor, weights: Tensor) -> Tensor:
            return (source @ weights).mul_(theta).round_() if steps else source @ weights

        def left(state: Tensor, decay: Tensor | float) -> Tensor:
            return (state * decay).trunc_() if steps else state * decay

        if steps:
            beta_u, beta_m, beta_h = (on_steps(beta, Q15) for beta in (beta_u, beta_m, beta_h))
        u_membrane, u = current(current_u), torch.empty_like(current_u)
        h_membrane, h = current(current_h), torch.empty_like(current_h)
        m_current = current(bias_m).expand(ticks, batch, units * rows).clone()
        m_membrane, m = torch.empty_like(m_current), torch.empty_like(m_current)
        b_current = current(b)
        e_h_t, e_m_t, w_h_t, w_m_t, a_t = e_h.t(), e_m.t(), w_h.t(), w_m.t(), a.t()
        for t in range(ticks):
            if t > 0:
                u_membrane[t].add_(product(h[t - 1], e_h_t)).add_(product(m[t - 1], e_m_t))
                u_membrane[t].add_(left(u_membrane[t - 1], beta_u)).sub_(u[t - 1], alpha=theta)
            torch.gt(u_membrane[t], theta, out=u[t])
            m_current[t].view(batch, units, rows).addcmul_(u[t].unsqueeze(2), b_current)
            if t > 0:
                m_current[t].view(-1, rows).add_(product(m[t - 1].view(-1, rows), a_t))
                m_current[t].add_(left(m_current[t - 1], alpha))
                torch.add(m_current[t], left(m_membrane[t - 1], beta_m), out=m_membrane[t]).sub_(m[t - 1], alpha=theta)
            else:
                m_membrane[0] = m_current[0]
            torch.gt(m_membrane[t], theta, out=m[t])
            h_membrane[t].add_(product(m[t], w_m_t))
            if t > 0:
                h_membrane[t].add_(product(h[t - 1], w_h_t))
                h_membrane[t].add_(left(h_membrane[t - 1], beta_h)).sub_(h[t - 1], alpha=theta)
            torch.gt(h_membrane[t], theta, out=h[t])
        membranes = [membrane.div_(theta) for membrane in (u_membrane, m_membrane, h_membrane)]
        ctx.save_for_backward(*membranes, m, h, e_h, e_m, w_h, w_m, a, b, beta_u, beta_m, beta_h)
        ctx.alpha = alpha
        return u, m, h

    @staticmethod
    def backward(ctx, u_gradient, m_gradient, h_gradient):
        u_membrane, m_membrane, h_membrane, m, h, e_h, e_m, w_h, w_m, a, b, beta_u, beta_m, beta_h = ctx.saved_tensors
        ticks, batch, units = u_membrane.shape
        rows = len(b)
        u_slope, m_slope, h_slope = (surrogate(x, DAMPING_RECURRENT) for x in (u_membrane, m_membrane, h_membrane))
        # du, dm, dh: gradient by the membrane, which is also that by the current, but of m: dy.
        du, dm, dh = u_gradient.clone(), m_gradient.clone(), h_gradient.clone()
        dy = torch.empty_like(dm)
        for t in range(ticks - 1, -1, -1):
            last = t == ticks - 1
            if not last:
                dh[t].addmm_(du[t + 1], e_h).addmm_(dh[t + 1], w_h)
            dh[t].mul_(h_slope[t])
            if not last:
                dh[t].addcmul_(dh[t + 1], beta_h)
            dm[t].addmm_(dh[t], w_m)
            if not last:
                dm[t].addmm_(du[t + 1], e_m)
                dm[t].view(-1, rows).addmm_(dy[t + 1].view(-1, rows), a)
            dm[t].mul_(m_slope[t])
            if last:
                dy[t] = dm[t]
            else:
                dm[t].addcmul_(dm[t + 1], beta_m)
                torch.add(dm[t], dy[t + 1], alpha=ctx.alpha, out=dy[t])
            du[t].add_(torch.matmul(dy[t].view(batch, units, rows), b)).mul_(u_slope[t])
            if not last:
                du[t].addcmul_(du[t + 1], beta_u)

        def outer(destination: Tensor, source: Tensor) -> Tensor:
            return destination.flatten(0, 1).t() @ source.flatten(0, 1)

        return (du, dh, dy.sum((0, 1)), outer(du[1:], h[:-1]), outer(du[1:], m[:-1]), outer(dh[1:], h[:-1]), outer(dh, m),
                None, None, None, *((d[1:] * membrane[:-1]).sum((0, 1))
                                    for d, membrane in ((du, u_membrane), (dm, m_membrane), (dh, h_membrane))), None)


def decays(count: int, low: float, high: float) -> nn.Parameter:
    return nn.Parameter(torch.logit(torch.rand(count) * (high - low) + low))


def recurrent(rows: int, columns: tuple[int, ...], gain: float) -> Projection:
    """Without normalisation and bias."""
    projection = Projection(rows, columns)
    projection.norm = None
    with torch.no_grad():
        for weights in projection.weights:
            weights.mul_(gain)
    return projection


class Layer(nn.Module):
    steps = 0  # per unit, of currents and states; 0: not rounded

    def __init__(self, inputs: int, units: int, theta: float, hidden: int, order: int):
        super().__init__()
        rows = 2 * order
        self.encoder = Projection(units, (inputs,))
        self.feedback = recurrent(units, (hidden, units * rows), 0.7)  # E_h, E_m
        self.hidden = Projection(hidden, (inputs,))
        self.recurrence = recurrent(hidden, (hidden, units * rows), 1.0)  # W_h, W_m
        self.beta_u_logit, self.beta_h_logit = decays(units, 0.6, 0.95), decays(hidden, 0.3, 0.95)
        self.beta_m_logit, self.bias_m = decays(units * rows, 0.6, 0.9), nn.Parameter(torch.zeros(units * rows))
        self.alpha = round(32768 * float(np.exp(-4 / theta))) / 32768
        a_hat, b_hat = legendre_matrices(order, theta)
        basis = (2 * np.arange(order) + 1.0) ** -0.5
        self.register_buffer("a_hat", torch.tensor(a_hat * basis[:, None] / basis))
        self.register_buffer("b_hat", torch.tensor(b_hat * basis))
        self.register_buffer("a", torch.zeros(rows, rows))
        self.register_buffer("b", torch.zeros(rows))

    @torch.no_grad()
    def scale_orders(self, x: Tensor) -> None:
        """Sets A and B: scales each order for what the linear memory would hold, of the spikes of u that x gives."""
        u = ForwardPopulation.apply(self.encoder(x).float(), torch.sigmoid(self.beta_u_logit), DAMPING_FORWARD).double()
        y = torch.zeros(*u.shape[1:], len(self.b_hat), dtype=torch.float64)
        filtered, square = y.clone(), torch.zeros(len(self.b_hat), dtype=torch.float64)
        a = self.a_hat - self.alpha * torch.eye(len(self.a_hat))
        for t in range(len(u)):
            filtered = self.alpha * filtered + u[t].unsqueeze(2) * self.b_hat
            wanted = y @ a.t() / (1 - self.alpha) + filtered  # what s has to be
            y = self.alpha * y + (1 - self.alpha) * wanted
            square += wanted.square().mean((0, 1)) / len(u)
        size = square.sqrt() / CALIBRATED_RATE
        a, b = a * size / size[:, None], (self.b_hat / size)[:, None]
        step = torch.cat([a, b], 1).abs().amax(1, keepdim=True) / (2 ** (CONSTANT_BITS - 1) - 1)
        a, b = ((w / step).round() * step for w in (a, b))
        self.a.copy_(torch.cat([torch.cat([a, -a], 1), torch.cat([-a, a], 1)]))
        self.b.copy_(torch.cat([b, -b])[:, 0])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Spikes [T, B, k] -> of u [T, B, M], m [T, B, M·R] and h [T, B, H]."""
        current_u, current_h = self.encoder(x).float(), self.hidden(x).float()
        with torch.autocast("cpu", enabled=False):
            e_h, e_m, w_h, w_m = (p.weight(i) for p in (self.feedback, self.recurrence) for i in range(2))
            return Core.apply(current_u, current_h, self.bias_m, e_h, e_m, w_h, w_m, self.a, self.b, self.alpha,
                              *map(torch.sigmoid, (self.beta_u_logit, self.beta_m_logit, self.beta_h_logit)), self.steps)


class Network(nn.Module):
    input_bits = 12
    steps = 0  # as in a layer

    def __init__(self, shape: Shape = Shape()):
        super().__init__()
        self.shape = shape
        outputs = [h or 2 * shape.order * u for h, u in zip(shape.hidden, shape.units)]
        self.input = Projection(shape.inputs, (6,))
        self.beta_in_logit = decays(shape.inputs, 0.1, 0.9)
        self.layers = nn.ModuleList(Layer(k, u, theta, h, shape.order) for k, u, theta, h in
                                    zip((shape.inputs, *outputs), shape.units, shape.theta, shape.hidden))
        self.readout = Projection(shape.classes, (outputs[-1],))
        self.beta_o_logit = decays(shape.classes, 0.95, 0.99)

    def forward(self, samples: Tensor) -> Tensor:
        """samples float [B, T, 6], scaled -> logits in proportion to the output spikes [B, classes]."""
        x = self.enter(samples)
        self.rates = [x.mean()]
        for layer in self.layers:
            u, m, h = layer(x)
            x = h if h.shape[2] else m
            self.rates += [s.mean() for s in (u, m, h) if s.shape[2]]
        o = ForwardPopulation.apply(self.readout(x).float(), torch.sigmoid(self.beta_o_logit), DAMPING_FORWARD, self.steps)
        return o.sum(0) * SCORE_GAIN

    def enter(self, samples: Tensor) -> Tensor:
        """Spikes of the input population [T, B, inputs]."""
        if self.steps:
            samples = on_steps(samples, 2 ** (self.input_bits - 1) // int(INPUT_LIMIT))
        current = self.input(samples.transpose(0, 1)).float()
        return ForwardPopulation.apply(current, torch.sigmoid(self.beta_in_logit), DAMPING_FORWARD, self.steps)

    @torch.no_grad()
    def scale_orders(self, samples: Tensor) -> None:
        """Sets the memories' constants for these windows; once, before training."""
        self.train()
        x = self.enter(samples)
        for layer in self.layers:
            if layer.bias_m.numel():
                layer.scale_orders(x)
            _, m, h = layer(x)
            x = h if h.shape[2] else m

    def projections(self) -> list[Projection]:
        return [self.input, *(p for layer in self.layers for p in (layer.encoder, layer.feedback, layer.hidden, layer.recurrence)),
                self.readout]

    def quantize(self, bits: int) -> None:
        """Folds the normalisation and puts the weights on their grids, currents and states on theirs; training can go on."""
        for projection in self.projections():
            projection.fold()
            projection.round_to(bits)
            projection.bias_steps = CURRENT_STEPS
        for part in (self, *self.layers):
            part.steps = CURRENT_STEPS

    def parameter_count(self) -> int:
        """Numbers that the file's network is made of: weights, biases, decays; not the constant A and B."""
        return (sum(w.numel() for p in self.projections() for w in p.weights)
                + sum(p.numel() for name, p in self.named_parameters() if name.endswith("_logit")) * 2)


