"""memory: linear state-space memory with stored matrices."""

import numpy as np

from core.arithmetic import round_shift
from core.fields import Code, Flags, Number, Parameter, Reserved, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
from core.running import RunningOp
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

    def operations(self):
        return self.work() + self.source.count * (self.order + 1)


def units_wiring(op):
    """The wiring of M units of order q: M currents, M·q elements of state."""
    yield INPUT_AT, op.source.type == SlotType.CURRENT, "reads a current"
    yield OUTPUT_AT, op.target.is_state, "writes persistent analog of 16 or 32 bits"
    yield OUTPUT_AT, op.target.count == op.source.count * op.order, "elements of all units"


class MemoryOp(RunningOp):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, order, units = self.parameters, self.parameters.order, self.source_slot.count
        self.stored_weights = order * order + order
        self.synapses = self.weights = units * self.stored_weights
        self.nonzero_columns = np.count_nonzero(parameters.state_matrix, axis=0)
        self.nonzero_inputs = int(np.count_nonzero(parameters.input_matrix))
        nonzero = int(self.nonzero_columns.sum()) + self.nonzero_inputs
        self.zero_weights = units * (self.stored_weights - nonzero)
        self.weight_bits, self.source_bits = parameters.weight_bits, self.target_slot.bits
        self.operations_per_event = order
        self.slot_state_bits = self.target_slot.count * self.target_slot.bits

    def tick(self):
        """u = clamp( c·2^f + b, L ); m[i] = clamp( rnd( Σ_j A[i][j]·m[j], sA ) + rnd( B[i]·u, sB ), L )"""
        network, parameters, limit = self.network, self.parameters, self.target_slot.limit
        inputs = (network.values[self.source] << parameters.fraction_bits) + parameters.bias
        inputs = network.clamp(inputs, limit, f"memory input {self.source_bits}")
        before = network.values[self.target].reshape(-1, parameters.order)
        carried = round_shift(before @ parameters.state_matrix.T, parameters.state_matrix_bits)
        written = round_shift(inputs[:, None] * parameters.input_matrix, parameters.input_matrix_bits)
        network.values[self.target] = network.clamp(carried + written, limit,
                                                    f"memory state {self.source_bits}").reshape(-1)
        active, driven = before != 0, int(np.count_nonzero(inputs))
        self.events += int(np.count_nonzero(active)) + driven
        if network.full_accounting:
            met = int((active @ self.nonzero_columns).sum()) + driven * self.nonzero_inputs
            self.count_effective(met, np.abs(before).max() <= 1 and np.abs(inputs).max() <= 1)


OPS = {MemoryParameters: MemoryOp}
