"""xylo: the integer neurons of Xylo."""

import numpy as np

from core.arithmetic import saturated
from core.fields import Flags, Parameter, Reserved, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
from core.running import RunningOp
from core.slots import NONE, SlotType
from core.status import Status


class XyloParameters(Parameters):
    name, kind, size = "xylo", 13, 24
    fields = (
        Flags(0, "flags", mask=31),
        Reserved(1, form="3s"),
        Parameter(4, "membrane_dash", bit=0, low=0, high=15, element="<u2"),  # scalar or (N,)
        Parameter(8, "synaptic_dash", bit=1, low=0, high=15, element="<u2", count="current_count"),  # scalar or (P·N,)
        Parameter(12, "threshold", bit=2, low=0, high=32767, element="<i2"),  # θ, scalar or (N,); the bias likewise
        Parameter(16, "bias", bit=3, low=-32768, high=32767),
        Tensor(20, "aliases"),  # (N,), NONE for none
    )

    @property
    def parameter_count(self):
        return self.target.count

    @property
    def current_count(self):
        return self.source.count

    def wiring(self):
        yield INPUT_AT, self.source.type == SlotType.SYNAPTIC, "reads a synaptic slot"
        yield OUTPUT_AT, self.target.type == SlotType.SPIKES, "writes spikes"
        yield OUTPUT_AT, self.source.count in (self.target.count, 2 * self.target.count), "one or two currents a neuron"

    @property
    def has_aliases(self):
        return bool(self.flags & 16)

    def operations(self):
        return self.source.count + 3 * self.target.count

    def relations(self):
        yield 0, not self.has_aliases or self.target.is_graded, "aliases of graded spikes only"
        yield 20, self.aliases == 0 or self.has_aliases, "aliases without their flag"

    def parameter_bits(self):
        return super().parameter_bits() + (0 if self.aliases is None else 16 * self.target.count)

    def read_aliases(self, tensors):
        if not self.has_aliases:
            return None
        count = self.target.count
        aliases = tensors.array("aliases", "<u2", count)
        tensors.check_later((aliases >= count) & (aliases != NONE), Status.BAD_VALUE, 2, "alias")
        return aliases


class XyloOp(RunningOp):
    has_neurons = True

    def __init__(self, network, op):
        super().__init__(network, op)
        self.neurons = self.target_slot.count
        self.greatest = self.target_slot.limit  # smax
        self.source_bits_written = self.source_slot.count * self.source_slot.bits
        self.reset()

    def reset(self):
        self.membrane = np.zeros(self.neurons, np.int64)  # V

    def variables(self):
        return [(self.membrane, 16)]

    def tick(self):
        """y −= d( y, synaptic dash ); D = −d( V, membrane dash ), −32768 where d is −32768
        Δ = sat16( sat16( D + Σ_p y ) + b ); V = sat16( V + Δ ); then the spikes"""
        network, parameters = self.network, self.parameters
        currents = network.values[self.source]
        currents = currents - self.decay(currents, parameters.synaptic_dash)
        network.values[self.source] = currents
        leak = -self.decay(self.membrane, parameters.membrane_dash)
        leak = np.where(leak == 32768, -32768, leak)
        sums = leak + currents.reshape(-1, self.neurons).sum(axis=0)
        change = saturated(sums) + parameters.bias
        value = self.membrane + saturated(change)
        before, self.membrane = self.membrane, saturated(value)
        if network.tally is not None:
            self.count_saturated(currents, leak, sums, change, value)
        spikes = network.values[self.target] = self.fire()
        self.events += int(np.count_nonzero(spikes))
        if network.full_accounting:
            self.membrane_updates += int(np.count_nonzero(self.membrane != before))

    @staticmethod
    def decay(values, dash):
        """d."""
        shifted = values >> dash
        return np.where((shifted == 0) & (values > 0), 1, shifted)

    def fire(self):
        """For i = 0, 1, …: while V ≥ θ and S[i] < smax: V −= θ, S[i] += 1; then S[alias] = min( S[alias] + S[i], smax )"""
        membrane = self.membrane.tolist()
        thresholds = np.broadcast_to(self.parameters.threshold, self.neurons).tolist()
        aliases = [NONE] * self.neurons if self.parameters.aliases is None else self.parameters.aliases.tolist()
        spikes = [0] * self.neurons
        for i, (threshold, alias) in enumerate(zip(thresholds, aliases)):
            given = spikes[i]
            while membrane[i] >= threshold and spikes[i] < self.greatest:
                membrane[i] -= threshold
                spikes[i] += 1
            if self.network.tally is not None:
                self.count_spikes(i, membrane[i], threshold, given, spikes, alias)
            if alias != NONE:
                spikes[alias] = min(spikes[alias] + spikes[i], self.greatest)
        self.membrane = np.array(membrane, np.int64)
        return np.array(spikes, np.int64)

    def count_saturated(self, currents, leak, sums, change, value):
        """Tallies of neurons in which something saturates, by direction, and whose leak is −32768."""
        for where, values in (("currents", sums), ("change", change), ("membrane", value)):
            self.network.tally[f"xylo {where} above"] += int(np.count_nonzero(values > 32767))
            self.network.tally[f"xylo {where} below"] += int(np.count_nonzero(values < -32768))
        self.network.tally["xylo leak of −32768"] += int(np.count_nonzero(leak == -32768))
        self.network.tally["xylo current of −32767"] += int(np.count_nonzero(currents == -32767))

    def count_spikes(self, i, rest, threshold, given, spikes, alias):
        """Tallies of neuron i, which has fired: V = 0 after spikes of its own, V ≥ θ left at smax, and what aliases do."""
        own = spikes[i] - given
        for what, holds in (("reaches θ exactly", own > 0 and rest == 0 < threshold), ("left at smax", rest >= threshold > 0),
                            ("several spikes", own > 1), ("own spikes on given ones", given and own),
                            ("given ones reach smax", given == self.greatest and rest >= threshold),
                            ("alias above", alias != NONE and alias > i and spikes[i]), ("alias below", alias < i and spikes[i]),
                            ("alias itself", alias == i and spikes[i]),
                            ("alias saturates", alias != NONE and spikes[i] and spikes[alias] + spikes[i] > self.greatest)):
            self.network.tally[f"xylo {what}"] += bool(holds)


OPS = {XyloParameters: XyloOp}
