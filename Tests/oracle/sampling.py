"""Vectors for format.md, "From sensor values to samples", from Python's own doubles: rows of a sensor and the frames they must
give.

    python sampling.py OUT

OUT, little-endian: u32 cases; per case u32 channels, rows, rate numerator, rate denominator; f64 interval; per channel
u32 scale numerator, denominator; per row f64 time, f64 per channel, u32 whether it begins a segment after another,
u32 frames due now, i16 per frame and channel, padded to 4 bytes.
"""

import math
import random
import struct
import sys

RATES = ((20, 1), (50, 1), (100, 3), (30000, 1001), (1, 2), (400, 7))
SCALES = ((1, 1), (1, 1000), (981, 100000), (3, 7), (4294967295, 1), (1, 4294967295))


# Base unit, n, d, o: a value v in the unit is (v + o) * n / d in the base unit.
UNITS = {
    "m/s^2": ("m/s^2", 1, 1, 0), "cm/s^2": ("m/s^2", 1, 100, 0), "mm/s^2": ("m/s^2", 1, 1000, 0),
    "g": ("m/s^2", 9.80665, 1, 0), "mg": ("m/s^2", 9.80665, 1e3, 0), "ug": ("m/s^2", 9.80665, 1e6, 0),
    "rad/s": ("rad/s", 1, 1, 0), "mrad/s": ("rad/s", 1, 1000, 0), "deg/s": ("rad/s", math.pi, 180, 0),
    "mdeg/s": ("rad/s", math.pi, 180e3, 0),
    "rad": ("rad", 1, 1, 0), "mrad": ("rad", 1, 1000, 0), "deg": ("rad", math.pi, 180, 0),
    "K": ("K", 1, 1, 0), "degC": ("K", 1, 1, 273.15), "degF": ("K", 5, 9, 459.67),
    "T": ("T", 1, 1, 0), "mT": ("T", 1, 1e3, 0), "uT": ("T", 1, 1e6, 0), "nT": ("T", 1, 1e9, 0), "gauss": ("T", 1, 1e4, 0),
    "mgauss": ("T", 1, 1e7, 0),
    "Pa": ("Pa", 1, 1, 0), "hPa": ("Pa", 100, 1, 0), "kPa": ("Pa", 1e3, 1, 0), "bar": ("Pa", 1e5, 1, 0), "atm": ("Pa", 101325, 1, 0),
}


def converted(value, unit, target, scale=(1, 1)):
    """A value of a log, in `unit` once it is scaled, in the unit of the channel."""
    value = value * scale[0] / scale[1]
    if unit != target:
        (base, n, d, o), (other, m, e, q) = UNITS[unit], UNITS[target]
        if base != other:
            raise ValueError(f"{unit} and {target} are units of different things")
        (n, m), (d, e) = (1, 1) if n == m else (n, m), (1, 1) if d == e else (d, e)
        value = (value + o) * (n * e) / (d * m) - q
    return max(-sys.float_info.max, min(sys.float_info.max, value))


def sample(value, numerator, denominator):
    if value != value:  # an infinite difference times a fraction of 0
        return 0
    counts = value * denominator / numerator
    return max(-32768, min(32767, round(counts))) if abs(counts) < 1e9 else (32767 if counts > 0 else -32768)


def frames_of(rows, rate, interval, scales):
    """Per row: whether it begins a segment after another, and the frames that are known once it has come. Held to the
    section's wording: a segment's rows are looked at together, and a frame is known with the first row at or after it."""
    period = rate[1] / rate[0]
    segments = []
    for row in rows:
        if not segments or row[0] - segments[-1][-1][0] > max(0.25, 4 * period):
            segments.append([])
        segments[-1].append(row)
    return [(number > 0 and i == 0, frames) for number, segment in enumerate(segments)
            for i, frames in enumerate(segment_frames(segment, rate, interval, scales))]


def segment_frames(segment, rate, interval, scales, bridged=()):
    """Of each row of a segment, the frames that are known once it has come. `bridged` are the places of the rows behind a gap
    over which the segment goes on."""
    numerator, denominator = rate
    period = denominator / numerator
    due = [[] for _ in segment]
    times = [row[0] for row in segment]

    def frame(time, b):
        """At a time after row b − 1 and not after row b."""
        if times[b] == time:
            values = segment[b][1]
        else:
            before, after = segment[b - 1][1], segment[b][1]
            values = [u + (v - u) * ((time - times[b - 1]) / (times[b] - times[b - 1])) for u, v in zip(before, after)]
        due[b].append([sample(v, *scale) for v, scale in zip(values, scales)])

    if len(segment) == 1 or abs(interval - period) <= 0.1 * period:
        for b, time in enumerate(times):
            missing = round((time - times[b - 1]) / interval) - 1 if b in bridged else 0
            for k in range(1, missing + 1):
                frame(times[b - 1] + k * ((time - times[b - 1]) / (missing + 1)), b)
            frame(time, b)
    else:
        k = 0
        while (time := times[0] + k * denominator / numerator) <= times[-1]:
            frame(time, next(i for i, t in enumerate(times) if t >= time))
            k += 1
    return due


def cases(seed=1):
    rng = random.Random(seed)
    for number in range(120):
        rate = RATES[number % len(RATES)]
        period = rate[1] / rate[0]
        ratio = rng.choice([1.0, 1.0, 1.09, 0.91, 0.2, 0.5, 1.5, 3.7])
        interval = rng.choice([period * ratio, period * ratio, 0.0])
        time = rng.choice([0.0, -3.25, 1.6e9, 1e-3])
        scales = [rng.choice(SCALES) for _ in range(rng.randint(1, 3))]
        rows = []
        for _ in range(rng.choice([1, 2, 40])):
            unit = [n / d for n, d in scales]
            values = [rng.choice([rng.gauss(0, 9000), rng.randint(-9, 9) + 0.5, 32767.5, -32768.5, 1e30]) * u for u in unit]
            rows.append((time, values))
            step = period * ratio * rng.choice([1.0, 1.0, rng.uniform(0.3, 1.7)])
            time += step if rng.random() < 0.95 else rng.choice([0.25, 4 * period, 9.0])
        yield rate, interval, scales, rows
    yield from corners()


def corners():
    """Neighbouring values whose difference overflows: at a row's own time its value, between rows an infinity, or 0 where the
    fraction underflows."""
    huge, scales = 1.7e308, [(1, 1000), (1, 1)]
    for rate, times in (((50, 1), (0.0, 0.1, 0.2)), ((50, 1), (0.0, 0.01, 0.05)), ((1, 1), (-2.0, -5e-324, 3.5, 4.0)),
                        ((1, 1), (-2.0, -5e-324, 1.5, 4.0)), ((1, 2), (0.0, 7.0, 8.0))):
        rows = [(time, [huge * (-1) ** i, -huge * (-1) ** i]) for i, time in enumerate(times)]
        yield rate, 0.0, scales, rows


def main(path):
    data = []
    for rate, interval, scales, rows in cases():
        parts = [struct.pack("<IIIId", len(scales), len(rows), *rate, interval)]
        parts += [struct.pack("<II", *scale) for scale in scales]
        for (time, values), (is_new, frames) in zip(rows, frames_of(rows, rate, interval, scales)):
            flat = [x for frame in frames for x in frame]
            parts.append(struct.pack(f"<{1 + len(values)}dII{len(flat)}h", time, *values, is_new, len(frames), *flat))
            parts.append(b"\0" * (-2 * len(flat) % 4))
        data.append(b"".join(parts))
    with open(path, "wb") as file:
        file.write(struct.pack("<I", len(data)) + b"".join(data))


if __name__ == "__main__":
    main(sys.argv[1])
