"""delay: a slot some ticks ago."""

import numpy as np

from core.fields import Flags, Number, Parameter, Reserved
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
from core.running import Frames, RunningOp
from core.slots import SlotType


class DelayParameters(Parameters):
    name, kind, size = "delay", 8, 8
    fields = (
        Number(0, "kept", "H", low=1, high=4096),  # D
        Flags(2, "flags", mask=1),
        Reserved(3),
        Parameter(4, "delay", bit=0, low=0, high=4095, element="<u2", element_high=lambda op: op.kept - 1),  # scalar or (count,)
    )

    def wiring(self):
        source, target = self.source, self.target
        yield INPUT_AT, source.type in (SlotType.SPIKES, SlotType.ANALOG), "reads spikes or analog"
        yield OUTPUT_AT, (target.type, target.bits) == (source.type, source.bits), "the type of the input"
        yield OUTPUT_AT, target.count == source.count, "the count of the input"

    def operations(self):
        return 3 * self.source.count

    def relations(self):
        yield 4, bool(self.flags) or self.delay < self.kept, "the delay is below the frames kept"


class DelayOp(RunningOp):
    def __init__(self, network, op):
        super().__init__(network, op)
        self.reset()

    def reset(self):
        self.kept = Frames(self.source_slot, self.parameters.kept)

    def state(self):
        return self.kept.state()

    @property
    def own_state_bits(self):
        return self.kept.bits_of_one

    def tick(self):
        """y[i] = x[i] of the tick d[i] ticks ago"""
        network, values = self.network, self.network.values[self.source]
        self.events += int(np.count_nonzero(values))
        network.values[self.target] = self.kept.keep(values)[self.parameters.delay, np.arange(len(values))]


OPS = {DelayParameters: DelayOp}
