"""Factors of Legendre's memory in O(order) products, for `ModelWriter.recurrence` (docs/format.md):

    factors, output_shift = legendre.integers(order=32, theta=200, degree=2)
    model.recurrence(current, memory, factors, output_shift, limit=2**25)

The system is solved by a [degree/degree] Padé approximation of e^A: a higher degree comes nearer to its zero-order hold, and
costs as many poles as it has conjugate pairs. Only exact fractions and Python's floating point: the same integers everywhere.
"""

from fractions import Fraction
from math import comb, factorial
from operator import mul

import numpy as np

FACTOR_BITS = 30  # of the rows g


def poles(degree: int) -> list:
    """(z, c), complex, with (e^A − 1)/A ≈ Σ Re( c·(A − z)^−1 ): one of each conjugate pair, then a real one if the degree, 1 … 8, is odd."""
    if not 1 <= degree <= 8:
        raise ValueError(f"degree: {degree} is outside 1 … 8")
    above = [Fraction(comb(degree, j) * factorial(2 * degree - j), factorial(2 * degree)) for j in range(degree + 1)]
    below = [(-1) ** j * value for j, value in enumerate(above)]
    slope = [j * value for j, value in enumerate(below)][1:]
    found = []
    for guess in sorted(np.polynomial.polynomial.polyroots([float(value) for value in below]), key=lambda z: (-z.imag, z.real)):
        if guess.imag < -1e-9:
            continue
        z = Fraction(guess.real), Fraction(guess.imag if guess.imag > 1e-9 else 0)
        for _ in range(3):  # Newton's method, the value exact: each step doubles the 40 bits or so of the guess
            change = complex(*map(float, value_at(below, z))) / complex(*map(float, value_at(slope, z)))
            z = tuple(Fraction(round((part - Fraction(by)) * 2**200), 2**200) for part, by in zip(z, (change.real, change.imag)))
        pole = complex(*map(float, z))
        residue = complex(*map(float, value_at(above, z))) / complex(*map(float, value_at(slope, z)))
        found.append((pole, (2 if pole.imag else 1) * residue / pole))
    return found


def value_at(coefficients, z):
    """(real, imaginary) part of a polynomial with real coefficients, from that of z^0 on, at z, all exact."""
    real = imaginary = Fraction(0)
    for coefficient in reversed(coefficients):
        real, imaginary = real * z[0] - imaginary * z[1] + coefficient, real * z[1] + imaginary * z[0]
    return real, imaginary


def factors(order: int, theta: float, degree: int = 1):
    """For each pole (g, d), lists of `order` complex numbers: reciprocal pivots, eliminated from the first to the last, and outputs.

    theta: the memory's window in steps, of which a tick takes `substeps`.
    """
    rates = [(2 * i + 1) / theta for i in range(order)]
    for z, c in poles(degree):
        pivots = [2 / z * rate for rate in rates]
        pivots[0] += 1
        pivots[-1] += 1
        for i in range(1, order):
            pivots[i] += 1 / pivots[i - 1]
        yield [1 / pivot for pivot in pivots], [c * 2 / z * rate for rate in rates]


def integers(order: int, theta: float, degree: int = 1, substeps: int = 1, segments: int = 1):
    """(factors, output shift) of the file.

    theta: the memory's window in ticks. segments: 1 … 16, of n = ⌈order/segments⌉ places. factors: int64, shape (poles, rows,
    segments), for degrees above 1 (poles, rows, 2, segments) of real and imaginary parts; 2·n rows, or 4·n + 3 of several
    segments. The output shift is the greatest with which every factor of an output fits.
    """
    terms = [rows(g, d, segments) for g, d in factors(order, theta * substeps, degree)]
    greatest = max(max(abs(value.real), abs(value.imag)) for _, outputs, _ in terms for row in outputs for value in row)
    output_shift = 30
    while greatest * 2**output_shift > 2**31 - 1:
        output_shift -= 1
    found = np.array([scaled(pivots, FACTOR_BITS) + scaled(outputs, output_shift) + scaled(links, FACTOR_BITS)
                      for pivots, outputs, links in terms], np.int64)
    return (found if degree > 1 else found[:, :, 0]), output_shift


def rows(g, d, segments):
    """A pole's rows, lists of one complex number for each segment: g; d and, of several segments, x and y; then p, x, y."""
    places = -(-len(g) // segments)
    g, d = (list(row) + [0] * (places * segments - len(row)) for row in (g, d))
    columns = [segment(g[k:k + places], d[k:k + places]) for k in range(0, len(g), places)]
    g, d, x, y, links = (list(zip(*part)) for part in zip(*columns))
    return (g, d, []) if segments == 1 else (g, d + x + y, links)


def segment(g, d):
    """A segment's g, d, x and y of its places, and p, x, y."""
    v, above = [-g[0]], [g[-1]]  # v where 1 lies below and a is 0; Y, w where 1 lies above
    for pivot in g[1:]:
        v.append(-pivot * v[-1])
    below = v[-1:]  # X, w of that v
    for j in range(len(g) - 2, -1, -1):
        below.insert(0, v[j] + g[j] * below[0])
        above.insert(0, g[j] * above[0])
    return g, d, [*map(mul, d, below)], [*map(mul, d, above)], [v[-1], below[0], above[0]]


def scaled(rows, bits):
    """(real parts, imaginary parts) of every row, to the nearest integer."""
    return [[[round(value.real * 2.0**bits) for value in row], [round(value.imag * 2.0**bits) for value in row]] for row in rows]
