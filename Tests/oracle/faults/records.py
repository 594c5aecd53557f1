"""Faults of op records and of where their blocks lie."""

from faults import bases
from faults.edits import BLOCK_AT, MALFORMED, OPS, PARAMETERS, UNSUPPORTED
from faults.rows import record_faults, room_faults
from ops import BY_KIND


def faults():
    base = bases.plain()
    ops, place = base.payload(OPS), base.length_field(OPS)
    yield "ops-empty", base.with_payload(OPS, b""), MALFORMED, place, "no ops"
    yield "ops-190", base.with_payload(OPS, ops[:190]), MALFORMED, place, "ops section of 190 bytes"
    yield "ops-4097", base.with_payload(OPS, ops[:20] * 4097), MALFORMED, place, "4097 ops"
    dense, last = base.op(1), base.op(9)
    for value in (0, max(BY_KIND) + 1, 255):
        yield f"op-kind-{value}", base.edited((dense, "B", value)), UNSUPPORTED, dense, f"op kind {value}"
    for value in (base.length(PARAMETERS) // 4, 65535):
        place = dense + BLOCK_AT
        yield f"op-block-{value}", base.edited((place, "H", value)), MALFORMED, place, "parameters beyond their section"
    yield ("parameters-empty", base.with_payload(PARAMETERS, b""), MALFORMED, base.op(0) + BLOCK_AT, "empty parameters section")
    shorter = base.with_payload(PARAMETERS, base.payload(PARAMETERS)[:-1])
    yield "parameters-shorter", shorter, MALFORMED, last + BLOCK_AT, "last block one byte short"
    for name, base in bases.every():
        yield from room_faults(base, name)
        yield from record_faults(base, name)
