#!/usr/bin/env python3
"""Scores a model file on both test parts through the runtime itself, and compares it with integer.py.

    python engine.py wisdm-l2mu.snn --runner ../../build/c/label_csv --data DIR_OR_TAR [--integers integer.npz]

`--runner` is c-examples/label_csv.c, built by `make test` or `make build/c/label_csv`.
"""

from __future__ import annotations

import argparse
import subprocess

import numpy as np

import integer
from data import CLASSES, Source, Windows, load_windows, split_windows
from score import figures


def engine_classes(runner: str, model: str, windows: Windows) -> np.ndarray:
    """Class of every window, int64 [N], by the runtime; the model resets itself after each."""
    text = "\n".join(" ".join(map(str, row)) for row in windows.raw.reshape(-1, windows.raw.shape[2]).tolist())
    done = subprocess.run([runner, model], input=text + "\n", capture_output=True, text=True, check=True)
    index = {name: i for i, (_, name) in enumerate(CLASSES)}
    return np.array([index[name] for name in done.stdout.split()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="model file")
    parser.add_argument("--runner", required=True, help="the C example label_csv")
    parser.add_argument("--data", metavar="DIR_OR_TAR", help="as in train.py")
    parser.add_argument("--download", metavar="DIR", default="wisdm-download", help="as in train.py")
    parser.add_argument("--integers", help="integer tensors; the two must give the same class everywhere")
    arguments = parser.parse_args()

    split = split_windows(load_windows(Source(arguments.data, arguments.download)))
    for part, windows in (("random windows", split.random_test), ("unseen subjects", split.unseen)):
        classes = engine_classes(arguments.runner, arguments.model, windows)
        found = figures(windows, classes)
        line = f"{part}: {len(windows)} windows, accuracy {found['accuracy']:.4f}, macro-F1 {found['macro_f1']:.4f}"
        if arguments.integers:
            expected = integer.classify(dict(np.load(arguments.integers)), windows.raw)[0]
            line += f", {int((classes != expected).sum())} windows differ from integer.py"
        print(line)


if __name__ == "__main__":
    main()
