"""recurrence: Legendre memory in O(order) products."""

from math import prod

from core.fields import Flags, Number, Parameter, Tensor
from core.parameters import Parameters
from ops.memory import units_wiring


class RecurrenceParameters(Parameters):
    name, kind, size = "recurrence", 14, 20
    fields = (
        Number(0, "segments", low=1, high=16),  # K
        Number(1, "poles", low=1, high=8),  # P
        Number(2, "substeps", low=1, high=16),  # S
        Number(3, "fraction_bits", high=15),
        Number(4, "order", "H", low=1, high=4096),
        Flags(6, "flags", mask=3),
        Number(7, "output_shift", high=30),
        Tensor(8, "factors"),  # (poles, rows, 1 or, complex, 2, K)
        Number(12, "limit", "i", low=1, high=2**30 - 1),  # L
        Parameter(16, "bias", bit=0),  # scalar or (M,)
    )

    def wiring(self):
        return units_wiring(self)

    def relations(self):
        yield 12, self.limit <= self.target.limit, "limit of a slot of 16 bits"

    @property
    def is_complex(self) -> bool:
        return bool(self.flags & 2)

    @property
    def places(self) -> int:
        """n"""
        return -(-self.order // self.segments)

    def read_factors(self, tensors):
        rows = 4 * self.places + 3 if self.segments > 1 else 2 * self.places
        shape = self.poles, rows, 1 + self.is_complex, self.segments
        return tensors.array("factors", "<i4", prod(shape)).reshape(shape)

    @property
    def products(self) -> int:
        """e, the products of a unit."""
        n, others = self.places, self.segments - 1
        if self.is_complex:
            per_pole = 10 * n * self.segments + (4 * n + 12) * others
        else:
            per_pole = 3 * n * self.segments + (2 * n + 3) * others
        return self.substeps * self.poles * per_pole

    def work(self):
        return self.source.count * self.products


OPS = (RecurrenceParameters,)
