"""memory: linear state-space memory with stored matrices."""

from core.fields import Code, Flags, Number, Parameter, Reserved, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
from core.slots import SlotType


class MemoryParameters(Parameters):
    name, kind, size = "memory", 5, 20
    fields = (
        Code(0, "encoding", values=(4, 5)),
        Number(1, "state_matrix_bits", high=30),
        Number(2, "input_matrix_bits", high=30),
        Number(3, "fraction_bits", high=15),
        Number(4, "order", "H", low=1, high=4096),
        Flags(6, "flags", mask=1),
        Reserved(7),
        Tensor(8, "state_matrix"),  # A, (q, q)
        Tensor(12, "input_matrix"),  # B, (q,)
        Parameter(16, "bias", bit=0),  # scalar or (M,)
    )

    def wiring(self):
        return units_wiring(self)

    @property
    def weight_bits(self):
        return 8 if self.encoding == 4 else 16

    @property
    def element(self):
        return f"<i{self.weight_bits // 8}"

    def read_state_matrix(self, tensors):
        return tensors.array("state_matrix", self.element, self.order**2).reshape(self.order, self.order)

    def read_input_matrix(self, tensors):
        return tensors.array("input_matrix", self.element, self.order)

    def work(self):
        return self.source.count * (self.order**2 + self.order)


def units_wiring(op):
    """The wiring of M units of order q: M currents, M·q elements of state."""
    yield INPUT_AT, op.source.type == SlotType.CURRENT, "reads a current"
    yield OUTPUT_AT, op.target.is_state, "writes persistent analog of 16 or 32 bits"
    yield OUTPUT_AT, op.target.count == op.source.count * op.order, "elements of all units"


OPS = (MemoryParameters,)
