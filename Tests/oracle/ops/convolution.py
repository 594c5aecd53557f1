"""convolution: projections whose weights move over the source."""

import numpy as np

from core.fields import Number, Tensor
from core.parameters import INPUT_AT, OUTPUT_AT, Projection
from core.running import RunningOp
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

    def operations(self):
        tries = self.kernel_height * (1 + self.kernel_width)
        return (2 + tries) * self.source.count + self.work() + self.join_operations()

    def runs_per_row(self):
        return self.channels // self.groups * self.kernel_height * self.kernel_width

    def magnitudes(self):
        """Σ |w| of each destination channel, over all channels and positions of its group."""
        return np.abs(self.weights).reshape(self.groups, -1, self.destinations).sum(axis=1).reshape(-1)


class ConvolutionOp(RunningOp):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters = self.parameters
        weights, rows, columns = parameters.weights, parameters.rows, parameters.columns
        destinations = weights.shape[3]
        self.stored_weights = self.weights = weights.size
        self.zero_weights = int(np.count_nonzero(weights == 0))
        self.synapses = parameters.channels * parameters.taps * destinations
        self.weight_bits, self.operations_per_event = parameters.weight_bits, destinations
        self.source_bits = min(16, self.source_slot.bits)
        # Which kernel positions meet a row or column of the source; then taps and nonzero weights of each source element.
        meets = [np.zeros((axis.kernel, axis.size), np.int64) for axis in (rows, columns)]
        for axis, met in zip((rows, columns), meets):
            for k in range(axis.kernel):
                met[k, axis.meets(k)[1]] = 1
        positions = np.outer(meets[0].sum(axis=0), meets[1].sum(axis=0))
        self.taps = np.repeat(positions.reshape(-1), parameters.channels)
        self.nonzero_weights = np.einsum("ky,lx,ckl->yxc", *meets, np.count_nonzero(weights, axis=3)).reshape(-1)

    def tick(self):
        """acc[y′, x′, g·r + i] = Σ over c of group g, ky, kx of
        w[i][c, ky, kx] · x[sy·y′ + dy·ky − above, sx·x′ + dx·kx − left, c]"""
        network, parameters = self.network, self.parameters
        rows, columns, groups = parameters.rows, parameters.columns, parameters.groups
        values = self.narrowed(network.values[self.source])
        source = values.reshape(rows.size, columns.size, groups, 1, -1)
        sums = np.zeros((rows.count, columns.count, groups, 1, self.operations_per_event), np.int64)
        weights = parameters.weights.reshape(groups, -1, *parameters.weights.shape[1:])
        for ky in range(rows.kernel):
            to_rows, from_rows = rows.meets(ky)
            for kx in range(columns.kernel):
                to_columns, from_columns = columns.meets(kx)
                sums[to_rows, to_columns] += source[from_rows, from_columns] @ weights[:, :, ky, kx]
        sums = self.joined(sums.reshape(rows.count, columns.count, -1))
        network.values[self.target] += sums.reshape(-1)
        active = values != 0
        self.events += int(self.taps[active].sum())
        if network.full_accounting:
            self.count_effective(self.nonzero_weights[active].sum(), np.abs(values[self.taps > 0]).max(initial=0) <= 1)


OPS = {ConvolutionParameters: ConvolutionOp}
