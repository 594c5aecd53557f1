"""Files with some bytes changed and the trailer made anew, statuses, and small models to begin with."""

import struct

import numpy as np

from snnrt.file import ModelWriter, assemble, seal

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


def begin():
    """A writer with an analog slot of 2 bits, whose xmax is 1, a current and spikes: what the proof's cases begin with."""
    writer, _, values = front(2, 2)
    return writer, values, writer.current(1), writer.spikes(1)


def finish_lif(writer, current, spikes, bias=0):
    writer.lif(current, spikes, bias=bias)
    return finish(writer, spikes, 1).data


def writer_without(writer, current, spikes, values):
    """Writes what else was declared: spikes, and their current."""
    if current is None:
        current = writer.current(1)
    writer.dense(values, current, matrix([0, 0]), "int8")
    writer.lif(current, spikes)
    return writer
