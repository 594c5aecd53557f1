"""What compile, verify and infer say of logs and networks that do not belong together."""

import json
from pathlib import Path

import numpy as np
import pytest

from command import run

RECORDED = Path(__file__).resolve().parents[1] / "peers/recorded"
NETWORK = RECORDED / "snntorch-classifier.nir"
WINDOWS = 64


@pytest.fixture
def windows():
    return np.load(RECORDED / "windows.npy")[:WINDOWS].astype(np.float32)


def compiled(folder, *arguments):
    model = folder / "model.snn"
    done = run("compile", NETWORK, "-o", model, "--dialect", "snntorch-export", "--window", "50", "--rate", "20", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return model, json.loads(done.stdout), done.stderr


@pytest.mark.parametrize("bits", [3, 20])
def test_a_count_is_chosen_for_fractions_of_any_size(tmp_path, windows, bits):
    np.save(tmp_path / "x.npy", windows * 2.0**-bits)
    _, report, _ = compiled(tmp_path, "--calibrate", tmp_path / "x.npy")
    assert report["count"] == f"1/{2**bits}"
