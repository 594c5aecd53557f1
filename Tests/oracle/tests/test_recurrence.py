"""recurrence: by hand, and the document word for word."""

import struct
from collections import Counter

import numpy as np
import pytest

from drawing.dice import Dice
from tests.support import Bench, column, matrix, memory_history
from tests.word_for_word import pole, wrapped

HALF, QUARTER, ONE = 2**29, 2**28, 2**30


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
    # a = (36, 0, −16): v = (18, −4 (−4.5)), (−8, −½·−8); w = (16, −4), (−8 + 2, 4); below₁ = −4; above₀ = −6 + 4.
    # z = (14, −6, −14)
    assert memory_history(column(-64, 0), factors, order=3)[0] == [[36, 0, -16], [50, -6, -30]]


def test_more_segments_than_elements():
    """Order 1 in three: the others hold nothing, and pass on what comes from below."""
    factors = [[[HALF, UNUSED, UNUSED], [1, UNUSED, UNUSED], [UNUSED] * 3, [2, UNUSED, UNUSED],
                [UNUSED, HALF, UNUSED], [UNUSED, QUARTER, HALF], [UNUSED, HALF, UNUSED]]]
    # a = 64: v = (32, 0, 0); below = (0, 32, 16); above₁ = 8; above₀ = 32 / 4 + 8 / 2.  z = 32 + 2·12
    assert memory_history(column(-64), factors, order=1)[0] == column(56)


def test_sums_of_products_are_rounded_once():
    factors = [[[ONE] * 3, [1] * 3, [0, 1, 0], [1, 1, 0], [0, ONE, 0], [0, HALF, ONE], [0, HALF, 0]]]
    # a = (1, 0, 0): v = (1, 0, 0); below = (0, 1, 1); above₁ = 1; above₀ = rnd( ½ + ½ ).
    # z = rnd( (1 + 1) / 2 ), rnd( (0 + 1 + 1) / 2 ), 0
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
    # u = −(2^30 − 2^15): a = 2^31 − 2^15 − 1; −2·a = −2^32 + 2^16 + 2 is 2^16 + 2, z = v: m stays L,
    # without wrapping it would be −L
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


@pytest.mark.parametrize("seed", range(48))
def test_equals_the_document(seed):
    """Random factors of all i32, or all −2^31, whose complex products reach 2^63."""
    dice = Dice(seed)
    order, units = dice.pick((1, 2, 3, 4, 5, 8, 16, 17, 33)), dice.between(1, 2)
    segments, bits = seed % 16 + 1, dice.pick((16, 32))
    is_complex, substeps, output_shift = seed // 16 % 2, dice.between(1, 3), dice.pick((0, 7, 30))
    places = -(-order // segments)
    shape = (dice.between(1, 3), 4 * places + 3 if segments > 1 else 2 * places, *[2] * is_complex, segments)
    factors = dice.array(shape, -2**31, 2**31 - 1) if dice.chance(70) else dice.array(shape, 0, 1) * -2**31
    limit = dice.pick((1, 999, 32767)) if bits == 16 else dice.pick((999, 2**30 - 1))
    frames = dice.array((3, units), -32767, 32767)
    frames[0] = 0
    trace, _ = memory_history(frames, factors, output_shift, limit, bits, order=order, substeps=substeps,
                              fraction_bits=15 * (bits == 32))
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
    for shape, products in (((2, 11, 2), 3 * 2 * 2 + 2 * 2 + 3), ((2, 6, 1), 3 * 3), ((2, 6, 2, 1), 10 * 3),
                            ((2, 7, 16), 3 * 16 + 5 * 15)):
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


def test_a_network_reads_it_and_feeds_it():
    """dense shifts what it holds, and last tick's values come back into it."""
    bench = Bench(1)
    target, current = bench.model.analog(1, 32, True), bench.model.current(1)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([1]), "int8", source_shift=1)
    bench.model.recurrence(current, target, np.array([[[-ONE], [ONE]]]), 30, 1000)
    # u = 6: a = −6: m = 6; u = 3: a = 3: 6 − 3; u = rnd( 3/2 ) = 2: a = 1: 2
    assert bench.run(target, column(6, 0, 0))[1] == column(6, 3, 2)
