"""Faults of pool."""

import numpy as np

from faults import bases
from faults.bases import MAXIMUM, SUM
from faults.edits import (
    INPUT_AT,
    OUTPUT_AT,
    UNSUPPORTED,
    VALUE,
    WIRING,
    begin,
    finish,
    finish_lif,
    front,
    matrix,
    writer_without,
)
from faults.rows import order_faults, parameter_faults, slot_faults


def faults():
    base = bases.spatial()
    rows = [(SUM, "pool-function", 0, "B", value, UNSUPPORTED, f"pool function {value}") for value in (0, 3, 255)]
    rows += [(SUM, "pool-shift", 1, "B", value, VALUE, f"shift {value}") for value in (48, 255)]
    rows += [(MAXIMUM, "maximum-shift", 1, "B", 1, VALUE, "maximum with a shift"),
             (MAXIMUM, "maximum-multiplier", 16, "h", 1, VALUE, "maximum with a multiplier"),
             (MAXIMUM, "maximum-multiplier", 16, "h", -1, VALUE, "maximum with a multiplier"),
             (SUM, "pool-reserved", 18, "H", 1, UNSUPPORTED, "reserved field of pool"),
             (MAXIMUM, "maximum-reserved", 18, "H", 256, UNSUPPORTED, "reserved field of pool")]
    rows += [(SUM, f"pool-{name}", 2 + 2 * i, "H", 0, VALUE, f"{name} 0") for i,
             name in enumerate(("height", "width", "channels"))]
    rows += [(SUM, f"pool-{offset}", offset, "B", 0, VALUE, f"{name} 0") for offset, name in (
        (8, "window height"), (9, "window width"), (10, "stride"), (11, "stride"))]
    yield from parameter_faults(base, rows)
    many = pool_work(beyond=True)
    yield "work-pool", many.data, VALUE, many.op(1), "2^24 windows of 17 · 17"
    place = base.block(SUM)
    for name, edits, field, what in (
            ("input-height", ((2, "H", 2),), INPUT_AT, "2 · 3 · 4 source elements of 12"),
            ("input-channels", ((6, "H", 5),), INPUT_AT, "15 source elements of 12"),
            ("output-window", ((9, "B", 2), (11, "B", 1)), OUTPUT_AT, "2 · 4 destinations of 4"),
            ("output-padding", ((14, "B", 2), (11, "B", 1)), OUTPUT_AT, "3 · 4 destinations of 4"),
            ("output-padding-all", ((14, "B", 3),), OUTPUT_AT, "2 · 4 destinations of 4"),
            ("window-height", ((8, "B", 2),), OUTPUT_AT, "window of height 2 on height 1: no destination"),
            ("window-width", ((9, "B", 4),), OUTPUT_AT, "window of width 4 on width 3: no destination")):
        yield (f"pool-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), WIRING,
               base.op(SUM) + field, what)
    # Padding as large as the window, with strides by which there are as many destinations as before.
    for offset, value, stride, size in ((12, 1, 10, 1), (13, 1, 10, 1), (14, 3, 11, 3), (15, 3, 11, 3), (15, 254, 11, 3)):
        yield (f"pool-padding-{offset}-{value}", base.edited((place + offset, "B", value), (place + stride, "B", 255)), VALUE,
               place + offset, f"padding {value} of a window of {size}")
    yield ("pool-padding-both", base.edited((place + 12, "B", 1), (place + 14, "B", 3), (place + 10, "B", 255),
                                            (place + 11, "B", 255)),
           VALUE, place + 12, "padding above and left")
    maximum = base.block(MAXIMUM)
    yield ("order-maximum", base.edited((maximum + 1, "B", 1), (maximum + 16, "h", 1)), VALUE, maximum + 1,
           "maximum with a shift and a multiplier")
    yield from order_faults(base, place, "pool-", (
            ("function-shift", ((0, "B", 3), (1, "B", 48)), UNSUPPORTED, 0, "function 3 and shift 48"),
            ("padding-reserved", ((12, "B", 1), (18, "H", 1)), UNSUPPORTED, 18, "padding and the reserved field"),
            ("window-reserved", ((9, "B", 4), (18, "H", 1)), UNSUPPORTED, 18, "window width and the reserved field"),
            ("window-stride", ((9, "B", 4), (10, "B", 0)), VALUE, 10, "window width and stride 0"),
            ("reserved-counts", ((6, "H", 5), (18, "H", 1)), UNSUPPORTED, 18, "counts and the reserved field")))
    yield from wiring_faults()


def pool_work(beyond):
    """Maxima over windows of 15 · 17, or, beyond, of 17 · 17 elements, at 2^24 places."""
    model, _, values = front()
    spikes = model.spikes(2**24, persistent=True)
    height = 17 if beyond else 15
    model.pool(spikes, spikes, (4096, 4096, 1), (height, 17), "maximum", (1, 1), (height // 2, height // 2, 8, 8))
    return finish(model, values, 2)


def proof_cases(more):
    # Pools. dense: 2^31 − 3 + 1; pool, m = 1, s = 0: one more
    writer, values, current, spikes = begin()
    first = writer.current(1)
    writer.dense(values, first, matrix([1, 0]), "int8", "multiplier", 0, multipliers=np.array([2**31 - 3 + more]))
    writer.pool(first, current, (1, 1, 1), (1, 1))
    yield "pool-sum", finish_lif(writer, current, spikes), 3, "2^31 − 1 in the pool's source, one more behind it"
    writer, values, current, spikes = begin()
    first = writer.current(1)
    writer.dense(values, first, matrix([1, more]), "int8", "left", 30)
    writer.pool(first, current, (1, 1, 1), (1, 1), "maximum")
    yield "pool-source", finish_lif(writer, current, spikes), 2, "2 · 2^30 in the current that a pool reads"
    # m = −32768 counts as 32768; a window of 2: 2 · 32768 · 2^15 = 2^31, shifted by 1, and 1: 2^30 + 1
    writer, values, current, spikes = begin()
    first = writer.current(2)
    writer.dense(values, first, matrix([1, 0], [0, 1]), "int8", "left", 15)
    writer.pool(first, current, (1, 2, 1), (1, 2), multiplier=-32768, shift=1)
    yield "pool-multiplier", finish_lif(writer, current, spikes, bias=2**30 - 2 + more), 3, "2 · 2^15 · 32768 / 2 + 1 and b"
    # The window counts whole where padding cuts it: 2 · 1 · m + 1
    writer, values, current, spikes = begin()
    wide = writer.current(3)
    writer.pool(values, wide, (1, 2, 1), (1, 2), strides=(1, 1), padding=(0, 0, 1, 1), multiplier=100)
    outputs = writer.spikes(3)
    op = writer.lif(wide, outputs, bias=2**31 - 1 - 201 + more)
    yield ("pool-padding", finish(writer_without(writer, current, spikes, values), outputs, 3).data, op,
           "201 and b at the edge too")
    # The largest bound of the source's elements counts for all: element 0 alone would be 1.
    writer, _, values = front(2, 2)
    first, second, spikes = writer.current(2), writer.current(2), writer.spikes(2)
    writer.dense(values, first, matrix([1, 0], [0, 1]), "int8", "multiplier", 0, multipliers=np.array([0, 2**30 - 1]))
    writer.pool(first, second, (1, 2, 1), (1, 1), "maximum")
    op = writer.lif(second, spikes, bias=np.array([2**30 - 1 + more, 0]))
    yield "pool-largest", finish(writer, spikes, 2).data, op, "2^30 of element 1 and the bias of element 0"
    # A 32-bit source: (2^30 − 1) · 2 + 1 = 2^31 − 1
    writer, values, current, spikes = begin()
    wide = writer.analog(1, 32, True)
    writer.dense(values, current, matrix([1, 0]), "int8")
    writer.lif(current, wide, model="LI", width=32)
    second = writer.current(1)
    writer.pool(wide, second, (1, 1, 1), (1, 1), multiplier=2 + more)
    op = writer.lif(second, spikes)
    yield "pool-wide", finish(writer, spikes, 1).data, op, "(2^30 − 1) · 3 + 1"
    # 255 · 255 · (2^30 − 1) · 32768 >> 47, and 1: 2^31 would need more; here bound and shift in 64 bits
    writer, values, current, spikes = begin()
    wide = writer.analog(1, 32, True)
    writer.dense(values, current, matrix([1, 0]), "int8")
    writer.lif(current, wide, model="LI", width=32)
    second = writer.current(1)
    writer.pool(wide, second, (1, 1, 1), (255, 255), padding=(254, 0, 254, 0), multiplier=-32768, shift=30)
    # (65025 · (2^30 − 1) · 2^15 >> 30) + 1 = 65025 · 2^15 − 1 + 1 = 2130739200 (65025 · 2^15 / 2^30 is 1.98…)
    op = writer.lif(second, spikes, bias=2**31 - 1 - 2130739199 + more)
    yield "pool-64-bits", finish(writer, spikes, 1).data, op, "65025 · (2^30 − 1) · 2^15 / 2^30 + 1, and b"
    # Pool and projection in one current: 2^30 + (2^30 − 2) + 1
    writer, values, current, spikes = begin()
    writer.dense(values, current, matrix([1, 0]), "int8", "multiplier", 0, multipliers=np.array([2**30 - 3 + more]))
    first = writer.current(1)
    writer.sparse(values, first, matrix([0, 0, 0, 1]), "int8", 1, "left", 30)
    writer.pool(first, current, (1, 1, 1), (1, 1))
    yield "pool-and-dense", finish_lif(writer, current, spikes), 4, "2^30 + 1 and 2^30 − 2 + 1"


def wiring_faults():
    base = bases.spatial()
    yield from slot_faults(base, [
        (MAXIMUM, INPUT_AT, 0, "maximum reads samples"), (MAXIMUM, OUTPUT_AT, 9, "maximum of a current writes analog"),
        (MAXIMUM, OUTPUT_AT, 3, "maximum of a current writes spikes"), (SUM, INPUT_AT, 0, "sum reads samples"),
        (SUM, OUTPUT_AT, 3, "sum writes spikes"), (SUM, OUTPUT_AT, 15, "sum writes 32-bit analog"),
                                  (SUM, OUTPUT_AT, 0, "sum writes samples")])
    place = base.block(SUM)  # made a maximum of analog
    yield ("wiring-maximum-bits", base.edited((place, "B", 2), (place + 1, "B", 0), (place + 16, "h", 0)), WIRING,
           base.op(SUM) + OUTPUT_AT, "maximum of 6-bit analog writes 8-bit analog")
