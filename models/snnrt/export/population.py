"""A population of neurons in discrete time, as the dialect "snnrt" steps it, made exactly from a framework's own parameters."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

# Seconds per tick where neither the user nor the framework has any.
DT = 1e-3
# A neuron that keeps all of its membrane beside others that leak: kept but for 2^-40.
_WHOLE = 1 - 2.0**-40


@dataclass
class Recurrence:
    """What a population's own spikes of the tick before add to its input: W·s + b, or a convolution of them."""

    weight: np.ndarray
    bias: np.ndarray | None = None
    padding: tuple[int, ...] | None = None


@dataclass
class Population:
    """Neurons of one step, each number a scalar or one per neuron, in the units of the framework:

        I = current_keep·I + current_gain·x    with a synaptic current (current_keep is not None), else I = x
        v = keep·v + gain·I + drive

    A spike where v passes the threshold (`comparison`), at most 2^spike_bits − 1 for each threshold in v; v starts at 0.
    With adaptation = (decay, step), the threshold is θ + a; a decays before v is compared and grows by `step` at a spike."""

    keep: np.ndarray | float
    gain: np.ndarray | float = 1.0
    drive: np.ndarray | float = 0.0
    # None: it does not fire, and gives its membrane.
    threshold: np.ndarray | float | None = None
    # Where a membrane is reset to.
    reset_value: np.ndarray | float = 0.0
    reset: str = "subtract"
    reset_delay: str = "same"
    comparison: str = "greater"
    spike_bits: int = 1
    current_keep: np.ndarray | float | None = None
    current_gain: np.ndarray | float = 1.0
    adaptation: tuple | None = None
    # What a spike counts as for those that read it.
    spike_value: np.ndarray | float = 1.0
    # Matrix that the module itself multiplies its input by; None: the input comes as it is.
    input_weight: np.ndarray | None = None
    recurrence: Recurrence | None = None
    # Ticks by which the input comes late.
    input_delay: int = 0
    # Several spikes a tick without a bound: spike_bits are then chosen from the sample.
    counts_spikes: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def fires(self) -> bool:
        return self.threshold is not None

    def node(self, shape: tuple[int, ...], dt: float) -> dict:
        """The fields of its NIR node, one value per neuron."""
        def row(values):
            values = np.asarray(values, np.float64)
            if values.size > 1 and values.shape != shape:
                values = values.reshape(-1, *(1 for _ in shape[1:])) if values.size == shape[0] else values.reshape(shape)
            return np.broadcast_to(values.reshape(()) if values.size == 1 else values, shape).astype(np.float64)

        keep, zero = row(self.keep), np.zeros(shape)
        fields = {} if not self.fires else {"v_threshold": row(self.threshold), "v_reset": row(self.reset_value)}
        if (keep == 1).all() and self.current_keep is None and self.adaptation is None and not np.any(self.drive):
            return {"type": "IF" if self.fires else "I", "r": row(self.gain)} | fields
        keep = np.minimum(keep, _WHOLE)
        tau = dt / (1 - keep)
        fields |= {"r": row(self.gain) / (1 - keep), "v_leak": zero + row(self.drive) / (1 - keep)}
        kind = "LIF" if self.fires else "LI"
        if self.current_keep is None:
            fields["tau"] = tau
        else:
            current_keep = np.minimum(row(self.current_keep), _WHOLE)
            kind = f"Cuba{kind}"
            fields |= {"tau_mem": tau, "tau_syn": dt / (1 - current_keep), "w_in": row(self.current_gain) / (1 - current_keep)}
        if self.adaptation is not None:
            kind = "snnrt.ALIF" if kind == "LIF" else "snnrt.CubaALIF"
            decay, step = self.adaptation
            fields |= {"tau_adaptation": dt / (1 - np.minimum(row(decay), _WHOLE)), "adaptation": row(step)}
        return {"type": kind} | fields

    def metadata(self) -> dict:
        """What NIR's fields do not say."""
        if not self.fires:
            return {}
        found = {"snnrt.reset": self.reset, "snnrt.comparison": self.comparison, "snnrt.spike_bits": self.spike_bits}
        return found if self.reset == "none" else found | {"snnrt.reset_delay": self.reset_delay}
