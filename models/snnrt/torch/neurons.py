"""What a population's neurons are, read of a framework's module or said by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import torch
from torch import Tensor, nn

from .arithmetic import fast_sigmoid

RESETS = ("subtract", "zero")
DELAYS = ("same", "next")
SNNTORCH = ("Leaky", "Synaptic", "RLeaky", "RSynaptic")


@dataclass
class Neurons:
    """Leaky integrate-and-fire neurons: U = beta·U + I, with `alpha` I through a synaptic current Y = alpha·Y + I.

    Parameters are numbers or tensors that broadcast over the population's shape; an `nn.Parameter` is trained on.

    reset: what a spike takes from its membrane, "subtract" (the threshold) or "zero".
    reset_delay: "same" tick or "next", before the threshold is looked at again.
    fires_at_threshold: U = threshold fires too.
    surrogate: distance from the threshold → what has the spike's gradient.
    """

    beta: float | Tensor
    threshold: float | Tensor = 1.0
    reset: str = "subtract"
    reset_delay: str = "same"
    alpha: float | Tensor | None = None
    fires_at_threshold: bool = False
    surrogate: Callable[[Tensor], Tensor] = fast_sigmoid

    def __post_init__(self):
        if self.reset not in RESETS or self.reset_delay not in DELAYS:
            raise ValueError(f"reset {self.reset!r} in the {self.reset_delay!r} tick: expected one of {RESETS} in one of {DELAYS}")


def is_neurons(module) -> bool:
    """Whether a layer is a population's neurons."""
    return isinstance(module, Neurons) or type(module).__name__ in SNNTORCH


def neurons_of(name: str, module) -> tuple[Neurons, nn.Module | None]:
    """The neurons of layer `name` and the module through which they read their own spikes of the last tick, None without one.

    Raises ValueError for what a model file has not, by the layer's name."""
    if isinstance(module, Neurons):
        return module, None
    if module.reset_mechanism not in RESETS:
        raise ValueError(f"{name}: reset_mechanism {module.reset_mechanism!r}, expected one of {RESETS}")
    recurrent = getattr(module, "recurrent", None)
    has_current = hasattr(module, "alpha")
    delay = "next" if module.reset_delay else "same"
    if module.reset_mechanism == "zero" and delay == "next" and (recurrent is not None or has_current):
        raise ValueError(f"{name}: a {type(module).__name__} with reset_mechanism 'zero' loses the input of the tick behind a spike, which "
                         "no neuron of a model file does; train it with reset_delay=False or reset_mechanism='subtract'")
    for option in ("inhibition", "state_quant"):
        if getattr(module, option, False):
            raise ValueError(f"{name}: {option} is set, which no neuron of a model file has")
    if float(torch.as_tensor(getattr(module, "graded_spikes_factor", 1)).detach().abs().sub(1).max()) > 0:
        raise ValueError(f"{name}: graded_spikes_factor is not 1; multiply the weights behind it instead")
    return Neurons(module.beta, module.threshold, module.reset_mechanism, delay, module.alpha if has_current else None,
                   surrogate=module.spike_grad), recurrent
