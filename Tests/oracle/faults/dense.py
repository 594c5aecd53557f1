"""Faults of dense and block, and of weights."""

import struct

import numpy as np

from example import example
from faults import bases
from faults.edits import (
    HUGE,
    MALFORMED,
    UNSUPPORTED,
    VALUE,
    Base,
    finish,
    front,
    matrix,
)
from faults.rows import parameter_faults, tensor_rows


def faults():
    base = bases.plain()
    rows = []
    for value in (0, 6, 64, 79, 128, 255):
        rows.append((1, "encoding", 0, "B", value, UNSUPPORTED, f"weight encoding {value}"))
    rows += [(1, "join", 1, "B", 4, UNSUPPORTED, "join 4"), (1, "join", 1, "B", 255, UNSUPPORTED, "join 255"),
             (1, "left-shift-beyond-all", 2, "B", 48, VALUE, "left shift 48"),
             (1, "left-shift", 2, "B", 31, VALUE, "left shift 31"), (7, "right-shift", 2, "B", 31, VALUE, "right shift 31"),
             (3, "multiplier-shift", 2, "B", 48, VALUE, "multiplier shift 48"),
             (5, "add-shift", 2, "B", 1, VALUE, "add with a shift"),
             (1, "source-shift-analog", 3, "B", 1, VALUE, "source shift of an 8-bit source"),
             (3, "source-shift-spikes", 3, "B", 1, VALUE, "source shift of spikes"),
             (5, "source-shift-wide", 3, "B", 32, VALUE, "source shift 32"),
             (1, "dense-groups", 4, "I", 0, VALUE, "dense with no group"),
             (1, "dense-groups", 4, "I", 2, VALUE, "dense, two groups"),
             (3, "block-groups", 4, "I", 0, VALUE, "block with no group"),
             (3, "block-groups-target", 4, "I", 4, VALUE, "4 groups for 4 sources and 2 destinations"),
             (3, "block-groups-neither", 4, "I", 3, VALUE, "3 groups for 4 sources and 2 destinations"),
             (3, "block-groups", 4, "I", 2**24, VALUE, "2^24 groups for 4 sources"),
             (3, "block-groups", 4, "I", 2**24 + 1, VALUE, "2^24 + 1 groups"),
             (3, "block-groups", 4, "I", 2**32 - 1, VALUE, "2^32 − 1 groups")]
    rows += [(op, f"multipliers-unjoined-{op}", 12, "I", value, VALUE, "multipliers without their join")
             for op in (1, 5, 7) for value in (4, HUGE)]
    rows += tensor_rows(base, 1, "weights-int4", 8, 4, 4)
    rows += tensor_rows(base, 5, "weights-int16", 8, 24, 4)
    rows += tensor_rows(base, 3, "multipliers", 12, 4, 4)
    yield from parameter_faults(base, rows)
    yield ("multipliers-of-add", base.edited((base.block(3) + 1, "B", 0), (base.block(3) + 2, "B", 0)), VALUE, base.block(3) + 12,
           "join add, with multipliers")
    shifted = base.edited((base.block(5) + 8, "I", struct.unpack_from("<I", base.data, base.block(5) + 8)[0] + 2))
    yield "weights-by-2", shifted, MALFORMED, base.block(5) + 8, "int16 weights at an odd multiple of 2"
    place = base.tensor(base.block(3) + 8)  # one run per source, one ternary weight each
    yield "ternary-10", base.edited((place, "B", 2)), MALFORMED, place, "ternary code 10"
    yield "ternary-10-second", base.edited((place + 1, "B", 2)), MALFORMED, place + 1, "ternary code 10 in the second run"
    yield "ternary-padding", base.edited((place, "B", 1 | 4)), MALFORMED, place, "first padding bit of a ternary run"
    yield "ternary-padding-high", base.edited((place + 1, "B", 3 | 64)), MALFORMED, place + 1, "padding bit of the second run"
    place = base.tensor(base.block(7) + 8)  # binary, three destinations
    yield "binary-padding", base.edited((place, "B", base.data[place] | 8)), MALFORMED, place, "padding bit 3 of a binary run"
    yield ("binary-padding-second", base.edited((place + 1, "B", base.data[place + 1] | 128)), MALFORMED, place + 1,
           "padding bit 7 of the second run")
    small = Base(example())
    place = small.tensor(small.block(1) + 8)  # int4, three destinations in two bytes
    for i in (1, 3):
        yield (f"int4-padding-{i}", small.edited((place + i, "B", small.data[place + i] | 16)), MALFORMED, place + i,
               "padding bits of an int4 run")
    yield from large_faults()


def large_faults():
    """Sizes whose products overflow 32 bits."""
    model, _, values = front()
    count = 65536
    first, spikes, second, more = model.current(count), model.spikes(count), model.current(count), model.spikes(count)
    model.dense(values, first, np.ones((count, 2), np.int64), "binary")
    model.lif(first, spikes)
    model.block(spikes, second, matrix([1]), "int8", count)
    model.lif(second, more)
    third, classes = model.current(2), model.spikes(2)
    model.block(more, third, np.ones((1, count // 2), np.int64), "ternary", 2)
    model.lif(third, classes)
    base = finish(model, classes, 2)
    place = base.block(3)
    yield ("huge-int8-weights", base.edited((place + 4, "I", 1)), MALFORMED, place + 8, "2^16 × 2^16 int8 weights: 2^32 bytes")
    for code, what in ((1, "binary: 2^29 bytes"), (5, "int16: 2^33 bytes")):
        yield (f"huge-weights-{code}", base.edited((place + 4, "I", 1), (place, "B", code)), MALFORMED, place + 8,
               f"2^32 {what}")
    # Work of 2^30 an op; the input's two come first, so the fourth block passes 2^32 − 1.
    model, _, values = front()
    spikes, state = model.spikes(2**24, persistent=True), model.current(2**24)
    weights = np.ones((64, 64), np.int64)
    for _ in range(5):
        model.block(spikes, state, weights, "binary", 2**18)
    model.lif(state, spikes, threshold=1)
    model.output("out", model.readout(values, window=5), ["k0", "k1"])
    many = Base(model.build())
    yield "work", many.data, VALUE, many.op(4), "5 blocks of 2^30 synapses each"
