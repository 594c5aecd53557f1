"""Faults of convolution."""

import numpy as np

from faults import bases
from faults.bases import BINARY, GROUPED, OF_WIDE, RIGHT, TERNARY
from faults.edits import (
    DATA,
    HUGE,
    INPUT_AT,
    MALFORMED,
    OUTPUT_AT,
    VALUE,
    WIRING,
    begin,
    finish,
    finish_lif,
    front,
)
from faults.rows import parameter_faults, slot_faults, tensor_rows
from faults.sparse import projection_rows


def faults():
    base = bases.spatial()
    rows = projection_rows(GROUPED, "convolution") + projection_rows(OF_WIDE, "convolution-wide", True)
    rows += [(GROUPED, "convolution-multiplier-shift", 2, "B", 48, VALUE, "multiplier shift 48"),
             (OF_WIDE, "convolution-add-shift", 2, "B", 1, VALUE, "add with a shift"),
             (BINARY, "convolution-right-shift", 2, "B", 31, VALUE, "right shift 31")]
    names = ("height", "width", "channels", "destination channels")
    rows += [(GROUPED, f"convolution-{name.replace(' ', '-')}", 4 + 2 * i, "H", 0, VALUE, f"{name} 0") for i,
             name in enumerate(names)]
    rows += [(GROUPED, f"convolution-{offset}", offset, "B", 0, VALUE, f"{name} 0") for offset, name in (
        (12, "kernel height"), (13, "kernel width"), (14, "stride"), (15, "stride"), (20, "dilation"), (21, "dilation"))]
    rows += [(GROUPED, "convolution-groups", 22, "H", value, VALUE, f"{value} groups of 2 and 4 channels")
             for value in (0, 3, 4, 65535)]
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
            ("kernel-dilation-height", ((12, "B", 2), (20, "B", 255)), OUTPUT_AT,
             "kernel of height 2 dilated to 256 on 1: no destination"),
            ("kernel-both", ((12, "B", 9), (13, "B", 9)), OUTPUT_AT, "kernel larger both ways: no destination")):
        yield (f"convolution-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), WIRING,
               base.op(GROUPED) + field, what)
    height, width, channels = three_factors(6)
    wrapped = base.edited((place, "B", 1), (place + 4, "H", height), (place + 6, "H", width), (place + 8, "H", channels),
                          (place + 10, "H", 1), (place + 13, "B", 1), (place + 22, "H", 1), (place + 24, "I", 0),
                          (place + 28, "I", 0))
    assert channels < base.length(DATA)  # so that there are weights enough
    yield ("convolution-counts-wrap", wrapped, WIRING, base.op(GROUPED) + INPUT_AT,
           f"{height} · {width} · {channels} is 6 in 32 bits")
    yield ("convolution-kernel-height-2d", base.edited((base.block(BINARY) + 12, "B", 255)), WIRING, base.op(BINARY) + OUTPUT_AT,
           "kernel of height 255 on 2: no destination")
    yield from convolution_weights_wrap()
    rows = [(op, f"convolution-unjoined-{op}", 28, "I", value, VALUE, "multipliers without their join")
            for op in (BINARY, OF_WIDE) for value in (4, HUGE)]
    rows += [(op, f"sparse-unjoined-{op}", 20, "I", value, VALUE, "multipliers without their join") for op in (TERNARY, RIGHT)
             for value in (4, HUGE)]
    yield from parameter_faults(base, rows)
    weights = base.tensor(base.block(BINARY) + 24)
    yield "convolution-binary-padding", base.edited((weights + 2, "B", 3)), MALFORMED, weights + 2, "padding bit of the third run"
    for name, edits, status, where, what in (
            ("count-weights", ((4, "H", 2), (24, "I", HUGE)), WIRING, base.op(GROUPED) + INPUT_AT,
             "source elements, and weights far out"),
            ("count-groups", ((4, "H", 2), (22, "H", 3)), WIRING, base.op(GROUPED) + INPUT_AT, "source elements, and groups"),
            ("dilation-count", ((4, "H", 2), (21, "B", 0)), VALUE, place + 21, "source elements, and dilation 0"),
            ("groups-multipliers", ((22, "H", 3), (28, "I", HUGE)), VALUE, place + 22, "groups, and multipliers far out"),
            ("counts", ((4, "H", 2), (15, "B", 2)), WIRING, base.op(GROUPED) + INPUT_AT, "elements of both slots"),
            ("groups-weights", ((22, "H", 3), (24, "I", HUGE)), VALUE, place + 22, "groups, and weights far out"),
            ("kernel-weights", ((13, "B", 9), (24, "I", HUGE)), WIRING, base.op(GROUPED) + OUTPUT_AT,
             "kernel width, and weights far out")):
        yield (f"order-convolution-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), status, where,
               what)
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
    yield from wiring_faults()


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
               base.edited((base.slot(2) + 8, "I", 2**17), (base.slot(3) + 8, "I", 2**15), (place, "B", code),
                           (place + 8, "H", 2**15),
                           (place + 10, "H", 2**15)), MALFORMED, place + 24, f"2^32 weights of 2^{bytes_of} bytes")


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


def proof_cases(more):
    # A kernel of which one position never meets the source.
    writer, values, current, spikes = begin()
    writer.convolution(values, current, (1, 1, 2), np.array([1, more, 0, 0]).reshape(1, 2, 1, 2), "int8", (1, 1), (0, 0, 1, 0),
                       join="left", shift=30)
    yield "convolution-edge", finish_lif(writer, current, spikes), 2, "weights that meet no source element: 2 · 2^30"
    # In groups: destination channel 1 has its own sources only.
    writer, _, values = front(2, 2)
    current, spikes = writer.current(2), writer.spikes(2)
    writer.convolution(values, current, (1, 1, 2), np.array([1, 1 + more]).reshape(2, 1, 1, 1), "int8", groups=2,
                       join="multiplier",
                       multipliers=np.array([1, 2**30]))
    op = writer.lif(current, spikes, bias=np.array([0, 2**30 - 2]))
    yield "convolution-groups", finish(writer, spikes, 2).data, op, "2 · 2^30 + 1 in channel 1"


def wiring_faults():
    yield from slot_faults(bases.spatial(), [
        (GROUPED, INPUT_AT, 0, "convolution reads samples"), (GROUPED, INPUT_AT, 2, "convolution reads a current"),
        (GROUPED, OUTPUT_AT, 9, "convolution writes analog"), (BINARY, OUTPUT_AT, 3, "convolution writes spikes")])
