"""Runs the networks of all folds through the runtime, on the people each has never seen, and records what it gives: people.csv,
person by person, and confusion.csv, activity by activity.

    python -m training.folds wisdm-lmu --work DIR --command .build/release/snnrt --data DIR_OR_TAR

DIR is where recipe.py wrote NAME-w4-fold0-seed1.snn and the like (without -w4 where NAME has one width), with the integer tensors
of each beside it (.npz). Each file gets every window of its fold's people, with the watch in each of the four positions. Every
score of the first position must be that of integer.py: a file of which one differs is not recorded, and ends the program.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np

from training import data, integer, people
from training.data import WATCH_POSITIONS, Source, Windows, load_windows
from training.engine import engine_results
from training.people import FOLDS, Row
from training.score import confusion, ten_seconds


def networks(work: Path, name: str) -> list[tuple[Path, str, int, int]]:
    """(path, file, fold, seed) of every network of `name` in `work`."""
    pattern = re.compile(rf"({re.escape(name)}(?:-w\d+)?)-fold([0-{FOLDS - 1}])-seed(\d+)\.snn")
    found = [(path, pattern.fullmatch(path.name)) for path in sorted(work.glob(f"{name}-*.snn"))]
    return [(path, match[1], int(match[2]), int(match[3])) for path, match in found if match]


def record(command: str, path: Path, file: str, fold: int, seed: int, windows: Windows) -> tuple[list[Row], np.ndarray]:
    """The rows of one network, of the people of `windows`, who are its fold's, and its windows [true][predicted]. Fails where
    a score is not integer.py's."""
    expected = integer.run(dict(np.load(path.with_suffix(".npz"))), windows.raw)[0]
    scores = {position: engine_results(command, path, windows.raw * np.array(signs, np.int16))
              for position, signs in WATCH_POSITIONS.items()}
    worn = scores["as recorded"]
    differing = int((worn != expected).any(1).sum())
    if differing:
        raise SystemExit(f"{path.name}: {differing} of {len(windows)} windows differ from integer.py")
    right = {position: given.argmax(1) == windows.label for position, given in scores.items()}
    person_of_ten, ten_right = ten_seconds(windows, worn)
    rows = []
    for person in np.unique(windows.subject):
        own = windows.subject == person
        count = {position: int(hits[own].sum()) for position, hits in right.items()}
        rows.append(Row(file, seed, fold, int(person), int(own.sum()), count["as recorded"], int((person_of_ten == person).sum()),
                        int(ten_right[person_of_ten == person].sum()), count["turned"], count["other wrist"], count["both"]))
    return rows, confusion(windows.label, worn.argmax(1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="one of recipe.py")
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="where recipe.py wrote (default %(default)s)")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    parser.add_argument("--table", type=Path, help="where rows go; by default people.csv of the folder that ships NAME's files")
    data.add_options(parser)
    options = parser.parse_args()
    found = networks(options.work, options.name)
    if not found:
        parser.error(f"{options.work} has no {options.name}-w4-fold0-seed1.snn or the like")
    table = options.table or people.folder(options.name) / "people.csv"
    windows = load_windows(Source(options.data, options.download))
    for path, file, fold, seed in found:
        rows, counts = record(options.command, path, file, fold, seed, windows.take(np.isin(windows.subject, data.FOLDS[fold])))
        people.update(table, rows)
        people.update_confusion(table.with_name("confusion.csv"), file, seed, fold, counts)
        print(f"{path.name}: mean over {len(rows)} people {np.mean([row.right / row.windows for row in rows]):.4f}, every score "
              f"that of integer.py", flush=True)


if __name__ == "__main__":
    main()
