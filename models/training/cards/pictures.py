"""Draws what the model cards say: each card's confusion matrix, and accuracy against NS-ACE over all files.

    python -m training.cards.pictures            writes models/*/confusion.svg and models/pareto.svg

The numbers are read from the cards' tables; Tests/command/test_models.py holds the pictures to them.
"""

from __future__ import annotations

import math
import re
from html import escape
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2]
COLOURS = {"wisdm-l2mu": "#7b3294", "wisdm-lmu": "#0571b0", "wisdm-slmu": "#1a9641", "wisdm-delay": "#d7191c",
           "wisdm-graded-s1": "#e6a000", "wisdm-graded-s2": "#8c510a"}
INK, PAPER = "#222222", "#ffffff"

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


def points(card: str) -> list[tuple[str, float, float]]:
    """(file, accuracy on unseen subjects in per cent, measured NS-ACE per result) of every file of a card."""
    found = tables(card)
    accuracy = {row[0].strip("`"): float(row[1].split()[0]) for table in found if table[0][1].startswith("unseen subjects")
                for row in table[1:] if row[0].endswith(".snn`")}
    for header, *rows in found:
        for row in rows:
            if row[0] == "NS-ACE per result, measured":
                cost = dict(zip(header[1:], (float(cell.replace(",", "")) for cell in row[1:])))
                return [(file, share, next(v for width, v in cost.items() if file.endswith(f"{width}.snn")))
                        for file, share in accuracy.items()]
    return []


def svg(width: int, height: int, parts: list[str]) -> str:
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                      f'font-family="sans-serif" font-size="11" fill="{INK}">',
                      f'<rect width="{width}" height="{height}" fill="{PAPER}"/>', *parts, "</svg>", ""])


def text(x: float, y: float, words: object, **attributes: str) -> str:
    extra = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<text x="{x:g}" y="{y:g}"{extra}>{escape(str(words))}</text>'


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


def plot(files: list[tuple[str, float, float]]) -> str:
    """Accuracy on unseen subjects against NS-ACE per result (logarithmic), joined per model."""
    width, height, left, bottom = 620, 380, 56, 330
    low, high = math.floor(math.log10(min(f[2] for f in files))), math.ceil(math.log10(max(f[2] for f in files)))
    worst, best = math.floor(min(f[1] for f in files)) - 1, math.ceil(max(f[1] for f in files))

    def place(share: float, cost: float) -> tuple[float, float]:
        return (left + (math.log10(cost) - low) / (high - low) * (width - left - 30),
                bottom - (share - worst) / (best - worst) * (bottom - 24))

    parts = []
    for decade in range(low, high + 1):
        x = place(worst, 10.0**decade)[0]
        parts += [f'<path d="M{x:.1f} 24V{bottom}" stroke="#dddddd"/>',
                  text(x, bottom + 16, f"1e{decade}", text_anchor="middle")]
    for share in range(worst, best + 1):
        y = place(share, 10.0**low)[1]
        parts += [f'<path d="M{left} {y:.1f}H{width - 30}" stroke="#dddddd"/>',
                  text(left - 6, y + 4, f"{share} %", text_anchor="end")]
    for i, model in enumerate(dict.fromkeys(re.sub(r"(-w\d)?\.snn$", "", file[0]) for file in files)):
        own = sorted(((*place(share, cost), file) for file, share, cost in files if re.match(model + r"[-.]", file)))
        colour = COLOURS.get(model, INK)
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in own)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        for x, y, file in own:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>',
                      text(x, y + (-8, 17)[i % 2], file.removesuffix(".snn").removeprefix("wisdm-"), fill=colour, font_size="10",
                           text_anchor="middle")]
    parts.append(text((left + width) / 2, height - 12, "NS-ACE per result of two seconds, measured on the sample log",
                      text_anchor="middle"))
    parts.append(text(4, 14, "accuracy, unseen subjects (P2, fold 0)"))
    return svg(width, height, parts)


def pictures() -> dict[Path, str]:
    """What each picture has to be."""
    out, files = {}, []
    for path in sorted(MODELS.glob("*/README.md")):
        card = path.read_text()
        found = confusion(card)
        if found:
            out[path.parent / "confusion.svg"] = matrix(*found)
        files += points(card)
    return out | {MODELS / "pareto.svg": plot(files)}


if __name__ == "__main__":
    for path, content in pictures().items():
        path.write_text(content)
        print(path.relative_to(MODELS.parent))
