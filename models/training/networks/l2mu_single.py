"""A spiking Legendre memory network (L2MU, arXiv 2407.04076) of one layer in floating point.

Per tick, with x the six analog samples and every population LIF:

    s_in = LIF(w_in·x + bias_in)                                     input population
    u    = LIF(e_x·s_in + e_h·h[t-1] + e_m·m[t-1] + bias_u)          memory units
    m    = LIF(a_hat·m[t-1] + b_hat·u, per unit, + bias_m)           order q per unit
    h    = LIF(w_x·s_in + w_h·h[t-1] + w_m·m + bias_h)               hidden
    o    = LIF(w_o·h + bias_o)                                       one neuron per class

    LIF: R = [U[t-1] > theta];  U = beta·U[t-1] + I − R·theta;  S = [U > theta]

State is zero at the start of a window. The class is the argmax of the spike counts of o, ties to
the lowest index. Matrices are [destination][source]; neuron (unit, order) of m is unit·q + order.

Thresholds are 1 except those of m, which are per order: a_hat and b_hat are stored constants, so
the threshold carries the scale. Inside, a row of m is divided by its threshold, so that every
membrane below is in units of its threshold.

The time loops are autograd functions with a hand-written backward pass, which forms each weight
gradient once over all ticks. An epoch takes about three seconds on one CPU core.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from training.data import CLASSES
from training.networks.spiking import (DAMPING_FORWARD, DAMPING_RECURRENT, ForwardPopulation, legendre_matrices,
                                       surrogate)

INPUT_BITS = 12
SCORE_GAIN = 0.3  # logits per output spike


class RecurrentCore(torch.autograd.Function):
    """The three coupled populations u, m, h over time.

    current_u [T, B, M] and current_h [T, B, H] hold what the input population and the biases add;
    bias_m [M·q] and the rows of a_hat [q, q] and b_hat [q] are in units of the thresholds of m.
    Returns the spikes of u [T, B, M], m [T, B, M·q] and h [T, B, H]. The reset passes no gradient.
    """

    @staticmethod
    def forward(ctx, current_u, current_h, bias_m, e_h, e_m, w_h, w_m, a_hat, b_hat,
                beta_u, beta_m, beta_h):
        ticks, batch, units = current_u.shape
        order = len(b_hat)
        u_membrane, u = current_u.clone(), torch.empty_like(current_u)
        h_membrane, h = current_h.clone(), torch.empty_like(current_h)
        m_membrane = current_u.new_empty(ticks, batch, units * order)
        m = torch.empty_like(m_membrane)
        for t in range(ticks):
            if t > 0:
                u_membrane[t].addmm_(h[t - 1], e_h.t()).addmm_(m[t - 1], e_m.t())
                u_membrane[t].addcmul_(u_membrane[t - 1], beta_u).sub_(u[t - 1])
            torch.gt(u_membrane[t], 1.0, out=u[t])
            torch.mm(u[t].view(-1, 1), b_hat.view(1, -1), out=m_membrane[t].view(-1, order))
            m_membrane[t].add_(bias_m)
            if t > 0:
                m_membrane[t].view(-1, order).addmm_(m[t - 1].view(-1, order), a_hat.t())
                m_membrane[t].addcmul_(m_membrane[t - 1], beta_m).sub_(m[t - 1])
            torch.gt(m_membrane[t], 1.0, out=m[t])
            h_membrane[t].addmm_(m[t], w_m.t())
            if t > 0:
                h_membrane[t].addmm_(h[t - 1], w_h.t())
                h_membrane[t].addcmul_(h_membrane[t - 1], beta_h).sub_(h[t - 1])
            torch.gt(h_membrane[t], 1.0, out=h[t])
        ctx.save_for_backward(u_membrane, m_membrane, h_membrane, u, m, h, e_h, e_m, w_h, w_m,
                              a_hat, b_hat, beta_u, beta_m, beta_h)
        return u, m, h

    @staticmethod
    def backward(ctx, u_gradient, m_gradient, h_gradient):
        (u_membrane, m_membrane, h_membrane, u, m, h, e_h, e_m, w_h, w_m, a_hat, b_hat,
         beta_u, beta_m, beta_h) = ctx.saved_tensors
        ticks, batch, units = u.shape
        order = len(b_hat)
        u_slope = surrogate(u_membrane, DAMPING_RECURRENT)
        m_slope = surrogate(m_membrane, DAMPING_RECURRENT)
        h_slope = surrogate(h_membrane, DAMPING_RECURRENT)
        # du, dm, dh: gradient by the membrane, which is also the gradient by the current.
        du, dm, dh = u_gradient.clone(), m_gradient.clone(), h_gradient.clone()
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
                dm[t].view(-1, order).addmm_(dm[t + 1].view(-1, order), a_hat)
            dm[t].mul_(m_slope[t])
            if not last:
                dm[t].addcmul_(dm[t + 1], beta_m)
            du[t].view(-1, 1).addmm_(dm[t].view(-1, order), b_hat.view(-1, 1))
            du[t].mul_(u_slope[t])
            if not last:
                du[t].addcmul_(du[t + 1], beta_u)

        def outer(destination: Tensor, source: Tensor) -> Tensor:
            return destination.reshape(-1, destination.shape[-1]).t() @ source.reshape(
                -1, source.shape[-1])

        per_unit = (ticks, batch, units, order)
        return (
            du, dh, dm.sum((0, 1)),
            outer(du[1:], h[:-1]), outer(du[1:], m[:-1]),
            outer(dh[1:], h[:-1]), outer(dh, m),
            outer(dm[1:].view(-1, order), m[:-1].view(-1, order)),
            (dm.view(per_unit) * u.unsqueeze(-1)).sum((0, 1, 2)),
            (du[1:] * u_membrane[:-1]).sum((0, 1)),
            (dm[1:] * m_membrane[:-1]).sum((0, 1)),
            (dh[1:] * h_membrane[:-1]).sum((0, 1)),
        )


def row_step(*matrices: Tensor) -> Tensor:
    """The weight grid of each destination row [rows, 1]: the largest magnitude over all matrices
    that enter the row is 127 steps."""
    largest = torch.stack([matrix.detach().abs().amax(1) for matrix in matrices]).amax(0)
    return (largest / 127).clamp_min(1e-9).unsqueeze(1)


def on_grid(*matrices: Tensor) -> tuple[Tensor, ...]:
    """The matrices of one row group rounded to their 8-bit grid; gradients pass straight through."""
    step = row_step(*matrices)
    return tuple(w + (torch.round(w / step) * step - w).detach() for w in matrices)


class Network(nn.Module):
    """Parameters and forward pass. Trains with full-precision or, if `quantized`, 8-bit weights."""

    def __init__(self, inputs: int = 40, units: int = 16, order: int = 6, hidden: int = 96,
                 classes: int = len(CLASSES), theta: float = 12.0):
        super().__init__()
        self.units, self.order = units, order
        memory = units * order

        def matrix(rows: int, columns: int, gain: float) -> nn.Parameter:
            return nn.Parameter(torch.randn(rows, columns) * gain / columns ** 0.5)

        def beta(count: int, low: float, high: float) -> nn.Parameter:
            return nn.Parameter(torch.logit(torch.rand(count) * (high - low) + low))

        self.w_in = matrix(inputs, 6, 2.0)
        self.bias_in = nn.Parameter(torch.zeros(inputs))
        self.e_x = matrix(units, inputs, 1.5)
        self.e_h = matrix(units, hidden, 0.7)
        self.e_m = matrix(units, memory, 0.7)
        self.bias_u = nn.Parameter(torch.zeros(units))
        self.bias_m = nn.Parameter(torch.zeros(memory))
        self.w_x = matrix(hidden, inputs, 1.5)
        self.w_h = matrix(hidden, hidden, 0.7)
        self.w_m = matrix(hidden, memory, 1.0)
        self.bias_h = nn.Parameter(torch.zeros(hidden))
        self.w_o = matrix(classes, hidden, 1.5)
        self.bias_o = nn.Parameter(torch.zeros(classes))
        self.beta_in_logit = beta(inputs, 0.3, 0.9)
        self.beta_u_logit = beta(units, 0.6, 0.95)
        self.beta_m_logit = beta(memory, 0.6, 0.95)
        self.beta_h_logit = beta(hidden, 0.6, 0.95)
        self.beta_o_logit = beta(classes, 0.85, 0.95)
        a_hat, b_hat = legendre_matrices(order, theta)
        self.register_buffer("a_hat", torch.tensor(a_hat, dtype=torch.float32))
        self.register_buffer("b_hat", torch.tensor(b_hat, dtype=torch.float32))
        self.theta_m_log = nn.Parameter(self.b_hat.abs().clamp_min(0.5).log())
        self.quantized = False

    def forward(self, samples: Tensor) -> Tensor:
        """samples float [B, T, 6], scaled -> logits in proportion to the output spikes [B, classes]. `rates` are then those
        of each neuron of in, u, m, h."""
        with torch.autocast("cpu", enabled=False):
            populations = self.populations(samples)
            self.rates = [spikes.mean((0, 1)) for spikes in populations[:-1]]
            return populations[-1].sum(0) * SCORE_GAIN

    def populations(self, samples: Tensor) -> tuple[Tensor, ...]:
        """Spikes [T, B, N] of in, u, m, h, o."""
        x = samples.transpose(0, 1)
        theta_m = self.theta_m_log.exp()
        w_in, e_x, e_h, e_m = self.w_in, self.e_x, self.e_h, self.e_m
        w_x, w_h, w_m, w_o = self.w_x, self.w_h, self.w_m, self.w_o
        a_hat, b_hat = self.a_hat, self.b_hat
        if self.quantized:
            (w_in,), (w_o,) = on_grid(w_in), on_grid(w_o)
            e_x, e_h, e_m = on_grid(e_x, e_h, e_m)
            w_x, w_h, w_m = on_grid(w_x, w_h, w_m)
            a_hat, b_column = on_grid(a_hat, b_hat.unsqueeze(1))
            b_hat = b_column.squeeze(1)
        s_in = ForwardPopulation.apply(x @ w_in.t() + self.bias_in,
                                       torch.sigmoid(self.beta_in_logit), DAMPING_FORWARD)
        u, m, h = RecurrentCore.apply(
            s_in @ e_x.t() + self.bias_u, s_in @ w_x.t() + self.bias_h,
            self.bias_m / theta_m.repeat(self.units), e_h, e_m, w_h, w_m,
            a_hat / theta_m.unsqueeze(1), b_hat / theta_m,
            torch.sigmoid(self.beta_u_logit), torch.sigmoid(self.beta_m_logit),
            torch.sigmoid(self.beta_h_logit))
        o = ForwardPopulation.apply(h @ w_o.t() + self.bias_o,
                                    torch.sigmoid(self.beta_o_logit), DAMPING_FORWARD)
        return s_in, u, m, h, o

    def parameter_count(self) -> int:
        """Trained numbers; the constants a_hat and b_hat are not among them."""
        return sum(p.numel() for p in self.parameters())

    def parameters_in_double(self) -> dict[str, np.ndarray]:
        """Parameters and constants as float64 arrays, decays and thresholds resolved."""
        arrays = {name: value.detach().double().numpy().copy()
                  for name, value in (*self.named_parameters(), *self.named_buffers())
                  if not name.endswith(("_logit", "_log"))}
        for name in ("in", "u", "m", "h", "o"):
            logit = getattr(self, f"beta_{name}_logit").detach().double()
            arrays[f"beta_{name}"] = torch.sigmoid(logit).numpy().copy()
        arrays["theta_m"] = self.theta_m_log.detach().double().exp().numpy().copy()
        return arrays
