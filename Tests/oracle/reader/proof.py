"""The proof that no sum of a current slot overflows."""

import numpy as np

from core.parameters import spread
from core.slots import SlotType
from core.status import Status, check


def prove(slots, ops):
    """Refuses unless no sum of any current slot can overflow: Σ_p joined_p, and (Σ_p joined_p)·2^f + |b| of its reader."""
    totals = {}
    for reader in ops:
        i = reader.inputs[0]
        slot = slots[i]
        if slot.type != SlotType.CURRENT:
            continue
        total = np.zeros(slot.count, np.int64)
        for op in ops:
            if op.outputs == [i]:
                total += op.parameters.joined_bound(totals.get(op.inputs[0]), lambda values: bounded(values, reader))
                bounded(total, reader)
        totals[i] = int(total.max())
        bits, bias = reader.parameters.bound_of_drive()
        bounded((total << bits) + spread(np.abs(bias), slot.count), reader)


def bounded(values, reader):
    check(int(np.max(values)) <= 2**31 - 1, Status.MAY_OVERFLOW, reader.offset, f"a sum may reach {np.max(values)}")
