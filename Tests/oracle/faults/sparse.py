"""Faults of sparse."""

import struct

import numpy as np

from faults import bases
from faults.bases import RIGHT, SPARSE, TERNARY
from faults.edits import (
    DATA,
    HUGE,
    INPUT_AT,
    MALFORMED,
    OUTPUT_AT,
    UNSUPPORTED,
    VALUE,
    Base,
    begin,
    finish,
    finish_lif,
    front,
    matrix,
)
from faults.rows import order_faults, parameter_faults, slot_faults, tensor_rows


def projection_rows(op, name, is_wide=False):
    rows = [(op, f"{name}-encoding", 0, "B", value, UNSUPPORTED, f"{name}: weight encoding {value}") for value in (0, 6, 64, 255)]
    rows += [(op, f"{name}-join", 1, "B", 4, UNSUPPORTED, f"{name}: join 4"),
             (op, f"{name}-source-shift", 3, "B", 32 if is_wide else 1, VALUE, f"{name}: source shift")]
    return rows


def faults():
    base = bases.spatial()
    rows = projection_rows(SPARSE, "sparse")
    rows += [(SPARSE, "sparse-multiplier-shift", 2, "B", 48, VALUE, "multiplier shift 48"),
             (TERNARY, "sparse-add-shift", 2, "B", 1, VALUE, "add with a shift"),
             (RIGHT, "sparse-right-shift", 2, "B", 31, VALUE, "right shift 31")]
    rows += [(SPARSE, "sparse-delays", 4, "H", value, VALUE, f"delay count {value}") for value in (0, 4097, 65535)]
    rows += [(SPARSE, "sparse-reserved", 6, "H", value, UNSUPPORTED, "reserved field of sparse") for value in (1, 32768)]
    # 6 sources, 3 delays: 19 values; 7 synapses, 4 destinations.
    for name, offset, size, alignment in (("runs", 8, 4 * 19, 4), ("targets", 12, 2 * 7, 2), ("weights", 16, 4, 4),
                                          ("multipliers", 20, 16, 4)):
        rows += tensor_rows(base, SPARSE, f"sparse-{name}", offset, size, alignment)
    rows += tensor_rows(base, TERNARY, "sparse-ternary-weights", 16, 2, 4)
    rows += tensor_rows(base, RIGHT, "sparse-int16-weights", 16, 4, 4)
    yield from parameter_faults(base, rows)
    place = base.block(SPARSE)
    yield "sparse-delays-4096", base.edited((place + 4, "H", 4096)), MALFORMED, place + 8, "a run table of 24577 values"
    runs, targets, weights = (base.tensor(place + offset) for offset in (8, 12, 16))
    table = struct.unpack_from("<19I", base.data, runs)
    assert table == (0, 2, 2, 3, 3, 3, 3, 3, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7)
    for i, value in ((0, 1), (0, HUGE), (1, 7), (1, HUGE), (3, 1), (17, 5), (17, 8)):
        fault = i if i == 0 or value < table[i - 1] else i + 1
        yield (f"sparse-run-{i}-{value}", base.edited((runs + 4 * i, "I", value)), VALUE, runs + 4 * fault,
               f"run table: value {i} is {value}")
    yield "sparse-run-last-0", base.edited((runs + 72, "I", 0)), VALUE, runs + 72, "the run table's last value is 0"
    yield ("sparse-run-last-large", base.edited((runs + 72, "I", 2**31)), MALFORMED, place + 12,
           "2^31 synapses: targets of 2^32 bytes")
    yield "sparse-run-last-huge", base.edited((runs + 72, "I", 2**32 - 1)), MALFORMED, place + 12, "2^32 − 1 synapses"
    assert struct.unpack_from("<7H", base.data, targets) == (0, 2, 1, 0, 1, 3, 3)
    for i, value, fault, what in ((0, 4, 0, "beyond the destinations"), (6, 65535, 6, "beyond the destinations"),
                                  (1, 0, 1, "twice"),
                                  (1, 4, 1, "beyond the destinations"), (4, 0, 4, "twice"), (3, 3, 4, "above the next"),
                                  (5, 1, 5, "twice"), (0, 2, 1, "twice"), (0, 3, 1, "above the next")):
        yield (f"sparse-target-{i}-{value}", base.edited((targets + 2 * i, "H", value)), VALUE, targets + 2 * fault,
               f"target {i} is {value}: {what}")
    yield ("sparse-int4-padding", base.edited((weights + 3, "B", base.data[weights + 3] | 16)), MALFORMED, weights + 3,
           "unused bits behind 7 int4 weights")
    weights = base.tensor(base.block(TERNARY) + 16)  # 5 weights in 2 bytes
    for i, bits, what in ((0, 2, "code 10"), (0, 2 << 6, "code 10"), (1, 2, "code 10"), (1, 4, "unused bits"),
                          (1, 64, "unused bits")):
        old = base.data[weights + i]
        value = old & ~(3 * bits // 2) | bits if what == "code 10" else old | bits
        yield f"sparse-ternary-{i}-{bits}", base.edited((weights + i, "B", value)), MALFORMED, weights + i, what
    # Of two faults the first.
    yield from order_faults(base, place, "sparse-", (
            ("delays-reserved", ((4, "H", 0), (6, "H", 1)), VALUE, 4, "delay count 0 and the reserved field"),
            ("reserved-runs", ((6, "H", 1), (8, "I", HUGE)), UNSUPPORTED, 6, "the reserved field and the run table"),
            ("runs-targets", ((8, "I", HUGE), (12, "I", HUGE)), MALFORMED, 8, "run table and targets far out"),
            ("weights-multipliers", ((16, "I", HUGE), (20, "I", HUGE)), MALFORMED, 16, "weights and multipliers far out")))
    yield ("order-sparse-run-target", base.edited((runs + 4, "I", 9), (targets, "H", 9)), VALUE, runs + 8,
           "a value of the run table, and a target")
    yield ("order-sparse-run-multipliers", base.edited((runs + 4, "I", 9), (place + 20, "I", HUGE)), MALFORMED, place + 20,
           "a value of the run table, and multipliers far out")
    weights = base.tensor(place + 16)
    yield ("order-sparse-target-weights", base.edited((targets + 12, "H", 9), (weights + 3, "B", 255)), VALUE, targets + 12,
           "a target, and unused bits of the weights")
    # More than 65536 destinations: targets are u32. More than 2^32 − 1 run × destination pairs.
    model, _, values = front()
    many = model.current(65537)
    model.sparse(values, many, matrix([0, 0, 65536, 1], [1, 0, 0, 1], [1, 0, 3, 1]), "int8")
    model.lif(many, model.spikes(65537), threshold=9)
    wide = finish(model, values, 2)
    targets = wide.tensor(wide.block(1) + 12)
    for i, value, fault in ((0, 65537, 0), (0, 2**32 - 1, 0), (1, 3, 2), (2, 2**31, 2)):
        yield (f"sparse-target-wide-{i}-{value}", wide.edited((targets + 4 * i, "I", value)), VALUE, targets + 4 * fault,
               f"u32 target {i} is {value}")
    place = wide.block(1) + 12
    yield "sparse-target-wide-misaligned", wide.edited((place, "I", 2)), MALFORMED, place, "u32 targets at a multiple of 2"
    model, _, values = front(channels=16)
    many = model.current(65536)
    model.sparse(values, many, np.zeros((0, 4), np.int64), "int8", 4095)
    model.lif(many, model.spikes(65536), threshold=9)
    full = finish(model, values, 16)
    runs = struct.unpack_from("<I", full.data, full.block(1) + 8)[0]
    longer = Base(full.with_payload(DATA, full.payload(DATA) + bytes(64)))
    assert runs % 4 == 0
    yield ("work-sparse", longer.edited((longer.block(1) + 4, "H", 4096)), VALUE, longer.op(1),
           "65536 runs of 65536 destinations")
    model, _, values = front()
    count = 2**18
    current, spikes = model.current(count), model.spikes(count)
    model.dense(values, current, np.ones((count, 2), np.int64), "binary")
    model.lif(current, spikes)
    current, classes = model.current(2), model.spikes(2)
    model.sparse(spikes, current, matrix([0, 0, 0, 1]), "binary")
    model.lif(current, classes)
    large = finish(model, classes, 2)
    place = large.block(3)
    yield "sparse-runs-wrap", large.edited((place + 4, "H", 4096)), MALFORMED, place + 8, "a run table of 2^32 + 4 bytes"
    yield from wiring_faults()


def proof_cases(more):
    writer, values, current, spikes = begin()
    # one synapse with a delay beside one without: 2 · 2^30
    writer.sparse(values, current, matrix([0, 0, 0, 1], [0, 1, 0, 1])[:1 + more], "int8", 2, "left", 30)
    yield "sparse-delays", finish_lif(writer, current, spikes), 2, "Σ|w| over all delays of one source: 2 · 2^30"
    writer, values, current, spikes = begin()
    writer.sparse(values, current, matrix([0, 0, 0, -1], [1, 0, 0, -1]), "int8", 1, "multiplier", 1,
                  multipliers=np.array([2**31 - 2 + more]))
    yield "sparse-multiplier", finish_lif(writer, current, spikes), 2, "2 · (2^31 − 1) / 2 + 1"


def wiring_faults():
    base = bases.spatial()
    yield from slot_faults(base, [(SPARSE, INPUT_AT, 0, "sparse reads samples"), (SPARSE, INPUT_AT, 5, "sparse reads a current"),
                                  (SPARSE, OUTPUT_AT, 3, "sparse writes spikes"), (SPARSE, OUTPUT_AT, 1, "sparse writes analog")])
    yield from slot_faults(bases.chips(), [(bases.CHIP_SPARSE, OUTPUT_AT, 6, "sparse writes a synaptic slot"),
                                           (bases.CHIP_SPARSE, INPUT_AT, 6, "sparse reads a synaptic slot")])
