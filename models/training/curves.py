"""Draws what training looked like, from the CSV files that recipe.py writes: loss and accuracy on the training windows by
epoch, one line for each training.

    python -m training.curves build/training/wisdm-lmu*.log.csv -o curves.png
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot


def trainings(path: Path) -> dict[str, list[dict[str, float]]]:
    """The rows of a log by training, numbers as floats. A training that was begun again counts from its latest beginning."""
    found: dict[str, list[dict[str, float]]] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            title = row.pop("training")
            if int(row["epoch"]) == 1:
                found[title] = []
            found[title].append({key: float(value) for key, value in row.items()})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path, nargs="+", metavar="LOG.csv")
    parser.add_argument("-o", "--output", type=Path, default=Path("curves.png"), help="PNG, SVG or PDF (default %(default)s)")
    options = parser.parse_args()
    figure, axes = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for title, rows in (item for path in options.logs for item in trainings(path).items()):
        for axis, quantity in zip(axes, ("loss", "accuracy")):
            axis.plot([row["epoch"] for row in rows], [row[quantity] for row in rows], label=title, linewidth=1)
    for axis, quantity in zip(axes, ("loss", "accuracy on varied training windows")):
        axis.set(xlabel="epoch", title=quantity)
        axis.grid(alpha=0.3)
    axes[1].legend(fontsize="x-small")
    figure.savefig(options.output, dpi=150)
    print(options.output)


if __name__ == "__main__":
    main()
