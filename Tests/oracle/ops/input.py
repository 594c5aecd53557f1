"""input: raw samples to analog values."""

import numpy as np

from core.fields import Number, Reserved, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
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

    def work(self):
        return self.source.count


OPS = (InputParameters,)
