"""docs/python.md: every example runs, one after the other, in the repository's root."""

import importlib.util
import re
from pathlib import Path

import numpy as np

import snnrt

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.S)


def test_every_example_runs(monkeypatch):
    has_plots = importlib.util.find_spec("matplotlib") is not None
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(ROOT)
    examples = [block for block in BLOCKS if "import torch" not in block and (has_plots or "plot." not in block)]
    assert len(examples) == len(BLOCKS) - (1 if has_plots else 2)
    names = {"np": np, "snnrt": snnrt}
    for block in examples:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert not has_plots or (ROOT / "build/raster.png").exists()
