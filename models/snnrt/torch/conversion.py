"""From the layers of a trained network to populations in integers."""

from __future__ import annotations

from fractions import Fraction

import torch
from torch import Tensor, nn

from .matrices import QuantizedMatrix, SumPool2d
from .network import QuantizedNetwork, Stage
from .neurons import Neurons, is_neurons, neurons_of
from .population import QuantizedPopulation

WIDTHS = (1, 2, 4, 8, 16)


def quantize(module: nn.Module | list, bits: int | dict[str, int], grid: str = "row", *, count: int | str | Fraction, layers: list[str] | None = None,
             shape: tuple[int, ...] | None = None, input_bits: int = 16, state_bits: int | dict[str, int] = 32,
             fraction_bits: dict[str, int] | None = None) -> QuantizedNetwork:
    """A network in integers with the weights of a trained one, to be trained further.

    module: an nn.Sequential; a list of (name, layer); or any module whose attributes `layers` names in the order in which a tick
        passes them. Layers are Linear, Conv1d, Conv2d, BatchNorm (folded as in evaluation), AvgPool2d, MaxPool2d, Flatten, Dropout and
        Identity (left out), and as neurons Leaky, Synaptic, RLeaky, RSynaptic of snnTorch or `Neurons`. The last are neurons.
    bits: 1, 2, 4, 8 or 16 of a weight; of all, or by the name of the neurons that it enters.
    grid: one step for each "row" (neuron, channel) or for the "tensor", that is for all that enters a population.
    count: what one count of a sample is worth in the network's input, e.g. "1/64" for inputs of some units.
    shape: of one tick's input without the batch; needed where the first layer is a convolution or a pool.
    input_bits: 2 … 16; samples beyond ±(2^(input_bits−1) − 1) counts are clamped.
    state_bits: 32 or 16 of membranes and currents, of all or by population.
    fraction_bits: bits of a state below a count of the grid, by population; as many as fit where it is not named.

    The network that is given stays as it is. Raises ValueError, by the layer's name, for what a model file has not.
    """
    if grid not in ("row", "tensor"):
        raise ValueError(f"grid {grid!r}, expected \"row\" or \"tensor\"")
    if not 2 <= input_bits <= 16:
        raise ValueError(f"input_bits {input_bits}, expected 2 to 16")
    unit = Fraction(count)
    if not (0 < unit.numerator < 2**32 and unit.denominator < 2**32):
        raise ValueError(f"count {count}, expected a ratio of whole numbers below 2^32")
    builder = _Builder(grid, bits, state_bits, fraction_bits or {}, shape, float(unit), 2 ** (input_bits - 1) - 1)
    for name, layer in _layers(module, layers):
        builder.add(name, layer)
    stages = builder.finished()
    names = {stage.population.name for stage in stages}
    for choice in (bits, state_bits, fraction_bits):
        if isinstance(choice, dict) and (odd := sorted(choice.keys() - names)):
            raise ValueError(f"there are no neurons {odd[0]!r}; neurons are {', '.join(sorted(names))}")
    return QuantizedNetwork(stages, builder.input_shape, unit, input_bits)


def _layers(module: nn.Module | list, names: list[str] | None) -> list[tuple[str, object]]:
    if isinstance(module, list):
        return module
    if names is not None:
        return [(name, module.get_submodule(name)) for name in names]
    if isinstance(module, nn.Sequential):
        return list(module.named_children())
    raise ValueError(f"{type(module).__name__} does not say in which order a tick passes its layers; name them with layers=[…]")


def _chosen(choice, name: str, allowed: tuple[int, ...], what: str) -> int:
    """A width that may be said of all or by name."""
    value = choice.get(name) if isinstance(choice, dict) else choice
    if value not in allowed:
        raise ValueError(f"{name}: {what} {value}, expected one of {', '.join(map(str, allowed))}")
    return value


class _Builder:
    """What has been read of a chain of layers: finished stages, and what is collected for the next."""

    def __init__(self, grid: str, bits, state_bits, fraction_bits: dict[str, int], shape, unit: float, largest: int):
        self.grid, self.bits, self.state_bits, self.fraction_bits = grid, bits, state_bits, fraction_bits
        self.input_shape, self.shape = shape, shape
        self.unit, self.largest = unit, largest
        self.stages: list[Stage] = []
        self._start()

    def _start(self) -> None:
        # Name, layer, and what acts on counts in its place.
        self.before: list[tuple[str, nn.Module, nn.Module]] = []
        self.matrix: tuple[str, nn.Module] | None = None
        self.weight: Tensor | None = None
        self.bias: Tensor | None = None

    def add(self, name: str, layer) -> None:
        kind = type(layer).__name__
        if is_neurons(layer):
            self._add_neurons(name, layer)
        elif kind in ("Dropout", "Dropout1d", "Dropout2d", "Identity"):
            pass
        elif kind in ("Linear", "Conv1d", "Conv2d"):
            self._add_matrix(name, layer)
        elif kind in ("BatchNorm1d", "BatchNorm2d"):
            self._fold(name, layer)
        elif kind in ("AvgPool2d", "MaxPool2d", "Flatten"):
            self._add_before(name, layer)
        else:
            raise ValueError(f"{name}: {kind} is no layer that can be quantized; see docs/quantization.md")

    def finished(self) -> list[Stage]:
        if not self.stages or self.before or self.matrix:
            raise ValueError("the last layer must be neurons, whose spikes are summed over the window")
        return self.stages

    def _add_before(self, name: str, layer: nn.Module) -> None:
        if self.matrix or not self.stages:
            raise ValueError(f"{name}: a {type(layer).__name__} must stand right behind neurons, where it sees spikes")
        if isinstance(layer, nn.MaxPool2d) and (layer.dilation not in (1, (1, 1)) or layer.ceil_mode or layer.return_indices):
            raise ValueError(f"{name}: dilation, ceil_mode and return_indices have no node")
        if isinstance(layer, nn.AvgPool2d):
            quantized = SumPool2d(name, layer)
            self.unit, self.largest = self.unit * quantized.share, self.largest * round(1 / quantized.share)
        else:
            quantized = layer
        self.before.append((name, layer, quantized))
        self.shape = tuple(quantized(torch.zeros(1, *self.shape)).shape[1:])

    def _add_matrix(self, name: str, layer: nn.Module) -> None:
        if self.matrix:
            raise ValueError(f"{name}: a second matrix behind {self.matrix[0]}; put neurons between the two, or multiply them")
        if self.shape is None:
            if not isinstance(layer, nn.Linear):
                raise ValueError(f"{name}: give the shape of one tick's input, e.g. shape=(1, 28, 28)")
            self.input_shape = self.shape = (layer.in_features,)
        if getattr(layer, "padding_mode", "zeros") != "zeros":
            raise ValueError(f"{name}: padding_mode {layer.padding_mode!r} has no node")
        self.matrix = (name, layer)
        self.weight, self.bias = layer.weight.detach(), None if layer.bias is None else layer.bias.detach()
        self.shape = tuple(layer(torch.zeros(1, *self.shape).to(layer.weight)).shape[1:])

    def _fold(self, name: str, norm: nn.Module) -> None:
        """Takes a BatchNorm, as it is in evaluation, into the matrix before it."""
        if self.matrix is None or norm.running_var is None:
            raise ValueError(f"{name}: a BatchNorm can be folded right behind a matrix, with its running statistics")
        factor = torch.rsqrt(norm.running_var + norm.eps)
        factor = factor if norm.weight is None else factor * norm.weight.detach()
        bias = -norm.running_mean if self.bias is None else self.bias - norm.running_mean
        self.bias = bias * factor + (0 if norm.bias is None else norm.bias.detach())
        self.weight = self.weight * factor.reshape(-1, *[1] * (self.weight.dim() - 1))

    def _add_neurons(self, name: str, layer) -> None:
        if self.matrix is None:
            raise ValueError(f"{name}: neurons without a matrix before them")
        neurons, recurrent = neurons_of(name, layer)
        bits = _chosen(self.bits, name, WIDTHS, "weights of bits")
        matrices = [_matrix(self.matrix[1], self.weight, bits, self.unit, self.largest)]
        bias = self.bias
        if recurrent is not None:
            matrices.append(_recurrent(name, recurrent, self.shape, bits))
            if (more := getattr(recurrent, "bias", None)) is not None:
                bias = more.detach() if bias is None else bias + more.detach()
        population = QuantizedPopulation(name, neurons, self.shape, matrices, bias, self.grid,
                                         _chosen(self.state_bits, name, (16, 32), "states of bits"), self.fraction_bits.get(name))
        self.stages.append(Stage(self.before, self.matrix[0], population))
        self.unit, self.largest = 1.0, 1
        self._start()


def _matrix(layer: nn.Module, weight: Tensor, bits: int, unit: float, largest: int) -> QuantizedMatrix:
    if isinstance(layer, nn.Linear):
        return QuantizedMatrix("linear", weight, bits, unit, largest)
    spatial = {field: getattr(layer, field) for field in ("stride", "padding", "dilation", "groups")}
    return QuantizedMatrix("conv", weight, bits, unit, largest, spatial)


def _recurrent(name: str, module: nn.Module, shape: tuple[int, ...], bits: int) -> QuantizedMatrix:
    """What a population reads of its own spikes of the last tick: a Linear, a convolution, or a factor for each neuron."""
    if hasattr(module, "V"):
        if len(shape) != 1:
            raise ValueError(f"{name}: factors V behind a convolution have no node; use a 1×1 convolution")
        return QuantizedMatrix("diagonal", torch.as_tensor(module.V).detach().expand(shape).contiguous(), bits, 1.0, 1)
    return _matrix(module, module.weight.detach(), bits, 1.0, 1)
