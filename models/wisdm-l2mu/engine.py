#!/usr/bin/env python3
"""Scores a model file on both test parts through the runtime itself, and compares it with integer.py.

    python engine.py wisdm-l2mu.snn --command ../../.build/release/snnrt --data DIR_OR_TAR [--integers integer.npz]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

import integer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from training.data import Source, load_windows, split_windows  # noqa: E402
from training.engine import engine_results  # noqa: E402
from training.score import figures  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="model file")
    parser.add_argument("--command", default="../../.build/release/snnrt", help="default %(default)s")
    parser.add_argument("--data", metavar="DIR_OR_TAR", help="as in train.py")
    parser.add_argument("--download", metavar="DIR", default="wisdm-download", help="as in train.py")
    parser.add_argument("--integers", help="integer tensors; the two must give the same class everywhere")
    arguments = parser.parse_args()

    split = split_windows(load_windows(Source(arguments.data, arguments.download)))
    for part, windows in (("random windows", split.random_test), ("unseen subjects", split.unseen)):
        classes = engine_results(arguments.command, arguments.model, windows.raw).argmax(1)
        found = figures(windows, classes)
        line = f"{part}: {len(windows)} windows, accuracy {found['accuracy']:.4f}, macro-F1 {found['macro_f1']:.4f}"
        if arguments.integers:
            expected = integer.classify(dict(np.load(arguments.integers)), windows.raw)[0]
            line += f", {int((classes != expected).sum())} windows differ from integer.py"
        print(line)


if __name__ == "__main__":
    main()
