"""Small valid models, the places of their records by format.md, and edits of them: what the corpus of faults is made of."""

import struct

import numpy as np

from snnrt.file import NONE, ModelWriter, assemble, seal

NOT_A_MODEL, NEWER, ARITHMETIC, TRUNCATED, DAMAGED = -3, -4, -5, -6, -7
MALFORMED, UNSUPPORTED, WIRING, VALUE, OVERFLOW = -8, -9, -10, -11, -12
STREAMS, CHANNELS, SLOTS, OPS, PARAMETERS, DATA, OUTPUTS, NAMES, SELF_TEST, METADATA = range(1, 11)
HUGE = 0xFFFFFFFC
INPUT_AT, OUTPUT_AT, BLOCK_AT = 6, 14, 18  # in an op record


class Base:
    """A valid model and the places of its records."""

    def __init__(self, data):
        self.data = bytes(data)
        self.count = struct.unpack_from("<H", data, 24)[0]
        self.table = list(struct.iter_unpack("<HHII", data[32:32 + 12 * self.count]))

    def entry(self, section):
        return 32 + 12 * [entry[0] for entry in self.table].index(section)

    def length_field(self, section):
        return self.entry(section) + 8

    def start(self, section):
        return struct.unpack_from("<I", self.data, self.entry(section) + 4)[0]

    def length(self, section):
        return struct.unpack_from("<I", self.data, self.entry(section) + 8)[0]

    def end(self, section):
        return self.start(section) + self.length(section)

    def slot(self, i):
        return self.start(SLOTS) + 12 * i

    def op(self, i):
        return self.start(OPS) + 20 * i

    def block(self, i):
        return self.start(PARAMETERS) + 4 * struct.unpack_from("<H", self.data, self.op(i) + BLOCK_AT)[0]

    def tensor(self, field):
        return self.start(DATA) + struct.unpack_from("<I", self.data, field)[0]

    def channel(self, i):
        return self.start(CHANNELS) + 12 * i

    def sections(self):
        return [(kind, flags, self.data[offset:offset + length]) for kind, flags, offset, length in self.table]

    def payload(self, section):
        return self.data[self.start(section):self.end(section)]

    def edited(self, *edits):
        """The file with each (offset, struct form, value) written and the trailer made anew."""
        body = bytearray(self.data[:-4])
        for offset, form, value in edits:
            struct.pack_into("<" + form, body, offset, value)
        return seal(body)

    def with_payload(self, section, payload):
        return assemble([(kind, flags, payload if kind == section else old) for kind, flags, old in self.sections()])


def front(channels=2, bits=8):
    """A writer with a stream and an input op, its samples slot and its analog slot."""
    model = ModelWriter()
    samples = model.stream("s", (50, 1), [(f"c{i}", "g", (1, 1000)) for i in range(channels)])
    values = model.analog(channels, bits)
    model.input(samples, values, [0] * channels, [64] * channels, 8)
    return model, samples, values


def finish(model, source, classes):
    model.output("out", model.readout(source, window=5), [f"k{i}" for i in range(classes)])
    return Base(model.build())


def matrix(*rows):
    return np.array(rows, np.int64)


def record_faults(base, minor, ops, slots, versions=(0, 2, 3, 255)):
    """The fields of an op's record that every kind has, of some ops with one input and one output, in a model of so many slots.

    versions: of the kinds, that are refused."""
    for op in ops:
        for field in (8, 10, 12, 16):
            place = base.op(op) + field
            yield f"op-1.{minor}-{op}-unused-{field}", base.edited((place, "H", 1)), WIRING, place, "a slot field that the op does not use"
        for field, what in ((INPUT_AT, "input"), (OUTPUT_AT, "output")):
            for value in (slots, NONE):
                place = base.op(op) + field
                yield f"op-1.{minor}-{op}-{what}-{value}", base.edited((place, "H", value)), MALFORMED, place, f"{what} slot {value} of {slots}"
        for value in versions:
            place = base.op(op) + 1
            yield f"op-1.{minor}-{op}-version-{value}", base.edited((place, "B", value)), UNSUPPORTED, place, f"version {value} of the kind"


def parameter_faults(base, rows):
    """rows: (op, name, offset in the block, form, value, status, description)."""
    for op, name, offset, form, value, status, what in rows:
        place = base.block(op) + offset
        yield f"{name}-{value}", base.edited((place, form, value)), status, place, what


def parameter_faults_at(base, rows):
    """As parameter_faults, of faults found at another field: rows have its offset before the description."""
    for op, name, offset, form, value, status, at, what in rows:
        place = base.block(op)
        yield f"{name}-{value}", base.edited((place + offset, form, value)), status, place + at, what


SIZES = {1: 8, 2: 16, 3: 16, 4: 36, 5: 20, 6: 16, 7: 24, 8: 8, 9: 32, 10: 20, 11: 20, 12: 24, 13: 24, 14: 20}  # of blocks, by kind


def room_faults(base, name):
    """Blocks that end beyond the parameters section, for the first op of each kind."""
    seen = set()
    for op in range(base.length(OPS) // 20):
        kind = base.data[base.op(op)]
        if kind in seen:
            continue
        seen.add(kind)
        size, place = SIZES[kind], base.op(op) + BLOCK_AT
        units = (base.length(PARAMETERS) - size) // 4 + 1
        yield f"room-{name}-{kind}", base.edited((place, "H", units)), MALFORMED, place, f"block of {size} bytes ends 4 too late"
        end = base.block(op) + size - base.start(PARAMETERS)
        first = next(i for i in range(op + 1) if base.block(i) + SIZES[base.data[base.op(i)]] >= base.start(PARAMETERS) + end)
        yield (f"room-{name}-{kind}-cut", base.with_payload(PARAMETERS, base.payload(PARAMETERS)[:end - 1]), MALFORMED,
               base.op(first) + BLOCK_AT, f"parameters end a byte before this block of {size}")


def tensor_rows(base, op, name, offset, size, alignment):
    """Rows for a reference to a tensor of `size` bytes: misaligned, ending just too late, far out, wrapping."""
    length = base.length(DATA)
    if alignment > 1:
        yield op, f"{name}-misaligned", offset, "I", alignment // 2, MALFORMED, f"{name} misaligned"
    late = (length - size) // alignment * alignment + alignment
    yield op, f"{name}-late", offset, "I", late, MALFORMED, f"{name} ends beyond data"
    yield op, f"{name}-beyond", offset, "I", (length + 3) // 4 * 4, MALFORMED, f"{name} begins where data ends"
    yield op, f"{name}-wraps", offset, "I", 2**32 - max(alignment, size // 4 * 4), MALFORMED, f"{name} ends at 2^32"
    yield op, f"{name}-last", offset, "I", 2**32 - alignment, MALFORMED, f"{name} at the last offset"
