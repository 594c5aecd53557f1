"""What the parameters of all ops have in common, and what neurons and projections share."""

import numpy as np

from .arithmetic import round_shift
from .fields import Code, Number, Parameter, resolved
from .slots import SlotType

INPUT_AT, OUTPUT_AT = 6, 14  # slot fields of an op record


class Parameters:
    """An op's block as read. A subclass says, for one op kind:

    name, kind, size      of the op, its code, bytes of its block
    fields                of the block, by offset
    wiring()              (slot field, whether it holds, rule): types of input and output, then counts
    relations()           (offset of the field at fault, whether it holds, rule[, status]), in the order of offsets
    read_…(tensors)       the array of each tensor field
    work()                what counts towards the bound on work
    operations()          steps of a tick at worst, a hop's end apart
    runs_per_row()        of a projection: runs of weights that may meet a destination
    joined_bound(…)       of what writes currents, for the proof
    bound_of_drive()      (f, b) of what reads a current, for the proof
    """

    has_output = True
    adds_to_currents = False  # and reads them too
    fields = ()

    def __init__(self, source, target):
        self.source, self.target = source, target  # slots; target None without an output

    def wiring(self):
        return ()

    def relations(self):
        return ()

    def work(self):
        return 0

    def operations(self):
        return self.source.count

    @property
    def parameter_count(self):
        """Elements of a parameter that is an array."""
        return self.source.count

    def has(self, parameter) -> bool:
        """Whether a parameter is in use."""
        return True

    def parameter_bits(self):
        """Bits of the parameters in use."""
        return sum(8 * np.dtype(resolved(field.element, self)).itemsize * np.size(getattr(self, field.name))
                   for field in self.fields if isinstance(field, Parameter) and self.has(field.name))

    def bound_of_drive(self):
        return self.fraction_bits, self.bias


def spread(values, count):
    """A shared value as it is; of an array neuron i has element i mod its length."""
    return values if np.ndim(values) == 0 else np.tile(values, count // len(values))


class NeuronParameters(Parameters):
    """Neurons, one for each element of a current slot. Arrays have an element for each neuron or, with a period P, P
    elements; neuron i has element i mod P."""

    @property
    def parameter_count(self):
        return self.period or self.source.count

    def wired(self, fits):
        """The wiring, given whether the output is of the right type."""
        yield INPUT_AT, self.source.type == SlotType.CURRENT, "reads a current"
        yield OUTPUT_AT, fits, "type of the output"
        yield OUTPUT_AT, self.target.count == self.source.count, "as many outputs as currents"

    def period_holds(self, offset):
        return offset, self.period == 0 or self.source.count % self.period == 0, "the period divides the count"


WEIGHT_BITS = (1, 2, 4, 8, 16)  # of encodings 1 to 5


class Projection(Parameters):
    """Weights from a spikes or analog slot into a current slot."""

    is_dense = False  # the one kind that may write a synaptic slot
    join_fields = (
        Code(0, "encoding", values=range(1, 6)),
        Code(1, "join", values=range(4)),
        Number(2, "shift", high=47),
        Number(3, "source_shift", high=31),
    )

    @property
    def weight_bits(self):
        return WEIGHT_BITS[self.encoding - 1]

    def types(self):
        yield INPUT_AT, self.source.type in (SlotType.SPIKES, SlotType.ANALOG), "reads spikes or analog"
        is_synaptic = self.is_dense and self.target.type == SlotType.SYNAPTIC and not self.source.is_wide_analog
        yield OUTPUT_AT, self.target.type == SlotType.CURRENT or is_synaptic, "writes a current"

    def join_relations(self):
        most = (0, 30, 30, 47)[self.join]
        yield 2, self.shift <= most, f"join shift of {most} at most"
        yield 3, self.source_shift == 0 or self.source.is_wide_analog, "a source shift is for 32-bit analog"

    def multipliers_hold(self, offset):
        return offset, self.multipliers == 0 or self.join == 3, "multipliers without their join"

    def read_multipliers(self, tensors):
        return tensors.array("multipliers", "<i4", self.multiplier_count) if self.join == 3 else None

    def parameter_bits(self):
        return 0 if self.multipliers is None else 32 * len(self.multipliers)

    def join_operations(self):
        """Sums that are cleared, and joined."""
        return 2 * self.target.count if self.join != 0 and self.target.type == SlotType.CURRENT else 0

    def joined_bound(self, _, bounded):
        """joined_p for every element of the current slot, below 2^62; `bounded` holds bound_p to 2^31 − 1."""
        greatest = self.source.limit
        if self.source.is_wide_analog:
            greatest = min(32767, round_shift(2**30 - 1, self.source_shift))
        bound = self.magnitudes() * greatest  # k ≤ 2^32, |w| ≤ 2^15, x < 2^15: below 2^62
        bounded(bound)
        if self.join == 1:
            bound = bound << self.shift
        elif self.join == 2:
            bound = (bound >> self.shift) + 1
        elif self.join == 3:
            bound = (bound * np.abs(self.multipliers) >> self.shift) + 1
        return np.tile(bound, self.target.count // len(bound))
