"""recurrence: Legendre memory in O(order) products."""

from math import prod

import numpy as np

from core.arithmetic import round_shift, wrapped
from core.fields import Flags, Number, Parameter, Tensor
from core.parameters import Parameters
from core.running import RunningOp
from ops.memory import units_wiring


class RecurrenceParameters(Parameters):
    name, kind, size = "recurrence", 14, 20
    fields = (
        Number(0, "segments", low=1, high=16),  # K
        Number(1, "poles", low=1, high=8),  # P
        Number(2, "substeps", low=1, high=16),  # S
        Number(3, "fraction_bits", high=15),
        Number(4, "order", "H", low=1, high=4096),
        Flags(6, "flags", mask=3),
        Number(7, "output_shift", high=30),
        Tensor(8, "factors"),  # (poles, rows, 1 or, complex, 2, K)
        Number(12, "limit", "i", low=1, high=2**30 - 1),  # L
        Parameter(16, "bias", bit=0),  # scalar or (M,)
    )

    def wiring(self):
        return units_wiring(self)

    def relations(self):
        yield 12, self.limit <= self.target.limit, "limit of a slot of 16 bits"

    @property
    def is_complex(self) -> bool:
        return bool(self.flags & 2)

    @property
    def places(self) -> int:
        """n"""
        return -(-self.order // self.segments)

    def read_factors(self, tensors):
        rows = 4 * self.places + 3 if self.segments > 1 else 2 * self.places
        shape = self.poles, rows, 1 + self.is_complex, self.segments
        return tensors.array("factors", "<i4", prod(shape)).reshape(shape)

    @property
    def products(self) -> int:
        """e, the products of a unit."""
        n, others = self.places, self.segments - 1
        if self.is_complex:
            per_pole = 10 * n * self.segments + (4 * n + 12) * others
        else:
            per_pole = 3 * n * self.segments + (2 * n + 3) * others
        return self.substeps * self.poles * per_pole

    def work(self):
        return self.source.count * self.products

    def operations(self):
        return self.work() + self.source.count * (2 * self.order * (1 + self.substeps) + 1)


class RecurrenceOp(RunningOp):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, units = self.parameters, self.source_slot.count
        self.operations_per_event = parameters.products
        self.synapses = units * parameters.products
        self.weight_bits = self.source_bits = 32
        self.stored_weights = parameters.factors.size
        self.slot_state_bits = self.target_slot.count * self.target_slot.bits
        # Rows (parts, poles, 1, K), to be multiplied with (parts, poles, M, K); those that one segment has not are 0.
        rows, n = parameters.factors.transpose(1, 2, 0, 3)[:, :, :, None], parameters.places
        rows = np.concatenate((rows, np.zeros((4 * n + 3 - len(rows), *rows.shape[1:]), np.int64)))
        self.g, self.d, self.x, self.y = rows[:4 * n].reshape(4, n, *rows.shape[1:])
        self.links = rows[4 * n:]  # p, x, y

    def tick(self):
        """u = clamp( c·2^f + b, L ); S times m = clamp( m + Σ pole( m − u in element 0 ), L )"""
        network, parameters, bits = self.network, self.parameters, self.target_slot.bits
        inputs = (network.values[self.source] << parameters.fraction_bits) + parameters.bias
        inputs = network.clamp(inputs, parameters.limit, f"recurrence input {bits}")
        state = network.values[self.target].reshape(-1, parameters.order)
        active = int(np.count_nonzero(state.any(axis=1) | (inputs != 0)))
        if network.tally is not None:
            network.tally["recurrence at rest beside others"] += (len(inputs) - active) * (active > 0)
        for _ in range(parameters.substeps):
            given = state.copy()
            given[:, 0] -= inputs
            state = network.clamp(self.sum(state + self.poles(given)), parameters.limit, f"recurrence state {bits}")
        network.values[self.target] = state.reshape(-1)
        self.events += active
        if network.full_accounting:
            self.count_effective(active * parameters.products, False)

    def poles(self, given):
        """Σ pole( a ) of `given`, (M, q)."""
        parameters, (units, order) = self.parameters, given.shape
        segments, places = parameters.segments, parameters.places
        a = np.zeros((len(self.g[0]), 1, units, segments * places), np.int64)
        a[0, 0, :, :order] = given  # real
        a = a.reshape(*a.shape[:-1], segments, places)
        v = [self.rounded((self.g[0], a[..., 0]))]
        for j in range(1, places):
            v.append(self.rounded((self.g[j], self.sum(a[..., j] - v[-1]))))
        w = [v[-1]]
        for j in range(places - 2, -1, -1):
            w.insert(0, self.sum(v[j] + self.rounded((self.g[j], w[0]))))
        below, above = self.linked(v[-1], w[0])
        z = [self.rounded((self.d[j], w[j]), (self.x[j], below), (self.y[j], above), shift=parameters.output_shift)[0]
             for j in range(places)]
        return self.sum(np.stack(z, axis=-1).sum(axis=0)).reshape(units, -1)[:, :order]

    def linked(self, last, first):
        """below and above of all segments, from v[k][n − 1] and w[k][0]."""
        p, x, y = self.links
        below, above = np.zeros_like(last), np.zeros_like(first)
        for k in range(1, self.parameters.segments):
            below[..., k] = self.sum(last[..., k - 1] + self.rounded((p[..., k - 1], below[..., k - 1])))
        for k in range(self.parameters.segments - 2, -1, -1):
            given = self.rounded((x[..., k + 1], below[..., k + 1]), (y[..., k + 1], above[..., k + 1]))
            above[..., k] = self.sum(first[..., k + 1] + given)
        return below, above

    def rounded(self, *factors, shift=30):
        """rnd of the sum of the products of pairs, parts along the first axis: bits shift … shift + 31 of what may wrap
        modulo 2^64."""
        exact = 0
        for x, y in factors:
            exact = exact + (x * y if len(x) == 1 else np.stack((x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0])))
        return self.modulo(round_shift(exact, shift), "products")

    def sum(self, value):
        return self.modulo(value, "sums")

    def modulo(self, value, what):
        """`value` modulo 2^32, counted in the tally where that changes it."""
        result = wrapped(value)
        if self.network.tally is not None:
            self.network.tally[f"recurrence {what} wrapped"] += int(np.count_nonzero(result != value))
        return result


OPS = {RecurrenceParameters: RecurrenceOp}
