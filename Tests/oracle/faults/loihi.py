"""Faults of loihi."""

import numpy as np

from faults import bases
from faults.bases import LOIHI, SHARED_LOIHI
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
from faults.rows import element_faults, order_faults, parameter_faults, slot_faults, tensor_rows


def faults():
    base = bases.chips()
    rows = [(LOIHI, "loihi-comparison", 0, "B", value, UNSUPPORTED, f"comparison {value}") for value in (2, 255)]
    rows += [(SHARED_LOIHI, "loihi-exponent", 1, "b", value, VALUE, f"weight exponent {value}") for value in (8, -9, 127, -128)]
    rows += [(LOIHI, "loihi-flags", 2, "B", 15 | bit, UNSUPPORTED, f"array flag {bit}") for bit in (16, 32, 64, 128)]
    rows += [(SHARED_LOIHI, "loihi-shared-flags", 2, "B", bit, UNSUPPORTED, f"array flag {bit}") for bit in (16, 32)]
    rows += [(LOIHI, "loihi-reserved", 3, "B", value, UNSUPPORTED, "reserved field of loihi") for value in (1, 128)]
    for offset, name in ((4, "current-decay"), (8, "voltage-decay")):
        rows += [(SHARED_LOIHI, f"loihi-{name}", offset, "I", value, VALUE, f"{name} {value}")
                 for value in (4097, 2**31, 2**32 - 1)]
    rows += [(SHARED_LOIHI, "loihi-threshold", 12, "I", value, VALUE, f"θ = {value}") for value in (2**23, 2**31, 2**32 - 1)]
    rows += [(SHARED_LOIHI, "loihi-bias", 16, "i", value, VALUE, f"b = {value}") for value in (2**30, -2**30, 2**31 - 1, -2**31)]
    rows += [(SHARED_LOIHI, "loihi-period", 20, "I", value, VALUE, f"period {value} of 2")
             for value in (3, 4, 2**24, 2**24 + 1, 2**31)]
    for offset, name, size, alignment in ((4, "current-decays", 4, 2), (8, "voltage-decays", 4, 2), (12, "thresholds", 8, 4),
                                          (16, "biases", 8, 4)):
        rows += tensor_rows(base, LOIHI, f"loihi-{name}", offset, size, alignment)
    yield from parameter_faults(base, rows)
    place = base.block(LOIHI)
    for name, offset, form, values in (
            ("current-decay", 4, "H", (4097, 65535)), ("voltage-decay", 8, "H", (4097, 65535)),
            ("threshold", 12, "i", (-1, 2**23, 2**31 - 1)), ("bias", 16, "i", (2**30, -2**30, -2**31))):
        yield from element_faults(base, place + offset, "loihi-", name, form, 1, values)
    shared = [(place + 2, "B", 0)] + [(place + offset, "I", 0) for offset in (4, 8, 12, 16)]
    for value in (3, 5, 8, 2**31, 2**32 - 1):
        yield (f"loihi-period-of-4-{value}", base.edited(*shared, (place + 20, "I", value)), VALUE, place + 20,
               f"period {value} of 4, nothing per neuron")
    other = base.block(SHARED_LOIHI)
    yield from order_faults(base, other, "loihi-", (
            ("comparison-exponent", ((0, "B", 2), (1, "b", 8)), UNSUPPORTED, 0, "comparison and exponent"),
            ("exponent-flags", ((1, "b", 8), (2, "B", 32)), VALUE, 1, "exponent and flags"),
            ("flags-reserved", ((2, "B", 32), (3, "B", 1)), UNSUPPORTED, 2, "flags and the reserved field"),
            ("reserved-period", ((3, "B", 1), (20, "I", 3)), UNSUPPORTED, 3, "the reserved field and the period"),
            ("period-decay", ((4, "I", 4097), (20, "I", 3)), VALUE, 4, "current decay and the period"),
            ("decays", ((4, "I", 4097), (8, "I", 4097)), VALUE, 4, "both decays"),
            ("decay-threshold", ((8, "I", 4097), (12, "I", 2**23)), VALUE, 8, "voltage decay and θ"),
            ("threshold-bias", ((12, "I", 2**23), (16, "i", 2**30)), VALUE, 12, "θ and b")))
    yield ("order-loihi-arrays-period", base.edited((place + 4, "I", HUGE), (place + 20, "I", 3)), VALUE, place + 20,
           "current decays far out, and the period")
    yield ("order-loihi-element-array", base.edited((base.tensor(place + 4), "H", 4097), (place + 16, "I", HUGE)), MALFORMED,
           place + 16,
           "a current decay, and biases far out")
    yield ("order-loihi-elements", base.edited((base.tensor(place + 8), "H", 4097), (base.tensor(place + 12), "i", -1)), VALUE,
           base.tensor(place + 8), "a voltage decay and a threshold")
    yield from wiring_faults()


def proof_cases(more):
    for exponent, most in ((0, 2**25 - 1), (-8, 2**25 - 1), (1, 2**24 - 1), (7, 2**18 - 1)):
        writer, _, values = front(2, 2)
        current, spikes = writer.current(1), writer.spikes(1)
        # 1 · (most − 1) + 1; biases do not count
        writer.dense(values, current, matrix([1, 0]), "int8", "multiplier", 0, multipliers=np.array([most - 1 + more]))
        op = writer.loihi(current, spikes, 100, bias=2**30 - 1, exponent=exponent)
        yield f"loihi{exponent}", finish(writer, spikes, 1).data, op, f"{most + 1} · 2^{6 + max(exponent, 0)}"
    # Of two neurons the second; of two projections the sum.
    writer, _, values = front(2, 2)
    current, spikes = writer.current(2), writer.spikes(2)
    writer.dense(values, current, matrix([1, 0], [1, 0]), "int8", "left", 24)
    writer.sparse(values, current, matrix([0, 0, 0, 1], [1, 0, 1, -1]), "int8", 1, "multiplier",
                  multipliers=np.array([1, 2**24 - 2 + more]))
    op = writer.loihi(current, spikes)
    yield "loihi-sum", finish(writer, spikes, 2).data, op, "2^24 + 2^24 in neuron 1"
    # Behind a pool: 2 · (2^24 − 1) + 1 = 2^25 − 1
    writer, _, values = front(2, 2)
    first, current, spikes = writer.current(2), writer.current(1), writer.spikes(1)
    writer.dense(values, first, matrix([1, 0], [0, 1]), "int8", "multiplier", multipliers=np.array([1, 2**24 - 2 + more]))
    writer.pool(first, current, (1, 2, 1), (1, 2))
    op = writer.loihi(current, spikes, 1)
    yield "loihi-pool", finish(writer, spikes, 1).data, op, "2 · 2^24 + 1 of a pool"


def wiring_faults():
    base = bases.chips()
    yield from slot_faults(base, [
        (LOIHI, INPUT_AT, 0, "loihi reads samples"), (LOIHI, INPUT_AT, 1, "loihi reads analog"),
                                  (LOIHI, INPUT_AT, 3, "loihi reads spikes"),
        (LOIHI, INPUT_AT, 4, "loihi reads a synaptic slot"), (LOIHI, OUTPUT_AT, 0, "loihi writes samples"),
        (LOIHI, OUTPUT_AT, 2, "loihi writes a current"), (LOIHI, OUTPUT_AT, 4, "loihi writes a synaptic slot"),
        (LOIHI, OUTPUT_AT, 7, "loihi of 4 currents writes 2 spikes"), (LOIHI, OUTPUT_AT, 5, "loihi writes 3 graded spikes"),
        (SHARED_LOIHI, OUTPUT_AT, 1, "loihi writes analog of its count")])
    place = base.op(SHARED_LOIHI) + OUTPUT_AT
    for bits in (2, 8):
        yield (f"wiring-loihi-graded-{bits}", base.edited((base.slot(9) + 1, "B", bits)), WIRING, place,
               f"loihi writes spikes of {bits} bits")
