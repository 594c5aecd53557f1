"""dense and block: projections with all weights."""

import numpy as np

from core.arithmetic import saturated
from core.fields import Number, Tensor
from core.parameters import Projection
from core.running import RunningOp
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

    def operations(self):
        return (1 if self.groups == 1 else 3) * self.source.count + self.work() + self.join_operations()

    def runs_per_row(self):
        return self.source.count // self.groups

    def magnitudes(self):
        """Σ_j |w[i][j]|, of a group's destinations."""
        return np.abs(self.runs).sum(axis=0)


class BlockParameters(DenseParameters):
    name, kind, is_dense = "block", 3, False


class ProjectionOp(RunningOp):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, groups = self.parameters, self.parameters.groups
        self.stored_weights = parameters.runs.size
        self.synapses = self.weights = groups * parameters.runs.size
        self.zero_weights = groups * int(np.count_nonzero(parameters.runs == 0))
        self.weight_bits, self.operations_per_event = parameters.weight_bits, parameters.runs.shape[1]
        self.source_bits = min(16, self.source_slot.bits)
        self.nonzero_weights = np.count_nonzero(parameters.runs, axis=1)

    def tick(self):
        """current[g·r + i] += join( Σ_j w[i][j] · x[g·k + j] ), or into a synaptic slot"""
        network, parameters = self.network, self.parameters
        values = self.narrowed(network.values[self.source])
        grouped = values.reshape(parameters.groups, -1)
        if self.target_slot.type == SlotType.SYNAPTIC:
            self.saturate(values)
        else:
            sums = self.joined(grouped @ parameters.runs)
            network.values[self.target] += sums.reshape(-1)
        active = grouped != 0
        self.events += int(np.count_nonzero(active))
        if network.full_accounting:
            met = (active @ self.nonzero_weights).sum()
            self.count_effective(met, self.source_slot.bits == 1 or np.abs(values).max() <= 1)

    def saturate(self, values):
        """y[i] = sat16( y[i] + x[j]·w[i][j]·2^s ) for each j with x ≠ 0, ascending"""
        before = currents = self.network.values[self.target]
        below = above = np.zeros(len(currents), bool)
        for j in np.flatnonzero(values):
            sums = currents + self.joined(values[j] * self.parameters.runs[j])
            below, above = below | (sums < -32768), above | (sums > 32767)
            currents = saturated(sums)
        self.network.values[self.target] = currents
        if self.network.tally is not None:
            self.count_saturated(before, values, currents, below, above)

    def count_saturated(self, before, values, currents, below, above):
        """Tallies of elements that saturate, and of those that saturating their sum would leave elsewhere."""
        at_once = saturated(before + self.joined(values @ self.parameters.runs))
        tally = self.network.tally
        tally["synaptic saturated below"] += int(np.count_nonzero(below))
        tally["synaptic saturated above"] += int(np.count_nonzero(above))
        tally["synaptic saturated both ways"] += int(np.count_nonzero(below & above))
        tally["synaptic by its order"] += int(np.count_nonzero(at_once != currents))


OPS = {DenseParameters: ProjectionOp, BlockParameters: ProjectionOp}
