"""snnTorch's neurons: v = β·v + x with β clamped to 0 … 1; a spike where v > θ, which resets in the next tick or at once."""

from __future__ import annotations

import numpy as np

from ..population import Population, Recurrence
from . import Leaf, numbers, refuse

_RESETS = ("subtract", "zero", "none")


def _common(module, loses_input: bool) -> dict:
    """What all of its neurons have; `loses_input`: a reset to zero takes that tick's input along."""
    if module.inhibition:
        refuse(module, "inhibition=True (the greatest membrane alone fires) has no node; train without it")
    if module.state_quant:
        refuse(module, "state_quant has no node; widths are chosen when compiling (--bits)")
    reset = _RESETS[int(module.reset_mechanism_val)]
    delay = "next" if getattr(module, "reset_delay", True) else "same"
    notes = []
    if reset == "zero" and delay == "next" and loses_input:
        refuse(module, 'reset_mechanism="zero" also loses the input of the tick behind a spike, which the file cannot say; '
                       'train with reset_mechanism="subtract" or, where there is one, reset_delay=False')
    if reset == "subtract" and delay == "same":
        notes.append("reset_delay=False holds a spike back where a membrane is still above its threshold behind a reset; "
                     "the file does not: it is equal where no membrane passes twice its threshold")
    return {"threshold": numbers(module.threshold), "reset": reset, "reset_delay": delay, "notes": notes,
            "spike_value": numbers(module.graded_spikes_factor)}


def _clamped(values) -> np.ndarray:
    return np.clip(numbers(values), 0, 1)


def _leaky(module, shape):
    return Population(keep=_clamped(module.beta), **_common(module, False))


def _synaptic(module, shape):
    return Population(keep=_clamped(module.beta), current_keep=_clamped(module.alpha), **_common(module, True))


def _recurrent(describe):
    def with_recurrence(module, shape):
        population = describe(module, shape)
        rec = module.recurrent
        if not module.all_to_all:
            count = int(np.prod(shape))
            population.recurrence = Recurrence(np.diag(np.broadcast_to(numbers(rec.V).reshape(-1), (count,))))
        else:
            population.recurrence = Recurrence(
                numbers(rec.weight), None if rec.bias is None else numbers(rec.bias),
                tuple(rec.padding) if rec.weight.dim() == 4 else None)
        return population

    return with_recurrence


def _rleaky(module, shape):
    return Population(keep=_clamped(module.beta), **_common(module, True))


def _rsynaptic(module, shape):
    if not module.reset_delay:
        refuse(module, "reset_delay=False does not run in snnTorch 1.0 itself")
    return _synaptic(module, shape)


def _lapicque(module, shape):
    rc, dt = numbers(module.R) * numbers(module.C), numbers(module.time_step)
    return Population(keep=1 - dt / rc, gain=dt / numbers(module.C), **_common(module, True))


def _alpha(module, shape):
    """τ·(e + i) with e = α·e + x and i = β·i − x: a membrane that keeps β and is fed τ·(α − β) of last tick's e."""
    common = _common(module, False)
    if common["reset"] != "none":
        refuse(module, 'a reset also clears both currents, which the file cannot say; reset_mechanism="none" can be exported')
    a, b = _clamped(module.alpha), _clamped(module.beta)
    tau = np.log(a) / (np.log(b) - np.log(a)) + 1
    return Population(keep=b, gain=tau * (a - b), current_keep=a, input_delay=1, **common)


def _neuron(describe, *states):
    return Leaf(describe, None, states, "mem", {state: state for state in states})


LEAVES = {
    "Leaky": _neuron(_leaky, "mem"),
    "Synaptic": _neuron(_synaptic, "syn", "mem"),
    "RLeaky": _neuron(_recurrent(_rleaky), "spk", "mem"),
    "RSynaptic": _neuron(_recurrent(_rsynaptic), "spk", "syn", "mem"),
    "Lapicque": _neuron(_lapicque, "mem"),
    "Alpha": _neuron(_alpha, "syn_exc", "syn_inh", "mem"),
}
