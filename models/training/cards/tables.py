"""Prints a model card's tables: those that lead it from people.csv and confusion.csv, then P1 from what recipe.py --random wrote,
where it has trained that, and the command's accounts of the shipped files.

    python -m training.cards.tables DIR wisdm-lmu --command .build/release/snnrt
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

from training.cards.headline import confusion_table, percent, row, rule, tables
from training.people import MODELS, confusion, folder, read


def put(*cells: object) -> None:
    print(row(*cells))


def comparison(figures: dict) -> None:
    """What stands below the first tables: P1, of the figures that recipe.py --random wrote."""
    put("to compare: random windows, P1", "accuracy", "macro-F1")
    print(rule(3))
    for width in (key for key in figures if key != "parameters"):
        of = figures[width]
        put(width, percent(of["accuracy"]), f"{of['macro_f1']:.3f}")
    print()


def accounts(command: str, name: str) -> None:
    """What the command says of each shipped file, and how much of the sample log it recognises."""
    sample = MODELS / "wisdm-l2mu/sample.csv"

    def lines(*words: str | Path) -> list[str]:
        return subprocess.run([command, *words], capture_output=True, text=True, check=True).stdout.splitlines()

    keep = ("model ", "arena", "  total", "state block", "  footprint", "  activation sparsity", "  output CRC")
    for file in sorted(folder(name).glob(f"{name}-w*.snn"), reverse=True):
        said = lines("inspect", file) + lines("budget", file, sample, "--quiet")
        print("\n".join(line for line in said if line.startswith(keep)))
        labels = [line.split(",")[4:6] for line in lines("infer", file, sample, "--quiet", "--format", "csv")[1:]]
        print(f"{file.stem}: {sum(a == b for a, b in labels)} of {len(labels)} sample windows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, help="where recipe.py wrote")
    parser.add_argument("name", help="one of recipe.py")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    arguments = parser.parse_args()
    table = folder(arguments.name) / "people.csv"
    print(tables(read(table)) if table.exists() else f"{table} is not there yet: training.folds writes it\n")
    if table.exists():
        print(confusion_table(confusion(table.parent / "confusion.csv", f"{arguments.name}-w4")))
    metrics = arguments.work / f"{arguments.name}-random-seed1.json"
    if metrics.exists():
        comparison(json.loads(metrics.read_text()))
    accounts(arguments.command, arguments.name)


if __name__ == "__main__":
    main()
