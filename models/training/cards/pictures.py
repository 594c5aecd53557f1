"""Draws what the model cards say: each card's confusion matrix, and (pareto.py) accuracy against NS-ACE over all files.

    python -m training.cards.pictures            writes models/*/confusion.svg and models/pareto.svg

The numbers are read from the cards' tables; Tests/command/test_models.py holds the pictures to them.
"""

from __future__ import annotations

import re
from pathlib import Path

from training.cards.headline import LEADS
from training.cards.pareto import Point, plot
from training.cards.svg import INK, PAPER, svg, text

MODELS = Path(__file__).resolve().parents[2]

Table = list[list[str]]


def tables(card: str) -> list[Table]:
    """The Markdown tables of a card as rows of cells, header first, without the line below it."""
    blocks = re.findall(r"(?:^\|.*\n)+", card, re.M)
    rows = [[[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()] for block in blocks]
    return [[table[0], *table[2:]] for table in rows]


def confusion(card: str) -> tuple[list[str], list[list[int]]] | None:
    """Classes and counts [true][predicted] of the card's first confusion table: header and first column agree."""
    for header, *rows in tables(card):
        names = [row[0] for row in rows]
        if len(names) > 2 and header[1 : len(names) + 1] == names:
            return names, [[int(cell) for cell in row[1 : len(names) + 1]] for row in rows]
    return None


def points(card: str, leads: bool) -> list[Point]:
    """Every file of the card's first table, with its measured NS-ACE: the table over five folds, or, where `leads` is False,
    the one of fold 0 alone."""
    found = tables(card)
    chosen = [table for table in found if (table[0][0] == LEADS if leads else table[0][1].startswith("unseen subjects"))]
    cost = next((dict(zip(header[1:], row[1:])) for header, *rows in found for row in rows
                 if row[0] == "NS-ACE per result, measured"), {})
    out = []
    for row in (row for table in chosen for row in table[1:] if row[0].endswith(".snn`")):
        file = row[0].strip("`")
        mean, low, high = (float(number) for number in re.findall(r"[\d.]+", " ".join(row[1:3]))[-3:])
        own = [cell for width, cell in cost.items() if file.endswith(f"{width}.snn")]
        out += [Point(file, mean, low, high, float(cell.replace(",", ""))) for cell in own]
    return out


def matrix(names: list[str], counts: list[list[int]]) -> str:
    """A picture of a confusion matrix: rows true, columns predicted, shaded by the share of the row."""
    cell, left, top = (46 if len(names) < 10 else 30), 76, 66
    size = 9 if len(names) < 10 else 8
    parts = [text(left, 14, "predicted"), text(4, top - 8, "true")]
    for i, (name, row) in enumerate(zip(names, counts)):
        y, x = top + i * cell, left + i * cell
        parts.append(text(left - 6, y + cell / 2 + 4, name, text_anchor="end"))
        parts.append(text(x + cell / 2, top - 6, name, transform=f"rotate(-45 {x + cell / 2:g} {top - 6})"))
        for j, count in enumerate(row):
            share = count / max(sum(row), 1)
            parts.append(f'<rect x="{left + j * cell}" y="{y}" width="{cell - 1}" height="{cell - 1}" '
                         f'fill="{"#08519c" if i == j else "#b30000"}" fill-opacity="{0.04 + 0.9 * share ** 0.5:.2f}"/>')
            if count:
                parts.append(text(left + (j + 0.5) * cell - 0.5, y + cell / 2 + 3, count, text_anchor="middle",
                                  font_size=str(size), fill=PAPER if share > 0.3 else INK))
    side = cell * len(names)
    return svg(left + side + 60, top + side + 6, parts)


def pareto(cards: list[str]) -> str:
    """The plot of all files over five folds; of fold 0 while no card has figures over five."""
    files = [point for card in cards for point in points(card, leads=True)]
    if files:
        return plot(files, f"accuracy on {LEADS}, 95 % interval over the 40")
    return plot([point for card in cards for point in points(card, leads=False)],
                "accuracy on people it has never seen, the eight of fold 0, 95 % interval over them")


def pictures() -> dict[Path, str]:
    """What each picture has to be."""
    cards = {path: path.read_text() for path in sorted(MODELS.glob("*/README.md"))}
    drawn = {path.parent / "confusion.svg": confusion(card) for path, card in cards.items()}
    return {path: matrix(*found) for path, found in drawn.items() if found} | {MODELS / "pareto.svg": pareto(list(cards.values()))}


if __name__ == "__main__":
    for path, content in pictures().items():
        path.write_text(content)
        print(path.relative_to(MODELS.parent))
