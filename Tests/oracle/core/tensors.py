"""Arrays in the data section: all bounds of an op first, then all elements."""

import numpy as np

from .status import Status, check, first_fault


class Tensors:
    """The arrays of one op, whose `record` has their offsets, by name, at `block` in the file.

    A method that reads an array checks at once that it lies in data and is aligned; `check_elements` checks elements.
    """

    def __init__(self, file, section, record, block):
        self.file, (self.start, self.length), self.record, self.block = file, section, record, block
        self.offsets = []  # in the file, of each array
        self.elements = []  # of each array (faulty, status, offset, stride, reason) or a function that gives it

    def place(self, name, byte_count, alignment) -> int:
        """Where the array that field `name` refers to lies in the file."""
        at = self.block + next(field.offset for field in self.record.fields if field.name == name)
        reference = getattr(self.record, name) & 0xFFFFFFFF
        check(reference % alignment == 0, Status.MALFORMED, at, f"{name} at {reference} of data: misaligned")
        check(reference + byte_count <= self.length, Status.MALFORMED, at, f"{name} at {reference} of data: out of bounds")
        self.offsets.append(self.start + reference)
        return self.offsets[-1]

    def array(self, name, form, count, low=None, high=None):
        """int64 array of `count` elements of numpy type `form`, each low … high."""
        size = np.dtype(form).itemsize
        start = self.place(name, count * size, size)
        values = np.frombuffer(self.file, form, count, start).astype(np.int64)
        if low is not None:
            self.check_later((values < low) | (values > high), Status.BAD_VALUE, size, f"{name} outside {low} … {high}")
        return values

    def check_later(self, faulty, status, stride, reason):
        """Elements of the array read last, of `stride` bytes each: `faulty`, or a function that gives it."""
        self.elements.append((faulty, status, self.offsets[-1], stride, reason))

    def check_elements(self):
        for faulty, *where in self.elements:
            first_fault(faulty() if callable(faulty) else faulty, *where)

    def weights(self, name, bits, sources, destinations):
        """Runs (sources, destinations) decoded."""
        run = (destinations * bits + 7) // 8
        start = self.place(name, sources * run, 4)
        packed = np.frombuffer(self.file, np.uint8, sources * run, start).reshape(sources, run)
        if bits == 8:
            return packed.view(np.int8).astype(np.int64)
        if bits == 16:
            return packed.copy().view("<i2").astype(np.int64)
        per_byte = 8 // bits
        codes = packed[:, :, None] >> np.arange(0, 8, bits, dtype=np.uint8) & (2**bits - 1)
        codes = codes.reshape(sources, run * per_byte)
        faulty = np.zeros(codes.shape, bool)
        faulty[:, destinations:] = codes[:, destinations:] != 0
        if bits == 2:
            faulty |= codes == 2
        self.check_later(faulty.reshape(-1, per_byte).any(axis=1), Status.MALFORMED, 1, "ternary code or padding bit")
        codes = codes[:, :destinations].astype(np.int64)
        return 2 * codes - 1 if bits == 1 else codes - (codes >> (bits - 1) << bits)
