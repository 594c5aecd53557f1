"""Faults of input."""

from faults import bases
from faults.edits import UNSUPPORTED, VALUE
from faults.rows import parameter_faults, tensor_rows


def faults():
    base = bases.plain()
    rows = [(0, "input-shift", 0, "B", 32, VALUE, "shift 32"), (0, "input-shift", 0, "B", 255, VALUE, "shift 255")]
    rows += tensor_rows(base, 0, "input-table", 4, 8, 4)
    yield from parameter_faults(base, rows)
    for i in (1, 2, 3):
        place = base.block(0)
        yield f"input-reserved-{i}", base.edited((place + i, "B", 1)), UNSUPPORTED, place + 1, f"reserved byte {i} of input"
