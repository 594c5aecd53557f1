"""What the recipes share of spiking and Legendre networks: LIF over time with a surrogate gradient, and the memory."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

CURRENT_STEPS = 2048  # integer steps per unit of a hidden current: 16 times the threshold of a LIF neuron in 16 bits
Q15 = 1 << 15
SURROGATE_SLOPE = 3.0
# Peak of the surrogate derivative. Recurrent populations are damped more: without it the gradient
# through 40 ticks explodes and training stays near 50-60 %.
DAMPING_RECURRENT = 0.35
DAMPING_FORWARD = 0.6


def surrogate(membrane: Tensor, damping: float) -> Tensor:
    """damping / (1 + (3·(U/theta − 1))²), in place of the derivative of the step."""
    x = (membrane - 1.0).mul_(SURROGATE_SLOPE)
    return x.square_().add_(1.0).reciprocal_().mul_(damping)


def on_steps(x: Tensor, steps: int) -> Tensor:
    """x in whole 1/steps, or x where steps is 0; gradients pass."""
    return x + ((x * steps).round() / steps - x).detach() if steps else x


def excess(rates: list[Tensor], rate: float) -> Tensor:
    """By how much populations fired more often than `rate` per neuron and tick, in sum."""
    return sum(((own - rate).clamp_min(0) for own in rates), torch.zeros(()))


class ForwardPopulation(torch.autograd.Function):
    """LIF over time for a population without recurrence: current [T, B, N], beta [N] -> spikes. With `steps`, currents and
    membranes are in whole 1/steps, decays truncated, as they are in integers."""

    @staticmethod
    def forward(ctx, current: Tensor, beta: Tensor, damping: float, steps: int = 0) -> Tensor:
        if steps:
            current, beta = (current * steps).round_(), on_steps(beta, Q15)
        theta = float(steps or 1)
        membrane = torch.empty_like(current)
        spikes = torch.empty_like(current)
        for t in range(len(current)):
            if t == 0:
                membrane[0] = current[0]
            elif steps:
                torch.mul(membrane[t - 1], beta, out=membrane[t])
                membrane[t].trunc_().add_(current[t]).sub_(spikes[t - 1], alpha=theta)
            else:
                torch.addcmul(current[t], membrane[t - 1], beta, out=membrane[t])
                membrane[t] -= spikes[t - 1]
            torch.gt(membrane[t], theta, out=spikes[t])
        ctx.save_for_backward(membrane / theta if steps else membrane, beta)
        ctx.damping = damping
        return spikes

    @staticmethod
    def backward(ctx, spike_gradient: Tensor):
        membrane, beta = ctx.saved_tensors
        gradient = spike_gradient * surrogate(membrane, ctx.damping)
        for t in range(len(gradient) - 2, -1, -1):
            gradient[t].addcmul_(gradient[t + 1], beta)
        beta_gradient = (gradient[1:] * membrane[:-1]).sum((0, 1))
        return gradient, beta_gradient, None, None


class GradedPopulation(torch.autograd.Function):
    """Graded LIF over time that resets in the same tick: current [T, B, N], beta [N] -> spikes 0 … greatest.

    V = beta·U[t-1] + I;  S = how many of 1 … greatest are below V;  U = V − S. The reset passes no gradient; that of S is
    the sum of the surrogates at each of 1 … greatest."""

    @staticmethod
    def forward(ctx, current: Tensor, beta: Tensor, damping: float, greatest: int) -> Tensor:
        before, spikes = current.clone(), torch.empty_like(current)  # V, S
        for t in range(len(current)):
            if t > 0:
                before[t].addcmul_(before[t - 1] - spikes[t - 1], beta)
            torch.ceil(before[t], out=spikes[t]).sub_(1.0).clamp_(0.0, greatest)
        ctx.save_for_backward(before, spikes, beta)
        ctx.damping, ctx.greatest = damping, greatest
        return spikes

    @staticmethod
    def backward(ctx, spike_gradient: Tensor):
        before, spikes, beta = ctx.saved_tensors
        gradient = spike_gradient * sum(surrogate(before - k, ctx.damping) for k in range(ctx.greatest))
        for t in range(len(gradient) - 2, -1, -1):
            gradient[t].addcmul_(gradient[t + 1], beta)
        return gradient, (gradient[1:] * (before - spikes)[:-1]).sum((0, 1)), None, None


def legendre_matrices(order: int, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """a_hat [q, q] and b_hat [q]: the Legendre delay system of `theta` ticks, zero-order hold, dt 1.

    Voelker et al., NeurIPS 2019: A_ij = (2i+1)·(−1 if i<j else (−1)^(i−j+1)), B_i = (2i+1)(−1)^i;
    expm([[A, B], [0, 0]]/theta) = [[a_hat, b_hat], [0, 1]]."""
    i = np.arange(order)[:, None]
    j = np.arange(order)[None, :]
    block = np.zeros((order + 1, order + 1))
    block[:order, :order] = (2 * i + 1) * np.where(i < j, -1.0, (-1.0) ** (i - j + 1))
    block[:order, order:] = (2 * i + 1) * (-1.0) ** i
    held = torch.linalg.matrix_exp(torch.from_numpy(block / theta)).numpy()
    return held[:order, :order], held[:order, order]
