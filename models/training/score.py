"""Figures of a classification: accuracy, macro-F1, confusion, and the spread over subjects; the headline of a people.csv."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.data import CLASSES, SUBJECTS, Windows
from training.people import FOLDS, Row

# Two-sided 95 % quantile of Student's t by degrees of freedom (subjects − 1).
STUDENT_T = {2: 4.303, 3: 3.182, 7: 2.365, 15: 2.131, 18: 2.101, 31: 2.040, 39: 2.023}


def interval95(values: np.ndarray) -> tuple[float, float]:
    """The 95 % t interval of the mean of people's values."""
    middle, half = values.mean(), STUDENT_T[len(values) - 1] * values.std(ddof=1) / len(values) ** 0.5
    return float(middle - half), float(middle + half)


def confusion(label: np.ndarray, classes: np.ndarray, count: int = len(CLASSES)) -> np.ndarray:
    """How many windows of each true class were given each class: int64 [true][given]."""
    counts = np.zeros((count, count), dtype=np.int64)
    np.add.at(counts, (label, classes), 1)
    return counts


def figures(windows: Windows, classes: np.ndarray, names: tuple[str, ...] = tuple(name for _, name in CLASSES)) -> dict:
    """All figures as plain numbers. `confusion` is [true class][predicted class]; the interval is
    the 95 % t interval of the mean of the subjects' accuracies."""
    counts = confusion(windows.label, classes, len(names))
    hits = np.diag(counts)
    # F1 = 2·TP / (true + predicted); a class nobody has or predicts counts as 0.
    f1 = 2 * hits / np.maximum(counts.sum(0) + counts.sum(1), 1)
    people = np.unique(windows.subject)
    accuracies = np.array([(classes == windows.label)[windows.subject == p].mean() for p in people])
    return {
        "accuracy": float(hits.sum() / len(windows)),
        "macro_f1": float(f1.mean()),
        "f1": {name: float(v) for name, v in zip(names, f1)},
        "confusion": counts.tolist(),
        "subjects": {
            "accuracy": {str(p): float(a) for p, a in zip(people, accuracies)},
            "mean": float(accuracies.mean()),
            "interval95": list(interval95(accuracies)),
        },
    }


def ten_seconds(windows: Windows, scores: np.ndarray, count: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Sums of the scores [N, classes] of `count` successive windows of one session, not overlapping: the person of each
    [sums], and whether its class is right [sums]. `windows` in the order of load_windows."""
    session = windows.subject * len(CLASSES) + windows.label
    groups = [run[at : at + count] for run in np.split(np.arange(len(windows)), np.flatnonzero(np.diff(session)) + 1)
              for at in range(0, len(run) - count + 1, count)]
    right = [scores[group].sum(0).argmax() == windows.label[group[0]] for group in groups]
    return windows.subject[[group[0] for group in groups]], np.array(right)


@dataclass(frozen=True)
class Headline:
    """What a file does on people it has never seen, from its rows of people.csv. A share is of windows right, first taken per
    person and seed; every figure but `worst` is a mean of such shares over people and seeds."""

    mean: float
    interval: tuple[float, float]  # 95 % t interval over the people, each with the mean over the seeds
    worst_tenth: float  # mean of the worst tenth of the people of each seed
    worst: tuple[int, float]  # the person of the lowest share with any seed, and that share
    ten_seconds: float  # of sums over ten seconds instead of windows
    mirrored: float  # of the other three positions of the watch
    seeds: dict[int, float]  # the mean over the people, by seed
    folds: list[float]  # the mean over the people of each fold


def headline(rows: list[Row]) -> Headline:
    """Of all rows of one file: every one of the 40 people once per seed, or it is refused."""
    seeds = sorted({row.seed for row in rows})
    order = sorted(rows, key=lambda row: (row.seed, row.person))
    if [(row.seed, row.person) for row in order] != [(seed, person) for seed in seeds for person in SUBJECTS]:
        raise ValueError(f"{rows[0].file}: {len(rows)} rows are not those of {len(SUBJECTS)} people for each of seeds {seeds}")

    def by_person(share: Callable[[Row], float]) -> np.ndarray:
        return np.array([share(row) for row in order]).reshape(len(seeds), len(SUBJECTS))

    right = by_person(lambda row: row.right / row.windows)
    mirrored = by_person(lambda row: (row.right_crown + row.right_wrist + row.right_both) / (3 * row.windows))
    person = right.mean(0)
    worst = int(right.min(0).argmin())
    return Headline(
        mean=float(person.mean()), interval=interval95(person),
        worst_tenth=float(np.sort(right)[:, : len(SUBJECTS) // 10].mean()), worst=(SUBJECTS[worst], float(right[:, worst].min())),
        ten_seconds=float(by_person(lambda row: row.tens_right / row.tens).mean()), mirrored=float(mirrored.mean()),
        seeds={seed: float(share) for seed, share in zip(seeds, right.mean(1))},
        folds=[float(person[fold::FOLDS].mean()) for fold in range(FOLDS)])


def changes(truth: np.ndarray, label: np.ndarray, settle: int) -> tuple[list[float], int]:
    """Of successive results: for each change of the true class, how many results it takes until one is right (inf if none
    is before the next change); and how many labels differ from the one before and are wrong, other than among the first
    `settle` of a class."""
    bounds = [0, *(np.flatnonzero(np.diff(truth)) + 1), len(truth)]
    late, false = [], 0
    for begin, end in zip(bounds, bounds[1:]):
        own, right = label[begin:end], label[begin:end] == truth[begin]
        if begin:
            late.append(int(right.argmax()) + 1 if right.any() else float("inf"))
        false += int(((own[1:] != own[:-1]) & ~right[1:])[max(settle - 1, 0) :].sum())
    return late, false
