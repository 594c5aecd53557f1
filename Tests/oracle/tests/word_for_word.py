"""A pole of recurrence as the document has it."""

from core.arithmetic import round_shift


def wrapped(x):
    return (x + 2**31) % 2**32 - 2**31


def rnd(products, shift):
    """Of a sum of products of complex numbers, (real, imaginary)."""
    exact = (sum(x[0] * y[0] - x[1] * y[1] for x, y in products), sum(x[0] * y[1] + x[1] * y[0] for x, y in products))
    return tuple(wrapped(round_shift(part, shift)) for part in exact)


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
