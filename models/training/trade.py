"""The trade of wisdm-stream: how the decay of the evidence exchanges latency for steadiness and accuracy.

A row of trade.csv is what the days of all people would be with another decay, by the same networks: the evidence follows from the
entries of the runtime's results. Each decay has the divisor of least surprise, which the 13 activities need for their sums.
"""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from training.calibration import best_divisor
from training.day_rows import played, quantile
from training.evidence import MEMBERS, RESULT_SECONDS, Day

DECAYS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97)


@dataclass(frozen=True)
class Point:
    """The days with one decay and a number of activities told apart."""

    decay: float
    activities: int
    divisor: int
    right: float  # mean over the days of the share of a day's results
    switches_per_minute: float  # false ones
    latency: float  # seconds, median over all changes
    latency_mean: float  # seconds, over the changes whose activity is recognised at all


def point(days: list[Day], decay: float, divisor: int, activities: int) -> Point:
    rows = [played(day, decay, divisor, activities, "", 0, 0) for day in days]
    late = [seconds for row in rows for seconds in row.latencies]
    minutes = sum(row.results for row in rows) * RESULT_SECONDS / 60
    return Point(decay, activities, divisor, round(float(np.mean([row.right / row.results for row in rows])), 5),
                 round(sum(row.false_switches for row in rows) / minutes, 4), quantile(late, 0.5),
                 round(float(np.mean([seconds for seconds in late if np.isfinite(seconds)])), 3))


def swept(days: list[Day]) -> list[Point]:
    """Points of all decays and numbers of activities."""
    divisors = {decay: best_divisor(days, decay) for decay in DECAYS}
    return [point(days, decay, divisors[decay], activities) for activities in MEMBERS for decay in DECAYS]


def read(path: Path) -> list[Point]:
    with path.open(newline="") as file:
        return [Point(**{field.name: (int if field.name in ("activities", "divisor") else float)(row[field.name])
                         for field in fields(Point)}) for row in csv.DictReader(file)]


def write(path: Path, points: list[Point]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([field.name for field in fields(Point)])
        out.writerows(map(astuple, points))
