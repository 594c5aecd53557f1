"""Prints a model card's tables from what recipe.py wrote and from the command's accounts of the shipped files.

    python -m training.cards.tables DIR wisdm-lmu --command .build/release/snnrt
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np

from training.data import CLASSES

MODELS = Path(__file__).resolve().parents[2]


def row(*cells: object) -> None:
    print("| " + " | ".join(map(str, cells)) + " |")


def percent(value: float, digits: int = 1) -> str:
    return f"{100 * value:.{digits}f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, help="where recipe.py wrote")
    parser.add_argument("name", help="one of recipe.py")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    arguments = parser.parse_args()
    seen, unseen = (json.loads((arguments.work / f"{arguments.name}-{p}-metrics.json").read_text()) for p in ("P1", "P2"))
    bits = [key for key in unseen if key.startswith("w")]
    widths = ("float", *bits)

    row("accuracy (macro-F1)", "random windows, P1", "unseen subjects, P2", "mean over the 8 subjects, 95 % interval")
    row(*["---"] * 4)
    for width in widths:
        s, u = seen[width], unseen[width]
        low, high = u["subjects"]["interval95"]
        row(width, *(f"{percent(m['accuracy'])} ({m['macro_f1']:.3f})" for m in (s, u)),
            f"{percent(u['subjects']['mean'])}, {100 * low:.1f} to {percent(min(high, 1))}")
    print("\nsame class as the twin, as floating point: " + "; ".join(
        f"{w} {percent(seen[w]['as_twin'])}, {percent(seen[w]['as_float'])} (P1), "
        f"{percent(unseen[w]['as_twin'])}, {percent(unseen[w]['as_float'])} (P2)" for w in bits))
    print("twin: " + "; ".join(
        f"{w} {percent(seen[w]['twin'])} (P1), {percent(unseen[w]['twin'])} (P2)" for w in bits) + "\n")
    people = list(unseen["w4"]["subjects"]["accuracy"])
    row("", *people)
    row(*["---"] * (len(people) + 1))
    for width in widths:
        row(width, *(percent(unseen[width]["subjects"]["accuracy"][p]) for p in people))
    print()
    names = [name for _, name in CLASSES]
    row("", *names, "F1 unseen", "F1 random")
    row(*["---"] * (len(names) + 3))
    for i, name in enumerate(names):
        row(name, *unseen["w4"]["confusion"][i], *(f"{m['w4']['f1'][name]:.3f}" for m in (unseen, seen)))
    print()
    sample = str(MODELS / "wisdm-l2mu/sample.csv")

    def lines(*words: str) -> list[str]:
        return subprocess.run([arguments.command, *words], capture_output=True, text=True, check=True).stdout.splitlines()

    keep = ("model ", "arena", "  total", "state block", "  footprint", "  activation sparsity", "  output CRC")
    for width in bits:
        file = str(next(MODELS.glob(f"*/{arguments.name}-{width}.snn")))
        accounts = lines("inspect", file) + lines("budget", file, sample, "--quiet")
        print("\n".join(line for line in accounts if line.startswith(keep)))
        labels = [line.split(",")[4:6] for line in lines("infer", file, sample, "--quiet", "--format", "csv")[1:]]
        print(f"{width}: {sum(a == b for a, b in labels)} of {len(labels)} sample windows")
    others = sorted(arguments.work.glob(f"{arguments.name}-P2-fold?-metrics.json"))
    folds = [unseen] + [json.loads(path.read_text()) for path in others]
    people = [a for fold in folds for a in fold["w4"]["subjects"]["accuracy"].values()]
    print(f"{len(folds)} folds at w4: " + ", ".join(percent(fold["w4"]["accuracy"]) for fold in folds)
          + f"; over {len(people)} people mean {percent(np.mean(people))}, "
          f"standard deviation {100 * np.std(people, ddof=1):.1f}, median {percent(np.median(people))}, "
          f"{sum(a < 0.8 for a in people)} below 80 %")
    print({w: unseen[w]["events"] for w in bits}, {w: unseen[w]["saturated"] for w in bits})


if __name__ == "__main__":
    main()
