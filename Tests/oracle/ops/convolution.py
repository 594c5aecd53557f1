"""convolution: projections whose weights move over the source."""

import numpy as np

from core.fields import Number, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Projection
from core.spatial import Axis

COUNT = {"form": "H", "low": 1, "high": 65535}
LENGTH = {"low": 1, "high": 255}
PADDING = {"high": 255}


class ConvolutionParameters(Projection):
    name, kind, size = "convolution", 9, 32
    fields = (
        *Projection.join_fields,
        Number(4, "height", **COUNT),
        Number(6, "width", **COUNT),
        Number(8, "channels", **COUNT),  # C
        Number(10, "target_channels", **COUNT),  # C′
        Number(12, "kernel_height", **LENGTH),
        Number(13, "kernel_width", **LENGTH),
        Number(14, "stride_y", **LENGTH),
        Number(15, "stride_x", **LENGTH),
        Number(16, "above", **PADDING),
        Number(17, "below", **PADDING),
        Number(18, "left", **PADDING),
        Number(19, "right", **PADDING),
        Number(20, "dilation_y", **LENGTH),
        Number(21, "dilation_x", **LENGTH),
        Number(22, "groups", **COUNT),
        Tensor(24, "weights"),  # (C, kh, kw, r)
        Tensor(28, "multipliers"),  # (C′,)
    )

    def wiring(self):
        yield from self.types()
        yield INPUT_AT, self.source.count == self.height * self.width * self.channels, "H·W·C source elements"
        yield OUTPUT_AT, self.target.count == self.rows.count * self.columns.count * self.target_channels, "H′·W′·C′ destinations"

    def relations(self):
        yield from self.join_relations()
        yield 22, self.channels % self.groups == 0 == self.target_channels % self.groups, "groups divide both channel counts"
        yield self.multipliers_hold(28)

    @property
    def rows(self):
        return Axis(self.height, self.kernel_height, self.stride_y, self.above, self.below, self.dilation_y)

    @property
    def columns(self):
        return Axis(self.width, self.kernel_width, self.stride_x, self.left, self.right, self.dilation_x)

    @property
    def taps(self) -> int:
        """T."""
        return self.rows.pairs * self.columns.pairs

    @property
    def destinations(self):
        """r."""
        return self.target_channels // self.groups

    @property
    def multiplier_count(self):
        return self.target_channels

    def read_weights(self, tensors):
        shape = self.channels, self.kernel_height, self.kernel_width
        runs = tensors.weights("weights", self.weight_bits, shape[0] * shape[1] * shape[2], self.destinations)
        return runs.reshape(*shape, self.destinations)

    def work(self):
        return self.channels * self.taps * self.destinations

    def magnitudes(self):
        """Σ |w| of each destination channel, over all channels and positions of its group."""
        return np.abs(self.weights).reshape(self.groups, -1, self.destinations).sum(axis=1).reshape(-1)


OPS = (ConvolutionParameters,)
