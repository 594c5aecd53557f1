"""Prints what wisdm-stream's card says of days, from the tables beside it that training.days recorded.

    python -m training.cards.days

Tests/command/test_days.py holds the card to these lines.
"""

from __future__ import annotations

from pathlib import Path

from training import calibration, day_rows
from training.calibration import Tenth, calibration_error
from training.day_rows import Row, headline

FOLDER = Path(__file__).resolve().parents[2] / "wisdm-stream"
COLUMNS = {13: "13 activities", 18: "all 18"}


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def table(*rows: tuple[str, ...]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]


def figures(rows: list[Row]) -> list[str]:
    """The card's first table: the rows' file on days of people it has never seen."""
    found = [headline([row for row in rows if row.activities == activities]) for activities in COLUMNS]

    def line(title: str, cell) -> tuple[str, ...]:
        return (title, *map(cell, found))

    return table(
        (f"`{rows[0].file}.snn`, people it has never seen: five folds", *COLUMNS.values()),
        line("right half seconds, mean over 40 people", lambda h: percent(h.mean)),
        line("95 % interval of it", lambda h: f"{100 * h.interval[0]:.1f} to {percent(h.interval[1])}"),
        line("worst person", lambda h: f"{percent(h.worst[1])} ({h.worst[0]})"),
        line("worst tenth of the people", lambda h: percent(h.worst_tenth)),
        line("false switches per minute", lambda h: f"{h.switches_per_minute:.1f}"),
        line("latency after a change, median (quartiles)", lambda h: "{1:.1f} s ({0:.1f}, {2:.1f})".format(*h.latency)),
        line("changes; never recognised", lambda h: f"{h.changes:,}; {h.never}"),
        line("right by fold", lambda h: ", ".join(f"{100 * share:.1f}" for share in h.folds)),
        line("right by seed", lambda h: ", ".join(f"{100 * share:.1f}" for share in h.seeds.values())))


def confidence(rows: list[Tenth]) -> list[str]:
    """The card's table of how far the confidence is to be believed, at cross-fitted divisors."""
    lines = []
    for activities, title in COLUMNS.items():
        own = {row.tenth: row for row in rows if (row.calibration, row.activities) == ("folds", activities)}
        count = sum(row.results for row in own.values())
        lines += [(f"{title}: share of results", *(percent(own[t].results / count) if t in own else "" for t in range(10))),
                  ("of them right", *(percent(own[t].right / own[t].results) if t in own else "" for t in range(10)))]
    return table(("confidence", *(f".{t} to {'1' if t == 9 else f'.{t + 1}'}" for t in range(10))), *lines)


def errors(rows: list[Tenth]) -> list[str]:
    """The card's table of calibration errors."""
    def cell(name: str, activities: int) -> str:
        return f"{calibration_error([row for row in rows if (row.calibration, row.activities) == (name, activities)]):.3f}"

    return table(("expected calibration error", *COLUMNS.values()),
                 ("as if ticks were independent", *(cell("ticks", activities) for activities in COLUMNS)),
                 ("divisor of people of other folds", *(cell("folds", activities) for activities in COLUMNS)))


def lines(folder: Path = FOLDER) -> list[str]:
    tenths = calibration.read(folder / "reliability.csv")
    return [*figures(day_rows.read(folder / "days.csv")), "", *errors(tenths), "", *confidence(tenths)]


if __name__ == "__main__":
    print("\n".join(lines()))
