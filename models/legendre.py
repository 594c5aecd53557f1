"""Factors of Legendre's memory in O(order) products (models/FORMAT.md, section 9.15), for `ModelWriter.recurrence`:

    factors, output_shift = legendre.integers(order=32, theta=200, degree=2)
    model.recurrence(current, memory, factors, output_shift, limit=2**25)

The system is solved by a [degree/degree] Padé approximation of e^A: a higher degree comes nearer to its zero-order hold, and
costs as many poles as it has conjugate pairs. Only exact fractions and Python's floating point: the same integers everywhere.
"""

from fractions import Fraction
from math import comb, factorial

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
    """For each pole (g, d), lists of `order` complex numbers: reciprocal pivots, eliminated from both ends to the middle, and outputs.

    theta: the memory's window in steps, of which a tick takes `substeps`.
    """
    rates, middle = [(2 * i + 1) / theta for i in range(order)], (order - 1) // 2
    for z, c in poles(degree):
        pivots = [2 / z * rate for rate in rates]
        pivots[0] += 1
        pivots[-1] += 1
        for i in range(1, middle + 1):
            pivots[i] += 1 / pivots[i - 1]
        for i in range(order - 2, middle - 1, -1):
            pivots[i] += 1 / pivots[i + 1]
        yield [1 / pivot for pivot in pivots], [c * 2 / z * rate for rate in rates]


def integers(order: int, theta: float, degree: int = 1, substeps: int = 1, lookahead: int = 0):
    """(factors, output shift) of the file.

    theta: the memory's window in ticks. factors: int64, shape (poles, lookahead + 2, order), for degrees above 1
    (poles, lookahead + 2, 2, order) of real and imaginary parts. The output shift is the greatest with which every output fits.
    """
    terms = list(factors(order, theta * substeps, degree))
    greatest = max(max(abs(d.real), abs(d.imag)) for _, outputs in terms for d in outputs)
    output_shift = 30
    while greatest * 2**output_shift > 2**31 - 1:
        output_shift -= 1
    rows = np.array([[*(scaled(row, FACTOR_BITS) for row in lookahead_rows(g, lookahead)), scaled(d, output_shift)] for g, d in terms])
    return (rows if degree > 1 else rows[:, :, 0]), output_shift


def lookahead_rows(g, lookahead):
    """The rows g[0] … g[lookahead]: products of 1, 2, 4 … neighbours from each element on, 0 where there are fewer."""
    rows = [g]
    for k in range(lookahead):
        row = rows[-1]
        rows.append([a * b for a, b in zip(row, row[2**k:] + [0] * 2**k)][:len(g)])
    return rows


def scaled(row, bits):
    """Real and imaginary parts, shape (2, order), to the nearest integer."""
    return np.array([[round(value.real * 2.0**bits) for value in row], [round(value.imag * 2.0**bits) for value in row]], np.int64)
