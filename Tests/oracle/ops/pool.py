"""pool: sums and maxima over windows."""

import numpy as np

from core.arithmetic import round_shift
from core.fields import Code, Number, Reserved
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
from core.running import RunningOp
from core.slots import SlotType
from core.spatial import Axis
from ops.convolution import COUNT, LENGTH, PADDING


class PoolParameters(Parameters):
    name, kind, size = "pool", 10, 20
    adds_to_currents = True
    fields = (
        Code(0, "function", values=(1, 2)),  # sum, maximum
        Number(1, "shift", high=47),
        Number(2, "height", **COUNT),
        Number(4, "width", **COUNT),
        Number(6, "channels", **COUNT),
        Number(8, "kernel_height", **LENGTH),
        Number(9, "kernel_width", **LENGTH),
        Number(10, "stride_y", **LENGTH),
        Number(11, "stride_x", **LENGTH),
        Number(12, "above", **PADDING),
        Number(13, "below", **PADDING),
        Number(14, "left", **PADDING),
        Number(15, "right", **PADDING),
        Number(16, "multiplier", "h", low=-32768, high=32767),
        Reserved(18, form="2s"),
    )

    def wiring(self):
        source, target = self.source, self.target
        yield INPUT_AT, source.type not in (SlotType.SAMPLES, SlotType.SYNAPTIC), "reads spikes, analog or a current"
        if self.is_sum:
            yield OUTPUT_AT, target.is_narrow_analog or target.type == SlotType.CURRENT, "writes narrow analog or a current"
        else:
            yield OUTPUT_AT, (target.type, target.bits) == (source.type, source.bits), "the type of the input"
        yield INPUT_AT, source.count == self.height * self.width * self.channels, "H·W·C source elements"
        yield OUTPUT_AT, target.count == self.rows.count * self.columns.count * self.channels, "H′·W′·C destinations"

    def relations(self):
        yield 1, self.shift == 0 or self.is_sum, "the shift of a sum only"
        for i, (padding, side) in enumerate(((self.above, self.kernel_height), (self.below, self.kernel_height),
                                             (self.left, self.kernel_width), (self.right, self.kernel_width))):
            yield 12 + i, padding < side, "padding less than the window"
        yield 16, self.multiplier == 0 or self.is_sum, "the multiplier of a sum only"

    @property
    def is_sum(self):
        return self.function == 1

    @property
    def rows(self):
        return Axis(self.height, self.kernel_height, self.stride_y, self.above, self.below)

    @property
    def columns(self):
        return Axis(self.width, self.kernel_width, self.stride_x, self.left, self.right)

    def work(self):
        return self.target.count * self.kernel_height * self.kernel_width

    def operations(self):
        return 2 * self.source.count + self.target.count + self.work()

    def joined_bound(self, total, _):
        """The same for every element; below 2^62 + 1. total: the greatest bound of a current that it reads."""
        greatest = total if self.source.type == SlotType.CURRENT else self.source.limit
        if not self.is_sum:
            return greatest
        return (self.kernel_height * self.kernel_width * greatest * abs(self.multiplier) >> self.shift) + 1

    def bound_of_drive(self):
        return 0, 0


class PoolOp(RunningOp):
    def tick(self):
        """sum: y = rnd( m · Σ x, s ), clamped to an analog slot's limit; maximum: y = the greatest x; added to a current"""
        network, parameters = self.network, self.parameters
        rows, columns = parameters.rows, parameters.columns
        is_sum = parameters.function == 1
        values = network.values[self.source]
        self.events += int(np.count_nonzero(values))
        source = values.reshape(rows.size, columns.size, -1)
        pooled = np.full((rows.count, columns.count, parameters.channels), 0 if is_sum else -2**62, np.int64)
        for ky in range(rows.kernel):
            to_rows, from_rows = rows.meets(ky)
            for kx in range(columns.kernel):
                to_columns, from_columns = columns.meets(kx)
                part, others = source[from_rows, from_columns], pooled[to_rows, to_columns]
                pooled[to_rows, to_columns] = others + part if is_sum else np.maximum(others, part)
        if is_sum:
            pooled = round_shift(pooled * parameters.multiplier, parameters.shift)
        pooled = pooled.reshape(-1)
        if self.target_slot.type == SlotType.CURRENT:
            network.values[self.target] += pooled
        else:
            network.values[self.target] = network.clamp(pooled, self.target_slot.limit, "pool") if is_sum else pooled


OPS = {PoolParameters: PoolOp}
