"""Fields of records: where each lies, its class, and the one loop that reads and checks them.

A table is a tuple of fields in the order of their offsets. Bounds and lists of values may be functions of the record,
which has the fields before as attributes.
"""

import struct
from dataclasses import dataclass

import numpy as np

from .status import Status, check


def resolved(bound, record):
    return bound(record) if callable(bound) else bound


def check_fields(record, table, data, place):
    """Sets the record's attributes to the fields of `table` at `place`, each checked by its class."""
    for field in table:
        value, = struct.unpack_from("<" + field.form, data, place + field.offset)
        field.check(record, value, place + field.offset)
        if field.name:
            setattr(record, field.name, value)


@dataclass(frozen=True)
class Field:
    offset: int
    name: str  # attribute of the record
    form: str = "B"  # of struct

    def check(self, record, value, place):
        pass

    def read_array(self, record, tensors):
        """Reads the array that the field refers to, if it refers to one."""


@dataclass(frozen=True)
class Code(Field):
    """One of a list of values; others are reserved."""

    values: object = ()

    def check(self, record, value, place):
        check(value in resolved(self.values, record), Status.UNSUPPORTED, place, f"{self.name} {value} is reserved")


@dataclass(frozen=True)
class Flags(Field):
    """A set of bits; those outside the mask are reserved."""

    mask: int = 0

    def check(self, record, value, place):
        check(value & ~self.mask == 0, Status.UNSUPPORTED, place, f"{self.name} {value:#x}: a reserved bit")


@dataclass(frozen=True)
class Reserved(Field):
    """Bytes that are 0; `form` is a count of them."""

    name: str = ""
    form: str = "1s"

    def check(self, record, value, place):
        check(not any(value), Status.UNSUPPORTED, place, "a reserved field")


@dataclass(frozen=True)
class Number(Field):
    """Anything from `low` to `high`."""

    low: object = 0
    high: object = 0

    def check(self, record, value, place):
        low, high = resolved(self.low, record), resolved(self.high, record)
        check(low <= value <= high, Status.BAD_VALUE, place, f"{self.name} {value} is outside {low} … {high}")


@dataclass(frozen=True)
class Reference(Field):
    """Points at something that exists: `exists` is a function of the record and the value."""

    form: str = "H"
    exists: object = None

    def check(self, record, value, place):
        check(self.exists(record, value), Status.MALFORMED, place, f"{self.name}: {value} is nothing")


@dataclass(frozen=True)
class Tensor(Field):
    """The offset in data of an array, which the record's method read_… reads."""

    form: str = "I"

    def read_array(self, record, tensors):
        setattr(record, self.name, getattr(record, f"read_{self.name}")(tensors))


INT32 = (-(2**31), 2**31 - 1)


@dataclass(frozen=True)
class Parameter(Number):
    """A value, or, with its bit in the record's flags, the offset in data of an array of `element`s, as many as the
    record's attribute `count` says, each from `low` to `element_high` or else `high`."""

    form: str = "i"
    low: object = INT32[0]
    high: object = INT32[1]
    bit: int = 0
    element: object = "<i4"
    count: str = "parameter_count"
    element_high: object = None

    def is_array(self, record):
        return bool(record.flags >> self.bit & 1)

    def check(self, record, value, place):
        if not self.is_array(record):
            super().check(record, value, place)

    def read_array(self, record, tensors):
        value = getattr(record, self.name)
        if not self.is_array(record):
            setattr(record, self.name, np.int64(value))
            return
        high = self.high if self.element_high is None else self.element_high
        bounds = resolved(self.low, record), resolved(high, record)
        setattr(record, self.name, tensors.array(self.name, resolved(self.element, record), getattr(record, self.count),
                                                 *((None, None) if bounds == INT32 else bounds)))
