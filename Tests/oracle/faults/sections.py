"""Faults of the section table."""

import struct

from faults import bases
from faults.edits import (
    CHANNELS,
    DATA,
    HUGE,
    MALFORMED,
    METADATA,
    NAMES,
    SELF_TEST,
    SLOTS,
    STREAMS,
    UNSUPPORTED,
    VALUE,
    Base,
)
from snnrt.file import assemble, seal


def faults():
    base = bases.plain()
    sections = base.sections()
    names = ("", "streams", "channels", "slots", "ops", "parameters", "data", "outputs", "names", "self-test")
    for missing in range(1, 9):
        kept = [section for section in sections if section[0] != missing]
        place = 32 + 12 * (missing - 1)
        yield f"missing-{names[missing]}", assemble(kept), MALFORMED, place, f"no {names[missing]} section"
        yield (f"missing-{names[missing]}-of-8", assemble(kept[:7]), VALUE, 24, f"7 sections: no {names[missing]}")
        moved = kept + [section for section in sections if section[0] == missing]
        yield f"late-{names[missing]}", assemble(moved), MALFORMED, place, f"{names[missing]} section behind the others"
    for first in range(7):
        swapped = sections[:first] + [sections[first + 1], sections[first]] + sections[first + 2:]
        yield (f"swapped-{names[first + 1]}", assemble(swapped), MALFORMED, 32 + 12 * first,
               f"{names[first + 1]} section behind the next")
    for kind, flags in ((0, 0), (0, 1), (9, 0), (12, 0), (12, 1)):
        early = sections[:3] + [(kind, flags, b"abcd")] + sections[3:]
        yield (f"early-{kind}-{flags}", assemble(early), MALFORMED, 32 + 12 * 3,
               f"a section of type {kind} in front of a required one")
    for kind in range(1, 9):
        added = Base(assemble(sections + [(kind, 1, b"abcd")]))
        place = 32 + 12 * len(sections)
        yield f"required-again-{kind}", added.data, MALFORMED, place, f"a second section of type {kind}"
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
