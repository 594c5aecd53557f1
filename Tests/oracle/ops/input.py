"""input: raw samples to analog values."""

import numpy as np

from core.arithmetic import round_shift
from core.fields import Number, Reserved, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
from core.running import RunningOp
from core.slots import SlotType


class InputParameters(Parameters):
    name, kind, size = "input", 1, 8
    fields = (
        Number(0, "shift", high=31),
        Reserved(1, form="3s"),
        Tensor(4, "table"),  # one {offset, multiplier} per channel
    )

    def wiring(self):
        yield INPUT_AT, self.source.type == SlotType.SAMPLES, "reads samples"
        yield OUTPUT_AT, self.target.is_narrow_analog, "writes analog of 2 … 16 bits"
        yield OUTPUT_AT, self.target.count == self.source.count, "as many values as channels"

    def read_table(self, tensors):
        count = self.source.count
        start = tensors.place("table", 4 * count, 4)
        pairs = np.frombuffer(tensors.file, "<i2", 2 * count, start).reshape(count, 2).astype(np.int64)
        self.offsets, self.multipliers = pairs[:, 0].copy(), pairs[:, 1].copy()
        return pairs

    def parameter_bits(self):
        return 32 * self.source.count

    def work(self):
        return self.source.count

    def operations(self):
        return 2 * self.source.count


class InputOp(RunningOp):
    def __init__(self, network, op):
        super().__init__(network, op)
        self.synapses, self.weight_bits, self.source_bits = self.source_slot.count, 16, 16
        self.operations_per_event = 1

    def tick(self):
        """y[c] = clamp( rnd( (x[c] − offset[c]) · multiplier[c], s ), limit of the output slot )"""
        network, parameters = self.network, self.parameters
        samples = network.values[self.source]
        scaled = round_shift((samples - parameters.offsets) * parameters.multipliers, parameters.shift)
        network.values[self.target] = network.clamp(scaled, self.target_slot.limit, "input")
        self.events += int(np.count_nonzero(samples))
        if network.full_accounting:
            met = np.count_nonzero((samples != 0) & (parameters.multipliers != 0))
            self.count_effective(met, np.abs(samples).max() <= 1)


OPS = {InputParameters: InputOp}
