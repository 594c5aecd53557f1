"""Currents whose bound just fits, or just does not."""

import numpy as np

from faults.edits import finish, front, matrix


def proof_cases(more):
    """(name, file, reading op, description) of currents whose bound just fits, or, with `more` of 1, just does not.

    One neuron on an analog source of 16 bits (xmax 32767) or 2 bits (xmax 1).
    """
    def model(build, bits=16, bias=0, fraction_bits=0, channels=2):
        writer, _, values = front(channels, bits)
        current, spikes = writer.current(1), writer.spikes(1)
        build(writer, values, current)
        return finish_lif(writer, current, spikes, bias, fraction_bits)

    def finish_lif(writer, current, spikes, bias, fraction_bits=0):
        op = writer.lif(current, spikes, bias=bias, fraction_bits=fraction_bits)
        return finish(writer, spikes, 1).data, op

    def weights(*row, encoding="int16", **join):
        return lambda writer, values, current: writer.dense(values, current, matrix(row), encoding, **join)

    cases = [
        # bound_p: 65538 · 32767 = 2147483646 ≤ 2^31 − 1 < 65539 · 32767
        ("bound", model(weights(32767, 32767, 4 + more), channels=3), "Σ|w| = 65539 at 16-bit analog"),
        # |−32768| counts as 32768: 32768 + 32768 + 2 = 65538
        ("bound-negative", model(weights(-32768, -32768, 2 + more), channels=3), "the same with −32768"),
        # left: 1 · 2^30 fits, 2 · 2^30 = 2^31 does not
        ("left", model(weights(1, more, join="left", shift=30), bits=2), "2 · 2^30"),
        # right: bound_p itself is held to 2^31 − 1 before the shift
        ("right-bound", model(weights(32767, 32767, 4 + more, join="right", shift=30), channels=3), "bound before a right shift"),
        # multiplier, s = 0: 1 · (2^31 − 2) + 1 = 2^31 − 1 fits, one more does not
        ("multiplier", model(weights(1, 0, join="multiplier", multipliers=np.array([2**31 - 2 + more])), bits=2),
         "(2^31 − 1) + 1"),
        ("multiplier-negative", model(weights(1, 0, join="multiplier", multipliers=np.array([-(2**31) + 2 - more])), bits=2),
         "|−(2^31 − 1)| + 1"),
        # multiplier, s = 1: ((2 · (2^31 − 1)) >> 1) + 1 = 2^31; with 2^31 − 2 it is 2^31 − 1
        ("multiplier-shift", model(weights(1, 1, join="multiplier", shift=1, multipliers=np.array([2**31 - 2 + more])), bits=2),
         "2 · (2^31 − 1) / 2 + 1"),
        # f: 65535 · 2^15 = 2147450880 fits, 65536 · 2^15 = 2^31 does not
        ("fraction", model(weights(32767, 32767, 1 + more), bits=2, channels=3, fraction_bits=15), "65536 · 2^15"),
        # b: 3 + (2^31 − 4) = 2^31 − 1 fits
        ("bias", model(weights(1, 2), bits=2, bias=2**31 - 4 + more), "3 + 2^31 − 3"),
        ("bias-negative", model(weights(1, 2), bits=2, bias=-(2**31) + 4 - more), "3 + |−(2^31 − 3)|"),
    ]
    if more:
        cases.append(("bias-lowest", model(weights(0, 0), bits=2, bias=-(2**31)), "|−2^31| alone"))
        cases.append(("left-wraps", model(weights(4, 0, join="left", shift=30), bits=2), "4 · 2^30 is 0 in 32 bits"))
        cases.append(("fraction-wraps", model(weights(32767, 32767, 32767, 32767, 4, 0, 0, 0), bits=2, channels=8,
                                              fraction_bits=15), "131072 · 2^15 is 0 in 32 bits"))

    def two(writer, values, current):
        writer.dense(values, current, matrix([1, 0]), "int8", "left", 30)
        writer.dense(values, current, matrix([1, 0]), "int8", "multiplier", 0, multipliers=np.array([2**30 - 2 + more]))
    # 2^30 + (2^30 − 2 + 1) = 2^31 − 1
    cases.append(("sum", model(two, bits=2), "two projections whose sum is 2^31"))
    for name, (data, op), what in cases:
        yield name, data, op, what

    # A memory reads the current.
    writer, _, values = front(bits=2)
    current, memory = writer.current(1), writer.analog(2, 16, True)
    writer.dense(values, current, matrix([1, 0]), "int8", "left", 30)
    writer.memory(current, memory, matrix([1, 0], [0, 1]), np.array([1, 1]), "int8", 0, 0, bias=2**30 - 1 + more)
    yield "memory", finish(writer, memory, 2).data, 2, "a memory's bias: 2^30 + 2^30"
    # Per-unit biases: unit 1 of 2 is at fault.
    writer, _, values = front(bits=2)
    current, spikes = writer.current(2), writer.spikes(2)
    writer.dense(values, current, matrix([1, 0], [1, 0]), "int8")
    writer.lif(current, spikes, bias=np.array([0, 2**31 - 2 + more]))
    yield "bias-array", finish(writer, spikes, 2).data, 2, "1 + 2^31 − 1 in the second neuron"
    # Graded spikes: xmax = 2^bits − 1, and xmax · m + 1 is 2^31 − 1 at most.
    for bits in (2, 8):
        writer, _, values = front(bits=2)
        first, graded, second, spikes = writer.current(1), writer.spikes(1, bits=bits), writer.current(1), writer.spikes(1)
        writer.dense(values, first, matrix([1, 0]), "int8")
        writer.lif(first, graded, reset="zero at once")
        factor = (2**31 - 2) // (2**bits - 1) + more
        writer.dense(graded, second, matrix([1]), "int8", "multiplier", 0, multipliers=np.array([factor]))
        writer.lif(second, spikes)
        yield f"graded-{bits}", finish(writer, spikes, 1).data, 4, f"graded spikes of {bits} bits: xmax {2**bits - 1}"
    # A 32-bit source: xmax = min(32767, rnd(2^30 − 1, s)). s = 16: 16384; s = 0: 32767.
    for shift, greatest in ((0, 32767), (16, 16384), (31, 0)):
        writer, _, values = front(bits=2)
        first, wide, second, spikes = writer.current(1), writer.analog(1, 32, True), writer.current(1), writer.spikes(1)
        writer.dense(values, first, matrix([1, 0]), "int8")
        writer.lif(first, wide, model="LI", width=32)
        # xmax · m + 1 (multiplier, s = 0) is 2^31 − 1 at most for m = ⌊(2^31 − 2) / xmax⌋
        factor = (2**31 - 2) // greatest + more if greatest else 2**31 - 1
        writer.dense(wide, second, matrix([1]), "int8", "multiplier", 0, shift, np.array([factor]))
        # With xmax = 0 the joined bound is 1: a bias of 2^31 − 2 just fits.
        writer.lif(second, spikes, bias=2**31 - 2 + more if greatest == 0 else 0)
        yield f"wide-{shift}", finish(writer, spikes, 1).data, 4, f"32-bit source shifted by {shift}: xmax {greatest}"
