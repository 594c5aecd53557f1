"""loihi: the integer neurons of Loihi."""

import numpy as np

from core.arithmetic import truncate_shift
from core.fields import Code, Flags, Number, Parameter, Reserved
from core.parameters import NeuronParameters, spread
from core.running import RunningOp
from core.slots import SlotType


class LoihiParameters(NeuronParameters):
    name, kind, size = "loihi", 12, 24
    fields = (
        Code(0, "comparison", values=(0, 1)),  # >, ≥
        Number(1, "exponent", "b", low=-8, high=7),  # e
        Flags(2, "flags", mask=15),
        Reserved(3),
        Parameter(4, "current_decay", bit=0, low=0, high=4096, element="<u2"),  # δu, scalar or (period or count,)
        Parameter(8, "voltage_decay", bit=1, low=0, high=4096, element="<u2"),  # δv
        Parameter(12, "threshold", bit=2, low=0, high=2**23 - 1),  # θ
        Parameter(16, "bias", bit=3, low=1 - 2**30, high=2**30 - 1),
        Number(20, "period", "I", high=2**24),
    )

    def wiring(self):
        return self.wired((self.target.type, self.target.bits) == (SlotType.SPIKES, 1))

    def relations(self):
        yield self.period_holds(20)

    @property
    def input_bits(self) -> int:
        """f of the proof."""
        return 6 + max(self.exponent, 0)

    def bound_of_drive(self):
        return self.input_bits, 0


class LoihiOp(RunningOp):
    has_neurons = True

    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, self.neurons = self.parameters, self.source_slot.count
        fields = (parameters.current_decay, parameters.voltage_decay, parameters.threshold, parameters.bias)
        self.current_decay, self.voltage_decay, self.threshold, self.bias = (
            spread(values, self.neurons) for values in fields)
        self.reset()

    def reset(self):
        self.current, self.membrane = (np.zeros(self.neurons, np.int64) for _ in range(2))  # u and v

    def variables(self):
        return [(self.current, 32), (self.membrane, 32)]

    def tick(self):
        """u = wrap24( tz( u·(4096 − δu), 12 ) + a·2^6 ), a = c·2^e; V = clamp( tz( v·(4096 − δv), 12 ) + u + b, 2^23 − 1 )
        S = V ▷ θ; v = 0 where S, else V"""
        network, parameters, e = self.network, self.parameters, self.parameters.exponent
        drive = network.values[self.source]
        drive = drive << e if e >= 0 else drive >> -e
        unwrapped = truncate_shift(self.current * (4096 - self.current_decay), 12) + (drive << 6)
        self.current = 2**23 - (2**23 - unwrapped) % 2**24  # above −2^23, 2^23 at most
        sums = truncate_shift(self.membrane * (4096 - self.voltage_decay), 12) + self.current + self.bias
        value = np.minimum(np.maximum(sums, 1 - 2**23), 2**23 - 1)
        fired = value >= self.threshold if parameters.comparison else value > self.threshold
        before, self.membrane = self.membrane, np.where(fired, 0, value)
        network.values[self.target] = fired.astype(np.int64)
        self.events += int(np.count_nonzero(fired))
        if network.full_accounting:
            self.membrane_updates += int(np.count_nonzero(self.membrane != before))
        if network.tally is not None:
            self.count_corners(unwrapped, sums, value)

    def count_corners(self, unwrapped, sums, value):
        """Tallies of neurons whose u wraps or V is clamped, by direction, and whose V equals θ."""
        for what, holds in (("loihi wraps above", unwrapped > 2**23), ("loihi wraps below", unwrapped <= -2**23),
                            ("loihi clamped above", sums > value), ("loihi clamped below", sums < value),
                            (f"loihi equal {self.parameters.comparison}", value == self.threshold)):
            self.network.tally[what] += int(np.count_nonzero(holds))


OPS = {LoihiParameters: LoihiOp}
