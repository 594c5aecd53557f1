"""recurrence with the factors of Legendre's system, against floating point."""

from fractions import Fraction
from itertools import product
from math import comb, factorial

import numpy as np
import pytest

from drawing.dice import Dice
from snnrt import legendre
from tests.support import column, memory_history
from tests.word_for_word import pole


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
        found = factors[:, row:row + 3, :, :3].transpose(0, 3, 1, 2).reshape(2, 9, 2)
        assert found.tolist() == one[:, 3 * row:3 * row + 9, :, 0].tolist()


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
        a, matrix_a = Dice(order).array(order, -2**24, 2**24), system(order, theta)
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
    """The response to an impulse of 2^24 over 2·θ: within .1 % (root mean square) of its own recurrence in 1 and in
    16 segments."""
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
        trace, _ = memory_history(column(2**14, *[0] * 119), factors, output_shift, 2**26, 32, substeps=substeps,
                                  fraction_bits=10)
        errors.append(np.sqrt(np.mean((np.array(trace) / 2**24 - expected) ** 2) / np.mean(expected**2)))
    assert errors[0] > 3 * errors[1] > 9 * errors[2]
