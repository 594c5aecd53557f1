"""activation: populations without spikes."""

from core.fields import Code, Flags, Number, Parameter, Reserved
from core.parameters import Population


class ActivationParameters(Population):
    name, kind, size = "activation", 11, 20
    fields = (
        Code(0, "function", values=(1, 2, 3)),  # clip, tanh, sigmoid
        Number(1, "shift", high=47),
        Flags(2, "flags", mask=3),
        Reserved(3),
        Parameter(4, "multiplier", bit=0),  # scalar or (period or count,)
        Parameter(8, "bias", bit=1),  # likewise
        Number(12, "low", "h", low=-32768, high=32767),
        Number(14, "high", "h", low=-32768, high=32767),
        Number(16, "period", "I", high=2**24),
    )
    fraction_bits = 0  # of the proof

    def wiring(self):
        return self.wired(self.target.is_narrow_analog)

    def relations(self):
        limit = self.target.limit if self.function == 1 else 0
        yield 12, abs(self.low) <= limit, "lower bound"
        yield 14, self.low <= self.high <= limit, "upper bound"
        yield self.period_holds(16)


OPS = (ActivationParameters,)
