"""The figures that lead a card: recorded by training.folds from what the engine gave, computed from the record, and drawn."""

import dataclasses
import re
import sys

import numpy as np
import pytest

from command import ROOT, SNNRT

sys.path.insert(0, str(ROOT / "models"))
from training import export, folds, integer, people  # noqa: E402
from training.cards import headline as shown  # noqa: E402
from training.cards.pareto import LETTER, RADIUS, label_box, overlap, place, plot  # noqa: E402
from training.cards.pictures import pareto, points, tables  # noqa: E402
from training.data import SUBJECTS, WATCH_POSITIONS, Windows  # noqa: E402
from training.score import headline  # noqa: E402


def row(file="wisdm-lmu-w4", seed=1, position=0, windows=600, lost=0, tens_lost=0, otherwise_lost=(0, 0, 0)):
    """A row of the person at a position; `lost` windows of 600 are wrong."""
    counts = [(600 - wrong) * windows // 600 for wrong in (lost, *otherwise_lost)]
    return people.Row(file, seed, position % 5, SUBJECTS[position], windows, counts[0], 120, 120 - tens_lost, *counts[1:])


def table(file="wisdm-lmu-w4", lost=6):
    """Two seeds: the person at position i has lost i per cent with seed 1 and i + 1 per cent with seed 2 (where `lost` is 6), of 600
    windows or, those at even positions, 300; and one per cent more, on average, with the watch worn otherwise."""
    return [row(file, seed, i, (300, 600)[i % 2], lost * (i + seed - 1), 2 * (i + seed - 1) // 5,
                [lost * (i + seed - 1) + more for more in (4, 6, 8)]) for seed in (1, 2) for i in range(40)]


def test_headline_is_over_people_and_seeds():
    of = headline(table())
    assert of.mean == pytest.approx(1 - (0.195 + 0.205) / 2)
    assert of.seeds == pytest.approx({1: 0.805, 2: 0.795})
    half = 2.023 * (40 * 41 / 12) ** 0.5 / 100 / 40**0.5  # standard deviation of 0 … 39 by n − 1
    assert of.interval == pytest.approx((0.8 - half, 0.8 + half))
    assert of.worst == (1650, pytest.approx(0.6))
    assert of.worst_tenth == pytest.approx(1 - (37.5 + 38.5) / 200)
    tens = [2 * (i + seed - 1) // 5 / 120 for seed in (1, 2) for i in range(40)]
    assert of.ten_seconds == pytest.approx(1 - sum(tens) / 80)
    assert of.mirrored == pytest.approx(0.8 - 0.01)
    assert of.folds == pytest.approx([0.8 + (2 - k) / 100 for k in range(5)])


def test_worst_tenth_is_each_seeds_own():
    """Where seeds fail different people, a mean over seeds would hide them."""
    rows = [row(seed=seed, position=i, lost=600 if i // 4 == seed else 0) for seed in (1, 2) for i in range(40)]
    of = headline(rows)
    assert of.worst_tenth == 0 and of.worst == (SUBJECTS[4], 0) and of.mean == pytest.approx(0.9)


@pytest.mark.parametrize("fault", ["a person is missing", "a person is there twice", "a seed has half of them"])
def test_only_all_forty_people_make_a_headline(fault):
    rows = table()
    changed = {"a person is missing": rows[1:], "a person is there twice": [*rows, rows[3]], "a seed has half of them": rows[:60]}[fault]
    with pytest.raises(ValueError, match="not those of 40 people"):
        headline(changed)


def test_table_is_read_as_written_and_updated_by_fold(tmp_path):
    path = tmp_path / "people.csv"
    people.update(path, table()[::-1])
    assert path.read_text().splitlines()[:2] == [
        "file,seed,fold,person,windows,right,tens,tens_right,right_crown,right_wrist,right_both",
        "wisdm-lmu-w4,1,0,1600,300,300,120,120,298,297,296"]
    assert people.read(path) == sorted(table())
    again = [dataclasses.replace(one, right=1) for one in table() if one.seed == 2 and one.fold == 3]
    people.update(path, again)
    assert [one.right == 1 for one in people.read(path)] == [one.seed == 2 and one.fold == 3 for one in sorted(table())]
    people.update(path, table("wisdm-lmu-w8"))
    assert len(people.read(path)) == 160


@pytest.mark.parametrize("old, new, match", [
    ("file,seed", "file,sead", "columns"), (",1,1,1601,", ",1,2,1601,", "not held out by fold 2"), (",1,1,1601,", ",1,1,1611,", "not held out"),
    (",600,594,", ",600,601,", "more are right"), (",120,120,", ",120,121,", "more are right"), (",300,300,120,120,298,297,296", ",0,0,0,0,0,0,0", "nothing"),
])
def test_a_damaged_table_is_refused(tmp_path, old, new, match):
    path = tmp_path / "people.csv"
    people.write(path, table())
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ValueError, match=match):
        people.read(path)


def test_a_person_twice_is_refused(tmp_path):
    path = tmp_path / "people.csv"
    people.write(path, [*table(), dataclasses.replace(table()[5], right=0)])
    with pytest.raises(ValueError, match="seed 1 has person 1605 twice"):
        people.read(path)


# ---- folds.py: the engine's answers ----------------------------------------------------------------

@pytest.fixture
def trained(tmp_path):
    """A folder with one small network of fold 2, seed 7, and windows of two of the fold's people and one of another fold."""
    random = np.random.default_rng(5)
    tensors = {
        "input_multiplier": np.full(6, 40), "input_shift": np.array(10), "input_bits": np.array(9), "weight_bits": np.array(4),
        "0.w": random.integers(-7, 8, (16, 6)), "0.bias_h": random.integers(-50, 50, 16), "0.shift": np.array(5), "0.high": np.array(127),
        "o": random.integers(-7, 8, (7, 16)), "bias_o": random.integers(-50, 50, 7)}
    label = np.tile(np.repeat(np.arange(7), 11), 3)  # eleven windows of a session: two sums of five
    raw = random.integers(-8000, 8000, (len(label), 1, 6)) + random.integers(-900, 900, (len(label), 40, 6))
    windows = Windows(raw.astype(np.int16), label, np.repeat([SUBJECTS[2], SUBJECTS[4], SUBJECTS[7]], 77))
    path = tmp_path / "wisdm-toy-w4-fold2-seed7.snn"
    path.write_bytes(export.model_file(tensors, "toy", windows.raw[:2], windows.raw))
    np.savez(path.with_suffix(".npz"), **tensors)
    (tmp_path / "wisdm-toy-w4-P2.snn").write_bytes(b"another protocol's")
    return tmp_path, tensors, windows


def run_folds(monkeypatch, folder, windows):
    monkeypatch.setattr(folds, "Source", lambda *location: None)
    monkeypatch.setattr(folds, "load_windows", lambda source: windows)
    monkeypatch.setattr(sys, "argv", ["folds", "wisdm-toy", "--work", str(folder), "--command", str(SNNRT), "--table", str(folder / "people.csv")])
    folds.main()
    return people.read(folder / "people.csv")


def test_rows_are_what_the_engine_gives(monkeypatch, trained):
    folder, tensors, windows = trained
    rows = run_folds(monkeypatch, folder, windows)
    assert [(one.file, one.seed, one.fold, one.person) for one in rows] == [("wisdm-toy-w4", 7, 2, SUBJECTS[2]), ("wisdm-toy-w4", 7, 2, SUBJECTS[7])]
    expected = np.zeros((7, 7), np.int64)
    for one in rows:
        own = windows.take(windows.subject == one.person)
        scores = [integer.run(tensors, own.raw * np.array(signs, np.int16))[0]
                  for signs in ((1, 1, 1, 1, 1, 1), (-1, -1, 1, -1, -1, 1), (-1, 1, 1, 1, -1, -1), (1, -1, 1, -1, 1, -1))]
        right = [int((given.argmax(1) == own.label).sum()) for given in scores]
        assert (one.windows, [one.right, one.right_crown, one.right_wrist, one.right_both]) == (77, right) and len(set(right)) > 2
        sums = scores[0].reshape(7, 11, 7)[:, :10].reshape(14, 5, 7).sum(1)
        given = scores[0].argmax(1)
        expected += [[((own.label == i) & (given == j)).sum() for j in range(7)] for i in range(7)]
        assert (one.tens, one.tens_right) == (14, int((sums.argmax(1) == np.repeat(np.arange(7), 2)).sum()))
    assert (people.confusion(folder / "confusion.csv", "wisdm-toy-w4") == expected).all() and expected.sum() == 154


def test_one_score_that_differs_ends_it(monkeypatch, trained):
    folder, tensors, windows = trained
    tensors["bias_o"][3] += 1
    np.savez(folder / "wisdm-toy-w4-fold2-seed7.npz", **tensors)
    with pytest.raises(SystemExit, match="154 of 154 windows differ from integer.py"):
        run_folds(monkeypatch, folder, windows)
    assert not (folder / "people.csv").exists()


def test_watch_positions_are_those_of_one_watch():
    """Each is its own inverse and the fourth is the other two; gyroscopes turn as pseudovectors do: by the determinant."""
    signs = {name: np.array(way) for name, way in WATCH_POSITIONS.items()}
    assert (signs["turned"] * signs["other wrist"] == signs["both"]).all()
    for way in signs.values():
        assert (way[3:] == way[:3] * way[:3].prod()).all()


# ---- the card and the picture ----------------------------------------------------------------------

COSTS = "\n| | w8 | w4 |\n|---|---|---|\n| NS-ACE per result, measured | 2,000,000 | 1,400,000 |\n"


def test_card_is_written_and_read():
    block = shown.tables([*table(), *table("wisdm-lmu-w8", 3)])
    first, by_fold = tables(block)
    assert block.count("\n|---|---|---|") == 2
    assert first[0] == [shown.LEADS, *shown.COLUMNS] and [line[0] for line in first[1:]] == ["`wisdm-lmu-w8.snn`", "`wisdm-lmu-w4.snn`"]
    assert first[2][1:] == ["80.0 %", "76.3 to 83.7 %", "62.0 %", "60.0 % (1650)", "93.7 %", "79.0 % (−1.0)", "80.5, 79.5 %"]
    assert by_fold[2] == ["`wisdm-lmu-w4.snn`", "82.0 %", "81.0 %", "80.0 %", "79.0 %", "78.0 %"]
    drawn = {point.file: (point.share, point.low, point.high, point.cost) for point in points(block + COSTS, leads=True)}
    assert drawn["wisdm-lmu-w4.snn"] == (80.0, 76.3, 83.7, 1.4e6) and drawn["wisdm-lmu-w8.snn"][3] == 2e6
    assert shown.in_short(headline(table())) == "80.0 % (76.3 to 83.7 %), worst person 60.0 %"


@pytest.mark.parametrize("difference, words", [(-0.004, "−.4"), (0.0123, "+1.2"), (0.00004, "0"), (-0.1, "−10.0"), (0.02, "+2.0")])
def test_points_are_written_as_in_cards(difference, words):
    assert shown.points(difference) == words


def test_five_folds_lead_the_picture():
    """Fold 0 is drawn only while no card has more; the two are never in one picture."""
    old = "\n| accuracy | unseen subjects, P2 | mean |\n|---|---|---|\n| `wisdm-slmu-w4.snn` | 95.0 % (.950) | 94.9 %, 91.5 to 98.3 % |\n" + COSTS
    assert "slmu" in pareto([old]) and "the eight of fold 0" in pareto([old])
    both = pareto([old, shown.tables(table()) + old.replace("slmu", "lmu")])
    assert f"accuracy on {shown.LEADS}" in both and "slmu" not in both and both.count("<circle") == 1


@pytest.mark.parametrize("seed", range(3))
def test_labels_lie_apart(seed):
    """Of 24 points in a crowd: no label on another one, or on a point, or outside; the text lies in its box."""
    random = np.random.default_rng(seed)
    crowd = [(200 + 60 * x, 200 + 40 * y) for x, y in random.normal(size=(24, 2))]
    names = [f"graded-s{i}-w{i % 9}" for i in range(24)]
    frame = (0, 0, 600, 400)
    boxes = place(crowd, names, [(x - 2, y - 60, x + 2, y + 60) for x, y in crowd], frame)
    for i, box in enumerate(boxes):
        assert box[2] - box[0] == pytest.approx(LETTER * len(names[i])) and 0 <= box[0] and box[2] <= 600 and 0 <= box[1] and box[3] <= 400
        assert not any(overlap(box, other) for other in boxes[:i])
        assert not any(overlap(box, (x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)) for x, y in crowd)


def test_labels_of_the_shipped_picture_lie_apart():
    picture = (ROOT / "models/pareto.svg").read_text()
    labels = [label_box(float(x), float(y) - 3.5, name) for x, y, name in re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)"[^>]*font-size="10"[^>]*>([^<]*)<', picture)]
    marks = [(float(x) - RADIUS, float(y) - RADIUS, float(x) + RADIUS, float(y) + RADIUS)
             for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', picture)]
    shrunk = [(left + 0.1, top + 0.1, right - 0.1, bottom - 0.1) for left, top, right, bottom in labels]  # numbers are rounded
    assert len(labels) == len(marks) > 0
    assert not any(overlap(one, other) for i, one in enumerate(shrunk) for other in [*shrunk[:i], *marks])


def test_interval_is_drawn():
    """A bar from the low to the high end, about the point."""
    picture = plot([*points(shown.tables(table()) + COSTS, leads=True)], "title")
    x, y = map(float, re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', picture).groups())
    high, low = map(float, re.search(rf'd="M{x} ([\d.]+)V([\d.]+)M', picture).groups())
    assert (y - high) / (low - y) == pytest.approx((83.7 - 80.0) / (80.0 - 76.3), abs=0.02) and high < y < low
