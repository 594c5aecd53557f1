"""Outputs and the self-test."""

import numpy as np

from core.fields import Code, Number, Reference, Reserved
from core.status import Status, check

from .container import OUTPUTS, SELF_TEST
from .records import Record, name_reference


class Outputs(Record):
    """The outputs section's head and its one output."""

    fields = (
        Code(0, "count", "H", values=(1,)),
        Reserved(2, form="2s"),
        name_reference(4, "name"),
        Reference(6, "op", exists=lambda record, value: value < record.file.op_count),
        Number(8, "class_count", "H", low=1, high=65535),
        Reserved(10, form="2s"),
    )


class ClassName(Record):
    fields = (name_reference(0, "name"),)


def read_outputs(file, model):
    offset, length, _ = file.sections[OUTPUTS]
    file.check_length(length >= 12, OUTPUTS)
    file.op_count = len(model.ops)
    output = Outputs(file, offset)
    readouts = [i for i, op in enumerate(model.ops) if not op.outputs]
    check(output.op in readouts, Status.BAD_WIRING, offset + 6, f"op {output.op} is no readout")
    scores = model.ops[output.op].parameters.source.count
    check(output.class_count == scores, Status.BAD_WIRING, offset + 8, f"{output.class_count} classes of {scores} scores")
    file.check_length(length == 12 + 2 * output.class_count, OUTPUTS)
    names = [ClassName(file, place).name for place in range(offset + 12, offset + length, 2)]
    check(readouts == [output.op], Status.BAD_WIRING, offset + 6, f"the readouts {readouts}")
    model.output_name, model.classes = file.name(output.name), [file.name(name) for name in names]


def read_self_test(file, model):
    if SELF_TEST not in file.sections:
        return
    offset, length, _ = file.sections[SELF_TEST]
    file.check_length(length >= 8, SELF_TEST)
    count, checksum = file.fields("II", offset)
    channels = len(model.channels)
    file.check_length(length == 8 + 2 * count * channels, SELF_TEST)
    frames = np.frombuffer(file.data, "<i2", count * channels, offset + 8)
    model.self_test = frames.reshape(count, channels).astype(np.int64), checksum
