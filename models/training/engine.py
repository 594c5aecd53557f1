"""Windows and streams through the runtime itself, by the command snnrt."""

from __future__ import annotations

import csv
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from training.data import CLASSES


def engine_results(command: str, model: Path, raw: np.ndarray, names=tuple(name for _, name in CLASSES)) -> np.ndarray:
    """Scores int64 [results, classes] by the command snnrt, of raw samples int16 [T, 6] or windows of them [N, T, 6]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.npy"
        np.save(path, raw)
        done = subprocess.run([command, "infer", model, path, "--raw", "--format", "csv"],
                              capture_output=True, text=True, check=True)
    rows = csv.DictReader(done.stdout.splitlines())
    return np.array([[int(row[f"score_{name}"]) for name in names] for row in rows])
