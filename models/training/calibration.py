"""Confidence of wisdm-stream: the divisor of its scores, and how far the softmax at that divisor is to be believed.

A divisor is chosen by the likelihood of the 18 activities on people whom the network has not seen, each person's day with the
same weight. What is reported of a person has the divisor of people of other folds.
"""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from training.evidence import Day, probabilities

TENTHS = 10
KINDS = ("ticks", "folds")  # confidence as if ticks were independent of each other; at cross-fitted divisors
THINNED = 4  # one of so many results tells of a divisor: neighbours are alike


def surprise(scored: list[tuple[np.ndarray, np.ndarray]], divisor: float) -> float:
    """Mean over people of the mean negative log likelihood of their true activities, of (results, truth) of each."""
    def of_one(results: np.ndarray, truth: np.ndarray) -> float:
        scaled = (results - results.max(1, keepdims=True)) / divisor
        return float((np.log(np.exp(scaled).sum(1)) - scaled[np.arange(len(truth)), truth]).mean())

    return float(np.mean([of_one(*own) for own in scored]))


def best_divisor(days: list[Day]) -> int:
    """The divisor of least surprise on the days, to 1 %: a search by golden section over its logarithm, where the surprise has
    one minimum."""
    scored = [(day.results[::THINNED], day.truth[::THINNED]) for day in days]
    low, high, golden = np.log(100), np.log(1e5), (5**0.5 - 1) / 2
    inner = [high - golden * (high - low), low + golden * (high - low)]
    values = [surprise(scored, np.exp(x)) for x in inner]
    while high - low > 0.01:
        if values[0] < values[1]:
            high, inner[1], values[1] = inner[1], inner[0], values[0]
            inner[0] = high - golden * (high - low)
            values[0] = surprise(scored, np.exp(inner[0]))
        else:
            low, inner[0], values[0] = inner[0], inner[1], values[1]
            inner[1] = low + golden * (high - low)
            values[1] = surprise(scored, np.exp(inner[1]))
    return round(float(np.exp((low + high) / 2)))


@dataclass(frozen=True)
class Tenth:
    """A row of reliability.csv: the results whose confidence lies in a tenth, at the divisor of a `calibration`, one of
    KINDS. `confidence` is the sum of theirs."""

    calibration: str
    activities: int
    tenth: int  # 0: below .1
    results: int
    right: int
    confidence: float


def tenths(calibration: str, activities: int, sure: np.ndarray, right: np.ndarray) -> list[Tenth]:
    """Rows of all results by confidence [n], in 0 … 1, and whether each was right [n]; a tenth without any has none."""
    place = np.minimum((sure * TENTHS).astype(int), TENTHS - 1)
    return [Tenth(calibration, activities, tenth, int(own.sum()), int(right[own].sum()), round(float(sure[own].sum()), 1))
            for tenth in range(TENTHS) if (own := place == tenth).any()]


def calibration_error(rows: list[Tenth]) -> float:
    """The expected calibration error: over tenths, by their share of the results, the distance of confidence from accuracy."""
    return sum(abs(row.confidence - row.right) for row in rows) / sum(row.results for row in rows)


def confident(results: np.ndarray, divisor: float, activities: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels int64 [n] among the activities, and the confidence [n] of each."""
    probable = probabilities(results, divisor, activities)
    return probable.argmax(1), probable.max(1)


def read(path: Path) -> list[Tenth]:
    with path.open(newline="") as file:
        return [Tenth(row["calibration"], *(int(row[key]) for key in ("activities", "tenth", "results", "right")),
                      float(row["confidence"])) for row in csv.DictReader(file)]


def write(path: Path, rows: list[Tenth]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([field.name for field in fields(Tenth)])
        out.writerows(map(astuple, rows))
