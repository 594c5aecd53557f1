"""Faults of memory."""

import numpy as np

from faults import bases
from faults.edits import (
    MALFORMED,
    OUTPUT_AT,
    UNSUPPORTED,
    VALUE,
    WIRING,
    finish,
    front,
    matrix,
)
from faults.rows import parameter_faults, tensor_rows


def faults():
    base = bases.plain()
    rows = [(4, "memory-encoding", 0, "B", value, UNSUPPORTED, f"encoding {value}") for value in (0, 6, 128)]
    rows += [(4, "memory-encoding", 0, "B", value, UNSUPPORTED, f"encoding {value} for a memory") for value in (1, 2, 3)]
    rows += [(4, "memory-sa", 1, "B", 31, VALUE, "sA = 31"), (4, "memory-sb", 2, "B", 31, VALUE, "sB = 31"),
             (4, "memory-fraction", 3, "B", 16, VALUE, "f = 16"),
             (4, "memory-flags", 6, "B", 3, UNSUPPORTED, "array flag 2"),
             (4, "memory-flags", 6, "B", 129, UNSUPPORTED, "array flag 128"),
             (4, "memory-reserved", 7, "B", 1, UNSUPPORTED, "reserved field of memory")]
    rows += tensor_rows(base, 4, "memory-a", 8, 18, 2)
    rows += tensor_rows(base, 4, "memory-b", 12, 6, 2)
    rows += tensor_rows(base, 4, "memory-bias", 16, 8, 4)
    yield from parameter_faults(base, rows)
    place = base.block(4) + 4
    yield ("memory-order-2-slot", base.edited((place, "H", 2)), WIRING, base.op(4) + OUTPUT_AT,
           "2 units of order 2 in 6 elements")
    for value in (0, 4097):
        yield f"memory-order-{value}-slot", base.edited((place, "H", value)), VALUE, place, f"order {value}"
    single = one_unit()
    slot, block = single.slot(3), single.block(2)
    for value in (4097, 65535):
        yield (f"memory-order-{value}", single.edited((block + 4, "H", value), (slot + 8, "I", value)), VALUE, block + 4,
               f"order {value}, with as many elements")
    yield ("memory-order-4096", single.edited((block + 4, "H", 4096), (slot + 8, "I", 4096)), MALFORMED, block + 8,
           "order 4096, with as many elements: A of 2^24 bytes")


def one_unit():
    """Ops 0 input, 1 dense, 2 memory of one unit of order 1 that nothing reads, 3 readout of the input's slot."""
    model, _, values = front()
    current, memory = model.current(1), model.analog(1, 16, True)
    model.dense(values, current, matrix([1, 1]), "int8")
    model.memory(current, memory, matrix([1]), np.array([1]), "int8", 1, 1)
    return finish(model, values, 2)
