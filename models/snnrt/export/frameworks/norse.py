"""Norse's neurons: v += dt/τ·((v_leak − v) + I), I = (1 − dt/τ_syn)·I + x; a spike where v > v_th, to v_reset at once."""

from __future__ import annotations

import numpy as np

from ..population import Population, Recurrence
from . import Leaf, numbers, refuse


def _share(module, name):
    return module.dt * numbers(getattr(module.p, name))


def _shifted(module):
    """Threshold and reset of a membrane that starts at 0, as Norse's starts at v_leak."""
    leak = numbers(module.p.v_leak)
    found = {"threshold": numbers(module.p.v_th) - leak}
    if hasattr(module.p, "reset_method") and module.p.reset_method.__name__ == "reset_subtract":
        if np.any(leak != 0):
            refuse(module, "reset_subtract with v_leak other than 0 has no node")
        return found | {"reset": "subtract"}
    if hasattr(module.p, "reset_method") and module.p.reset_method.__name__ != "reset_value":
        refuse(module, f"{module.p.reset_method.__name__} has no node")
    return found | {"reset": "zero", "reset_value": numbers(module.p.v_reset) - leak}


def _own_weights(module):
    return {"input_weight": numbers(module.input_weights), "recurrence": Recurrence(numbers(module.recurrent_weights))}


def _lif(module, shape, own=False):
    k, k_syn = _share(module, "tau_mem_inv"), _share(module, "tau_syn_inv")
    return Population(keep=1 - k, gain=k, current_keep=1 - k_syn, **_shifted(module), **(_own_weights(module) if own else {}))


def _lif_box(module, shape):
    k = _share(module, "tau_mem_inv")
    return Population(keep=1 - k, gain=k, **_shifted(module))


def _li(module, shape):
    k, k_syn = _share(module, "tau_mem_inv"), _share(module, "tau_syn_inv")
    return _from_leak(module, Population(keep=1 - k, gain=k, current_keep=1 - k_syn))


def _li_box(module, shape):
    k = _share(module, "tau_mem_inv")
    return _from_leak(module, Population(keep=1 - k, gain=k))


def _from_leak(module, population):
    if np.any(numbers(module.p.v_leak) != 0):
        refuse(module, "v_leak other than 0: its voltages do not start at 0, which the file cannot say")
    return population


def _iaf(module, shape):
    return Population(keep=1.0, threshold=numbers(module.p.v_th), reset="zero", reset_value=numbers(module.p.v_reset))


def _lsnn(module, shape, own=False):
    """Its membrane takes the current of the tick before; b draws near to v_th, and grows by β at a spike."""
    k, k_syn, k_adapt = (_share(module, name) for name in ("tau_mem_inv", "tau_syn_inv", "tau_adapt_inv"))
    if np.any(numbers(module.p.v_leak) != 0) or np.any(numbers(module.p.v_reset) != 0):
        refuse(module, "v_leak or v_reset other than 0 beside an adaptive threshold has no node")
    return Population(keep=1 - k, gain=k, current_keep=1 - k_syn, input_delay=1, threshold=numbers(module.p.v_th), reset="zero",
                      adaptation=(1 - k_adapt, numbers(module.p.beta)), **(_own_weights(module) if own else {}))


def _recurrent(describe):
    return lambda module, shape: describe(module, shape, own=True)


def _leaves():
    kinds = {"LIF": (_lif, ("v", "i")), "LIFBox": (_lif_box, ("v",)), "LI": (_li, ("v", "i")), "LIBox": (_li_box, ("v",)),
             "IAF": (_iaf, ("v",)), "LSNN": (_lsnn, ("v", "i", "b"))}
    found = {}
    for name, (describe, states) in kinds.items():
        found[f"{name}Cell"] = Leaf(describe, None, states, "v")
        found[name] = Leaf(describe, 0, states, "v")
        if name in ("LIF", "LSNN"):
            found[f"{name}RecurrentCell"] = Leaf(_recurrent(describe), None, ("z", *states), "v")
            found[f"{name}Recurrent"] = Leaf(_recurrent(describe), 0, ("z", *states), "v")
    return found


LEAVES = _leaves()
