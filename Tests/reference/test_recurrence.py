"""Tests of what format 1.4 added to the reference, against numbers worked out by hand, section 9.15 word for word and floating point."""

import struct
from collections import Counter
from fractions import Fraction
from math import comb, factorial

import numpy as np
import pytest

import generate  # first: it puts models/ on the path
import interpreter
import legendre
import reader
import refusals_recurrence
from snnfile import ModelWriter
from test_reference import Bench, column, matrix

HALF, QUARTER, ONE = 2**29, 2**28, 2**30


def memory_history(frames, factors, output_shift=0, limit=32767, bits=16, initial=0, tally=None, **arguments):
    """The memory after each frame, of units as many as channels, and the network."""
    bench, units = Bench(np.shape(frames)[1]), np.shape(frames)[1]
    target = bench.model.analog(units * np.shape(factors)[-1], bits, True, initial)
    bench.model.recurrence(bench.identity(units), target, np.array(factors), output_shift, limit, **arguments)
    network, trace = bench.run(target, frames, tally=tally)
    return trace, network


# --- Files ---


def test_round_trip_of_format_1_4():
    model = reader.parse(refusals_recurrence.rich_1_4().data)
    assert model.minor == 4 and [int(op.kind) for op in model.ops] == [1, 2, 14, 2, 14, 6]
    first, second = model.ops[2].parameters, model.ops[4].parameters
    assert (first.lookahead, first.substeps, first.fraction_bits, first.order, first.flags, first.output_shift) == (2, 3, 15, 3, 3, 30)
    assert (first.limit, first.bias.tolist(), first.factors.shape) == (2**30 - 1, [5, -6], (2, 4, 2, 3))
    assert (first.factors[0, 0, 0].tolist(), first.factors[1, 3, 1, 2]) == ([-2**31, 2**26 - 2**30, 2**27 - 2**30], 2**31 - 1)
    assert first.factors[1, 0, 1].tolist() == [(24 + 3 + i) * 2**26 - 2**30 for i in range(3)]  # pole 1, row g[0], imaginary
    assert (second.lookahead, second.substeps, second.order, second.flags, second.limit, second.bias) == (0, 1, 1, 0, 9, -3)
    assert second.factors.reshape(-1).tolist() == [7, -8, 9, -10, 11, -12]


@pytest.mark.parametrize("change, field", [
    (dict(factors=np.ones((1, 8, 2), int)), "lookahead"), (dict(factors=np.ones((1, 1, 2), int)), "lookahead"),
    (dict(factors=np.ones((9, 2, 2), int)), "pole count"), (dict(factors=np.ones((0, 2, 2), int)), "pole count"),
    (dict(factors=np.ones((1, 2, 3), int)), "factors"), (dict(factors=np.ones((1, 2, 3, 2), int)), "factors"),
    (dict(factors=np.ones((2, 2), int)), "factors"), (dict(factors=np.full((1, 2, 2), 2**31)), "factors"),
    (dict(factors=np.ones((1, 2, 2))), "factors"), (dict(output_shift=31), "output shift"), (dict(output_shift=-1), "output shift"),
    (dict(limit=0), "limit"), (dict(limit=32768), "limit"), (dict(substeps=0), "substeps"), (dict(substeps=17), "substeps"),
    (dict(fraction_bits=16), "fraction bits"), (dict(bias=2**31), "bias"), (dict(bias=np.array([1, 2, 3])), "bias")])
def test_writer_names_the_field(change, field):
    model = ModelWriter()
    defaults = dict(current=model.current(2), target=model.analog(4, 16, True), factors=np.ones((1, 2, 2), int), output_shift=0, limit=1)
    with pytest.raises(ValueError, match=field):
        model.recurrence(**defaults | change)


def test_the_writer_takes_the_limit_of_a_wide_slot():
    model = ModelWriter()
    model.recurrence(model.current(2), model.analog(2, 32, True), np.ones((1, 2, 1), int), 0, 2**30 - 1)
    assert model.minor == 4
    with pytest.raises(ValueError, match="limit"):
        model.recurrence(model.current(2), model.analog(2, 32, True), np.ones((1, 2, 1), int), 0, 2**30)


def test_synapses_just_fit():
    assert reader.parse(refusals_recurrence.synapses(beyond=False).data).ops[2].parameters.products == 5632


# --- The tick, by hand ---


def test_order_1():
    # a = −7: v = rnd( −3.5 ) = −3, z = rnd( −4.5 ) = −4.  a = −4: v = −2, z = −3.  a = −7 − 6: v = −6 (−6.5), z = −9
    assert memory_history(column(7, 0, 6), [[[HALF], [3]]], 1)[0] == column(-4, -7, -16)


def test_order_2():
    factors = [[[HALF, QUARTER], [-4, 8]]]
    # a = (100, 0): v₁ = 0; v₀ = 50; v₁ = −13 (12.5 → 13).  z = (−200, −104), clamped to 150
    # a = (−150, −104): v₁ = −26; v₀ = (−150 − 26) / 2 = −88; v₁ = −26 + 22.  z = (352, −32)
    assert memory_history(column(-100, 0), factors, limit=150)[0] == [[-150, -104], [150, -136]]


def test_order_3():
    factors = [[[HALF, QUARTER, -HALF], [1, 2, 3]]]
    # a = (64, 0, 0): v₀ = 32, v₂ = 0, v₁ = −32 / 4; v₀ = 32 − 4; v₂ = −(−½)·(−8).  z = (28, −16, −12)
    # a = (28, −16, −12): v₀ = 14, v₂ = 6, v₁ = (−16 − 14 + 6) / 4; v₀ = 14 − 3; v₂ = 6 − 3.  z = (11, −12, 9)
    assert memory_history(column(-64, 0), factors)[0] == [[28, -16, -12], [39, -28, -3]]


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


# --- Section 9.15, word for word ---


def wrapped(x):
    return (x + 2**31) % 2**32 - 2**31


def mul(x, y, shift):
    """Of complex numbers, (real, imaginary)."""
    exact = x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]
    return tuple(wrapped(reader.round_shift(part, shift)) for part in exact)


def added(x, y, sign):
    return wrapped(x[0] + sign * y[0]), wrapped(x[1] + sign * y[1])


def solved(a, g, d, output_shift):
    """pole( a ) of integers; g and d: rows of (real, imaginary) pairs."""
    lookahead, order = len(g) - 1, len(a)

    def sweep(v, sign, places):
        n = len(places) - 1
        for k in range(lookahead):
            before = list(v)
            for j in range(2**k, n + 1):
                w = min(places[j - 2**k + 1:j + 1])
                v[places[j]] = added(before[places[j]], mul(g[k][w], before[places[j - 2**k]], 30), sign if k == 0 else 1)
        for j in range(2**lookahead, n + 1):
            w = min(places[j - 2**lookahead + 1:j + 1])
            v[places[j]] = added(v[places[j]], mul(g[lookahead][w], v[places[j - 2**lookahead]], 30), sign if lookahead == 0 else 1)

    half = (order - 1) // 2
    v = [mul(g[0][i], (a[i], 0), 30) for i in range(order)]
    sweep(v, -1, range(0, half))
    sweep(v, 1, range(order - 1, half, -1))
    middle = (a[half], 0)
    if half > 0:
        middle = added(middle, v[half - 1], -1)
    if half + 1 < order:
        middle = added(middle, v[half + 1], 1)
    v[half] = mul(g[0][half], middle, 30)
    sweep(v, 1, range(half, -1, -1))
    sweep(v, -1, range(half, order))
    return [mul(d[i], v[i], output_shift)[0] for i in range(order)]


@pytest.mark.parametrize("seed", range(24))
def test_equals_the_document(seed):
    """Random factors of all i32, or all −2^31, whose complex products reach 2^63."""
    dice = generate.Dice(seed)
    order, units, lookahead, bits = dice.pick((1, 2, 3, 4, 5, 8, 16, 17, 33)), dice.between(1, 2), seed % 5, dice.pick((16, 32))
    is_complex, substeps, output_shift = seed % 2, dice.between(1, 3), dice.pick((0, 7, 30))
    shape = (dice.between(1, 3), lookahead + 2, *[2] * is_complex, order)
    factors = dice.array(shape, -2**31, 2**31 - 1) if dice.chance(70) else dice.array(shape, 0, 1) * -2**31
    limit = dice.pick((1, 999, 32767)) if bits == 16 else dice.pick((999, 2**30 - 1))
    frames = dice.array((3, units), -32767, 32767)
    frames[0] = 0
    trace, _ = memory_history(frames, factors, output_shift, limit, bits, substeps=substeps, fraction_bits=15 * (bits == 32))
    parts = factors if is_complex else np.stack((factors, np.zeros_like(factors)), axis=2)
    poles = [[list(zip(*row.tolist())) for row in pole] for pole in parts]
    memory = [[0] * order for _ in range(units)]

    def clamped(x):
        return max(-limit, min(limit, x))
    for frame, found in zip(frames.tolist(), trace):
        for unit, sample in enumerate(frame):
            u = clamped(sample << 15 * (bits == 32))
            for _ in range(substeps):
                m = memory[unit]
                a = [m[0] - u, *m[1:]]
                outputs = [solved(a, rows[:-1], rows[-1], output_shift) for rows in poles]
                memory[unit] = [clamped(wrapped(m[i] + sum(z[i] for z in outputs))) for i in range(order)]
        assert found == sum(memory, [])


# --- Accounting and state ---


def test_accounting_and_state():
    factors = np.zeros((2, 4, 2, 3), int)
    factors[:, 0], factors[:, 3] = HALF, 1
    trace, network = memory_history([[0, 0], [0, 8], [0, 0]], factors, substeps=3, bias=np.array([0, 0]))
    assert trace[0] == [0] * 6 and trace[2][:3] == [0] * 3 and all(trace[2][3:])
    figures = network.accounting()
    recurrence = figures["ops"][2]
    # e = 3 substeps · 2 poles · (8·2 + 12) products; unit 1 is not at rest in two ticks
    assert (recurrence["operationsPerEvent"], recurrence["synapses"], recurrence["events"]) == (168, 2 * 3 * 168, 6)
    assert (recurrence["weightBits"], recurrence["sourceBits"], recurrence["bb"]) == (32, 32, 1000 * 1024)
    assert (recurrence["synapticOperations"], recurrence["effectiveACs"], recurrence["effectiveMACs"]) == (1008, 0, 1008)
    assert (recurrence["sACE"], recurrence["nsACE"]) == (1008 * 1024 * 1000, 1008 * 1024)
    assert (recurrence["weights"], recurrence["zeroWeights"], recurrence["storedWeightBits"]) == (0, 0, 48 * 32)
    assert (recurrence["parameterBits"], recurrence["modelBitsRead"]) == (64, 3 * 64 + 1008 * 32)
    # the current and the slot; the slot
    assert (recurrence["stateBitsReadPerTick"], recurrence["stateBitsWrittenPerTick"]) == (2 * 32 + 6 * 16, 6 * 16)
    assert (recurrence["membraneUpdates"], recurrence["neurons"]) == (0, 0)
    # position, entries; the slot; scores
    assert network.state_parts() == struct.pack("<II6h6i", 3, 0, *trace[2], *np.sum(trace, axis=0))
    network.reset()
    assert network.state_parts() == bytes(8 + 12 + 24)
    # real factors
    network = memory_history(column(1), np.ones((2, 4, 3), int), substeps=3)[1]
    assert network.accounting()["ops"][2]["operationsPerEvent"] == 3 * 2 * (2 * 2 + 4)


def test_at_rest():
    # By its bias, by a sample and by what it holds a unit is not at rest; c + b = 0 is no input.
    factors = [[[ONE], [ONE]]]
    assert memory_history([[0, 0, 5]], factors, 30, bias=np.array([0, 1, -5]))[1].ops[2].events == 1
    tally = Counter()
    # a = −3; 3 − 3 = 0; −3 … and again: at rest only before the first sample
    network = memory_history(column(0, 3, 0), [[[ONE, ONE], [ONE, 0]]], 30, tally=tally)[1]
    assert network.ops[2].events == 2 * 2 and tally["recurrence at rest beside others"] == 0
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
    factors, _ = legendre.integers(9, 50, degree=3, substeps=2, lookahead=3)
    assert factors.shape == (2, 5, 2, 9) and not factors[1, :, 1].any() and factors[0, :, 1].any()
    g = factors[:, :, 0] + 1j * factors[:, :, 1]
    for k in range(1, 4):
        for w in range(9):
            expected = np.prod(g[:, 0, w:w + 2**k] / ONE, axis=1) * ONE if w + 2**k <= 9 else 0
            assert np.abs(g[:, k, w] - expected).max() < 8


def held_response(order, theta, degree, ticks):
    """Impulse response of Legendre's system, (ticks, order), by a Padé approximation of the exponential of its whole matrix."""
    i, j = np.arange(order)[:, None], np.arange(order)[None, :]
    whole = np.zeros((order + 1, order + 1))
    whole[:order, :order] = (2 * i + 1) * np.where(i < j, -1.0, (-1.0) ** (i - j + 1)) / theta
    whole[:order, order:] = (2 * i + 1) * (-1.0) ** i / theta
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
    """The response to an impulse of 2^24 over 2·θ: within .1 % (root mean square) of its own recurrence with and without lookahead."""
    order, theta = 32, 200
    expected = held_response(order, theta, degree, 2 * theta)

    def error(found, wanted):
        return np.sqrt(np.mean((found - wanted) ** 2) / np.mean(wanted**2))
    found = []
    for lookahead in (0, 3):
        factors, output_shift = legendre.integers(order, theta, degree, lookahead=lookahead)
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
