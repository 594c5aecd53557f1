"""The recorded table of a model folder, people.csv: how often each of its networks was right on each person it had never seen.

A row is of one file (the shipped file's name without .snn), one seed of the training and one person, whom the fold's training left
out. `training.folds` writes the table, from what the runtime gave; the figures that lead a card are computed from it and from
nothing else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from training.data import CLASSES, SUBJECTS

MODELS = Path(__file__).resolve().parents[1]
FOLDS = 5


def fold_of(person: int) -> int:
    """The fold that holds `person` out: fold k has the people at positions k, k + 5, … of SUBJECTS."""
    return SUBJECTS.index(person) % FOLDS


@dataclass(frozen=True, order=True)
class Row:
    """What one network gave for one person. `right` is of `windows` of two seconds; `tens_right` of `tens` sums of five
    successive windows of a session; right_crown, right_wrist and right_both are of the same windows with the watch turned by
    half, on the other wrist, and both (data.WATCH_POSITIONS)."""

    file: str
    seed: int
    fold: int
    person: int
    windows: int
    right: int
    tens: int
    tens_right: int
    right_crown: int
    right_wrist: int
    right_both: int

    def __post_init__(self) -> None:
        counts = (self.right, self.right_crown, self.right_wrist, self.right_both)
        if self.person not in SUBJECTS or self.fold != fold_of(self.person):
            raise ValueError(f"{self.file}, seed {self.seed}: person {self.person} is not held out by fold {self.fold}")
        if not all(0 <= count <= self.windows for count in counts) or not 0 <= self.tens_right <= self.tens:
            raise ValueError(f"{self.file}, seed {self.seed}, person {self.person}: more are right than there are")
        if min(self.windows, self.tens) < 1:
            raise ValueError(f"{self.file}, seed {self.seed}, person {self.person}: nothing was given")


COLUMNS = [field.name for field in fields(Row)]


def read(path: Path) -> list[Row]:
    """The rows of a table, sorted. Refuses other columns, and a person whom a file and seed have twice."""
    with path.open(newline="") as lines:
        table = csv.DictReader(lines)
        if table.fieldnames != COLUMNS:
            raise ValueError(f"{path}: the columns are {table.fieldnames}, not {COLUMNS}")
        rows = sorted(Row(row.pop("file"), **{name: int(cell) for name, cell in row.items()}) for row in table)
    for one, other in zip(rows, rows[1:]):
        if astuple(one)[:4] == astuple(other)[:4]:
            raise ValueError(f"{path}: {one.file}, seed {one.seed} has person {one.person} twice")
    return rows


def write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(astuple(row) for row in sorted(rows))


def update(path: Path, rows: list[Row]) -> None:
    """Puts `rows` into the table, which need not exist, in place of what it had of their files, seeds and folds."""
    new = {(row.file, row.seed, row.fold) for row in rows}
    old = read(path) if path.exists() else []
    write(path, [row for row in old if (row.file, row.seed, row.fold) not in new] + rows)


CONFUSION_COLUMNS = ["file", "seed", "fold", "activity", *(name for _, name in CLASSES)]


def update_confusion(path: Path, file: str, seed: int, fold: int, counts: np.ndarray) -> None:
    """Puts one network's windows [true][predicted] into confusion.csv, which need not exist, in place of what it had of that."""
    key = [file, str(seed), str(fold)]
    old = list(csv.reader(path.read_text().splitlines()))[1:] if path.exists() else []
    new = [[*key, name, *map(str, row)] for (_, name), row in zip(CLASSES, counts.tolist())]
    with path.open("w", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(CONFUSION_COLUMNS)
        table.writerows(sorted([row for row in old if row[:3] != key] + new, key=lambda row: row[:3]))


def confusion(path: Path, file: str) -> np.ndarray:
    """Windows [true][predicted] of a file in confusion.csv: of every fold and seed, summed."""
    counts = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
    order = [name for _, name in CLASSES]
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            if row["file"] == file:
                counts[order.index(row["activity"])] += [int(row[name]) for name in order]
    return counts


def folder(name: str) -> Path:
    """The folder of models/ that ships the files of `name`, one of recipe.py."""
    shipped = next(MODELS.glob(f"*/{name}-w*.snn"), None) or next(MODELS.glob(f"*/{name}.snn"), None)
    return shipped.parent if shipped else MODELS / name
