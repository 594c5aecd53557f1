"""readout: scores, evidence and results."""

from itertools import product

import numpy as np

from core.arithmetic import round_shift, truncate_shift
from core.fields import Code, Number
from core.parameters import INPUT_AT, Parameters
from core.running import RunningOp, elements
from core.slots import SlotType


class ReadoutParameters(Parameters):
    name, kind, size = "readout", 6, 16
    has_output = False
    fields = (
        Code(0, "integration", values=(1, 2, 3, 4)),  # sum, last value, leaky sum, maximum
        Code(1, "resets_network", values=(0, 1)),
        Number(2, "shift", high=31),
        Code(3, "is_early", values=(0, 1)),  # the first result at the first hop's end
        Number(4, "window", "I", low=1, high=2**24),
        Number(8, "hop", "I", low=1, high=2**24),
        Number(12, "decay", "H", high=32768),
        Number(14, "evidence_decay", "H", high=32768),
    )

    def wiring(self):
        yield INPUT_AT, self.source.type in (SlotType.SPIKES, SlotType.ANALOG), "reads spikes or analog"

    def relations(self):
        yield 3, self.is_early == 0 or self.hop != self.window, "an early result where hop = window"
        yield 8, self.window % self.hop == 0, "the hop divides the window"
        yield 8, self.entries <= 4096, "window / hop"
        yield 8, self.integration not in (3, 4) or self.hop == self.window, "hop = window of a leaky sum or a maximum"
        yield 12, self.decay == 0 or self.integration == 3, "decay of a leaky sum only"
        yield 14, self.evidence_decay == 0 or self.hop == self.window, "evidence decay where hop = window only"

    def operations(self):
        return (self.entries + 4) * self.source.count

    @property
    def entries(self) -> int:
        """n, the entries of a result."""
        return self.window // self.hop


class ReadoutOp(RunningOp):
    SCORE_LIMIT = 2**31 - 1
    MAXIMUM_OF_ZERO = 2**30  # as a score; a score of 0 is a maximum of nothing

    def __init__(self, network, op):
        super().__init__(network, op)
        bits = 32 * self.source_slot.count
        if self.parameters.entries > 1:
            self.evidence_bits = (self.parameters.entries * bits, bits)
        elif self.parameters.evidence_decay > 0:
            self.evidence_bits = (bits, bits)
        self.reset()
        self.reset_evidence()

    def reset(self):
        self.scores = np.zeros(self.source_slot.count, np.int64)

    def reset_evidence(self):
        self.entry_count = 0
        self.entries = np.zeros((self.parameters.entries, self.source_slot.count), np.int64)  # a ring
        self.leaky_evidence = np.zeros(self.source_slot.count, np.int64)  # E

    def end_hop(self):
        """The scores become an entry. Returns the result it gives, as a list, or None.

        n = 1: E = clamp( tz( E·μ, 15 ) + entry, Lr ), the result; n > 1: clamp( Σ of the latest n entries, Lr )
        """
        network, parameters, n = self.network, self.parameters, self.parameters.entries
        entry = self.scores
        if parameters.integration == 4:
            entry = network.clamp(entry - self.MAXIMUM_OF_ZERO, self.SCORE_LIMIT, "maximum")
        if parameters.integration != 3:
            self.reset()
        if n == 1:
            carried = truncate_shift(self.leaky_evidence * parameters.evidence_decay, 15)
            self.leaky_evidence = network.clamp(carried + entry, self.SCORE_LIMIT, "evidence leak")
            return self.leaky_evidence.tolist()
        self.entries[self.entry_count % n] = entry
        self.entry_count += 1
        is_full = self.entry_count >= n
        if self.entry_count == 2 * n:
            self.entry_count = n
        result = network.clamp(self.entries.sum(axis=0), self.SCORE_LIMIT, "evidence sum")
        return result.tolist() if is_full or parameters.is_early else None

    def variables(self):
        return [(self.scores, 32)]

    def evidence(self):
        """The end of part 3 of the state block."""
        parts = [elements(self.entries.reshape(-1), 32)] if self.parameters.entries > 1 else []
        return parts + ([elements(self.leaky_evidence, 32)] if self.parameters.evidence_decay > 0 else [])

    def tick(self):
        """x = rnd( source, s ); sum: clamp( score + x ); last value: x; leaky sum: clamp( tz( score·λ, 15 ) + x );
        maximum: the greater of the score and x + 2^30"""
        network, parameters = self.network, self.parameters
        values = network.values[self.source]
        addend = round_shift(values, parameters.shift)
        if parameters.integration == 1:
            addend = self.scores + addend
        elif parameters.integration == 3:
            addend = truncate_shift(self.scores * parameters.decay, 15) + addend
        elif parameters.integration == 4:
            addend = np.maximum(self.scores, addend + self.MAXIMUM_OF_ZERO)
        self.scores = network.clamp(addend, self.SCORE_LIMIT, "readout")
        self.events += int(np.count_nonzero(values))


OPS = {ReadoutParameters: ReadoutOp}

FIRST_PROGRAM = 700  # programs of maxima, of which those before have none
KINDS = ("spikes", "graded", "analog", "wide")


def draw(maker, draft):
    """Two populations; maxima of the second, over windows that end in a reset or not, with evidence and without."""
    dice = maker.dice
    if not hasattr(maker, "maxima"):
        maker.maxima = maker.wishes(product(KINDS, (False, True), (False, True)))
        maker.leaks = {resets: maker.wishes((0, dice.between(1, 32767), 32768)) for resets in (False, True)}
    kind, resets, shifted = maker.maxima.next()
    values = maker.front(draft, dice.pick((1, 2, 3, 5, 8)))
    inner = maker.place(draft, maker.of_kind(draft, dice.pick(KINDS), dice.pick((1, 2, 5, 9))), values)
    outer = maker.place(draft, maker.of_kind(draft, kind, dice.pick((1, 2, 3, 5, 8))), inner, values)
    draft.op("readout", source=outer, integration="maximum", window=dice.pick((1, 2, 3, 5, 7, 8, 12)), reset_network=resets,
             shift=dice.between(1, 8) if shifted else 0, evidence_decay=maker.leaks[resets].next())
    return draft
