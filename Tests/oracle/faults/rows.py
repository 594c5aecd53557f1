"""Faults that come in rows: of fields, of references to tensors, of records, of blocks."""

from struct import calcsize

from faults.edits import (
    BLOCK_AT,
    DATA,
    INPUT_AT,
    MALFORMED,
    OPS,
    OUTPUT_AT,
    PARAMETERS,
    SLOTS,
    UNSUPPORTED,
    VALUE,
    WIRING,
)
from ops import BY_KIND
from snnrt.file import NONE


def firsts(base):
    """The first op of each kind, as (op, kind)."""
    kinds = [base.data[base.op(op)] for op in range(base.length(OPS) // 20)]
    return [(kinds.index(kind), kind) for kind in sorted(set(kinds))]


def record_faults(base, name):
    """The fields of an op's record that every kind has, for the first op of each kind."""
    slots = base.length(SLOTS) // 12
    for op, kind in firsts(base):
        has_output = kind != 6
        for field in (8, 10, 12, 16) if has_output else (8, 10, 12, OUTPUT_AT, 16):
            place = base.op(op) + field
            yield (f"op-{name}-{kind}-unused-{field}", base.edited((place, "H", 1)), WIRING, place,
                   "a slot field that the op does not use")
        for field, what in ((INPUT_AT, "input"), (OUTPUT_AT, "output"))[:1 + has_output]:
            for value in (slots, 4096, 65534, NONE):
                place = base.op(op) + field
                yield (f"op-{name}-{kind}-{what}-{value}", base.edited((place, "H", value)), MALFORMED, place,
                       f"{what} slot {value} of {slots}")
        for value in (0, 2, 3, 255):
            place = base.op(op) + 1
            yield (f"op-{name}-{kind}-version-{value}", base.edited((place, "B", value)), UNSUPPORTED, place,
                   f"version {value} of the kind")
        for value in (0, 2, 65535):
            place = base.op(op) + 2
            yield f"op-{name}-{kind}-period-{value}", base.edited((place, "H", value)), UNSUPPORTED, place, f"period {value}"
        for value in (1, 65535):
            place = base.op(op) + 4
            yield f"op-{name}-{kind}-phase-{value}", base.edited((place, "H", value)), UNSUPPORTED, place, f"phase {value}"
        yield from order_faults(base, base.op(op), f"op-{name}-{kind}-", (
                ("version-period", ((1, "B", 2), (2, "H", 2)), UNSUPPORTED, 1, "version and period"),
                ("phase-input", ((4, "H", 1), (INPUT_AT, "H", NONE)), UNSUPPORTED, 4, "phase and the input"),
                ("input-unused", ((INPUT_AT, "H", NONE), (8, "H", 1)), MALFORMED, INPUT_AT, "the input and an unused field"),
                ("unused-block", ((8, "H", 1), (BLOCK_AT, "H", 65535)), WIRING, 8, "an unused field and the block")))


def parameter_faults(base, rows):
    """rows: (op, name, offset in the block, form, value, status, description)."""
    for op, name, offset, form, value, status, what in rows:
        place = base.block(op) + offset
        yield f"{name}-{value}", base.edited((place, form, value)), status, place, what


def element_faults(base, reference, prefix, name, form, last, values):
    """The first and the last element of the tensor that the field at `reference` names."""
    for value in values:
        for i in (0, last):
            place = base.tensor(reference) + calcsize(form) * i
            yield (f"{prefix}{name}-{i}-{value}", base.edited((place, form, value)), VALUE, place,
                   f"element {i} of {name}: {value}")


def order_faults(base, place, prefix, rows):
    """Several faults at once, of which the first counts; rows: (name, edits, status, offset, description), all from `place`."""
    for name, edits, status, offset, what in rows:
        faulty = base.edited(*((place + at, form, value) for at, form, value in edits))
        yield f"order-{prefix}{name}", faulty, status, place + offset, what


def parameter_faults_at(base, rows):
    """As parameter_faults, of faults found at another field: rows have its offset before the description."""
    for op, name, offset, form, value, status, at, what in rows:
        place = base.block(op)
        yield f"{name}-{value}", base.edited((place + offset, form, value)), status, place + at, what


def room_faults(base, name):
    """Blocks that end beyond the parameters section, for the first op of each kind."""
    for op, kind in firsts(base):
        size, place = BY_KIND[kind].size, base.op(op) + BLOCK_AT
        units = (base.length(PARAMETERS) - size) // 4 + 1
        yield f"room-{name}-{kind}", base.edited((place, "H", units)), MALFORMED, place, f"block of {size} bytes ends 4 too late"
        end = base.block(op) + size - base.start(PARAMETERS)
        first = next(i for i in range(op + 1)
                     if base.block(i) + BY_KIND[base.data[base.op(i)]].size >= base.start(PARAMETERS) + end)
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


def slot_faults(base, rows):
    """rows: (op, field, slot, description) of an op whose slot is of another type or count."""
    for op, field, slot, what in rows:
        place = base.op(op) + field
        kind = base.data[base.op(op)]
        yield (f"wiring-{kind}-{op}-{'from' if field == INPUT_AT else 'to'}-{slot}", base.edited((place, "H", slot)), WIRING,
               place, what)
