"""lif: leaky integrate-and-fire neurons, with current-based synapses, adaptive thresholds and integrators."""

from copy import copy

from core.fields import Code, Flags, Number, Parameter
from core.parameters import Population, spread
from core.slots import SlotType
from core.status import Status

CURRENT_BASED, INTEGRATORS, ADAPTIVE = (2, 4, 6), (3, 4), (5, 6)  # models
DECAY = {"high": 32768, "low": 0, "element": "<u2"}
LEVEL = {"high": lambda op: op.limit, "low": 0, "element": lambda op: f"<i{op.width // 8}"}


class LifParameters(Population):
    name, kind, size = "lif", 4, 36
    fields = (
        Code(0, "model", values=range(1, 7)),  # 1 LIF, 2 CuBa-LIF, 3 LI, 4 CuBa-LI, 5 ALIF, 6 CuBa-ALIF
        Code(1, "reset", values=range(5)),
        Code(2, "comparison", values=(0, 1)),  # >, ≥
        Code(3, "width", values=(16, 32)),
        Number(4, "fraction_bits", high=15),
        Flags(5, "flags", mask=63),
        Number(6, "refractory", "H", high=32767),  # ticks
        Parameter(8, "decay", bit=0, **DECAY),  # β, scalar or (period or count,); the next ones likewise
        Parameter(12, "synaptic_decay", bit=1, **DECAY),  # α
        Parameter(16, "threshold", bit=2, **LEVEL),  # θ
        Parameter(20, "bias", bit=3),
        Parameter(24, "threshold_decay", bit=4, **DECAY),  # ρ
        Parameter(28, "threshold_step", bit=5, **LEVEL),  # κ
        Number(32, "period", "I", high=2**24),
    )

    def wiring(self):
        fits = self.target.type == SlotType.SPIKES
        if not self.is_spiking:
            fits = self.target.is_state and self.target.bits == self.width
        return self.wired(fits)

    def relations(self):
        resets_later = self.reset in (1, 2)
        yield 1, (self.reset == 0) != self.is_spiking, "reset 0 goes with LI and CuBa-LI, and they with it"
        yield (1, not resets_later or not (self.is_adaptive or self.target.is_graded),
               "a reset in the next tick with an adaptive threshold or graded spikes", Status.UNSUPPORTED)
        yield 2, self.comparison == 0 or self.is_spiking, "comparison of LI and CuBa-LI"
        yield 6, self.refractory == 0 or self.is_spiking, "refractory ticks of LI and CuBa-LI"
        yield 6, self.refractory == 0 or not resets_later, "refractory ticks with a reset in the next tick", Status.UNSUPPORTED
        for name, has in (("synaptic_decay", self.is_current_based), ("threshold", self.is_spiking),
                          ("threshold_decay", self.is_adaptive), ("threshold_step", self.is_adaptive)):
            field = next(field for field in self.fields if field.name == name)
            yield field.offset, has or not field.is_array(self) and getattr(self, name) == 0, f"{name}, which the model has not"
        yield self.period_holds(32)

    def of_neurons(self):
        """The same with an element for each neuron in arrays."""
        result = copy(self)
        for field in self.fields:
            if isinstance(field, Parameter):
                setattr(result, field.name, spread(getattr(self, field.name), self.source.count))
        return result

    @property
    def is_current_based(self) -> bool:
        return self.model in CURRENT_BASED

    @property
    def is_adaptive(self) -> bool:
        return self.model in ADAPTIVE

    @property
    def is_spiking(self) -> bool:
        return self.model not in INTEGRATORS

    @property
    def resets_in_same_tick(self) -> bool:
        return self.reset in (3, 4)

    @property
    def limit(self) -> int:
        return 32767 if self.width == 16 else 2**30 - 1


OPS = (LifParameters,)
