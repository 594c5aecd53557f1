"""Slots: the typed vectors that ops write and read."""

from enum import IntEnum

from .fields import Code, Flags, Number, Reserved

NONE = 65535  # no slot


class SlotType(IntEnum):
    SAMPLES = 1
    CURRENT = 2
    SPIKES = 3
    ANALOG = 4
    SYNAPTIC = 5


SUMS = (SlotType.CURRENT, SlotType.SYNAPTIC)  # slots of several writers and one reader
WIDTHS = {1: (16,), 2: (32,), 3: range(1, 9), 4: (*range(2, 17), 32), 5: (16,)}  # bits of an element, by type


class Slot:
    """A slot record: type, bits, lifetime, initial and count as read; `offset` of the record."""

    fields = (
        Code(0, "type", values=range(1, 6)),
        Code(1, "bits", values=lambda slot: WIDTHS[slot.type]),
        Flags(2, "lifetime", mask=1),
        Number(2, "lifetime", low=lambda slot: slot.type == SlotType.SYNAPTIC,
               high=lambda slot: slot.type >= SlotType.SPIKES),
        Reserved(3),
        Code(4, "ring_depth", "H", values=(1,)),
        Number(6, "initial", "h", low=lambda slot: -slot.greatest_initial, high=lambda slot: slot.greatest_initial),
        Number(8, "count", "I", low=1, high=2**24),
    )

    def __init__(self, offset):
        self.offset = offset

    @property
    def persistent(self) -> bool:
        return self.lifetime == 1

    @property
    def limit(self) -> int:
        """Largest magnitude of an element of a spikes, analog or synaptic slot (of this, between ticks)."""
        if self.type == SlotType.SPIKES:
            return 2**self.bits - 1
        return 2**30 - 1 if self.bits == 32 else 2 ** (self.bits - 1) - 1

    @property
    def greatest_initial(self) -> int:
        return self.limit if self.type == SlotType.ANALOG and self.persistent else 0

    @property
    def is_wide_analog(self) -> bool:
        return self.type == SlotType.ANALOG and self.bits == 32

    @property
    def is_narrow_analog(self) -> bool:
        return self.type == SlotType.ANALOG and self.bits <= 16

    @property
    def is_state(self) -> bool:
        """Whether it can be the membrane or memory of an op."""
        return self.type == SlotType.ANALOG and self.persistent and self.bits in (16, 32)

    @property
    def is_graded(self) -> bool:
        return self.type == SlotType.SPIKES and self.bits > 1
