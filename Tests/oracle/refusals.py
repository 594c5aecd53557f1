"""A corpus of faulty model files, one fault each, with the status and offset that format.md gives for it.

    python3 refusals.py --out DIR        writes NAME.snn and refusals.tsv (file, status, offset, what is wrong)

Each fault is an edit of a small valid model at a place computed here from the layout in the document, not by
reader.py; expectations are written beside it by hand. At the end reader.py must give exactly these.
Faults marked "chosen:" rest on a reading that the document leaves open.
"""

import argparse
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "models")]

import reader  # noqa: E402
from edits import (ARITHMETIC, BLOCK_AT, CHANNELS, DAMAGED, DATA, HUGE, INPUT_AT, MALFORMED, METADATA, NAMES, NEWER,  # noqa: E402
                   NOT_A_MODEL, OPS, OUTPUT_AT, OUTPUTS, OVERFLOW, PARAMETERS, SELF_TEST, SLOTS, STREAMS, TRUNCATED,
                   UNSUPPORTED, VALUE, WIRING, Base, finish, front, matrix, parameter_faults, parameter_faults_at, room_faults,
                   tensor_rows)
from example import example  # noqa: E402
from refusals_chips import FAULTS_1_3, proof_cases_1_3  # noqa: E402
from refusals_ops import FAULTS_1_2, proof_cases_1_2  # noqa: E402
from refusals_recurrence import FAULTS_1_5, proof_cases_1_5  # noqa: E402
from snnrt.file import ModelWriter, assemble, seal  # noqa: E402


def rich() -> Base:
    """Ops 0 input, 1 dense int4 left, 2 CuBa-LIF 16 with arrays, 3 block ternary multiplier, 4 memory int16 with biases,
    5 dense int16 wide, 6 LIF 32 with arrays (2 neurons), 7 dense binary right, 8 LI 32 with arrays, 9 leaky readout.
    Slots 0 samples, 1 analog 8 bits, 2 current 4, 3 spikes 4, 4 current 2, 5 analog 32 persistent 6, 6 current 2,
    7 spikes 2 persistent, 8 current 3, 9 analog 32 persistent 3."""
    model, _, values = front()
    current, spikes = model.current(4), model.spikes(4)
    model.dense(values, current, matrix([1, 2], [3, 4], [5, 6], [7, -8]), "int4", "left", 2)
    model.lif(current, spikes, np.array([100, 200, 300, 400]), np.array([32768, 0, 1, 2]), np.array([5, 6, 7, 8]),
              np.array([-1, 0, 1, 2]), "CuBa-LIF", "zero", 16, 1)
    units, memory = model.current(2), model.analog(6, 32, True, initial=3)
    model.block(spikes, units, matrix([1, -1]), "ternary", 2, "multiplier", 3, multipliers=np.array([-9]))
    model.memory(units, memory, matrix([9, 1, 0], [0, 9, 1], [0, 0, 9]), np.array([1, 2, 3]), "int16", 4, 1,
                 np.array([5, -5]), 2)
    wide_current, wide_spikes = model.current(2), model.spikes(2, True)
    model.dense(memory, wide_current, matrix([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]), "int16", source_shift=16)
    model.lif(wide_current, wide_spikes, np.array([7, 9]), 5, bias=2, width=32)
    last_current, last = model.current(3), model.analog(3, 32, True)
    model.dense(wide_spikes, last_current, matrix([1, -1], [1, 1], [-1, 1]), "binary", "right", 1)
    model.lif(last_current, last, decay=np.array([1, 2, 3]), bias=np.array([4, 5, 6]), model="LI", width=32)
    model.output("out", model.readout(last, 5, "leaky", True, 1, 32000), ["k0", "k1", "k2"])
    model.self_test(np.zeros((0, 2), np.int64), 0)
    model.metadata("a: b")
    return Base(model.build())


def rich_1_1() -> Base:
    """What format 1.1 added. Ops 0 input, 1 dense, 2 ALIF 16 with arrays and refractory ticks, subtract, 3 dense,
    4 CuBa-ALIF 32 with arrays, zero, 5 dense, 6 CuBa-LI 16, 7 dense, 8 CuBa-LIF 32, zero at once, ≥, 32767 refractory ticks,
    9 dense, 10 CuBa-ALIF 16, 11 dense, 12 LIF zero, 13 readout of a ring of 3.
    Slots 0 samples, 1 analog 8 bits, 2 current 3, 3 spikes 3 bits 3, 4 current 2, 5 spikes 2 persistent, 6 current 2,
    7 analog 16 persistent 2, 8 current 2, 9 spikes 8 bits 2 persistent, 10 current 2, 11 spikes 2, 12 current 2, 13 spikes 2."""
    model, _, values = front()
    current, graded = model.current(3), model.spikes(3, bits=3)
    model.dense(values, current, matrix([1, 2], [3, 4], [5, 6]), "int4")
    model.lif(current, graded, np.array([10, 20, 30]), np.array([32768, 0, 7]), 0, np.array([1, 2, 3]), "ALIF",
              "subtract at once", 16, 1, ">=", 3, np.array([0, 1, 32768]), np.array([0, 1, 32767]))
    identity = matrix([1, -1], [1, 1])
    current, plain = model.current(2), model.spikes(2, True)
    model.dense(graded, current, matrix([1, 2, 3], [4, 5, 6]), "int4")
    model.lif(current, plain, np.array([10, 20]), np.array([32768, 0]), np.array([5, 6]), np.array([1, 2]), "CuBa-ALIF",
              "zero at once", 32, 0, ">", 0, np.array([3, 4]), np.array([0, 2**30 - 1]))
    current, state = model.current(2), model.analog(2, 16, True, initial=-9)
    model.dense(plain, current, identity, "int4")
    model.lif(current, state, 0, 30000, np.array([5, 6]), 1, "CuBa-LI")
    current, wide = model.current(2), model.spikes(2, True, bits=8)
    model.dense(state, current, identity, "int4")
    model.lif(current, wide, 9, 8, 7, 6, "CuBa-LIF", "zero at once", 32, 0, ">=", 32767)
    current, last = model.current(2), model.spikes(2)
    model.dense(wide, current, identity, "int4")
    model.lif(current, last, 9, 8, 7, 6, "CuBa-ALIF", "subtract at once", 16, 0, ">", 2, 5, 4)
    current, end = model.current(2), model.spikes(2)
    model.dense(last, current, identity, "int4")
    model.lif(current, end, 1, reset="zero")
    model.output("out", model.readout(end, 12, hop=4, is_early=True), ["k0", "k1"])
    return Base(model.build())


# --- The faults: (name, file, status, offset, description) ---


def header_faults(base):
    data = base.data
    yield "empty", b"", TRUNCATED, 0, "no byte"
    yield "magic-part", data[:7], TRUNCATED, 7, "seven bytes of the magic"
    yield "header-35", data[:35], TRUNCATED, 35, "one byte less than any file"
    yield "short-other", b"\x89SNX", NOT_A_MODEL, 0, "four bytes that are not of the magic"
    yield "short-other-end", data[:7] + b"\r" + data[8:20], NOT_A_MODEL, 0, "20 bytes, wrong last byte of the magic"
    yield "short-other-35", b"G" + data[1:35], NOT_A_MODEL, 0, "35 bytes, wrong first byte"
    for i in range(8):
        yield f"magic-{i}", base.edited((i, "B", data[i] ^ 0x20)), NOT_A_MODEL, 0, f"byte {i} of the magic"
    yield "major-0", base.edited((8, "H", 0)), NEWER, 8, "major version 0"
    yield "major-2", base.edited((8, "H", 2)), NEWER, 8, "major version 2"
    yield "major-257", base.edited((8, "H", 257)), NEWER, 8, "major version 257"
    for value in range(6):
        yield f"minor-{value}", base.edited((10, "H", value)), UNSUPPORTED, 10, f"minor version {value}, before the first release"
    yield "minor-7", base.edited((10, "H", 7)), NEWER, 10, "minor version 7"
    yield "minor-65535", base.edited((10, "H", 65535)), NEWER, 10, "minor version 65535"
    for value, what in ((0, "0"), (32, "below 36"), (len(data) - 2, "no multiple of 4"), (len(data) - 3, "odd")):
        yield f"file-length-{value}", base.edited((12, "I", value)), DAMAGED, 12, f"file length {what}"
    yield "file-length-longer", base.edited((12, "I", len(data) + 4)), TRUNCATED, 12, "file length 4 above the buffer"
    yield "file-length-huge", base.edited((12, "I", HUGE)), TRUNCATED, 12, "file length 2^32 − 4"
    yield "file-length-shorter", base.edited((12, "I", len(data) - 4)), DAMAGED, len(data) - 8, "file length 4 short: no trailer"
    yield "file-length-36", base.edited((12, "I", 36)), DAMAGED, 32, "file length 36: no trailer there"
    yield "cut-4", data[:-4], TRUNCATED, 12, "the trailer cut off"
    yield "cut-1", data[:-1], TRUNCATED, 12, "one byte cut off"
    yield "trailer-bit", data[:-1] + bytes([data[-1] ^ 0x80]), DAMAGED, len(data) - 4, "one bit of the trailer"
    yield "trailer-body", data[:200] + bytes([data[200] ^ 1]) + data[201:], DAMAGED, len(data) - 4, "one bit of the body"
    yield "trailer-crc32", data[:-4] + struct.pack("<I", zlib.crc32(data[:-4])), DAMAGED, len(data) - 4, "CRC-32, not CRC-32C"
    yield "trailer-swapped", data[:-4] + data[:-5:-1], DAMAGED, len(data) - 4, "trailer big-endian"
    yield "arithmetic-first", base.edited((16, "B", ord("S"))), ARITHMETIC, 16, "first letter of the arithmetic"
    yield "arithmetic-last", base.edited((21, "B", ord("y"))), ARITHMETIC, 16, "last letter of the arithmetic"
    yield "arithmetic-version-0", base.edited((22, "H", 0)), ARITHMETIC, 22, "version 0 of the arithmetic"
    yield "arithmetic-version-2", base.edited((22, "H", 2)), ARITHMETIC, 22, "version 2 of the arithmetic"
    for value in (0, 65, 65535):
        yield f"section-count-{value}", base.edited((24, "H", value)), VALUE, 24, f"{value} sections"
    yield ("section-count-64", Base(example()).edited((24, "H", 64)), MALFORMED, 24,
           "a table of 64 sections does not fit in 564 bytes")
    yield "header-reserved-26", base.edited((26, "H", 1)), UNSUPPORTED, 26, "reserved u16"
    yield "header-reserved-28", base.edited((28, "I", 0x80000000)), UNSUPPORTED, 28, "reserved u32"
    tiny = struct.pack("<8sHHI6sHHHI", data[:8], 1, 6, 36, b"snn-tz", 1, 1, 0, 0)
    yield "no-table", seal(tiny), MALFORMED, 24, "36 bytes, one section whose table entry does not fit"


def section_faults(base):
    sections = base.sections()
    names = ("", "streams", "channels", "slots", "ops", "parameters", "data", "outputs", "names", "self-test")
    for missing in range(1, 9):
        kept = [section for section in sections if section[0] != missing]
        yield f"missing-{names[missing]}", assemble(kept), MALFORMED, 24, f"no {names[missing]} section"
    for kind in (0, 11, 999, 65535):
        added = Base(assemble(sections + [(kind, 1, b"abcd")]))
        yield f"section-unknown-{kind}", added.data, UNSUPPORTED, added.entry(kind), f"unknown critical section {kind}"
    for kind in (NAMES, SELF_TEST, 12):
        added = sections + [(kind, 1 if kind == NAMES else 0, b"\0" * 8)] * (2 if kind == 12 else 1)
        place = 32 + 12 * (len(added) - 1)
        yield f"section-repeated-{kind}", assemble(added), MALFORMED, place, f"section type {kind} twice"
    for kind in (STREAMS, DATA, NAMES):
        place = base.entry(kind) + 2
        yield f"flags-{names[kind]}-not-critical", base.edited((place, "H", 0)), VALUE, place, "critical flag clear"
    place = base.entry(SELF_TEST) + 2
    yield "flags-self-test-critical", base.edited((place, "H", 1)), VALUE, place, "self-test marked critical"
    for kind, flags in ((DATA, 3), (DATA, 5), (STREAMS, 0x8001), (SELF_TEST, 2), (SELF_TEST, 0x100)):
        place = base.entry(kind) + 2
        yield f"flags-{names[kind]}-{flags:x}", base.edited((place, "H", flags)), UNSUPPORTED, place, f"reserved flags {flags:#x}"
    added = Base(assemble(sections + [(77, 2, b"")]))
    yield "flags-unknown-mutable", added.data, UNSUPPORTED, added.entry(77) + 2, "mutable flag of an unknown section"
    place = base.entry(STREAMS) + 4
    for value in (0, 32, base.start(STREAMS) - 4, base.start(STREAMS) + 1, base.start(STREAMS) + 4, HUGE, 0xFFFFFFFF):
        yield f"first-offset-{value}", base.edited((place, "I", value)), MALFORMED, place, f"first section at {value}"
    place = base.entry(SLOTS) + 4
    for value, what in ((base.start(CHANNELS), "overlaps"), (base.start(SLOTS) + 4, "leaves a hole"),
                        (base.start(SLOTS) + 2, "is misaligned"), (HUGE, "lies near 2^32")):
        yield f"slots-offset-{value}", base.edited((place, "I", value)), MALFORMED, place, f"slots section {what}"
    last = base.table[-1][0]
    for kind, value, what in ((SLOTS, len(base.data), "beyond the trailer"), (SLOTS, 0xFFFFFFFF, "2^32 − 1"),
                              (SLOTS, 2**32 - base.start(SLOTS), "such that offset + length is 2^32"),
                              (SLOTS, 2**32 - base.start(SLOTS) + base.length(SLOTS) - 12, "wrapping to a fitting end"),
                              (last, base.length(last) + 4, "of the last one 4 into the trailer"),
                              (last, base.length(last) - 4, "of the last one 4 short of the trailer")):
        place = base.length_field(kind)
        yield f"length-{kind}-{value}", base.edited((place, "I", value)), MALFORMED, place, f"section length {what}"
    longer = bytearray(base.data[:-4] + b"\0" * 4)
    struct.pack_into("<I", longer, 12, len(longer) + 4)
    yield "hole-before-trailer", seal(longer), MALFORMED, base.length_field(last), "4 bytes between last section and trailer"
    for kind in (NAMES, METADATA):
        lengths = {NAMES: base.payload(NAMES) + b"abc\0", METADATA: b"a: bc"}
        while len(lengths[kind]) % 4 != 1:
            lengths[kind] = lengths[kind][:-1] + b"d" + lengths[kind][-1:]
        padded = Base(base.with_payload(kind, lengths[kind]))
        for i in (0, 2):
            place = padded.end(kind) + i
            yield f"padding-{kind}-{i}", padded.edited((place, "B", 1)), MALFORMED, place, f"padding byte {i} of section {kind}"


def name_faults(base):
    place = base.length_field(NAMES)
    yield "names-empty", base.with_payload(NAMES, b""), MALFORMED, place, "names section of 0 bytes"
    filled = base.payload(NAMES)
    yield "names-65536", base.with_payload(NAMES, filled + b"x" * (65535 - len(filled)) + b"\0"), MALFORMED, place, "65536 bytes"
    start, end = base.start(NAMES), base.end(NAMES)
    yield "names-first", base.edited((start, "B", 65)), MALFORMED, start, "first byte not 0"
    yield "names-last", base.edited((end - 1, "B", 65)), MALFORMED, end - 1, "last byte not 0"
    for byte in (1, 10, 31, 127):
        yield f"names-byte-{byte}", base.edited((start + 1, "B", byte)), VALUE, start + 1, f"byte {byte} in a string"
    length = base.length(NAMES)
    output = base.start(OUTPUTS)
    places = {"stream": base.start(STREAMS), "channel": base.channel(0), "channel-1": base.channel(1),
              "unit": base.channel(1) + 2, "output": output + 4, "class": output + 12,
              "class-last": base.end(OUTPUTS) - 2}
    inside = base.payload(NAMES).index(b"out") + 1
    for what, place in places.items():
        for value in (length, inside, 65535):
            yield (f"name-{what}-{value}", base.edited((place, "H", value)), MALFORMED, place,
                   f"name reference of {what}: {'inside a string' if value == inside else 'beyond the section'}")


def stream_faults(base):
    stream, place = base.start(STREAMS), base.length_field(STREAMS)
    yield "streams-0", base.with_payload(STREAMS, b""), MALFORMED, place, "streams section of 0 bytes"
    yield "streams-12", base.with_payload(STREAMS, base.payload(STREAMS)[:12]), MALFORMED, place, "12 bytes"
    yield "streams-20", base.with_payload(STREAMS, base.payload(STREAMS) + b"\0" * 4), MALFORMED, place, "20 bytes"
    yield "streams-2", base.with_payload(STREAMS, base.payload(STREAMS) * 2), UNSUPPORTED, place, "two streams"
    yield "stream-channels-0", base.edited((stream + 2, "H", 0)), VALUE, stream + 2, "no channels"
    yield "stream-rate-0", base.edited((stream + 4, "I", 0)), VALUE, stream + 4, "rate 0/1"
    yield "stream-rate-by-0", base.edited((stream + 8, "I", 0)), VALUE, stream + 8, "rate 50/0"
    for value in (10, 65535):
        yield f"stream-slot-{value}", base.edited((stream + 12, "H", value)), MALFORMED, stream + 12, "slot that does not exist"
    yield "stream-reserved", base.edited((stream + 14, "H", 1)), UNSUPPORTED, stream + 14, "reserved field of the stream"
    channels, place = base.payload(CHANNELS), base.length_field(CHANNELS)
    yield "channels-0", base.with_payload(CHANNELS, b""), MALFORMED, place, "channels section of 0 bytes"
    yield "channels-1", base.with_payload(CHANNELS, channels[:12]), MALFORMED, place, "one channel record for two"
    yield "channels-3", base.with_payload(CHANNELS, channels + channels[:12]), MALFORMED, place, "three channel records for two"
    yield "channels-20", base.with_payload(CHANNELS, channels[:20]), MALFORMED, place, "channels section of 20 bytes"
    for i in (0, 1):
        for part in (4, 8):
            place = base.channel(i) + part
            yield f"channel-{i}-scale-{part}", base.edited((place, "I", 0)), VALUE, place, f"0 in the scale of channel {i}"


def slot_faults(base):
    slots, place = base.payload(SLOTS), base.length_field(SLOTS)
    yield "slots-119", base.with_payload(SLOTS, slots[:119]), MALFORMED, place, "slots section of 119 bytes"
    yield "slots-124", base.with_payload(SLOTS, slots + b"\0" * 4), MALFORMED, place, "slots section of 124 bytes"
    yield "slots-4097", base.with_payload(SLOTS, slots + slots[12:24] * 4087), MALFORMED, place, "4097 slots"
    samples, analog, current, spikes, memory, wide = (base.slot(i) for i in (0, 1, 2, 3, 5, 9))
    for value in (0, 6, 255):
        yield f"slot-type-{value}", base.edited((analog, "B", value)), UNSUPPORTED, analog, f"slot type {value}"
    for what, place, values in (("samples", samples, (8, 32)), ("current", current, (0, 16)), ("spikes", spikes, (0, 9, 16, 17, 32, 255)),
                                ("analog", analog, (0, 1, 17, 31, 33, 255))):
        for value in values:
            yield f"slot-{what}-bits-{value}", base.edited((place + 1, "B", value)), UNSUPPORTED, place + 1, f"{what} of {value} bits"
    for what, place, value, status in (
            ("samples", samples, 1, VALUE), ("samples", samples, 2, UNSUPPORTED), ("current", current, 1, VALUE),
            ("current", current, 3, UNSUPPORTED), ("spikes", spikes, 2, UNSUPPORTED), ("analog", analog, 255, UNSUPPORTED)):
        yield f"slot-{what}-lifetime-{value}", base.edited((place + 2, "B", value)), status, place + 2, f"{what} with lifetime {value}"
    yield "slot-reserved", base.edited((spikes + 3, "B", 1)), UNSUPPORTED, spikes + 3, "reserved field of a slot"
    for value in (0, 2, 65535):
        yield f"slot-ring-{value}", base.edited((spikes + 4, "H", value)), UNSUPPORTED, spikes + 4, f"ring depth {value}"
    for name, edits, status, place, what in (
            ("bits-lifetime", ((1, "B", 9), (2, "B", 2)), UNSUPPORTED, 1, "bits and lifetime"),
            ("lifetime-reserved", ((2, "B", 1), (3, "B", 1)), VALUE, 2, "lifetime of its type, and the reserved field"),
            ("lifetime-flags", ((2, "B", 3), (3, "B", 1)), UNSUPPORTED, 2, "lifetime's reserved bit, and the reserved field"),
            ("initial-count", ((6, "h", 1), (8, "I", 0)), VALUE, 6, "initial value and count")):
        yield (f"order-slot-{name}", base.edited(*((current + at, form, value) for at, form, value in edits)), status, current + place,
               f"a current slot: {what}")
    for what, place, value in (("samples", samples, 1), ("current", current, 1), ("transient-spikes", spikes, 1),
                               ("persistent-spikes", base.slot(7), 1), ("transient-analog", analog, -1)):
        yield f"slot-{what}-initial", base.edited((place + 6, "h", value)), VALUE, place + 6, f"{what} initially {value}"
    graded = rich_1_1()
    for name, i in (("transient", 3), ("persistent", 9)):
        for value in (1, -1):
            place = graded.slot(i) + 6
            yield (f"slot-graded-{name}-initial{value}", graded.edited((place, "h", value)), VALUE, place,
                   f"{name} graded spikes initially {value}")
    for what, bits, value in (("8-bit", 8, 128), ("8-bit", 8, -128), ("16-bit", 16, -32768), ("2-bit", 2, 2)):
        narrow = persistent_front(bits)
        place = narrow.slot(1) + 6
        yield f"slot-{what}-initial{value}", narrow.edited((place, "h", value)), VALUE, place, f"{what} analog initially {value}"
    for value in (0, 2**24 + 1, 0xFFFFFFFF):
        for what, place in (("spikes", spikes), ("wide", wide), ("memory", memory)):
            yield f"slot-{what}-count-{value}", base.edited((place + 8, "I", value)), VALUE, place + 8, f"{value} elements"


def persistent_front(bits):
    model = ModelWriter()
    samples = model.stream("s", (50, 1), [("c", "g", (1, 1))])
    values = model.analog(1, bits, persistent=True)
    model.input(samples, values, [0], [1], 0)
    return finish(model, values, 1)


def op_faults(base):
    ops, place = base.payload(OPS), base.length_field(OPS)
    yield "ops-empty", base.with_payload(OPS, b""), MALFORMED, place, "no ops"
    yield "ops-190", base.with_payload(OPS, ops[:190]), MALFORMED, place, "ops section of 190 bytes"
    yield "ops-4097", base.with_payload(OPS, ops[:20] * 4097), MALFORMED, place, "4097 ops"
    dense, last = base.op(1), base.op(9)
    for value in (0, 15, 255):
        yield f"op-kind-{value}", base.edited((dense, "B", value)), UNSUPPORTED, dense, f"op kind {value}"
    for value in (0, 2):
        yield f"op-version-{value}", base.edited((dense + 1, "B", value)), UNSUPPORTED, dense + 1, f"version {value} of dense"
        yield f"op-period-{value}", base.edited((dense + 2, "H", value)), UNSUPPORTED, dense + 2, f"period {value}"
    yield "op-phase-1", base.edited((dense + 4, "H", 1)), UNSUPPORTED, dense + 4, "phase 1"
    for value in (10, 4096, 65534, 65535):
        yield f"op-input-{value}", base.edited((dense + 6, "H", value)), MALFORMED, dense + 6, f"input slot {value} of 10"
        yield f"op-output-{value}", base.edited((dense + 14, "H", value)), MALFORMED, dense + 14, f"output slot {value} of 10"
    yield "op-readout-input", base.edited((last + 6, "H", 65535)), MALFORMED, last + 6, "readout without a source"
    for i in (1, 2, 3):
        place = dense + 6 + 2 * i
        yield f"op-input-field-{i}", base.edited((place, "H", 1)), WIRING, place, f"input field {i} of dense is used"
    yield "op-output-field-1", base.edited((dense + 16, "H", 2)), WIRING, dense + 16, "second output field of dense is used"
    yield "op-readout-output", base.edited((last + 14, "H", 9)), WIRING, last + 14, "readout with an output slot"
    yield from room_faults(base, "1.0")
    for value in (base.length(PARAMETERS) // 4, 65535):
        place = dense + BLOCK_AT
        yield f"op-block-{value}", base.edited((place, "H", value)), MALFORMED, place, "parameters beyond their section"
    yield ("parameters-empty", base.with_payload(PARAMETERS, b""), MALFORMED, base.op(0) + BLOCK_AT, "empty parameters section")
    shorter = base.with_payload(PARAMETERS, base.payload(PARAMETERS)[:-1])
    yield "parameters-shorter", shorter, MALFORMED, last + BLOCK_AT, "last block one byte short"


def input_and_projection_faults(base):
    rows = [(0, "input-shift", 0, "B", 32, VALUE, "shift 32"), (0, "input-shift", 0, "B", 255, VALUE, "shift 255")]
    rows += tensor_rows(base, 0, "input-table", 4, 8, 4)
    for value in (0, 6, 64, 79, 128, 255):
        rows.append((1, "encoding", 0, "B", value, UNSUPPORTED, f"weight encoding {value}"))
    rows += [(1, "join", 1, "B", 4, UNSUPPORTED, "join 4"), (1, "join", 1, "B", 255, UNSUPPORTED, "join 255"),
             (1, "left-shift-beyond-all", 2, "B", 48, VALUE, "left shift 48"),
             (1, "left-shift", 2, "B", 31, VALUE, "left shift 31"), (7, "right-shift", 2, "B", 31, VALUE, "right shift 31"),
             (3, "multiplier-shift", 2, "B", 48, VALUE, "multiplier shift 48"), (5, "add-shift", 2, "B", 1, VALUE, "add with a shift"),
             (1, "source-shift-analog", 3, "B", 1, VALUE, "source shift of an 8-bit source"),
             (3, "source-shift-spikes", 3, "B", 1, VALUE, "source shift of spikes"),
             (5, "source-shift-wide", 3, "B", 32, VALUE, "source shift 32"),
             (1, "dense-groups", 4, "I", 0, VALUE, "dense with no group"), (1, "dense-groups", 4, "I", 2, VALUE, "dense, two groups"),
             (3, "block-groups", 4, "I", 0, VALUE, "block with no group"),
             (3, "block-groups-target", 4, "I", 4, VALUE, "4 groups for 4 sources and 2 destinations"),
             (3, "block-groups-neither", 4, "I", 3, VALUE, "3 groups for 4 sources and 2 destinations"),
             (3, "block-groups", 4, "I", 2**24, VALUE, "2^24 groups for 4 sources"),
             (3, "block-groups", 4, "I", 2**24 + 1, VALUE, "2^24 + 1 groups"),
             (3, "block-groups", 4, "I", 2**32 - 1, VALUE, "2^32 − 1 groups")]
    rows += [(op, f"multipliers-unjoined-{op}", 12, "I", value, VALUE, "multipliers without their join")
             for op in (1, 5, 7) for value in (4, HUGE)]
    rows += tensor_rows(base, 1, "weights-int4", 8, 4, 4)
    rows += tensor_rows(base, 5, "weights-int16", 8, 24, 4)
    rows += tensor_rows(base, 3, "multipliers", 12, 4, 4)
    yield from parameter_faults(base, rows)
    yield ("multipliers-of-add", base.edited((base.block(3) + 1, "B", 0), (base.block(3) + 2, "B", 0)), VALUE, base.block(3) + 12,
           "join add, with multipliers")
    # Work of 2^30 an op; the input's two come first, so the fourth block passes 2^32 − 1.
    model, _, values = front()
    spikes, state = model.spikes(2**24, persistent=True), model.current(2**24)
    weights = np.ones((64, 64), np.int64)
    for _ in range(5):
        model.block(spikes, state, weights, "binary", 2**18)
    model.lif(state, spikes, threshold=1)
    model.output("out", model.readout(values, window=5), ["k0", "k1"])
    many = Base(model.build())
    yield "work", many.data, VALUE, many.op(4), "5 blocks of 2^30 synapses each"
    for i in (1, 2, 3):
        place = base.block(0)
        yield f"input-reserved-{i}", base.edited((place + i, "B", 1)), UNSUPPORTED, place + 1, f"reserved byte {i} of input"
    shifted = base.edited((base.block(5) + 8, "I", struct.unpack_from("<I", base.data, base.block(5) + 8)[0] + 2))
    yield "weights-by-2", shifted, MALFORMED, base.block(5) + 8, "int16 weights at an odd multiple of 2"
    place = base.tensor(base.block(3) + 8)  # one run per source, one ternary weight each
    yield "ternary-10", base.edited((place, "B", 2)), MALFORMED, place, "ternary code 10"
    yield "ternary-10-second", base.edited((place + 1, "B", 2)), MALFORMED, place + 1, "ternary code 10 in the second run"
    yield "ternary-padding", base.edited((place, "B", 1 | 4)), MALFORMED, place, "first padding bit of a ternary run"
    yield "ternary-padding-high", base.edited((place + 1, "B", 3 | 64)), MALFORMED, place + 1, "padding bit of the second run"
    place = base.tensor(base.block(7) + 8)  # binary, three destinations
    yield "binary-padding", base.edited((place, "B", base.data[place] | 8)), MALFORMED, place, "padding bit 3 of a binary run"
    yield ("binary-padding-second", base.edited((place + 1, "B", base.data[place + 1] | 128)), MALFORMED, place + 1,
           "padding bit 7 of the second run")
    small = Base(example())
    place = small.tensor(small.block(1) + 8)  # int4, three destinations in two bytes
    for i in (1, 3):
        yield (f"int4-padding-{i}", small.edited((place + i, "B", small.data[place + i] | 16)), MALFORMED, place + i,
               "padding bits of an int4 run")


def lif_faults(base):
    cuba, lif, li = 2, 6, 8
    rows = [(cuba, "lif-model", 0, "B", value, UNSUPPORTED, f"lif model {value}") for value in (0, 7, 255)]
    rows += [(cuba, "lif-reset", 1, "B", value, UNSUPPORTED, f"reset {value}") for value in (5, 255)]
    rows += [(cuba, "cuba-reset", 1, "B", 0, VALUE, "CuBa-LIF without reset"), (lif, "lif-reset", 1, "B", 0, VALUE, "LIF without reset")]
    rows += [(li, "li-reset", 1, "B", value, VALUE, f"LI with reset {value}") for value in (1, 2, 3, 4)]
    rows += [(li, "li-reset", 1, "B", 5, UNSUPPORTED, "LI with reset 5")]
    rows += [(cuba, "lif-comparison", 2, "B", value, UNSUPPORTED, f"comparison {value}") for value in (2, 255)]
    rows += [(li, "li-comparison", 2, "B", 1, VALUE, "LI with comparison 1"),
             (li, "li-comparison", 2, "B", 2, UNSUPPORTED, "LI with comparison 2")]
    rows += [(cuba, "lif-width", 3, "B", value, UNSUPPORTED, f"state of {value} bits") for value in (0, 8, 17, 64)]
    rows += [(cuba, "lif-fraction", 4, "B", 16, VALUE, "f = 16")]
    rows += [(op, f"flags-{op}", 5, "B", old | bit, UNSUPPORTED, f"array flag {bit:#x}")
             for op, old in ((cuba, 15), (lif, 4), (li, 9)) for bit in (64, 128)]
    yield from parameter_faults_at(base, [(op, f"flags-{name}", 5, "B", old | bit, VALUE, at, f"array flag {bit:#x} of a model without it")
                                          for op, old, name, bits in ((cuba, 15, "cuba", (16, 32)), (lif, 4, "lif", (2, 16, 32)),
                                                                      (li, 9, "li", (2, 4, 16, 32)))
                                          for bit, at in ((2, 12), (4, 16), (16, 24), (32, 28)) if bit in bits])
    rows += [(cuba, "lif-refractory", 6, "H", value, UNSUPPORTED, f"{value} refractory ticks with reset 2") for value in (1, 32767)]
    rows += [(lif, "lif-refractory-subtract", 6, "H", 1, UNSUPPORTED, "a refractory tick with reset 1"),
             (lif, "lif-refractory-subtract", 6, "H", 32768, VALUE, "32768 refractory ticks with reset 1"),
             (li, "li-refractory", 6, "H", 1, VALUE, "LI with a refractory tick"),
             (li, "li-refractory", 6, "H", 65535, VALUE, "LI with 65535 refractory ticks"),
             (lif, "lif-beta", 8, "I", 32769, VALUE, "β = 32769"), (lif, "lif-beta", 8, "I", 0x80000000, VALUE, "β = 2^31"),
             (lif, "lif-alpha", 12, "I", 1, VALUE, "LIF with α = 1"), (li, "li-alpha", 12, "I", 1, VALUE, "LI with α = 1"),
             (li, "li-theta", 16, "I", 1, VALUE, "LI with θ = 1")]
    rows += [(op, f"{name}-{field}", at, "I", 1, VALUE, f"{field} = 1 without an adaptive threshold")
             for op, name in ((cuba, "cuba"), (lif, "lif"), (li, "li")) for field, at in (("rho", 24), ("kappa", 28))]
    rows += [(op, f"{name}-period", 32, "I", value, VALUE, f"period {value} of {count} neurons")
             for op, name, count in ((cuba, "cuba", 4), (lif, "lif", 2), (li, "li", 3))
             for value in (count + 1, 2 * count, 2**24, 2**24 + 1, 2**31, 2**32 - 1)]
    for offset, name, size, alignment in ((8, "beta-array", 8, 2), (12, "alpha-array", 8, 2), (16, "theta-array-16", 8, 2),
                                          (20, "bias-array", 16, 4)):
        rows += tensor_rows(base, cuba, name, offset, size, alignment)
    rows += tensor_rows(base, lif, "theta-array-32", 16, 8, 4)
    rows += tensor_rows(base, li, "li-bias-array", 20, 12, 4)
    yield from parameter_faults(base, rows)
    for name, op, field, size, form, values in (
            ("beta", cuba, 8, 2, "H", (32769, 65535)), ("alpha", cuba, 12, 2, "H", (32769, 65535)),
            ("theta-16", cuba, 16, 2, "h", (-1, -32768)), ("theta-32", lif, 16, 4, "i", (-1, 2**30, 2**31 - 1))):
        for value in values:
            for i in (0, 1 if op == lif else 3):
                place = base.tensor(base.block(op) + field) + size * i
                yield f"{name}-{i}-{value}", base.edited((place, form, value)), VALUE, place, f"element {i} of {name}: {value}"
    for width, limit in ((16, 2**15 - 1), (32, 2**30 - 1)):
        model, _, values = front()
        current, spikes = model.current(2), model.spikes(2)
        model.dense(values, current, matrix([1, 0], [0, 1]), "int8")
        model.lif(current, spikes, limit, 32768, 32768, model="CuBa-LIF", width=width)
        shared = finish(model, spikes, 2)
        yield from parameter_faults(shared, [
            (2, f"theta-shared-{width}", 16, "I", limit + 1, VALUE, "θ above L"),
            (2, f"theta-shared-{width}", 16, "I", 2**32 - 1, VALUE, "θ = 2^32 − 1"),
            (2, f"alpha-shared-{width}", 12, "I", 32769, VALUE, "α = 32769"),
            (2, f"beta-shared-{width}", 8, "I", 32769, VALUE, "β = 32769")])


def lif_1_1_faults(_):
    base = rich_1_1()
    alif, cuba_alif, cuba_li, graded, shared, lif = 2, 4, 6, 8, 10, 12
    for op, model, slot in ((cuba_li, 1, "state"), (cuba_li, 5, "state"), (cuba_li, 6, "state"), (alif, 3, "spikes"),
                            (graded, 4, "graded")):
        yield (f"wiring-lif-{model}-to-{slot}", base.edited((base.block(op), "B", model)), WIRING, base.op(op) + OUTPUT_AT,
               f"lif model {model} writes a slot of {slot}")
    slot, place = base.slot(7), base.op(cuba_li) + OUTPUT_AT
    for name, edits, what in (("transient", ((slot + 2, "B", 0), (slot + 6, "h", 0)), "a transient slot"),
                              ("wide", ((slot + 1, "B", 32),), "32-bit analog from 16-bit state"),
                              ("narrow", ((slot + 1, "B", 8),), "8-bit analog")):
        yield f"wiring-cuba-li-{name}", base.edited(*edits), WIRING, place, f"CuBa-LI writes {what}"
    place = base.block(cuba_li) + 3
    yield ("wiring-cuba-li-width", base.edited((place, "B", 32)), WIRING, base.op(cuba_li) + OUTPUT_AT,
           "CuBa-LI of 32 bits writes 16-bit analog")
    place = base.block(lif) + 1
    for value in (1, 2):
        yield (f"plain-becomes-graded-{value}", base.edited((base.slot(13) + 1, "B", 2), (place, "B", value)), UNSUPPORTED, place,
               f"LIF with reset {value} writes spikes of 2 bits")
    rows = []
    for op, what in ((alif, "ALIF"), (cuba_alif, "CuBa-ALIF"), (graded, "graded CuBa-LIF")):
        name = what.replace(" ", "-").lower()
        rows += [(op, f"{name}-reset", 1, "B", 0, VALUE, f"{what} without reset")]
        rows += [(op, f"{name}-reset", 1, "B", value, UNSUPPORTED, f"{what} with reset {value}") for value in (1, 2, 5)]
        rows += [(op, f"{name}-comparison", 2, "B", 2, UNSUPPORTED, f"{what} with comparison 2")]
        rows += [(op, f"{name}-refractory", 6, "H", value, VALUE, f"{what} with {value} refractory ticks") for value in (32768, 65535)]
    rows += [(cuba_li, "cuba-li-reset", 1, "B", value, VALUE, f"CuBa-LI with reset {value}") for value in (1, 2, 3, 4)]
    rows += [(cuba_li, "cuba-li-comparison", 2, "B", 1, VALUE, "CuBa-LI with comparison 1"),
             (alif, "alif-alpha", 12, "I", 1, VALUE, "ALIF with α = 1")]
    rows += [(op, f"1.1-flags-{op}", 5, "B", old | bit, UNSUPPORTED, f"array flag {bit:#x}")
             for op, old in ((alif, 61), (cuba_alif, 63), (cuba_li, 2), (graded, 0)) for bit in (64, 128)]
    yield from parameter_faults_at(base, [
        (op, f"1.1-flags-{op}", 5, "B", flags, VALUE, at, f"array flags {flags:#x} of {what}")
        for op, what, values in ((alif, "ALIF", ((61 | 2, 12),)), (cuba_li, "CuBa-LI", ((2 | 4, 16), (2 | 16, 24), (2 | 32, 28))),
                                 (graded, "CuBa-LIF", ((16, 24), (32, 28)))) for flags, at in values])
    rows += [(cuba_li, "cuba-li-refractory", 6, "H", value, VALUE, f"CuBa-LI with {value} refractory ticks") for value in (1, 32768)]
    rows += [(cuba_li, "cuba-li-theta", 16, "I", 1, VALUE, "CuBa-LI with θ = 1"),
             (shared, "alpha-shared-adaptive", 12, "I", 32769, VALUE, "α = 32769"),
             (shared, "rho-shared", 24, "I", 32769, VALUE, "ρ = 32769"),
             (shared, "rho-shared", 24, "I", 2**32 - 1, VALUE, "ρ = 2^32 − 1"),
             (shared, "kappa-shared", 28, "I", 32768, VALUE, "κ above L"),
             (shared, "kappa-shared", 28, "I", 2**32 - 1, VALUE, "κ = 2^32 − 1")]
    rows += tensor_rows(base, cuba_li, "cuba-li-alpha-array", 12, 4, 2)
    for op, count, form_size, name in ((alif, 3, 2, "16"), (cuba_alif, 2, 4, "32")):
        rows += tensor_rows(base, op, f"rho-array-{name}", 24, 2 * count, 2)
        rows += tensor_rows(base, op, f"kappa-array-{name}", 28, form_size * count, form_size)
    yield from parameter_faults(base, rows)
    wide = base.edited((base.block(cuba_alif) + 5, "B", 31), (base.block(cuba_alif) + 28, "I", 2**30))
    yield "kappa-shared-32", wide, VALUE, base.block(cuba_alif) + 28, "κ = 2^30 with 32-bit state"
    for name, op, field, size, form, values in (
            ("rho", alif, 24, 2, "H", (32769, 65535)), ("kappa-16", alif, 28, 2, "h", (-1, -32768)),
            ("kappa-32", cuba_alif, 28, 4, "i", (-1, 2**30, 2**31 - 1)), ("cuba-li-alpha", cuba_li, 12, 2, "H", (32769,))):
        for value in values:
            for i in (0, 2 if op == alif else 1):
                place = base.tensor(base.block(op) + field) + size * i
                yield f"{name}-{i}-{value}", base.edited((place, form, value)), VALUE, place, f"element {i} of {name}: {value}"
    # Of two faults the first: all fields, then wiring, then relations, then arrays, then elements.
    place = base.block(alif)
    for name, edits, status, offset, what in (
            ("reset-comparison", ((1, "B", 1), (2, "B", 2)), UNSUPPORTED, 2, "ALIF with reset 1 and comparison 2"),
            ("reset-refractory", ((1, "B", 1), (6, "H", 65535)), VALUE, 6, "ALIF with reset 1 and 65535 refractory ticks"),
            ("reset-alpha", ((1, "B", 0), (12, "I", 1)), VALUE, 1, "ALIF without reset and α = 1"),
            ("width-flags", ((3, "B", 8), (5, "B", 191)), UNSUPPORTED, 3, "state of 8 bits and array flags"),
            ("flags-refractory", ((5, "B", 191), (6, "H", 65535)), UNSUPPORTED, 5, "array flags and refractory ticks"),
            ("alpha-period", ((12, "I", 1), (32, "I", 2)), VALUE, 12, "α of ALIF and a period of 2 for 3"),
            ("period-beta", ((8, "I", HUGE), (32, "I", 2)), VALUE, 32, "a β array far out and a period of 2 for 3"),
            ("alpha-beta", ((8, "I", HUGE), (12, "I", 32769)), VALUE, 12, "a β array far out and α = 32769"),
            ("refractory-beta", ((6, "H", 65535), (8, "I", HUGE)), VALUE, 6, "refractory ticks and a β array far out"),
            ("rho-kappa", ((24, "I", HUGE), (28, "I", HUGE)), MALFORMED, 24, "arrays of ρ and κ far out"),
            ("bias-rho", ((20, "I", HUGE), (24, "I", HUGE)), MALFORMED, 20, "arrays of b and ρ far out")):
        yield (f"order-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), status,
               place + offset, what)
    yield ("order-field-wiring", base.edited((base.op(cuba_li) + OUTPUT_AT, "H", 3), (base.block(cuba_li) + 4, "B", 16)), VALUE,
           base.block(cuba_li) + 4, "f = 16, and an output of another type")
    yield ("order-wiring-relation", base.edited((base.op(alif) + OUTPUT_AT, "H", 7), (place + 1, "B", 1)), WIRING,
           base.op(alif) + OUTPUT_AT, "an output of another type, and ALIF with reset 1")
    yield ("order-wiring-types-counts", base.edited((base.op(alif) + INPUT_AT, "H", 1), (base.op(alif) + OUTPUT_AT, "H", 7)), WIRING,
           base.op(alif) + INPUT_AT, "an input and an output of another type")
    element = base.tensor(place + 8)
    yield ("order-array-element", base.edited((element, "H", 65535), (place + 28, "I", HUGE)), MALFORMED, place + 28,
           "an element of β, and κ far out")
    yield ("order-elements", base.edited((element, "H", 65535), (base.tensor(place + 16), "h", -1)), VALUE, element, "elements of β and θ")
    yield ("order-op-op", base.edited((base.tensor(base.block(cuba_alif) + 8), "H", 65535), (base.op(1), "B", 0)), UNSUPPORTED,
           base.op(1), "the kind of an op, and an element of one below")
    yield ("order-ops-slots", base.edited((base.block(12) + 4, "B", 16), (base.start(STREAMS) + 12, "H", 1)), VALUE,
           base.block(12) + 4, "f of the last population, and the stream's slot")


def memory_and_readout_faults(base):
    rows = [(4, "memory-encoding", 0, "B", value, UNSUPPORTED, f"encoding {value}") for value in (0, 6, 128)]
    rows += [(4, "memory-encoding", 0, "B", value, UNSUPPORTED, f"encoding {value} for a memory") for value in (1, 2, 3)]
    rows += [(4, "memory-sa", 1, "B", 31, VALUE, "sA = 31"), (4, "memory-sb", 2, "B", 31, VALUE, "sB = 31"),
             (4, "memory-fraction", 3, "B", 16, VALUE, "f = 16"),
             (4, "memory-flags", 6, "B", 3, UNSUPPORTED, "array flag 2"), (4, "memory-flags", 6, "B", 129, UNSUPPORTED, "array flag 128"),
             (4, "memory-reserved", 7, "B", 1, UNSUPPORTED, "reserved field of memory")]
    rows += tensor_rows(base, 4, "memory-a", 8, 18, 2)
    rows += tensor_rows(base, 4, "memory-b", 12, 6, 2)
    rows += tensor_rows(base, 4, "memory-bias", 16, 8, 4)
    yield from parameter_faults(base, rows)
    place = base.block(4) + 4
    yield ("memory-order-2-slot", base.edited((place, "H", 2)), WIRING, base.op(4) + OUTPUT_AT, "2 units of order 2 in 6 elements")
    for value in (0, 4097):
        yield f"memory-order-{value}-slot", base.edited((place, "H", value)), VALUE, place, f"order {value}"
    single = one_unit()
    slot, block = single.slot(3), single.block(2)
    for value in (4097, 65535):
        yield (f"memory-order-{value}", single.edited((block + 4, "H", value), (slot + 8, "I", value)), VALUE, block + 4,
               f"order {value}, with as many elements")
    yield ("memory-order-4096", single.edited((block + 4, "H", 4096), (slot + 8, "I", 4096)), MALFORMED, block + 8,
           "order 4096, with as many elements: A of 2^24 bytes")
    readout, small = 9, Base(example())
    rows = [(readout, "readout-integration", 0, "B", value, UNSUPPORTED, f"integration {value}") for value in (0, 4, 255)]
    rows += [(readout, "readout-end", 1, "B", 2, UNSUPPORTED, "2 at a hop's end"), (readout, "readout-shift", 2, "B", 32, VALUE, "shift 32"),
             (readout, "readout-first", 3, "B", 1, VALUE, "an early first result where hop = window"),
             (readout, "readout-first", 3, "B", 2, UNSUPPORTED, "2 for the first result"),
             (readout, "readout-window", 4, "I", 0, VALUE, "window 0"),
             (readout, "readout-window", 4, "I", 2**24 + 1, VALUE, "window 2^24 + 1"),
             (readout, "readout-window", 4, "I", 2**32 - 1, VALUE, "window 2^32 − 1"),
             (readout, "readout-hop", 8, "I", 1, VALUE, "leaky sum with a hop below the window"),
             (readout, "readout-hop", 8, "I", 4, VALUE, "leaky sum with a hop that does not divide the window"),
             (readout, "readout-hop", 8, "I", 0, VALUE, "hop 0"), (readout, "readout-hop", 8, "I", 6, VALUE, "hop above the window"),
             (readout, "readout-decay", 12, "H", 32769, VALUE, "λ = 32769"),
             (readout, "readout-evidence-decay", 14, "H", 32769, VALUE, "μ = 32769"),
             (readout, "readout-evidence-decay", 14, "H", 65535, VALUE, "μ = 65535")]
    ring, place = rich_1_1(), rich_1_1().block(13)
    yield from parameter_faults(ring, [
        (13, "ring-first", 3, "B", 2, UNSUPPORTED, "2 for the first result"), (13, "ring-first", 3, "B", 255, UNSUPPORTED, "255 for the first result"),
        (13, "ring-window", 4, "I", 0, VALUE, "window 0"), (13, "ring-hop", 8, "I", 0, VALUE, "hop 0"),
        (13, "ring-hop", 8, "I", 5, VALUE, "hop 5 of a window of 12"), (13, "ring-hop", 8, "I", 24, VALUE, "hop 24, window 12"),
        (13, "ring-hop", 8, "I", 2**32 - 4, VALUE, "hop 2^32 − 4"), (13, "ring-decay", 12, "H", 1, VALUE, "λ = 1 for a sum"),
        (13, "ring-evidence-decay", 14, "H", 1, VALUE, "μ = 1 where hop is below the window"),
        (13, "ring-evidence-decay", 14, "H", 32769, VALUE, "μ = 32769 there")])
    yield ("order-readout-first-hop", ring.edited((place + 3, "B", 2), (place + 8, "I", 0)), UNSUPPORTED, place + 3,
           "2 for the first result, and hop 0")
    for name, edits, offset, what in (
            ("first-decay-range", ((8, "I", 12), (12, "H", 65535)), 12, "an early first result where hop = window, and λ = 65535"),
            ("hop-first", ((3, "B", 1), (8, "I", 5)), 8, "an early first result, and a hop that does not divide the window"),
            ("window-first", ((4, "I", 0), (3, "B", 1)), 4, "window 0, and an early first result"),
            ("first-decay", ((8, "I", 12), (12, "H", 1)), 3, "an early first result where hop = window, and λ for a sum"),
            ("decay-evidence", ((12, "H", 1), (14, "H", 1)), 12, "λ for a sum, and μ where hop is below the window")):
        yield (f"order-readout-{name}", ring.edited(*((place + at, form, value) for at, form, value in edits)), VALUE,
               place + offset, what)
    yield "ring-window-13", ring.edited((place + 4, "I", 13)), VALUE, place + 8, "hop 4 of a window of 13"
    yield "ring-window-3", ring.edited((place + 4, "I", 3)), VALUE, place + 8, "hop 4, window 3"
    yield "ring-4097", ring.edited((place + 4, "I", 4 * 4097)), VALUE, place + 8, "window / hop = 4097"
    yield ("ring-2-24", ring.edited((place + 4, "I", 2**24), (place + 8, "I", 1)), VALUE, place + 8, "window / hop = 2^24")
    yield "ring-none-early", ring.edited((place + 8, "I", 12)), VALUE, place + 3, "an early first result where hop = window = 12"
    yield "ring-leaky", ring.edited((place, "B", 3)), VALUE, place + 8, "leaky sum with hop 4 of a window of 12"
    yield from parameter_faults(base, rows)
    yield from parameter_faults(small, [(5, "readout-decay-last-value", 12, "H", 1, VALUE, "λ = 1 for last value")])


def one_unit():
    """Ops 0 input, 1 dense, 2 memory of one unit of order 1 that nothing reads, 3 readout of the input's slot."""
    model, _, values = front()
    current, memory = model.current(1), model.analog(1, 16, True)
    model.dense(values, current, matrix([1, 1]), "int8")
    model.memory(current, memory, matrix([1]), np.array([1]), "int8", 1, 1)
    return finish(model, values, 2)


def huge_faults():
    """Sizes whose products overflow 32 bits."""
    model, _, values = front()
    count = 65536
    first, spikes, second, more = model.current(count), model.spikes(count), model.current(count), model.spikes(count)
    model.dense(values, first, np.ones((count, 2), np.int64), "binary")
    model.lif(first, spikes)
    model.block(spikes, second, matrix([1]), "int8", count)
    model.lif(second, more)
    third, classes = model.current(2), model.spikes(2)
    model.block(more, third, np.ones((1, count // 2), np.int64), "ternary", 2)
    model.lif(third, classes)
    base = finish(model, classes, 2)
    place = base.block(3)
    yield ("huge-int8-weights", base.edited((place + 4, "I", 1)), MALFORMED, place + 8, "2^16 × 2^16 int8 weights: 2^32 bytes")
    for code, what in ((1, "binary: 2^29 bytes"), (5, "int16: 2^33 bytes")):
        yield (f"huge-weights-{code}", base.edited((place + 4, "I", 1), (place, "B", code)), MALFORMED, place + 8,
               f"2^32 {what}")
    rich_base = rich()
    place = rich_base.start(SELF_TEST)
    for value, what in ((2**30, "2^32 bytes"), (2**31, "2^33 bytes"), (2**32 - 1, "nearly 2^34 bytes"), (1, "4 bytes missing")):
        yield (f"self-test-count-{value}", rich_base.edited((place, "I", value)), MALFORMED,
               rich_base.length_field(SELF_TEST), f"{value} frames of 2 channels: {what}")


def wiring_faults(base):
    """Models with one wiring fault each, by edits where one edit is one fault, else written faulty from the start."""
    stream = base.start(STREAMS)
    yield "stream-slot-type", base.edited((stream + 12, "H", 1)), WIRING, stream + 12, "the stream's slot is analog"
    model, _, values = front(3)
    three = finish(model, values, 3)
    two = Base(three.with_payload(CHANNELS, three.payload(CHANNELS)[:24]))
    place = two.start(STREAMS)
    yield ("stream-slot-count", two.edited((place + 2, "H", 2)), WIRING, place + 12,
           "samples slot of 3 elements for 2 channels")

    def with_slot(record):
        return Base(base.with_payload(SLOTS, base.payload(SLOTS) + record))

    for name, record in (("samples", struct.pack("<BBBBHhI", 1, 16, 0, 0, 1, 0, 2)), ("current", struct.pack("<BBBBHhI", 2, 32, 0, 0, 1, 0, 2)),
                         ("spikes", struct.pack("<BBBBHhI", 3, 1, 0, 0, 1, 0, 2)), ("analog", struct.pack("<BBBBHhI", 4, 9, 0, 0, 1, 0, 2)),
                         ("persistent", struct.pack("<BBBBHhI", 4, 32, 1, 0, 1, 0, 2))):
        added = with_slot(record)
        yield f"unwritten-{name}", added.data, WIRING, added.slot(10), f"a {name} slot that nothing writes"

    def build(change):
        """input → dense (2 × 2) → LIF → dense → LIF → readout, as `change(model, slots)` alters it before the readout."""
        model, samples, values = front()
        slots = {"samples": samples, "values": values, "current": model.current(2), "spikes": model.spikes(2),
                 "second": model.current(2), "last": model.spikes(2)}
        weights = matrix([1, 2], [3, 4])
        change(model, slots, weights)
        return finish(model, slots["last"], 2)

    def chain(model, slots, weights, spare=None):
        """The plain program, with what `spare` adds after its first lif."""
        model.dense(slots["values"], slots["current"], weights, "int8")
        model.lif(slots["current"], slots["spikes"])
        if spare:
            spare(model, slots, weights)
        model.dense(slots["spikes"], slots["second"], weights, "int8")
        model.lif(slots["second"], slots["last"])

    def twice(model, slots, weights):
        def spare(model, slots, weights):
            extra = model.current(2)
            model.dense(slots["values"], extra, weights, "int8")
            model.lif(extra, slots["spikes"])
        chain(model, slots, weights, spare)

    def unread(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.dense(slots["values"], model.current(2), weights, "int8"))

    def read_twice(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.lif(slots["current"], model.spikes(2)))

    def samples_written(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.input(slots["samples"], slots["samples"], [0, 0], [1, 1], 0))

    def second_input(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.input(slots["samples"], slots["values"], [0, 0], [1, 1], 0))

    def reader_above(model, slots, weights):
        model.dense(slots["values"], slots["current"], weights, "int8")
        model.lif(slots["current"], slots["spikes"])
        model.dense(slots["spikes"], slots["second"], weights, "int8")
        model.lif(slots["second"], slots["last"])
        model.dense(slots["values"], slots["second"], weights, "int8")

    def transient_above(model, slots, weights):
        model.dense(slots["values"], slots["current"], weights, "int8")
        model.dense(slots["last"], slots["current"], weights, "int8")
        model.lif(slots["current"], slots["spikes"])
        model.dense(slots["spikes"], slots["second"], weights, "int8")
        model.lif(slots["second"], slots["last"])

    for name, change, where, what in (
            ("written-twice", twice, lambda model: model.slot(3), "two LIFs write one spikes slot"),
            ("analog-twice", second_input, lambda model: model.slot(1), "two inputs write one analog slot"),
            ("samples-written", samples_written, lambda model: model.op(3) + OUTPUT_AT, "input writes the samples slot"),
            ("unread-current", unread, lambda model: model.slot(6), "a current slot that nothing reads"),
            ("current-read-twice", read_twice, lambda model: model.op(3) + INPUT_AT, "a current slot with a second reader"),
            ("current-read-above", reader_above, lambda model: model.op(4) + INPUT_AT, "a LIF above one of its projections"),
            ("transient-read-above", transient_above, lambda model: model.op(2) + INPUT_AT, "a transient slot read above its writer")):
        model = build(change)
        yield name, model.data, WIRING, where(model), what

    plain = build(chain)  # slots 0 samples, 1 values, 2 current, 3 spikes, 4 second, 5 last; ops 0 input … 5 readout
    two_inputs = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.input(
        slots["values"], model.analog(2, 8), [0, 0], [1, 1], 0)))
    yield "input-of-analog", two_inputs.data, WIRING, two_inputs.op(3) + INPUT_AT, "input reads an analog slot"
    place = plain.op(1) + INPUT_AT
    yield "dense-of-samples", plain.edited((place, "H", 0)), WIRING, place, "dense reads samples"
    place = plain.op(3) + INPUT_AT
    yield "dense-of-current", plain.edited((place, "H", 2)), WIRING, place, "dense reads a current slot, its second reader"
    place = plain.op(5) + INPUT_AT
    yield "readout-of-samples", plain.edited((place, "H", 0)), WIRING, place, "readout reads samples"
    lif_of_spikes = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.lif(
        slots["spikes"], model.spikes(2))))
    yield "lif-of-spikes", lif_of_spikes.data, WIRING, lif_of_spikes.op(3) + INPUT_AT, "lif reads spikes"
    memory_of_analog = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.memory(
        slots["values"], model.analog(2, 16, True), matrix([1]), np.array([1]), "int8", 1, 1)))
    yield "memory-of-analog", memory_of_analog.data, WIRING, memory_of_analog.op(3) + INPUT_AT, "memory reads an analog slot"
    for name, op, slot, edits, what in (
            ("input-to-wide", 0, 1, ((1, "B", 32),), "input writes 32-bit analog"),
            ("input-to-spikes", 0, 1, ((0, "B", 3), (1, "B", 1)), "input writes spikes"),
            ("lif-to-analog", 2, 3, ((0, "B", 4), (1, "B", 8)), "LIF writes an analog slot"),
            ("lif-to-state", 4, 5, ((0, "B", 4), (1, "B", 16), (2, "B", 1)), "LIF writes a persistent analog slot"),
            ("lif-count", 4, 5, ((8, "I", 3),), "LIF of 2 currents writes 3 spikes")):
        place = plain.slot(slot)
        yield (f"wiring-{name}", plain.edited(*((place + offset, form, value) for offset, form, value in edits)), WIRING,
               plain.op(op) + OUTPUT_AT, what)
    place = plain.block(2)
    li_to_spikes = plain.edited((place, "B", 3), (place + 1, "B", 0))
    yield "wiring-li-to-spikes", li_to_spikes, WIRING, plain.op(2) + OUTPUT_AT, "LI writes transient spikes"
    small, last = Base(example()), 5
    place = small.slot(last)
    for name, edits, what in (("li-transient", ((2, "B", 0),), "LI writes a transient slot"),
                              ("li-width", ((1, "B", 32),), "16-bit LI writes 32-bit analog"),
                              ("li-narrow", ((1, "B", 8),), "LI writes 8-bit analog"),
                              ("li-spikes", ((0, "B", 3), (1, "B", 1)), "LI writes persistent spikes")):
        yield (f"wiring-{name}", small.edited(*((place + offset, form, value) for offset, form, value in edits)), WIRING,
               small.op(4) + OUTPUT_AT, what)
    place = base.slot(5)
    yield ("wiring-memory-transient", base.edited((place + 2, "B", 0), (place + 6, "h", 0)), WIRING, base.op(4) + OUTPUT_AT,
           "memory writes a transient 32-bit slot")
    to_analog = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.dense(
        slots["values"], model.analog(2, 16), weights, "int8")))
    yield "dense-to-analog", to_analog.data, WIRING, to_analog.op(3) + OUTPUT_AT, "dense writes an analog slot"
    to_spikes = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.block(
        slots["values"], model.spikes(2), matrix([1]), "int8", 2)))
    yield "block-to-spikes", to_spikes.data, WIRING, to_spikes.op(3) + OUTPUT_AT, "block writes a spikes slot"

    def input_count(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.input(slots["samples"], model.analog(3, 8), [0, 0], [1, 1], 0))
    longer = build(input_count)
    yield "input-count", longer.data, WIRING, longer.op(3) + OUTPUT_AT, "input of 2 channels writes 3 elements"

    def memory_to(bits, units, persistent):
        def change(model, slots, weights):
            def spare(*_):
                model.dense(slots["values"], slots["units"], weights, "int8")
                counts = model._counts[slots["memory"]]
                model._counts[slots["memory"]] = 2  # the writer would refuse the count
                model.memory(slots["units"], slots["memory"], matrix([1]), np.array([1]), "int8", 1, 1)
                model._counts[slots["memory"]] = counts
            slots["units"], slots["memory"] = model.current(2), model.analog(units, bits, persistent)
            chain(model, slots, weights, spare)
        return build(change)
    for bits, units, persistent, what in ((8, 2, True, "8-bit analog"), (16, 3, True, "3 elements for 2 units of order 1"),
                                          (16, 2, False, "a transient slot")):
        model = memory_to(bits, units, persistent)
        yield f"memory-to-{bits}-{units}-{persistent:d}", model.data, WIRING, model.op(4) + OUTPUT_AT, f"memory writes {what}"


def output_faults(base):
    output, length = base.start(OUTPUTS), base.length_field(OUTPUTS)
    payload = base.payload(OUTPUTS)
    for size in (0, 2, 4, 10):
        yield f"outputs-{size}", base.with_payload(OUTPUTS, payload[:size]), MALFORMED, length, f"outputs section of {size} bytes"
    yield "outputs-short", base.with_payload(OUTPUTS, payload[:-2]), MALFORMED, length, "one class name missing"
    yield "outputs-long", base.with_payload(OUTPUTS, payload + b"\0\0"), MALFORMED, length, "one class name too many"
    for value in (0, 2, 65535):
        yield f"outputs-count-{value}", base.edited((output, "H", value)), UNSUPPORTED, output, f"{value} outputs"
    yield "outputs-reserved", base.edited((output + 2, "H", 1)), UNSUPPORTED, output + 2, "reserved field of outputs"
    for value in (10, 65535):
        yield f"output-op-{value}", base.edited((output + 6, "H", value)), MALFORMED, output + 6, "op that does not exist"
    yield "output-op-lif", base.edited((output + 6, "H", 8)), WIRING, output + 6, "output of a lif op"
    yield "output-classes-0", base.edited((output + 8, "H", 0)), VALUE, output + 8, "no class"
    for value in (2, 4, 65535):
        yield f"output-classes-{value}", base.edited((output + 8, "H", value)), WIRING, output + 8, f"{value} classes of 3 scores"
    for name, edits, status, place, what in (
            ("op-reserved", ((6, "H", 8), (10, "H", 1)), UNSUPPORTED, 10, "output of a lif op, and the reserved field"),
            ("op-classes", ((6, "H", 8), (8, "H", 2)), WIRING, 6, "output of a lif op, and 2 classes"),
            ("classes-name", ((8, "H", 2), (12, "H", 65535)), WIRING, 8, "2 classes of 3 scores, and a class name")):
        yield (f"order-output-{name}", base.edited(*((output + at, form, value) for at, form, value in edits)), status, output + place, what)
    yield "output-reserved", base.edited((output + 10, "H", 1)), UNSUPPORTED, output + 10, "reserved field of an output"
    model, _, values = front()
    model.readout(values, 5)
    two = finish(model, values, 2)
    yield "two-readouts", two.data, WIRING, two.start(OUTPUTS) + 6, "two readouts, one output"
    place = two.start(OUTPUTS) + 12
    yield "order-output-name-readouts", two.edited((place, "H", 65535)), MALFORMED, place, "two readouts, and a class name"
    model, samples, values = front()
    model.input(samples, model.analog(2, 8), [0, 0], [1, 1], 0)
    model.output("out", 1, ["k0", "k1"])
    none = Base(model.build())
    yield "no-readout", none.data, WIRING, none.start(OUTPUTS) + 6, "no readout: the output's op is an input"
    place = base.length_field(SELF_TEST)
    for size in (0, 4, 7, 9, 10, 12):
        payload = (base.payload(SELF_TEST) + b"\0" * 8)[:size]
        yield f"self-test-{size}", base.with_payload(SELF_TEST, payload), MALFORMED, place, f"self-test of {size} bytes, 0 frames"


def proof_faults():
    """Values just beyond the bound; test_reference.py has the ones just below, which are accepted."""
    for name, data, fault_op, what in proof_cases(beyond=True):
        yield f"proof-{name}", data, OVERFLOW, Base(data).op(fault_op), what


def proof_cases(beyond):
    """(name, file, reading op, description) of currents whose bound just fits, or, `beyond`, just does not.

    One neuron on an analog source of 16 bits (xmax 32767) or 2 bits (xmax 1).
    """
    more = 1 if beyond else 0

    def model(build, bits=16, bias=0, fraction_bits=0, channels=2):
        writer, _, values = front(channels, bits)
        current, spikes = writer.current(1), writer.spikes(1)
        build(writer, values, current)
        return finish_lif(writer, current, spikes, bias, fraction_bits)

    def finish_lif(writer, current, spikes, bias, fraction_bits=0):
        op = writer.lif(current, spikes, bias=bias, fraction_bits=fraction_bits)
        return finish(writer, spikes, 1).data, op

    def weights(*row, encoding="int16", **join):
        return lambda writer, values, current: writer.dense(values, current, matrix(row), encoding, **join)

    cases = [
        # bound_p: 65538 · 32767 = 2147483646 ≤ 2^31 − 1 < 65539 · 32767
        ("bound", model(weights(32767, 32767, 4 + more), channels=3), "Σ|w| = 65539 at 16-bit analog"),
        # |−32768| counts as 32768: 32768 + 32768 + 2 = 65538
        ("bound-negative", model(weights(-32768, -32768, 2 + more), channels=3), "the same with −32768"),
        # left: 1 · 2^30 fits, 2 · 2^30 = 2^31 does not
        ("left", model(weights(1, more, join="left", shift=30), bits=2), "2 · 2^30"),
        # right: bound_p itself is held to 2^31 − 1 before the shift
        ("right-bound", model(weights(32767, 32767, 4 + more, join="right", shift=30), channels=3), "bound before a right shift"),
        # multiplier, s = 0: 1 · (2^31 − 2) + 1 = 2^31 − 1 fits, one more does not
        ("multiplier", model(weights(1, 0, join="multiplier", multipliers=np.array([2**31 - 2 + more])), bits=2), "(2^31 − 1) + 1"),
        ("multiplier-negative", model(weights(1, 0, join="multiplier", multipliers=np.array([-(2**31) + 2 - more])), bits=2),
         "|−(2^31 − 1)| + 1"),
        # multiplier, s = 1: ((2 · (2^31 − 1)) >> 1) + 1 = 2^31; with 2^31 − 2 it is 2^31 − 1
        ("multiplier-shift", model(weights(1, 1, join="multiplier", shift=1, multipliers=np.array([2**31 - 2 + more])), bits=2),
         "2 · (2^31 − 1) / 2 + 1"),
        # f: 65535 · 2^15 = 2147450880 fits, 65536 · 2^15 = 2^31 does not
        ("fraction", model(weights(32767, 32767, 1 + more), bits=2, channels=3, fraction_bits=15), "65536 · 2^15"),
        # b: 3 + (2^31 − 4) = 2^31 − 1 fits
        ("bias", model(weights(1, 2), bits=2, bias=2**31 - 4 + more), "3 + 2^31 − 3"),
        ("bias-negative", model(weights(1, 2), bits=2, bias=-(2**31) + 4 - more), "3 + |−(2^31 − 3)|"),
    ]
    if beyond:
        cases.append(("bias-lowest", model(weights(0, 0), bits=2, bias=-(2**31)), "|−2^31| alone"))
        cases.append(("left-wraps", model(weights(4, 0, join="left", shift=30), bits=2), "4 · 2^30 is 0 in 32 bits"))
        cases.append(("fraction-wraps", model(weights(32767, 32767, 32767, 32767, 4, 0, 0, 0), bits=2, channels=8,
                                              fraction_bits=15), "131072 · 2^15 is 0 in 32 bits"))

    def two(writer, values, current):
        writer.dense(values, current, matrix([1, 0]), "int8", "left", 30)
        writer.dense(values, current, matrix([1, 0]), "int8", "multiplier", 0, multipliers=np.array([2**30 - 2 + more]))
    # 2^30 + (2^30 − 2 + 1) = 2^31 − 1
    cases.append(("sum", model(two, bits=2), "two projections whose sum is 2^31"))
    for name, (data, op), what in cases:
        yield name, data, op, what

    # A memory reads the current.
    writer, _, values = front(bits=2)
    current, memory = writer.current(1), writer.analog(2, 16, True)
    writer.dense(values, current, matrix([1, 0]), "int8", "left", 30)
    writer.memory(current, memory, matrix([1, 0], [0, 1]), np.array([1, 1]), "int8", 0, 0, bias=2**30 - 1 + more)
    yield "memory", finish(writer, memory, 2).data, 2, "a memory's bias: 2^30 + 2^30"
    # Per-unit biases: unit 1 of 2 is at fault.
    writer, _, values = front(bits=2)
    current, spikes = writer.current(2), writer.spikes(2)
    writer.dense(values, current, matrix([1, 0], [1, 0]), "int8")
    writer.lif(current, spikes, bias=np.array([0, 2**31 - 2 + more]))
    yield "bias-array", finish(writer, spikes, 2).data, 2, "1 + 2^31 − 1 in the second neuron"
    # Graded spikes: xmax = 2^bits − 1, and xmax · m + 1 is 2^31 − 1 at most.
    for bits in (2, 8):
        writer, _, values = front(bits=2)
        first, graded, second, spikes = writer.current(1), writer.spikes(1, bits=bits), writer.current(1), writer.spikes(1)
        writer.dense(values, first, matrix([1, 0]), "int8")
        writer.lif(first, graded, reset="zero at once")
        factor = (2**31 - 2) // (2**bits - 1) + more
        writer.dense(graded, second, matrix([1]), "int8", "multiplier", 0, multipliers=np.array([factor]))
        writer.lif(second, spikes)
        yield f"graded-{bits}", finish(writer, spikes, 1).data, 4, f"graded spikes of {bits} bits: xmax {2**bits - 1}"
    # A 32-bit source: xmax = min(32767, rnd(2^30 − 1, s)). s = 16: 16384; s = 0: 32767.
    for shift, greatest in ((0, 32767), (16, 16384), (31, 0)):
        writer, _, values = front(bits=2)
        first, wide, second, spikes = writer.current(1), writer.analog(1, 32, True), writer.current(1), writer.spikes(1)
        writer.dense(values, first, matrix([1, 0]), "int8")
        writer.lif(first, wide, model="LI", width=32)
        # xmax · m + 1 (multiplier, s = 0) is 2^31 − 1 at most for m = ⌊(2^31 − 2) / xmax⌋
        factor = (2**31 - 2) // greatest + more if greatest else 2**31 - 1
        writer.dense(wide, second, matrix([1]), "int8", "multiplier", 0, shift, np.array([factor]))
        # With xmax = 0 the joined bound is 1: a bias of 2^31 − 2 just fits.
        writer.lif(second, spikes, bias=2**31 - 2 + more if greatest == 0 else 0)
        yield f"wide-{shift}", finish(writer, spikes, 1).data, 4, f"32-bit source shifted by {shift}: xmax {greatest}"
    yield from proof_cases_1_2(more)
    yield from proof_cases_1_3(more)
    yield from proof_cases_1_5(more)


def faults():
    base = rich()
    for group in (header_faults, section_faults, name_faults, stream_faults, slot_faults, op_faults,
                  input_and_projection_faults, lif_faults, lif_1_1_faults, memory_and_readout_faults, wiring_faults, output_faults):
        yield from group(base)
    for group in FAULTS_1_2 + FAULTS_1_3 + FAULTS_1_5:
        yield from group()
    yield from huge_faults()
    yield from proof_faults()


def check(name, data, status, offset):
    """Raises unless reader.py refuses `data` with exactly this status and offset."""
    try:
        reader.parse(data)
    except reader.Refused as refused:
        if (refused.status, refused.offset) != (status, offset):
            raise AssertionError(f"{name}: expected {status} at {offset}, got {refused}") from None
    else:
        raise AssertionError(f"{name}: expected {status} at {offset}, was accepted")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    lines, names, wrong = [], set(), 0
    for name, data, status, offset, what in faults():
        assert name not in names, name
        names.add(name)
        try:
            check(name, data, status, offset)
        except AssertionError as error:
            wrong += 1
            print(error)
        (out / f"{name}.snn").write_bytes(data)
        lines.append(f"{name}.snn\t{status}\t{offset}\t{what}\n")
    (out / "refusals.tsv").write_text("".join(lines))
    print(f"{len(lines)} faulty files, {wrong} not refused as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
