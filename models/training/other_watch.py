"""The logs of another watch and app, to train on and to see whether a network of WISDM's 18 activities travels to them.

    python -m training.other_watch MODEL.snn ... --other DIR_OR_TAR --command .build/release/snnrt [--fold K] [--csv OUT]

Data: the SP-SW-HAR logs of a watch, M. Matey-Sanz et al., Data in Brief 2023, CC BY 4.0. Of 19 people there are some ten logs
each, of 11 s: seated, standing up, walking 2.5 s, turning, walking 2.5 s, turning, sitting down, seated.
WALKING is WISDM's walking, and SEATED counts as sitting or standing, which wisdm-stream's groups take together as still; the
other labels have no counterpart.

MODEL's labels are counted as the command gives them, every half second, in two ways:

    log    logs played from their beginning without a reset: results later than 3 s after it. A walk is as short as
           wisdm-stream is late; SEATED is the last 0.7 s of a log, right after another activity.
    rest   stretches of one label, begun at rest: the result after 2 s of WALKING, after 0.5 s of SEATED.
"""

from __future__ import annotations

import argparse
import csv
import re
import tarfile
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from training.data import ACTIVITIES, INTERVAL_SECONDS, SEQUENCE, Windows, to_counts
from training.engine import engine_results
from training.score import interval95

PEOPLE = (1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 22, 23)  # fold k has PEOPLE[k::5]
NAMES = tuple(name for _, name in ACTIVITIES)
COUNTERPARTS = {"WALKING": ("walking",), "SEATED": ("sitting", "standing")}  # the first is the class that it trains
LOG = re.compile(r"s(\d+)_\d+_sw\.csv")
HEADER = "x_acc,y_acc,z_acc,x_gyro,y_gyro,z_gyro,timestamp,label"
LONGEST_STEP = 0.25  # seconds between rows, beyond which the command resets a network
TICKS = 10  # of a result
SETTLED = 6  # results of a log that are not counted: 3 s
REST_TICKS = {"WALKING": 40, "SEATED": 10}


@dataclass
class Session:
    """One log at 20 Hz: `raw` int16 [n, 6] in counts, `label` str [n]."""

    person: int
    raw: np.ndarray
    label: np.ndarray


@dataclass
class Row:
    """One person's `results` that `file` gave where the label was `label`, and those of them that were right."""

    file: str
    played: str  # log or rest
    person: int
    label: str
    results: int
    right: int


def read(location: str | Path) -> list[Session]:
    """Every log, by person and number, of a folder (at any depth) or an archive of one. Refused unless all PEOPLE are there."""
    path, texts = Path(location), {}
    if path.is_dir():
        texts = {file.name: file.read_text() for file in path.rglob("*.csv") if LOG.fullmatch(file.name)}
    else:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and LOG.fullmatch(name := Path(member.name).name):
                    texts[name] = archive.extractfile(member).read().decode()
    missing = sorted(set(PEOPLE) - {int(LOG.fullmatch(name)[1]) for name in texts})
    if missing:
        raise FileNotFoundError(f"{location}: no watch log of the people {missing}")
    return [session(name, texts[name]) for name in sorted(texts)]


def session(name: str, text: str) -> Session:
    """A log as `snnrt infer` takes it: docs/format.md, "From sensor values to samples"."""
    header, *lines = text.splitlines()
    if header != HEADER:
        raise ValueError(f"{name}: the header is {header!r}, not {HEADER!r}")
    cells = [line.split(",") for line in lines]
    time = row_times(np.array([int(row[6]) for row in cells]))
    if np.diff(time).max() > LONGEST_STEP:
        raise ValueError(f"{name}: a gap of {np.diff(time).max():.2f} s")
    values, label = np.array([row[:6] for row in cells], dtype=np.float64), np.array([row[7] for row in cells])
    tick = time[0] + np.arange(int((time[-1] - time[0]) / INTERVAL_SECONDS) + 2) * 1 / 20
    tick = tick[tick <= time[-1]]
    row = np.searchsorted(time, tick, side="right") - 1  # at or before the tick
    after = np.minimum(row + 1, len(time) - 1)
    share = np.where(after > row, (tick - time[row]) / np.where(after > row, time[after] - time[row], 1), 0)
    raw = to_counts(values[row] + (values[after] - values[row]) * share[:, None])
    return Session(int(LOG.fullmatch(name)[1]), raw, label[row])


def row_times(stamps: np.ndarray) -> np.ndarray:
    """Seconds float64 [n] of rows with stamps int64 [n] in ms: those that share a stamp are spread evenly up to the next one."""
    first = np.flatnonzero(np.diff(stamps, prepend=stamps[0] - 1))
    count, own = np.diff(first, append=len(stamps)), stamps[first] / 1e3
    step = np.diff(own) / count[:-1]
    step = np.append(step, step[-1])
    if (step <= 0).any():
        raise ValueError("time goes back")
    return np.repeat(own, count) + (np.arange(len(stamps)) - np.repeat(first, count)) * np.repeat(step, count)


def stretches(label: np.ndarray, kept: tuple[str, ...]) -> list[tuple[int, int]]:
    """Begin and end of each run of ticks whose labels are all among `kept`."""
    edges = np.flatnonzero(np.diff(np.r_[False, np.isin(label, kept), False]))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist()))


def sequences(logs: list[Session], people: tuple[int, ...], length: int = SEQUENCE, hop: int = 10) -> Windows:
    """Sequences to train on, of `people` alone: raw [n, `length`, 6], `label` an index of ACTIVITIES, `subject` the person.

    Walking: every `hop` ticks of a walk there and back, the turn between included, as each way alone is too short. Sitting: a
    stretch of half a second or more at its middle, continued at both ends by itself played backwards, with the gyroscope's
    sign changed, as such a motion has it; one sequence of each. Nothing else of this watch is among them, so that a network can
    learn that whatever moves on this watch is a walk: its results on SITTING_DOWN tell."""
    raw, label, subject = [], [], []

    def add(samples: np.ndarray, activity: str, person: int) -> None:
        raw.append(samples)
        label.append(NAMES.index(activity))
        subject.append(person)

    for log in (log for log in logs if log.person in people):
        for begin, end in stretches(log.label, ("WALKING", "TURNING")):
            walk = begin + np.flatnonzero(log.label[begin:end] == "WALKING")
            for at in range(walk[0], walk[-1] + 2 - length, hop) if len(walk) else ():
                add(log.raw[at : at + length], COUNTERPARTS["WALKING"][0], log.person)
        for begin, end in stretches(log.label, ("SEATED",)):
            if end - begin >= TICKS:
                add(continued(log.raw[begin:end], length), COUNTERPARTS["SEATED"][0], log.person)
    return Windows(np.array(raw, np.int16).reshape(-1, length, 6), np.array(label, np.int64), np.array(subject, np.int64))


def continued(samples: np.ndarray, length: int) -> np.ndarray:
    """Samples [n, 6] -> [length, 6]: forwards and backwards in turn, so that the middle is as it was."""
    there_and_back = np.concatenate([samples, samples[::-1] * np.array([1, 1, 1, -1, -1, -1], samples.dtype)])
    return there_and_back[(np.arange(length) - (length - len(samples)) // 2) % len(there_and_back)]


def counted(command: str, model: Path, logs: list[Session]) -> list[Row]:
    """What the runtime says of the logs, played both ways."""
    played = [("log", log.person, log.raw, log.label) for log in logs]
    for label, ticks in REST_TICKS.items():
        for log in logs:
            played += [("rest", log.person, log.raw[at : at + ticks], log.label[at : at + ticks])
                       for begin, end in stretches(log.label, (label,)) for at in range(begin, end - ticks + 1, ticks)]
    raw = np.zeros((len(played), -(-max(len(part[2]) for part in played) // TICKS) * TICKS, 6), np.int16)
    for windows, part in zip(raw, played):
        windows[: len(part[2])] = part[2]  # nothing is counted of the rest, which is 0
    found = engine_results(command, model, raw, NAMES).argmax(1).reshape(len(raw), -1)
    counts: dict[tuple[str, int, str], list[int]] = {}
    for (kind, person, _, label), result in zip(played, found):
        last = label[TICKS - 1 :: TICKS]
        for i in range(SETTLED, len(last)) if kind == "log" else (len(last) - 1,):
            if last[i] in COUNTERPARTS:
                count = counts.setdefault((kind, person, str(last[i])), [0, 0])
                count[0] += 1
                count[1] += NAMES[result[i]] in COUNTERPARTS[last[i]]
    return [Row(model.stem, kind, person, label, *count) for (kind, person, label), count in sorted(counts.items())]


def headline(rows: list[Row], played: str, label: str) -> dict:
    """Of rows of one file: the mean over people of their share of right results, its 95 % t interval, and the worst person."""
    shares = {row.person: row.right / row.results for row in rows if (row.played, row.label) == (played, label)}
    values, worst = np.array(list(shares.values())), min(shares, key=shares.get)
    return {"people": len(shares), "mean": values.mean(), "interval95": interval95(values), "worst": (worst, shares[worst])}


def recorded(path: Path) -> list[Row]:
    """The rows of a table that main wrote; none where there is no table."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [Row(r["file"], r["played"], int(r["person"]), r["label"], int(r["results"]), int(r["right"]))
                for r in csv.DictReader(file)]


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Row)])
        writer.writerows(astuple(row) for row in sorted(rows, key=astuple))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", type=Path, help="files that tell WISDM's 18 activities apart, as wisdm-stream does")
    parser.add_argument("--other", required=True, metavar="DIR_OR_TAR", help="the other watch's logs, or an archive of them")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    parser.add_argument("--fold", type=int, choices=range(5), help="only the people of this fold; default all")
    parser.add_argument("--csv", type=Path, help="a table whose rows of these files are replaced, others kept")
    options = parser.parse_args()
    people = PEOPLE if options.fold is None else PEOPLE[options.fold :: 5]
    logs, rows = [log for log in read(options.other) if log.person in people], []
    for model in options.models:
        own = counted(options.command, model, logs)
        rows += own
        for played in ("log", "rest"):
            for label in COUNTERPARTS:
                one = headline(own, played, label)
                print(f"{model.stem}, {played}, {label}: {100 * one['mean']:.1f} % of {one['people']} people, "
                      f"{100 * one['interval95'][0]:.1f} to {100 * one['interval95'][1]:.1f} %, worst: person {one['worst'][0]}, "
                      f"{100 * one['worst'][1]:.1f} %", flush=True)
    if options.csv:
        files = {row.file for row in rows}
        write(options.csv, [row for row in recorded(options.csv) if row.file not in files] + rows)


if __name__ == "__main__":
    main()
