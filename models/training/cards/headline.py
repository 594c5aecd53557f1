"""The figures that lead a card, as Markdown, computed from the folder's people.csv and from nothing else."""

from __future__ import annotations

import numpy as np

from training.data import CLASSES
from training.people import FOLDS, Row
from training.score import Headline, headline

LEADS = "people it has never seen, five folds"  # the first cell of a card's first table, by which pictures.py finds it
BY_FOLD = "mean over the eight people of fold"  # that of its second
COLUMNS = ("mean over the 40 people", "95 % interval", "worst tenth", "worst person", "over ten seconds", "watch worn otherwise",
           "each seed")


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def rule(count: int) -> str:
    """The line below a header of `count` cells."""
    return "|" + "---|" * count


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def points(difference: float) -> str:
    """A difference of shares in points, signed as the cards write it: −.4, +1.2, 0."""
    tenths = round(1000 * difference)
    return f"{'−' if tenths < 0 else '+'}{abs(tenths) / 10:.1f}".replace("0.", ".", abs(tenths) < 10) if tenths else "0"


def span(interval: tuple[float, float]) -> str:
    return f"{100 * interval[0]:.1f} to {percent(min(interval[1], 1))}"


def by_file(rows: list[Row]) -> dict[str, Headline]:
    """The headline of each file of a people.csv, the widest first."""
    files = sorted({row.file for row in rows}, reverse=True)
    return {file: headline([row for row in rows if row.file == file]) for file in files}


def tables(rows: list[Row]) -> str:
    """A card's first two tables: a row for each file, then its means by fold."""
    figures = by_file(rows)
    lines = [row(LEADS, *COLUMNS), rule(len(COLUMNS) + 1)]
    for file, of in figures.items():
        seeds = ", ".join(f"{100 * share:.1f}" for share in of.seeds.values())
        lines.append(row(f"`{file}.snn`", percent(of.mean), span(of.interval), percent(of.worst_tenth),
                         f"{percent(of.worst[1])} ({of.worst[0]})", percent(of.ten_seconds),
                         f"{percent(of.mirrored)} ({points(of.mirrored - of.mean)})", f"{seeds} %"))
    lines += ["", row(BY_FOLD, *range(FOLDS)), rule(FOLDS + 1)]
    lines += [row(f"`{file}.snn`", *map(percent, of.folds)) for file, of in figures.items()]
    return "\n".join(lines) + "\n"


def confusion_table(counts: np.ndarray) -> str:
    """Windows [true][predicted] of all folds and seeds, and the F1 of each activity."""
    names = [name for _, name in CLASSES]
    f1 = 2 * np.diag(counts) / np.maximum(counts.sum(0) + counts.sum(1), 1)
    lines = ["| " + row(*names, "F1"), rule(len(names) + 2)]
    return "\n".join(lines + [row(name, *of, f"{value:.3f}".lstrip("0")) for name, of, value in zip(names, counts.tolist(), f1)]) + "\n"


def in_short(of: Headline) -> str:
    """The headline in a cell of README.md and of models/README.md."""
    return f"{percent(of.mean)} ({span(of.interval)}), worst person {percent(of.worst[1])}"
