"""Faults of what format 1.2 added: sparse, delay, convolution, pool, activation, periods. See refusals.py."""

import struct

import numpy as np

from edits import (DATA, HUGE, INPUT_AT, MALFORMED, OUTPUT_AT, UNSUPPORTED, VALUE, WIRING, Base, finish, front, matrix,
                   parameter_faults, room_faults, tensor_rows)

# Ops of rich_1_2.
SPARSE, ALIF, DELAY, TERNARY, LI, GROUPED, MAXIMUM, CLIP, SUM, BINARY, TANH, SHARED_DELAY, RIGHT, _, OF_WIDE = range(1, 16)


def rich_1_2() -> Base:
    """Ops 0 input, 1 sparse int4 multiplier D = 3, 2 ALIF with a period of 2, 3 delay per element, 4 sparse ternary D = 1,
    5 LI with a period of 1, 6 convolution int4 multiplier in 2 groups, 7 maximum of a current, 8 clip with arrays and a period
    of 4, 9 sum of analog, 10 convolution binary right 2-D, 11 tanh, 12 delay shared, 13 sparse int16 right, 14 LI 32,
    15 convolution int16 wide, 16 LIF, 17 readout.
    Slots 0 samples, 1 analog 8 bits 6, 2 current 4, 3 spikes 4, 4 spikes 4, 5 current 2, 6 analog 16 persistent 2, 7 current 12,
    8 current 12, 9 analog 6 bits 12, 10 analog 8 bits 4, 11 current 1, 12 analog 4 bits 1, 13 analog 4 bits 1, 14 current 1,
    15 analog 32 persistent 1, 16 current 2, 17 spikes 2."""
    model, _, values = front(channels=6)
    current, spikes = model.current(4), model.spikes(4)
    synapses = matrix([0, 0, 0, 1], [0, 0, 2, -2], [0, 2, 1, 3], [2, 1, 0, 4], [2, 1, 1, 5], [2, 1, 3, -8], [5, 2, 3, 7])
    model.sparse(values, current, synapses, "int4", 3, "multiplier", 1, multipliers=np.array([9, -9, 8, 7]))
    model.lif(current, spikes, np.array([10, 20]), np.array([30000, 0]), 0, np.array([1, -1]), "ALIF", "zero at once",
              threshold_decay=np.array([5, 32768]), threshold_step=np.array([3, 4]), period=2)
    delayed = model.spikes(4)
    model.delay(spikes, delayed, np.array([0, 1, 2, 3]), kept=4)
    current, state = model.current(2), model.analog(2, 16, True)
    model.sparse(delayed, current, matrix([0, 0, 0, 1], [1, 0, 1, -1], [3, 0, 0, 1], [3, 0, 1, 1], [2, 0, 1, 0]), "ternary")
    model.lif(current, state, decay=np.array([7]), bias=5, model="LI", period=1)
    wide, pooled, clipped = model.current(12), model.current(12), model.analog(12, 6)
    model.convolution(values, wide, (1, 3, 2), np.arange(-3, 5).reshape(4, 1, 1, 2), "int4", padding=(0, 0, 1, 0), groups=2,
                      join="multiplier", shift=2, multipliers=np.array([1, 2, 3, 4]))
    model.pool(wide, pooled, (1, 3, 4), (1, 2), "maximum", (1, 1), (0, 0, 1, 0))
    model.activation(pooled, clipped, "clip", np.array([5, 6, 7, 8]), np.array([-1, 0, 1, 2]), 3, -5, 31, period=4)
    summed = model.analog(4, 8)
    model.pool(clipped, summed, (1, 3, 4), (1, 3), multiplier=5, shift=2)
    current, curved = model.current(1), model.analog(1, 4)
    model.convolution(spikes, current, (2, 2, 1), np.array([1, -1, 1, 1]).reshape(1, 1, 2, 2), "binary", join="right", shift=1)
    model.activation(current, curved, "tanh", 900, -3, 1)
    model.delay(curved, model.analog(1, 4), 2, kept=5)
    current, last = model.current(1), model.analog(1, 32, True)
    model.sparse(state, current, matrix([0, 0, 0, 300], [1, 0, 0, -300]), "int16", 1, "right", 3)
    model.lif(current, last, model="LI", width=32)
    current, spikes = model.current(2), model.spikes(2)
    model.convolution(last, current, (1, 1, 1), np.array([2, 3]).reshape(2, 1, 1, 1), "int16", source_shift=16)
    model.lif(current, spikes, threshold=1)
    return finish(model, spikes, 2)


def wiring_faults():
    """The table of section 7, by references to slots of another type or count."""
    base = rich_1_2()
    for op, name, field, slot, what in (
            (SPARSE, "sparse", INPUT_AT, 0, "samples"), (SPARSE, "sparse", INPUT_AT, 5, "a current"),
            (SPARSE, "sparse", OUTPUT_AT, 3, "spikes"), (SPARSE, "sparse", OUTPUT_AT, 1, "analog"),
            (DELAY, "delay", INPUT_AT, 0, "samples"), (DELAY, "delay", INPUT_AT, 2, "a current"),
            (DELAY, "delay", OUTPUT_AT, 17, "spikes of another count"), (DELAY, "delay", OUTPUT_AT, 10, "analog for spikes"),
            (DELAY, "delay", OUTPUT_AT, 2, "a current for spikes"),
            (SHARED_DELAY, "delay-shared", OUTPUT_AT, 15, "analog of other bits"),
            (GROUPED, "convolution", INPUT_AT, 0, "samples"), (GROUPED, "convolution", INPUT_AT, 2, "a current"),
            (GROUPED, "convolution", OUTPUT_AT, 9, "analog"), (BINARY, "convolution-binary", OUTPUT_AT, 3, "spikes"),
            (MAXIMUM, "maximum", INPUT_AT, 0, "samples"), (MAXIMUM, "maximum", OUTPUT_AT, 9, "analog from a current"),
            (MAXIMUM, "maximum", OUTPUT_AT, 3, "spikes from a current"),
            (SUM, "sum", INPUT_AT, 0, "samples"), (SUM, "sum", OUTPUT_AT, 3, "spikes"), (SUM, "sum", OUTPUT_AT, 15, "32-bit analog"),
            (SUM, "sum", OUTPUT_AT, 0, "samples"),
            (CLIP, "activation", INPUT_AT, 9, "analog"), (CLIP, "activation", INPUT_AT, 3, "spikes"),
            (CLIP, "activation", OUTPUT_AT, 3, "spikes"), (CLIP, "activation", OUTPUT_AT, 10, "analog of another count"),
            (CLIP, "activation", OUTPUT_AT, 8, "a current"), (TANH, "activation-tanh", OUTPUT_AT, 15, "32-bit analog")):
        place = base.op(op) + field
        yield (f"wiring-{name}-{'from' if field == INPUT_AT else 'to'}-{slot}", base.edited((place, "H", slot)), WIRING, place,
               f"{name} {'reads' if field == INPUT_AT else 'writes'} {what}")
    # Maximum of analog into analog of other bits: op 9 made a maximum.
    place = base.block(SUM)
    yield ("wiring-maximum-bits", base.edited((place, "B", 2), (place + 1, "B", 0), (place + 16, "h", 0)), WIRING,
           base.op(SUM) + OUTPUT_AT, "maximum of 6-bit analog writes 8-bit analog")
    for op in (SPARSE, DELAY, GROUPED, SUM, CLIP):
        for field in (8, 10, 12, 16):
            place = base.op(op) + field
            yield f"op-{op}-unused-{field}", base.edited((place, "H", 1)), WIRING, place, "a slot field that the op does not use"
    for op in (SPARSE, DELAY, GROUPED, SUM, CLIP):
        for field, what in ((INPUT_AT, "input"), (OUTPUT_AT, "output")):
            place = base.op(op) + field
            yield f"op-{op}-{what}-18", base.edited((place, "H", 18)), MALFORMED, place, f"{what} slot 18 of 18"

    def build(change):
        model, _, values = front()
        slots = {"values": values, "current": model.current(2), "spikes": model.spikes(2, persistent=True)}
        change(model, slots)
        return finish(model, slots["spikes"], 2)
    shape, window, weights = (1, 2, 1), (1, 1), matrix([1, 2], [3, 4])

    def pool_of_pool(model, slots):
        first = model.current(2)
        model.pool(slots["values"], first, shape, window)
        model.pool(first, slots["current"], shape, window)
        model.lif(slots["current"], slots["spikes"])

    def pool_of_both(model, slots):
        first = model.current(2)
        model.dense(slots["values"], first, weights, "int8")
        model.pool(slots["values"], first, shape, window)
        model.pool(first, slots["current"], shape, window)
        model.lif(slots["current"], slots["spikes"])

    def pool_above(model, slots):
        first = model.current(2)
        model.pool(first, slots["current"], shape, window)
        model.sparse(slots["values"], first, matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])

    def read_twice(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.activation(slots["current"], model.analog(2, 8), high=9)
        model.lif(slots["current"], slots["spikes"])

    def unread(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])
        model.convolution(slots["values"], model.current(2), shape, np.ones((1, 1, 1, 1), int), "int8")

    def delay_above(model, slots):
        later = model.analog(2, 8)
        model.delay(later, model.analog(2, 8), 1)
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.activation(slots["current"], later, high=9)
        model.dense(later, model.current(2), weights, "int8")
        model.lif(len(model._counts) - 1, slots["spikes"])

    def written_twice(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])
        model.delay(slots["spikes"], slots["spikes"], 1)

    def delay_of_itself(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])
        own = model.analog(1, 8)
        model.delay(own, own, 1)

    for name, change, where, what in (
            ("pool-of-pool", pool_of_pool, lambda base: base.op(2) + INPUT_AT, "a pool reads a current slot that a pool writes"),
            ("pool-of-both", pool_of_both, lambda base: base.op(3) + INPUT_AT, "the same with a projection beside it"),
            ("pool-above", pool_above, lambda base: base.op(1) + INPUT_AT, "a pool above the projection it reads"),
            ("current-read-twice-activation", read_twice, lambda base: base.op(3) + INPUT_AT, "an activation and a lif read a current"),
            ("unread-convolution", unread, lambda base: base.slot(4), "a convolution's current that nothing reads"),
            ("delay-above", delay_above, lambda base: base.op(1) + INPUT_AT, "delay reads a transient slot above its writer"),
            ("delay-of-itself", delay_of_itself, lambda base: base.op(3) + INPUT_AT, "delay reads the transient slot it writes"),
            ("written-twice-delay", written_twice, lambda base: base.slot(3), "a lif and a delay write one spikes slot")):
        model = build(change)
        yield f"wiring-{name}", model.data, WIRING, where(model), what


def room():
    yield from room_faults(rich_1_2(), "1.2")


def projection_rows(op, name, is_wide=False):
    rows = [(op, f"{name}-encoding", 0, "B", value, UNSUPPORTED, f"{name}: weight encoding {value}") for value in (0, 6, 64, 255)]
    rows += [(op, f"{name}-join", 1, "B", 4, UNSUPPORTED, f"{name}: join 4"),
             (op, f"{name}-source-shift", 3, "B", 32 if is_wide else 1, VALUE, f"{name}: source shift")]
    return rows


def sparse_faults():
    base = rich_1_2()
    rows = projection_rows(SPARSE, "sparse")
    rows += [(SPARSE, "sparse-multiplier-shift", 2, "B", 48, VALUE, "multiplier shift 48"),
             (TERNARY, "sparse-add-shift", 2, "B", 1, VALUE, "add with a shift"),
             (RIGHT, "sparse-right-shift", 2, "B", 31, VALUE, "right shift 31")]
    rows += [(SPARSE, "sparse-delays", 4, "H", value, VALUE, f"delay count {value}") for value in (0, 4097, 65535)]
    rows += [(SPARSE, "sparse-reserved", 6, "H", value, UNSUPPORTED, "reserved field of sparse") for value in (1, 32768)]
    # 6 sources, 3 delays: 19 values; 7 synapses, 4 destinations.
    for name, offset, size, alignment in (("runs", 8, 4 * 19, 4), ("targets", 12, 2 * 7, 2), ("weights", 16, 4, 4), ("multipliers", 20, 16, 4)):
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
        yield f"sparse-run-{i}-{value}", base.edited((runs + 4 * i, "I", value)), VALUE, runs + 4 * fault, f"run table: value {i} is {value}"
    yield "sparse-run-last-0", base.edited((runs + 72, "I", 0)), VALUE, runs + 72, "the run table's last value is 0"
    yield "sparse-run-last-large", base.edited((runs + 72, "I", 2**31)), MALFORMED, place + 12, "2^31 synapses: targets of 2^32 bytes"
    yield "sparse-run-last-huge", base.edited((runs + 72, "I", 2**32 - 1)), MALFORMED, place + 12, "2^32 − 1 synapses"
    assert struct.unpack_from("<7H", base.data, targets) == (0, 2, 1, 0, 1, 3, 3)
    for i, value, fault, what in ((0, 4, 0, "beyond the destinations"), (6, 65535, 6, "beyond the destinations"), (1, 0, 1, "twice"),
                                  (1, 4, 1, "beyond the destinations"), (4, 0, 4, "twice"), (3, 3, 4, "above the next"),
                                  (5, 1, 5, "twice"), (0, 2, 1, "twice"), (0, 3, 1, "above the next")):
        yield f"sparse-target-{i}-{value}", base.edited((targets + 2 * i, "H", value)), VALUE, targets + 2 * fault, f"target {i} is {value}: {what}"
    yield ("sparse-int4-padding", base.edited((weights + 3, "B", base.data[weights + 3] | 16)), MALFORMED, weights + 3,
           "unused bits behind 7 int4 weights")
    weights = base.tensor(base.block(TERNARY) + 16)  # 5 weights in 2 bytes
    for i, bits, what in ((0, 2, "code 10"), (0, 2 << 6, "code 10"), (1, 2, "code 10"), (1, 4, "unused bits"), (1, 64, "unused bits")):
        old = base.data[weights + i]
        value = old & ~(3 * bits // 2) | bits if what == "code 10" else old | bits
        yield f"sparse-ternary-{i}-{bits}", base.edited((weights + i, "B", value)), MALFORMED, weights + i, what
    # Of two faults the first.
    for name, edits, status, offset, what in (
            ("delays-reserved", ((4, "H", 0), (6, "H", 1)), VALUE, 4, "delay count 0 and the reserved field"),
            ("reserved-runs", ((6, "H", 1), (8, "I", HUGE)), UNSUPPORTED, 6, "the reserved field and the run table"),
            ("runs-targets", ((8, "I", HUGE), (12, "I", HUGE)), MALFORMED, 8, "run table and targets far out"),
            ("weights-multipliers", ((16, "I", HUGE), (20, "I", HUGE)), MALFORMED, 16, "weights and multipliers far out")):
        yield f"order-sparse-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), status, place + offset, what
    yield ("order-sparse-run-target", base.edited((runs + 4, "I", 9), (targets, "H", 9)), VALUE, runs + 8, "a value of the run table, and a target")
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
        yield f"sparse-target-wide-{i}-{value}", wide.edited((targets + 4 * i, "I", value)), VALUE, targets + 4 * fault, f"u32 target {i} is {value}"
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
    yield ("work-sparse", longer.edited((longer.block(1) + 4, "H", 4096)), VALUE, longer.op(1), "65536 runs of 65536 destinations")
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


def delay_faults():
    base = rich_1_2()
    rows = [(DELAY, "delay-kept", 0, "H", value, VALUE, f"{value} frames kept") for value in (0, 4097, 65535)]
    rows += [(DELAY, "delay-flags", 2, "B", value, UNSUPPORTED, f"array flags {value}") for value in (2, 3, 129)]
    rows += [(DELAY, "delay-reserved", 3, "B", 1, UNSUPPORTED, "reserved field of delay"),
             (SHARED_DELAY, "delay-shared", 4, "I", 5, VALUE, "delay 5 of 5 frames"),
             (SHARED_DELAY, "delay-shared", 4, "I", 4096, VALUE, "delay 4096"),
             (SHARED_DELAY, "delay-shared", 4, "I", 2**32 - 1, VALUE, "delay 2^32 − 1"),
             (SHARED_DELAY, "delay-shared-kept", 0, "H", 0, VALUE, "no frame kept")]
    rows += tensor_rows(base, DELAY, "delay-array", 4, 8, 2)
    yield from parameter_faults(base, rows)
    place = base.block(SHARED_DELAY)
    yield "delay-shared-kept-2", base.edited((place, "H", 2)), VALUE, place + 4, "delay 2 of 2 frames"
    yield ("order-delay-wiring", base.edited((base.op(SHARED_DELAY) + OUTPUT_AT, "H", 15), (place, "H", 2)), WIRING,
           base.op(SHARED_DELAY) + OUTPUT_AT, "analog of other bits, and delay 2 of 2 frames")
    values = base.tensor(base.block(DELAY) + 4)
    for i, value in ((0, 4), (3, 4), (2, 65535)):
        yield f"delay-{i}-{value}", base.edited((values + 2 * i, "H", value)), VALUE, values + 2 * i, f"element {i}: delay {value} of 4 frames"
    yield "delay-array-kept-3", base.edited((base.block(DELAY), "H", 3)), VALUE, values + 6, "element 3: delay 3 of 3 frames"


def convolution_faults():
    base = rich_1_2()
    rows = projection_rows(GROUPED, "convolution") + projection_rows(OF_WIDE, "convolution-wide", True)
    rows += [(GROUPED, "convolution-multiplier-shift", 2, "B", 48, VALUE, "multiplier shift 48"),
             (OF_WIDE, "convolution-add-shift", 2, "B", 1, VALUE, "add with a shift"),
             (BINARY, "convolution-right-shift", 2, "B", 31, VALUE, "right shift 31")]
    names = ("height", "width", "channels", "destination channels")
    rows += [(GROUPED, f"convolution-{name.replace(' ', '-')}", 4 + 2 * i, "H", 0, VALUE, f"{name} 0") for i, name in enumerate(names)]
    rows += [(GROUPED, f"convolution-{offset}", offset, "B", 0, VALUE, f"{name} 0") for offset, name in (
        (12, "kernel height"), (13, "kernel width"), (14, "stride"), (15, "stride"), (20, "dilation"), (21, "dilation"))]
    rows += [(GROUPED, "convolution-groups", 22, "H", value, VALUE, f"{value} groups of 2 and 4 channels") for value in (0, 3, 4, 65535)]
    # 2 channels, a kernel of 1 × 2, 2 destinations in int4: 4 runs of a byte
    rows += tensor_rows(base, GROUPED, "convolution-weights", 24, 4, 4)
    rows += tensor_rows(base, GROUPED, "convolution-multipliers", 28, 16, 4)
    rows += tensor_rows(base, OF_WIDE, "convolution-wide-weights", 24, 4, 4)
    yield from parameter_faults(base, rows)
    place = base.block(GROUPED)
    for name, edits, field, what in (
            ("input-height", ((4, "H", 2),), INPUT_AT, "2 · 3 · 2 source elements of 6"),
            ("input-width", ((6, "H", 4),), INPUT_AT, "1 · 4 · 2 source elements of 6"),
            ("input-width-less", ((6, "H", 2),), INPUT_AT, "1 · 2 · 2 source elements of 6"),
            ("output-padding", ((18, "B", 2),), OUTPUT_AT, "4 · 4 destinations of 12"),
            ("output-padding-above", ((16, "B", 255),), OUTPUT_AT, "256 · 3 · 4 destinations of 12"),
            ("output-stride", ((15, "B", 2),), OUTPUT_AT, "2 · 4 destinations of 12"),
            ("output-stride-255", ((15, "B", 255),), OUTPUT_AT, "1 · 4 destinations of 12"),
            ("output-dilation", ((21, "B", 2),), OUTPUT_AT, "2 · 4 destinations of 12"),
            ("output-channels", ((10, "H", 2),), OUTPUT_AT, "3 · 2 destinations of 12"),
            ("kernel-height", ((12, "B", 2),), OUTPUT_AT, "kernel of height 2 on height 1: no destination"),
            ("kernel-width", ((13, "B", 5),), OUTPUT_AT, "kernel of width 5 on 3 + 1: no destination"),
            ("kernel-width-255", ((13, "B", 255), (15, "B", 255)), OUTPUT_AT, "kernel of width 255 on 3 + 1: no destination"),
            ("kernel-dilation", ((21, "B", 4),), OUTPUT_AT, "kernel of width 2 dilated to 5 on 3 + 1: no destination"),
            ("kernel-dilation-height", ((12, "B", 2), (20, "B", 255)), OUTPUT_AT, "kernel of height 2 dilated to 256 on 1: no destination"),
            ("kernel-both", ((12, "B", 9), (13, "B", 9)), OUTPUT_AT, "kernel larger both ways: no destination")):
        yield (f"convolution-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), WIRING,
               base.op(GROUPED) + field, what)
    height, width, channels = three_factors(6)
    wrapped = base.edited((place, "B", 1), (place + 4, "H", height), (place + 6, "H", width), (place + 8, "H", channels),
                          (place + 10, "H", 1), (place + 13, "B", 1), (place + 22, "H", 1), (place + 24, "I", 0), (place + 28, "I", 0))
    assert channels < base.length(DATA)  # so that there are weights enough
    yield ("convolution-counts-wrap", wrapped, WIRING, base.op(GROUPED) + INPUT_AT,
           f"{height} · {width} · {channels} is 6 in 32 bits")
    yield ("convolution-kernel-height-2d", base.edited((base.block(BINARY) + 12, "B", 255)), WIRING, base.op(BINARY) + OUTPUT_AT,
           "kernel of height 255 on 2: no destination")
    yield from convolution_weights_wrap()
    rows = [(op, f"convolution-unjoined-{op}", 28, "I", value, VALUE, "multipliers without their join")
            for op in (BINARY, OF_WIDE) for value in (4, HUGE)]
    rows += [(op, f"sparse-unjoined-{op}", 20, "I", value, VALUE, "multipliers without their join") for op in (TERNARY, RIGHT) for value in (4, HUGE)]
    yield from parameter_faults(base, rows)
    weights = base.tensor(base.block(BINARY) + 24)
    yield "convolution-binary-padding", base.edited((weights + 2, "B", 3)), MALFORMED, weights + 2, "padding bit of the third run"
    for name, edits, status, where, what in (
            ("count-weights", ((4, "H", 2), (24, "I", HUGE)), WIRING, base.op(GROUPED) + INPUT_AT, "source elements, and weights far out"),
            ("count-groups", ((4, "H", 2), (22, "H", 3)), WIRING, base.op(GROUPED) + INPUT_AT, "source elements, and groups"),
            ("dilation-count", ((4, "H", 2), (21, "B", 0)), VALUE, place + 21, "source elements, and dilation 0"),
            ("groups-multipliers", ((22, "H", 3), (28, "I", HUGE)), VALUE, place + 22, "groups, and multipliers far out"),
            ("counts", ((4, "H", 2), (15, "B", 2)), WIRING, base.op(GROUPED) + INPUT_AT, "elements of both slots"),
            ("groups-weights", ((22, "H", 3), (24, "I", HUGE)), VALUE, place + 22, "groups, and weights far out"),
            ("kernel-weights", ((13, "B", 9), (24, "I", HUGE)), WIRING, base.op(GROUPED) + OUTPUT_AT, "kernel width, and weights far out")):
        yield f"order-convolution-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), status, where, what
    weights = base.tensor(base.block(BINARY) + 24)
    yield ("order-convolution-count-padding", base.edited((weights, "B", 2), (base.block(BINARY) + 4, "H", 3)), WIRING,
           base.op(BINARY) + INPUT_AT, "source elements, and a padding bit")
    # 4096 · 4096 positions under a kernel of 17 · 17
    model, _, values = front()
    spikes, state = model.spikes(2**24, persistent=True), model.current(2**24)
    model.convolution(spikes, state, (4096, 4096, 1), np.ones((1, 1, 17, 17), int), "binary", padding=(8, 8, 8, 8))
    model.lif(state, spikes, threshold=1)
    many = finish(model, values, 2)
    yield "work-convolution", many.data, VALUE, many.op(1), "(17 · 4096 − 72)² taps"


def convolution_weights_wrap():
    """2^15 channels under a kernel of 1 · 4 into 2^15: 2^32 weights."""
    model, _, values = front()
    spikes, current = model.spikes(4, persistent=True), model.current(1)
    model.convolution(spikes, current, (1, 4, 1), np.ones((1, 1, 1, 4), int), "int8")
    model.activation(current, model.analog(1, 8), high=9)
    second = model.current(4)
    model.dense(values, second, np.ones((4, 2), int), "int8")
    model.lif(second, spikes)
    base = finish(model, values, 2)
    place = base.block(1)
    for code, bytes_of in ((1, 29), (4, 32), (5, 33)):
        yield (f"convolution-weights-wrap-{code}",
               base.edited((base.slot(2) + 8, "I", 2**17), (base.slot(3) + 8, "I", 2**15), (place, "B", code), (place + 8, "H", 2**15),
                           (place + 10, "H", 2**15)), MALFORMED, place + 24, f"2^32 weights of 2^{bytes_of} bytes")


def pool_work(beyond):
    """Maxima over windows of 15 · 17, or, beyond, of 17 · 17 elements, at 2^24 places."""
    model, _, values = front()
    spikes = model.spikes(2**24, persistent=True)
    height = 17 if beyond else 15
    model.pool(spikes, spikes, (4096, 4096, 1), (height, 17), "maximum", (1, 1), (height // 2, height // 2, 8, 8))
    return finish(model, values, 2)


def three_factors(remainder):
    """The first product of three numbers below 2^16 that is `remainder` in 32 bits, the last of them below 4096."""
    for multiple in range(1, 60000):
        product = multiple * 2**32 + remainder
        for channels in (6, 3, 2, 1, 9, 18, 31, 62, 93):
            if product % channels:
                continue
            rest = product // channels
            if rest > 65535 ** 2:
                continue
            for width in range(max(1, -(-rest // 65535)), min(65535, int(rest**0.5) + 1)):
                if rest % width == 0:
                    return rest // width, width, channels
    raise ValueError("none")


def pool_faults():
    base = rich_1_2()
    rows = [(SUM, "pool-function", 0, "B", value, UNSUPPORTED, f"pool function {value}") for value in (0, 3, 255)]
    rows += [(SUM, "pool-shift", 1, "B", value, VALUE, f"shift {value}") for value in (48, 255)]
    rows += [(MAXIMUM, "maximum-shift", 1, "B", 1, VALUE, "maximum with a shift"),
             (MAXIMUM, "maximum-multiplier", 16, "h", 1, VALUE, "maximum with a multiplier"),
             (MAXIMUM, "maximum-multiplier", 16, "h", -1, VALUE, "maximum with a multiplier"),
             (SUM, "pool-reserved", 18, "H", 1, UNSUPPORTED, "reserved field of pool"),
             (MAXIMUM, "maximum-reserved", 18, "H", 256, UNSUPPORTED, "reserved field of pool")]
    rows += [(SUM, f"pool-{name}", 2 + 2 * i, "H", 0, VALUE, f"{name} 0") for i, name in enumerate(("height", "width", "channels"))]
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
        yield (f"pool-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), WIRING, base.op(SUM) + field, what)
    # Padding as large as the window, with strides by which there are as many destinations as before.
    for offset, value, stride, size in ((12, 1, 10, 1), (13, 1, 10, 1), (14, 3, 11, 3), (15, 3, 11, 3), (15, 254, 11, 3)):
        yield (f"pool-padding-{offset}-{value}", base.edited((place + offset, "B", value), (place + stride, "B", 255)), VALUE,
               place + offset, f"padding {value} of a window of {size}")
    yield ("pool-padding-both", base.edited((place + 12, "B", 1), (place + 14, "B", 3), (place + 10, "B", 255), (place + 11, "B", 255)),
           VALUE, place + 12, "padding above and left")
    maximum = base.block(MAXIMUM)
    yield ("order-maximum", base.edited((maximum + 1, "B", 1), (maximum + 16, "h", 1)), VALUE, maximum + 1, "maximum with a shift and a multiplier")
    for name, edits, status, offset, what in (
            ("function-shift", ((0, "B", 3), (1, "B", 48)), UNSUPPORTED, 0, "function 3 and shift 48"),
            ("padding-reserved", ((12, "B", 1), (18, "H", 1)), UNSUPPORTED, 18, "padding and the reserved field"),
            ("window-reserved", ((9, "B", 4), (18, "H", 1)), UNSUPPORTED, 18, "window width and the reserved field"),
            ("window-stride", ((9, "B", 4), (10, "B", 0)), VALUE, 10, "window width and stride 0"),
            ("reserved-counts", ((6, "H", 5), (18, "H", 1)), UNSUPPORTED, 18, "counts and the reserved field")):
        yield f"order-pool-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), status, place + offset, what


def activation_faults():
    base = rich_1_2()
    rows = [(CLIP, "activation-function", 0, "B", value, UNSUPPORTED, f"activation {value}") for value in (0, 4, 255)]
    rows += [(CLIP, "activation-shift", 1, "B", value, VALUE, f"shift {value}") for value in (48, 255)]
    rows += [(CLIP, "activation-flags", 2, "B", 3 | bit, UNSUPPORTED, f"array flag {bit}") for bit in (4, 8, 128)]
    rows += [(CLIP, "activation-reserved", 3, "B", 1, UNSUPPORTED, "reserved field of activation")]
    # 6 bits: the limit is 31; lo is −5, hi 31
    rows += [(CLIP, "activation-low", 12, "h", value, VALUE, f"lower bound {value}, limit 31") for value in (-32, 32, -32768)]
    rows += [(CLIP, "activation-high", 14, "h", value, VALUE, f"upper bound {value}, limit 31, lower bound −5") for value in (32, -6, 32767)]
    rows += [(CLIP, "activation-period-arrays", 16, "I", value, VALUE, f"period {value} of 12") for value in (5, 24, 2**24, 2**24 + 1, 2**30)]
    rows += [(TANH, "tanh-low", 12, "h", value, VALUE, f"tanh with a lower bound of {value}") for value in (1, -1)]
    rows += [(TANH, "tanh-high", 14, "h", value, VALUE, f"tanh with an upper bound of {value}") for value in (1, -1)]
    rows += [(TANH, "tanh-period", 16, "I", value, VALUE, f"a period of {value} for one neuron") for value in (2, 2**24, 2**24 + 1, 2**31)]
    rows += tensor_rows(base, CLIP, "activation-multipliers", 4, 16, 4)
    rows += tensor_rows(base, CLIP, "activation-biases", 8, 16, 4)
    yield from parameter_faults(base, rows)
    place = base.block(CLIP)
    multipliers = struct.unpack_from("<I", base.data, place + 4)[0]
    shared = ((place + 2, "B", 0), (place + 4, "I", 1), (place + 8, "I", 0))  # nothing per neuron
    for value in (5, 7, 8, 24, 13, 2**32 - 1, 2**31):
        yield (f"activation-period-{value}", base.edited(*shared, (place + 16, "I", value)), VALUE, place + 16, f"period {value} of 12")
    yield ("activation-period-biases", base.edited((place + 2, "B", 2), (place + 16, "I", 7)), VALUE, place + 16,
           "a period of 7 of 12, and biases")
    assert multipliers % 4 == 0
    for name, edits, status, offset, what in (
            ("shift-flags", ((1, "B", 48), (2, "B", 8)), VALUE, 1, "shift and flags"),
            ("reserved-multipliers", ((3, "B", 1), (4, "I", HUGE)), UNSUPPORTED, 3, "reserved field, and multipliers far out"),
            ("multipliers-biases", ((4, "I", HUGE), (8, "I", HUGE)), MALFORMED, 4, "multipliers and biases far out"),
            ("biases-low", ((8, "I", HUGE), (12, "h", 99)), VALUE, 12, "biases far out, and the lower bound"),
            ("bounds", ((12, "h", 99), (14, "h", 99)), VALUE, 12, "both bounds"),
            ("period-low", ((12, "h", 99), (16, "I", 5)), VALUE, 12, "the period, and the lower bound"),
            ("period-range", ((12, "h", 99), (16, "I", 2**31)), VALUE, 16, "the lower bound, and a period of 2^31"),
            ("period-multipliers", ((4, "I", HUGE), (16, "I", 5)), VALUE, 16, "multipliers far out, and the period")):
        yield f"order-activation-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), status, place + offset, what


def period_faults():
    base = rich_1_2()
    for op, count, name in ((ALIF, 4, "alif"), (LI, 2, "li")):
        place = base.block(op)
        words = [(place + 5, "B", 0)] + [(place + at, "I", 0) for at in (8, 16, 20, 24, 28) if op == ALIF or at == 8]
        for value in (3, 5, 2 * count, 2**24, 2**24 + 1, 2**31, 2**32 - 1):
            yield (f"period-{name}-{value}", base.edited(*words, (place + 32, "I", value)), VALUE, place + 32,
                   f"period {value} of {count}, nothing per neuron")
        for value in (3, 2**24):
            yield (f"period-{name}-arrays-{value}", base.edited((place + 32, "I", value)), VALUE, place + 32, f"period {value} of {count}, arrays")
    rows = []
    for offset, name, size, alignment in ((8, "beta", 4, 2), (16, "theta", 4, 2), (20, "bias", 8, 4), (24, "rho", 4, 2), (28, "kappa", 4, 2)):
        rows += tensor_rows(base, ALIF, f"period-{name}", offset, size, alignment)
    yield from parameter_faults(base, rows)
    place = base.block(ALIF)
    for i in (0, 1):
        beta, theta = base.tensor(place + 8) + 2 * i, base.tensor(place + 16) + 2 * i
        yield f"period-beta-{i}", base.edited((beta, "H", 32769)), VALUE, beta, f"element {i} of β"
        yield f"period-theta-{i}", base.edited((theta, "h", -1)), VALUE, theta, f"element {i} of θ"
    yield ("order-period-elements", base.edited((base.tensor(place + 8), "H", 40000), (place + 32, "I", 3)), VALUE, place + 32,
           "an element of β, and the period")
    yield ("order-kappa-period", base.edited((place + 28, "I", HUGE), (place + 32, "I", 3)), VALUE, place + 32,
           "κ far out, and the period")


FAULTS_1_2 = (wiring_faults, room, sparse_faults, delay_faults, convolution_faults, pool_faults, activation_faults, period_faults)


def proof_cases_1_2(more):
    """As refusals.proof_cases: analog sources of 2 bits, xmax 1; `more` is 1 just beyond the bound, else 0."""
    def begin():
        writer, _, values = front(2, 2)
        return writer, values, writer.current(1), writer.spikes(1)

    writer, values, current, spikes = begin()
    # one synapse with a delay beside one without: 2 · 2^30
    writer.sparse(values, current, matrix([0, 0, 0, 1], [0, 1, 0, 1])[:1 + more], "int8", 2, "left", 30)
    yield "sparse-delays", finish_lif(writer, current, spikes), 2, "Σ|w| over all delays of one source: 2 · 2^30"
    writer, values, current, spikes = begin()
    writer.sparse(values, current, matrix([0, 0, 0, -1], [1, 0, 0, -1]), "int8", 1, "multiplier", 1,
                  multipliers=np.array([2**31 - 2 + more]))
    yield "sparse-multiplier", finish_lif(writer, current, spikes), 2, "2 · (2^31 − 1) / 2 + 1"
    # A kernel of which one position never meets the source.
    writer, values, current, spikes = begin()
    writer.convolution(values, current, (1, 1, 2), np.array([1, more, 0, 0]).reshape(1, 2, 1, 2), "int8", (1, 1), (0, 0, 1, 0),
                       join="left", shift=30)
    yield "convolution-edge", finish_lif(writer, current, spikes), 2, "weights that meet no source element: 2 · 2^30"
    # In groups: destination channel 1 has its own sources only.
    writer, _, values = front(2, 2)
    current, spikes = writer.current(2), writer.spikes(2)
    writer.convolution(values, current, (1, 1, 2), np.array([1, 1 + more]).reshape(2, 1, 1, 1), "int8", groups=2, join="multiplier",
                       multipliers=np.array([1, 2**30]))
    op = writer.lif(current, spikes, bias=np.array([0, 2**30 - 2]))
    yield "convolution-groups", finish(writer, spikes, 2).data, op, "2 · 2^30 + 1 in channel 1"
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
    yield "pool-padding", finish(writer_without(writer, current, spikes, values), outputs, 3).data, op, "201 and b at the edge too"
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
    # Activation: 3 + b
    for name, spread in (("activation", lambda bias: bias), ("activation-negative", lambda bias: -bias)):
        writer, values, current, spikes = begin()
        writer.dense(values, current, matrix([1, 2]), "int8")
        clipped = writer.analog(1, 16)
        op = writer.activation(current, clipped, bias=spread(2**31 - 4 + more), multiplier=2**31 - 1, high=9)
        writer = writer_without(writer, None, spikes, values)
        yield name, finish(writer, clipped, 1).data, op, "3 + |b|"
    # A period: element 1 of 2 holds for neuron 3.
    writer, _, values = front(2, 2)
    current, spikes = writer.current(4), writer.spikes(4)
    writer.dense(values, current, matrix([0, 0], [0, 0], [0, 0], [1, 0]), "int8")
    op = writer.lif(current, spikes, bias=np.array([0, 2**31 - 2 + more]), period=2)
    yield "period", finish(writer, spikes, 4).data, op, "1 + 2^31 − 1 in neuron 3"
    # Pool and projection in one current: 2^30 + (2^30 − 2) + 1
    writer, values, current, spikes = begin()
    writer.dense(values, current, matrix([1, 0]), "int8", "multiplier", 0, multipliers=np.array([2**30 - 3 + more]))
    first = writer.current(1)
    writer.sparse(values, first, matrix([0, 0, 0, 1]), "int8", 1, "left", 30)
    writer.pool(first, current, (1, 1, 1), (1, 1))
    yield "pool-and-dense", finish_lif(writer, current, spikes), 4, "2^30 + 1 and 2^30 − 2 + 1"


def finish_lif(writer, current, spikes, bias=0):
    writer.lif(current, spikes, bias=bias)
    return finish(writer, spikes, 1).data


def writer_without(writer, current, spikes, values):
    """Writes what else was declared: spikes, and their current."""
    if current is None:
        current = writer.current(1)
    writer.dense(values, current, matrix([0, 0]), "int8")
    writer.lif(current, spikes)
    return writer
