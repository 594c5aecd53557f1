"""Faults of the header and the trailer."""

import struct
import zlib

from example import example
from faults import bases
from faults.edits import (
    ARITHMETIC,
    DAMAGED,
    HUGE,
    MALFORMED,
    NEWER,
    NOT_A_MODEL,
    TRUNCATED,
    UNSUPPORTED,
    VALUE,
    Base,
)
from snnrt.file import seal


def faults():
    base = bases.plain()
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
    yield "minor-8", base.edited((10, "H", 8)), NEWER, 10, "minor version 8"
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
    for value in (0, 1, 7, 65, 65535):
        yield f"section-count-{value}", base.edited((24, "H", value)), VALUE, 24, f"{value} sections"
    yield ("section-count-64", Base(example()).edited((24, "H", 64)), MALFORMED, 24,
           "a table of 64 sections does not fit in 564 bytes")
    yield "header-reserved-26", base.edited((26, "H", 1)), UNSUPPORTED, 26, "reserved u16"
    yield "header-reserved-28", base.edited((28, "I", 0x80000000)), UNSUPPORTED, 28, "reserved u32"
    tiny = struct.pack("<8sHHI6sHHHI", data[:8], 1, 6, 36, b"snn-tz", 1, 8, 0, 0)
    yield "no-table", seal(tiny), MALFORMED, 24, "36 bytes, a table of 8 sections does not fit"
