"""Prints a model card's tables: those that lead it from people.csv, then P1 and fold 0 from what recipe.py wrote, where it has
trained them, and the command's accounts of the shipped files.

    python -m training.cards.tables DIR wisdm-lmu --command .build/release/snnrt
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

from training.cards.headline import percent, row, rule, span, tables
from training.data import CLASSES
from training.people import MODELS, folder, read


def put(*cells: object) -> None:
    print(row(*cells))


def comparison(seen: dict, unseen: dict) -> None:
    """What stands below the first tables: P1 and fold 0, from the metrics.json of each."""
    bits = [key for key in unseen if key.startswith("w")]
    widths = ("float", *bits)

    put("to compare: accuracy (macro-F1)", "unseen subjects, P2", "mean over the 8 subjects, 95 % interval", "random windows, P1")
    print(rule(4))
    for width in widths:
        people = unseen[width]["subjects"]
        random, new = (f"{percent(m['accuracy'])} ({m['macro_f1']:.3f})" for m in (seen[width], unseen[width]))
        put(width, new, f"{percent(people['mean'])}, {span(people['interval95'])}", random)
    print("\nsame class as the twin, as floating point: " + "; ".join(
        f"{w} {percent(seen[w]['as_twin'])}, {percent(seen[w]['as_float'])} (P1), "
        f"{percent(unseen[w]['as_twin'])}, {percent(unseen[w]['as_float'])} (P2)" for w in bits))
    print("twin: " + "; ".join(
        f"{w} {percent(seen[w]['twin'])} (P1), {percent(unseen[w]['twin'])} (P2)" for w in bits) + "\n")
    people = list(unseen["w4"]["subjects"]["accuracy"])
    put("", *people)
    print(rule(len(people) + 1))
    for width in widths:
        put(width, *(percent(unseen[width]["subjects"]["accuracy"][p]) for p in people))
    print()
    names = [name for _, name in CLASSES]
    put("", *names, "F1 unseen", "F1 random")
    print(rule(len(names) + 3))
    for i, name in enumerate(names):
        put(name, *unseen["w4"]["confusion"][i], *(f"{m['w4']['f1'][name]:.3f}" for m in (unseen, seen)))
    print()
    print({w: unseen[w]["events"] for w in bits}, {w: unseen[w]["saturated"] for w in bits})


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
    metrics = [arguments.work / f"{arguments.name}-{protocol}-metrics.json" for protocol in ("P1", "P2")]
    if all(path.exists() for path in metrics):
        comparison(*(json.loads(path.read_text()) for path in metrics))
    accounts(arguments.command, arguments.name)


if __name__ == "__main__":
    main()
