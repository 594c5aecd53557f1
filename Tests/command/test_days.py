"""The figures of wisdm-stream's days: their arithmetic by hand, and that its card and picture say what was recorded."""

import re
import sys

import numpy as np
import pytest

from command import ROOT

sys.path.insert(0, str(ROOT / "models"))
from training import trade  # noqa: E402
from training.calibration import Tenth, best_divisor, calibration_error, tenths  # noqa: E402
from training.cards import days as card  # noqa: E402
from training.cards.trade import picture  # noqa: E402
from training.data import SUBJECTS  # noqa: E402
from training.day_rows import Row, headline, played, read, write  # noqa: E402
from training.evidence import GROUPED_NAMES, MEMBERS, NAMES, SWITCH_COST, Day, evidence_tensors, probabilities  # noqa: E402
from training.integer import Evidence  # noqa: E402

FOLDER = ROOT / "models/wisdm-stream"
RECORDED = pytest.mark.skipif(not (FOLDER / "days.csv").exists(), reason="no days of five folds are recorded yet")


def test_evidence_by_hand():
    """A cost of 5; the mean keeps half and takes a quarter. In the third tick 7 more lifts the second class above the first."""
    evidence = Evidence({"switch_cost": 5, "mean_a": 1, "mean_a_bits": 1, "mean_b": 1, "mean_b_bits": 2})
    given = [evidence.tick(np.array([scores])).tolist() for scores in ([8, 0], [8, 0], [0, 8])]
    assert given == [[[0 + 2, -5 + 0]], [[0 + 3, -5 + 0]], [[-3 + 2, 0 + 2]]]


def test_a_label_needs_no_more_to_change_however_long_it_stayed():
    tensors = evidence_tensors() | {"mean_b": np.int64(0)}
    for ticks in (50, 5000):
        evidence = Evidence(tensors)
        for _ in range(ticks):
            evidence.tick(np.array([[64, -64]]))
        late = next(t for t in range(1, 1000) if evidence.tick(np.array([[-64, 64]])).argmax() == 1)
        assert late == SWITCH_COST * 32 // 128 + 1


def test_groups_have_the_sum_of_their_members():
    scores = np.zeros((1, 18), int)
    assert len(GROUPED_NAMES) == 13 and MEMBERS[13].sum() == 18
    grouped = dict(zip(GROUPED_NAMES, probabilities(scores, 100, 13)[0]))
    assert grouped["meal"] == pytest.approx(5 / 18) and grouped["still"] == pytest.approx(2 / 18)
    assert grouped["walking"] == pytest.approx(1 / 18)


def test_a_day_by_hand():
    """Walking for four results, then jogging for ten: two late, then a false switch to stairs and back to the truth."""
    walking, jogging, stairs = (NAMES.index(name) for name in ("walking", "jogging", "stairs"))
    said = [walking] * 6 + [jogging] * 5 + [stairs] * 2 + [jogging]
    day = Day(1600, np.eye(18, dtype=int)[said] * 1000, np.array([walking] * 4 + [jogging] * 10))
    row = played(day, 100, 18, "file", 1, 0)
    assert (row.results, row.right, row.false_switches, row.latencies) == (14, 10, 1, (1.5,))


def rows_of_all(seeds=(1,)):
    return [Row("wisdm-stream-w4", seed, i % 5, person, activities, 20000, 1200, 900 + i + seed, i % 3, (2.0, 3.5, float("inf")))
            for activities in (13, 18) for seed in seeds for i, person in enumerate(SUBJECTS)]


def test_headline_by_hand():
    found = headline([row for row in rows_of_all() if row.activities == 13])
    shares = (901 + np.arange(40)) / 1200
    assert found.mean == pytest.approx(shares.mean()) and found.worst == (1600, pytest.approx(901 / 1200))
    half = 2.023 * shares.std(ddof=1) / 40**0.5
    assert found.interval == (pytest.approx(shares.mean() - half), pytest.approx(shares.mean() + half))
    assert found.worst_tenth == pytest.approx(shares[:4].mean()) and found.folds[2] == pytest.approx(shares[2::5].mean())
    assert found.switches_per_minute == pytest.approx(39 / (40 * 10)) and (found.changes, found.never) == (120, 40)
    assert found.latency == (2.0, 3.5, float("inf"))
    both = headline([row for row in rows_of_all((1, 2)) if row.activities == 13])
    assert both.mean == pytest.approx(shares.mean() + 0.5 / 1200) and both.interval[1] - both.mean == pytest.approx(half)


@pytest.mark.parametrize("spoilt", [lambda rows: rows[1:], lambda rows: rows + rows[:1]])
def test_a_person_missing_or_twice_is_refused(spoilt):
    with pytest.raises(ValueError, match="40 people"):
        headline(spoilt([row for row in rows_of_all() if row.activities == 13]))


def test_rows_are_read_as_written(tmp_path):
    rows = rows_of_all((1, 2))
    write(tmp_path / "days.csv", rows)
    assert sorted(read(tmp_path / "days.csv"), key=str) == sorted(rows, key=str)


def test_the_divisor_that_made_the_truth_is_found():
    """The activities of 20 days are drawn with the probabilities that the scores have at a divisor of 30,000."""
    random = np.random.default_rng(7)
    days = []
    for person in range(20):
        entries = random.integers(-60000, 60000, (600, 18))
        probable = probabilities(entries, 30000, 18)
        truth = (probable.cumsum(1) > random.random((600, 1))).argmax(1)
        days.append(Day(person, entries, truth))
    assert best_divisor(days) == pytest.approx(30000, rel=0.05)


def test_calibration_error_by_hand():
    rows = tenths("ticks", 18, np.array([0.91, 0.99, 0.55, 0.55]), np.array([True, False, True, True]))
    assert rows == [Tenth("ticks", 18, 5, 2, 2, 1.1), Tenth("ticks", 18, 9, 2, 1, 1.9)]
    assert calibration_error(rows) == pytest.approx((0.9 + 0.9) / 4)


def test_every_cost_is_in_the_picture_and_one_is_filled():
    points = [trade.Point(cost, activities, 1, 0.7 + cost / 2500, 90 / cost * activities / 13, 2 + i / 2, 3.0)
              for activities in (18, 13) for i, cost in enumerate(trade.COSTS)]
    drawn = picture(points)
    circles = [tuple(map(float, found)) for found in re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)" r="(\d)"', drawn)]
    assert len(circles) == 4 * len(trade.COSTS) and sum(r == 5 for _, _, r in circles) == 4
    assert all(52 <= x <= 760 and 44 <= y <= 306 for x, y, _ in circles)


@RECORDED
def test_the_card_says_what_was_recorded():
    text = (FOLDER / "README.md").read_text()
    for line in card.lines():
        assert line in text, f"wisdm-stream/README.md: run `python -m training.cards.days`, which has {line}"


@RECORDED
def test_the_picture_is_of_what_was_recorded():
    points = trade.read(FOLDER / "trade.csv")
    assert (FOLDER / "trade.svg").read_text() == picture(points), "run `make pictures`"
    for activities in (13, 18):
        shipped = next(p for p in points if (p.activities, p.cost) == (activities, SWITCH_COST))
        found = headline([row for row in read(FOLDER / "days.csv") if row.activities == activities])
        assert shipped.latency == found.latency[1]
        assert shipped.switches_per_minute == pytest.approx(found.switches_per_minute, abs=1e-4)
