"""sparse: projections with explicit targets and delays."""

import numpy as np

from core.fields import Number, Reserved, Tensor
from core.parameters import Projection
from core.running import Frames, RunningOp
from core.status import Status


class SparseParameters(Projection):
    name, kind, size = "sparse", 7, 24
    fields = (
        *Projection.join_fields,
        Number(4, "delays", "H", low=1, high=4096),  # D
        Reserved(6, form="2s"),
        Tensor(8, "runs"),  # (k·D + 1,)
        Tensor(12, "targets"),  # (N,)
        Tensor(16, "weights"),  # (N,)
        Tensor(20, "multipliers"),  # (destinations,)
    )

    def wiring(self):
        return self.types()

    def relations(self):
        yield from self.join_relations()
        yield self.multipliers_hold(20)

    @property
    def multiplier_count(self):
        return self.target.count

    @property
    def target_bits(self):
        """Of a target as stored."""
        return 16 if self.target.count <= 65536 else 32

    def read_runs(self, tensors):
        runs = tensors.array("runs", "<u4", self.source.count * self.delays + 1)
        steps = np.diff(runs, prepend=0)
        tensors.check_later(np.concatenate(([runs[0] != 0], steps[1:] < 0)), Status.BAD_VALUE, 4, "run table")
        return runs

    def read_targets(self, tensors):
        count, runs = int(self.runs[-1]), self.runs
        targets = tensors.array("targets", f"<u{self.target_bits // 8}", count)

        def faulty():  # known to be called behind the check of the run table
            ascends = np.concatenate(([True], np.diff(targets) > 0))[:count]
            ascends[runs[:-1][runs[:-1] < count]] = True  # the first of each run
            return (targets >= self.target.count) | ~ascends
        tensors.check_later(faulty, Status.BAD_VALUE, self.target_bits // 8, "target")
        return targets

    def read_weights(self, tensors):
        return tensors.weights("weights", self.weight_bits, 1, len(self.targets))[0]

    def parameter_bits(self):
        return super().parameter_bits() + 32 * len(self.runs) + self.target_bits * len(self.targets)

    def work(self):
        return self.source.count * self.delays * self.target.count

    def operations(self):
        return (self.delays + 1) * self.source.count + len(self.targets) + self.join_operations()

    def runs_per_row(self):
        return self.source.count * self.delays

    def magnitudes(self):
        """Σ |w| of each destination. Doubles are exact: 2^32 synapses of 2^15."""
        return np.bincount(self.targets, np.abs(self.weights), self.target.count).astype(np.int64)


class SparseOp(RunningOp):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters = self.parameters
        count, delays = len(parameters.targets), parameters.delays
        self.synapses = self.weights = self.stored_weights = count
        self.zero_weights = int(np.count_nonzero(parameters.weights == 0))
        self.weight_bits, self.operations_per_event = parameters.weight_bits, 1
        self.source_bits = min(16, self.source_slot.bits)
        run = np.repeat(np.arange(self.source_slot.count * delays), np.diff(parameters.runs))  # of each synapse
        self.sources, self.ago = run // delays, run % delays
        self.reset()

    def reset(self):
        self.kept = Frames(self.source_slot, self.parameters.delays)

    def state(self):
        return self.kept.state() if self.parameters.delays > 1 else []

    @property
    def own_state_bits(self):
        return self.kept.bits_of_one if self.parameters.delays > 1 else 0

    def tick(self):
        """acc[target(s)] += w(s) · x[j] of the tick d ticks ago, for every synapse s of run j·D + d"""
        network, parameters = self.network, self.parameters
        values = self.narrowed(self.kept.keep(network.values[self.source])[self.ago, self.sources])
        # Doubles are exact: the proof keeps every partial sum below 2^31.
        sums = np.bincount(parameters.targets, parameters.weights * values, self.target_slot.count).astype(np.int64)
        network.values[self.target] += self.joined(sums)
        active = values != 0
        self.events += int(np.count_nonzero(active))
        if network.full_accounting:
            self.count_effective(np.count_nonzero(active & (parameters.weights != 0)), np.abs(values).max(initial=0) <= 1)


OPS = {SparseParameters: SparseOp}
