"""How near recurrences of O(order) come to Legendre's memory: python3 recurrence.py

Prints the root mean square of the impulse response over 2 theta, less that of the zero-order hold and relative to it, in %:
for [K/K] Padé approximations of e^A with a number of substeps a tick; and the same recurrence in integers against itself
in floating point. docs/speed.md says what is solved.
"""

import math

import numpy as np

from networks import legendre as held  # first: it puts models/ on the path
from legendre import FACTOR_BITS, factors

CASES = ((6, 50), (32, 200), (64, 256), (128, 784), (256, 784))


def response(a, b, ticks):
    """Impulse response, shape (ticks, order)."""
    rows = [b]
    for _ in range(ticks - 1):
        rows.append(a @ rows[-1])
    return np.array(rows)


def error(found, wanted):
    return 100 * np.sqrt(np.mean((found - wanted) ** 2) / np.mean(wanted**2))


def increment(state, terms, product, scaled):
    """What a step adds to `state`, m − u·e0 in its first element; `product` and `scaled` say how factors are applied."""
    order, total = len(state), 0
    middle = (order - 1) // 2
    for pivots, outputs in terms:
        w = [value + 0 for value in state]
        for i in range(1, middle + 1):
            w[i] = w[i] - product(pivots[i - 1], w[i - 1])
        for i in range(order - 2, middle - 1, -1):
            w[i] = w[i] + product(pivots[i + 1], w[i + 1])
        y = list(w)
        y[middle] = product(pivots[middle], w[middle])
        for i in range(middle - 1, -1, -1):
            y[i] = product(pivots[i], w[i] + y[i + 1])
        for i in range(middle + 1, order):
            y[i] = product(pivots[i], w[i] - y[i - 1])
        total = total + np.array([scaled(d, value) for d, value in zip(outputs, y)])
    return total


def system(order, theta, degree, substeps=1):
    """A and B of a tick."""
    columns = np.eye(order, order + 1, dtype=complex)
    columns[0, order] = -1
    added = increment(list(columns), list(factors(order, theta * substeps, degree)), np.multiply, lambda d, y: (d * y).real)
    step = np.eye(order + 1)
    step[:order] += added
    whole = np.linalg.matrix_power(step, substeps)
    return whole[:order, :order], whole[:order, order]


def rounded(x, bits):
    return complex(math.floor(x.real / 2**bits + 0.5), math.floor(x.imag / 2**bits + 0.5))


def integer_response(order, theta, degree, ticks, amplitude):
    """Response to an impulse of `amplitude`, factors of FACTOR_BITS bits; doubles hold the products' upper 53 bits."""
    terms = [(np.round(np.multiply(pivots, 2**FACTOR_BITS)), np.round(np.multiply(outputs, 2**26))) for pivots, outputs in factors(order, theta, degree)]
    state, rows = np.zeros(order), []
    for tick in range(ticks):
        given = list(state + 0j)
        given[0] -= amplitude * (tick == 0)
        state = state + increment(given, terms, lambda g, w: rounded(g * w, FACTOR_BITS), lambda d, y: rounded(d * y, 26).real)
        rows.append(state)
    return np.array(rows)


def main():
    for order, theta in CASES:
        wanted = response(*held(order, theta), 2 * theta)
        rows = [f"[{degree}/{degree}]x{substeps} {error(response(*system(order, theta, degree, substeps), 2 * theta), wanted):.3f}"
                for degree in (1, 2, 3, 4) for substeps in (1, 2, 4, 8)]
        for degree in (1, 2, 4):
            own = response(*system(order, theta, degree), 2 * theta)
            found = integer_response(order, theta, degree, 2 * theta, 2**24) / 2**24
            rows.append(f"[{degree}/{degree}] in integers {error(found, own):.4f}")
        print(order, theta, *rows, sep="; ", flush=True)


if __name__ == "__main__":
    main()
