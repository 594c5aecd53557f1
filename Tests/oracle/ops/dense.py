"""dense and block: projections with all weights."""

import numpy as np

from core.fields import Number, Tensor
from core.parameters import Projection
from core.slots import SlotType


class DenseParameters(Projection):
    name, kind, size = "dense", 2, 16
    is_dense = True
    fields = (
        *Projection.join_fields,
        Number(4, "groups", "I", low=1, high=2**24),
        Tensor(8, "runs"),  # (k, r): weights from source element j of a group to its destinations
        Tensor(12, "multipliers"),  # (r,)
    )

    def wiring(self):
        return self.types()

    def relations(self):
        if self.target.type == SlotType.SYNAPTIC:
            yield 0, self.encoding != 5, "no int16 into a synaptic slot"
            yield 1, self.join <= 1, "add or left shift into a synaptic slot"
            yield 2, self.shift <= 8 * self.join, "join shift into a synaptic slot"
        yield from self.join_relations()
        yield 4, self.groups == 1 or not self.is_dense, "dense has one group"
        yield 4, self.source.count % self.groups == 0 == self.target.count % self.groups, "groups divide both counts"
        yield self.multipliers_hold(12)

    @property
    def multiplier_count(self):
        return self.target.count // self.groups

    def read_runs(self, tensors):
        return tensors.weights("runs", self.weight_bits, self.source.count // self.groups, self.multiplier_count)

    def work(self):
        return self.source.count * self.multiplier_count

    def magnitudes(self):
        """Σ_j |w[i][j]|, of a group's destinations."""
        return np.abs(self.runs).sum(axis=0)


class BlockParameters(DenseParameters):
    name, kind, is_dense = "block", 3, False


OPS = (DenseParameters, BlockParameters)
