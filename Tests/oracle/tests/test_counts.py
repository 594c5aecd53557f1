"""From a sensor's counts to samples: what the vectors rest on, by hand, and the example in format.md."""

import re
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import counts

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/format.md"


def numbers(cell):
    return [int(number.replace("−", "-")) for number in re.findall(r"[−\d]+", cell)]


def test_the_document_s_example():
    table = re.search(r"\| burst \| S \|.*?\n\n", DOCUMENT.read_text(), re.S)[0].strip().split("\n")[2:]
    sensor, segments = counts.Sensor(1000, (20, 1), 19, [(1, *counts.scale_of((1, 1), (1, 1)))]), 0
    for line in table:
        burst, span, times, at, samples = (numbers(cell) for cell in line.strip("|").split("|"))
        is_gap, frames = sensor.burst(19, [[value] for value in burst], span[0] if span else 0)
        segments += is_gap
        assert [time for time, _ in sensor.rows][-len(burst):] == times
        assert frames == [(time, [value]) for time, value in zip(at, samples, strict=True)]
    assert segments == 1 and len(table) == 4


@pytest.mark.parametrize("sensor, channel, expected", [
    ((1, 1), (1, 1), (2**29, 29)), ((1, 2), (1, 1), (2**29, 30)), ((3, 1), (1, 1), (3 * 2**28, 28)),
    ((1, 10), (1, 1), (858993459, 33)), ((2**14, 1), (1, 1), None), ((2**14 - 1, 1), (1, 1), ((2**14 - 1) * 2**16, 16)),
    ((1, 2**17), (1, 1), (2**29, 46)), ((1, 2**17 + 1), (1, 1), None), ((0, 1), (1, 1), None), ((1, 1), (0, 1), None),
    ((2**16, 2**16), (counts.LARGEST, counts.LARGEST), None if 2**16 * counts.LARGEST >= 2**48 else (2**29, 29)),
    ((2**16 + 1, 2**16 + 1), (counts.LARGEST, counts.LARGEST), None)])
def test_scales(sensor, channel, expected):
    assert counts.scale_of(sensor, channel) == expected


def test_ties_go_up_and_samples_saturate():
    one = counts.scale_of((1, 1), (1, 1))
    assert [counts.sample(w, 1, *one) for w in (3 << 14, -(3 << 14), 1 << 14, -(1 << 14))] == [2, -1, 1, 0]
    assert [counts.sample(-(1 << 30), sign, *one) for sign in (1, -1)] == [-32768, 32767]


def test_a_scale_is_rounded_down_in_its_30th_bit():
    for p in (10, 122, 1196411, 4000000007):
        m, s = counts.scale_of((p, 10**9), (1, 1000))
        exact = Fraction(p, 10**6)
        assert 0 <= exact - Fraction(m, 2**s) < exact * Fraction(1, 2**29)


def test_frames_keep_the_rate():
    """The last case of the vectors: 300 bursts of a second each."""
    *_, (rate, clock, _, _, _, bursts) = counts.cases()
    sensor = counts.Sensor(clock, rate, 20, [(1, *counts.scale_of((1, 1), (1, 1)))])
    frames = [frame for nominal, rows, span in bursts for frame in sensor.burst(nominal, rows, span)[1]]
    assert [time for time, _ in frames] == [104 * k for k in range(len(frames))] and len(frames) == 6000


def test_the_vectors_have_every_corner():
    kinds = {"gap": 0, "interpolated": 0, "taken": 0, "saturated": 0}
    for rate, clock, _, _, axes, bursts in counts.cases():
        sensor = counts.Sensor(clock, rate, bursts[0][0], [(sign, *counts.scale_of(*scales)) for _, sign, *scales in axes])
        kinds["taken" if sensor.takes_rows else "interpolated"] += 1
        for nominal, rows, span in bursts:
            is_gap, frames = sensor.burst(nominal, [[row[source] for source, *_ in axes] for row in rows], span)
            kinds["gap"] += is_gap
            kinds["saturated"] += any(abs(2 * x + 1) == 65535 for _, frame in frames for x in frame)
    assert min(kinds.values()) > 20, kinds
