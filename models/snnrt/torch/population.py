"""A population in integers: the lif op of docs/format.md with the projections that enter it, tick by tick."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .arithmetic import rounded, spike, truncated
from .matrices import QuantizedMatrix
from .neurons import Neurons


class QuantizedPopulation(nn.Module):
    """Neurons and the matrices that enter them. Trained are weights, biases, the steps of the grids, and of the neurons' parameters
    those that were trained before.

    shape: of one tick's spikes; rows, that is neurons or channels, come first.
    matrices: what it reads of this tick's spikes or samples, then, with recurrence, what it reads of its own of the last tick.
    fraction_bits: bits below a count of the grid; as many as fit where None.
    """

    def __init__(self, name: str, neurons: Neurons, shape: tuple[int, ...], matrices: list[QuantizedMatrix], bias: Tensor | None, grid: str,
                 state_bits: int, fraction_bits: int | None):
        super().__init__()
        self.name, self.neurons, self.shape = name, neurons, shape
        self.grid, self.state_bits = grid, state_bits
        self.matrices = nn.ModuleList(matrices)
        self.bias = nn.Parameter((torch.zeros(shape[0]) if bias is None else bias).detach().clone())
        for field in ("beta", "threshold", "alpha"):
            value = getattr(neurons, field)
            self._keep(field, None if value is None else torch.as_tensor(value))
        if bool((self.threshold < 0).any()):
            raise ValueError(f"{name}: its threshold is {float(self.threshold.min()):.3g}, and the file has none below 0; train on with a "
                             "threshold above 0")
        self.log_step = nn.Parameter(torch.log2(self._first_steps()))
        self.fraction_bits = self._fitting_fraction_bits() if fraction_bits is None else fraction_bits

    def _keep(self, field: str, value: Tensor | None) -> None:
        """A parameter of the neurons, trained on where it was trained before."""
        if isinstance(value, nn.Parameter):
            self.register_parameter(field, nn.Parameter(value.detach().clone()))
        else:
            self.register_buffer(field, None if value is None else value.detach().clone())

    def get_extra_state(self) -> Tensor:
        """What the grid is beside its steps: fraction bits, and the shift of each matrix. A checkpoint holds it too."""
        return torch.tensor([self.fraction_bits, *(matrix.shift for matrix in self.matrices)])

    def set_extra_state(self, state: Tensor) -> None:
        self.fraction_bits, *shifts = state.tolist()
        for matrix, shift in zip(self.matrices, shifts):
            matrix.shift = shift

    @property
    def limit(self) -> int:
        """The greatest magnitude of a state."""
        return 32767 if self.state_bits == 16 else 2**30 - 1

    def _first_steps(self) -> Tensor:
        """Steps of the least error; matrices differ by powers of two, and all rows share one step where the grid is the tensor's."""
        own = [matrix.first_steps(self.grid == "tensor") for matrix in self.matrices]
        ratios = []
        for steps in own:
            both = (steps > 0) & (own[0] > 0)
            ratios.append(round(float(torch.log2(steps[both] / own[0][both]).mean())) if both.any() else 0)
        for matrix, ratio in zip(self.matrices, ratios):
            matrix.shift = ratio - min(ratios)
        first = own[0] * 2.0 ** min(ratios)
        # A row of zeros gets the others' step, and rows of one step keep it.
        spare = first[first > 0].mean() if (first > 0).any() else first.new_tensor(1.0)
        first = torch.where(first > 0, first, spare)
        return first[:1] if self.grid == "tensor" else first

    def _fitting_fraction_bits(self) -> int:
        """The most bits below a count, 12 at most, that leave sums below 2^30 and thresholds below 2^20, or 2^12 in 16 bits; none where
        thresholds reach further, up to an eighth of what the state holds."""
        sums = sum(matrix.bound for matrix in self.matrices)
        with torch.no_grad():
            threshold = float((self.threshold.double() / self.spread(self.steps)).abs().max())
        if sums > 2**30:
            raise ValueError(f"{self.name}: its sums reach {sums:.3g} counts, where 2^30 are proved to fit; fewer input or weight bits help")
        if threshold > self.limit / 8:
            raise ValueError(f"{self.name}: its thresholds reach {threshold:.3g} counts, which states of {self.state_bits} bits leave no room "
                             "for; state_bits=32, fewer weight bits or a larger count help")
        room = 2.0 ** (12 if self.state_bits == 16 else 20) / max(threshold, 1e-9)
        return max(0, math.floor(min(math.log2(2**30 / sums), math.log2(room), 12)))

    @property
    def steps(self) -> Tensor:
        """The weight that one count of each row stands for [rows], in units of the membrane."""
        return torch.exp2(self.log_step.double()).expand(self.shape[0])

    def spread(self, rows: Tensor) -> Tensor:
        """Values of rows [rows], in the form of a tick's spikes."""
        return rows.reshape(-1, *[1] * (len(self.shape) - 1))

    def integers(self) -> dict[str, Tensor]:
        """What the file holds: threshold and bias on the grid, decays in Q15; the weights are `matrices[i].integers(steps)`."""
        counts = 2**self.fraction_bits / self.spread(self.steps)
        decays = {field: rounded(value.double() * 32768, 0, 32768)
                  for field in ("beta", "alpha") if (value := getattr(self, field)) is not None}
        return decays | {"threshold": rounded(self.threshold.double() * counts, 0, self.limit - 1),
                         "bias": rounded(self.spread(self.bias.double()) * counts, -2**29, 2**29)}

    def forward(self, source: Tensor) -> Tensor:
        """Spikes [N, T, *shape] of what it reads [N, T, …], in counts."""
        steps, held = self.steps, self.integers()
        first, *late = self.matrices
        weights = [matrix.integers(steps) for matrix in self.matrices]
        count, ticks = source.shape[:2]
        sums = first(weights[0], source.flatten(0, 1)).unflatten(0, (count, ticks))
        scale, unit = 2**self.fraction_bits, self.spread(steps) / 2**self.fraction_bits
        threshold, limit, neurons = held["threshold"], self.limit, self.neurons
        membrane = current = spikes = source.new_zeros((count, *self.shape))
        given = []
        for tick in range(ticks):
            total = sums[:, tick]
            for matrix, weight in zip(late, weights[1:]):
                total = total + matrix(weight, spikes)
            total = (total * scale + held["bias"]).clamp(-limit, limit)
            if "alpha" in held:
                current = (truncated(current * held["alpha"] / 32768) + total).clamp(-limit, limit)
                total = current
            decayed = truncated(membrane * held["beta"] / 32768)
            # What a spike does to its membrane has no gradient of its own.
            if neurons.reset_delay == "next":
                fired = spikes.detach()
                decayed = decayed - fired * threshold if neurons.reset == "subtract" else decayed * (1 - fired)
                membrane = (decayed + total).clamp(-limit, limit)
                spikes = spike((membrane - threshold) * unit, neurons.surrogate, neurons.fires_at_threshold)
            else:
                membrane = (decayed + total).clamp(-limit, limit)
                spikes = spike((membrane - threshold) * unit, neurons.surrogate, neurons.fires_at_threshold)
                fired = spikes.detach()
                membrane = membrane - fired * threshold if neurons.reset == "subtract" else membrane * (1 - fired)
            given.append(spikes)
        return torch.stack(given, dim=1)
