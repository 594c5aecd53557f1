"""xylo: the integer neurons of Xylo."""

from core.fields import Flags, Parameter, Reserved, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
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

    def relations(self):
        yield 0, not self.has_aliases or self.target.is_graded, "aliases of graded spikes only"
        yield 20, self.aliases == 0 or self.has_aliases, "aliases without their flag"

    def read_aliases(self, tensors):
        if not self.has_aliases:
            return None
        count = self.target.count
        aliases = tensors.array("aliases", "<u2", count)
        tensors.check_later((aliases >= count) & (aliases != NONE), Status.BAD_VALUE, 2, "alias")
        return aliases


OPS = (XyloParameters,)
