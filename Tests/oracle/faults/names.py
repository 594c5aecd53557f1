"""Faults of the names section and of references to it."""

from faults import bases
from faults.edits import MALFORMED, NAMES, OUTPUTS, STREAMS, VALUE


def faults():
    base = bases.plain()
    place = base.length_field(NAMES)
    yield "names-empty", base.with_payload(NAMES, b""), MALFORMED, place, "names section of 0 bytes"
    filled = base.payload(NAMES)
    yield "names-65536", base.with_payload(NAMES, filled + b"x" * (65535 - len(filled)) + b"\0"), MALFORMED, place, "65536 bytes"
    start, end = base.start(NAMES), base.end(NAMES)
    yield "names-first", base.edited((start, "B", 65)), MALFORMED, start, "first byte not 0"
    yield "names-last", base.edited((end - 1, "B", 65)), MALFORMED, end - 1, "last byte not 0"
    for byte in (1, 10, 31, 127):
        yield f"names-byte-{byte}", base.edited((start + 1, "B", byte)), VALUE, start + 1, f"byte {byte} in a string"
    for name, edits, status, place, what in (
            ("first-last", ((start, "B", 65), (end - 1, "B", 65)), MALFORMED, start, "first and last byte not 0"),
            ("last-byte", ((start + 1, "B", 1), (end - 1, "B", 65)), MALFORMED, end - 1,
             "byte 1 in a string, and the last byte not 0"),
            ("bytes", ((start + 1, "B", 127), (start + 3, "B", 1)), VALUE, start + 1, "two bytes in strings")):
        yield f"order-names-{name}", base.edited(*edits), status, place, what
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
