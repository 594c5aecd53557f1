"""Plays whole days of people to the wisdm-stream networks that have never seen them, and records what the runtime says.

    python -m training.days --data DIR_OR_TAR --work DIR --command .build/release/snnrt

DIR is where `training.stream --fold` wrote wisdm-stream-w4-fold0-seed1.snn and the like, with the integer tensors of each beside
it (.npz), of all five folds. A day is everything recorded of one person, session after session in the order of recording, as one
log through `snnrt infer`. The first five minutes of each network's first day must be integer.py's results, or the program ends.

models/wisdm-stream gets days.csv (day_rows.py), reliability.csv (calibration.py) and trade.csv (trade.py), each of all seeds
and of the file that is named (--file), and is told what divisor the confidence of a file trained on everyone needs.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

import numpy as np

from training import calibration, data, day_rows, export, integer, trade
from training.calibration import best_divisor, calibration_error, confident, tenths
from training.data import ACTIVITIES, CHANNELS, FOLDS, INTERVAL_SECONDS, Source
from training.engine import engine_results
from training.evidence import GROUPED_NAMES, MEMBERS, NAMES, SCORE_STEPS, TICKS, Day, evidence_tensors, true_classes
from training.stream import NAME, RESULTS

MODELS = Path(__file__).resolve().parents[1]
CHECKED_TICKS = 6000

Recording = tuple[int, np.ndarray, np.ndarray]  # person, raw int16 [n, 6], activities int64 [n]
Folds = dict[int, list[Day]]  # days of the people of each fold, by the network that has not seen them
Divisors = dict[int, dict[int, int]]  # by seed and fold


def day(source: Source, person: int) -> tuple[np.ndarray, np.ndarray]:
    """Everything recorded of one person, in the order of recording: raw int16 [n, 6] and activities int64 [n]. A session with
    5 % more or fewer rows than its time has ticks is interpolated to 20 Hz; elsewhere rows are ticks."""
    sessions = []
    for index, (letter, _) in enumerate(ACTIVITIES):
        time, raw = source.session(person, letter)
        if len(time):
            begun, time = time[0], (time - time[0]) * 1e-9
            ticks = np.arange(int(time[-1] / INTERVAL_SECONDS) + 1)
            if abs(len(time) / len(ticks) - 1) > 0.05:
                raw = np.stack([np.rint(np.interp(ticks * INTERVAL_SECONDS, time, c)) for c in raw.T], 1).astype(np.int16)
            sessions.append((begun, raw, np.full(len(raw), index)))
    sessions.sort(key=lambda session: session[0])
    return np.concatenate([s[1] for s in sessions]), np.concatenate([s[2] for s in sessions])


def recordings(source: Source, people: tuple[int, ...]) -> list[Recording]:
    return [(person, *day(source, person)) for person in people]


def played_days(command: str, model: Path, recorded: list[Recording]) -> list[Day]:
    """What the runtime says of the days."""
    days = []
    for person, raw, activity in recorded:
        results = engine_results(command, model, raw, NAMES)
        days.append(Day(person, results, activity[TICKS - 1 :: TICKS][: len(results)]))
    return days


def held_to_integer(model: Path, raw: np.ndarray, results: np.ndarray) -> None:
    """Ends the program where a result of the first five minutes is not that of integer.py."""
    expected = integer.results(dict(np.load(model.with_suffix(".npz"))), raw[None, :CHECKED_TICKS], TICKS)[0][0]
    differ = int((results[: len(expected)] != expected).any(1).sum())
    if differ:
        raise SystemExit(f"{model.name}: {differ} of {len(expected)} results differ from integer.py")


def with_cost(command: str, model: Path, recorded: list[Recording], cost: int) -> list[Day]:
    """What the runtime says of the days by the same network with another switch cost."""
    tensors = dict(np.load(model.with_suffix(".npz"))) | evidence_tensors(cost)
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / model.name
        other.write_bytes(export.writer(tensors, NAME, np.zeros((1, 1, len(CHANNELS))), RESULTS).build())
        return played_days(command, other, recorded)


def networks(work: Path, file: str) -> dict[int, dict[int, Path]]:
    """Files by seed and fold, of the seeds that have all five folds."""
    pattern = re.compile(rf"{re.escape(file)}-fold(\d)-seed(\d+)\.snn")
    found: dict[int, dict[int, Path]] = {}
    for path in sorted(work.glob(f"{file}-fold*.snn")):
        if match := pattern.fullmatch(path.name):
            found.setdefault(int(match[2]), {})[int(match[1])] = path
    return {seed: folds for seed, folds in sorted(found.items()) if len(folds) == 5}


def cross_fitted(folds: Folds) -> dict[int, int]:
    """The divisor of each fold, chosen on the days of the people of the other four."""
    return {fold: best_divisor([day for other, days in folds.items() if other != fold for day in days]) for fold in folds}


def reliability(seeds: dict[int, Folds], divisors: Divisors) -> list[calibration.Tenth]:
    """Rows of the confidence where ticks count as independent, and at the cross-fitted divisors, of all days of all seeds."""
    rows = []
    for name in calibration.KINDS:
        for activities in MEMBERS:
            sure, right = [], []
            for seed, folds in seeds.items():
                for fold, days in folds.items():
                    divisor = divisors[seed][fold] if name == "folds" else SCORE_STEPS
                    for one in days:
                        label, confidence = confident(one.results, divisor, activities)
                        sure.append(confidence)
                        right.append(label == true_classes(one.truth, activities))
            rows += tenths(name, activities, np.concatenate(sure), np.concatenate(right))
    return rows


def confusion(seeds: dict[int, Folds], divisors: Divisors, activities: int) -> np.ndarray:
    """Results [true][predicted] of the days of the first seed."""
    seed, counts = next(iter(seeds)), np.zeros((activities, activities), np.int64)
    for fold, days in seeds[seed].items():
        for one in days:
            label, _ = confident(one.results, divisors[seed][fold], activities)
            np.add.at(counts, (true_classes(one.truth, activities), label), 1)
    return counts


def print_confusion(names: tuple[str, ...], counts: np.ndarray) -> None:
    f1 = 2 * np.diag(counts) / np.maximum(counts.sum(0) + counts.sum(1), 1)
    print("| | " + " | ".join(names) + " | F1 unseen |\n|" + "---|" * (len(names) + 2))
    for name, row, own in zip(names, counts, f1):
        print(f"| {name} | " + " | ".join(map(str, row)) + f" | {own:.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="where stream.py wrote (default %(default)s)")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    parser.add_argument("--file", default="wisdm-stream-w4", help="which shipped file they stand for (default %(default)s)")
    parser.add_argument("--folder", type=Path, default=MODELS / "wisdm-stream", help="where the tables go")
    options = parser.parse_args()
    found = networks(options.work, options.file)
    if not found:
        parser.error(f"{options.work} has no {options.file}-fold0-seed1.snn with those of the other four folds")
    source = Source(options.data, options.download)
    recorded = {fold: recordings(source, people) for fold, people in enumerate(FOLDS)}
    seeds = {seed: {fold: played_days(options.command, path, recorded[fold]) for fold, path in sorted(folds.items())}
             for seed, folds in found.items()}
    for seed, folds in found.items():
        for fold, path in folds.items():
            held_to_integer(path, recorded[fold][0][1], seeds[seed][fold][0].results)
    divisors = {seed: cross_fitted(folds) for seed, folds in seeds.items()}
    rows = [day_rows.played(one, divisors[seed][fold], activities, options.file, seed, fold)
            for activities in MEMBERS for seed, folds in seeds.items() for fold, days in folds.items() for one in days]
    everyone = [one for folds in seeds.values() for days in folds.values() for one in days]
    tenth_rows = reliability(seeds, divisors)
    day_rows.write(options.folder / "days.csv", rows)
    calibration.write(options.folder / "reliability.csv", tenth_rows)
    trade.write(options.folder / "trade.csv", [point for cost in trade.COSTS for point in trade.points(cost, [
        one for folds in found.values() for fold, path in folds.items()
        for one in with_cost(options.command, path, recorded[fold], cost)])])
    for activities in MEMBERS:
        print(activities, day_rows.headline([row for row in rows if row.activities == activities]))
        for name in calibration.KINDS:
            own = [row for row in tenth_rows if (row.calibration, row.activities) == (name, activities)]
            print(f"  expected calibration error, {name}: {calibration_error(own):.4f}")
    print("divisors of folds:", divisors, "of everyone, for evidence.CONFIDENCE_DIVISOR:", best_divisor(everyone))
    for activities, names in ((len(NAMES), NAMES), (len(GROUPED_NAMES), GROUPED_NAMES)):
        print_confusion(names, confusion(seeds, divisors, activities))


if __name__ == "__main__":
    main()
