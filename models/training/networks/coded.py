"""Stacked L2MUs whose memories tell their Legendre coefficients otherwise than by pairs: what training.memory compares.

Layers are l2mu.py's but for m, of which each order has one signed value s instead of two neurons:

    Y = alpha·Y[t-1] + (A_L − alpha)·s[t-1] + B_L·u          alpha = exp(−1 / (reach·theta)), or 0 with reach 0
    V = U[t-1] + Y;  s = Q(V);  U = V − s                    Q rounds to one of `levels` values; with 0 levels s = Y

The remainder U stays, so that the error of s is shaped: that of a tick less that of the tick before. The runtime has this as a
CuBa-LIF population (LIF with reach 0) of graded spikes that reset in the same tick, without leak, with half of the greatest
spike as bias. Gradients pass Q and not U: backwards the memory is the linear one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from training.networks import l2mu
from training.networks.l2mu import recurrent
from training.networks.spiking import DAMPING_FORWARD, DAMPING_RECURRENT, ForwardPopulation, surrogate

SIZE = 0.25  # root mean square of what s has to be, on training windows


@dataclass(frozen=True)
class Code:
    levels: int  # evenly spaced from −1 to 1; 0: not rounded
    reach: float = 0.0  # time constant of the exponential average that tells a coefficient, in windows
    units_spike: bool = True  # otherwise u is its current

    def alpha(self, theta: float) -> float:
        return float(np.exp(-1 / (self.reach * theta))) if self.reach else 0.0


def rounded(v: Tensor, levels: int) -> Tensor:
    """v to the nearest of so many values, evenly spaced from −1 to 1."""
    step, offset = 2 / (levels - 1), 0.5 * (levels % 2 == 0)
    return (v / step - offset).round_().add_(offset).mul_(step).clamp_(-1, 1)


def wanted(a: Tensor, b: Tensor, alpha: float, u: Tensor) -> Tensor:
    """u [T, B, M] -> [T, B, M, q]: what s has to be for its exponential average to follow the linear memory of u's."""
    y = torch.zeros(*u.shape[1:], len(b), dtype=u.dtype)
    filtered, out = torch.zeros_like(y), []
    transition = (a - alpha * torch.eye(len(b), dtype=u.dtype)).t()
    for now in u:
        filtered = alpha * filtered + now.unsqueeze(-1) * b
        out.append(y @ transition / (1 - alpha) + filtered)
        y = alpha * y + (1 - alpha) * out[-1]
    return torch.stack(out)


class Core(torch.autograd.Function):
    """l2mu.Core with such an m: current_u [T, B, M] and current_h [T, B, H] -> u, m [T, B, M·q] and h."""

    @staticmethod
    def forward(ctx, current_u, current_h, e_h, e_m, w_h, w_m, a, b, beta_u, beta_h, code, alpha):
        ticks, batch, units = current_u.shape
        u_membrane, h_membrane = current_u.clone(), current_h.clone()
        u, h = torch.empty_like(u_membrane), torch.empty_like(h_membrane)
        m = current_u.new_zeros(ticks, batch, units * len(b))
        y, left = torch.zeros_like(m[0]), torch.zeros_like(m[0])
        for t in range(ticks):
            if t > 0:
                u_membrane[t].addmm_(h[t - 1], e_h.t()).addmm_(m[t - 1], e_m.t())
                h_membrane[t].addmm_(h[t - 1], w_h.t()).addcmul_(h_membrane[t - 1], beta_h).sub_(h[t - 1])
                y = torch.addmm(y.view(-1, len(b)), m[t - 1].view(-1, len(b)), a.t(), beta=alpha).view_as(y)
            if not code.units_spike:
                u[t] = u_membrane[t]
            else:
                if t > 0:
                    u_membrane[t].addcmul_(u_membrane[t - 1], beta_u).sub_(u[t - 1])
                torch.gt(u_membrane[t], 1.0, out=u[t])
            y.view(batch, units, -1).addcmul_(u[t].unsqueeze(2), b)
            if code.levels:
                left += y
                m[t] = rounded(left, code.levels)
                left -= m[t]
            else:
                m[t] = y
            h_membrane[t].addmm_(m[t], w_m.t())
            torch.gt(h_membrane[t], 1.0, out=h[t])
        ctx.save_for_backward(u_membrane, h_membrane, m, h, e_h, e_m, w_h, w_m, a, b, beta_u, beta_h)
        ctx.code, ctx.alpha = code, alpha
        return u, m, h

    @staticmethod
    def backward(ctx, u_gradient, m_gradient, h_gradient):
        u_membrane, h_membrane, m, h, e_h, e_m, w_h, w_m, a, b, beta_u, beta_h = ctx.saved_tensors
        ticks, batch, units = u_membrane.shape
        spikes = ctx.code.units_spike
        u_slope = surrogate(u_membrane, DAMPING_RECURRENT) if spikes else torch.ones_like(u_membrane)
        h_slope = surrogate(h_membrane, DAMPING_RECURRENT)
        du, dm, dh = u_gradient.clone(), m_gradient.clone(), h_gradient.clone()  # by currents; dm by that of the memory, Y
        for t in range(ticks - 1, -1, -1):
            if t + 1 < ticks:
                dh[t].addmm_(du[t + 1], e_h).addmm_(dh[t + 1], w_h)
                dm[t].addmm_(du[t + 1], e_m).add_(dm[t + 1], alpha=ctx.alpha)
                dm[t].view(-1, len(b)).addmm_(dm[t + 1].view(-1, len(b)), a)
            dh[t].mul_(h_slope[t])
            if t + 1 < ticks:
                dh[t].addcmul_(dh[t + 1], beta_h)
            dm[t].addmm_(dh[t], w_m)
            du[t].add_(torch.matmul(dm[t].view(batch, units, -1), b)).mul_(u_slope[t])
            if spikes and t + 1 < ticks:
                du[t].addcmul_(du[t + 1], beta_u)

        def outer(destination: Tensor, source: Tensor) -> Tensor:
            return destination.flatten(0, 1).t() @ source.flatten(0, 1)

        return (du, dh, outer(du[1:], h[:-1]), outer(du[1:], m[:-1]), outer(dh[1:], h[:-1]), outer(dh, m), None, None,
                (du[1:] * u_membrane[:-1]).sum((0, 1)) * spikes, (dh[1:] * h_membrane[:-1]).sum((0, 1)), None, None)


class Layer(l2mu.Layer):
    def __init__(self, code: Code, inputs: int, units: int, theta: float, hidden: int, order: int):
        super().__init__(inputs, units, theta, hidden, order)
        self.code, self.alpha = code, code.alpha(theta)
        self.feedback = recurrent(units, (hidden, units * order), 0.7)
        self.recurrence = recurrent(hidden, (hidden, units * order), 1.0)
        self.beta_m_logit = nn.Parameter(torch.zeros(0))
        self.a, self.b = torch.zeros(order, order), torch.zeros(order)

    @torch.no_grad()
    def scale_orders(self, x: Tensor) -> None:
        u = self.encoder(x).float()
        if self.code.units_spike:
            u = ForwardPopulation.apply(u, torch.sigmoid(self.beta_u_logit), DAMPING_FORWARD)
        size = wanted(self.a_hat, self.b_hat, self.alpha, u.double()).square().mean((0, 1, 2)).sqrt() / SIZE
        self.a.copy_((self.a_hat - self.alpha * torch.eye(len(size))) * size / size[:, None])
        self.b.copy_(self.b_hat / size)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        current_u, current_h = self.encoder(x).float(), self.hidden(x).float()
        with torch.autocast("cpu", enabled=False):
            weights = (p.weight(i) for p in (self.feedback, self.recurrence) for i in range(2))
            return Core.apply(current_u, current_h, *weights, self.a, self.b, torch.sigmoid(self.beta_u_logit),
                              torch.sigmoid(self.beta_h_logit), self.code, self.alpha)


class Network(l2mu.Network):
    def __init__(self, code: Code, shape: l2mu.Shape):
        super().__init__(shape)
        self.layers = nn.ModuleList(Layer(code, k, u, theta, h, shape.order) for k, u, theta, h in
                                    zip((shape.inputs, *shape.hidden), shape.units, shape.theta, shape.hidden))
