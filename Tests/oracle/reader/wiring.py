"""What spans ops: the bound on work, and who writes and reads each slot."""

from core.parameters import INPUT_AT, Projection
from core.slots import SUMS, SlotType
from core.status import Status, check

from .container import STREAMS


def bound_work(model):
    total = 0
    for op in model.ops:
        total += op.parameters.work()
        check(total <= 2**32 - 1, Status.BAD_VALUE, op.offset, f"work of {total}")


def check_wiring(model):
    """The stream, then every slot, then every op's source."""
    place = model.sections[STREAMS][0] + 12
    samples = model.slots[model.samples_slot]
    check(samples.type == SlotType.SAMPLES, Status.BAD_WIRING, place, "the stream's slot is not samples")
    check(samples.count == len(model.channels), Status.BAD_WIRING, place, "channels and samples")
    writers = [[] for _ in model.slots]
    readers = [[] for _ in model.slots]
    for i, op in enumerate(model.ops):
        for slot in op.outputs:
            writers[slot].append(i)
        for slot in op.inputs:
            readers[slot].append(i)
    for i, slot in enumerate(model.slots):
        count = len(writers[i]) + (i == model.samples_slot)
        check(count >= 1, Status.BAD_WIRING, slot.offset, f"slot {i} is not written")
        check(count == 1 or slot.type in SUMS, Status.BAD_WIRING, slot.offset, f"slot {i} is written twice")
        check(slot.type not in SUMS or readers[i], Status.BAD_WIRING, slot.offset, f"slot {i} is not read")
    for i, op in enumerate(model.ops):
        check_source(model, i, op, writers, readers)


def check_source(model, i, op, writers, readers):
    """Op i reads its slot where it may."""
    index = op.inputs[0]
    source, place = model.slots[index], op.offset + INPUT_AT
    if source.type in SUMS:
        check(readers[index][0] == i, Status.BAD_WIRING, place, "a current or synaptic slot is read twice")
        check(max(writers[index]) < i, Status.BAD_WIRING, place, "a current or synaptic slot is read above a projection")
        check(not op.parameters.adds_to_currents or all(isinstance(model.ops[j].parameters, Projection) for j in writers[index]),
              Status.BAD_WIRING, place, "a pool reads a current slot that a pool writes")
    elif source.type != SlotType.SAMPLES and not source.persistent:
        check(writers[index][0] < i, Status.BAD_WIRING, place, "a transient slot is read above its writer")
