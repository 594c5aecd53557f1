"""Segments and times of rows, by hand."""

import clocks

SHARED = 20 * [0.0] + 20 * [1.0] + 20 * [2.0]


def test_rows_of_a_stamp_are_spread_up_to_the_next():
    ((times, bridged, shares),) = clocks.segments_of(SHARED, 0.05)
    assert times[:3] == [0.0, 0.05, 0.1] and times[-1] == 2 + 19 * 0.05 and bridged == [] and shares
    assert abs(clocks.interval_of(times, bridged, shares) - 0.05) < 1e-12


def test_the_first_stamp_of_a_coarse_clock_ends_at_the_next():
    (one, _, _), (two, _, _) = clocks.segments_of(5 * [0.0] + SHARED[20:] + 3 * [9.0] + 20 * [10.0], 0.05)
    assert one[:6] == [0.75, 0.8, 0.85, 0.9, 0.95, 1.0] and two[:4] == [9.85, 9.9, 9.95, 10.0]


def test_single_stamps_are_times():
    stamps = [0.0, 0.05, 0.11, 0.15]
    assert clocks.segments_of(stamps, 0.05) == [(stamps, [], False)]
    assert clocks.interval_of(stamps, [], False) == 0.05


def test_steps_that_leave_a_segment():
    assert [len(times) for times, _, _ in clocks.segments_of([0.0, 0.25, 0.51, 0.1, 0.2], 0.05)] == [2, 1, 2]
    (times, bridged, _), (rest, _, _) = clocks.segments_of([0.0, 0.05, 0.5, 1.01, 1.06], 0.05, allowed=9)
    assert times == [0.0, 0.05, 0.5] and bridged == [2] and rest == [1.01, 1.06]
