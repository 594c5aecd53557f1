"""From sensor values to samples: what the vectors rest on, by hand."""

import math

import pytest

import sampling

HUGE, INTERPOLATE = 1.7e308, 0.0


def frames(rate, rows, interval=INTERPOLATE):
    """Frames of one channel, by row."""
    return [[frame[0] for frame in frames] for _, frames in
            sampling.frames_of([(time, [value]) for time, value in rows], rate, interval, [(1, 1)])]


def test_values_become_samples():
    for value, expected in ((0.5, 0), (1.5, 2), (-0.5, 0), (-2.5, -2), (40000.0, 32767), (-1e300, -32768)):
        assert sampling.sample(value, 1, 1) == expected
    assert sampling.sample(3.0, 2, 5) == round(7.5) == 8 and sampling.sample(HUGE, 1, 1000) == 32767


def test_units_are_converted():
    for value, unit, target, expected in (
            (1.0, "g", "m/s^2", 9.80665), (-716.0, "mg", "m/s^2", -716.0 * 9.80665 / 1000), (1500.0, "mg", "g", 1.5),
            (180.0, "deg/s", "rad/s", math.pi), (250.0, "mdeg/s", "deg/s", 0.25), (20.0, "degC", "K", 293.15),
            (0.5, "gauss", "uT", 50.0), (1013.25, "hPa", "Pa", 101325.0), (1e308, "g", "m/s^2", 1.7976931348623157e308),
            (0.1, "rad", "rad", 0.1)):
        assert sampling.converted(value, unit, target) == expected, (value, unit, target)
    assert sampling.converted(32.0, "degF", "degC") == pytest.approx(0, abs=1e-12)
    assert sampling.converted(96.0, "g", "m/s^2", (1, 64)) == 1.5 * 9.80665
    with pytest.raises(ValueError):
        sampling.converted(1.0, "g", "rad/s")


def test_rows_that_come_at_the_rate_are_ticks():
    rows = [(0.0, 7.0), (0.021, 8.0), (0.039, 9.0)]
    assert frames((50, 1), rows, 0.022) == [[7], [8], [9]]
    assert frames((50, 1), rows, 0.0221) != [[7], [8], [9]]


def test_interpolation():
    # ticks at 0, 0.5 and 1
    assert frames((2, 1), [(0.0, 0.0), (0.25, 100.0), (0.75, 200.0), (1.0, 400.0)]) == [[0], [], [150], [400]]


def test_a_tick_at_a_rows_own_time_has_its_value():
    """Even where the difference to the next row overflows, by which it would be −∞·0 otherwise."""
    assert frames((10, 1), [(0.0, HUGE), (0.1, -HUGE), (0.2, 0.0)]) == [[32767], [-32768], [0]]


def test_an_infinite_difference():
    # From HUGE to −HUGE: a difference of −∞, so −∞ between the rows; 0 where the fraction underflows to 0.
    assert frames((10, 1), [(0.0, HUGE), (0.25, -HUGE)]) == [[32767], [-32768, -32768]]
    tiny = 5e-324  # tiny / 3.5 is 0
    assert frames((1, 1), [(-1.0, 3.0), (-tiny, HUGE), (3.5, -HUGE)]) == [[3], [], [0, -32768, -32768, -32768]]


def test_a_gap_begins_a_segment():
    found = sampling.frames_of([(0.0, [1.0]), (0.25, [2.0]), (0.51, [3.0])], (50, 1), 0.25, [(1, 1)])
    assert [is_new for is_new, _ in found] == [False, False, True]


def test_the_vectors_have_every_corner():
    assert len(list(sampling.cases())) == 120 + len(list(sampling.corners()))
