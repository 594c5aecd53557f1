"""Faults of recurrence."""

import numpy as np

from faults import bases
from faults.bases import COMPLEX, REAL
from faults.edits import (
    HUGE,
    INPUT_AT,
    MALFORMED,
    OUTPUT_AT,
    UNSUPPORTED,
    VALUE,
    WIRING,
    finish,
    front,
    matrix,
)
from faults.rows import order_faults, parameter_faults, tensor_rows


def faults():
    base = bases.recurrences()
    rows = []
    for op in (COMPLEX, REAL):
        for name, offset, form, values in (("segments", 0, "B", (0, 17, 255)), ("poles", 1, "B", (0, 9, 255)),
                                           ("substeps", 2, "B", (0, 17, 255)),
                                           ("fraction", 3, "B", (16, 255)), ("shift", 7, "B", (31, 255)),
                                           ("limit", 12, "I", (0, 2**30, 2**31, 2**32 - 1))):
            rows += [(op, f"recurrence-{op}-{name}", offset, form, value, VALUE, f"{name} {value}") for value in values]
    rows += [(COMPLEX, "recurrence-flags", 6, "B", 3 | bit, UNSUPPORTED, f"flag {bit}") for bit in (4, 8, 16, 32, 64, 128)]
    rows += [(REAL, "recurrence-real-flags", 6, "B", 4, UNSUPPORTED, "flag 4"),
             (REAL, "recurrence-limit-16", 12, "I", 32768, VALUE, "L = 32768, 16 bits")]
    rows += tensor_rows(base, COMPLEX, "recurrence-factors", 8, 352, 4)
    rows += tensor_rows(base, REAL, "recurrence-real-factors", 8, 24, 4)
    rows += tensor_rows(base, COMPLEX, "recurrence-biases", 16, 8, 4)
    rows += [(COMPLEX, f"recurrence-{name}-by-{by}", offset, "I", by, MALFORMED, f"{name} misaligned")
             for name, offset in (("factors", 8), ("biases", 16)) for by in (1, 3)]
    yield from parameter_faults(base, rows)
    place = base.block(REAL)
    for name, offset, form, value, what in (("poles", 1, "B", 4, "4 poles"), ("segments", 0, "B", 2, "2 segments"),
                                            ("complex", 6, "B", 2, "complex factors")):
        yield (f"recurrence-real-{name}-too-many", base.edited((place + offset, form, value)), MALFORMED, place + 8,
               f"{what}: factors end beyond data")
    yield ("recurrence-real-bias-flag", base.edited((place + 6, "B", 1)), MALFORMED, place + 16,
           "flag of biases: −3 as their offset")
    slot = base.slot(5) + 8
    for value in (4097, 65535):
        yield (f"recurrence-order-{value}", base.edited((place + 4, "H", value), (slot, "I", 2 * value)), VALUE, place + 4,
               f"order {value}, with as many elements")
    yield ("recurrence-order-0-of-none", base.edited((place + 4, "H", 0), (slot, "I", 0)), VALUE, slot,
           "order 0, with as many elements")
    yield ("recurrence-order-4096", base.edited((place + 4, "H", 4096), (slot, "I", 2 * 4096)), MALFORMED, place + 8,
           "order 4096, with as many elements: 98304 bytes of factors")
    yield ("recurrence-limit-by-slot", base.edited((base.slot(3) + 1, "B", 16)), VALUE, base.block(COMPLEX) + 12,
           "L = 2^30 − 1, 16 bits by the slot")
    # Of two faults the first in the order of checks.
    yield from order_faults(base, place, "recurrence-", (
            ("segments-poles", ((0, "B", 0), (1, "B", 0)), VALUE, 0, "segment count and pole count"),
            ("poles-substeps", ((1, "B", 9), (2, "B", 0)), VALUE, 1, "pole count and substeps"),
            ("substeps-fraction", ((2, "B", 17), (3, "B", 16)), VALUE, 2, "substeps and f"),
            ("fraction-flags", ((3, "B", 16), (6, "B", 4)), VALUE, 3, "f and flags"),
            ("flags-shift", ((6, "B", 4), (7, "B", 31)), UNSUPPORTED, 6, "flags and output shift"),
            ("shift-factors", ((7, "B", 31), (8, "I", HUGE)), VALUE, 7, "output shift, and factors far out"),
            ("factors-limit", ((8, "I", HUGE), (12, "I", 0)), VALUE, 12, "factors far out, and L = 0"),
            ("factors-limit-16", ((8, "I", HUGE), (12, "I", 32768)), VALUE, 12, "factors far out, and L = 32768 of 16 bits"),
            ("factors-bias", ((6, "B", 1), (8, "I", HUGE), (16, "I", HUGE)), MALFORMED, 8, "factors and biases far out"),
            ("limit-bias", ((6, "B", 1), (12, "I", 0), (16, "I", HUGE)), VALUE, 12, "L = 0, and biases far out")))
    yield ("order-recurrence-order-flags", base.edited((place + 4, "H", 4097), (slot, "I", 2 * 4097), (place + 6, "B", 4)), VALUE,
           place + 4,
           "order 4097 and flags")
    yield ("order-recurrence-table", base.edited((base.op(REAL) + OUTPUT_AT, "H", 3), (place, "B", 17)), VALUE, place,
           "6 elements of 2 units of order 1, and segment count")
    yield ("order-recurrence-wiring-limit", base.edited((base.op(REAL) + OUTPUT_AT, "H", 1), (place + 12, "I", 32768)), WIRING,
           base.op(REAL) + OUTPUT_AT, "8-bit analog, and its L")
    many = work(beyond=True)
    yield "work-recurrence", many.data, VALUE, many.op(2), "1 + 83884 + 83884 · 51200 products"
    yield from wiring_faults()
    yield from table_faults()


def wiring_faults():
    factors = matrix([1, 2])[:, :, None]

    def build(*ops):
        model, _, values = front()
        current, slots = model.current(2), {name: model.analog(2, 16, True) for name in sorted({*ops} - {"dense"})}
        for op in ops:
            if op == "dense":
                model.dense(values, current, matrix([1, 2], [3, 4]), "int8")
            else:
                model.recurrence(current, slots[op], factors, 1, 1)
        return finish(model, slots["memory"], 2)

    above, twice, both = build("memory", "dense"), build("dense", "memory", "other"), build("dense", "memory", "memory")
    yield "recurrence-above", above.data, WIRING, above.op(1) + INPUT_AT, "a recurrence above the projection it reads"
    yield "recurrence-twice", twice.data, WIRING, twice.op(3) + INPUT_AT, "two recurrences read one current slot"
    yield "recurrence-both", both.data, WIRING, both.slot(3), "two recurrences write one slot"


def work(beyond):
    """A recurrence of many units of order 1 in 16 segments, with 16 substeps and 8 complex poles, e = 16·8·(160 + 16·15) =
    51200; it just passes work of 2^32 − 1, or just does not."""
    model, _, values = front(1)
    units = (2**32 - 2) // 51201 + beyond
    current = model.current(units)
    model.dense(values, current, np.ones((units, 1), int), "binary")
    model.recurrence(current, model.analog(units, 16, True), np.zeros((8, 7, 2, 16), int), 0, 1, 16)
    return finish(model, values, 1)


def proof_cases(more):
    for name, row, fraction_bits, bias, what in (
            ("fraction", (32767, 32767, 1 + more), 15, 0, "65536 · 2^15"),
                                                 ("bias", (3, 0, 0), 1, 2**31 - 7 + more, "3 · 2 + 2^31 − 6"),
            ("bias-negative", (3, 0, 0), 0, 4 - 2**31 - more, "3 + |3 − 2^31|")):
        writer, _, values = front(3, 2)
        current, memory = writer.current(1), writer.analog(2, 32, True)
        writer.dense(values, current, matrix(row), "int16")
        op = writer.recurrence(current, memory, np.ones((1, 4, 1), int), 0, 1, bias=bias, fraction_bits=fraction_bits)
        yield f"recurrence-{name}", finish(writer, memory, 2).data, op, what
    # Of two units the second.
    writer, _, values = front(bits=2)
    current, memory = writer.current(2), writer.analog(2, 16, True)
    writer.dense(values, current, matrix([1, 0], [1, 0]), "int8")
    op = writer.recurrence(current, memory, np.ones((1, 2, 1), int), 0, 1, bias=np.array([0, 2**31 - 2 + more]))
    yield "recurrence-bias-array", finish(writer, memory, 2).data, op, "1 + 2^31 − 1 in the second unit"


def table_faults():
    """The types and counts of its slots."""
    base = bases.recurrences()
    for op, field, slot, what in (
            (COMPLEX, INPUT_AT, 0, "reads samples"), (COMPLEX, INPUT_AT, 1, "reads analog"),
                                  (COMPLEX, INPUT_AT, 3, "reads what it writes"),
            (REAL, INPUT_AT, 5, "reads 16-bit analog"), (COMPLEX, OUTPUT_AT, 0, "writes samples"),
                                  (COMPLEX, OUTPUT_AT, 1, "writes 8-bit analog"),
            (COMPLEX, OUTPUT_AT, 2, "writes the current it reads"),
                                  (COMPLEX, OUTPUT_AT, 5, "of 2 units of order 3 writes 2 elements"),
            (REAL, OUTPUT_AT, 0, "writes samples of its count"), (REAL, OUTPUT_AT, 1, "writes 8-bit analog of its count"),
            (REAL, OUTPUT_AT, 3, "of 2 units of order 1 writes 6 elements"),
                                  (REAL, OUTPUT_AT, 4, "writes a current of its count")):
        place = base.op(op) + field
        yield (f"wiring-recurrence-{op}-{'from' if field == INPUT_AT else 'to'}-{slot}", base.edited((place, "H", slot)), WIRING,
               place,
               f"recurrence {what}")
    place, output = base.slot(5), base.op(REAL) + OUTPUT_AT
    for name, edits, what in (("transient", ((2, "B", 0), (6, "h", 0)), "a transient slot"),
                              ("narrow", ((1, "B", 15),), "15-bit analog"),
                              ("spikes", ((0, "B", 3), (1, "B", 1), (6, "h", 0)), "persistent spikes"),
                              ("graded", ((0, "B", 3), (1, "B", 8), (6, "h", 0)), "graded spikes"),
                              ("synaptic", ((0, "B", 5), (6, "h", 0)), "a synaptic slot"),
                              ("longer", ((8, "I", 3),), "3 elements"),
                              ("shorter", ((8, "I", 1),), "1 element")):
        yield (f"wiring-recurrence-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), WIRING,
               output,
               f"recurrence of 2 units of order 1 writes {what}")
    for value in (0, 4097, 65535):
        place = base.block(COMPLEX) + 4
        yield f"recurrence-order-{value}-slot", base.edited((place, "H", value)), VALUE, place, f"order {value} in 6 elements"
    for value in (1, 2, 4, 4096):
        yield (f"recurrence-order-{value}-slot", base.edited((base.block(COMPLEX) + 4, "H", value)), WIRING,
               base.op(COMPLEX) + OUTPUT_AT,
               f"2 units of order {value} in 6 elements")
