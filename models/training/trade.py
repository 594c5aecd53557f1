"""The trade of wisdm-stream: how the switch cost exchanges latency for steadiness and accuracy.

A row of trade.csv is what the runtime says of all people's days by the same networks with another switch cost. Each cost has the
divisor of least surprise, which the 13 activities need for their sums.
"""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from training.calibration import best_divisor
from training.day_rows import played, quantile
from training.evidence import MEMBERS, RESULT_SECONDS, Day

COSTS = (30, 45, 60, 80, 100, 130, 160, 200)  # units of a score; the mean goes with each (evidence.py)


@dataclass(frozen=True)
class Point:
    """The days with one cost and a number of activities told apart."""

    cost: int
    activities: int
    divisor: int
    right: float  # mean over the days of the share of a day's results
    switches_per_minute: float  # false ones
    latency: float  # seconds, median over all changes
    latency_mean: float  # seconds, over the changes whose activity is recognised at all


def point(cost: int, days: list[Day], divisor: int, activities: int) -> Point:
    rows = [played(day, divisor, activities, "", 0, 0) for day in days]
    late = [seconds for row in rows for seconds in row.latencies]
    minutes = sum(row.results for row in rows) * RESULT_SECONDS / 60
    return Point(cost, activities, divisor, round(float(np.mean([row.right / row.results for row in rows])), 5),
                 round(sum(row.false_switches for row in rows) / minutes, 4), quantile(late, 0.5),
                 round(float(np.mean([seconds for seconds in late if np.isfinite(seconds)])), 3))


def points(cost: int, days: list[Day]) -> list[Point]:
    """The points of a cost."""
    divisor = best_divisor(days)
    return [point(cost, days, divisor, activities) for activities in MEMBERS]


def read(path: Path) -> list[Point]:
    with path.open(newline="") as file:
        return [Point(**{field.name: (int if field.name in ("cost", "activities", "divisor") else float)(row[field.name])
                         for field in fields(Point)}) for row in csv.DictReader(file)]


def write(path: Path, points: list[Point]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([field.name for field in fields(Point)])
        out.writerows(map(astuple, points))
