"""Stream, channels, slots and ops: the length of each section, then each of its records by one rule."""

from core.fields import Code, Number, Reference, Reserved, check_fields
from core.slots import NONE, Slot
from core.status import Status, check
from core.tensors import Tensors
from ops import BY_KIND

from .container import CHANNELS, DATA, OPS, PARAMETERS, SLOTS, STREAMS
from .model import Op

COUNT_OF_32 = {"form": "I", "low": 1, "high": 2**32 - 1}


def name_reference(offset, name):
    return Reference(offset, name, exists=lambda record, value: record.file.has_name(value))


class Record:
    """A record of the file being read."""

    def __init__(self, file, place):
        self.file = file
        check_fields(self, self.fields, file.data, place)


class Stream(Record):
    fields = (
        name_reference(0, "name"),
        Number(2, "channel_count", "H", low=1, high=65535),
        Number(4, "numerator", **COUNT_OF_32),
        Number(8, "denominator", **COUNT_OF_32),
        Reference(12, "slot", exists=lambda record, value: value < record.file.sections[SLOTS][1] // 12),
        Reserved(14, form="2s"),
    )


class Channel(Record):
    fields = (
        name_reference(0, "name"),
        name_reference(2, "unit"),
        Number(4, "numerator", **COUNT_OF_32),
        Number(8, "denominator", **COUNT_OF_32),
    )


def read_stream(file, model):
    offset, length, _ = file.sections[STREAMS]
    file.check_length(length % 16 == 0 and length > 0, STREAMS)
    file.check_length(length == 16, STREAMS, Status.UNSUPPORTED)
    stream = Stream(file, offset)
    model.name, model.rate, model.samples_slot = file.name(stream.name), (stream.numerator, stream.denominator), stream.slot
    file.channel_count = stream.channel_count


def read_channels(file, model):
    file.check_length(file.sections[CHANNELS][1] == 12 * file.channel_count, CHANNELS)
    for place in file.records(CHANNELS, 12):
        channel = Channel(file, place)
        model.channels.append((file.name(channel.name), file.name(channel.unit), (channel.numerator, channel.denominator)))


def read_slots(file, model):
    length = file.sections[SLOTS][1]
    file.check_length(length % 12 == 0 and 1 <= length // 12 <= 4096, SLOTS)
    for place in file.records(SLOTS, 12):
        slot = Slot(place)
        check_fields(slot, Slot.fields, file.data, place)
        model.slots.append(slot)


class UsedSlot(Reference):
    """A slot field of an op: the reference of a slot where the op uses it, else 65535."""

    def check(self, record, value, place):
        if self.exists(record):
            check(value < record.slot_count, Status.MALFORMED, place, f"slot {value}")
        else:
            check(value == NONE, Status.BAD_WIRING, place, "a slot that the op does not use")


class OpRecord(Record):
    fields = (
        Code(0, "kind", values=BY_KIND),
        Code(1, "version", values=(1,)),
        Code(2, "period", "H", values=(1,)),
        Code(4, "phase", "H", values=(0,)),
        UsedSlot(6, "source", exists=lambda record: True),
        *(UsedSlot(6 + 2 * i, f"input_{i}", exists=lambda record: False) for i in (1, 2, 3)),
        UsedSlot(14, "target", exists=lambda record: BY_KIND[record.kind].has_output),
        UsedSlot(16, "output_1", exists=lambda record: False),
        Reference(18, "block", exists=lambda record, value: record.has_block(value)),
    )

    def __init__(self, file, place, slot_count):
        self.slot_count = slot_count
        super().__init__(file, place)

    def has_block(self, value):
        return 4 * value + BY_KIND[self.kind].size <= self.file.sections[PARAMETERS][1]


def read_ops(file, model):
    length = file.sections[OPS][1]
    file.check_length(length % 20 == 0 and 1 <= length // 20 <= 4096, OPS)
    for place in file.records(OPS, 20):
        model.ops.append(read_op(file, model.slots, place))


def read_op(file, slots, place):
    """The op at `place`: fields of the record and of its block, wiring, relations, arrays, their elements."""
    record = OpRecord(file, place, len(slots))
    inputs, outputs = [record.source], [record.target] if BY_KIND[record.kind].has_output else []
    block = file.sections[PARAMETERS][0] + 4 * record.block
    parameters = BY_KIND[record.kind](slots[inputs[0]], slots[outputs[0]] if outputs else None)
    check_fields(parameters, parameters.fields, file.data, block)
    for at, holds, rule in parameters.wiring():
        check(holds, Status.BAD_WIRING, place + at, rule)
    for at, holds, rule, *status in parameters.relations():
        check(holds, *status or [Status.BAD_VALUE], block + at, rule)
    tensors = Tensors(file.data, file.sections[DATA][:2], parameters, block)
    for field in parameters.fields:
        field.read_array(parameters, tensors)
    tensors.check_elements()
    return Op(record.kind, inputs, outputs, parameters, place, block, tensors.offsets)
