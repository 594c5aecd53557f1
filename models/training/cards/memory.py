"""The tables and the picture of docs/log/2026-12-01-memory.md, from models/wisdm-l2mu/memory.csv and from nothing else.

    python -m training.cards.memory      prints the tables, puts them into the page and draws the picture beside it
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from training.cards.headline import percent, points, row, rule
from training.cards.svg import svg, text
from training.memory_rows import Rows, by_person, read, values
from training.people import FOLDS, MODELS
from training.score import interval95

PAGE = MODELS.parent / "docs/log/2026-12-01-memory.md"
PICTURE = PAGE.with_suffix(".svg")
THETAS, ORDER = (8, 16, 32), 6
FOLLOWED = ("as shipped", "single neurons", "pairs", "pairs, twice the size", "4 pairs", "pairs without leak",
            "one remainder, leaking", "one remainder", "3 levels, nothing kept", "3 levels, leaking", "3 levels",
            "3 levels, 2 inner ticks", "3 levels, 4 inner ticks", "4 levels", "8 levels", "8 levels, second order")
READ = ("u itself", "as shipped", "single neurons", "pairs", "3 levels", "8 levels", "8 levels, reach 0", "16 levels, reach 0")
EARNED = ("no memory", "no memory, as many weights", "pairs", "pairs, random matrices", "3 levels", "8 levels", "linear",
          "linear, analog units")
HELD = ("hidden neurons", "units of pairs", "pairs", "pairs, random matrices", "3 levels", "8 levels", "linear",
        "units of linear, analog units", "linear, analog units")
BASE = "no memory"
BASES = (BASE, "no memory, as many weights")
COLOURS = {"u itself": "#888888", "as shipped": "#d7191c", "pairs": "#fdae61", "3 levels": "#92c5de", "8 levels": "#0571b0"}
PANEL, LEFT, TOP, BOTTOM, GAP = 210, 44, 44, 240, 28


def share(value: float) -> str:
    """Of 0 to 1, in hundredths as the cards write them: .07, 1.00; below 0 it is 0."""
    return f"{max(value, 0):.2f}".removeprefix("0")


def orders(rows: Rows, table: str, title: str, variants: tuple[str, ...], written: Callable[[float], str] = share) -> list[str]:
    """A row for each variant, its orders in a cell for each theta."""
    lines = [row(title, *(f"{theta} ticks" for theta in THETAS)), rule(4)]
    return lines + [row(name, *(" ".join(map(written, values(rows, table, name, theta))) for theta in THETAS)) for name in variants]


def ago(rows: Rows) -> list[str]:
    """What populations of the shipped file tell of the movement some ticks ago."""
    ticks = sorted({key for table, _, _, key in rows if table == "input"})
    names = [(f"{name}, layer {layer}", values(rows, "input", name, theta))
             for layer, theta in enumerate(THETAS, 1) for name in ("u", "m", "h")]
    return [row("the shipped file, ticks ago", *ticks), rule(len(ticks) + 1), *(row(name, *map(share, own)) for name, own in names)]


def folds_of(rows: Rows, variant: str) -> tuple[int, ...]:
    return tuple(sorted({group for table, name, group, _ in rows if (table, name) == ("people", variant)}))


def difference(rows: Rows, name: str, base: str) -> str:
    """Of the means over people, on the folds that both have, with the 95 % t interval of the paired differences."""
    folds = tuple(fold for fold in folds_of(rows, name) if fold in folds_of(rows, base))
    if name == base or not folds:
        return ""
    own = by_person(rows, name, folds) - by_person(rows, base, folds)
    low, high = interval95(own)
    return f"{points(own.mean())} ({points(low)} to {points(high)})"


def earned(rows: Rows) -> list[str]:
    """Means over people and the paired differences to the networks without memory."""
    lines = [row("small L2MU", "people", "mean", *(f"less {base}" for base in BASES)), rule(3 + len(BASES))]
    for name in EARNED:
        own = by_person(rows, name, folds_of(rows, name))
        if len(own):
            lines.append(row(name, len(own), percent(own.mean()), *(difference(rows, name, base) for base in BASES)))
    return lines


def by_fold(rows: Rows) -> list[str]:
    names = [name for name in EARNED if len(folds_of(rows, name)) == FOLDS]
    return [row("mean of fold", *range(FOLDS)), rule(FOLDS + 1),
            *(row(name, *(percent(by_person(rows, name, (fold,)).mean()) for fold in range(FOLDS))) for name in names)]


def held(rows: Rows) -> list[str]:
    """The mean over the seeds, and the least and greatest of the mean over the ticks."""
    delays = sorted({key for table, _, _, key in rows if table == "holds"})
    lines = [row("holds of a random signal, ticks ago", *delays, "least and greatest mean"), rule(len(delays) + 2)]
    for name in HELD:
        seeds = sorted({group for table, own, group, _ in rows if (table, own) == ("holds", name)})
        found = np.array([values(rows, "holds", name, seed) for seed in seeds])
        lines.append(row(name, *map(share, found.mean(0)), f"{share(found.mean(1).min())}, {share(found.mean(1).max())}"))
    return lines


def tables(rows: Rows) -> list[str]:
    """Each as Markdown, in the order of the page."""
    noise = orders(rows, "noise", "theory, dB", ("3 levels", "8 levels"), lambda value: f"{round(value)}".replace("-", "−"))
    found = (orders(rows, "follows", "follows", FOLLOWED), noise, orders(rows, "reads", "can be read", READ), ago(rows), held(rows),
             earned(rows), by_fold(rows))
    return ["\n".join(lines) + "\n" for lines in found if len(lines) > 2]


def picture(rows: Rows) -> str:
    """What can be read of each order, one panel for each theta."""
    parts = [text(8, 16, "how much of the linear memory's orders a linear readout finds in the spikes of one unit")]
    for i, theta in enumerate(THETAS):
        left = LEFT + i * (PANEL + GAP)

        def place(order: int, value: float) -> str:
            return f"{left + order / (ORDER - 1) * PANEL:.1f},{BOTTOM - max(value, 0) * (BOTTOM - TOP):.1f}"

        parts.append(text(left, TOP - 8, f"window of {theta} ticks"))
        for tenth in range(0, 11, 2):
            y = BOTTOM - tenth / 10 * (BOTTOM - TOP)
            parts.append(f'<path d="M{left} {y:.1f}h{PANEL}" stroke="#dddddd"/>')
            parts += [text(left - 6, round(y + 4, 1), share(tenth / 10), text_anchor="end")] * (i == 0)
        parts += [text(round(left + order / (ORDER - 1) * PANEL, 1), BOTTOM + 16, order, text_anchor="middle")
                  for order in range(ORDER)]
        for name, colour in COLOURS.items():
            line = " ".join(place(order, value) for order, value in enumerate(values(rows, "reads", name, theta)))
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
    for i, (name, colour) in enumerate(COLOURS.items()):
        parts.append(text(LEFT + 130 * i, BOTTOM + 40, name, fill=colour))
    return svg(LEFT + 3 * PANEL + 2 * GAP + 16, BOTTOM + 52, parts)


def main() -> None:
    rows, page = read(), PAGE.read_text()
    for table in tables(rows):
        print(table)
        header = re.escape(table.splitlines()[0].split(" | ")[0])
        page = re.sub(rf"^{header} \|.*\n(\|.*\n)+", lambda _: table, page, count=1, flags=re.M)
    PAGE.write_text(page)
    PICTURE.write_text(picture(rows))


if __name__ == "__main__":
    main()
