"""readout: scores, evidence and results."""

from core.fields import Code, Number
from core.parameters import INPUT_AT, Parameters
from core.slots import SlotType


class ReadoutParameters(Parameters):
    name, kind, size = "readout", 6, 16
    has_output = False
    fields = (
        Code(0, "integration", values=(1, 2, 3)),  # sum, last value, leaky sum
        Code(1, "resets_network", values=(0, 1)),
        Number(2, "shift", high=31),
        Code(3, "is_early", values=(0, 1)),  # the first result at the first hop's end
        Number(4, "window", "I", low=1, high=2**24),
        Number(8, "hop", "I", low=1, high=2**24),
        Number(12, "decay", "H", high=32768),
        Number(14, "evidence_decay", "H", high=32768),
    )

    def wiring(self):
        yield INPUT_AT, self.source.type in (SlotType.SPIKES, SlotType.ANALOG), "reads spikes or analog"

    def relations(self):
        yield 3, self.is_early == 0 or self.hop != self.window, "an early result where hop = window"
        yield 8, self.window % self.hop == 0, "the hop divides the window"
        yield 8, self.entries <= 4096, "window / hop"
        yield 8, self.integration != 3 or self.hop == self.window, "hop = window of a leaky sum"
        yield 12, self.decay == 0 or self.integration == 3, "decay of a leaky sum only"
        yield 14, self.evidence_decay == 0 or self.hop == self.window, "evidence decay where hop = window only"

    @property
    def entries(self) -> int:
        """n, the entries of a result."""
        return self.window // self.hop


OPS = (ReadoutParameters,)
