"""Sinabs' neurons: v = α·v + (1 − α)·I with α = e^(−1/τ), I = α_syn·(I + x); spikes where v ≥ θ, one for each θ in v."""

from __future__ import annotations

import numpy as np

from ..population import Population, Recurrence
from . import Leaf, numbers, refuse


def _fires(module, threshold) -> dict:
    """Spike function and reset. `threshold`: of the module."""
    if module.min_v_mem is not None:
        refuse(module, "min_v_mem bounds membranes from below, which has no node; train with min_v_mem=None")
    if module.spike_fn is None:
        return {}
    name = getattr(module.spike_fn, "__name__", type(module.spike_fn).__name__)
    found = {"threshold": numbers(threshold), "comparison": "greater_or_equal"}
    if name == "MultiSpike":
        found["counts_spikes"] = True
    elif name == "MaxSpike":
        limit = module.spike_fn.max_num_spikes_per_bin
        bits = 0 if limit is None else int(limit + 1).bit_length() - 1
        if limit is None:
            found["counts_spikes"] = True
        elif limit + 1 != 1 << bits or bits > 8:
            refuse(module, f"MaxSpike({limit}): the file has at most 2^b − 1 spikes a tick; use 1, 3, 7, 15 …")
        else:
            found["spike_bits"] = bits
    elif name != "SingleSpike":
        refuse(module, f"spike_fn {name} has no node")
    reset = type(module.reset_fn).__name__
    if reset == "MembraneReset":
        if module.reset_fn.reset_value != 0:
            refuse(module, "MembraneReset adds reset_value to silent neurons too, which has no node; use 0")
        return found | {"reset": "zero"}
    if reset != "MembraneSubtract":
        refuse(module, f"reset_fn {reset} has no node")
    value = module.reset_fn.subtract_value
    if value is not None and np.any(numbers(value) != numbers(threshold)):
        refuse(module, "MembraneSubtract of another value than the threshold has no node")
    return found | {"reset": "subtract"}


def _synapse(module) -> dict:
    if module.alpha_syn_calculated is None:
        return {}
    keep = numbers(module.alpha_syn_calculated)
    return {"current_keep": keep, "current_gain": keep}


def _lif(module, shape):
    keep = numbers(module.alpha_mem_calculated)
    return Population(keep=keep, gain=1 - keep if module.norm_input else 1.0, **_synapse(module), **_fires(module, module.spike_threshold))


def _iaf(module, shape):
    return Population(keep=1.0, **_synapse(module), **_fires(module, module.spike_threshold))


def _alif(module, shape):
    """b = ρ·b + (1 − ρ)·s behind the comparison with θ + scale·b."""
    if type(module.reset_fn).__name__ == "MembraneSubtract" and module.reset_fn.subtract_value is None:
        refuse(module, "MembraneSubtract() takes the adapted threshold off, which has no node; "
                       "use MembraneSubtract(subtract_value=threshold) or MembraneReset()")
    if module.alpha_syn_calculated is not None and module.norm_input:
        refuse(module, "tau_syn with norm_input scales the current itself in each tick, which has no node; use norm_input=False")
    keep, decay = numbers(module.alpha_mem_calculated), numbers(module.alpha_adapt_calculated)
    step = numbers(module.adapt_scale) * (1 - decay) / decay
    fires = _fires(module, module.b0)
    if fires.pop("counts_spikes", False) or fires.get("spike_bits", 1) > 1:
        refuse(module, "several spikes a tick beside an adaptive threshold have no node; use spike_fn=SingleSpike")
    return Population(keep=keep, gain=1 - keep if module.norm_input else 1.0, adaptation=(decay, step), **_synapse(module), **fires)


def _recurrent(describe):
    def with_recurrence(module, shape):
        import torch

        population = describe(module, shape)
        layers = [layer for layer in module.rec_connect.modules() if not list(layer.children())]
        layers = [layer for layer in layers if not isinstance(layer, (torch.nn.Flatten, torch.nn.Identity, torch.nn.Unflatten))]
        if len(layers) != 1 or not isinstance(layers[0], torch.nn.Linear):
            refuse(module, "rec_connect other than one Linear has no node")
        layer = layers[0]
        if layer.bias is not None and bool((layer.bias != 0).any()):
            refuse(module, "a bias of rec_connect does not act in the first tick, which has no node; use bias=False")
        population.recurrence = Recurrence(numbers(layer.weight))
        return population

    return with_recurrence


def _leaves():
    kinds = {"LIF": _lif, "IAF": _iaf, "ALIF": _alif, "ExpLeak": _lif}
    found = {}
    for name, describe in kinds.items():
        found[name] = Leaf(describe, 1)
        found[f"{name}Squeeze"] = Leaf(describe, "*")
        if name != "ExpLeak":
            found[f"{name}Recurrent"] = Leaf(_recurrent(describe), 1)
    return found


LEAVES = _leaves()
