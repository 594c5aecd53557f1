"""Rows of days.csv: what networks of wisdm-stream did with the days of people they had never seen, and its headline."""

from __future__ import annotations

import csv
import math
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from training.data import SUBJECTS
from training.evidence import RESULT_SECONDS, Day, probabilities, true_classes
from training.score import changes, interval95

SETTLED_SECONDS = 3  # after a change, from which on a wrong new label is a false switch


@dataclass(frozen=True)
class Row:
    """One person's day by one network, with 18 or 13 activities told apart."""

    file: str  # as shipped, without its ending
    seed: int
    fold: int  # whose network had not seen the person
    person: int
    activities: int
    divisor: int  # of the scores, chosen on people of the other folds
    results: int  # one every half second
    right: int
    false_switches: int
    latencies: tuple[float, ...]  # seconds from each change of activity to the first right result; inf where none is


def quantile(values: list[float], share: float) -> float:
    """The least of the values that a `share` of them does not exceed; values may be infinite."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def played(day: Day, divisor: int, activities: int, file: str, seed: int, fold: int) -> Row:
    """The row of a day."""
    truth = true_classes(day.truth, activities)
    label = probabilities(day.results, divisor, activities).argmax(1)
    late, false = changes(truth, label, settle=round(SETTLED_SECONDS / RESULT_SECONDS))
    return Row(file, seed, fold, day.person, activities, divisor, len(truth), int((label == truth).sum()), false,
               tuple(count * RESULT_SECONDS for count in late))


@dataclass(frozen=True)
class Headline:
    """What a file does on days of people it has never seen. Shares are of a person's results; a person's is the mean over seeds."""

    mean: float
    interval: tuple[float, float]  # 95 % t interval of the mean over the people
    worst: tuple[int, float]  # the person of the lowest share
    worst_tenth: float  # mean of the four lowest shares
    switches_per_minute: float  # false ones, in all days together
    latency: tuple[float, float, float]  # quartiles over all changes, seconds
    changes: int
    never: int  # of them
    seeds: dict[int, float]  # the mean over the people, by seed
    folds: tuple[float, ...]  # the mean over the people of each fold


def headline(rows: list[Row]) -> Headline:
    """Of all rows of one file and number of activities: each of the 40 people once per seed, or they are refused."""
    seeds = sorted({row.seed for row in rows})
    order = sorted(rows, key=lambda row: (row.seed, row.person))
    if [(row.seed, row.person) for row in order] != [(seed, person) for seed in seeds for person in SUBJECTS]:
        raise ValueError(f"{len(rows)} rows are not those of {len(SUBJECTS)} people for each of seeds {seeds}")
    share = np.array([row.right / row.results for row in order]).reshape(len(seeds), -1)
    person = share.mean(0)
    minutes = sum(row.results for row in rows) * RESULT_SECONDS / 60
    late = [seconds for row in rows for seconds in row.latencies]
    return Headline(
        mean=float(person.mean()), interval=interval95(person),
        worst=(SUBJECTS[int(person.argmin())], float(person.min())), worst_tenth=float(np.sort(person)[: len(person) // 10].mean()),
        switches_per_minute=sum(row.false_switches for row in rows) / minutes,
        latency=tuple(quantile(late, q) for q in (0.25, 0.5, 0.75)),
        changes=len(late), never=late.count(float("inf")),
        seeds={seed: float(mean) for seed, mean in zip(seeds, share.mean(1))},
        folds=tuple(float(person[fold::5].mean()) for fold in range(5)))


def read(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return [Row(row["file"], *(int(row[field.name]) for field in fields(Row)[1:-1]),
                    tuple(map(float, row["latencies"].split()))) for row in csv.DictReader(file)]


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([field.name for field in fields(Row)])
        for row in sorted(rows, key=lambda row: (row.file, row.activities, row.seed, row.person)):
            out.writerow((*astuple(row)[:-1], " ".join(f"{seconds:g}" for seconds in row.latencies)))
