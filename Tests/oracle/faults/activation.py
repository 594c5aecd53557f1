"""Faults of activation."""

import struct

from faults import bases
from faults.bases import CLIP, TANH
from faults.edits import (
    HUGE,
    INPUT_AT,
    MALFORMED,
    OUTPUT_AT,
    UNSUPPORTED,
    VALUE,
    begin,
    finish,
    matrix,
    writer_without,
)
from faults.rows import order_faults, parameter_faults, slot_faults, tensor_rows


def faults():
    base = bases.spatial()
    rows = [(CLIP, "activation-function", 0, "B", value, UNSUPPORTED, f"activation {value}") for value in (0, 4, 255)]
    rows += [(CLIP, "activation-shift", 1, "B", value, VALUE, f"shift {value}") for value in (48, 255)]
    rows += [(CLIP, "activation-flags", 2, "B", 3 | bit, UNSUPPORTED, f"array flag {bit}") for bit in (4, 8, 128)]
    rows += [(CLIP, "activation-reserved", 3, "B", 1, UNSUPPORTED, "reserved field of activation")]
    # 6 bits: the limit is 31; lo is −5, hi 31
    rows += [(CLIP, "activation-low", 12, "h", value, VALUE, f"lower bound {value}, limit 31") for value in (-32, 32, -32768)]
    rows += [(CLIP, "activation-high", 14, "h", value, VALUE, f"upper bound {value}, limit 31, lower bound −5")
             for value in (32, -6, 32767)]
    rows += [(CLIP, "activation-period-arrays", 16, "I", value, VALUE, f"period {value} of 12")
             for value in (5, 24, 2**24, 2**24 + 1, 2**30)]
    rows += [(TANH, "tanh-low", 12, "h", value, VALUE, f"tanh with a lower bound of {value}") for value in (1, -1)]
    rows += [(TANH, "tanh-high", 14, "h", value, VALUE, f"tanh with an upper bound of {value}") for value in (1, -1)]
    rows += [(TANH, "tanh-period", 16, "I", value, VALUE, f"a period of {value} for one neuron")
             for value in (2, 2**24, 2**24 + 1, 2**31)]
    rows += tensor_rows(base, CLIP, "activation-multipliers", 4, 16, 4)
    rows += tensor_rows(base, CLIP, "activation-biases", 8, 16, 4)
    yield from parameter_faults(base, rows)
    place = base.block(CLIP)
    multipliers = struct.unpack_from("<I", base.data, place + 4)[0]
    shared = ((place + 2, "B", 0), (place + 4, "I", 1), (place + 8, "I", 0))  # nothing per neuron
    for value in (5, 7, 8, 24, 13, 2**32 - 1, 2**31):
        yield (f"activation-period-{value}", base.edited(*shared, (place + 16, "I", value)), VALUE, place + 16,
               f"period {value} of 12")
    yield ("activation-period-biases", base.edited((place + 2, "B", 2), (place + 16, "I", 7)), VALUE, place + 16,
           "a period of 7 of 12, and biases")
    assert multipliers % 4 == 0
    yield from order_faults(base, place, "activation-", (
            ("shift-flags", ((1, "B", 48), (2, "B", 8)), VALUE, 1, "shift and flags"),
            ("reserved-multipliers", ((3, "B", 1), (4, "I", HUGE)), UNSUPPORTED, 3, "reserved field, and multipliers far out"),
            ("multipliers-biases", ((4, "I", HUGE), (8, "I", HUGE)), MALFORMED, 4, "multipliers and biases far out"),
            ("biases-low", ((8, "I", HUGE), (12, "h", 99)), VALUE, 12, "biases far out, and the lower bound"),
            ("bounds", ((12, "h", 99), (14, "h", 99)), VALUE, 12, "both bounds"),
            ("period-low", ((12, "h", 99), (16, "I", 5)), VALUE, 12, "the period, and the lower bound"),
            ("period-range", ((12, "h", 99), (16, "I", 2**31)), VALUE, 16, "the lower bound, and a period of 2^31"),
            ("period-multipliers", ((4, "I", HUGE), (16, "I", 5)), VALUE, 16, "multipliers far out, and the period")))
    yield from wiring_faults()


def proof_cases(more):
    # Activation: 3 + b
    for name, spread in (("activation", lambda bias: bias), ("activation-negative", lambda bias: -bias)):
        writer, values, current, spikes = begin()
        writer.dense(values, current, matrix([1, 2]), "int8")
        clipped = writer.analog(1, 16)
        op = writer.activation(current, clipped, bias=spread(2**31 - 4 + more), multiplier=2**31 - 1, high=9)
        writer = writer_without(writer, None, spikes, values)
        yield name, finish(writer, clipped, 1).data, op, "3 + |b|"


def wiring_faults():
    yield from slot_faults(bases.spatial(), [
        (CLIP, INPUT_AT, 9, "activation reads analog"), (CLIP, INPUT_AT, 3, "activation reads spikes"),
        (CLIP, OUTPUT_AT, 3, "activation writes spikes"), (CLIP, OUTPUT_AT, 10, "activation writes analog of another count"),
        (CLIP, OUTPUT_AT, 8, "activation writes a current"), (TANH, OUTPUT_AT, 15, "activation writes 32-bit analog")])
