"""Vectors for format.md, "From a sensor's counts to samples", in Python's integers: bursts of a sensor's bytes and the frames
they must give.

    python counts.py OUT

OUT, little-endian: u32 cases; per case u32 channels, bursts, rate numerator, rate denominator, clock, bytes of a row, byte
order; per channel u32 offset in a row, i32 sign, u32 scale numerator, denominator of the sensor, numerator, denominator of the channel;
per burst u32 nominal step, rows, span, whether it begins a segment after another, frames due now; the rows' bytes, padded to
4; i16 per frame and channel, padded to 4. The first burst's nominal step is that of the beginning.
"""

import random
import struct
import sys
from bisect import bisect_left
from fractions import Fraction
from math import floor

RATES = ((20, 1), (50, 1), (100, 3), (30000, 1001), (1, 2), (400, 7))
CLOCKS = (1000, 32768, 1_000_000, 104 * 20)
LARGEST = 2**32 - 1


def scale_of(sensor, channel):
    """m and s of a sensor's p / q and a channel's P / Q; None where they are refused."""
    (p, q), (P, Q) = sensor, channel
    if min(p, q, P, Q) < 1 or q * P >= 2**48:
        return None
    u = Fraction(p * Q, q * P)
    if not Fraction(1, 2**17) <= u < 2**14:
        return None
    s = next(s for s in range(16, 47) if floor(u * Fraction(2) ** s) >= 2**29)
    return floor(u * 2**s), s


def rnd(x, s):
    return (x + (1 << (s - 1))) >> s


def sample(w, sign, m, s):
    return max(-32768, min(32767, rnd(sign * w * m, 15 + s)))


class Sensor:
    """Takes bursts of rows and gives what the section says of each: whether it begins a segment after another, and the
    frames that are known with it, as (time, samples)."""

    def __init__(self, clock, rate, nominal, scales):
        self.period = Fraction(clock * rate[1], rate[0])
        assert 1 <= self.period < 2**28 and 1 <= nominal < 2**28
        self.longest = max(clock // 4, 4 * floor(self.period))
        self.takes_rows = 10 * abs(nominal - floor(self.period)) <= floor(self.period)
        self.scales = scales  # per channel: sign, m, s
        self.rows = None  # of the segment: (time, counts)

    def times(self, nominal, count, span):
        """Those of a burst's rows, and whether a segment begins with it."""
        assert 1 <= count <= 65535 and count * nominal < 2**30
        span = span or count * nominal
        assert count <= span
        if self.rows is None or span - count * nominal > self.longest + count * nominal // 8:
            return [i * nominal for i in range(count)], True
        return [self.rows[-1][0] + i * span // count for i in range(1, count + 1)], False

    def burst(self, nominal, rows, span):
        times, begins = self.times(nominal, len(rows), span)
        is_gap = begins and self.rows is not None
        if begins:
            self.rows, self.count = [], 0
        behind = len(self.rows)
        self.rows += zip(times, rows)
        if self.takes_rows:
            return is_gap, [(t, self.frame([v << 15 for v in row])) for t, row in self.rows[behind:]]
        frames = []
        while (t := floor(self.count * self.period)) <= times[-1]:
            frames.append((t, self.frame(self.values(t))))
            self.count += 1
        return is_gap, frames

    def values(self, t):
        """The w of each channel."""
        b = bisect_left(self.rows, t, key=lambda row: row[0])
        (after, row) = self.rows[b]
        if after == t:
            return [v << 15 for v in row]
        before, earlier = self.rows[b - 1]
        f = 2**15 * (t - before) // (after - before)
        return [2**15 * u + (v - u) * f for u, v in zip(earlier, row)]

    def frame(self, values):
        return [sample(w, *scale) for w, scale in zip(values, self.scales)]


def scales_of(rng, channels):
    """Per channel: sign, p / q, P / Q."""
    choices = (((1196411, 10**9), (1, 1000)), ((1, 1), (1, 1)), ((7, 3), (1, 5)), ((1, 2), (LARGEST, LARGEST)),
               ((16383, 1), (1, 1)), ((1, 2**17), (1, 1)), ((LARGEST, 3 * 10**5), (1, 1)), ((1, 10), (1, 5)))
    return [(rng.choice((1, -1)), *rng.choice(choices)) for _ in range(channels)]


def cases(seed=1):
    """Yields rate, clock, bytes of a row before and behind its int16, byte order, axes, bursts of (nominal step, rows of all of
    a row's int16, span)."""
    rng = random.Random(seed)
    for number in range(160):
        rate, clock = RATES[number % len(RATES)], rng.choice(CLOCKS)
        if rate[0] > rate[1] * clock:
            clock = 1_000_000
        period = clock * rate[1] / rate[0]
        nominal = max(1, round(period * rng.choice([1, 1.09, 0.91, 0.2, 1 / 2.6, 1 / 5.2, 0.19, 3.7, 1.11])))
        sources = rng.randint(1, 6)
        axes = [(rng.randrange(sources), *scale) for scale in scales_of(rng, rng.randint(1, 4))]
        drift, bursts = rng.choice([1, 1, 0.97, 1.05, 1.12]), []
        for _ in range(rng.choice([1, 3, 12])):
            rows = [[rng.choice([rng.randint(-32768, 32767), -32768, 32767, rng.randint(-3, 3)]) for _ in range(sources)]
                    for _ in range(rng.choice([1, 1, 2, 7, 32]))]
            if rng.random() < 0.1:
                nominal = max(1, round(nominal * rng.uniform(0.95, 1.05)))
            least, due = len(rows), round(len(rows) * nominal * drift)
            longest = max(clock // 4, 4 * floor(Fraction(clock * rate[1], rate[0])))
            edge = len(rows) * nominal + longest + len(rows) * nominal // 8
            span = rng.choice([0, due, due, due, round(due * rng.uniform(0.5, 1.3)), least, edge, edge + 1, 2**31 + 5]
                              if rng.random() < 0.5 else [due])
            bursts.append((nominal, rows, 0 if span == 0 else max(least, span)))
        yield rate, clock, (rng.choice([0, 0, 1, 2]), rng.choice([0, 0, 1])), rng.randrange(2), axes, bursts
    # A sensor of 104 rows a second for an hour and a half, without a clock: no frame is lost, none added.
    rows = [[i % 199 - 99] for i in range(104)]
    yield (20, 1), 104 * 20, (0, 0), 0, [(0, 1, (1, 1), (1, 1))], [(20, rows, 0)] * 300


def packed(rows, around, order, rng):
    """The rows' bytes; what stands around their int16 is noise."""
    return b"".join(
        rng.randbytes(around[0]) + struct.pack(f"{'<>'[order]}{len(row)}h", *row) + rng.randbytes(around[1]) for row in rows)


def padded(data):
    return data + b"\0" * (-len(data) % 4)


def main(path):
    rng, data = random.Random(2), []
    for rate, clock, around, order, axes, bursts in cases():
        row_bytes = sum(around) + 2 * len(bursts[0][1][0])
        parts = [struct.pack("<7I", len(axes), len(bursts), *rate, clock, row_bytes, order)]
        parts += [struct.pack("<Ii4I", around[0] + 2 * source, sign, *sensor, *channel) for source, sign, sensor, channel in axes]
        sensor = Sensor(clock, rate, bursts[0][0], [(sign, *scale_of(*scales)) for _, sign, *scales in axes])
        for nominal, rows, span in bursts:
            is_gap, frames = sensor.burst(nominal, [[row[source] for source, *_ in axes] for row in rows], span)
            flat = [x for _, frame in frames for x in frame]
            parts.append(struct.pack("<5I", nominal, len(rows), span, is_gap, len(frames)))
            parts.append(padded(packed(rows, around, order, rng)))
            parts.append(padded(struct.pack(f"<{len(flat)}h", *flat)))
        data.append(b"".join(parts))
    with open(path, "wb") as file:
        file.write(struct.pack("<I", len(data)) + b"".join(data))


if __name__ == "__main__":
    main(sys.argv[1])
