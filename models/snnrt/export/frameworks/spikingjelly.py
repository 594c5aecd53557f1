"""SpikingJelly's neurons: charge, fire where v ≥ v_threshold, reset to v_reset or, where that is None, by subtraction."""

from __future__ import annotations

import numpy as np

from ..population import Population
from . import Leaf, numbers, refuse


def _fires(module) -> dict:
    """Threshold and reset of a membrane that starts at 0, as SpikingJelly's starts at v_reset."""
    start = 0.0 if module.v_reset is None else module.v_reset
    return {"threshold": module.v_threshold - start, "reset": "subtract" if module.v_reset is None else "zero",
            "comparison": "greater_or_equal"}


def _if(module, shape):
    return Population(keep=1.0, **_fires(module))


def _lif(module, shape):
    return _leaky(module, 1 / numbers(module.tau))


def _plif(module, shape):
    return _leaky(module, 1 / (1 + np.exp(-numbers(module.w))))


def _leaky(module, share):
    return Population(keep=1 - share, gain=share if module.decay_input else 1.0, **_fires(module))


def _cuba(module, shape):
    if module.v_reset:
        refuse(module, "v_reset other than 0 beside a current has no node")
    return Population(keep=module.v_decay, current_keep=module.c_decay, **_fires(module))


def _leaf(describe):
    def of(module):
        if getattr(module, "surrogate_function", None) is not None and not getattr(module.surrogate_function, "spiking", True):
            refuse(module, "its surrogate function does not spike (spiking=False)")
        return Leaf(describe, 0 if module.step_mode == "m" else None, (), None, {"v": "v"} if module.step_mode == "s" else {"v_seq": "v"})

    return of


LEAVES = {"IFNode": _leaf(_if), "LIFNode": _leaf(_lif), "ParametricLIFNode": _leaf(_plif), "CUBALIFNode": _leaf(_cuba)}
