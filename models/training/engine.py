"""Runs windows through the runtime itself. As a program: the figures of model files, held to their integer tensors.

    python -m training.engine DIR wisdm-lmu --command .build/release/snnrt --data DIR_OR_TAR

DIR is where recipe.py wrote; every score of every test window must be that of integer.py.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from training import data, integer
from training.data import CLASSES, SUBJECTS, Source, load_windows, split_at_random
from training.score import ten_seconds


def engine_results(command: str, model: Path, raw: np.ndarray, names=tuple(name for _, name in CLASSES)) -> np.ndarray:
    """Scores int64 [results, classes] by the command snnrt, of raw samples int16 [T, 6] or windows of them [N, T, 6]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.npy"
        np.save(path, raw)
        done = subprocess.run([command, "infer", model, path, "--raw", "--format", "csv"],
                              capture_output=True, text=True, check=True)
    rows = csv.DictReader(done.stdout.splitlines())
    return np.array([[int(row[f"score_{name}"]) for name in names] for row in rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, help="where recipe.py wrote")
    parser.add_argument("name", help="one of recipe.py")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    data.add_options(parser)
    arguments = parser.parse_args()

    windows = load_windows(Source(arguments.data, arguments.download))
    tests = {"P1": split_at_random(windows, np.ones(len(windows), bool))[2]}
    for fold in range(5):
        tests[f"P2-fold{fold}" if fold else "P2"] = windows.take(np.isin(windows.subject, SUBJECTS[fold::5]))
    for protocol, test in tests.items():
        for path in sorted(arguments.work.glob(f"{arguments.name}-w*-{protocol}.snn")):
            scores = engine_results(arguments.command, path, test.raw)
            expected = integer.run(dict(np.load(path.with_suffix(".npz"))), test.raw)[0]
            print(f"{path.name}: {len(test)} windows, accuracy {(scores.argmax(1) == test.label).mean():.4f}, "
                  f"{int((scores != expected).any(1).sum())} windows differ from integer.py"
                  + (f", over 10 s {ten_seconds(test, scores)[1].mean():.4f}" if protocol != "P1" else ""))


if __name__ == "__main__":
    main()
