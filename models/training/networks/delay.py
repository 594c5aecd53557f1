"""Feed-forward LIF layers whose synapses have delays of their own, in floating point.

Layer l, with x[0] the six analog samples:

    c[l] = Σ_s w(s)·x[l][source(s), t − delay(s)] + bias        over synapses s
    h[l] = LIF(c[l]): U = beta·U + c − S[t-1], S = [U > 1]      or graded spikes, see GradedPopulation
    x[l+1] = h[l]

    scores = Σ_t (W_o·h[last] + bias)

State is zero at the start of a window. Delays are learned by elimination: training starts with a weight for every source
and every delay and takes the smallest away, while it goes on, until `Shape.synapses` are left.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.data import CLASSES
from training.networks.projection import Projection
from training.networks.spiking import DAMPING_FORWARD, ForwardPopulation, GradedPopulation


@dataclass
class Shape:
    """Sizes, one entry per layer."""

    hidden: tuple[int, ...] = (96, 96, 96)
    delays: tuple[range, ...] = (range(16), range(0, 24, 3), range(0, 32, 4))  # in ticks, those to choose from
    synapses: tuple[int, ...] = (960, 18500, 18500)  # that are left
    spike_bits: int = 0  # of spikes that reset in the same tick; 0: plain ones, which reset in the next


class DelayedProduct(torch.autograd.Function):
    """Σ_d W[d]·x[t − d]: x [T, B, k], weights [D, rows, k] -> [T, B, rows]. Delayed sources are slices of one padded
    array, so that nothing is copied."""

    @staticmethod
    def forward(ctx, x: Tensor, weights: Tensor, delays: range) -> Tensor:
        ticks, batch, sources = x.shape
        first = delays[-1] * batch
        padded = torch.zeros(first + ticks * batch, sources)
        padded[first:] = x.reshape(-1, sources)
        current = torch.zeros(ticks * batch, weights.shape[1])
        for w, delay in zip(weights, delays):
            begin = first - delay * batch
            torch.addmm(current, padded[begin : begin + len(current)], w.t(), out=current)
        ctx.save_for_backward(padded, weights)
        ctx.delays, ctx.shape = delays, x.shape
        return current.view(ticks, batch, -1)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        padded, weights = ctx.saved_tensors
        ticks, batch, sources = ctx.shape
        first = ctx.delays[-1] * batch
        gradient = gradient.reshape(ticks * batch, -1)
        of_weights = torch.empty_like(weights)
        of_x = torch.zeros_like(padded) if ctx.needs_input_grad[0] else None
        for i, delay in enumerate(ctx.delays):
            begin = first - delay * batch
            torch.mm(gradient.t(), padded[begin : begin + len(gradient)], out=of_weights[i])
            if of_x is not None:
                part = of_x[begin : begin + len(gradient)]
                torch.addmm(part, gradient, weights[i], out=part)
        return None if of_x is None else of_x[first:].view(ctx.shape), of_weights, None


class DelayedProjection(Projection):
    """Weights [rows, D·k], column i·k + j from source j and delays[i]; `mask` has 1 where a synapse is."""

    def __init__(self, rows: int, sources: int, delays: range):
        super().__init__(rows, (sources * len(delays),))
        self.delays = delays
        self.register_buffer("mask", torch.ones(rows, sources * len(delays)))

    def forward(self, x: Tensor) -> Tensor:
        """x [T, B, k] -> currents [T, B, rows]."""
        weights = self.weight(0) * self.mask
        shaped = weights.view(len(weights), len(self.delays), -1).transpose(0, 1).contiguous()
        return self.finish(DelayedProduct.apply(x, shaped, self.delays))

    @torch.no_grad()
    def fold(self) -> None:
        self.weights[0].mul_(self.mask)
        super().fold()

    @torch.no_grad()
    def eliminate(self, left: int) -> None:
        """Keeps the `left` synapses that are largest, each in proportion to its row."""
        weights = (self.weights[0] * self.mask).abs()
        weights /= weights.norm(dim=1, keepdim=True)
        if left < weights.numel():
            self.mask.copy_(weights > weights.flatten().kthvalue(weights.numel() - left).values)


class Layer(nn.Module):
    def __init__(self, sources: int, hidden: int, delays: range, spike_bits: int):
        super().__init__()
        self.synapses, self.greatest = DelayedProjection(hidden, sources, delays), 2**spike_bits - 1
        self.beta_logit = nn.Parameter(torch.logit(torch.rand(hidden) * 0.6 + 0.3))

    def forward(self, x: Tensor) -> Tensor:
        population, *greatest = (GradedPopulation, self.greatest) if self.greatest else (ForwardPopulation,)
        return population.apply(self.synapses(x), torch.sigmoid(self.beta_logit), DAMPING_FORWARD, *greatest)


class Network(nn.Module):
    input_bits = 9

    def __init__(self, shape: Shape = Shape()):
        super().__init__()
        self.shape = shape
        sources = (6, *shape.hidden)
        self.layers = nn.ModuleList(Layer(k, hidden, delays, shape.spike_bits)
                                    for k, hidden, delays in zip(sources, shape.hidden, shape.delays))
        self.readout = Projection(len(CLASSES), (shape.hidden[-1],))
        self.readout.norm = None
        self.readout.bias.requires_grad_(True)

    def forward(self, samples: Tensor) -> Tensor:
        """samples float [B, T, 6], scaled -> mean scores over the ticks [B, classes]."""
        x, self.rates = samples.transpose(0, 1), []
        for layer in self.layers:
            x = layer(x)
            self.rates.append(x.mean())
        return self.readout(x.mean(0, keepdim=True))[0].float()

    def eliminate(self, share: float) -> None:
        """Leaves the synapses that are due when a share 0 … 1 of the elimination is over."""
        for layer, left in zip(self.layers, self.shape.synapses):
            layer.synapses.eliminate(left + int((layer.synapses.mask.numel() - left) * (1 - share) ** 3))

    def projections(self) -> list[Projection]:
        return [layer.synapses for layer in self.layers] + [self.readout]

    def quantize(self, bits: int) -> None:
        """Folds the normalisation and puts the weights on their grids; training can go on."""
        for projection in self.projections():
            projection.fold()
            projection.round_to(bits)

    def parameter_count(self) -> int:
        """Numbers that the file's network is made of: weights, delays, biases, decays."""
        synapses = sum(2 * int(layer.synapses.mask.sum()) for layer in self.layers)
        return (synapses + self.readout.weights[0].numel() + sum(p.bias.numel() for p in self.projections())
                + sum(layer.beta_logit.numel() for layer in self.layers))
