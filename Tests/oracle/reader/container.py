"""The file as a container: header, trailer, section table, names."""

import struct

from core.arithmetic import crc32c
from core.fields import Code, Flags, Number, Reference, Reserved, check_fields
from core.status import Refused, Status, check

MAGIC = b"\x89SNN\r\n\x1a\n"
MINORS = range(6, 8)
REQUIRED = range(1, 9)
CRITICAL = {kind: kind in REQUIRED for kind in range(1, 11)}  # whether a section of a known type is
STREAMS, CHANNELS, SLOTS, OPS, PARAMETERS, DATA, OUTPUTS, NAMES, SELF_TEST, METADATA = range(1, 11)


class Entry:
    """Entry `i` of the section table, behind those of the types `seen`."""

    fields = (
        Reference(0, "type", exists=lambda entry, value: entry.may_be(value)),
        # Of an unknown section the critical flag is refused, at its type.
        Code(0, "type", "H", values=lambda entry: () if entry.is_critical and entry.type not in CRITICAL else (entry.type,)),
        Flags(2, "flags", "H", mask=1),
        Number(2, "flags", "H", low=lambda entry: CRITICAL.get(entry.type, 0), high=lambda entry: CRITICAL.get(entry.type, 0)),
    )

    def __init__(self, i, seen, is_critical):
        self.i, self.seen, self.is_critical = i, seen, is_critical

    def may_be(self, kind):
        """The required types stand first, in their order; each type stands once."""
        return kind == self.i + 1 if self.i < len(REQUIRED) else kind not in self.seen


class Container:
    """A whole file: `sections`, by type (offset, length, offset of the table entry), and names."""

    def __init__(self, data):
        self.data = bytes(data)
        self.sections = {}
        self.header()
        self.section_table()
        self.names()

    def fields(self, form, offset):
        return struct.unpack_from("<" + form, self.data, offset)

    def header(self):
        data = self.data
        if len(data) < 36:
            check(data[:8] == MAGIC[:len(data)], Status.NOT_A_MODEL, 0, "magic")
            raise Refused(Status.TRUNCATED, len(data), "shorter than any file")
        check(data[:8] == MAGIC, Status.NOT_A_MODEL, 0, "magic")
        major, minor, length = self.fields("HHI", 8)
        check(major == 1, Status.NEWER_VERSION, 8, f"format {major}")
        check(minor >= MINORS.start, Status.UNSUPPORTED, 10, f"format 1.{minor}, before the first release")
        check(minor < MINORS.stop, Status.NEWER_VERSION, 10, f"format 1.{minor}")
        check(length % 4 == 0 and length >= 36, Status.DAMAGED, 12, f"file length {length}")
        check(len(data) >= length, Status.TRUNCATED, 12, f"{len(data)} bytes of {length}")
        self.data = data = data[:length]
        self.trailer = length - 4
        check(crc32c(data[:-4]) == self.fields("I", self.trailer)[0], Status.DAMAGED, self.trailer, "trailer")
        arithmetic, version = self.fields("6sH", 16)
        check(arithmetic == b"snn-tz", Status.UNSUPPORTED_ARITHMETIC, 16, f"arithmetic {arithmetic}")
        check(version == 1, Status.UNSUPPORTED_ARITHMETIC, 22, f"arithmetic version {version}")
        check_fields(self, (Number(24, "section_count", "H", low=8, high=64), Reserved(26, form="2s"), Reserved(28, form="4s")),
                     data, 0)

    def section_table(self):
        position = 32 + 12 * self.section_count
        check(position <= self.trailer, Status.MALFORMED, 24, "the section table does not fit")
        for i in range(self.section_count):
            place = 32 + 12 * i
            flags, offset, length = self.fields("HII", place + 2)
            entry = Entry(i, self.sections, flags & 1)
            check_fields(entry, Entry.fields, self.data, place)
            check(offset == position, Status.MALFORMED, place + 4, f"section at {offset}, not {position}")
            check(offset + length <= self.trailer, Status.MALFORMED, place + 8, f"section of {length} bytes")
            position = offset + length + -length % 4
            check(i + 1 < self.section_count or position == self.trailer, Status.MALFORMED, place + 8,
                  "the last section ends before the trailer")
            for byte in range(offset + length, position):
                check(self.data[byte] == 0, Status.MALFORMED, byte, "padding")
            self.sections[entry.type] = offset, length, place

    def check_length(self, holds, section, status=Status.MALFORMED):
        check(holds, status, self.sections[section][2] + 8, f"length of section {section}")

    def records(self, section, size):
        """Offsets of the records in a section."""
        offset, length, _ = self.sections[section]
        return range(offset, offset + length, size)

    def names(self):
        offset, length, _ = self.sections[NAMES]
        self.check_length(1 <= length <= 65535, NAMES)
        self.strings = self.data[offset:offset + length]
        check(self.strings[0] == 0, Status.MALFORMED, offset, "first byte of names")
        check(self.strings[-1] == 0, Status.MALFORMED, offset + length - 1, "last byte of names")
        for i, byte in enumerate(self.strings):
            check(byte == 0 or 0x20 <= byte != 0x7F, Status.BAD_VALUE, offset + i, f"byte {byte} in a name")

    def has_name(self, reference):
        return reference < len(self.strings) and (reference == 0 or self.strings[reference - 1] == 0)

    def name(self, reference):
        return self.strings[reference:self.strings.index(0, reference)].decode("utf-8", "replace")

    def metadata(self):
        if METADATA not in self.sections:
            return None
        offset, length, _ = self.sections[METADATA]
        return self.data[offset:offset + length].decode("utf-8", "replace")
