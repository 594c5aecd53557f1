"""Tests of what format 1.5 added to the reference, against numbers worked out by hand, section 9.15 word for word and floating point."""

import struct
from collections import Counter
from fractions import Fraction
from itertools import product
from math import comb, factorial

import numpy as np
import pytest

import generate  # first: it puts models/ on the path
from snnrt import legendre
import reader
import refusals_recurrence
from snnrt.file import ModelWriter
from test_reference import Bench, column, matrix

HALF, QUARTER, ONE = 2**29, 2**28, 2**30


def memory_history(frames, factors, output_shift=0, limit=32767, bits=16, initial=0, tally=None, order=None, **arguments):
    """The memory after each frame, of units as many as channels, and the network. order: without it, of places that all hold an element."""
    bench, units, (_, rows, *_, segments) = Bench(np.shape(frames)[1]), np.shape(frames)[1], np.shape(factors)
    order = order or segments * (rows // 4 if segments > 1 else rows // 2)
    target = bench.model.analog(units * order, bits, True, initial)
    bench.model.recurrence(bench.identity(units), target, np.array(factors), output_shift, limit, **arguments)
    network, trace = bench.run(target, frames, tally=tally)
    return trace, network


# --- Files ---


def test_round_trip_of_format_1_5():
    model = reader.parse(refusals_recurrence.rich_1_5().data)
    assert [int(op.kind) for op in model.ops] == [1, 2, 14, 2, 14, 6]
    first, second = model.ops[2].parameters, model.ops[4].parameters
    assert (first.segments, first.substeps, first.fraction_bits, first.order, first.flags, first.output_shift) == (2, 3, 15, 3, 3, 30)
    assert (first.limit, first.bias.tolist(), first.factors.shape) == (2**30 - 1, [5, -6], (2, 11, 2, 2))
    assert (first.factors[0, 0, 0].tolist(), first.factors[1, 10, 1, 1]) == ([-2**31, 2**25 - 2**30], 2**31 - 1)
    assert first.factors[1, 0, 1].tolist() == [(44 + 2 + i) * 2**25 - 2**30 for i in range(2)]  # pole 1, row g[0], imaginary
    assert (second.segments, second.substeps, second.order, second.flags, second.limit, second.bias) == (1, 1, 1, 0, 9, -3)
    assert second.factors.reshape(-1).tolist() == [7, -8, 9, -10, 11, -12]


@pytest.mark.parametrize("change, field", [
    (dict(factors=np.ones((1, 4, 17), int)), "segment count"), (dict(factors=np.ones((1, 4, 0), int)), "segment count"),
    (dict(factors=np.ones((9, 4, 1), int)), "pole count"), (dict(factors=np.ones((0, 4, 1), int)), "pole count"),
    (dict(factors=np.ones((1, 3, 1), int)), "factors"), (dict(factors=np.ones((1, 7, 1), int)), "factors"),
    (dict(factors=np.ones((1, 4, 2), int)), "factors"), (dict(factors=np.ones((1, 11, 2, 2), int)), "factors"),
    (dict(factors=np.ones((1, 4, 3, 1), int)), "factors"), (dict(factors=np.ones((4, 1), int)), "factors"),
    (dict(factors=np.full((1, 4, 1), 2**31)), "factors"), (dict(factors=np.ones((1, 4, 1))), "factors"),
    (dict(target=1, factors=np.ones((1, 8194, 1), int)), "order"), (dict(output_shift=31), "output shift"), (dict(output_shift=-1), "output shift"),
    (dict(limit=0), "limit"), (dict(limit=32768), "limit"), (dict(substeps=0), "substeps"), (dict(substeps=17), "substeps"),
    (dict(fraction_bits=16), "fraction bits"), (dict(bias=2**31), "bias"), (dict(bias=np.array([1, 2, 3])), "bias")])
def test_writer_names_the_field(change, field):
    model = ModelWriter()
    current, _ = model.current(2), model.analog(2 * 4097, 16, True)
    defaults = dict(current=current, target=model.analog(4, 16, True), factors=np.ones((1, 4, 1), int), output_shift=0, limit=1)
    with pytest.raises(ValueError, match=field):
        model.recurrence(**defaults | change)
    with pytest.raises(ValueError, match="target"):
        model.recurrence(**defaults | dict(target=model.analog(5, 16, True)))


@pytest.mark.parametrize("order, shape, places", [(2, (1, 4, 1), 2), (2, (3, 7, 2), 1), (3, (1, 11, 2, 2), 2), (2, (1, 7, 16), 1),
                                                  (33, (1, 15, 16), 3), (32, (1, 11, 16), 2), (4096, (1, 1027, 16), 256)])
def test_rows_are_those_of_the_order(order, shape, places):
    model = ModelWriter()
    samples, values, current = model.stream("s", (1, 1), [("c", "", (1, 1))]), model.analog(1, 8), model.current(1)
    target = model.analog(order, 16, True)
    model.input(samples, values, [0], [1], 0)
    model.dense(values, current, matrix([1]), "int8")
    model.recurrence(current, target, np.arange(np.prod(shape)).reshape(shape), 0, 1)
    model.output("out", model.readout(target, 1), [""] * order)
    found = reader.parse(model.build()).ops[2].parameters
    assert (found.segments, found.places, found.order) == (shape[-1], places, order)
    assert found.factors.reshape(shape).reshape(-1).tolist() == list(range(np.prod(shape)))


def test_the_writer_takes_the_limit_of_a_wide_slot():
    model = ModelWriter()
    model.recurrence(model.current(2), model.analog(2, 32, True), np.ones((1, 2, 1), int), 0, 2**30 - 1)
    with pytest.raises(ValueError, match="limit"):
        model.recurrence(model.current(2), model.analog(2, 32, True), np.ones((1, 2, 1), int), 0, 2**30)


def test_work_just_fits():
    assert reader.parse(refusals_recurrence.work(beyond=False).data).ops[2].parameters.products == 51200


# --- The tick, by hand ---


def test_order_1():
    # a = −7: v = rnd( −3.5 ) = −3, z = rnd( −4.5 ) = −4.  a = −4: v = −2, z = −3.  a = −7 − 6: v = −6 (−6.5), z = −9
    assert memory_history(column(7, 0, 6), [[[HALF], [3]]], 1)[0] == column(-4, -7, -16)


def test_order_2():
    factors = [[[HALF], [QUARTER], [-4], [8]]]
    # a = (100, 0): v₀ = 50; v₁ = −50 / 4 = −12 (−12.5); w₀ = 50 − 12 / 2.  z = (−176, −96), clamped to 150
    # a = (−150, −96): v₀ = −75; v₁ = (−96 + 75) / 4 = −5 (−5.25); w₀ = −75 − 2 (−2.5).  z = (308, −40)
    assert memory_history(column(-100, 0), factors, limit=150)[0] == [[-150, -96], [150, -136]]


def test_order_3():
    factors = [[[HALF], [QUARTER], [-HALF], [1], [2], [3]]]
    # a = (64, 0, 0): v = (32, −32 / 4, −½·8); w₁ = −8 − 4 / 4, w₀ = 32 − 4 (−4.5).  z = (28, −18, −12)
    # a = (28, −18, −12): v = (14, (−18 − 14) / 4, −½·(−12 + 8)); w₁ = −8 + 1 (½), w₀ = 14 − 3 (−3.5).  z = (11, −14, 6)
    assert memory_history(column(-64, 0), factors)[0] == [[28, -18, -12], [39, -32, -6]]


UNUSED = 2**31 - 1  # what stands where nothing is multiplied with it


def test_two_segments_of_one_place():
    # g, d, x, y; p, x, y
    factors = [[[HALF, QUARTER], [2, 4], [UNUSED, 3], [1, UNUSED], [UNUSED, UNUSED], [UNUSED, HALF], [UNUSED, UNUSED]]]
    # a = (64, 0): v = w = (32, 0); below₁ = 32; above₀ = 0 + 32 / 2.  z = ((2·32 + 16) / 2, (3·32) / 2)
    # a = (40, 48): v = w = (20, 12); below₁ = 20; above₀ = 12 + 10.  z = ((40 + 22) / 2, (48 + 60) / 2)
    assert memory_history(column(-64, 0), factors, 1)[0] == [[40, 48], [71, 102]]


def test_three_segments():
    factors = [[[HALF, QUARTER, ONE], [1, 2, 3], [UNUSED, 1, -1], [2, 1, UNUSED],
                [UNUSED, -HALF, UNUSED], [UNUSED, QUARTER, HALF], [UNUSED, ONE, UNUSED]]]
    # a = (64, 0, 0): v = (32, 0, 0); below = (0, 32, −16); above₁ = −8; above₀ = 32 / 4 − 8.  z = (32, 32 − 8, 16)
    # a = (32, 24, 16): v = (16, 6, 16); below = (0, 16, 6 − 8); above₁ = 16 − 1; above₀ = 6 + 4 + 15.
    # z = (16 + 2·25, 12 + 16 + 15, 48 + 2)
    assert memory_history(column(-64, 0), factors)[0] == [[32, 24, 16], [98, 67, 66]]


def test_a_place_without_an_element():
    """Order 3 in two segments of two places: [1][1], with factors, takes part; what is found for it is dropped."""
    factors = [[[HALF, HALF], [QUARTER, HALF], [1, 1], [1, UNUSED], [UNUSED, 2], [UNUSED, UNUSED], [1, UNUSED], [1, UNUSED],
                [UNUSED, UNUSED], [UNUSED, -ONE], [UNUSED, UNUSED]]]
    # a = (64, 0, 0): v = (32, −8), (0, 0); w = (28, −8), (0, 0); below₁ = −8; above₀ = 8.  z = (36, 0, −16)
    # a = (36, 0, −16): v = (18, −4 (−4.5)), (−8, −½·−8); w = (16, −4), (−8 + 2, 4); below₁ = −4; above₀ = −6 + 4.  z = (14, −6, −14)
    assert memory_history(column(-64, 0), factors, order=3)[0] == [[36, 0, -16], [50, -6, -30]]


def test_more_segments_than_elements():
    """Order 1 in three: the others hold nothing, and pass on what comes from below."""
    factors = [[[HALF, UNUSED, UNUSED], [1, UNUSED, UNUSED], [UNUSED] * 3, [2, UNUSED, UNUSED],
                [UNUSED, HALF, UNUSED], [UNUSED, QUARTER, HALF], [UNUSED, HALF, UNUSED]]]
    # a = 64: v = (32, 0, 0); below = (0, 32, 16); above₁ = 8; above₀ = 32 / 4 + 8 / 2.  z = 32 + 2·12
    assert memory_history(column(-64), factors, order=1)[0] == column(56)


def test_sums_of_products_are_rounded_once():
    factors = [[[ONE] * 3, [1] * 3, [0, 1, 0], [1, 1, 0], [0, ONE, 0], [0, HALF, ONE], [0, HALF, 0]]]
    # a = (1, 0, 0): v = (1, 0, 0); below = (0, 1, 1); above₁ = 1; above₀ = rnd( ½ + ½ ).  z = rnd( (1 + 1) / 2 ), rnd( (0 + 1 + 1) / 2 ), 0
    assert memory_history(column(-1), factors, 1)[0] == [[1, 1, 0]]


def test_several_units_poles_and_substeps():
    # Two poles: ½ and 1, outputs 1 and −2.  Unit 0: a = −8: −4 + 16 = 12; a = 12 − 8 = 4: 2 − 8 → 6.
    # Unit 1: b = 1 and 2^1·(−3): u = −5: a = 5: 3 − 10 → −7; a = −7 + 5: −1 + 4 → −4
    trace, network = memory_history([[4, -3]], [[[HALF], [1]], [[ONE], [-2]]], substeps=2, bias=np.array([0, 1]), fraction_bits=1)
    assert trace == [[6, -4]]
    # u is clamped too: 9 of 4·2: a = −9
    assert memory_history(column(100), [[[ONE], [1]]], limit=9)[0] == column(-9)


def test_complex_products_are_rounded_once():
    def step(sample, g, d, output_shift=0):
        return memory_history(column(-sample), [[[[g[0]], [g[1]]], [[d[0]], [d[1]]]]], output_shift)[0][0][0]
    # (½ + ½i)·10 = 5 + 5i; (1 + 2i)·(5 + 5i) = −5 + 15i
    assert step(10, (HALF, HALF), (1, 2)) == -5
    # (1 + i)·(1 − i) = 2, which rounds to 1 of 4; 1 and 1 would be 0 each
    assert step(1, (ONE, ONE), (1, -1), 2) == 1
    # 3·(½ − ½i): 1.5 → 2, −1.5 → −1; (1 + i)·(2 − i) = 3 + i
    assert step(3, (HALF, -HALF), (1, 1)) == 3


def test_products_and_sums_wrap():
    limit, tally = 2**30 - 1, Counter()
    wide = dict(bits=32, limit=limit, fraction_bits=15, tally=tally)
    # u = 2^30 − 2^15: a = −u; v = −2·a = 2^31 − 2^16, z = v: m = L
    # u = −(2^30 − 2^15): a = 2^31 − 2^15 − 1; −2·a = −2^32 + 2^16 + 2 is 2^16 + 2, z = v: m stays L, without wrapping it would be −L
    assert memory_history(column(32767, -32767), [[[-2**31], [ONE]]], 30, **wide)[0] == column(limit, limit)
    assert tally["recurrence products wrapped"] > 0 == tally["recurrence sums wrapped"]
    # a = 2^30 − 2^15: v = −2^31 + 2^16, z = −v: m = L.  a = L: v = −2^31 + 2, z = 2^31 − 2; L + z = 3·2^30 − 3 is −2^30 − 3
    assert memory_history(column(-32767, 0), [[[-2**31], [-ONE]]], 30, **wide)[0] == column(limit, -limit)
    assert tally["recurrence sums wrapped"] == 1


def test_a_difference_wraps():
    """a − v is of 32 bits before it is multiplied."""
    factors = [[[-2**31], [HALF], [0], [QUARTER]]]
    # a = (2^30 − 2^15, 0): v₀ = −2^31 + 2^16, v₁ = 2^30 − 2^15, z₁ = 2^28 − 2^13
    # a₁ − v₀ = 9·2^28 − 9·2^13 is −7·2^28 − 9·2^13; z₁ = −7·2^25 − 9·2^10
    trace, _ = memory_history(column(-32767, -32767), factors, 30, 2**30 - 1, 32, fraction_bits=15)
    assert trace == [[0, 2**28 - 2**13], [0, 2**25 - 17 * 2**10]]


# --- Section 9.15, word for word ---


def wrapped(x):
    return (x + 2**31) % 2**32 - 2**31


def rnd(products, shift):
    """Of a sum of products of complex numbers, (real, imaginary)."""
    exact = (sum(x[0] * y[0] - x[1] * y[1] for x, y in products), sum(x[0] * y[1] + x[1] * y[0] for x, y in products))
    return tuple(wrapped(reader.round_shift(part, shift)) for part in exact)


def added(x, y):
    return wrapped(x[0] + y[0]), wrapped(x[1] + y[1])


def pole(a, rows, segments, output_shift):
    """pole( a ) of integers; rows: of (real, imaginary) pairs."""
    order, n = len(a), (len(a) + segments - 1) // segments
    g, d, x, y = (rows[i * n:(i + 1) * n] for i in range(4))
    p, first_x, first_y = rows[4 * n:] if segments > 1 else [None] * 3
    v, w = {}, {}
    for k in range(segments):
        for j in range(n):
            given, before = a[k * n + j] if k * n + j < order else 0, v[k, j - 1] if j else (0, 0)
            v[k, j] = rnd([(g[j][k], (wrapped(given - before[0]), wrapped(-before[1])))], 30)
        w[k, n - 1] = v[k, n - 1]
        for j in reversed(range(n - 1)):
            w[k, j] = added(v[k, j], rnd([(g[j][k], w[k, j + 1])], 30))
    below, above = {0: (0, 0)}, {segments - 1: (0, 0)}
    for k in range(1, segments):
        below[k] = added(v[k - 1, n - 1], rnd([(p[k - 1], below[k - 1])], 30))
    for k in reversed(range(segments - 1)):
        above[k] = added(w[k + 1, 0], rnd([(first_x[k + 1], below[k + 1]), (first_y[k + 1], above[k + 1])], 30))
    z = []
    for i in range(order):
        k, j = divmod(i, n)
        links = [(x[j][k], below[k]), (y[j][k], above[k])] if segments > 1 else []
        z.append(rnd([(d[j][k], w[k, j]), *links], output_shift)[0])
    return z


@pytest.mark.parametrize("seed", range(48))
def test_equals_the_document(seed):
    """Random factors of all i32, or all −2^31, whose complex products reach 2^63."""
    dice = generate.Dice(seed)
    order, units, segments, bits = dice.pick((1, 2, 3, 4, 5, 8, 16, 17, 33)), dice.between(1, 2), seed % 16 + 1, dice.pick((16, 32))
    is_complex, substeps, output_shift = seed // 16 % 2, dice.between(1, 3), dice.pick((0, 7, 30))
    places = -(-order // segments)
    shape = (dice.between(1, 3), 4 * places + 3 if segments > 1 else 2 * places, *[2] * is_complex, segments)
    factors = dice.array(shape, -2**31, 2**31 - 1) if dice.chance(70) else dice.array(shape, 0, 1) * -2**31
    limit = dice.pick((1, 999, 32767)) if bits == 16 else dice.pick((999, 2**30 - 1))
    frames = dice.array((3, units), -32767, 32767)
    frames[0] = 0
    trace, _ = memory_history(frames, factors, output_shift, limit, bits, order=order, substeps=substeps, fraction_bits=15 * (bits == 32))
    parts = factors if is_complex else np.stack((factors, np.zeros_like(factors)), axis=2)
    poles = [[list(zip(*row.tolist())) for row in rows] for rows in parts]
    memory = [[0] * order for _ in range(units)]

    def clamped(x):
        return max(-limit, min(limit, x))
    for frame, found in zip(frames.tolist(), trace):
        for unit, sample in enumerate(frame):
            u = clamped(sample << 15 * (bits == 32))
            for _ in range(substeps):
                m = memory[unit]
                a = [m[0] - u, *m[1:]]
                outputs = [pole(a, rows, segments, output_shift) for rows in poles]
                memory[unit] = [clamped(wrapped(m[i] + sum(z[i] for z in outputs))) for i in range(order)]
        assert found == sum(memory, [])


# --- Accounting and state ---


def test_accounting_and_state():
    factors = np.zeros((2, 11, 2, 2), int)
    factors[:, :2], factors[:, 2:6] = HALF, 1  # g; d, x
    trace, network = memory_history([[0, 0], [0, 8], [0, 0]], factors, order=3, substeps=3, bias=np.array([0, 0]))
    assert trace[0] == [0] * 6 and trace[2][:3] == [0] * 3 and all(trace[2][3:])
    figures = network.accounting()
    recurrence = figures["ops"][2]
    # e = 3 substeps · 2 poles · (10·2·2 + 4·2 + 12) products; unit 1 is not at rest in two ticks
    assert (recurrence["operationsPerEvent"], recurrence["synapses"], recurrence["events"]) == (360, 2 * 360, 2)
    assert (recurrence["weightBits"], recurrence["sourceBits"], recurrence["bb"]) == (32, 32, 1000 * 1024)
    assert (recurrence["synapticOperations"], recurrence["effectiveACs"], recurrence["effectiveMACs"]) == (720, 0, 720)
    assert (recurrence["sACE"], recurrence["nsACE"]) == (720 * 1024 * 1000, 720 * 1024)
    assert (recurrence["weights"], recurrence["zeroWeights"], recurrence["storedWeightBits"]) == (0, 0, 88 * 32)
    assert (recurrence["parameterBits"], recurrence["modelBitsRead"]) == (64, 3 * 64 + 720 * 32)
    # the current and the slot; the slot
    assert (recurrence["stateBitsReadPerTick"], recurrence["stateBitsWrittenPerTick"]) == (2 * 32 + 6 * 16, 6 * 16)
    assert (recurrence["membraneUpdates"], recurrence["neurons"]) == (0, 0)
    # position, entries; the slot; scores
    assert network.state_parts() == struct.pack("<II6h6i", 3, 0, *trace[2], *np.sum(trace, axis=0))
    network.reset()
    assert network.state_parts() == bytes(8 + 12 + 24)
    # real factors; one segment
    for shape, products in (((2, 11, 2), 3 * 2 * 2 + 2 * 2 + 3), ((2, 6, 1), 3 * 3), ((2, 6, 2, 1), 10 * 3), ((2, 7, 16), 3 * 16 + 5 * 15)):
        network = memory_history(column(1), np.ones(shape, int), order=3, substeps=3)[1]
        assert network.accounting()["ops"][2]["operationsPerEvent"] == 3 * 2 * products


def test_at_rest():
    # By its bias, by a sample and by what it holds a unit is not at rest; c + b = 0 is no input.
    factors = [[[ONE], [ONE]]]
    assert memory_history([[0, 0, 5]], factors, 30, bias=np.array([0, 1, -5]))[1].ops[2].events == 1
    tally = Counter()
    # a = (−3, 0), z = (0, 3); a = (0, 3), z = (3, 3); at rest only before the first sample
    network = memory_history(column(0, 3, 0), [[[ONE], [ONE], [ONE], [ONE]]], 30, tally=tally)[1]
    assert network.ops[2].events == 2 and tally["recurrence at rest beside others"] == 0
    # m of a unit starts at 1
    assert memory_history(column(0), factors, 30, initial=1)[1].ops[2].events == 1


# --- Legendre's system ---


def test_poles_solve_the_approximation():
    for degree in range(1, 9):
        above = [Fraction(comb(degree, j) * factorial(2 * degree - j), factorial(2 * degree)) for j in range(degree + 1)]
        poles = legendre.poles(degree)
        assert len(poles) == (degree + 1) // 2 and sum(z.imag == 0 for z, _ in poles) == degree % 2
        for x in (-9.0, -1.5, 0.25):
            above_x, below_x = (float(sum(value * Fraction(sign * x) ** j for j, value in enumerate(above))) for sign in (1, -1))
            assert sum((c / (x - z)).real for z, c in poles) == pytest.approx((above_x / below_x - 1) / x, rel=1e-9)
    assert legendre.poles(1) == [(2, -2)]
    for degree in (0, 9):
        with pytest.raises(ValueError, match="degree"):
            legendre.poles(degree)


def test_factors_in_the_file():
    # Order 1: D = 1/θ, p = D + 2; d = −2·D in 30 bits
    factors, output_shift = legendre.integers(1, 4)
    assert factors.tolist() == [[[round(2**30 / 2.25)], [-2**29]]] and output_shift == 30
    assert legendre.integers(1, 1)[1] == 29  # d = −2: −2^31 is left to others
    factors, _ = legendre.integers(9, 50, degree=3, substeps=2, segments=4)
    assert factors.shape == (2, 15, 2, 4) and not factors[1, :, 1].any() and factors[0, :, 1].any()
    # n = 3, so that segment 3 holds no element: all its factors are 0, of the others no real part is
    assert factors[:, :, 0, :3].all() and not factors[..., 3].any()
    one, _ = legendre.integers(9, 50, degree=3, substeps=2)
    for row in (0, 3):  # g and d are those of one segment: element 3·k + j
        assert factors[:, row:row + 3, :, :3].transpose(0, 3, 1, 2).reshape(2, 9, 2).tolist() == one[:, 3 * row:3 * row + 9, :, 0].tolist()


def system(order, theta):
    """A of Legendre's system, whole; −B is its first column."""
    i, j = np.arange(order)[:, None], np.arange(order)[None, :]
    return (2 * i + 1) * np.where(i < j, -1.0, (-1.0) ** (i - j + 1)) / theta


@pytest.mark.parametrize("segments, degree", [*product((1, 4, 16), (1, 2, 3, 4))])
def test_factors_solve_the_system(segments, degree):
    """A pole adds c·(A − z)^−1·A·a."""
    for order, theta in ((1, 3), (5, 40), (9, 20), (48, 100), (61, 300)):
        factors, output_shift = legendre.integers(order, theta, degree, segments=segments)
        parts = factors if degree > 1 else np.stack((factors, np.zeros_like(factors)), axis=2)
        a, matrix_a = generate.Dice(order).array(order, -2**24, 2**24), system(order, theta)
        for rows, (z, c) in zip(parts.tolist(), legendre.poles(degree)):
            found = pole(a.tolist(), [list(zip(*row)) for row in rows], segments, output_shift)
            wanted = (c * np.linalg.solve(matrix_a - z * np.eye(order), matrix_a @ a)).real
            assert np.abs(found - wanted).max() < 2e-6 * np.abs(wanted).max()


def held_response(order, theta, degree, ticks):
    """Impulse response of Legendre's system, (ticks, order), by a Padé approximation of the exponential of its whole matrix."""
    whole = np.zeros((order + 1, order + 1))
    whole[:order, :order] = system(order, theta)
    whole[:order, order] = -whole[:order, 0]
    above, below, power = 0, 0, np.eye(order + 1)
    for k in range(degree + 1):
        factor = comb(degree, k) * factorial(2 * degree - k) / factorial(2 * degree)
        above, below, power = above + factor * power, below + (-1) ** k * factor * power, power @ whole
    step = np.linalg.solve(below, above)
    rows = [step[:order, order]]
    while len(rows) < ticks:
        rows.append(step[:order, :order] @ rows[-1])
    return np.array(rows)


@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_equals_legendres_system_in_floating_point(degree):
    """The response to an impulse of 2^24 over 2·θ: within .1 % (root mean square) of its own recurrence in 1 and in 16 segments."""
    order, theta = 32, 200
    expected = held_response(order, theta, degree, 2 * theta)

    def error(found, wanted):
        return np.sqrt(np.mean((found - wanted) ** 2) / np.mean(wanted**2))
    found = []
    for segments in (1, 16):
        factors, output_shift = legendre.integers(order, theta, degree, segments=segments)
        trace, _ = memory_history(column(2**14, *[0] * (2 * theta - 1)), factors, output_shift, 2**26, 32, fraction_bits=10)
        found.append(np.array(trace) / 2**24)
        assert error(found[-1], expected) < 1e-3
    assert error(*found) < 2e-4


def test_substeps_come_nearer_to_the_system():
    expected = held_response(12, 60, 8, 120)
    errors = []
    for substeps in (1, 2, 4):
        factors, output_shift = legendre.integers(12, 60, 1, substeps)
        trace, _ = memory_history(column(2**14, *[0] * 119), factors, output_shift, 2**26, 32, substeps=substeps, fraction_bits=10)
        errors.append(np.sqrt(np.mean((np.array(trace) / 2**24 - expected) ** 2) / np.mean(expected**2)))
    assert errors[0] > 3 * errors[1] > 9 * errors[2]


def test_a_network_reads_it_and_feeds_it():
    """dense shifts what it holds, and last tick's values come back into it."""
    bench = Bench(1)
    target, current = bench.model.analog(1, 32, True), bench.model.current(1)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([1]), "int8", source_shift=1)
    bench.model.recurrence(current, target, np.array([[[-ONE], [ONE]]]), 30, 1000)
    # u = 6: a = −6: m = 6; u = 3: a = 3: 6 − 3; u = rnd( 3/2 ) = 2: a = 1: 2
    assert bench.run(target, column(6, 0, 0))[1] == column(6, 3, 2)
