"""The other watch's logs become the counts that the command makes of them, and the recorded figures are the engine's."""

import os
import random
import sys
from pathlib import Path

import numpy
import pytest

from command import ROOT, SNNRT, summary

sys.path.insert(0, str(ROOT / "models"))
from training import other_watch  # noqa: E402
from training.data import ACTIVITIES  # noqa: E402

FOLDER = ROOT / "models/wisdm-stream"
MODEL = FOLDER / "wisdm-stream-w4.snn"
ARCHIVE = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared")) / "data/sp-sw-har-watch.tar.xz"
LABELS = [("SEATED", 90), ("STANDING_UP", 110), ("WALKING", 290), ("TURNING", 120), ("WALKING", 290),
          ("SITTING_DOWN", 100), ("SEATED", 70)]


def log(seed, labels=LABELS):
    """A log of rows 8 to 11 ms apart, some of which share their stamp, as the watch's do."""
    draw, stamp, lines = random.Random(seed), 1657630877310, [other_watch.HEADER]
    for label in (label for label, count in labels for _ in range(count)):
        values = [draw.gauss(0, 4) for _ in range(5)] + [draw.choice([40.0, -40.0, 0.0005, 0.0015])]
        lines.append(",".join([*map(repr, values), str(stamp), label]))
        stamp += draw.choice([0, 8, 9, 10, 10, 11])
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path):
    for person in other_watch.PEOPLE:
        (tmp_path / f"s{person:02}_03_sw.csv").write_text(log(person))
    return tmp_path


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_the_commands(tmp_path, seed):
    path, raw = tmp_path / "s07_01_sw.csv", tmp_path / "raw.npy"
    path.write_text(log(seed))
    session = other_watch.session(path.name, path.read_text())
    numpy.save(raw, session.raw)
    (own, total), (given, expected) = summary(MODEL, raw, "--raw"), summary(MODEL, path)
    assert session.person == 7 and len(own) == len(given) > 15
    assert total["outputChecksum"] == expected["outputChecksum"]


def test_a_tick_lies_on_the_line_between_rows():
    """Stamps 0, 30, 30, 60, 110 ms are rows at 0, 30, 45, 60, 110; the ticks at 50 and 100 ms lie in the last two steps."""
    rows = ["0,0,0,0,0,0,0,SEATED", "1,0,0,0,0,0,30,SEATED", "2,0,0,0,0,0,30,WALKING",
            "5,0,0,0,0,-3,60,TURNING", "10,0,0,0,0,2,110,SEATED"]
    session = other_watch.session("s01_01_sw.csv", "\n".join([other_watch.HEADER, *rows]))
    assert session.raw[:, [0, 5]].tolist() == [[0, 0], [3000, -1000], [9000, 1000]]
    assert session.label.tolist() == ["SEATED", "WALKING", "TURNING"]


def test_logs_that_are_not_those(folder):
    assert [log.person for log in other_watch.read(folder)] == list(other_watch.PEOPLE)
    name = "s01_01_sw.csv"
    with pytest.raises(ValueError, match="header"):
        other_watch.session(name, log(1).replace("x_gyro", "gyro_x"))
    with pytest.raises(ValueError, match="gap of 0.3"):
        other_watch.session(name, "\n".join([other_watch.HEADER, "0,0,0,0,0,0,0,SEATED", "0,0,0,0,0,0,300,SEATED"]))
    with pytest.raises(ValueError, match="back"):
        other_watch.session(name, "\n".join([other_watch.HEADER, "0,0,0,0,0,0,9,SEATED", "0,0,0,0,0,0,0,SEATED"]))
    (folder / "s22_03_sw.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"\[22\]"):
        other_watch.read(folder)


def test_sequences_are_of_one_activity_and_of_the_people_asked_for(folder):
    logs, (walking, sitting) = other_watch.read(folder), (index for index, (letter, _) in enumerate(ACTIVITIES) if letter in "AD")
    kept = other_watch.PEOPLE[1::5]
    windows = other_watch.sequences(logs, kept)
    assert windows.raw.shape[1:] == (80, 6) and set(windows.subject) == set(kept)
    for label, raw, person in zip(windows.label, windows.raw, windows.subject):
        log = next(log for log in logs if log.person == person)
        if label == walking:
            at = [i for i in range(len(log.raw) - 79) if (log.raw[i : i + 80] == raw).all()]
            assert len(at) == 1 and set(log.label[at[0] : at[0] + 80]) <= {"WALKING", "TURNING"}
        else:
            seated = set(map(tuple, abs(log.raw[log.label == "SEATED"]).tolist()))
            assert label == sitting and set(map(tuple, abs(raw).tolist())) <= seated
    assert (windows.label == walking).sum() >= 2 * len(kept) and (windows.label == sitting).sum() == 2 * len(kept)


def test_a_stretch_goes_on_as_itself_backwards():
    samples = numpy.arange(12, dtype=numpy.int16).reshape(2, 6) + 1
    first, second = samples.tolist()
    backwards = [[a, b, c, -x, -y, -z] for a, b, c, x, y, z in (second, first)]
    assert other_watch.continued(samples, 6).tolist() == [*backwards, first, second, *backwards]


def test_counts_are_those_of_the_labels_given(folder):
    """Held to the command's own labels on the CSV file."""
    [log] = [log for log in other_watch.read(folder) if log.person == 7]
    rows = {(row.played, row.label): row for row in other_watch.counted(str(SNNRT), MODEL, [log])}
    results, _ = summary(MODEL, folder / "s07_03_sw.csv")
    own = [(str(log.label[10 * i + 9]), result["label"]) for i, result in enumerate(results)][6:]
    for label, classes in other_watch.COUNTERPARTS.items():
        given = [result for logged, result in own if logged == label]
        row = rows["log", label]
        assert (row.results, row.right) == (len(given), sum(result in classes for result in given))
    assert rows["rest", "WALKING"].results == 2 and rows["rest", "SEATED"].results == 2


def test_every_file_has_its_row_of_everyone():
    rows = other_watch.recorded(FOLDER / "other-watch.csv")
    for model in FOLDER.glob("*.snn"):
        for played in ("log", "rest"):
            for label in other_watch.COUNTERPARTS:
                own = other_watch.headline([row for row in rows if row.file == model.stem], played, label)
                assert own["people"] == len(other_watch.PEOPLE)


@pytest.mark.skipif(not ARCHIVE.exists(), reason=f"SKIPPED: needs {ARCHIVE} (set SNNRT_SHARED)")
def test_recorded_figures_are_the_engines():
    rows, logs = other_watch.recorded(FOLDER / "other-watch.csv"), other_watch.read(ARCHIVE)
    for model in FOLDER.glob("*.snn"):
        assert other_watch.counted(str(SNNRT), model, logs) == [row for row in rows if row.file == model.stem], model.name
