"""Rockpool's neurons: I = α_syn·(I + x + W·s), v = α·v + I + b, α = e^(−dt/τ); one spike for each threshold in v."""

from __future__ import annotations

import numpy as np

from ..population import Population, Recurrence
from . import Leaf, numbers, refuse


def _fires(module) -> dict:
    if module.noise_std != 0:
        refuse(module, "noise_std other than 0: two runs differ, and a file has no noise")
    found = {"threshold": numbers(module.threshold), "comparison": "greater_or_equal", "drive": numbers(module.bias)}
    name = getattr(getattr(module.spike_generation_fn, "__self__", None), "__name__", "")
    if name not in ("StepPWL", "PeriodicExponential", ""):
        refuse(module, f"spike generation by {name} has no node")
    limit = int(numbers(module.max_spikes_per_dt))
    if limit < 256:
        bits = (limit + 1).bit_length() - 1
        if limit + 1 != 1 << bits:
            refuse(module, f"max_spikes_per_dt={limit}: the file has at most 2^b − 1 spikes a tick; use 1, 3, 7, 15 …")
        return found | {"spike_bits": bits}
    return found | {"counts_spikes": True}


def _lif(module, shape):
    return Population(keep=np.exp(-float(module.dt) / numbers(module.tau_mem)), **_fires(module))


def _cuba(module, shape):
    if module.n_synapses != 1:
        refuse(module, f"{module.n_synapses} synapses a neuron have no node; give it as many inputs as neurons")
    dt = float(module.dt)
    keep, current = np.exp(-dt / numbers(module.tau_mem)), np.exp(-dt / numbers(module.tau_syn)).reshape(-1)
    found = Population(keep=keep, current_keep=current, current_gain=current, **_fires(module))
    if np.any(numbers(module.w_rec)):
        found.recurrence = Recurrence(numbers(module.w_rec).T)
    return found


def _synapse(module, shape):
    refuse(module, "stands alone: Rockpool's LIFTorch has the synapse within; use it in place of ExpSynTorch and LIFNeuronTorch")


LEAVES = {"LIFNeuronTorch": Leaf(_lif, 1), "LIFTorch": Leaf(_cuba, 1), "ExpSynTorch": Leaf(_synapse, 1)}
