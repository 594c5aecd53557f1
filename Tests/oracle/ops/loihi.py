"""loihi: the integer neurons of Loihi."""

from core.fields import Code, Flags, Number, Parameter, Reserved
from core.parameters import Population
from core.slots import SlotType


class LoihiParameters(Population):
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


OPS = (LoihiParameters,)
