"""Neurons of the frameworks, each told as a Population by its own parameters.

A module of these packages that is no neuron, or one that is not listed, is run through and seen operation by operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch

from ..errors import ExportError
from ..population import Population


@dataclass
class Leaf:
    """How the neurons of a class are read.

    `describe` gives the Population of a module and the shape of a tick of its input. `time` is the axis of ticks of what
    its forward gets: None for one tick, "*" for windows and ticks as one axis. `states` are the names of what its forward
    takes and gives besides input and output, in that order; `membrane` the one of them that is the membrane; `attributes`
    names the states that the module's attributes hold behind a tick."""

    describe: Callable[[torch.nn.Module, tuple[int, ...]], Population]
    time: int | str | None = None
    states: tuple[str, ...] = ()
    membrane: str | None = None
    attributes: dict[str, str] | None = None


def numbers(value) -> np.ndarray:
    """float64 of a tensor or a number."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().double().numpy()
    return np.asarray(value, np.float64)


def refuse(module, reason: str):
    raise ExportError(f"{type(module).__name__}: {reason}", is_final=True)


def leaf_of(module: torch.nn.Module) -> Leaf | None:
    """How a module is read whole; None if it is to be seen operation by operation."""
    from . import norse, rockpool, sinabs, snntorch, spikingjelly

    kind = type(module)
    tables = {"snntorch": snntorch, "norse": norse, "spikingjelly": spikingjelly, "sinabs": sinabs, "rockpool": rockpool}
    table = tables.get(kind.__module__.split(".")[0])
    found = None if table is None else table.LEAVES.get(kind.__name__)
    return found(module) if callable(found) else found


def substitute(module: torch.nn.Module) -> Callable | None:
    """What a module's forward is the same as, in operations that have nodes; None for most."""
    if isinstance(module, torch.nn.LPPool2d) and module.norm_type == 1:
        return lambda x: torch.nn.functional.avg_pool2d(
            x, module.kernel_size, module.stride, ceil_mode=module.ceil_mode, divisor_override=1)
    return None


def reset(module: torch.nn.Module) -> None:
    """Puts all states of all frameworks' modules back to where a window starts."""
    # Rockpool's own modules() gives names.
    for child in torch.nn.Module.modules(module):
        package = type(child).__module__.split(".")[0]
        if package == "snntorch" and hasattr(child, "reset_mem"):
            for name in ("mem", "syn", "spk", "syn_exc", "syn_inh"):
                if isinstance(getattr(child, name, None), torch.Tensor):
                    setattr(child, name, torch.zeros(0))
        elif package == "spikingjelly" and hasattr(child, "reset"):
            child.reset()
        elif package == "sinabs" and hasattr(child, "reset_states"):
            for name, _ in list(child.named_buffers(recurse=False)):
                child.register_buffer(name, torch.zeros(0))
        elif package == "rockpool" and hasattr(child, "reset_state"):
            child.reset_state()
