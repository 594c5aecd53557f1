"""pool: sums and maxima over windows."""

from core.fields import Code, Number, Reserved
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
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
            yield OUTPUT_AT, target.is_narrow_analog or target.type == SlotType.CURRENT, "writes analog of 2 … 16 bits or a current"
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

    def joined_bound(self, total, _):
        """The same for every element; below 2^62 + 1. total: the greatest bound of a current that it reads."""
        greatest = total if self.source.type == SlotType.CURRENT else self.source.limit
        if not self.is_sum:
            return greatest
        return (self.kernel_height * self.kernel_width * greatest * abs(self.multiplier) >> self.shift) + 1

    def bound_of_drive(self):
        return 0, 0


OPS = (PoolParameters,)
