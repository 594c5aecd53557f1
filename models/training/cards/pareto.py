"""Draws accuracy on people a file has never seen against NS-ACE: a point for each file, an interval over people, a label."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from training.cards.svg import INK, PAPER, svg, text

COLOURS = {"wisdm-l2mu": "#7b3294", "wisdm-lmu": "#0571b0", "wisdm-slmu": "#1a9641", "wisdm-delay": "#d7191c",
           "wisdm-graded-s1": "#e6a000", "wisdm-graded-s2": "#8c510a"}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 520, 56, 730, 30, 466
RADIUS, LETTER, LINE = 4, 6.2, 11  # of a point; a letter's width and a line's height at font size 10, at most
TURNS, AVOIDING, CROSSING = 24, 12, 30  # directions that a label is tried in; pixels that its faults count as

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Point:
    """A file's accuracy in per cent with its interval, and its measured NS-ACE per result."""

    file: str
    share: float
    low: float
    high: float
    cost: float


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def label_box(x: float, y: float, name: str) -> Box:
    """What a label takes whose middle is at x, y."""
    return x - LETTER * len(name) / 2, y - LINE / 2, x + LETTER * len(name) / 2, y + LINE / 2


def along(start: tuple[float, float], end: tuple[float, float]) -> list[Box]:
    """Small boxes along a line, its ends apart."""
    steps = max(2, round(math.dist(start, end) / 5))
    middles = [(start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps) for i in range(1, steps)]
    return [(x - 2, y - 2, x + 2, y + 2) for x, y in middles]


def lead(point: tuple[float, float], box: Box) -> tuple[float, float]:
    """Where the line from a point to its label ends."""
    return min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])


def place(points: list[tuple[float, float]], names: list[str], avoided: list[Box], frame: Box) -> list[Box]:
    """Each point's label, inside `frame`, so that no label overlaps another one or a point. The point with the most neighbours
    chooses first; each takes the nearest free place, where a box of `avoided` under the label counts as AVOIDING pixels and a
    point or label under the line to it as CROSSING."""
    marks = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in points]
    placed: dict[int, Box] = {}
    for i in sorted(range(len(points)), key=lambda i: -sum(math.dist(points[i], other) < 80 for other in points)):
        taken = [*marks, *placed.values()]
        others = [*marks[:i], *marks[i + 1 :], *placed.values()]
        best, chosen = math.inf, None
        for distance in range(10, 400, 3):
            if distance >= best:
                break
            for turn in range(TURNS):
                angle = 2 * math.pi * turn / TURNS
                # On an ellipse, as a label is broad: beside the point its middle is half its width farther away.
                x = points[i][0] + math.cos(angle) * (distance + LETTER * len(names[i]) / 2 - 2)
                box = label_box(x, points[i][1] + math.sin(angle) * distance, names[i])
                inside = frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
                if not inside or any(overlap(box, other) for other in taken):
                    continue
                line = along(points[i], lead(points[i], box))
                cost = (distance + AVOIDING * sum(overlap(box, other) for other in avoided)
                        + CROSSING * sum(overlap(step, other) for step in line for other in others))
                if cost < best:
                    best, chosen = cost, box
        if chosen is None:
            raise ValueError(f"no place for the label {names[i]}")
        placed[i] = chosen
    return [placed[i] for i in range(len(points))]


def plot(files: list[Point], title: str) -> str:
    """The picture: NS-ACE is logarithmic; the files of a model are joined."""
    first, last = math.log10(min(f.cost for f in files)) - 0.2, math.log10(max(f.cost for f in files)) + 0.2
    worst, best = math.floor(min(f.low for f in files)), math.ceil(max(f.high for f in files))

    def across(cost: float) -> float:
        return LEFT + (math.log10(cost) - first) / (last - first) * (RIGHT - LEFT)

    def down(share: float) -> float:
        return BOTTOM - (share - worst) / (best - worst) * (BOTTOM - TOP)

    parts = []
    for decade in range(math.floor(first), math.ceil(last)):
        for digit in (1, 2, 5):
            x = across(digit * 10.0**decade)
            if LEFT <= x <= RIGHT:
                parts += [f'<path d="M{x:.1f} {TOP}V{BOTTOM}" stroke="#dddddd"/>',
                          text(round(x, 1), BOTTOM + 16, f"{digit}e{decade}", text_anchor="middle")]
    for share in range(worst, best + 1, 1 if best - worst <= 12 else 2):
        y = down(share)
        parts += [f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="#dddddd"/>', text(LEFT - 6, y + 4, f"{share} %", text_anchor="end")]

    at = [(across(f.cost), down(f.share)) for f in files]
    names = [f.file.removesuffix(".snn").removeprefix("wisdm-") for f in files]
    models = [re.sub(r"(-w\d)?\.snn$", "", f.file) for f in files]
    bars = [(x - 2, down(f.high), x + 2, down(f.low)) for (x, _), f in zip(at, files)]
    lines = []
    for model in dict.fromkeys(models):
        own = sorted(point for point, its in zip(at, models) if its == model)
        parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in own)}" fill="none" '
                     f'stroke="{COLOURS.get(model, INK)}" stroke-opacity=".5"/>')
        lines += [step for start, end in zip(own, own[1:]) for step in along(start, end)]
    labels = place(at, names, bars + lines, (LEFT + 2, TOP + 2, RIGHT - 2, BOTTOM - 2))
    for model, (x, y), box, (_, high, _, low) in zip(models, at, labels, bars):
        colour, (end_x, end_y) = COLOURS.get(model, INK), lead((x, y), box)
        parts.append(f'<path d="M{x:.1f} {high:.1f}V{low:.1f}M{x - 3:.1f} {high:.1f}h6M{x - 3:.1f} {low:.1f}h6" stroke="{colour}" '
                     'stroke-opacity=".45"/>')
        if math.dist((end_x, end_y), (x, y)) > 3 * RADIUS:
            parts.append(f'<path d="M{x:.1f} {y:.1f}L{end_x:.1f} {end_y:.1f}" stroke="{colour}" stroke-dasharray="1 2"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="{colour}"/>')
    for name, model, (left, top, right, bottom) in zip(names, models, labels):
        parts.append(text(round((left + right) / 2, 1), round((top + bottom) / 2 + 3.5, 1), name, fill=COLOURS.get(model, INK),
                          font_size="10", text_anchor="middle", stroke=PAPER, stroke_width="3", paint_order="stroke"))
    parts.append(text((LEFT + RIGHT) / 2, HEIGHT - 14, "NS-ACE per result of two seconds, measured on the sample log",
                      text_anchor="middle"))
    parts.append(text(4, 16, title))
    return svg(WIDTH, HEIGHT, parts)
