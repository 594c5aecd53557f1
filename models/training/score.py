"""Figures of a classification: accuracy, macro-F1, confusion, and the spread over subjects."""

from __future__ import annotations

import numpy as np

from training.data import CLASSES, Windows

# Two-sided 95 % quantile of Student's t by degrees of freedom (subjects − 1).
STUDENT_T = {2: 4.303, 3: 3.182, 7: 2.365, 18: 2.101, 31: 2.040, 39: 2.023}


def figures(windows: Windows, classes: np.ndarray, names: tuple[str, ...] = tuple(name for _, name in CLASSES)) -> dict:
    """All figures as plain numbers. `confusion` is [true class][predicted class]; the interval is
    the 95 % t interval of the mean of the subjects' accuracies."""
    count = len(names)
    confusion = np.zeros((count, count), dtype=np.int64)
    np.add.at(confusion, (windows.label, classes), 1)
    hits = np.diag(confusion)
    # F1 = 2·TP / (true + predicted); a class nobody has or predicts counts as 0.
    f1 = 2 * hits / np.maximum(confusion.sum(0) + confusion.sum(1), 1)
    people = np.unique(windows.subject)
    accuracies = np.array([(classes == windows.label)[windows.subject == p].mean() for p in people])
    half = STUDENT_T[len(people) - 1] * accuracies.std(ddof=1) / len(people) ** 0.5
    return {
        "accuracy": float(hits.sum() / len(windows)),
        "macro_f1": float(f1.mean()),
        "f1": {name: float(v) for name, v in zip(names, f1)},
        "confusion": confusion.tolist(),
        "subjects": {
            "accuracy": {str(p): float(a) for p, a in zip(people, accuracies)},
            "mean": float(accuracies.mean()),
            "interval95": [float(accuracies.mean() - half), float(accuracies.mean() + half)],
        },
    }


def pooled_accuracy(windows: Windows, scores: np.ndarray, count: int) -> float:
    """Accuracy of the class of the summed scores [N, classes] of `count` successive windows of one session, sums not
    overlapping. `windows` in the order of load_windows."""
    session = windows.subject * len(CLASSES) + windows.label
    groups = [run[at : at + count] for run in np.split(np.arange(len(windows)), np.flatnonzero(np.diff(session)) + 1)
              for at in range(0, len(run) - count + 1, count)]
    return float(np.mean([scores[group].sum(0).argmax() == windows.label[group[0]] for group in groups]))


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
