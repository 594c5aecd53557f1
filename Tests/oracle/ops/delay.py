"""delay: a slot some ticks ago."""

from core.fields import Flags, Number, Parameter, Reserved
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
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

    def relations(self):
        yield 4, bool(self.flags) or self.delay < self.kept, "the delay is below the frames kept"


OPS = (DelayParameters,)
