"""Draws models/wisdm-stream/trade.svg from trade.csv beside it: what each switch cost gives.

    python -m training.cards.trade

Latency and accuracy stand above the false switches per minute, a panel each. A line joins the costs, with 13 and with 18
activities told apart; the shipped files' is a filled point.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from training import trade
from training.cards.pictures import MODELS, svg, text
from training.evidence import SWITCH_COST
from training.trade import Point

COLOURS = {13: "#0571b0", 18: "#d7191c"}
LABELLED = (30, 60, 100, 200)  # of the points
WIDTH, HEIGHT, PANEL, LEFT, TOP, BOTTOM = 760, 360, 310, 52, 44, 306


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from below `low` to above `high`, six intervals at most."""
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if math.ceil(high / s) - math.floor(low / s) <= 6)
    return [step * i for i in range(math.floor(low / step), math.ceil(high / step) + 1)]


def panel(points: list[Point], left: float, title: str, value: Callable[[Point], float], unit: str) -> list[str]:
    """One panel, `value` of the points above their false switches."""
    across, up = ticks(0, max(p.switches_per_minute for p in points)), ticks(min(map(value, points)), max(map(value, points)))

    def place(x: float, y: float) -> tuple[float, float]:
        return (left + x / across[-1] * PANEL, BOTTOM - (y - up[0]) / (up[-1] - up[0]) * (BOTTOM - TOP))

    parts = [text(left, TOP - 12, title)]
    for x in across:
        at = place(x, up[0])[0]
        parts += [f'<path d="M{at:.1f} {TOP}V{BOTTOM}" stroke="#dddddd"/>',
                  text(round(at, 1), BOTTOM + 16, f"{x:g}", text_anchor="middle")]
    for y in up:
        at = place(0, y)[1]
        parts += [f'<path d="M{left} {at:.1f}H{left + PANEL}" stroke="#dddddd"/>',
                  text(left - 6, round(at + 4, 1), f"{y:g}{unit}", text_anchor="end")]
    parts.append(text(left + PANEL / 2, BOTTOM + 34, "false switches per minute", text_anchor="middle"))
    for activities, colour in COLOURS.items():
        own = [p for p in points if p.activities == activities]
        at = [place(p.switches_per_minute, value(p)) for p in own]
        parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in at)}" fill="none" stroke="{colour}"/>')
        for p, (x, y) in zip(own, at):
            is_shipped = p.cost == SWITCH_COST
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{5 if is_shipped else 3}" stroke="{colour}" '
                         f'fill="{colour if is_shipped else "#ffffff"}"/>')
            if p.cost in LABELLED:
                parts.append(text(round(x + 6, 1), round(y - 6, 1), p.cost, fill=colour, font_size="9"))
    return parts


def picture(points: list[Point]) -> str:
    parts = [text(8, 16, "wisdm-stream, days of 40 people it has never seen, by the cost of a switch, 200 to 30 from the left")]
    for i, (activities, colour) in enumerate(COLOURS.items()):
        parts.append(text(560 + 100 * i, HEIGHT - 6, f"{activities} activities", fill=colour))
    parts.append(text(8, HEIGHT - 6, f"filled: the shipped files, {SWITCH_COST}"))
    second = LEFT + PANEL + 76
    return svg(WIDTH, HEIGHT, parts + panel(points, LEFT, "median latency after a change", lambda p: p.latency, " s")
               + panel(points, second, "right half seconds, mean over people", lambda p: 100 * p.right, " %"))


def main() -> None:
    folder = MODELS / "wisdm-stream"
    (folder / "trade.svg").write_text(picture(trade.read(folder / "trade.csv")))
    print("models/wisdm-stream/trade.svg")


if __name__ == "__main__":
    main()
